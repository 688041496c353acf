"""
The only place that makes the parts and hands them to each other.
"""

import asyncio
import gc
import hashlib
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot import understanding
from bot.blog.folder import read_folder
from bot.channels.web import server as web
from bot.content.check import check_pack, load_pack
from bot.content.pack import Pack
from bot.content.problems import Problem
from bot.content.render import Renderer
from bot.conversation.ports import Archive, NoArchive
from bot.conversation.router import Router
from bot.model import Article
from bot.ops.doctor import Finding, examine_database, examine_key
from bot.ops.keeping import Access
from bot.ops.logs import log_event
from bot.settings import Settings
from bot.storage import upkeep
from bot.storage.engine import Database, StorageError
from bot.storage.people import People
from bot.storage.purge import purge
from bot.understanding import weights as stored
from bot.understanding.evaluation import LabelledMessage
from bot.understanding.examples import Row, training_rows
from bot.understanding.features import FeatureExtractor
from bot.understanding.progress import Progress, unseen
from bot.understanding.reader import Reader
from bot.understanding.weights import Weights

_log = structlog.get_logger(__name__)
_WEIGHTS_KEPT = 4
_DAY_SECONDS = 86_400


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


def build(settings: Settings, progress: Progress = unseen, archive: Archive | None = None) -> App:
    """
    Read the pack and its articles, learn or load the weights, and put the parts together.

    Parameters:
        settings: The settings.
        progress: Told how far the learning has come, when there is something to learn.
        archive: Shows what is kept of people; nothing is if None.

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
    return App(settings, pack, reader, Router(pack, Renderer(pack), reader, shelf, archive or NoArchive()))


async def serve(settings: Settings, make: Callable[[Archive], App]) -> None:
    """
    Run the bot on Telegram until the process is asked to stop.

    Parameters:
        settings: The settings.
        make: Builds the bot, once it is known where people are kept.

    Raises:
        PackError: The pack has faults.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
        telegram.error.InvalidToken: Telegram does not know the token.
        OSError: The port of the web server is taken.
    """
    # The library takes half a second to import, which the other commands need not spend.
    from bot.channels.telegram.application import TelegramChannel, TelegramOptions, Webhook, until_stopped  # noqa: PLC0415

    async with access_of(settings).database() as database:
        app = make(People(database))
        # The pack and the weights stay for good: looking through them for garbage would take longer than an answer.
        gc.freeze()
        secret = secrets.token_urlsafe(32) if settings.webhook_url else ""
        options = TelegramOptions(
            token=settings.token.get_secret_value(),
            api_url=settings.api_url,
            poll_timeout=settings.poll_timeout,
            late_after=settings.late_after,
            per_minute=settings.per_minute,
            per_day=settings.per_day,
            all_per_minute=settings.all_per_minute,
            stop_within=settings.stop_within,
            webhook=Webhook(settings.webhook_url, secret) if secret else None,
        )
        channel = TelegramChannel(options, app.router, database, log_event)
        running = [channel.run(), _purge_daily(database), _stay(database)]
        if settings.web_port:
            doors = web.Doors(channel.report, channel.read, channel.receive, secret)
            running.append(web.run(doors, settings.web_host, settings.web_port))
        await until_stopped(*running)
        await upkeep.release(database)


def access_of(settings: Settings) -> Access:
    """
    What it takes to open the database of the settings.
    """
    return Access(settings.database, settings.key.get_secret_value(), settings.key_file)


async def examine(settings: Settings) -> list[Finding]:
    """
    Look at everything that the bot needs, changing nothing.
    """
    access = access_of(settings)
    return [
        _examine_pack(settings.pack),
        examine_key(access),
        await examine_database(access),
        await _examine_token(settings),
    ]


def _examine_pack(directory: Path) -> Finding:
    problems = check(directory)
    if problems:
        return Finding("pack", well=False, text=f"{len(problems)} problems; python -m bot check lists them")
    count = len(read_articles(load_pack(directory))[0])
    advice = "" if count else "; name a source of articles in pack.yaml, or the bot has none to show"
    return Finding("pack", well=count > 0, text=f"{directory}, {count} articles{advice}")


async def _examine_token(settings: Settings) -> Finding:
    from bot.channels.telegram.application import introduce_to  # noqa: PLC0415 (as in `serve`)

    token = settings.token.get_secret_value()
    if not token:
        return Finding("token", well=False, text="TREMPLIN_TOKEN is not set; @BotFather gives one (make run says how)")
    name, trouble = await introduce_to(token, settings.api_url)
    advice = f"{trouble}; check TREMPLIN_TOKEN, and that this machine reaches Telegram"
    return Finding("token", well=bool(name), text=f"Telegram knows the bot as @{name}" if name else advice)


async def _purge_daily(database: Database) -> None:
    while True:
        try:
            _log.info("purged", **await purge(database, time.time()))
        except StorageError as error:
            _log.error("not_purged", reason=str(error))
        await asyncio.sleep(_DAY_SECONDS)


async def _stay(database: Database) -> None:
    """
    Say, while the bot runs, that it does.
    """
    while True:
        with suppress(StorageError):
            await upkeep.hold(database)
        await asyncio.sleep(upkeep.LEASE_SECONDS / 3)


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
    return FeatureExtractor({language: content.concepts for language, content in pack.languages.items()})


def _lesson(pack: Pack, rows: list[Row]) -> str:
    """
    32 hexadecimal digits that change with what is learned from: the rows, the concepts, and the code that learns.
    """
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(understanding.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    concepts = {language: content.concepts for language, content in pack.languages.items()}
    digest.update(repr((rows, concepts)).encode())
    return digest.hexdigest()


def _forget_old_weights(cache: Path) -> None:
    kept = sorted(cache.glob("weights-*.npz"), key=os.path.getmtime, reverse=True)
    for path in kept[_WEIGHTS_KEPT:]:
        path.unlink(missing_ok=True)
