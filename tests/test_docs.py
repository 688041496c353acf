"""
What is written about the program is true.
"""

import re
import shlex
from pathlib import Path

import pytest

from bot.cli import _COMMANDS, _parser
from bot.content import retention
from bot.content.pack import Pack
from bot.content.phrases import Phrase
from bot.content.render import Renderer
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def test_the_example_settings_are_the_settings() -> None:
    """
    `.env.example` lists every setting in order, with the description and the default the program has.
    """
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^# (.+)\n(?:# )?TREMPLIN_(\w+)=(.*)$", text, re.MULTILINE)
    fields = Settings.model_fields
    assert [(about, name) for about, name, _ in listed] == [
        (field.description, name.upper()) for name, field in fields.items()
    ]
    for _, name, value in listed:
        field = fields[name.lower()]
        if field.default_factory is None and name != "TOKEN":
            assert value == str(field.default)


def test_the_readme_names_every_setting_and_command() -> None:
    """
    Nothing has to be guessed from the code.
    """
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"TREMPLIN_{name.upper()}" in text
    (commands,) = (action.choices for action in _parser()._actions if action.choices)
    for command in commands:
        assert f"python -m bot {command}" in text


def test_what_the_help_shows_can_be_typed() -> None:
    """
    Every example below a command's help is understood as that command.
    """
    for command in _COMMANDS:
        for example in command.examples:
            _, words = re.split(" > | {3}", example)[0].split("python -m bot ")
            assert _parser().parse_args(shlex.split(words)).command is command.run


@pytest.mark.parametrize("page", ["README.md", "replies/README.md", "benchmarks/README.md", "CHANGELOG.md"])
def test_links_between_pages_lead_to_files(page: str) -> None:
    """
    Whoever reads on arrives.
    """
    path = ROOT / page
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_recipes_name_real_phrases() -> None:
    """
    The pack's README speaks of texts that exist.
    """
    text = (ROOT / "replies" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`phrases\.yaml`: `(\w+)`", text))
    assert named <= {str(name) for name in Phrase}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_pin_with_hashes_and_name_no_host(name: str) -> None:
    """
    The same files are installed everywhere, from whatever index a machine uses.
    """
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    assert len(pins) > 20
    assert len(re.findall(r"^[\w.-]+==.*?(?=^[\w.-]+==|\Z)", text, re.MULTILINE | re.DOTALL)) == len(pins)
    assert all("--hash=sha256:" in entry for entry in re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:])
    assert "://" not in text
    assert "--index" not in text


def test_the_privacy_page_is_what_the_bot_says(pack: Pack) -> None:
    """
    `docs/privacy.md` is made from the same list as `/privacy` and the purge.
    """
    page = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert page == retention.page(Renderer(pack))
