"""
One message on its way through the conversation, with everything a handler may use to answer it.
"""

from dataclasses import dataclass, field, replace

from bot.content.phrases import Phrase
from bot.conversation.memory import Memory
from bot.conversation.payloads import Verb
from bot.conversation.ports import Archive, Library
from bot.conversation.voice import Voice
from bot.events import Hook
from bot.model import Button, Incoming, Reason, Reception, Reply, ThreadState
from bot.understanding.reader import Reader, Reading


@dataclass(frozen=True, slots=True)
class Turn:
    """
    What a handler gets.

    Parameters:
        incoming: What the person did.
        voice: The pack, speaking to that person.
        reader: Understands utterances and finds articles.
        library: The articles of the blog.
        archive: Shows what is kept of the person.
        memory: What is known of the person.
        hook: Takes note of what happens.
        reception: What somebody finds who wants a human.
        reading: How the person's words were understood; None when there were none.
    """

    incoming: Incoming
    voice: Voice
    reader: Reader
    library: Library
    archive: Archive
    memory: Memory
    hook: Hook
    reception: Reception = field(default_factory=Reception)
    reading: Reading | None = None

    @property
    def words(self) -> str:
        """
        What the person wrote, wherever it stands.
        """
        return self.incoming.text or self.incoming.arguments

    @property
    def second(self) -> str | None:
        """
        What the person asks for besides their first request; None if there is nothing, or it is only said, like thanks.
        """
        second = self.reading.verdict.second if self.reading else None
        return None if second in _SAID else second

    def reply(self, *blocks: str, buttons: tuple[tuple[Button, ...], ...] = (), replaces: bool = False) -> Reply:
        """
        A reply in the person's language; empty rows of buttons are left out.
        """
        rows = tuple(row for row in buttons if row)
        return Reply(self.voice.language, tuple(filter(None, blocks)), buttons=rows, replaces=replaces)

    def handed_over(self, reply: Reply, reason: Reason) -> Reply:
        """
        The reply to somebody whose conversation is handed over to a coach: it says so, and how to stay with the bot.
        Without a desk the reply stays as it is.

        Parameters:
            reply: What is said besides; if it has no text, only the hand-over is told.
            reason: Why.
        """
        if not self.reception.has_desk:
            return reply
        self.memory.forget_failures()
        already = self.incoming.thread is not ThreadState.CLOSED
        told = self.voice.phrase(self._hand_over_phrase(reason, already=already), title=self._back())
        end = () if already else (self.voice.phrase_button(Phrase.BUTTON_STAY, Verb.END),)
        buttons = tuple(row for row in (*reply.buttons, end) if row)
        return replace(reply, blocks=(*reply.blocks, told), buttons=buttons, hand_over=reason)

    def _hand_over_phrase(self, reason: Reason, *, already: bool) -> Phrase:
        if already:
            return Phrase.HANDED_OVER_AGAIN
        if reason is Reason.DISTRESS:
            return Phrase.HANDED_OVER_DISTRESS
        if self.reception.back is not None:
            return Phrase.HANDED_OVER_UNTIL
        if self.reception.away:
            return Phrase.HANDED_OVER_LATER
        return Phrase.HANDED_OVER if reason is Reason.ASKED else Phrase.HANDED_OVER_UNASKED

    def _back(self) -> str:
        return self.voice.day(self.reception.back) if self.reception.back else ""

    def ways_on(self) -> tuple[Button, ...]:
        """
        The buttons that help whoever is stuck: the menu and the coach.
        """
        return (self.voice.phrase_button(Phrase.BUTTON_MENU, Verb.MENU), self.coach_button())

    def coach_button(self) -> Button:
        """
        The button that tells how to reach the human.
        """
        return self.voice.phrase_button(Phrase.BUTTON_COACH, Verb.INTENT, COACH_INTENT)


COACH_INTENT = "talk_to_coach"
PLEASANTRIES = frozenset({"greeting", "goodbye", "thanks"})
"""
Intents that say nothing but themselves: nobody presses a button to say them.
"""
_SAID = PLEASANTRIES | {"good_news", "unhelpful", "insult"}
"""
Intents of messages that say something rather than ask for something.
"""
