"""
From the settings to a bot that is ready to talk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.app.blogging import local_articles, marked, sources_of
from bot.app.lessons import extractor_of, learned_weights
from bot.content.check import load_pack
from bot.content.pack import Pack
from bot.content.problems import PackError, Problem
from bot.content.render import Renderer
from bot.conversation.ports import Archive, NoArchive
from bot.conversation.router import Router
from bot.model import Article
from bot.settings import Settings
from bot.understanding.catalogue import Catalogue
from bot.understanding.evaluation import LabelledMessage
from bot.understanding.progress import Progress, unseen
from bot.understanding.reader import Reader

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """
    A bot that is ready to talk; a channel puts it in touch with people.
    """

    settings: Settings
    catalogue: Catalogue
    router: Router

    @property
    def pack(self) -> Pack:
        """
        The content pack, with what coaches taught laid over it.
        """
        return self.router.pack

    @property
    def reader(self) -> Reader:
        """
        What understands utterances now.
        """
        return self.router.reader


def build(
    settings: Settings,
    progress: Progress = unseen,
    archive: Archive | None = None,
    articles: Iterable[Article] = (),
) -> App:
    """
    Read the pack and the articles in its folders, learn or load the weights, and put the parts together.

    Parameters:
        settings: The settings.
        progress: Told how far the learning has come, when there is something to learn.
        archive: Shows what is kept of people; nothing is if None.
        articles: The articles that were read from elsewhere.

    Raises:
        PackError: The pack has faults.
    """
    pack = load_content(settings)
    local, problems = local_articles(pack, sources_of(settings, pack.manifest))
    for problem in problems:
        _log.warning("article_left_out", path=str(problem.path), reason=problem.text)
    extractor = extractor_of(pack)
    catalogue = Catalogue(extractor.matchers, marked(pack, [*local, *articles]))
    weights = learned_weights(pack, extractor, settings.cache, progress)
    reader = Reader(pack, weights, extractor, catalogue)
    router = Router(pack, Renderer(pack), reader, catalogue, archive or NoArchive(), settings.click_url.rstrip("/"))
    return App(settings, catalogue, router)


def load_content(settings: Settings) -> Pack:
    """
    The pack with what coaches taught laid over it; the pack alone, and a line in the log, if the two cannot be used
    together.

    Raises:
        PackError: The pack has faults.
    """
    try:
        pack = load_pack(settings.pack, settings.overlay)
    except PackError as error:
        pack = load_pack(settings.pack)
        _log.error("overlay_not_used", reason=str(error.problems[0]), advice="python -m bot check lists all problems")
    for problem in pack.left_out:
        _log.warning("lesson_left_out", path=str(problem.path), line=problem.line, reason=problem.text)
    return pack


def check(directory: Path, overlay: Path | None = None) -> tuple[list[Problem], list[Problem]]:
    """
    Every fault of a pack, of what coaches taught, and of the articles in it; and what of the overlay is left out.
    """
    try:
        pack = load_pack(directory, overlay)
    except PackError as error:
        return error.problems, []
    return sorted(local_articles(pack, pack.manifest.articles)[1]), sorted(pack.left_out)


def audit_examples(settings: Settings, exam: list[LabelledMessage]) -> list[Problem]:
    """
    What is worth a look among the examples of the pack and of coaches, sorted by file and line.

    Raises:
        PackError: The pack has faults.
    """
    # scikit-learn takes about a second to import, which only learning needs.
    from bot.understanding.audit import audit  # noqa: PLC0415

    pack = load_pack(settings.pack, settings.overlay)
    return sorted(set(audit(pack, extractor_of(pack), exam)))
