"""
What the coach sees of a person: the summary that opens a topic, one line of the list of those who wait, and durations.
"""

import datetime as dt
from collections.abc import Sequence
from html import escape

from babel.dates import format_datetime, format_skeleton, format_timedelta, get_day_names

from bot.channels.telegram.desk.place import Desk
from bot.content import markup
from bot.content.pack import LanguageContent
from bot.content.phrases import Phrase
from bot.conversation.router import Router
from bot.model import ThreadState
from bot.storage.threads import Line, Thread

LINES = 12
"""
Messages of a person that a summary shows.
"""
_LONGEST_LINE = 220
_LONGEST_NAME, _LONGEST_TOPIC = 40, 120


class Cards:
    """
    Writes what the coach sees of people.

    Parameters:
        desk: Its words and its clock.
        router: Knows the titles of intents.
    """

    def __init__(self, desk: Desk, router: Router) -> None:
        self._desk, self._router = desk, router

    def name(self, thread: Thread) -> str:
        """
        A person's first name as plain text, or what stands for it.
        """
        name = " ".join(thread.person.first_name.split())[:_LONGEST_NAME]
        return name or self._desk.plain(Phrase.DESK_NAMELESS)

    def topic(self, thread: Thread, lines: Sequence[Line]) -> str:
        """
        The name of a person's topic: their first name and what they asked about last.
        """
        asked = [title for line in lines if (title := self.title(line.intent))]
        return " · ".join((self.name(thread), *asked[-1:]))[:_LONGEST_TOPIC]

    def title(self, intent: str | None) -> str:
        """
        The title of an intent in the desk's language; empty if there is none.
        """
        answer = self._content.answers.get(intent or "")
        return answer.header.title if answer else ""

    def summary(self, thread: Thread, lines: Sequence[Line]) -> str:
        """
        The summary: who it is, what they asked in order, what the bot made of it, since when they wait.
        """
        say = self._desk.say
        head = [f"<b>{say(Phrase.DESK_URGENT)}</b>"] if thread.urgent else []
        head.append(f"<b>{escape(self.name(thread), quote=False)}</b> · {self._language(thread)}")
        head.append(say(Phrase.DESK_SINCE, title=self.moment(thread.first_seen), words=self.moment(thread.since)))
        if thread.tags:
            head.append(" ".join(f"#{escape(tag, quote=False)}" for tag in thread.tags))
        notes = [f"✍️ {escape(note, quote=False)}" for note in thread.notes]
        asked = [self._line(line) for line in lines] or [say(Phrase.DESK_NOTHING_ASKED)]
        return _within_limits(["\n".join(head), *(["\n".join(notes)] if notes else []), "\n".join(asked)])

    def waiting(self, thread: Thread, link: str) -> str:
        """
        One line of the list of those who wait.

        Parameters:
            thread: The thread.
            link: Where its topic opens; may be empty.
        """
        name = escape(self.name(thread), quote=False)
        shown = f'<a href="{escape(link)}">{name}</a>' if link else name
        mark = "🔴" if thread.urgent else "💬" if thread.state is ThreadState.TAKEN else "⏳"
        return f"{mark} {shown} · {self.ago(thread.since)}"

    def ago(self, since: int) -> str:
        """
        How long ago a moment was, in words.
        """
        return format_timedelta(dt.timedelta(seconds=self.seconds(since)), locale=self._desk.language)

    def seconds(self, since: int) -> float:
        """
        How many seconds ago a moment was.
        """
        return max(0.0, self._desk.now.timestamp() - since)

    def moment(self, at: int) -> str:
        """
        A moment in the desk's language and time zone.
        """
        when = dt.datetime.fromtimestamp(at, dt.UTC)
        return format_datetime(when, "d MMM HH:mm", tzinfo=self._desk.rules.zone, locale=self._desk.language)

    def day(self, day: dt.date) -> str:
        """
        A day in the desk's language.
        """
        return format_skeleton("MMMMd", day, locale=self._desk.language)

    def weekday(self, day: int) -> str:
        """
        A day of the week in the desk's language, 0 for Monday.
        """
        return str(get_day_names("abbreviated", locale=self._desk.language)[day])

    @property
    def _content(self) -> LanguageContent:
        return self._router.pack.languages[self._desk.language]

    def _language(self, thread: Thread) -> str:
        language = thread.profile.language
        content = self._router.pack.languages.get(language or "")
        return content.name if content else "?"

    def _line(self, line: Line) -> str:
        text = " ".join(line.text.split())
        short = text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"
        title = self.title(line.intent)
        made = title if title and line.outcome == "sure" else f"{title} ?" if title else ""
        if not made:
            made = markup.plain(
                self._desk.say(Phrase.DESK_NOT_UNDERSTOOD if line.outcome else Phrase.DESK_NOT_ANSWERED)
            )
        return f"<i>{self.moment(line.at)}</i> {escape(short, quote=False)}\n   → {escape(made, quote=False)}"


def _within_limits(blocks: Sequence[str]) -> str:
    """
    Blocks as one message; if it is too long for Telegram, what it asked first is left out.
    """
    *head, last = blocks
    lines = last.split("\n")
    while len(markup.plain(text := "\n\n".join((*head, "\n".join(lines))))) > markup.MESSAGE_LENGTH and len(lines) > 2:  # noqa: PLR2004
        # Each message is two lines: what was asked and what became of it.
        lines = ["…", *lines[(3 if lines[0] == "…" else 2) :]]
    return text
