"""
Teaching the running bot: a change to the overlay is checked, learned and tried out, and takes effect without a restart;
or it is taken back.
"""

import asyncio
import gc
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from bot.app.building import App
from bot.app.lessons import concepts_of, extractor_of, known_weights, learn_apart
from bot.content.check import load_pack
from bot.content.lesson import Change, ChangeKind, Lesson
from bot.content.overlay import Overlay, OverlayError
from bot.content.pack import OUT_OF_SCOPE, Pack
from bot.content.problems import PackError
from bot.content.render import Renderer
from bot.content.rules import SAFETY_INTENT
from bot.conversation.handlers.entries import MOST_OFFERED
from bot.understanding.reader import Reader, Reading
from bot.understanding.verdict import Outcome

_log = structlog.get_logger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Question:
    """
    Something people asked, and the language they are known to use.
    """

    text: str
    language: str


class _LessonError(Exception):
    """
    A change cannot take effect; the message says why, in one line.
    """


class Teacher:
    """
    Teaches a running bot, one thing at a time.

    Parameters:
        app: The bot.
    """

    def __init__(self, app: App) -> None:
        self._settings = app.settings
        self._router = app.router
        self._catalogue = app.catalogue
        self._lock = asyncio.Lock()

    @property
    def overlay(self) -> Overlay:
        """
        Where what is taught is kept.
        """
        return Overlay(self._settings.overlay, self._router.pack.manifest.blog.name)

    async def teach(self, change: Callable[[Overlay], Change], questions: Sequence[Question]) -> Lesson:
        """
        Change the overlay and let the bot answer accordingly. It takes half a minute where there is something to learn.

        Parameters:
            change: Makes one change to the overlay it is given.
            questions: What should be understood then.
        """
        async with self._lock:
            overlay, asked = self.overlay, len(questions)
            try:
                earlier = len(overlay.changes())
                made = await _to_the_end(asyncio.to_thread(change, overlay))
            except (OverlayError, OSError) as error:
                return Lesson(None, 0, asked, str(error))
            except asyncio.CancelledError:
                _undo_to(overlay, earlier)
                raise
            try:
                await self._renew(made)
            except _LessonError as error:
                _undo_to(overlay, earlier)
                return Lesson(None, 0, asked, str(error))
            except BaseException:
                _undo_to(overlay, earlier)
                raise
            return Lesson(made, await asyncio.to_thread(self._understood, made, questions), asked)

    async def undo(self) -> Lesson | None:
        """
        Take the last change back and let the bot answer accordingly.

        Returns:
            What was taken back, or None if there was nothing; with a problem, it takes effect at the next start only.
        """
        async with self._lock:
            try:
                undone = await asyncio.to_thread(self.overlay.undo)
            except (OverlayError, OSError) as error:
                return Lesson(None, 0, 0, str(error))
            if undone is None:
                return None
            try:
                await self._renew()
            except _LessonError as error:
                return Lesson(undone, 0, 0, str(error))
            return Lesson(undone, 0, 0)

    async def _renew(self, change: Change | None = None) -> None:
        """
        Let the bot answer from what is in the files now.

        Parameters:
            change: What must be in effect then.

        Raises:
            _LessonError: It cannot be used.
        """
        pack = await asyncio.to_thread(self._load, change)
        settings = self._settings
        weights = await asyncio.to_thread(known_weights, pack, settings.cache)
        if weights is None:
            await learn_apart(settings.pack, settings.overlay, settings.cache)
            weights = await asyncio.to_thread(known_weights, pack, settings.cache)
        if weights is None:
            raise _LessonError(f"learning failed, or {settings.cache} cannot be written")
        reader = await asyncio.to_thread(Reader, pack, weights, extractor_of(pack), self._catalogue)
        self._router.renew(pack, Renderer(pack), reader)
        if gc.get_freeze_count():
            # What was frozen at the start is garbage in part now, and what took its place stays: once, a short pause.
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def _load(self, change: Change | None) -> Pack:
        try:
            pack = load_pack(self._settings.pack, self._settings.overlay)
        except PackError as error:
            raise _LessonError(error.problems[0].text) from error
        running = self._router.pack
        if change is not None:
            if news := [problem for problem in pack.left_out if problem not in running.left_out]:
                raise _LessonError(news[0].text)
            content = pack.languages.get(change.language)
            if content is None or change.id not in getattr(content, change.kind):
                raise _LessonError(f"{change.language}/{change.kind}/{change.id} does not fit the pack")
        if (pack.manifest, concepts_of(pack)) != (running.manifest, concepts_of(running)):
            raise _LessonError("pack.yaml or concepts.yaml was changed since the bot started: start it again first")
        return pack

    def _understood(self, change: Change, questions: Sequence[Question]) -> int:
        """
        How many questions now get what they were taught to get, at once or as something to choose.
        """
        readings = [self._router.reader.read(question.text, question.language) for question in questions]
        if change.kind is ChangeKind.EXAMPLES:
            return sum(_finds_intent(reading, change) for reading in readings)
        intents = self._router.pack.languages[change.language].faq[change.id].header.intents
        return sum(_finds_entry(reading, change, intents) for reading in readings)


async def _to_the_end(work: Coroutine[Any, Any, _Result]) -> _Result:
    """
    What comes of some work; it is waited for even by whoever is cancelled meanwhile, for a thread goes on anyway.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def _undo_to(overlay: Overlay, count: int) -> None:
    """
    Take back what was taught since there were this many changes.
    """
    try:
        while len(overlay.changes()) > count:
            overlay.undo()
    except (OverlayError, OSError) as error:
        _log.error("lesson_not_taken_back", reason=str(error))


def _finds_entry(reading: Reading, change: Change, intents: Collection[str]) -> bool:
    verdict = reading.verdict
    if reading.danger or reading.language != change.language:
        return False
    if reading.faq_answer is not None:
        return reading.faq_answer == change.id
    if verdict.outcome is Outcome.SURE:
        # An advice has a button that leads to the closest entry of its intent.
        return reading.faq_near[:1] == (change.id,) and verdict.intent in intents
    return verdict.outcome is Outcome.LOST and change.id in reading.faq_near[:MOST_OFFERED]


def _finds_intent(reading: Reading, change: Change) -> bool:
    outcome = reading.verdict.outcome
    if change.id == SAFETY_INTENT or reading.danger:
        return reading.danger and change.id == SAFETY_INTENT
    if change.id == OUT_OF_SCOPE:
        return outcome is not Outcome.SURE and reading.faq_answer is None
    if outcome is Outcome.HESITATING and reading.faq_answer is None:
        return change.id in reading.verdict.choices
    return outcome is Outcome.SURE and reading.verdict.intent == change.id
