"""
What coaches taught the bot, read like a pack and laid over one. The pack wins where the two do not go together: what
does not fit is left out and said, never lost.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.content.pack import Example, FaqEntry, LanguageContent, Pack, PackReader
from bot.content.problems import Problem
from bot.content.rules import same_message_key

OWNER = "pack.txt"
"""
The file of an overlay that holds the name of the blog whose pack it is for.
"""


class OverlayReader(PackReader):
    """
    Reads one overlay. Faults of form end up in `problems`.

    Parameters:
        folder: The folder of the overlay; it need not exist.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.absolute())
        self.rest: dict[Path, tuple[str, ...]] = {}
        """
        By file that was laid over the pack: the lines of it that were left out.
        """
        self._left_out: list[Problem] = []

    def lay_over(self, pack: Pack) -> Pack:
        """
        The pack with what the overlay adds; what does not fit is in its `left_out`.
        """
        languages = dict(pack.languages)
        try:
            folders = sorted(path for path in self.directory.iterdir() if path.is_dir())
            if self._is_of(pack):
                for folder in folders:
                    if (language := folder.name) in languages:
                        languages[language] = self._lay_over_language(pack, languages[language], folder)
                    else:
                        self._leave_out(folder, 1, f"{language} is none of the languages of the pack")
        except FileNotFoundError:
            return pack
        except OSError as error:
            self._report(self.directory, 1, f"the overlay cannot be read ({error.strerror})")
        return replace(pack, languages=languages, left_out=tuple(self._left_out))

    def _is_of(self, pack: Pack) -> bool:
        path = self.directory / OWNER
        owner = self._text(path).strip() if path.is_file() else ""
        name = pack.manifest.blog.name
        if owner in {"", name}:
            return True
        self._leave_out(path, 1, f"this was taught to {owner}, not to {name}: another pack needs another overlay")
        return False

    def _lay_over_language(self, pack: Pack, content: LanguageContent, folder: Path) -> LanguageContent:
        return replace(
            content,
            examples=self._more_examples(content, folder / "examples"),
            faq=self._more_faq(pack, content, folder),
        )

    def _more_examples(self, content: LanguageContent, folder: Path) -> dict[str, tuple[Example, ...]]:
        examples, paths = dict(content.examples), list(self._files(folder, ".txt"))
        homes: dict[str, tuple[str, Example]] = {}
        if paths:
            homes = {same_message_key(one.text): (intent, one) for intent, all_ in examples.items() for one in all_}
        for path in paths:
            intent, added, rest = path.stem, [], []
            if intent not in examples:
                self._leave_out(path, 1, f"{intent} is no intent of the pack")
                continue
            for example in self._examples(path):
                home, first = homes.setdefault(same_message_key(example.text), (intent, example))
                if first is example:
                    added.append(example)
                elif home != intent:
                    rest.append(example.text)
                    self._leave_out(path, example.line, f"this message stands in {first.path}:{first.line} already")
            examples[intent] += tuple(added)
            self.rest[path] = tuple(rest)
        return examples

    def _more_faq(self, pack: Pack, content: LanguageContent, folder: Path) -> dict[str, FaqEntry]:
        faq = dict(content.faq)
        homes = {same_message_key(question): entry.id for entry in faq.values() for question in _questions(entry)}
        for path in self._files(folder / "faq", ".md"):
            entry = self._faq_entry(path)
            if entry is None:
                continue
            if reason := _misfit(entry, pack, homes):
                self._leave_out(path, 1, reason)
                continue
            faq[entry.id] = entry
            homes.update({same_message_key(question): entry.id for question in _questions(entry)})
            self.rest[path] = ()
        # As the pack would have them if they stood in its own folder, so that the same is learned from both.
        return dict(sorted(faq.items()))

    def _leave_out(self, path: Path, line: int, text: str) -> None:
        self._left_out.append(Problem(path, line, text))

    def _relative(self, path: Path) -> Path:
        return path


def _questions(entry: FaqEntry) -> tuple[str, ...]:
    return (entry.header.question, *entry.header.also)


def _misfit(entry: FaqEntry, pack: Pack, homes: Mapping[str, str]) -> str:
    """
    Why an entry cannot be in a pack, or an empty string.

    Parameters:
        entry: The entry.
        pack: The pack.
        homes: Which entry each question leads to, by `same_message_key`.
    """
    header = entry.header
    if header.category not in pack.manifest.faq_categories:
        return f"category: {header.category} is not among the faq_categories of pack.yaml"
    if unknown := sorted(set(header.intents) - set(pack.intents)):
        return f"intents: {unknown[0]} is no intent"
    for question in _questions(entry):
        if (home := homes.get(same_message_key(question), entry.id)) != entry.id:
            return f"“{question}” leads to {home} already"
    return ""
