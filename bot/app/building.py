"""
From the settings to a bot that is ready to talk.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot import understanding
from bot.app.blogging import local_articles, marked, sources_of
from bot.content.check import check_pack, load_pack
from bot.content.pack import Pack
from bot.content.problems import Problem
from bot.content.render import Renderer
from bot.conversation.ports import Archive, NoArchive
from bot.conversation.router import Router
from bot.model import Article
from bot.settings import Settings
from bot.understanding import weights as stored
from bot.understanding.catalogue import Catalogue
from bot.understanding.evaluation import LabelledMessage
from bot.understanding.examples import Row, training_rows
from bot.understanding.features import FeatureExtractor
from bot.understanding.progress import Progress, unseen
from bot.understanding.reader import Reader
from bot.understanding.weights import Weights

_log = structlog.get_logger(__name__)
_WEIGHTS_KEPT = 4


@dataclass(frozen=True, slots=True)
class App:
    """
    A bot that is ready to talk; a channel puts it in touch with people.
    """

    settings: Settings
    pack: Pack
    catalogue: Catalogue
    reader: Reader
    router: Router


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
    pack = load_pack(settings.pack)
    local, problems = local_articles(pack, sources_of(settings, pack))
    for problem in problems:
        _log.warning("article_left_out", path=str(problem.path), reason=problem.text)
    extractor = _extractor(pack)
    catalogue = Catalogue(_concepts(pack), marked(pack, [*local, *articles]))
    weights = learned_weights(pack, extractor, settings.cache, progress)
    reader = Reader(pack, weights, extractor, catalogue)
    router = Router(pack, Renderer(pack), reader, catalogue, archive or NoArchive(), settings.click_url.rstrip("/"))
    return App(settings, pack, catalogue, reader, router)


def check(directory: Path) -> list[Problem]:
    """
    Every fault of a pack and of the articles in it.
    """
    problems = check_pack(directory)
    if problems:
        return problems
    pack = load_pack(directory)
    return sorted(local_articles(pack, pack.manifest.articles)[1])


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


def learned_weights(pack: Pack, extractor: FeatureExtractor, cache: Path, progress: Progress) -> Weights:
    """
    The weights for a pack: from the cache if it was learned before, else learned now and kept.
    """
    rows = training_rows(pack)
    path = cache / f"weights-{_lesson(pack, rows)}.npz"
    try:
        return stored.load(path)
    except FileNotFoundError:
        pass
    except (OSError, stored.WeightsError) as error:
        _log.warning("weights_unreadable", path=path.name, error=type(error).__name__)
    # scikit-learn takes about a second to import, which a start from cached weights need not spend.
    from bot.understanding.learning import learn  # noqa: PLC0415

    weights = learn(rows, extractor, progress)
    try:
        weights.save(path)
        _forget_old_weights(cache)
    except OSError as error:
        _log.warning("weights_not_kept", path=path.name, error=type(error).__name__)
    return weights


def _extractor(pack: Pack) -> FeatureExtractor:
    return FeatureExtractor(_concepts(pack))


def _concepts(pack: Pack) -> dict[str, dict[str, tuple[str, ...]]]:
    return {language: content.concepts for language, content in pack.languages.items()}


def _lesson(pack: Pack, rows: list[Row]) -> str:
    """
    32 hexadecimal digits that change with what is learned from: the rows, the concepts, and the code that learns.
    """
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(understanding.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(repr((rows, _concepts(pack))).encode())
    return digest.hexdigest()


def _forget_old_weights(cache: Path) -> None:
    kept = sorted(cache.glob("weights-*.npz"), key=os.path.getmtime, reverse=True)
    for path in kept[_WEIGHTS_KEPT:]:
        path.unlink(missing_ok=True)
