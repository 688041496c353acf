"""
Broadcasts from the terminal: the running bot sends them.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from jinja2 import TemplateError

from bot.app.blogging import access_of
from bot.content import markup
from bot.content.check import load_pack
from bot.content.pack import Pack
from bot.content.render import Renderer
from bot.model import Audience, Broadcast, BroadcastState, Form, Letter, RecipientState
from bot.settings import Settings
from bot.storage.broadcasts import Broadcasts
from bot.storage.coaches import Coaches

_RUNS = (BroadcastState.SCHEDULED, BroadcastState.RUNNING)
_MOVES = {
    "pause": (BroadcastState.PAUSED, _RUNS),
    "resume": (BroadcastState.SCHEDULED, (BroadcastState.PAUSED,)),
    "cancel": (BroadcastState.CANCELLED, (*_RUNS, BroadcastState.PAUSED)),
}
_LATEST = 50


class BroadcastError(ValueError):
    """
    It cannot be sent or changed. The message says why.
    """


@dataclass(frozen=True, slots=True)
class Results:
    """
    How far a broadcast has come.

    Parameters:
        broadcast: Which.
        figures: How many recipients are in each state.
        reactions: How often people reacted to it, by emoji, most frequent first.
    """

    broadcast: Broadcast
    figures: Mapping[RecipientState, int]
    reactions: Mapping[str, int]


class Terminal:
    """
    What the terminal may do with broadcasts.

    Parameters:
        broadcasts: Where they stand.
        coaches: The keys of the coaches, for a test.
        read_pack: Reads the pack, which only a new broadcast needs; the others can be stopped whatever its faults.
    """

    def __init__(self, broadcasts: Broadcasts, coaches: tuple[str, ...], read_pack: Callable[[], Pack]) -> None:
        self._broadcasts, self._coaches, self._read_pack = broadcasts, coaches, read_pack

    async def create(self, texts: Mapping[str, str], audience: Audience, hours: int = 0) -> tuple[Broadcast, int]:
        """
        Keep a draft of a text; returns it with how many people it would go to.

        Parameters:
            texts: Telegram HTML with template variables, by language; under an empty string for the pack's first one.
            audience: To whom.
            hours: Over how many hours it is spread.

        Raises:
            BroadcastError: A text is broken or too long, or the language or theme does not exist.
            PackError: The pack has faults.
        """
        pack = self._read_pack()
        letters = {language or pack.default_language: _letter(text) for language, text in texts.items()}
        for language, letter in letters.items():
            _check(pack, language, letter)
        if audience.language and audience.language not in pack.languages:
            raise BroadcastError(f"the pack does not speak {audience.language}")
        themes = {theme.id: tuple(theme.intents) for theme in pack.manifest.themes}
        if audience.theme and audience.theme not in themes:
            raise BroadcastError(f"there is no theme {audience.theme}; pack.yaml has {', '.join(themes)}")
        chosen = replace(audience, intents=themes.get(audience.theme, ()))
        draft = await self._broadcasts.begin(letters, "terminal")
        made = replace(draft, audience=chosen, hours=hours)
        await self._broadcasts.change(made)
        return made, await self._broadcasts.count(chosen, self._coaches)

    async def confirm(self, broadcast: Broadcast) -> int:
        """
        Fix to whom a draft goes, and let it begin; returns how many they are.
        """
        return await self._broadcasts.freeze(broadcast, self._coaches)

    async def move(self, number: int, how: str) -> Results:
        """
        Pause, resume or cancel a broadcast.

        Raises:
            BroadcastError: There is none of that number, or it is in no state for that.
        """
        state, before = _MOVES[how]
        if not await self._broadcasts.move(number, state, *before):
            results = await self.results(number)
            raise BroadcastError(f"broadcast {number} is {results.broadcast.state.name.lower()}")
        return await self.results(number)

    async def results(self, number: int) -> Results:
        """
        How far a broadcast has come.

        Raises:
            BroadcastError: There is none of that number.
        """
        broadcast = await self._broadcasts.get(number)
        if broadcast is None:
            raise BroadcastError(f"there is no broadcast {number}; python -m bot broadcast list shows them")
        return await self._results_of(broadcast)

    async def latest(self) -> list[Results]:
        """
        The latest ones, newest first.
        """
        return [await self._results_of(one) for one in await self._broadcasts.latest(_LATEST)]

    async def _results_of(self, broadcast: Broadcast) -> Results:
        figures = await self._broadcasts.figures(broadcast.id)
        return Results(broadcast, figures, await self._broadcasts.reactions(broadcast.id))


@asynccontextmanager
async def broadcasting(settings: Settings) -> AsyncIterator[Terminal]:
    """
    The terminal's way to broadcasts, with the database open for a while.

    Raises:
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
    """
    async with access_of(settings).database() as database:
        settled = [f"telegram:{int(one)}" for one in settings.coaches.split(",") if one.strip()]
        owner = [f"telegram:{settings.owner}"] if settings.owner else []
        invited = [*await Coaches(database).everyone()]
        yield Terminal(Broadcasts(database), (*owner, *settled, *invited), partial(load_pack, settings.pack))


def _letter(text: str) -> Letter:
    return Letter("sendMessage", {"link_preview_options": {"is_disabled": True}}, "text", text.strip())


def _check(pack: Pack, language: str, letter: Letter) -> None:
    if language not in pack.languages:
        raise BroadcastError(f"the pack does not speak {language}")
    try:
        shown = Renderer(pack).letter(letter.words, Form.VOUS, "Camille")
        length = markup.length(markup.plain(shown))
    except (TemplateError, markup.MarkupError) as error:
        raise BroadcastError(f"the text cannot be shown: {str(error).splitlines()[0]}") from None
    if not 0 < length <= markup.MESSAGE_LENGTH:
        raise BroadcastError(f"a text has 1 to {markup.MESSAGE_LENGTH} characters")
