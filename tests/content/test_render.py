"""
Texts are rendered in the right form, escaped, and never executed.
"""

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, meta
from jinja2.exceptions import SecurityError

from bot.content.check import load_pack
from bot.content.pack import Pack, Template
from bot.content.phrases import Phrase
from bot.content.render import AdviceContext, FaqContext, PhraseContext, Renderer, with_form
from bot.model import Form
from tests.builders import write_answer


def variables(sources: list[str]) -> set[str]:
    """
    The names that templates use.
    """
    environment = Environment(autoescape=True)
    return {name for source in sources for name in meta.find_undeclared_variables(environment.parse(source))}


def fields(context: type) -> set[str]:
    """
    The names that a context offers.
    """
    return {field.name for field in dataclasses.fields(context)}


def test_the_answers_use_exactly_what_their_context_offers(pack: Pack) -> None:
    """
    No documented variable is a leftover, and no used one is undocumented.
    """
    answers = [answer for content in pack.languages.values() for answer in content.answers.values()]
    assert variables([wording.source for answer in answers for wording in answer.wordings]) == fields(AdviceContext)


def test_the_faq_uses_exactly_what_its_context_offers(pack: Pack) -> None:
    """
    As for the answers.
    """
    entries = [entry for content in pack.languages.values() for entry in content.faq.values()]
    assert variables([entry.body.source for entry in entries]) == fields(FaqContext)


def test_the_phrases_use_exactly_what_their_context_offers(pack: Pack) -> None:
    """
    As for the answers.
    """
    phrases = [wordings for content in pack.languages.values() for wordings in content.phrases.values()]
    assert variables([wording.source for wordings in phrases for wording in wordings]) == fields(PhraseContext)


@pytest.mark.parametrize("context", [AdviceContext, FaqContext, PhraseContext])
def test_every_variable_is_documented(context: type) -> None:
    """
    A blogger can look up what each variable holds.
    """
    described = {
        name
        for base in context.__mro__
        if base.__doc__
        for name in re.findall(r"^\s+(\w+):", base.__doc__, re.MULTILINE)
    }
    assert fields(context) <= described


def test_one_source_gives_both_forms_of_address() -> None:
    """
    *Vous* and *tu* are written side by side and told apart when the text is rendered.
    """
    source = "[Envoyez|Envoie] [votre|ton] CV [oui] a|b"
    assert with_form(source, Form.VOUS) == "Envoyez votre CV [oui] a|b"
    assert with_form(source, Form.TU) == "Envoie ton CV [oui] a|b"


def test_wordings_take_turns(small_pack: Path) -> None:
    """
    A text with several wordings starts again after the last one.
    """
    write_answer(small_pack, "fr", "greeting", "Un\n---\nDeux\n---\nTrois")
    renderer = Renderer(load_pack(small_pack))
    assert [renderer.advice("fr", "greeting", Form.VOUS, turn) for turn in range(4)] == ["Un", "Deux", "Trois", "Un"]


@given(name=st.text(max_size=40))
def test_a_first_name_is_never_markup_nor_a_template(name: str, pack: Pack) -> None:
    """
    Whatever people call themselves, it is shown as it is.
    """
    renderer = Renderer(pack)
    template = Template("Bonjour {{ first_name }} !", Path("x"), 1)
    text = renderer.render(template, Form.VOUS, renderer.advice_context("fr", f"{name}<b>{{{{ 7*7 }}}}"))
    assert "<b>" not in text
    assert "49" not in text or "49" in name
    assert "{{ 7*7 }}" in text


@pytest.mark.parametrize("source", ["{{ coach.__class__.__mro__ }}", "{{ links.update({}) }}", "{% include 'x' %}"])
def test_a_template_cannot_leave_its_sandbox(source: str, pack: Pack) -> None:
    """
    A pack from a stranger cannot reach into the program or change what others read.
    """
    renderer = Renderer(pack)
    with pytest.raises((SecurityError, TypeError)):
        renderer.render(Template(source, Path("x"), 1), Form.VOUS, renderer.advice_context("fr"))


def test_each_language_has_the_same_wordings_of_phrases_that_are_labels(pack: Pack) -> None:
    """
    Labels do not change from one message to the next.
    """
    for content in pack.languages.values():
        for name in Phrase:
            if name.startswith(("button_", "command_")):
                assert len(content.phrases[name]) == 1


@pytest.mark.parametrize("form", list(Form))
def test_choosing_a_form_leaves_no_words_run_together_or_torn_apart(form: Form, pack: Pack) -> None:
    """
    "[vous|t']amène" would be "vousamène" to some; the space belongs to one side.
    """
    french = pack.languages["fr"]
    sources = [template.source for answer in french.answers.values() for template in answer.wordings]
    sources += [entry.body.source for entry in french.faq.values()]
    sources += [template.source for wordings in french.phrases.values() for template in wordings]
    faults = re.compile(r"\b(?:vous|votre|vos)[a-zà-ÿ]\w*|\bt'\s")
    assert [found.group() for source in sources for found in faults.finditer(with_form(source, form))] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Vraiment ? Oui : « là » !", "Vraiment_? Oui_: «_là_»_!"),
        ("{{ coach if coach != 'x' else '' }} !", "Camille_!"),
        ("« {{ coach }} » ; fin", "«_Camille_»_; fin"),
        ("Really? Yes: so.", "Really? Yes: so."),
    ],
)
def test_no_line_ends_before_a_sign_that_french_sets_apart(source: str, text: str, pack: Pack) -> None:
    """
    On a phone a "?" alone on a line is what people see first.
    """
    renderer = Renderer(pack)
    rendered = renderer.render(Template(source, Path("x"), 1), Form.VOUS, renderer.advice_context("fr"))
    assert rendered == text.replace("_", "\N{NO-BREAK SPACE}")
