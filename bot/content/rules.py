"""
What must hold across the files of a pack, one function a rule. `RULES` is the whole list.

Each rule takes a pack and yields what is wrong; `bot.content.check` runs them all.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError

from bot.content import markup
from bot.content.letters import unaccented
from bot.content.pack import OUT_OF_SCOPE, Pack, Template
from bot.content.phrases import Phrase
from bot.content.problems import Problem
from bot.content.render import PackContext, Renderer
from bot.model import Form

SAFETY_INTENT = "distress"
FEWEST_EXAMPLES = 5
FEWEST_INTENTS = 2
MOST_CONCEPTS_A_WORD = 2

_WORDS = re.compile(r"\w+")
_SAMPLE: dict[str, Any] = {
    "first_name": "Camille",
    "words": "photo",
    "title": "Photo",
    "count": 2,
    "total": 3,
    "page": 1,
    "pages": 2,
    "bot": "https://t.me/bot",
}
"""
Values with which short texts are tried out.
"""

Rule = Callable[[Pack], Iterator[Problem]]


def templates_render(pack: Pack) -> Iterator[Problem]:
    """
    Every text renders in both forms of address, uses known variables and tags only, and fits one message.
    """
    renderer = Renderer(pack)
    for template, context in _templates(pack, renderer):
        forms = list(Form) if "|" in template.source else [Form.VOUS]
        problems = (_render_problem(renderer, template, form, context) for form in forms)
        if problem := next(filter(None, problems), None):
            yield problem


def intents_suffice(pack: Pack) -> Iterator[Problem]:
    """
    There is an answer to distress, and something to tell it from.
    """
    if SAFETY_INTENT not in pack.intents:
        yield Problem(Path("pack.yaml"), 1, f"a pack must answer people in danger: {SAFETY_INTENT} is missing")
    if len(pack.intents) < FEWEST_INTENTS:
        yield Problem(Path("pack.yaml"), 1, f"a pack needs at least {FEWEST_INTENTS} intents to tell apart")


def files_match(pack: Pack) -> Iterator[Problem]:
    """
    What exists in one language exists in all: answers, examples, concepts and phrases. FAQ entries may differ.
    """
    for kind, suffix in (("answers", "advice/{}.md"), ("examples", "examples/{}.txt")):
        everywhere = {name for content in pack.languages.values() for name in getattr(content, kind)}
        for language, content in pack.languages.items():
            for name in sorted(everywhere - set(getattr(content, kind))):
                yield Problem(
                    Path(language, suffix.format(name)), 1, "another language has this file, this one lacks it"
                )
    concepts = {name for content in pack.languages.values() for name in content.concepts}
    for language, content in pack.languages.items():
        for name in sorted(concepts - set(content.concepts)):
            yield Problem(
                Path(language, "concepts.yaml"), 1, f"another language has the concept {name}, this one lacks it"
            )


def phrases_are_known(pack: Pack) -> Iterator[Problem]:
    """
    `phrases.yaml` holds exactly the short texts that the bot says.
    """
    known = [str(name) for name in Phrase]
    for language, content in pack.languages.items():
        path = Path(language, "phrases.yaml")
        for name in known:
            if not content.phrases.get(name):
                yield Problem(path, 1, f"the phrase {name} is missing")
        for name, wordings in content.phrases.items():
            if name not in known:
                yield Problem(path, wordings[0].line if wordings else 1, f"no phrase is called {name}")


def examples_have_answers(pack: Pack) -> Iterator[Problem]:
    """
    Every intent has an answer and enough examples, and there are examples of what is out of scope.
    """
    for language, content in pack.languages.items():
        for intent in content.answers:
            path = Path(language, "examples", f"{intent}.txt")
            if len(content.examples.get(intent, ())) < FEWEST_EXAMPLES:
                yield Problem(path, 1, f"an intent needs at least {FEWEST_EXAMPLES} examples to be recognised")
        for intent in content.examples:
            if intent != OUT_OF_SCOPE and intent not in content.answers:
                yield Problem(
                    Path(language, "examples", f"{intent}.txt"), 1, f"there is no {language}/advice/{intent}.md"
                )
        if len(content.examples.get(OUT_OF_SCOPE, ())) < FEWEST_EXAMPLES:
            text = "without examples of what is out of scope the bot answers everything"
            yield Problem(Path(language, "examples", f"{OUT_OF_SCOPE}.txt"), 1, text)


def examples_are_unique(pack: Pack) -> Iterator[Problem]:
    """
    No message stands under two intents, nor twice under one.
    """
    for content in pack.languages.values():
        seen: dict[str, str] = {}
        for examples in content.examples.values():
            for example in examples:
                key = same_message_key(example.text)
                if key in seen:
                    yield Problem(example.path, example.line, f"this message stands in {seen[key]} already")
                seen.setdefault(key, f"{example.path}:{example.line}")


def buttons_lead_somewhere(pack: Pack) -> Iterator[Problem]:
    """
    The intents that the menu and the answers lead to exist.
    """
    for theme in pack.manifest.themes:
        for intent in set(theme.intents) - set(pack.intents):
            yield Problem(Path("pack.yaml"), 1, f"the theme {theme.id} leads to {intent}, which is no intent")
    for language, content in pack.languages.items():
        for answer in content.answers.values():
            path = Path(language, "advice", f"{answer.id}.md")
            for intent in set(answer.header.related) - set(pack.intents):
                yield Problem(path, 1, f"related: {intent} is no intent")


def faq_entries_belong_somewhere(pack: Pack) -> Iterator[Problem]:
    """
    The category and the intents of FAQ entries exist.
    """
    categories = pack.manifest.faq_categories
    for content in pack.languages.values():
        for entry in content.faq.values():
            path = entry.body.path
            if entry.header.category not in categories:
                yield Problem(
                    path, 1, f"category: {entry.header.category} is not among the faq_categories of pack.yaml"
                )
            for intent in set(entry.header.intents) - set(pack.intents):
                yield Problem(path, 1, f"intents: {intent} is no intent")


def questions_are_unique(pack: Pack) -> Iterator[Problem]:
    """
    No question, in any of its wordings, leads to two FAQ entries.
    """
    for content in pack.languages.values():
        seen: dict[str, str] = {}
        for entry in content.faq.values():
            for question in (entry.header.question, *entry.header.also):
                other = seen.setdefault(same_message_key(question), entry.id)
                if other != entry.id:
                    text = f"“{question}” leads to {other} already"
                    yield Problem(entry.body.path, 1, text)


def concepts_are_distinct(pack: Pack) -> Iterator[Problem]:
    """
    A word that stands under more than two concepts says nothing any more.
    """
    for language, content in pack.languages.items():
        homes: defaultdict[str, list[str]] = defaultdict(list)
        for concept, words in content.concepts.items():
            for word in dict.fromkeys(same_message_key(word) for word in words):
                homes[word].append(concept)
        for word, concepts in homes.items():
            if len(concepts) > MOST_CONCEPTS_A_WORD:
                text = f"“{word}” stands under {', '.join(concepts)}: keep it under two at most"
                yield Problem(Path(language, "concepts.yaml"), 1, text)


def manifest_speaks_every_language(pack: Pack) -> Iterator[Problem]:
    """
    `pack.yaml` has emergency numbers and titles in each language.
    """
    path, manifest = Path("pack.yaml"), pack.manifest
    for language in manifest.languages:
        if not manifest.emergency.get(language):
            yield Problem(path, 1, f"emergency: there is no number for {language}")
        for theme in manifest.themes:
            if language not in theme.title:
                yield Problem(path, 1, f"themes: {theme.id} has no title in {language}")
        for category, title in manifest.faq_categories.items():
            if language not in title:
                yield Problem(path, 1, f"faq_categories: {category} has no title in {language}")


def sources_are_there(pack: Pack) -> Iterator[Problem]:
    """
    The folders and files that `pack.yaml` names as sources of articles exist.
    """
    path, manifest = Path("pack.yaml"), pack.manifest
    for source in manifest.articles:
        if source.folder is not None and not (pack.directory / source.folder).is_dir():
            yield Problem(path, 1, f"articles: there is no folder {source.folder} in the pack")
        if source.export is not None and not (pack.directory / source.export).is_file():
            yield Problem(path, 1, f"articles: there is no file {source.export} in the pack")
        if source.language is not None and source.language not in manifest.languages:
            yield Problem(path, 1, f"articles: {source.name} is in {source.language}, which is none of the languages")


RULES: tuple[Rule, ...] = (
    manifest_speaks_every_language,
    sources_are_there,
    intents_suffice,
    files_match,
    phrases_are_known,
    templates_render,
    examples_have_answers,
    examples_are_unique,
    buttons_lead_somewhere,
    faq_entries_belong_somewhere,
    questions_are_unique,
    concepts_are_distinct,
)


def same_message_key(text: str) -> str:
    """
    A text without case, accents and punctuation: two messages with the same key are the same message.
    A text of punctuation or emoji alone is its own key.
    """
    return " ".join(_WORDS.findall(unaccented(text.casefold()))) or text.strip()


def _templates(pack: Pack, renderer: Renderer) -> Iterator[tuple[Template, PackContext]]:
    for language, content in pack.languages.items():
        for answer in content.answers.values():
            for wording in answer.wordings:
                yield wording, renderer.advice_context(language, first_name="Camille")
        for entry in content.faq.values():
            yield entry.body, renderer.faq_context()
        for wordings in content.phrases.values():
            for wording in wordings:
                yield wording, renderer.phrase_context(**_SAMPLE)


def _render_problem(renderer: Renderer, template: Template, form: Form, context: PackContext) -> Problem | None:
    try:
        text = markup.plain(html := renderer.render(template, form, context))
    except TemplateSyntaxError as error:
        return Problem(template.path, template.line + error.lineno - 1, f"the template is broken: {error.message}")
    except TemplateError as error:
        return Problem(template.path, _line_of_name(template, str(error)), f"the template cannot be rendered: {error}")
    except markup.MarkupError as error:
        return Problem(template.path, template.line + error.line - 1, str(error))
    if not text.strip():
        return Problem(template.path, template.line, "there is no text here")
    if markup.length(html) > markup.MESSAGE_LENGTH:
        return Problem(
            template.path, template.line, f"this is longer than the {markup.MESSAGE_LENGTH} characters of a message"
        )
    return None


def _line_of_name(template: Template, error: str) -> int:
    """
    The line on which the name that an undefined-variable error quotes first stands.
    """
    names = re.findall(r"'(\w+)'", error)
    for number, line in enumerate(template.source.split("\n")):
        if any(re.search(rf"\b{name}\b", line) for name in names):
            return template.line + number
    return template.line
