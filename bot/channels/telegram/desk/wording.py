"""
The calls that the desk makes: texts, copies, and what stands in their answers.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from telegram import Message

from bot.channels.telegram.calls import Call, body, keyboard
from bot.channels.telegram.desk.order import Done
from bot.channels.telegram.sender import Delivery, Receipt
from bot.content import markup
from bot.storage.threads import Thread

_PROMPT = {"force_reply": True, "selective": True}


def chat_of(thread: Thread) -> int:
    """
    The chat of a thread's person with the bot.
    """
    return int(thread.person.key.partition(":")[2])


def where_of(message: Message) -> dict[str, int]:
    """
    The chat and, if it stands in one, the topic of a message.
    """
    topic = message.message_thread_id if message.is_topic_message else None
    return {"chat_id": message.chat.id, **({} if topic is None else {"message_thread_id": topic})}


def answer_calls(message: Message, done: Done) -> list[Call]:
    """
    The calls that answer an order where it was given.
    """
    calls = [replace(call, parameters={**call.parameters, **where_of(message)}) for call in done.shows]
    if done.reaction:
        about = {"chat_id": message.chat.id, "message_id": message.message_id}
        reaction = [{"type": "emoji", "emoji": done.reaction}]
        calls.append(Call("setMessageReaction", {**about, "reaction": reaction}, optional=True))
    parts = markup.split(done.html) if done.html else ()
    for part in parts:
        shown = keyboard(tuple(row for row in done.buttons if row)) if part is parts[-1] else None
        said = body(part, _PROMPT if done.prompts and shown is None else shown)
        sending = Call("sendMessage", {**where_of(message), **said})
        if done.replaces and len(parts) == 1:
            edited = {"chat_id": message.chat.id, "message_id": message.message_id, **said}
            sending = Call("editMessageText", edited, instead=sending)
        calls.append(sending)
    return calls


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
    quiet = {"disable_notification": True} if silent else {}
    return Call("sendMessage", {**body(html, shown), **_replying(reply), **quiet})


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
