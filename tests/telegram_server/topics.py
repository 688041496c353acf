"""
What happens to a forum topic, whoever does it: it begins, and it changes, and a notice in it tells of both.
"""

from __future__ import annotations

from typing import Any

from tests.telegram_server.chats import Chat, Topic
from tests.telegram_server.model import Json, Message, User
from tests.telegram_server.state import World

ICON_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def begin_topic(world: World, chat: Chat, by: User, name: str, color: int, icon: str = "") -> Message:
    """Open a topic, whose id is that of its first notice; returns that notice."""
    thread_id = world.new_message_id(chat)
    chat.topics[thread_id] = Topic(thread_id, name, color, by.id, icon)
    created: Json = {"name": name, "icon_color": color} | ({"icon_custom_emoji_id": icon} if icon else {})
    return _notice(world, chat, by, thread_id, {"forum_topic_created": created}, message_id=thread_id)


def change_topic(world: World, chat: Chat, by: User, topic: Topic, content: dict[str, Any]) -> Message:
    """Put the changed topic in the place of the old one; returns the notice that tells of it."""
    chat.topics[topic.thread_id] = topic
    return _notice(world, chat, by, topic.thread_id, content, message_id=world.new_message_id(chat))


def _notice(world: World, chat: Chat, by: User, thread_id: int, content: Json, message_id: int) -> Message:
    message = Message(
        message_id=message_id,
        chat_id=chat.id,
        date=world.now(),
        sender=by,
        content=content,
        thread_id=thread_id,
    )
    return world.show(chat, message)
