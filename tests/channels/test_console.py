"""
A conversation in the terminal, as a stranger has it.
"""

from io import StringIO

import pytest
from rich.console import Console

from bot.app import App
from bot.channels.console import ConsoleChat, as_text


async def talk(bot: App, monkeypatch: pytest.MonkeyPatch, *lines: str) -> str:
    """
    What the terminal shows after these lines were typed.
    """
    typed = iter(lines)

    def read(*_: object, **__: object) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    console = Console(file=StringIO(), width=100)
    monkeypatch.setattr(console, "input", read)
    await ConsoleChat(bot.router, console).run()
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


async def test_a_conversation_shows_answers_articles_and_numbered_buttons(
    bot: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A question, a button by its number, and goodbye.
    """
    shown = await talk(bot, monkeypatch, "je dois refaire mon cv, par où commencer ?", "1", "/quit", "never read")
    assert "assistant automatique" in shown
    assert "À lire sur le blog" in shown
    assert "[1] 👍 Utile" in shown
    assert "Merci, c'est noté." in shown
    assert shown.rstrip().endswith("À bientôt.")
    assert "never read" not in shown


async def test_a_number_that_is_no_button_is_a_message(bot: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Typing 99 presses nothing and breaks nothing.
    """
    assert "[1]" in await talk(bot, monkeypatch, "99")


async def test_the_end_of_the_input_ends_the_conversation(bot: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Ctrl-D is a way out.
    """
    assert "À bientôt." in await talk(bot, monkeypatch)


async def test_commands_work_as_on_telegram(bot: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    /help, /faq WORDS and /article WORDS are the same everywhere.
    """
    shown = await talk(bot, monkeypatch, "/help", "/article entretien", "/faq photo")
    assert "/privacy" in shown
    assert "articles du blog" in shown
    assert "s'en approche" in shown


def test_markup_becomes_style() -> None:
    """
    What is bold on Telegram is bold in the terminal, and links open.
    """
    text = as_text('a <b>b</b> <a href="https://example.org">c</a> &lt;d&gt;')
    assert text.plain == "a b c <d>"
    assert any("bold" in str(span.style) for span in text.spans)
    assert any("https://example.org" in str(span.style) for span in text.spans)
