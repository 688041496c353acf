"""
Reading the blog: fetch what may have changed, keep what did. What is known already is never lost by it.

Each page is kept as soon as it is read, so a sync that is interrupted goes on where it was.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from bot.blog.discovery import Found, discover
from bot.blog.feeds import FeedError, FeedPage
from bot.blog.fetch import FetchError
from bot.blog.language import language_of
from bot.blog.posts import Skipped
from bot.blog.reading import GONE, SourceReader
from bot.blog.sitemap import SitemapError
from bot.content.schema import Source, SourceKind
from bot.model import Article
from bot.storage.articles import Progress, Shelf

Told = Callable[[str, int, int], None]
"""
Told how far a sync is: the source, how many posts were read, and how many there are in all (0 if not known).
"""


@dataclass(slots=True)
class Report:
    """
    What reading one source brought.

    Parameters:
        source: Its name.
        found: Where the articles were read from, if that had to be found out.
        read: How many posts were read.
        new: The ids of those that were not known.
        changed: How many were known otherwise.
        skipped: What was left out.
        trouble: Why it could not be read to the end, or an empty string.
    """

    source: str
    found: Found | None = None
    read: int = 0
    new: set[str] = field(default_factory=set)
    changed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    trouble: str = ""


def unseen(source: str, done: int, total: int) -> None:
    """
    Tells nobody.
    """


@dataclass(frozen=True, slots=True)
class Syncer:
    """
    Reads sources of articles.

    Parameters:
        shelf: Keeps the articles.
        reader: Reads sources.
        languages: The languages of the pack, the one used in doubt first.
        told: Told how far it is.
    """

    shelf: Shelf
    reader: SourceReader
    languages: Collection[str]
    told: Told = unseen

    async def sync(self, sources: Sequence[Source], *, anew: bool = False) -> list[Report]:
        """
        Read all sources, one after the other; what fails with one leaves the others alone.

        Parameters:
            sources: The sources; folders are not read here, they are always at hand.
            anew: Whether to read everything, as if for the first time.

        Raises:
            StorageError: The articles cannot be kept.
        """
        return [await self._read(source, anew=anew) for source in sources if source.kind is not SourceKind.FOLDER]

    async def _read(self, source: Source, *, anew: bool) -> Report:
        report = Report(source.name)
        before = Progress() if anew else await self.shelf.progress(source.name)
        state: dict[str, Any] = dict(before.state or {})
        try:
            found = await self._found(source, state)
            known = await self.shelf.ids(source.name)
            report.found = found if source.kind is SourceKind.BLOG else None
            # Ending a generator by hand closes the connections it holds.
            async with aclosing(self.reader.pages(found, known, state)) as pages:
                async for page in pages:
                    await self._keep(source, page, report)
                    await self.shelf.note(source.name, replace(before, state=state))
        except (FetchError, FeedError, SitemapError, OSError) as error:
            report.trouble = " ".join(str(error).split())
            if isinstance(error, FetchError) and error.status in GONE:
                # Perhaps the blog was rebuilt; the next time it is looked at afresh.
                state = {}
        synced = before.synced if report.trouble else int(self.reader.clock())
        await self.shelf.note(source.name, Progress(synced, state, report.trouble))
        return report

    async def _found(self, source: Source, state: dict[str, Any]) -> Found:
        if source.kind is not SourceKind.BLOG:
            return Found(source.kind, source.place)
        if "found" not in state:
            found = await discover(self.reader.fetcher, source.place)
            state["found"] = [found.kind, found.url]
        kind, url = state["found"]
        return Found(SourceKind(kind), url)

    async def _keep(self, source: Source, page: FeedPage, report: Report) -> None:
        spoken, skipped = self._in_our_languages(source, page.articles)
        saved = await self.shelf.save(source.name, spoken, int(self.reader.clock()))
        report.read += len(spoken)
        report.new |= saved.new
        report.changed += len(saved.changed)
        report.skipped += [*page.skipped, *skipped]
        self.told(source.name, report.read + len(report.skipped), page.total)

    def _in_our_languages(self, source: Source, articles: Sequence[Article]) -> tuple[list[Article], list[Skipped]]:
        spoken: list[Article] = []
        skipped: list[Skipped] = []
        for article in articles:
            language = source.language or language_of(article.text, self.languages, article.language)
            if language in self.languages:
                spoken.append(replace(article, language=language))
            else:
                skipped.append(Skipped(article.url, f"it is in a language this pack does not speak ({language})"))
        return spoken, skipped
