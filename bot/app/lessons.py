"""
Learning from the pack: once for each state of it, kept on disk, in a process of its own where the bot is at work.
"""

import asyncio
import hashlib
import multiprocessing
import os
import signal
import sys
from pathlib import Path

import structlog

from bot import understanding
from bot.content.check import load_pack
from bot.content.pack import Pack
from bot.understanding import weights as stored
from bot.understanding.examples import Row, training_rows
from bot.understanding.features import ConceptMatcher, FeatureExtractor
from bot.understanding.progress import Progress, unseen
from bot.understanding.weights import Weights

_log = structlog.get_logger(__name__)
_WEIGHTS_KEPT = 8
"""
States of the pack whose weights are kept, so that undoing what was just taught takes no learning.
"""
_NICENESS = 19
"""
How much learning stands back for the answers of the running bot: as far as it can.
"""


def extractor_of(pack: Pack) -> FeatureExtractor:
    """
    What makes the features for a pack.
    """
    concepts = concepts_of(pack)
    return FeatureExtractor({language: ConceptMatcher(words, language) for language, words in concepts.items()})


def concepts_of(pack: Pack) -> dict[str, dict[str, tuple[str, ...]]]:
    """
    The concepts of a pack, by language.
    """
    return {language: content.concepts for language, content in pack.languages.items()}


def known_weights(pack: Pack, cache: Path) -> Weights | None:
    """
    The weights for a pack if it was learned before.
    """
    path = _place(pack, training_rows(pack), cache)
    try:
        return stored.load(path)
    except FileNotFoundError:
        return None
    except (OSError, stored.WeightsError) as error:
        _log.warning("weights_unreadable", path=path.name, error=type(error).__name__)
        return None


def learned_weights(pack: Pack, extractor: FeatureExtractor, cache: Path, progress: Progress) -> Weights:
    """
    The weights for a pack: from the cache if it was learned before, else learned now and kept.
    """
    if (known := known_weights(pack, cache)) is not None:
        return known
    # scikit-learn takes about a second to import, which a start from cached weights need not spend.
    from bot.understanding.learning import learn  # noqa: PLC0415

    rows = training_rows(pack)
    path = _place(pack, rows, cache)
    weights = learn(rows, extractor, progress)
    try:
        weights.save(path)
        _forget_old_weights(cache)
    except OSError as error:
        _log.warning("weights_not_kept", path=path.name, error=type(error).__name__)
    return weights


async def learn_apart(directory: Path, overlay: Path, cache: Path) -> None:
    """
    Learn a pack in another process, which stands back for this one; what it learned is in the cache afterwards, unless
    it failed.
    """
    process = multiprocessing.get_context("spawn").Process(target=_learn, args=(directory, overlay, cache), daemon=True)
    process.start()
    try:
        await asyncio.to_thread(process.join)
    finally:
        if process.is_alive():
            process.kill()


def _learn(directory: Path, overlay: Path, cache: Path) -> None:
    # Whoever stops the bot from a terminal stops this too, but the bot decides when.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.nice(_NICENESS)
    from joblib import parallel_config  # noqa: PLC0415 (as in `learned_weights`)

    pack = load_pack(directory, overlay)
    # One process is easily stopped and leaves the other processors to the bot.
    with parallel_config(backend="sequential"):
        learned_weights(pack, extractor_of(pack), cache, unseen)


def _place(pack: Pack, rows: list[Row], cache: Path) -> Path:
    return cache / f"weights-{_digest(pack, rows)}.npz"


def _digest(pack: Pack, rows: list[Row]) -> str:
    """
    32 hexadecimal digits that change with what is learned from: the rows, the concepts, and the code that learns.
    """
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(understanding.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(repr((rows, concepts_of(pack))).encode())
    return digest.hexdigest()


def _forget_old_weights(cache: Path) -> None:
    kept = sorted(cache.glob("weights-*.npz"), key=os.path.getmtime, reverse=True)
    for path in kept[_WEIGHTS_KEPT:]:
        path.unlink(missing_ok=True)
