"""
Methods for forum topics, in supergroups that are forums and in private chats where topics are on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.telegram_server.chats import Chat, Topic
from tests.telegram_server.errors import bad_request
from tests.telegram_server.model import Json, Message
from tests.telegram_server.query import Query

MAX_TOPIC_NAME = 128
ICON_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def create_topic(query: Query) -> Json:
    """`createForumTopic`; the topic's id is that of its first service message."""
    chat = _forum(query)
    color = query.integer("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    name = _name(query)
    thread_id = query.world.new_message_id(chat)
    topic = Topic(thread_id, name, color, query.text("icon_custom_emoji_id"))
    chat.topics[thread_id] = topic
    _notice(query, chat, thread_id, thread_id, {"forum_topic_created": {"name": name, "icon_color": color}})
    described: Json = {"message_thread_id": thread_id, "name": name, "icon_color": color}
    if topic.icon_custom_emoji_id:
        described["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    return described


def edit_topic(query: Query) -> bool:
    """`editForumTopic`."""
    chat = _forum(query)
    topic = _topic(query, chat)
    name = _name(query) if query.text("name") else topic.name
    icon = query.text("icon_custom_emoji_id") or topic.icon_custom_emoji_id
    changed = replace(topic, name=name, icon_custom_emoji_id=icon)
    return _change(query, chat, changed, {"forum_topic_edited": {"name": name}})


def close_topic(query: Query) -> bool:
    """`closeForumTopic`."""
    chat = _forum(query)
    return _change(query, chat, replace(_topic(query, chat), closed=True), {"forum_topic_closed": {}})


def reopen_topic(query: Query) -> bool:
    """`reopenForumTopic`."""
    chat = _forum(query)
    return _change(query, chat, replace(_topic(query, chat), closed=False), {"forum_topic_reopened": {}})


def delete_topic(query: Query) -> bool:
    """`deleteForumTopic`: the topic goes with all its messages."""
    chat = _forum(query)
    topic = _topic(query, chat)
    del chat.topics[topic.thread_id]
    for message in chat:
        if message.thread_id == topic.thread_id:
            chat.remove(message.message_id)
    query.world.changes.notify()
    return True


def _forum(query: Query) -> Chat:
    chat = query.open_chat()
    if chat.is_private:
        if not query.world.topics_in_private:
            raise bad_request("the chat is not a forum")
    elif not chat.is_forum:
        raise bad_request("the chat is not a forum")
    elif not chat.bot_is_admin:
        raise bad_request("not enough rights to manage topics")
    return chat


def _topic(query: Query, chat: Chat) -> Topic:
    topic = chat.topics.get(query.integer("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _name(query: Query) -> str:
    name = query.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if len(name) > MAX_TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name


def _change(query: Query, chat: Chat, topic: Topic, content: dict[str, Any]) -> bool:
    if chat.topics[topic.thread_id] == topic:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.topics[topic.thread_id] = topic
    _notice(query, chat, query.world.new_message_id(chat), topic.thread_id, content)
    return True


def _notice(query: Query, chat: Chat, message_id: int, thread_id: int, content: dict[str, Any]) -> None:
    """The line in the topic that tells what happened to it."""
    message = Message(
        message_id=message_id,
        chat_id=chat.id,
        date=query.world.now(),
        sender=query.world.bot,
        content=content,
        thread_id=thread_id,
    )
    query.world.show(chat, message)
    # A notice is no answer of the bot; tests that read a conversation should not stumble over it.
    chat.unread.remove(message_id)
