"""
What coaches teach at the desk, put to the teacher.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.app.building import App
from bot.app.lessons import extractor_of
from bot.app.teaching import Question, Teacher
from bot.content.drafts import FaqDraft
from bot.content.lesson import Lesson
from bot.understanding.likeness import group


class Coaching:
    """
    Changes what a bot knows, as its desk wants it (`desk.office.Teaching`).

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

    async def add_examples(self, language: str, intent: str, texts: Sequence[str]) -> Lesson:
        """
        Teach that some texts mean an intent.
        """
        questions = [Question(text, language) for text in texts]
        return await self._teacher.teach(lambda overlay: overlay.add_examples(language, intent, texts), questions)

    async def add_faq(self, language: str, draft: FaqDraft) -> Lesson:
        """
        Teach a FAQ entry; where it has no category, one is chosen.
        """
        questions = [Question(text, language) for text in (draft.question, *draft.also)]
        pack = self._app.router.pack
        kept = replace(draft, category=draft.category or self._category(language, draft))
        return await self._teacher.teach(
            lambda overlay: overlay.add_faq(language, overlay.new_entry_id(draft.question, pack), kept), questions
        )

    async def undo(self) -> Lesson | None:
        """
        Take back the last change; None if there is none.
        """
        return await self._teacher.undo()

    def _category(self, language: str, draft: FaqDraft) -> str:
        """
        The category most entries of the same intents are in; else that of the closest entry; else the first one.
        """
        router = self._app.router
        faq = router.pack.languages[language].faq
        same = Counter(entry.header.category for entry in faq.values() if {*draft.intents} & {*entry.header.intents})
        if same:
            return same.most_common(1)[0][0]
        close = router.reader.read(draft.question, language).faq
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
