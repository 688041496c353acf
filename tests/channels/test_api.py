"""
Reading what Telegram delivers, update by update.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import TelegramError

from bot.channels.telegram.api import UNREADABLE, UpdatesRequest, read_updates
from bot.channels.telegram.calls import Call, from_json
from bot.channels.telegram.intake import lane_of
from bot.model import Document

GOOD = {"update_id": 5, "message": {"text": 'un {"update_id": 9} dans le texte', "chat": {"id": 7}}}


def test_sound_updates_are_read_as_they_are() -> None:
    """
    Even one whose text looks like an update.
    """
    text = json.dumps([GOOD, {"update_id": 6}])
    assert read_updates(text) == [GOOD, {"update_id": 6}]


@pytest.mark.parametrize(
    "broken", ['{"update_id": 4, "message": {"text": "x', '{"update_id": 4, "a": ' + "[" * 100_000]
)
def test_a_broken_update_does_not_take_its_neighbours_along(broken: str) -> None:
    """
    It is known by its number; those before and behind it are read.
    """
    text = f'{{"ok":true,"result":[{{"update_id":3}},{broken}}},{json.dumps(GOOD)}]}}'
    result = UpdatesRequest.parse_json_payload(text.encode())["result"]
    assert [update["update_id"] for update in result] == [3, 4, 5]
    assert [UNREADABLE in update for update in result] == [False, True, False]
    assert result[2] == GOOD


@pytest.mark.parametrize("payload", [b"", b"<html>502</html>", b'{"ok":'])
def test_what_is_no_answer_is_said_to_be_none(payload: bytes) -> None:
    """
    A page of a gateway is no list of updates.
    """
    with pytest.raises(TelegramError, match="Invalid server response"):
        UpdatesRequest.parse_json_payload(payload)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """
    Nothing that is delivered raises.
    """
    for update in read_updates(text):
        assert isinstance(update["update_id"], int)


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": {"chat": {"id": 7}, "from": {"id": 7}}}, "telegram:7"),
        ({"edited_message": {"chat": {"id": 7}}}, "telegram:7"),
        ({"callback_query": {"from": {"id": 7}}}, "telegram:7"),
        ({"my_chat_member": {"chat": {"id": 7}}}, "telegram:7"),
        ({"message": {"chat": {"id": "seven"}}}, "update:1"),
        ({"message": None}, "update:1"),
        ({"message": []}, "update:1"),
        ({"poll": {}}, "update:1"),
    ],
)
def test_everything_a_person_does_is_in_one_lane(update: dict[str, Any], lane: str) -> None:
    """
    And what belongs to nobody in one of its own.
    """
    assert lane_of({"update_id": 1, **update}) == lane


def test_a_call_can_be_kept() -> None:
    """
    With its file and what is to be tried instead.
    """
    call = Call(
        "editMessageText",
        {"chat_id": 1},
        document=Document("a.html", b"\x00\xff"),
        instead=Call("sendMessage", {"chat_id": 1}),
        optional=True,
    )
    assert from_json(json.loads(json.dumps(call.to_json()))) == call
