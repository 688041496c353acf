"""
The way of a message through the conversation: it is read, and each of `STEPS` is asked in turn for a reply.
"""

from dataclasses import dataclass, field, replace

from bot.content import markup
from bot.content.pack import Pack
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.conversation.cards import found_card, summary_card
from bot.conversation.memory import Memory
from bot.conversation.ports import Archive, Desk, Library, NoDesk
from bot.conversation.steps import STEPS
from bot.conversation.turn import Turn
from bot.conversation.urgency import is_urgent
from bot.conversation.voice import Voice
from bot.events import Hook, Shown
from bot.model import Card, Incoming, Reply
from bot.understanding.reader import Reader, Reading
from bot.understanding.text import READ_LENGTH, clean, tokens

_FEW_WORDS = 2
_LONGEST_SUGGESTION = 200


@dataclass(slots=True)
class Router:
    """
    Answers what comes in. What it knows of the pack can be renewed between two messages.

    Parameters:
        pack: The content pack.
        renderer: The renderer of that pack.
        reader: Understands utterances.
        library: The articles.
        archive: Shows what is kept of people.
        click_url: The address that counts how often an article is opened; empty to link to the blog itself.
        desk: Where coaches take over.
    """

    pack: Pack
    renderer: Renderer
    reader: Reader
    library: Library
    archive: Archive
    click_url: str = ""
    desk: Desk = field(default_factory=NoDesk)

    def renew(self, pack: Pack, renderer: Renderer, reader: Reader) -> None:
        """
        Answer from another state of the pack from now on; a reply in the making is finished from the old one.

        Parameters:
            pack: The content pack.
            renderer: The renderer of that pack.
            reader: What understands utterances with it.
        """
        self.pack, self.renderer, self.reader = pack, renderer, reader

    async def respond(self, incoming: Incoming, memory: Memory, hook: Hook) -> Reply:
        """
        The reply to one thing a person did: a text or at least a notice, but for those who write too much.

        Parameters:
            incoming: What they did.
            memory: What is known of them; it changes with what they did.
            hook: Takes note of what happens.
        """
        turn = self._turn(incoming, memory, hook)
        for step in STEPS:
            if (reply := await step(turn)) is not None:
                if reply.blocks:
                    memory.remember_asked(reply.asked)
                for card in reply.cards:
                    hook(Shown(card.article.id))
                return _with_remarks(turn, self._with_urgency(turn, reply))
        raise AssertionError("the last step always replies")

    def _with_urgency(self, turn: Turn, reply: Reply) -> Reply:
        presses = turn.reception.has_desk and is_urgent(self.pack, turn.words)
        return replace(reply, urgent=True) if presses else reply

    def suggest(self, incoming: Incoming, words: str, start: int, count: int) -> tuple[Voice, list[Card]]:
        """
        Articles for somebody who looks for one from another chat: those that match, or the newest without words.

        Parameters:
            incoming: Who looks.
            words: What for.
            start: How many were shown already.
            count: How many to show.

        Returns:
            The pack speaking to them, and the articles.
        """
        words = clean(words)[:_LONGEST_SUGGESTION]
        reading = self._read(replace(incoming, text=words), Memory()) if words else None
        voice = self.voice_for(incoming, Memory(), reading)
        if not words:
            return voice, [summary_card(one) for one in self.library.newest(voice.language, start + count)[start:]]
        matches = self.reader.search(words, voice.language, start + count)[start:]
        return voice, [found_card(match.article, words) for match in matches]

    def voice_for(self, incoming: Incoming, memory: Memory, reading: Reading | None = None) -> Voice:
        """
        The pack speaking to whoever did this.
        """
        language = self._language(incoming, memory, reading)
        form = memory.form or self.pack.manifest.address
        return Voice(self.renderer, memory, incoming.person, language, form, self.click_url)

    def _turn(self, incoming: Incoming, memory: Memory, hook: Hook) -> Turn:
        reading = self._read(incoming, memory)
        voice = self.voice_for(incoming, memory, reading)
        if reading is not None:
            memory.remember_language(voice.language)
            if reading.language != voice.language:
                # Whoever chose a language is answered in it, and each language has a FAQ of its own.
                reading = replace(reading, faq=(), faq_answer=None, faq_near=())
        return Turn(
            incoming, voice, self.reader, self.library, self.archive, memory, hook, self.desk.reception(), reading
        )

    def _read(self, incoming: Incoming, memory: Memory) -> Reading | None:
        text = clean(incoming.text or (incoming.arguments if incoming.command != "start" else ""))
        if not any(character.isalnum() for token in tokens(text) for character in token):
            return None
        return self.reader.read(text, self._known_language(incoming, memory))

    def _language(self, incoming: Incoming, memory: Memory, reading: Reading | None) -> str:
        if memory.chosen_language in self.pack.languages:
            return str(memory.chosen_language)
        # A word or two behind a command ("/faq photo") do not tell which language a person speaks.
        if reading is not None and (incoming.command is None or len(incoming.arguments.split()) > _FEW_WORDS):
            return reading.language
        if incoming.payload is not None:
            language = incoming.payload.split(":")[1:2]
            if language and language[0] in self.pack.languages:
                return language[0]
        return self._known_language(incoming, memory) or self.pack.default_language

    def _known_language(self, incoming: Incoming, memory: Memory) -> str | None:
        hint = (incoming.person.language_hint or "")[:2].lower()
        known = memory.language or hint
        return known if known in self.pack.languages else None


def _with_remarks(turn: Turn, reply: Reply) -> Reply:
    """
    Say first what the person should know about how the message was read, and keep every block within a message.
    """
    remarks: list[str] = []
    if not reply.blocks:
        return reply
    if turn.incoming.late:
        phrase = Phrase.LATE if turn.incoming.late == 1 else Phrase.LATE_SEVERAL
        remarks.append(turn.voice.phrase(phrase, count=turn.incoming.late))
    if turn.incoming.edited:
        remarks.append(turn.voice.phrase(Phrase.EDITED))
    if len(turn.words) > READ_LENGTH:
        remarks.append(turn.voice.phrase(Phrase.TOO_LONG, count=READ_LENGTH))
    blocks = tuple(part for block in (*remarks, *reply.blocks) for part in markup.split(block))
    return replace(reply, blocks=blocks)
