"""
What people do in their own chat that concerns the desk besides what they write: deleting a message, reacting to one.
"""

from collections.abc import Sequence

from telegram import Chat, Message, MessageReactionUpdated, ReactionTypeEmoji

from bot.channels.telegram.calls import Call, text_message
from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.updates import to_person
from bot.content.phrases import Phrase
from bot.conversation.memory import Memory
from bot.events import Event, Reacted
from bot.model import Incoming, Person
from bot.storage.errands import Change
from bot.storage.inbox import Outcome

_DELETABLE_SECONDS = 48 * 3600
"""
How long Telegram lets a bot delete what people write (https://core.telegram.org/bots/api#deletemessage).
"""


async def deleted(office: Office, message: Message, person: Person, update_ids: Sequence[int]) -> Outcome:
    """
    A person deletes a message of their chat, here and at the desk.
    """
    key = person.key
    voice = office.router.voice_for(Incoming(person), Memory(await office.people.profile(key)))
    original = message.reply_to_message
    if original is None:
        return Outcome(update_ids, [text_message(message.chat.id, voice.phrase(Phrase.DELETE_USAGE)).to_json()])
    old = (message.date - original.date).total_seconds() > _DELETABLE_SECONDS
    gone = Call("deleteMessage", {"chat_id": message.chat.id, "message_id": original.message_id}, optional=True)
    told = text_message(message.chat.id, voice.phrase(Phrase.DELETE_REFUSED if old else Phrase.DELETED))
    copy = messages.erased(original.message_id, at_desk=False, both=True)
    changes = [office.takeovers.deleting(key, original.message_id), office.takeovers.carrying(key, [copy])]
    return Outcome(update_ids, [gone.to_json(), told.to_json()], changes=changes)


async def reacted(office: Office, change: MessageReactionUpdated) -> list[Change]:
    """
    Carry a reaction to the other side.
    """
    threads, takeovers, desk = office.threads, office.takeovers, office.desk
    if not desk.is_open or change.user is None:
        return []
    person = to_person(change.user)
    if change.chat.id != desk.place.chat or (desk.place.private and await _is_theirs(office, change)):
        if change.chat.type != Chat.PRIVATE:
            return []
        errand = messages.reacted(change.message_id, change.new_reaction, to_desk=True)
        return [takeovers.carrying(person.key, [errand])]
    thread = await threads.of_message(change.message_id)
    if thread is None or office.team.coach(person) is None:
        return []
    errand = messages.reacted(change.message_id, change.new_reaction, to_desk=False)
    return [takeovers.carrying(thread.person.key, [errand])]


async def counted(office: Office, change: MessageReactionUpdated) -> list[Event]:
    """
    A reaction to a broadcast, to be counted.
    """
    emoji = [one.emoji for one in change.new_reaction if isinstance(one, ReactionTypeEmoji)]
    if change.user is None or change.chat.type != Chat.PRIVATE or not emoji:
        return []
    number = await office.broadcasts.broadcast_of(to_person(change.user).key, change.message_id)
    return [Reacted(str(number), emoji[0])] if number else []


async def _is_theirs(office: Office, change: MessageReactionUpdated) -> bool:
    """
    Whether a reaction in a coach's own chat is on what they wrote to the bot as a person.
    """
    return await office.threads.of_message(change.message_id) is None
