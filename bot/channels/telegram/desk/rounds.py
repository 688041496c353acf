"""
What has to be looked after at the desk while nobody writes: reminders, silence, and the coach's return.
"""

import asyncio

import structlog

from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.courier import Courier
from bot.channels.telegram.desk.desk_orders import waiting_list
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.people_orders import closing
from bot.content.phrases import Phrase
from bot.storage.engine import StorageError

_LOOK_SECONDS = 15.0
_HOUR_SECONDS = 3600

_log = structlog.get_logger(__name__)


class Rounds:
    """
    Goes round again and again.

    Parameters:
        office: The parts of the desk.
        courier: Carries what comes of it.
    """

    def __init__(self, office: Office, courier: Courier) -> None:
        self._office, self._courier = office, courier
        self._was_away: bool | None = None

    async def run(self) -> None:
        """
        Go round until cancelled.
        """
        while True:
            try:
                await self.go()
            except StorageError as error:
                _log.error("desk_rounds_delayed", reason=str(error))
            await asyncio.sleep(_LOOK_SECONDS)

    async def go(self) -> None:
        """
        Go round once.

        Raises:
            StorageError: The database does not answer.
        """
        if self._office.desk.is_open:
            await self._return()
            await self._remind()
            await self._end_the_silent()
        await self._courier.wake()

    async def _remind(self) -> None:
        for thread in await self._office.threads.to_remind():
            told = messages.noted(self._office.desk.say(Phrase.DESK_REMINDER))
            await self._office.threads.keep(self._office.takeovers.changing(thread, (told,), remind=None))

    async def _end_the_silent(self) -> None:
        """
        Let the bot answer again where the coach has not written for long.
        """
        seconds = self._office.desk.rules.silence_hours * _HOUR_SECONDS
        for thread in await self._office.threads.silent(seconds):
            told = messages.noted(self._office.desk.say(Phrase.DESK_SILENT), silent=True)
            said = closing(self._office, thread, Phrase.ENDED_BY_SILENCE)
            await self._office.threads.keep(self._office.takeovers.ending(thread.id, (told, *said)))

    async def _return(self) -> None:
        """
        When the coach is back, say who waits.
        """
        desk = self._office.desk
        if self._was_away is None:
            # It may have ended while the bot was off.
            self._was_away = desk.place.away
        if desk.place.away and desk.place.back and desk.now.date().isoformat() >= desk.place.back:
            await desk.change(away=False, back="")
        is_away = desk.is_away
        if self._was_away and not is_away:
            waiting = await waiting_list(self._office)
            if waiting:
                told = messages.said(f"{desk.say(Phrase.DESK_BACK)}\n\n{waiting}")
                await self._office.threads.keep(self._office.takeovers.saying((told,)))
        self._was_away = is_away
