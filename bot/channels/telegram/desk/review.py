"""
The learning loop: what the bot did not understand, or answered badly, is shown without who asked; one tap teaches it.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.channels.telegram.desk.office import Office
from bot.channels.telegram.desk.order import Done, Order
from bot.channels.telegram.desk.place import desk_button
from bot.content.drafts import FaqDraft
from bot.content.lesson import Change, ChangeKind, Lesson
from bot.content.phrases import Phrase
from bot.model import Button, Document
from bot.storage.questions import Question, QuestionState
from bot.understanding.anonymity import anonymous

_MOST_QUESTIONS = 500
_MOST_SHOWN = 5
_LONGEST_SHOWN = 200
_LONGEST_QUESTION, _SHORTEST_QUESTION = 120, 5
_MOST_INTENTS = 3
_INTENTS_A_PAGE = 8
_DAYS = {"7d": 7, "30d": 30, "7j": 7, "30j": 30}
_DAYS_SHOWN = 30


async def review(office: Office, order: Order) -> Done:  # noqa: ARG001 (the signature is that of all orders)
    """
    `/review`: the most frequent question that nobody has decided about.
    """
    return await _shown(office, 0)


async def following(office: Office, order: Order) -> Done:
    """
    Pass one over, for now.
    """
    draft = await office.drafts.get(int(order.arguments[0]))
    position = draft["position"] + 1 if draft else 0
    done = await _shown(office, position)
    return Done(done.html, done.buttons, replaces=True)


async def ignore(office: Office, order: Order) -> Done:
    """
    Never show these again.
    """
    draft = await office.drafts.get(int(order.arguments[0]))
    if draft is None:
        return _stale(office)
    await office.threads.keep(office.questions.deciding(draft["questions"], QuestionState.IGNORED))
    done = await _shown(office, draft["position"])
    return Done(done.html, done.buttons, replaces=True)


async def intents(office: Office, order: Order) -> Done:
    """
    Show all intents to choose from, by pages.
    """
    number, page = order.arguments[0], int(order.arguments[1])
    draft = await office.drafts.get(int(number))
    if draft is None:
        return _stale(office)
    answers = office.router.pack.languages[draft["language"]].answers
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
    number, intent = int(order.arguments[0]), order.arguments[1]
    draft = await office.drafts.get(number)
    if draft is None or office.teaching is None:
        return _stale(office)
    teaching = office.teaching

    async def teach() -> None:
        lesson = await teaching.add_examples(draft["language"], intent, draft["texts"])
        if not lesson.problem:
            await office.threads.keep(office.questions.deciding(draft["questions"], QuestionState.USED))
        await _report(office, order, lesson)

    office.background.begin(order.message, teach())
    return Done(office.desk.say(Phrase.DESK_LEARNING), replaces=True)


async def entry(office: Office, order: Order) -> Done:
    """
    "Make a FAQ entry": with the coach's own answer as draft if there is one; else the coach is asked to write it.
    """
    number = int(order.arguments[0])
    draft = await office.drafts.get(number)
    if draft is None:
        return _stale(office)
    if draft["answer"]:
        return _previewed(office, number, draft)
    await office.drafts.change(number, {**draft, "asked": True})
    return Done(office.desk.say(Phrase.DESK_WRITE_ANSWER, words=draft["texts"][0], count=number), prompts=True)


async def answered(office: Office, order: Order, number: int) -> Done:
    """
    The coach wrote the answer of an entry: show what it will be.
    """
    draft = await office.drafts.get(number)
    if draft is None or not order.words.strip():
        return _stale(office)
    changed = {**draft, "answer": order.words.strip()}
    await office.drafts.change(number, changed)
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
    draft = {
        "language": language,
        "texts": [text],
        "questions": [],
        "answer": order.replied.text,
        "intent": _guess(office, text, language),
        "position": 0,
    }
    return _previewed(office, await office.drafts.keep(draft), draft)


async def publish(office: Office, order: Order) -> Done:
    """
    Put the entry into the FAQ.
    """
    draft = await office.drafts.get(int(order.arguments[0]))
    if draft is None or office.teaching is None:
        return _stale(office)
    teaching = office.teaching
    first, *also = draft["texts"]
    intents = (draft["intent"],) if draft["intent"] else ()
    made = FaqDraft(first[:_LONGEST_QUESTION], tuple(also), "", intents, draft["answer"])

    async def teach() -> None:
        lesson = await teaching.add_faq(draft["language"], made)
        if not lesson.problem and draft["questions"]:
            await office.threads.keep(office.questions.deciding(draft["questions"], QuestionState.USED))
        await _report(office, order, lesson)

    office.background.begin(order.message, teach())
    return Done(office.desk.say(Phrase.DESK_LEARNING), replaces=True)


async def undo(office: Office, order: Order) -> Done:
    """
    Take back what was taught last.
    """
    if office.teaching is None:
        return _stale(office)
    teaching = office.teaching

    async def unlearn() -> None:
        lesson = await teaching.undo()
        if lesson is not None and lesson.problem:
            await _report(office, order, lesson)
            return
        html = office.desk.say(Phrase.DESK_UNDONE if lesson else Phrase.DESK_NOTHING_TO_UNDO)
        await office.background.say(order.message, html)

    office.background.begin(order.message, unlearn())
    return Done(office.desk.say(Phrase.DESK_LEARNING), replaces=True)


async def stats(office: Office, order: Order) -> Done:
    """
    `/stats 7d`: what happened, as a text and a picture.
    """
    days = _DAYS.get(order.words.strip().lower(), _DAYS_SHOWN)
    if office.figures is None:
        return _stale(office)
    figures = office.figures

    async def count() -> None:
        caption, picture = await figures(days)
        await office.background.picture(order.message, caption, Document("stats.png", picture))

    office.background.begin(order.message, count())
    return Done(reaction="👀")


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
    draft = _draft(office, some, position, len(groups))
    number = str(await office.drafts.keep(draft))
    answers = office.router.pack.languages[draft["language"]].answers
    rows: list[tuple[Button, ...]] = [
        (desk_button(f"→ {answers[name].header.title}", "example", number, name),) for name in draft["guesses"]
    ]
    rows.append((office.desk.button(Phrase.DESK_BUTTON_INTENTS, "intents", number, "0"),))
    rows.append((office.desk.button(Phrase.DESK_BUTTON_ENTRY, "entry", number),))
    last = (
        office.desk.button(Phrase.DESK_BUTTON_IGNORE, "ignore", number),
        office.desk.button(Phrase.DESK_BUTTON_NEXT, "next", number),
    )
    return Done(_text(office, draft), (*rows, last))


def _draft(office: Office, some: Sequence[Question], position: int, groups: int) -> dict[str, Any]:
    language = some[0].language if some[0].language in office.router.pack.languages else office.desk.language
    texts = list(dict.fromkeys(anonymous(one.text, one.first_name) for one in some))
    verdict = office.router.reader.read(texts[0], language).verdict
    guesses = [one.intent for one in verdict.candidates][:_MOST_INTENTS]
    return {
        "language": language,
        "texts": texts,
        "questions": [one.id for one in some],
        "count": len(some),
        "voted_down": next((one.intent for one in some if one.intent), ""),
        "answer": next((one.answer for one in some if one.answer), ""),
        "guesses": guesses,
        "intent": guesses[0] if guesses else "",
        "position": position,
        "groups": groups,
    }


def _text(office: Office, draft: dict[str, Any]) -> str:
    head = office.desk.say(Phrase.DESK_REVIEW, count=draft["count"], page=draft["position"] + 1, pages=draft["groups"])
    voted = draft["voted_down"]
    down = [office.desk.say(Phrase.DESK_REVIEW_DOWN, title=office.cards.title(voted) or voted)] if voted else []
    lines = [f"« {escape(text[:_LONGEST_SHOWN], quote=False)} »" for text in draft["texts"][:_MOST_SHOWN]]
    more = [f"… +{len(draft['texts']) - _MOST_SHOWN}"] if len(draft["texts"]) > _MOST_SHOWN else []
    return "\n".join((head, *down, "", *lines, *more))


def _previewed(office: Office, number: int, draft: dict[str, Any]) -> Done:
    question = escape(draft["texts"][0][:_LONGEST_QUESTION], quote=False)
    answer = escape(draft["answer"], quote=False)
    publishing = (office.desk.button(Phrase.DESK_BUTTON_PUBLISH, "publish", str(number)),)
    head = office.desk.say(Phrase.DESK_FAQ_PREVIEW, count=number)
    return Done(f"{head}\n\n<b>{question}</b>\n\n{answer}", (publishing,), prompts=False)


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


def _guess(office: Office, text: str, language: str) -> str:
    candidates = office.router.reader.read(text, language).verdict.candidates
    return candidates[0].intent if candidates else ""


def _stale(office: Office) -> Done:
    return Done(office.desk.say(Phrase.DESK_STALE))
