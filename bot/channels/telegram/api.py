"""
The Bot API as plain values: calls by name, and updates one by one, so that none can block the others.
"""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from telegram import Bot, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.channels.telegram.request import AiohttpRequest

UNREADABLE = "unreadable"
"""
The key that marks an update whose JSON is broken; its value is the text as it came.
"""

_MEDIA = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}
_START = re.compile(r'\{\s*"update_id"\s*:\s*(\d{1,18})\b')
_RESULT = re.compile(r'"result"\s*:\s*\[')


class Api(Bot):
    """
    The library's bot, which also takes calls by name.
    """

    async def call(self, method: str, parameters: Mapping[str, Any], read_timeout: float | None = None) -> Any:
        """
        Make a call.

        Parameters:
            method: Its name, as the Bot API has it.
            parameters: JSON values and files.
            read_timeout: Seconds to wait for the answer; as the transport has it if None.

        Raises:
            telegram.error.TelegramError: It failed.
        """
        patience = BaseRequest.DEFAULT_NONE if read_timeout is None else read_timeout
        given = dict(parameters)
        if isinstance(album := given.get("media"), list):
            # The library changes the parts of an album, and can do so with its own kind only.
            given["media"] = [_part(part) for part in album]
        return await self._post(method, api_kwargs=given, read_timeout=patience)


class UpdatesRequest(AiohttpRequest):
    """
    The transport for `getUpdates`: broken updates come through as what can be told of them.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """
        Read an answer of the server.

        Raises:
            TelegramError: Not even the outline of an answer can be made out.
        """
        text = payload.decode(errors="replace")
        try:
            return dict(json.loads(text))
        except (ValueError, RecursionError, TypeError):
            opening = _RESULT.search(text)
            if opening is None:
                raise TelegramError("Invalid server response") from None
            return {"ok": True, "result": read_updates(text[opening.end() :])}


def _part(part: Mapping[str, Any]) -> Any:
    """
    One part of an album as the library has it.
    """
    return _MEDIA[part["type"]](**{name: value for name, value in part.items() if name != "type"})


def read_updates(text: str) -> list[dict[str, Any]]:
    """
    The updates in a text, one by one; each that is no JSON becomes its number and `UNREADABLE`.
    """
    starts = [match.start() for match in _START.finditer(text)]
    updates: list[dict[str, Any]] = []
    end = 0
    for start, following in pairwise([*starts, len(text)]):
        if start < end:
            # It lies inside an update that was read already.
            continue
        try:
            update, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            number = _START.match(text, start)
            update, end = {"update_id": int(number[1]) if number else 0, UNREADABLE: text[start:following]}, following
        updates.append(update)
    return updates
