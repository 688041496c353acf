"""
The calls that the desk makes: texts, copies, and what stands in their answers.
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.telegram.calls import Call
from bot.channels.telegram.sender import Delivery, Receipt
from bot.storage.threads import Thread

_NO_PREVIEW = {"is_disabled": True}


def chat_of(thread: Thread) -> int:
    """
    The chat of a thread's person with the bot.
    """
    return int(thread.person.key.partition(":")[2])


def copying(numbers: Sequence[int], where: dict[str, Any], reply: int) -> Call:
    """
    The call that copies messages: one, which may reply to another, or several as they belong together.
    """
    if len(numbers) > 1:
        return Call("copyMessages", {**where, "message_ids": sorted(numbers)})
    return Call("copyMessage", {**where, "message_id": numbers[0], **_replying(reply)})


def text(html: str, *, reply: int = 0, shown: dict[str, Any] | None = None, silent: bool = False) -> Call:
    """
    The call that sends a text, without where.

    Parameters:
        html: What.
        reply: The message it is about; 0 for none.
        shown: Its buttons, as Telegram wants them.
        silent: Whether nobody's phone should ring.
    """
    parameters: dict[str, Any] = {"text": html, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW}
    parameters |= {**_replying(reply), **({"reply_markup": shown} if shown else {})}
    return Call("sendMessage", parameters | ({"disable_notification": True} if silent else {}))


def _replying(number: int) -> dict[str, Any]:
    return {"reply_parameters": {"message_id": number, "allow_sending_without_reply": True}} if number else {}


def with_parameters(call: Call, **parameters: Any) -> Call:
    """
    A call with other parameters; those that are None are left out.
    """
    merged = {**call.parameters, **parameters}
    return Call(
        call.method, {name: value for name, value in merged.items() if value is not None}, optional=call.optional
    )


def numbers_of(receipt: Receipt) -> list[int]:
    """
    The numbers of the messages that a call made.
    """
    if receipt.delivery is not Delivery.SENT or receipt.result is None:
        return []
    made = receipt.result if isinstance(receipt.result, list) else [receipt.result]
    return [int(one["message_id"]) for one in made]


async def nothing() -> None:
    """
    What certainly did not arrive is tried again by the sender itself.
    """
