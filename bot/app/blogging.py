"""
The blog and the bot: where its articles come from, reading them, and keeping them fresh while the bot runs.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from bot import __version__
from bot.blog.fetch import Fetcher, open_fetcher
from bot.blog.folder import read_folder
from bot.blog.health import Health, check, old_names
from bot.blog.reading import SourceReader
from bot.blog.sync import Report, Syncer, Told, unseen
from bot.content.check import load_pack
from bot.content.pack import Pack, PackReader
from bot.content.problems import Problem
from bot.content.schema import Manifest, Source, SourceKind
from bot.model import Article
from bot.ops.keeping import Access
from bot.settings import Settings
from bot.storage.articles import Shelf
from bot.storage.engine import Database, StorageError, is_new
from bot.understanding.catalogue import Catalogue

_log = structlog.get_logger(__name__)
_MINUTE_SECONDS = 60
_SHOW_SECONDS = 60.0
_WEEK_MINUTES = 7 * 24 * 60


def access_of(settings: Settings) -> Access:
    """
    What it takes to open the database of the settings.
    """
    return Access(settings.database, settings.key.get_secret_value(), settings.key_file)


def sources_of(settings: Settings, manifest: Manifest) -> list[Source]:
    """
    Where the articles come from: the blog of the settings, or else what `pack.yaml` names.
    """
    return [Source(blog=settings.blog)] if settings.blog else list(manifest.articles)


def local_articles(pack: Pack, sources: Iterable[Source]) -> tuple[list[Article], list[Problem]]:
    """
    The articles in the folders among some sources, and what was wrong with those left out.
    """
    articles: list[Article] = []
    problems: list[Problem] = []
    for source in sources:
        if source.folder is not None:
            found, faults = read_folder(pack.directory / source.folder, source.url)
            articles += found
            problems += faults
    return articles, problems


def marked(pack: Pack, articles: Iterable[Article]) -> list[Article]:
    """
    The articles, each with the outdated names it uses.
    """
    renamed = pack.manifest.renamed
    return [replace(article, outdated=tuple(old_names(article, renamed))) for article in articles]


async def stored_articles(settings: Settings, database: Database | None = None) -> list[Article]:
    """
    The articles that were read from elsewhere before; none if nothing was read yet.

    Parameters:
        settings: The settings.
        database: Where they are; opened if None and there is any need.

    Raises:
        PackError: There is no pack, or its `pack.yaml` cannot be understood.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
    """
    names = _remote(sources_of(settings, PackReader(settings.pack).manifest()))
    if not names:
        return []
    if database is not None:
        return await Shelf(database).articles(names)
    if await is_new(settings.database):
        return []
    async with access_of(settings).database() as opened:
        return await Shelf(opened).articles(names)


async def sync_blog(settings: Settings, told: Told = unseen, *, anew: bool = False) -> list[Report]:
    """
    Read the sources of articles that are not folders.

    Parameters:
        settings: The settings.
        told: Told how far it is.
        anew: Whether to read everything, as if for the first time.

    Raises:
        PackError: The pack has faults.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
        StorageError: The articles cannot be kept.
    """
    pack = load_pack(settings.pack)
    async with access_of(settings).database() as database:
        return await _sync(settings, pack, Shelf(database), told, anew=anew)


async def check_blog(settings: Settings, told: Told = unseen) -> tuple[Health, list[Article]]:
    """
    Look whether every article can still be read where it was found.

    Returns:
        How they were found, and the articles that use outdated names.

    Raises:
        PackError: The pack has faults.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
        StorageError: The articles cannot be read or kept.
    """
    pack = load_pack(settings.pack)
    sources = sources_of(settings, pack.manifest)
    names = _remote(sources)
    stored: list[Article] = []
    health = Health()
    if names:
        async with access_of(settings).database() as database, _fetcher(settings, sources) as fetcher:
            shelf = Shelf(database)
            count = sum([len(await shelf.ids(name)) for name in names])
            health = await check(shelf, fetcher, names, count, told)
            stored = await shelf.articles(names)
    articles = marked(pack, [*local_articles(pack, sources)[0], *stored])
    return health, [article for article in articles if article.outdated]


async def keep_fresh(settings: Settings, pack: Pack, catalogue: Catalogue, database: Database) -> None:
    """
    Read the blog every so often, look at some of its articles, and let the bot search in what is there then.

    Parameters:
        settings: The settings.
        pack: The content pack.
        catalogue: What the bot searches in.
        database: Where the articles are kept.
    """
    sources = sources_of(settings, pack.manifest)
    names = _remote(sources)
    shelf = Shelf(database)
    await _note_local(pack, sources, shelf)
    if not names:
        await asyncio.Event().wait()
    while True:
        try:
            reading = asyncio.create_task(_sync(settings, pack, shelf, unseen))
            # A blog that is read for the first time may take an hour; what is there can be shown meanwhile.
            while not (await asyncio.wait({reading}, timeout=_SHOW_SECONDS))[0]:
                await _offer(pack, sources, shelf, catalogue)
            for report in await reading:
                _tell(report)
            await _look_at_some(settings, sources, shelf)
            await _offer(pack, sources, shelf, catalogue)
        except StorageError as error:
            _log.error("blog_not_read", reason=str(error))
        await asyncio.sleep(settings.blog_every * _MINUTE_SECONDS)


async def _offer(pack: Pack, sources: Sequence[Source], shelf: Shelf, catalogue: Catalogue) -> None:
    """
    Let the bot search in what is there now, if that is something else than before.
    """
    articles = marked(pack, [*local_articles(pack, sources)[0], *await shelf.articles(_remote(sources))])
    if {article.id: article for article in articles} != {article.id: article for article in catalogue}:
        await asyncio.to_thread(catalogue.replace, articles)
        _log.info("articles_ready", articles=len(catalogue))


async def _sync(settings: Settings, pack: Pack, shelf: Shelf, told: Told, *, anew: bool = False) -> list[Report]:
    sources = sources_of(settings, pack.manifest)
    async with _fetcher(settings, sources) as fetcher:
        reader = SourceReader(fetcher, pack.manifest.blog.url, pack.directory)
        return await Syncer(shelf, reader, list(pack.languages), told).sync(sources, anew=anew)


async def _look_at_some(settings: Settings, sources: Sequence[Source], shelf: Shelf) -> Health:
    """
    Look at as many articles as it takes to have seen all of them within a week.
    """
    names = _remote(sources)
    known = sum([len(await shelf.ids(name)) for name in names])
    async with _fetcher(settings, sources) as fetcher:
        count = -(-known * settings.blog_every // _WEEK_MINUTES)
        return await check(shelf, fetcher, names, count)


@asynccontextmanager
async def _fetcher(settings: Settings, sources: Iterable[Source]) -> AsyncIterator[Fetcher]:
    named = [source.place for source in sources if source.place.startswith(("http://", "https://"))]
    async with open_fetcher(named, settings.blog_delay, f"Tremplin/{__version__}") as fetcher:
        yield fetcher


def _remote(sources: Iterable[Source]) -> list[str]:
    """
    The names of the sources that are read into the database.
    """
    return [source.name for source in sources if source.kind is not SourceKind.FOLDER]


async def _note_local(pack: Pack, sources: Iterable[Source], shelf: Shelf) -> None:
    """
    Take note of the articles in folders, so that it is known since when each is there.
    """
    for source in sources:
        if source.kind is SourceKind.FOLDER:
            try:
                await shelf.save(source.name, local_articles(pack, [source])[0], int(time.time()))
            except StorageError as error:
                _log.error("articles_not_noted", reason=str(error))


def _tell(report: Report) -> None:
    if report.trouble:
        _log.warning(
            "source_not_read", source=report.source, reason=report.trouble, advice="what was read before is kept"
        )
    elif report.new or report.changed:
        _log.info("source_read", source=report.source, new=len(report.new), changed=report.changed)
