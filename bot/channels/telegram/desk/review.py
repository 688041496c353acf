"""
The learning loop: what the bot did not understand, or answered badly, is shown without who asked; one tap teaches it.
"""

from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import Any

from bot.channels.telegram.desk.office import Office, Teaching
from bot.channels.telegram.desk.order import Done, Order
from bot.channels.telegram.desk.place import desk_button
from bot.content.drafts import FaqDraft
from bot.content.lesson import Change, ChangeKind, Lesson
from bot.content.phrases import Phrase
from bot.model import Button
from bot.storage.questions import Question, QuestionState
from bot.understanding.anonymity import anonymous

_MOST_QUESTIONS = 500
_MOST_SHOWN = 5
_LONGEST_SHOWN = 200
_LONGEST_QUESTION, _SHORTEST_QUESTION = 120, 5
_MOST_INTENTS = 3
_INTENTS_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class _Draft:
    """
    Questions that mean alike, and what is to be made of them.

    Parameters:
        language: Two letters.
        texts: What was asked, without who, each wording once.
        guesses: The intents they may be about, the likeliest first.
        answer: What the coach answers, or an empty string.
        questions: The numbers of the questions that are to be reviewed.
        voted_down: The intent whose answer was of no use, or an empty string.
        position: Where they stand among all that is to be reviewed.
        groups: How many stand there.
    """

    language: str
    texts: list[str]
    guesses: list[str]
    answer: str
    questions: list[int] = field(default_factory=list)
    voted_down: str = ""
    position: int = 0
    groups: int = 0


