"""
Methods for forum topics, in supergroups that are forums and in private chats where topics are on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.telegram_server.chats import Chat, Topic
from tests.telegram_server.errors import bad_request
from tests.telegram_server.icons import TOPIC_ICONS, icon_stickers
from tests.telegram_server.model import Json, Message
from tests.telegram_server.query import Query
from tests.telegram_server.topics import ICON_COLORS, begin_topic, change_topic

MAX_TOPIC_NAME = 128


def get_icon_stickers(_: Query) -> list[Json]:
    """`getForumTopicIconStickers`."""
    return icon_stickers()


def create_topic(query: Query) -> Json:
    """`createForumTopic`; the topic's id is that of its first service message."""
    chat = _forum(query)
    if not chat.bot_may("can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    color = query.integer("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    notice = begin_topic(query.world, chat, query.world.bot, _name(query), color, _icon(query))
    _hide(chat, notice)
    return {"message_thread_id": notice.thread_id, **notice.content["forum_topic_created"]}


def edit_topic(query: Query) -> bool:
    """`editForumTopic`."""
    chat = _forum(query)
    topic = _topic(query, chat, "edit")
    # An empty icon takes the old one away; an empty name leaves the old one.
    given: Json = {"name": _name(query)} if query.text("name") else {}
    if "icon_custom_emoji_id" in query.parameters:
        given["icon_custom_emoji_id"] = _icon(query)
    edited = {name: value for name, value in given.items() if value != getattr(topic, name)}
    return _change(query, chat, replace(topic, **given), {"forum_topic_edited": edited})


def close_topic(query: Query) -> bool:
    """`closeForumTopic`."""
    chat = _forum(query)
    topic = _topic(query, chat, "close or open")
    return _change(query, chat, replace(topic, closed=True), {"forum_topic_closed": {}})


def reopen_topic(query: Query) -> bool:
    """`reopenForumTopic`."""
    chat = _forum(query)
    topic = _topic(query, chat, "close or open")
    return _change(query, chat, replace(topic, closed=False), {"forum_topic_reopened": {}})


def delete_topic(query: Query) -> bool:
    """`deleteForumTopic`: the topic goes with all its messages."""
    chat = _forum(query)
    if not chat.bot_may("can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    chat.drop_topic(_topic(query, chat).thread_id)
    query.world.changes.notify()
    return True


def unpin_all(query: Query) -> bool:
    """`unpinAllForumTopicMessages`."""
    chat = _forum(query)
    if not chat.bot_may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    topic = _topic(query, chat)
    for message in chat:
        if message.pinned and message.thread_id == topic.thread_id:
            query.world.show(chat, replace(message, pinned=False))
    return True


def _forum(query: Query) -> Chat:
    chat = query.open_chat()
    if chat.is_private:
        if not query.world.topics_in_private:
            raise bad_request("the chat is not a forum")
    elif not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(query: Query, chat: Chat, doing: str = "") -> Topic:
    """The addressed topic, provided that the bot may do this to it; to its own topics it may without the right."""
    topic = chat.topics.get(query.integer("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    own = topic.creator_id == query.world.bot.id and chat.bot_is_admin
    if doing and not own and not chat.bot_may("can_manage_topics"):
        raise bad_request(f"not enough rights to {doing} the topic")
    return topic


def _icon(query: Query) -> str:
    icon = query.text("icon_custom_emoji_id")
    if icon and icon not in TOPIC_ICONS:
        raise bad_request("DOCUMENT_INVALID")
    return icon


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
    _hide(chat, change_topic(query.world, chat, query.world.bot, topic, content))
    return True


def _hide(chat: Chat, notice: Message) -> None:
    """A notice is no answer of the bot; tests that read a conversation should not stumble over it."""
    chat.unread.remove(notice.message_id)
