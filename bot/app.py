"""
The only place that makes the parts and hands them to each other.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot import understanding
from bot.blog.folder import read_folder
from bot.content.check import check_pack, load_pack
from bot.content.pack import Pack
from bot.content.problems import Problem
from bot.content.render import Renderer
from bot.conversation.memory import RecentMemory
from bot.conversation.router import Router
from bot.events import Hook
from bot.model import Article
from bot.ops.logs import log_event
from bot.settings import Settings
from bot.understanding import weights as stored
from bot.understanding.evaluation import LabelledMessage
from bot.understanding.examples import training_rows
from bot.understanding.features import FeatureExtractor
from bot.understanding.progress import Progress, unseen
from bot.understanding.reader import Reader
from bot.understanding.weights import Weights

_log = structlog.get_logger(__name__)
_WEIGHTS_KEPT = 4


@dataclass(frozen=True, slots=True)
class ArticleShelf:
    """
    The articles of a pack, by id. Satisfies `conversation.ports.Library`.
    """

    articles: dict[str, Article]

    def article(self, article_id: str) -> Article | None:
        """
        One article, or None if it is gone.
        """
        return self.articles.get(article_id)


@dataclass(frozen=True, slots=True)
class App:
    """
    A bot that is ready to talk; a channel puts it in touch with people.
    """

    settings: Settings
    pack: Pack
    reader: Reader
    router: Router


def build(settings: Settings, hook: Hook = log_event, progress: Progress = unseen) -> App:
    """
    Read the pack and its articles, learn or load the weights, and put the parts together.

    Parameters:
        settings: The settings.
        hook: Takes note of what happens in conversations.
        progress: Told how far the learning has come, when there is something to learn.

    Raises:
        PackError: The pack has faults.
    """
    pack = load_pack(settings.pack)
    articles, problems = read_articles(pack)
    for problem in problems:
        _log.warning("article_left_out", path=str(problem.path), reason=problem.text)
    extractor = _extractor(pack)
    reader = Reader(pack, learned_weights(pack, extractor, settings.cache, progress), extractor, articles)
    shelf = ArticleShelf({article.id: article for article in articles})
    return App(settings, pack, reader, Router(pack, Renderer(pack), reader, shelf, RecentMemory(), hook))


def check(directory: Path) -> list[Problem]:
    """
    Every fault of a pack and of the articles in it.
    """
    problems = check_pack(directory)
    if problems:
        return problems
    return sorted(read_articles(load_pack(directory))[1])


def audit_examples(directory: Path, exam: list[LabelledMessage]) -> list[Problem]:
    """
    What is worth a look among the examples of a pack, sorted by file and line.

    Raises:
        PackError: The pack has faults.
    """
    # scikit-learn takes about a second to import, which only learning needs.
    from bot.understanding.audit import audit  # noqa: PLC0415

    pack = load_pack(directory)
    return sorted(set(audit(pack, _extractor(pack), exam)))


def read_articles(pack: Pack) -> tuple[list[Article], list[Problem]]:
    """
    The articles of all sources of a pack, and what was wrong with those left out.
    """
    articles: list[Article] = []
    problems: list[Problem] = []
    for source in pack.manifest.articles:
        found, faults = read_folder(pack.directory / source.folder, source.url)
        articles += found
        problems += faults
    return articles, problems


def learned_weights(pack: Pack, extractor: FeatureExtractor, cache: Path, progress: Progress) -> Weights:
    """
    The weights for a pack: from the cache if it was learned before, else learned now and kept.
    """
    path = cache / f"weights-{_recipe()}-{pack.fingerprint}.npz"
    try:
        return stored.load(path)
    except FileNotFoundError:
        pass
    except (OSError, stored.WeightsError) as error:
        _log.warning("weights_unreadable", path=path.name, error=type(error).__name__)
    # scikit-learn takes about a second to import, which a start from cached weights need not spend.
    from bot.understanding.learning import learn  # noqa: PLC0415

    weights = learn(training_rows(pack), extractor, progress)
    try:
        weights.save(path)
        _forget_old_weights(cache)
    except OSError as error:
        _log.warning("weights_not_kept", path=path.name, error=type(error).__name__)
    return weights


def _extractor(pack: Pack) -> FeatureExtractor:
    return FeatureExtractor({language: content.concepts for language, content in pack.languages.items()})


def _recipe() -> str:
    """
    Sixteen hexadecimal digits that change with the code that makes features and learns: other code, other weights.
    """
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(Path(understanding.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _forget_old_weights(cache: Path) -> None:
    kept = sorted(cache.glob("weights-*.npz"), key=os.path.getmtime, reverse=True)
    for path in kept[_WEIGHTS_KEPT:]:
        path.unlink(missing_ok=True)
