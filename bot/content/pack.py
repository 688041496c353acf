"""
A directory becomes a `Pack`. Reading collects every fault of form; what must hold across files is in `rules`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.content.phrases import Phrase
from bot.content.problems import PackError, Problem
from bot.content.schema import AnswerHeader, FaqHeader, Id, Manifest

OUT_OF_SCOPE = "out_of_scope"
"""
The stem of the example file whose messages no intent should answer.
"""

_FENCE = "---"
_STEM = re.compile(r"[a-z0-9_]{1,40}")
_Header = TypeVar("_Header", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Template:
    """
    The source of one text, before rendering.

    Parameters:
        source: Jinja2 with `[vous form|tu form]` alternatives.
        path: The file it stands in, relative to the pack.
        line: The line it begins on.
    """

    source: str
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """
    `advice/<intent>.md`: what the bot says to an intent, in one or several wordings.
    """

    id: str
    header: AnswerHeader
    wordings: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """
    `faq/<entry>.md`: one precise question and its answer.
    """

    id: str
    header: FaqHeader
    body: Template


@dataclass(frozen=True, slots=True)
class Example:
    """
    One message of `examples/<intent>.txt`, the line it stands on, and the file.
    """

    text: str
    line: int
    path: Path


@dataclass(frozen=True, slots=True)
class LanguageContent:
    """
    Everything a pack says in one language.

    Parameters:
        answers: By intent.
        examples: By intent, and under `OUT_OF_SCOPE`.
        concepts: By concept: the words and phrases that mean it.
        faq: By entry.
        phrases: By name: the wordings of a short text.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    concepts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faq: dict[str, FaqEntry] = field(default_factory=dict)
    phrases: dict[str, tuple[Template, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """
        The language by its own name.
        """
        return self.phrases[Phrase.LANGUAGE_NAME][0].source


@dataclass(frozen=True, slots=True)
class Pack:
    """
    A content pack that has been read.

    Parameters:
        directory: Where it was read from.
        manifest: Its `pack.yaml`.
        languages: What it says, by language; the first is the one used in doubt.
        left_out: What of the overlay does not fit this pack, and why.
    """

    directory: Path
    manifest: Manifest
    languages: dict[str, LanguageContent]
    left_out: tuple[Problem, ...] = ()

    @property
    def default_language(self) -> str:
        """
        The language used when nothing tells which one a person reads.
        """
        return self.manifest.languages[0]

    @property
    def intents(self) -> tuple[str, ...]:
        """
        The ids of all intents, sorted.
        """
        return tuple(sorted(self.languages[self.default_language].answers))


class PackReader:
    """
    Reads one directory and keeps a list of what was wrong with it.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problems: list[Problem] = []

    def read(self) -> Pack:
        """
        Read everything that can be read; faults of form end up in `problems`.

        Raises:
            PackError: As `manifest`.
        """
        manifest = self.manifest()
        languages = {language: self._language(language) for language in manifest.languages}
        return Pack(self.directory, manifest, languages)

    def manifest(self) -> Manifest:
        """
        Read `pack.yaml` alone, which takes a hundredth of the time.

        Raises:
            PackError: There is no pack in the directory, or its `pack.yaml` cannot be understood.
        """
        manifest_path = self.directory / "pack.yaml"
        if not manifest_path.is_file():
            text = f"there is no content pack in {self.directory}: a pack has a pack.yaml"
            raise PackError([Problem(Path("pack.yaml"), 1, text)])
        manifest: Manifest | None = self._validated(Manifest, self._text(manifest_path), manifest_path)
        if manifest is None:
            raise PackError(self.problems)
        return manifest

    def _language(self, language: str) -> LanguageContent:
        folder = self.directory / language
        return LanguageContent(
            answers={
                path.stem: answer for path in self._files(folder / "advice", ".md") if (answer := self._answer(path))
            },
            examples={path.stem: self._examples(path) for path in self._files(folder / "examples", ".txt")},
            concepts=self._word_lists(folder / "concepts.yaml"),
            faq={path.stem: entry for path in self._files(folder / "faq", ".md") if (entry := self._faq_entry(path))},
            phrases=self._phrases(folder / "phrases.yaml"),
        )

    def _answer(self, path: Path) -> Answer | None:
        header, body, line = self._front_matter(AnswerHeader, path)
        if header is None:
            return None
        return Answer(path.stem, header, tuple(self._wordings(body, path, line)))

    def _faq_entry(self, path: Path) -> FaqEntry | None:
        header, body, line = self._front_matter(FaqHeader, path)
        if header is None:
            return None
        return FaqEntry(path.stem, header, Template(body.strip(), self._relative(path), line))

    def _wordings(self, body: str, path: Path, line: int) -> Iterator[Template]:
        for wording in re.split(rf"^{_FENCE}[ \t]*$\n?", body, flags=re.MULTILINE):
            leading = len(wording) - len(wording.lstrip("\n")) if wording.strip() else 0
            yield Template(wording.strip(), self._relative(path), line + leading)
            line += wording.count("\n") + 1

    def _examples(self, path: Path) -> tuple[Example, ...]:
        lines = enumerate(self._text(path).split("\n"), 1)
        relative = self._relative(path)
        return tuple(Example(text.strip(), number, relative) for number, text in lines if text.strip())

    def _word_lists(self, path: Path) -> dict[str, tuple[str, ...]]:
        read = self._validated(TypeAdapter(dict[Id, list[str]]), self._text(path), path)
        return {name: tuple(words) for name, words in (read or {}).items()}

    def _phrases(self, path: Path) -> dict[str, tuple[Template, ...]]:
        text = self._text(path)
        read = self._validated(TypeAdapter(dict[Id, str | list[str]]), text, path) or {}
        lines = {key: number for number, line in enumerate(text.split("\n"), 1) for key in re.findall(r"^(\w+):", line)}
        relative = self._relative(path)
        return {
            name: tuple(
                Template(wording.strip(), relative, lines.get(name, 1))
                for wording in ([wordings] if isinstance(wordings, str) else wordings)
            )
            for name, wordings in read.items()
        }

    def _files(self, folder: Path, suffix: str) -> Iterator[Path]:
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            if path.suffix != suffix:
                self._report(path, 1, f"only {suffix} files belong here")
            elif not _STEM.fullmatch(path.stem):
                self._report(path, 1, "a file's name is an id: a-z, 0-9 and _, at most 40 characters")
            else:
                yield path

    def _front_matter(self, model: type[_Header], path: Path) -> tuple[_Header | None, str, int]:
        head, fence, body = self._text(path).removeprefix(_FENCE + "\n").partition("\n" + _FENCE + "\n")
        if not fence or head.startswith(_FENCE):
            self._report(path, 1, f"the file must begin with front matter between two lines of {_FENCE}")
            return None, "", 1
        return self._validated(model, head, path, first_line=2), body, head.count("\n") + 4

    def _text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError:
            self._report(path, 1, "the file is missing")
        except (OSError, UnicodeDecodeError) as error:
            self._report(path, 1, f"the file cannot be read as UTF-8 text ({error})")
        return ""

    def _validated(self, shape: Any, text: str, path: Path, first_line: int = 1) -> Any:
        """
        Parse YAML and hold it against a pydantic model or type adapter; report each fault on the line it stands on.
        """
        try:
            value = yaml.load(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = (mark.line if mark else 0) + first_line
            self._report(path, line, f"this is not YAML: {getattr(error, 'problem', None) or error}")
            return None
        try:
            if isinstance(shape, TypeAdapter):
                return shape.validate_python(value if value is not None else {})
            return shape.model_validate(value if value is not None else {})
        except ValidationError as error:
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            for fault in error.errors(include_url=False):
                where = ".".join(str(step) for step in fault["loc"])
                message = fault["msg"].removeprefix("Value error, ")
                self._report(
                    path, _line_of(node, fault["loc"]) + first_line, f"{where}: {message}" if where else message
                )
            return None

    def _report(self, path: Path, line: int, text: str) -> None:
        self.problems.append(Problem(self._relative(path), line, text))

    def _relative(self, path: Path) -> Path:
        return path.relative_to(self.directory)


def _line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """
    The line (from 0) of the YAML node that a pydantic error location points at, or of its nearest ancestor.
    """
    line = node.start_mark.line if node else 0
    for step in location:
        child: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            child = next((value for key, value in node.value if key.value == str(step)), None)
            line = next((key.start_mark.line for key, _ in node.value if key.value == str(step)), line)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
            line = child.start_mark.line
        node = child
    return line
