"""
Templates become text: Jinja2 in a sandbox, escaped for Telegram HTML, with nothing undefined let through.

A person's words are only ever values; they are never parsed as a template.
"""

import re
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.content.pack import Pack, Template
from bot.content.phrases import Phrase
from bot.model import Form

_ALTERNATIVES = re.compile(r"\[([^\[\]|\n]*)\|([^\[\]|\n]*)\]")
_REPEATED = frozenset({"count", "total", "page", "pages", "title", "bot"})
"""
The values that come again and again and hold nothing a person wrote.
"""
_KEPT = 4096
_UNTIED = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})|(?<=\S) (?=[?!:;»])|(?<=«) (?=\S)", re.DOTALL)
"""
A space that French puts beside a sign, where no line may end; what Jinja reads is left alone.
"""
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class PackContext:
    """
    What every template may use.

    Parameters:
        coach: The name of the human behind the blog.
        blog: The name of the blog.
        blog_url: Its address.
        contact: How to write to the coach.
    """

    coach: str
    blog: str
    blog_url: str
    contact: str


@dataclass(frozen=True, slots=True)
class AdviceContext(PackContext):
    """
    What the answers in `advice/` may use besides.

    Parameters:
        first_name: The person's first name, or an empty string.
        links: The official pages of `pack.yaml`, by id.
        emergency: The numbers to call in distress; each has `number` and `about`.
    """

    first_name: str = ""
    links: dict[str, str] = field(default_factory=dict)
    emergency: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FaqContext(PackContext):
    """
    What the entries in `faq/` may use besides.

    Parameters:
        links: The official pages of `pack.yaml`, by id.
    """

    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhraseContext(PackContext):
    """
    What the short texts in `phrases.yaml` may use besides; what a phrase is not about is empty or zero.

    Parameters:
        first_name: The person's first name, or an empty string.
        words: What the person looked for or typed as a command.
        title: The title of an article, an answer or a category.
        count: A number: minutes of reading, results, articles.
        total: Another number that goes with it: how many there are of which `count` is a part.
        page: The number of a page, from 1.
        pages: How many pages there are.
        bot: The address of the bot, such as `https://t.me/name`.
    """

    first_name: str = ""
    words: str = ""
    title: str = ""
    count: int = 0
    total: int = 0
    page: int = 0
    pages: int = 0
    bot: str = ""


class Renderer:
    """
    Renders the texts of one pack.

    Parameters:
        pack: The pack.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        manifest = pack.manifest
        self._common = {
            "coach": manifest.coach.name,
            "blog": manifest.blog.name,
            "blog_url": manifest.blog.url,
            "contact": manifest.coach.contact,
        }
        self._environment = ImmutableSandboxedEnvironment(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._compiled = lru_cache(maxsize=None)(self._environment.from_string)
        # Most texts are the same for everybody, and many labels stand on every answer.
        self._constant = lru_cache(maxsize=None)(
            lambda template, form: self.render(template, form, self.phrase_context())
        )
        self._repeated = lru_cache(maxsize=_KEPT)(
            lambda template, form, values: self.render(template, form, self.phrase_context(**dict(values)))
        )
        self._constant_advice = lru_cache(maxsize=None)(
            lambda template, form, language: self.render(template, form, self.advice_context(language))
        )

    def advice(self, language: str, intent: str, form: Form, wording: int = 0, first_name: str = "") -> str:
        """
        An intent's answer as Telegram HTML.

        Parameters:
            language: The language to answer in.
            intent: An intent of the pack.
            form: How the person is addressed.
            wording: Which of the wordings; counts round when there are fewer.
            first_name: The person's first name, or an empty string.

        Raises:
            KeyError: There is no such language or intent.
        """
        wordings = self.pack.languages[language].answers[intent].wordings
        template = wordings[wording % len(wordings)]
        if "first_name" in template.source:
            return self.render(template, form, self.advice_context(language, first_name))
        return self._constant_advice(template, form, language)

    def faq(self, language: str, entry: str, form: Form) -> str:
        """
        The answer of a FAQ entry as Telegram HTML.

        Raises:
            KeyError: There is no such language or entry.
        """
        return self.render(self.pack.languages[language].faq[entry].body, form, self.faq_context())

    def phrase(self, language: str, name: Phrase, form: Form, wording: int = 0, **values: Any) -> str:
        """
        A short text as Telegram HTML.

        Parameters:
            language: The language to answer in.
            name: Which text.
            form: How the person is addressed.
            wording: Which of the wordings; counts round when there are fewer.
            values: Fields of `PhraseContext`.

        Raises:
            KeyError: There is no such language or phrase.
        """
        wordings = self.pack.languages[language].phrases[name]
        template = wordings[wording % len(wordings)]
        used = {name: value for name, value in values.items() if name in template.source}
        if not used:
            return self._constant(template, form)
        if used.keys() <= _REPEATED:
            return self._repeated(template, form, tuple(used.items()))
        return self.render(template, form, self.phrase_context(**used))

    def letter(self, source: str, form: Form, first_name: str = "") -> str:
        """
        A text that a coach wrote to many, for one of them.

        Parameters:
            source: Telegram HTML with the variables of `PhraseContext` and `[vous form|tu form]` alternatives.
            form: How the person is addressed.
            first_name: Their first name, or an empty string.

        Raises:
            jinja2.TemplateError: The text is broken, or uses a variable there is not.
        """
        template = Template(source, Path("broadcast"), 1)
        return self.render(template, form, self.phrase_context(first_name=first_name))

    def advice_context(self, language: str, first_name: str = "") -> AdviceContext:
        """
        The context of answers in one language.
        """
        numbers = self.pack.manifest.emergency.get(language, [])
        emergency = tuple(number.model_dump() for number in numbers)
        return AdviceContext(**self._common, first_name=first_name, links=self.pack.manifest.links, emergency=emergency)

    def faq_context(self) -> FaqContext:
        """
        The context of FAQ entries.
        """
        return FaqContext(**self._common, links=self.pack.manifest.links)

    def phrase_context(self, **values: Any) -> PhraseContext:
        """
        The context of short texts, with `values` for the fields a text is about.
        """
        return PhraseContext(**{**self._common, **values})

    def render(self, template: Template, form: Form, context: PackContext) -> str:
        """
        Render one template.

        Raises:
            jinja2.TemplateError: The template is broken or uses what its context does not have.
        """
        source = _UNTIED.sub(lambda found: found[1] or "\N{NO-BREAK SPACE}", with_form(template.source, form))
        # Most texts have nothing for Jinja in them, and compiling one takes a hundred times as long as seeing that.
        text = self._compiled(source).render(asdict(context)) if "{" in source else source
        return _BLANK_LINES.sub("\n\n", text).strip()


def with_form(source: str, form: Form) -> str:
    """
    Choose one side of every `[vous form|tu form]` in a text.
    """
    return _ALTERNATIVES.sub(r"\1" if form is Form.VOUS else r"\2", source)
