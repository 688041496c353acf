"""
The pack speaking to one person: in their language, by their name, with a wording they have not just read.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from babel.core import get_global
from babel.dates import format_skeleton, get_timezone_location

from bot.content import markup
from bot.content.pack import LanguageContent
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.conversation.memory import Memory
from bot.conversation.payloads import Payload, Verb
from bot.model import Article, Button, Form, Person


@dataclass(frozen=True, slots=True)
class Voice:
    """
    Renders texts and labels for one person.

    Parameters:
        renderer: The renderer of the pack.
        memory: Knows which wordings the person has read.
        person: To whom it speaks.
        language: In which language.
        form: In which form of address.
        click_url: The address that counts how often an article is opened; empty to link to the blog itself.
    """

    renderer: Renderer
    memory: Memory
    person: Person
    language: str
    form: Form
    click_url: str = ""

    @property
    def content(self) -> LanguageContent:
        """
        What the pack says in this language.
        """
        return self.renderer.pack.languages[self.language]

    def advice(self, intent: str) -> str:
        """
        An intent's answer, in the next wording for this person.
        """
        wording = self.memory.visits(intent)
        return self.renderer.advice(self.language, intent, self.form, wording, self.person.first_name)

    def faq(self, entry: str) -> str:
        """
        A FAQ entry: its question in bold, its answer below.
        """
        question = escape(self.content.faq[entry].header.question, quote=False)
        return f"<b>{question}</b>\n\n{self.renderer.faq(self.language, entry, self.form)}"

    def phrase(self, name: Phrase, **values: Any) -> str:
        """
        A short text, in the next wording for this person.
        """
        wording = self.memory.visits(name) if len(self.content.phrases[name]) > 1 else 0
        values.setdefault("first_name", self.person.first_name)
        return self.renderer.phrase(self.language, name, self.form, wording, **values)

    def plain(self, name: Phrase, **values: Any) -> str:
        """
        A short text without markup, as labels and notices want it.
        """
        return markup.plain(self.renderer.phrase(self.language, name, self.form, **values))

    def title(self, intent: str) -> str:
        """
        The title of an intent's answer.
        """
        return self.content.answers[intent].header.title

    def link(self, article: Article) -> str:
        """
        Where an article opens.
        """
        return f"{self.click_url}/{article.id}" if self.click_url and article.is_public else article.url

    def details(self, article: Article) -> str:
        """
        When an article was written and how long it takes to read, in one plain line.
        """
        minutes = self.plain(Phrase.READING_TIME, count=article.reading_minutes)
        if article.published is None:
            return minutes
        shown = _month(article.published.year, article.published.month, self.language)
        if article.outdated:
            shown = self.plain(Phrase.ARTICLE_OUTDATED, title=shown)
        return f"{shown} · {minutes}"

    def day(self, day: date) -> str:
        """
        A day as the language writes it: "24 août".
        """
        return format_skeleton("MMMMd", day, locale=self.language)

    def zone(self, zone: str) -> str:
        """
        A time zone by its city: "Nouméa".
        """
        if zone in get_global("zone_aliases"):
            # Babel knows Montreal as Toronto, which is not what people there would look for.
            return zone.rpartition("/")[2].replace("_", " ")
        return str(get_timezone_location(zone, locale=self.language, return_city=True))

    def button(self, label: str, verb: Verb, *arguments: str) -> Button:
        """
        A button with a label and what pressing it does.
        """
        return Button(label, payload=Payload(verb, self.language, arguments).encode())

    def intent_button(self, intent: str) -> Button:
        """
        A button that leads to an intent's answer.
        """
        return self.button(self.title(intent), Verb.INTENT, intent)

    def phrase_button(self, name: Phrase, verb: Verb, *arguments: str, **values: Any) -> Button:
        """
        A button whose label is a short text of the pack.
        """
        return self.button(self.plain(name, **values), verb, *arguments)


@lru_cache(maxsize=512)
def _month(year: int, month: int, language: str) -> str:
    """
    A month as a language writes it: "mars 2026".
    """
    return format_skeleton("yMMMM", date(year, month, 1), locale=language)
