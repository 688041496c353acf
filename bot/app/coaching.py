"""
What coaches teach at the desk, put to the teacher.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.app.building import App
from bot.app.lessons import extractor_of
from bot.app.teaching import Lesson, Question, Teacher
from bot.content.drafts import FaqDraft
from bot.content.overlay import Change, ChangeKind, Overlay
from bot.understanding.likeness import group

if TYPE_CHECKING:
    from bot.channels.telegram.desk import order

_WHAT = {ChangeKind.EXAMPLES: "+{count} → {id}", ChangeKind.FAQ: "FAQ {id}"}


class Coaching:
    """
    Changes what a bot knows, as its desk wants it (`desk.order.Teaching`).

    Parameters:
        app: The bot.
    """

    def __init__(self, app: App) -> None:
        self._app, self._teacher = app, Teacher(app)

    async def groups(self, texts: Sequence[tuple[str, str]]) -> list[tuple[int, ...]]:
        """
        Which of some texts, each with its language, mean alike; the largest groups first.
        """
        return await asyncio.to_thread(self._groups, texts)

    async def add_examples(self, language: str, intent: str, texts: Sequence[str]) -> "order.Lesson":
        """
        Teach that some texts mean an intent.
        """
        questions = [Question(text, language) for text in texts]
        return _told(
            await self._teacher.teach(lambda overlay: overlay.add_examples(language, intent, texts), questions)
        )

    async def add_faq(self, draft: "order.FaqDraft") -> "order.Lesson":
        """
        Teach a FAQ entry.
        """
        questions = [Question(text, draft.language) for text in (draft.question, *draft.also)]
        return _told(await self._teacher.teach(self._adding(draft), questions))

    async def undo(self) -> "order.Lesson | None":
        """
        Take back the last change; None if there is none.
        """
        lesson = await self._teacher.undo()
        return None if lesson is None else _told(lesson)

    def _adding(self, draft: "order.FaqDraft") -> Callable[[Overlay], Change]:
        pack = self._app.router.pack
        intents = (draft.intent,) if draft.intent else ()
        kept = FaqDraft(draft.question, draft.also, self._category(draft), intents, draft.answer)
        return lambda overlay: overlay.add_faq(draft.language, overlay.new_entry_id(draft.question, pack), kept)

    def _category(self, draft: "order.FaqDraft") -> str:
        """
        The category most entries of the same intent are in; else that of the closest entry; else the first one.
        """
        router = self._app.router
        faq = router.pack.languages[draft.language].faq
        same = Counter(entry.header.category for entry in faq.values() if draft.intent in entry.header.intents)
        if same:
            return same.most_common(1)[0][0]
        close = router.reader.read(draft.question, draft.language).faq
        if close and close[0].entry in faq:
            return faq[close[0].entry].header.category
        return next(iter(router.pack.manifest.faq_categories), "")

    def _groups(self, texts: Sequence[tuple[str, str]]) -> list[tuple[int, ...]]:
        extractor = extractor_of(self._app.router.pack)
        places: dict[str, list[int]] = defaultdict(list)
        for place, (_, language) in enumerate(texts):
            places[language].append(place)
        found = [
            tuple(some[one] for one in members)
            for language, some in places.items()
            for members in group([texts[place][0] for place in some], language, extractor)
        ]
        return sorted(found, key=lambda members: (-len(members), members))


def _told(lesson: Lesson) -> "order.Lesson":
    """
    A lesson as the desk tells of it.
    """
    # The library takes half a second to import, which the other commands need not spend.
    from bot.channels.telegram.desk import order  # noqa: PLC0415

    change = lesson.change
    what = _WHAT[change.kind].format(count=change.count, id=change.id) if change else ""
    return order.Lesson(what, lesson.understood, lesson.asked, lesson.problem)
