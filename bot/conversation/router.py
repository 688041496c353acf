"""
The way of a message through the conversation, as one visible list: the first step that has a reply gives it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from bot.content import markup
from bot.content.pack import Pack
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.content.rules import SAFETY_INTENT
from bot.conversation.cards import found_card, summary_card
from bot.conversation.handlers import COMMANDS, RIGHTS, RIGHTS_VERBS, VERBS, handler_of
from bot.conversation.handlers.entries import offer
from bot.conversation.memory import Memory
from bot.conversation.payloads import Payload, PayloadError, Verb, decode
from bot.conversation.ports import Archive, Desk, Library, NoDesk
from bot.conversation.turn import COACH_INTENT, Turn
from bot.conversation.urgency import is_urgent
from bot.conversation.voice import Voice
from bot.events import Answered, Hook, Lost, Shown
from bot.model import AttachmentKind, Card, Incoming, Limit, Reason, Reply, ThreadState
from bot.understanding.reader import Reader, Reading
from bot.understanding.text import READ_LENGTH, clean, tokens
from bot.understanding.verdict import Outcome

Step = Callable[[Turn], Awaitable[Reply | None]]

_DEEP_LINKS = {"intent_": Verb.INTENT, "faq_": Verb.FAQ_ENTRY, "article_": Verb.READ}
_NONE_OF_THESE = "none"
_FEW_WORDS = 2
_FAILURES = 2
"""
After how many messages in a row that were not understood a human takes over.
"""
_LONGEST_SUGGESTION = 200


async def safety(turn: Turn) -> Reply | None:
    """
    Whoever may be in danger is answered before anything else.
    """
    if turn.reading is None or not turn.reading.danger:
        return None
    turn.hook(Answered(turn.voice.language, SAFETY_INTENT, Outcome.SURE, turn.reading.verdict.confidence))
    return await handler_of(SAFETY_INTENT)(turn, SAFETY_INTENT)


async def limits(turn: Turn) -> Reply | None:
    """
    Whoever writes too much is told so once and then met with silence, but keeps every right over their data.
    """
    limit, command_name = turn.incoming.limit, turn.incoming.command
    if limit is Limit.NONE or command_name in RIGHTS or _verb(turn) in RIGHTS_VERBS:
        return None
    if limit is Limit.SILENT:
        return turn.reply()
    return turn.reply(turn.voice.phrase(Phrase.TOO_MANY if limit is Limit.NOTICE else Phrase.CROWDED))


async def human(turn: Turn) -> Reply | None:
    """
    While a coach answers, the bot is silent, but for buttons and commands.
    """
    by_hand = turn.incoming.payload is not None or turn.incoming.command is not None
    return turn.reply() if turn.incoming.thread is ThreadState.TAKEN and not by_hand else None


async def button(turn: Turn) -> Reply | None:
    """
    A pressed button does what its payload says; a stale or foreign payload is said to be stale.
    """
    if turn.incoming.payload is None:
        return None
    try:
        return await _press(turn, decode(turn.incoming.payload))
    except (PayloadError, LookupError, ValueError):
        return turn.reply(turn.voice.phrase(Phrase.STALE_BUTTON), buttons=(turn.ways_on(),))


async def command(turn: Turn) -> Reply | None:
    """
    A command does what `COMMANDS` says; `/start` may carry a deep link.
    """
    name = turn.incoming.command
    if name is None:
        return None
    if name == "start" and (payload := _deep_link(turn)):
        try:
            return await _press(turn, payload)
        except (LookupError, ValueError):
            return await COMMANDS["start"](turn)
    if name in COMMANDS:
        return await COMMANDS[name](turn)
    return turn.reply(turn.voice.phrase(Phrase.UNKNOWN_COMMAND, words=f"/{name[:32]}"), buttons=(turn.ways_on(),))


async def attachment(turn: Turn) -> Reply | None:
    """
    A file is acknowledged for what it is; if words came along, they are answered too.
    """
    kind = turn.incoming.attachment
    if kind is None:
        return None
    if kind is AttachmentKind.DOCUMENT and turn.reception.wants_files:
        return turn.handed_over(turn.reply(), Reason.FILE)
    acknowledgement = turn.voice.phrase(Phrase(f"attachment_{kind}"))
    if turn.reading is None:
        return turn.reply(acknowledgement, buttons=(turn.ways_on(),))
    reply = await understand(turn)
    return replace(reply, blocks=(acknowledgement, *reply.blocks))


async def emptiness(turn: Turn) -> Reply | None:
    """
    A message without a word in it gets a kind question.
    """
    if turn.reading is not None:
        return None
    return turn.reply(turn.voice.phrase(Phrase.EMPTY), buttons=(turn.ways_on(),))


async def understand(turn: Turn) -> Reply:
    """
    Answer what was understood; ask when hesitating; say so when lost.
    """
    reading = turn.reading
    if reading is None:
        raise ValueError("there is nothing to understand in this turn")
    verdict, language = reading.verdict, turn.voice.language
    if verdict.outcome is Outcome.LOST and reading.faq_answer is None:
        turn.hook(Lost(language, verdict.confidence))
        return _lost(turn, offer(turn, reading.faq_near) if reading.faq_near else None)
    turn.memory.forget_failures()
    turn.hook(Answered(language, verdict.intent, verdict.outcome, verdict.confidence))
    if verdict.outcome is Outcome.SURE:
        return await handler_of(verdict.intent)(turn, verdict.intent)
    if reading.faq_answer is not None:
        payload = Payload(Verb.FAQ_ENTRY, language, (reading.faq_answer,))
        return await VERBS[Verb.FAQ_ENTRY](turn, payload)
    return _choices(turn, verdict.choices)


STEPS: tuple[Step, ...] = (safety, limits, human, button, command, attachment, emptiness, understand)


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
        return self._known_language(incoming, memory)

    def _known_language(self, incoming: Incoming, memory: Memory) -> str:
        hint = (incoming.person.language_hint or "")[:2].lower()
        known = memory.language or hint
        return known if known in self.pack.languages else self.pack.default_language


def _verb(turn: Turn) -> Verb | None:
    try:
        return decode(turn.incoming.payload or "").verb
    except PayloadError:
        return None


async def _press(turn: Turn, payload: Payload) -> Reply:
    if payload.language not in turn.voice.renderer.pack.languages:
        raise KeyError(payload.language)
    if payload.verb is Verb.INTENT and payload.arguments == (_NONE_OF_THESE,):
        turn.hook(Lost(turn.voice.language, 0.0))
        return _lost(turn)
    return await VERBS[payload.verb](turn, payload)


def _lost(turn: Turn, offered: Reply | None = None) -> Reply:
    """
    Say that a message was not understood, unless something can be offered; the second time in a row a human takes over.
    """
    if turn.memory.count_failure() >= _FAILURES and turn.reception.has_desk:
        return turn.handed_over(turn.reply(buttons=(turn.ways_on()[:1],)), Reason.FAILURES)
    return offered or turn.reply(turn.voice.phrase(Phrase.LOST), buttons=(turn.ways_on(),))


def _deep_link(turn: Turn) -> Payload | None:
    argument = turn.incoming.arguments
    for prefix, verb in _DEEP_LINKS.items():
        if argument.startswith(prefix):
            rest = argument.removeprefix(prefix)
            return Payload(verb, turn.voice.language, (rest, "1") if verb is Verb.READ else (rest,))
    return None


def _choices(turn: Turn, intents: tuple[str, ...]) -> Reply:
    voice = turn.voice
    rows = tuple((voice.intent_button(intent),) for intent in intents if intent != COACH_INTENT)
    none = voice.phrase_button(Phrase.BUTTON_NONE_OF_THESE, Verb.INTENT, _NONE_OF_THESE)
    return turn.reply(voice.phrase(Phrase.HESITATING), buttons=(*rows, (none, turn.coach_button())))


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
