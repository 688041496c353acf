"""
One message on its way through the conversation, with everything a handler may use to answer it.
"""

from dataclasses import dataclass

from bot.content.phrases import Phrase
from bot.conversation.memory import Memory
from bot.conversation.payloads import Verb
from bot.conversation.ports import Archive, Library
from bot.conversation.voice import Voice
from bot.events import Hook
from bot.model import Button, Incoming, Reply
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
        reading: How the person's words were understood; None when there were none.
    """

    incoming: Incoming
    voice: Voice
    reader: Reader
    library: Library
    archive: Archive
    memory: Memory
    hook: Hook
    reading: Reading | None = None

    @property
    def words(self) -> str:
        """
        What the person wrote, wherever it stands.
        """
        return self.incoming.text or self.incoming.arguments

    def reply(self, *blocks: str, buttons: tuple[tuple[Button, ...], ...] = (), replaces: bool = False) -> Reply:
        """
        A reply in the person's language; empty rows of buttons are left out.
        """
        rows = tuple(row for row in buttons if row)
        return Reply(self.voice.language, tuple(filter(None, blocks)), buttons=rows, replaces=replaces)

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
