"""
The objects that describe media and locations, for messages of the bot and of people alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.telegram_server.files import StoredFile
from tests.telegram_server.model import Json

# The fields of each kind with the value that is used when the sender gives none.
_DETAILS: dict[str, Json] = {
    "photo": {"width": 1280, "height": 960},
    "voice": {"duration": 4, "mime_type": "audio/ogg"},
    "sticker": {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
        "set_name": "AnimatedEmojies",
    },
    "video": {"width": 1280, "height": 720, "duration": 10, "mime_type": "video/mp4"},
    "animation": {"width": 320, "height": 240, "duration": 3, "mime_type": "video/mp4"},
    "audio": {"duration": 180, "performer": "", "title": "", "mime_type": "audio/mpeg"},
    "video_note": {"length": 240, "duration": 5},
    "document": {},
}
MEDIA_KINDS = tuple(_DETAILS)


def media_content(kind: str, stored: StoredFile, details: Mapping[str, Any]) -> Json:
    """The media part of a message: the object of its kind under its name."""
    described: Json = {
        name: details.get(name, default)
        for name, default in _DETAILS[kind].items()
        if details.get(name, default) not in ("", None)
    }
    described |= stored.reference()
    if kind == "photo":
        return {"photo": [described]}
    if kind in {"document", "audio", "video", "animation"}:
        described["file_name"] = stored.name
    if kind == "document":
        described["mime_type"] = stored.mime_type
    if kind == "animation":
        # Telegram sets both, so that clients which know no animations show a file.
        return {"animation": described, "document": described}
    return {kind: described}


def location_content(latitude: float, longitude: float) -> Json:
    """The location part of a message."""
    return {"location": {"latitude": latitude, "longitude": longitude}}


def contact_content(phone_number: str, first_name: str, **optional: Any) -> Json:
    """The contact part of a message."""
    given = {name: value for name, value in optional.items() if value}
    return {"contact": {"phone_number": phone_number, "first_name": first_name, **given}}


def giveaway_content(chat: Json, winners_selection_date: int) -> Json:
    """The giveaway part of a message, which cannot be copied."""
    return {"giveaway": {"chats": [chat], "winners_selection_date": winners_selection_date, "winner_count": 1}}


def poll_content(poll_id: str, question: str, options: list[str], *, anonymous: bool, several: bool) -> Json:
    """The poll part of a message."""
    return {
        "poll": {
            "id": poll_id,
            "question": question,
            "options": [
                {"text": option, "voter_count": 0, "persistent_id": str(number)}
                for number, option in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": anonymous,
            "type": "regular",
            "allows_multiple_answers": several,
            "allows_revoting": True,
            "members_only": False,
        }
    }