async def review(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    `/review`: the most frequent question that nobody has decided about.
    """
    return await _shown(office, 0)


async def following(office: Office, order: Order) -> Done:
    """
    Pass one over, for now.
    """
    draft = await _draft(office, order)
    return replace(await _shown(office, draft.position + 1), replaces=True)


async def ignore(office: Office, order: Order) -> Done:
    """
    Never show these again.
    """
    draft = await _draft(office, order)
    await office.threads.keep(office.questions.deciding(draft.questions, QuestionState.IGNORED))
    return replace(await _shown(office, draft.position), replaces=True)


async def intents(office: Office, order: Order) -> Done:
    """
    Show all intents to choose from, by pages.
    """
    draft = await _draft(office, order)
    number, page = order.arguments[0], int(order.arguments[1])
    answers = office.router.pack.languages[draft.language].answers
    names = sorted(answers, key=lambda name: answers[name].header.title)
    some = names[page * _INTENTS_A_PAGE : (page + 1) * _INTENTS_A_PAGE]
    rows = [(desk_button(answers[name].header.title, "example", number, name),) for name in some]
    turns = [desk_button("◀", "intents", number, str(page - 1))] if page else []
    if (page + 1) * _INTENTS_A_PAGE < len(names):
        turns.append(desk_button("▶", "intents", number, str(page + 1)))
    return Done(_text(office, draft), (*rows, tuple(turns)), replaces=True)


async def example(office: Office, order: Order) -> Done:
    """
    "Belongs to intent X": these texts become examples of it.
    """
    draft = await _draft(office, order)
    lesson = _teaching(office).add_examples(draft.language, order.arguments[1], draft.texts)
    return _learn(office, order, draft, lesson)


async def entry(office: Office, order: Order) -> Done:
    """
    "Make a FAQ entry": with the coach's own answer as draft if there is one; else the coach is asked to write it.
    """
    draft, number = await _draft(office, order), int(order.arguments[0])
    if draft.answer:
        return _previewed(office, number, draft)
    return Done(office.desk.say(Phrase.DESK_WRITE_ANSWER, words=draft.texts[0], count=number), prompts=True)


async def answered(office: Office, order: Order, number: int) -> Done:
    """
    The coach wrote the answer of an entry: show what it will be.
    """
    kept = await office.drafts.get(number)
    if kept is None or not order.words.strip():
        return Done(office.desk.say(Phrase.DESK_STALE))
    changed = replace(_Draft(**kept), answer=order.words.strip())
    await office.drafts.change(number, asdict(changed))
    return _previewed(office, number, changed)


async def draft_from_answer(office: Office, order: Order) -> Done:
    """
    `/faq` as a reply to one's own answer in a topic: a FAQ entry of what the person asked before, and that answer.
    """
    if order.thread is None or order.replied is None or not order.replied.text:
        return Done(office.desk.say(Phrase.DESK_FAQ_USAGE))
    lines = await office.threads.lines(order.thread, 50)
    asked = [line.text for line in lines if line.at <= order.replied.date.timestamp()] or [line.text for line in lines]
    question = order.words.strip() or (asked[-1] if asked else "")
    if len(question) < _SHORTEST_QUESTION:
        return Done(office.desk.say(Phrase.DESK_FAQ_USAGE))
    language = order.thread.profile.language or office.desk.language
    if language not in office.router.pack.languages:
        language = office.desk.language
    text = anonymous(question, order.thread.person.first_name)
    draft = _Draft(language, [text], _guesses(office, text, language), order.replied.text)
    return _previewed(office, await office.drafts.keep(asdict(draft)), draft)


async def publish(office: Office, order: Order) -> Done:
    """
    Put the entry into the FAQ.
    """
    draft = await _draft(office, order)
    first, *also = draft.texts
    made = FaqDraft(first[:_LONGEST_QUESTION], tuple(also), "", tuple(draft.guesses[:1]), draft.answer)
    return _learn(office, order, draft, _teaching(office).add_faq(draft.language, made))


async def undo(office: Office, order: Order) -> Done:
    """
    Take back what was taught last.
    """
    teaching = _teaching(office)

    async def unlearn() -> None:
        lesson = await teaching.undo()
        if lesson is not None and lesson.problem:
            await _report(office, order, lesson)
            return
        html = office.desk.say(Phrase.DESK_UNDONE if lesson else Phrase.DESK_NOTHING_TO_UNDO)
        await office.background.say(order.message, html)

    office.background.begin(order.message, unlearn())
    return Done(office.desk.say(Phrase.DESK_LEARNING), replaces=True)


async def _shown(office: Office, position: int) -> Done:
    """
    One group of questions, with what can be made of it.
    """
    waiting = await office.questions.waiting(_MOST_QUESTIONS)
    if office.teaching is None or not waiting:
        return Done(office.desk.say(Phrase.DESK_REVIEW_EMPTY))
    groups = await office.teaching.groups([(one.text, one.language) for one in waiting])
    if position >= len(groups):
        return Done(office.desk.say(Phrase.DESK_REVIEW_DONE))
    some = [waiting[index] for index in groups[position]]
    draft = _drafted(office, some, position, len(groups))
    number = str(await office.drafts.keep(asdict(draft)))
    answers = office.router.pack.languages[draft.language].answers
    rows: list[tuple[Button, ...]] = [
        (desk_button(f"→ {answers[name].header.title}", "example", number, name),) for name in draft.guesses
    ]
    rows.append((office.desk.button(Phrase.DESK_BUTTON_INTENTS, "intents", number, "0"),))
    rows.append((office.desk.button(Phrase.DESK_BUTTON_ENTRY, "entry", number),))
    last = (
        office.desk.button(Phrase.DESK_BUTTON_IGNORE, "ignore", number),
        office.desk.button(Phrase.DESK_BUTTON_NEXT, "next", number),
    )
    return Done(_text(office, draft), (*rows, last))


def _drafted(office: Office, some: Sequence[Question], position: int, groups: int) -> _Draft:
    language = some[0].language if some[0].language in office.router.pack.languages else office.desk.language
    texts = list(dict.fromkeys(anonymous(one.text, one.first_name) for one in some))
    return _Draft(
        language,
        texts,
        _guesses(office, texts[0], language),
        next((one.answer for one in some if one.answer), ""),
        [one.id for one in some],
        next((one.intent for one in some if one.intent), ""),
        position,
        groups,
    )


async def _draft(office: Office, order: Order) -> _Draft:
    """
    The draft that a button names.

    Raises:
        LookupError: It is gone.
    """
    number = order.arguments[0]
    kept = await office.drafts.get(int(number))
    if kept is None:
        raise KeyError(number)
    return _Draft(**kept)


def _teaching(office: Office) -> Teaching:
    """
    What changes what the bot knows.

    Raises:
        LookupError: Nothing does.
    """
    if office.teaching is None:
        raise LookupError("this bot cannot be taught")
    return office.teaching


def _learn(office: Office, order: Order, draft: _Draft, teaching: Coroutine[Any, Any, Lesson]) -> Done:
    """
    Teach in the background; what was taught need not be reviewed any more.
    """

    async def teach() -> None:
        lesson = await teaching
        if not lesson.problem and draft.questions:
            await office.threads.keep(office.questions.deciding(draft.questions, QuestionState.USED))
        await _report(office, order, lesson)

    office.background.begin(order.message, teach())
    return Done(office.desk.say(Phrase.DESK_LEARNING), replaces=True)


def _text(office: Office, draft: _Draft) -> str:
    count, voted = len(draft.questions), draft.voted_down
    head = office.desk.say(Phrase.DESK_REVIEW, count=count, page=draft.position + 1, pages=draft.groups)
    down = [office.desk.say(Phrase.DESK_REVIEW_DOWN, title=office.cards.title(voted) or voted)] if voted else []
    lines = [f"« {escape(text[:_LONGEST_SHOWN], quote=False)} »" for text in draft.texts[:_MOST_SHOWN]]
    more = [f"… +{len(draft.texts) - _MOST_SHOWN}"] if len(draft.texts) > _MOST_SHOWN else []
    return "\n".join((head, *down, "", *lines, *more))


def _previewed(office: Office, number: int, draft: _Draft) -> Done:
    question = escape(draft.texts[0][:_LONGEST_QUESTION], quote=False)
    answer = escape(draft.answer, quote=False)
    publishing = (office.desk.button(Phrase.DESK_BUTTON_PUBLISH, "publish", str(number)),)
    head = office.desk.say(Phrase.DESK_FAQ_PREVIEW, count=number)
    return Done(f"{head}\n\n<b>{question}</b>\n\n{answer}", (publishing,))


async def _report(office: Office, order: Order, lesson: Lesson) -> None:
    """
    Say what came of a lesson, and offer to take it back.
    """
    if lesson.problem or lesson.change is None:
        await office.background.say(order.message, office.desk.say(Phrase.DESK_NOT_LEARNED, words=lesson.problem))
        return
    what = _what(lesson.change)
    told = office.desk.say(Phrase.DESK_LEARNED, title=what, count=lesson.understood, pages=lesson.asked)
    rows = ((office.desk.button(Phrase.DESK_BUTTON_UNDO, "undo"),),)
    await office.background.say(order.message, told, rows)


def _what(change: Change) -> str:
    """
    What was taught, in as few signs as a coach can read in any language.
    """
    return f"+{change.count} → {change.id}" if change.kind is ChangeKind.EXAMPLES else f"FAQ {change.id}"


def _guesses(office: Office, text: str, language: str) -> list[str]:
    """
    The intents that a text may be about, the likeliest first.
    """
    return [one.intent for one in office.router.reader.read(text, language).verdict.candidates][:_MOST_INTENTS]
