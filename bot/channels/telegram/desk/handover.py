"""
What the desk gets of a conversation: when it is handed over, what is written afterwards, and how it ends.
"""

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message, Update

from bot.channels.telegram.calls import CARRY, SILENCE, Call
from bot.channels.telegram.desk import messages
from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.people_orders import closing
from bot.content.phrases import Phrase
from bot.conversation.payloads import PayloadError, Verb, decode
from bot.model import Effect, Incoming, Limit, Person, Reason, Reply, ThreadState
from bot.storage.errands import Change, Errand
from bot.storage.threads import Thread


def changes_of(  # noqa: PLR0913, PLR0917 (what came, what goes out, and where it stands)
    office: Office,
    update: Update,
    incoming: Incoming,
    reply: Reply,
    thread: Thread | None,
    earlier: Sequence[Message] = (),
) -> list[Change]:
    """
    What a person's message changes at the desk, to be kept together with its answer.

    Parameters:
        office: The parts of the desk.
        update: What came.
        incoming: The same for the conversation.
        reply: What the bot answers; empty while a coach is there.
        thread: The person's thread, or None.
        earlier: The messages that are answered along with this one, because all of them came too late.
    """
    key = incoming.person.key
    if thread is not None and (finished := _finished(office, reply, thread)):
        return finished
    if reply.hand_over is None and (incoming.limit is not Limit.NONE or _is_new(thread)):
        return []
    errands = [*map(messages.mirrored, earlier), *_carried(update)]
    if reply.hand_over is not None:
        new = [messages.CARDED, *errands] if _is_new(thread) else [*errands, messages.SHOWN]
        return [office.takeovers.handing_over(key, reply.hand_over, new, urgent=reply.urgent)]
    if not _is_by_hand(incoming) and incoming.thread is ThreadState.WAITING:
        errands.extend(_answered(office, reply))
    if thread is not None and reply.urgent and not thread.urgent:
        errands.append(messages.noted(office.desk.say(Phrase.DESK_URGENT)))
        return [office.takeovers.handing_over(key, Reason.DISTRESS, [*errands, messages.SHOWN], urgent=True)]
    return [office.takeovers.carrying(key, errands)] if errands else []


def told_of_muted(office: Office, person: Person) -> Change:
    """
    Tell the desk that somebody was muted for insults, with a button that lifts it.
    """
    name = person.first_name or office.desk.plain(Phrase.DESK_NAMELESS)
    told = office.desk.say(Phrase.DESK_MUTED_FOR_INSULTS, first_name=name, count=office.desk.rules.insult_hours)
    button = office.desk.button(Phrase.DESK_BUTTON_LIFT, "lift", office.tag(person))
    return office.takeovers.saying((messages.said(told, ((button,),)),))


def unless_taken(call: Call, incoming: Incoming, reply: Reply, thread: Thread | None) -> Call:
    """
    A call that is not made if a coach takes over before; but what a person pressed or commanded, and help in distress,
    is answered whoever is there.
    """
    if _is_by_hand(incoming) or reply.hand_over is Reason.DISTRESS or incoming.thread is ThreadState.TAKEN:
        return call
    carried = reply.hand_over is not None or not _is_new(thread)
    return replace(call, unless_taken=SILENCE if carried else CARRY)


def _finished(office: Office, reply: Reply, thread: Thread) -> list[Change]:
    """
    What changes when a person ends the coach's part, or says if it helped.
    """
    if {Effect.HELPED, Effect.NOT_HELPED} & reply.effects:
        return [office.takeovers.rating(thread.id, useful=Effect.HELPED in reply.effects)]
    if Effect.END not in reply.effects:
        return []
    phrase = Phrase.DESK_ENDED if thread.state is ThreadState.TAKEN else Phrase.DESK_TAKEN_BACK
    told = messages.noted(office.desk.say(phrase), silent=True)
    # That the bot is back is said by its answer already.
    asked = closing(office, thread, Phrase.ENDED_BY_PERSON)[1:]
    return [office.takeovers.ending(thread.id, (told, *asked, messages.SHOWN))]


def _is_by_hand(incoming: Incoming) -> bool:
    return incoming.payload is not None or incoming.command is not None


def _is_new(thread: Thread | None) -> bool:
    return thread is None or thread.state is ThreadState.CLOSED


def _carried(update: Update) -> list[Errand]:
    """
    The message itself, or how it was changed; a pressed button and a command stay with the bot.
    """
    if update.edited_message is not None:
        return [messages.edited(update.edited_message, to_desk=True)]
    message = update.message
    return [] if message is None or _is_command(message) else [messages.mirrored(message)]


def _is_command(message: Message) -> bool:
    return bool(message.text and message.text.startswith("/"))


def _answered(office: Office, reply: Reply) -> list[Errand]:
    """
    One line that tells the coach what the bot answered while the person waits.
    """
    titles = []
    for row in reply.buttons:
        for button in row:
            try:
                payload = decode(button.payload)
            except PayloadError:
                continue
            if payload.verb is Verb.USEFUL:
                titles.append(office.cards.title(payload.arguments[1]) or payload.arguments[1])
    if not reply.blocks:
        return []
    shown = titles[0] if titles else office.desk.plain(Phrase.DESK_ASKED_BACK)
    return [messages.noted(office.desk.say(Phrase.DESK_BOT_ANSWERED, title=shown), silent=True)]
