"""
The articles that were read from the blog, and how far reading each source has come.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select, update

from bot.model import Article
from bot.storage.engine import Database, upsert
from bot.storage.tables import articles, sources

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How far reading a source has come.

    Parameters:
        synced: When it was read to its end, in seconds since 1970; 0 if never.
        state: What the reader wants to remember; JSON values.
        trouble: Why reading it failed the last time, or an empty string.
    """

    synced: int = 0
    state: dict[str, Any] | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """
    What saving some articles changed.

    Parameters:
        new: The ids of those that were not known.
        changed: The ids of those that were known otherwise.
    """

    new: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shelf:
    """
    Keeps articles.

    Parameters:
        database: Where.
    """

    database: Database

    async def articles(self, names: Collection[str]) -> list[Article]:
        """
        The articles of some sources that can be read now, by title; one that moved has its new address.
        """
        found = select(articles).where(articles.c.source.in_(names), articles.c.gone.is_(False))
        rows = await self.database.read(lambda connection: connection.execute(found.order_by(articles.c.title)).all())
        return [_article(row) for row in rows]

    async def new_since(self, names: Collection[str], moment: int) -> list[tuple[Article, int]]:
        """
        The readable articles of some sources that became known after a moment, with when; newest first. Both in seconds
        since 1970.
        """
        found = select(articles).where(
            articles.c.source.in_(names), articles.c.gone.is_(False), articles.c.first_seen > moment
        )
        in_order = found.order_by(articles.c.published.desc(), articles.c.id)
        rows = await self.database.read(lambda connection: connection.execute(in_order).all())
        return [(_article(row), row.first_seen) for row in rows]

    async def save(self, source: str, found: Iterable[Article], now: int) -> Saved:
        """
        Keep articles of a source. What is known already and not among them stays.

        Parameters:
            source: The name of the source.
            found: The articles as they are now.
            now: Seconds since 1970.
        """
        rows = {article.id: _row(source, article, now) for article in found}

        def keep(connection: Connection) -> Saved:
            known = _digests(connection, list(rows))
            fresh = {key: row for key, row in rows.items() if known.get(key) != row["digest"]}
            if fresh:
                saving = upsert(connection.dialect.name, articles)
                kept = {"id", "first_seen", "moved"}
                values = {name: saving.excluded[name] for name in articles.c.keys() if name not in kept}  # noqa: SIM118
                connection.execute(
                    saving.on_conflict_do_update(index_elements=["id"], set_=values), list(fresh.values())
                )
            return Saved(frozenset(fresh.keys() - known.keys()), frozenset(fresh.keys() & known.keys()))

        return await self.database.write(keep)

    async def progress(self, source: str) -> Progress:
        """
        How far reading a source has come.
        """
        statement = select(sources).where(sources.c.name == source)
        row = await self.database.read(lambda connection: connection.execute(statement).first())
        return Progress() if row is None else Progress(row.synced, json.loads(row.state), row.trouble)

    async def note(self, source: str, progress: Progress) -> None:
        """
        Keep how far reading a source has come.
        """
        row = {
            "name": source,
            "synced": progress.synced,
            "state": json.dumps(progress.state or {}),
            "trouble": progress.trouble,
        }

        def keep(connection: Connection) -> None:
            saving = upsert(connection.dialect.name, sources).values(row)
            values = {name: saving.excluded[name] for name in ("synced", "state", "trouble")}
            connection.execute(saving.on_conflict_do_update(index_elements=["name"], set_=values))

        await self.database.write(keep)

    async def to_check(self, names: Collection[str], count: int) -> list[Article]:
        """
        The articles that were not looked at for longest, gone ones too, with the address they were found at.
        """
        oldest = select(articles).where(articles.c.source.in_(names)).order_by(articles.c.checked, articles.c.id)
        rows = await self.database.read(lambda connection: connection.execute(oldest.limit(count)).all())
        return [replace(_article(row), url=row.url) for row in rows]

    async def checked(self, seen: Sequence[tuple[str, bool, str | None]], now: int) -> None:
        """
        Take note of how articles were found.

        Parameters:
            seen: For each: its id, whether it is gone, and where it has moved to or None.
            now: Seconds since 1970.
        """

        def mark(connection: Connection) -> None:
            for article_id, gone, moved in seen:
                values = {"gone": gone, "moved": moved, "checked": now}
                connection.execute(update(articles).where(articles.c.id == article_id).values(values))

        await self.database.write(mark)

    async def ids(self, source: str) -> frozenset[str]:
        """
        The ids of all articles of a source.
        """
        found = select(articles.c.id).where(articles.c.source == source)
        return frozenset(await self.database.read(lambda connection: connection.scalars(found).all()))


def _digests(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """
    What is known of some articles, by id. In batches: a statement takes a limited number of values.
    """
    known: dict[str, bytes] = {}
    for start in range(0, len(ids), _BATCH):
        some = articles.c.id.in_(ids[start : start + _BATCH])
        for row in connection.execute(select(articles.c.id, articles.c.digest, articles.c.gone).where(some)):
            # One that was gone and is in the source again has changed by that.
            known[row.id] = b"" if row.gone else bytes(row.digest)
    return known


def _row(source: str, article: Article, now: int) -> dict[str, Any]:
    row = {
        "id": article.id,
        "source": source,
        "url": article.url,
        "language": article.language,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "tags": json.dumps(article.tags, ensure_ascii=False),
        "summary": article.summary,
        "text": article.text,
    }
    digest = hashlib.blake2b(json.dumps(row, sort_keys=True).encode(), digest_size=16).digest()
    return {**row, "digest": digest, "first_seen": now, "checked": now, "gone": False, "moved": None}


def _article(row: Any) -> Article:
    return Article(
        id=row.id,
        title=row.title,
        url=row.moved or row.url,
        language=row.language,
        published=dt.date.fromisoformat(row.published) if row.published else None,
        tags=tuple(json.loads(row.tags)),
        summary=row.summary,
        text=row.text,
    )
