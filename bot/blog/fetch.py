"""
Fetching pages of the blog: politely, within bounds, and never from where a page has no business to lead.

What the operator named is trusted, even on this machine. Whatever is reached from there (a redirect, a link in a feed)
must be in a public place: else a blog could make the bot read the router's or the cloud's own pages.
"""

import asyncio
import ipaddress
import socket
import time
import zlib
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_AGENT = "Tremplin"
_LARGEST = 40 * 2**20
"""
Bytes of a page once unpacked: three times a feed of 900 whole posts.
"""
_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=10, sock_read=20)
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_LONGEST_WAIT = 30.0
_NOT_MODIFIED, _CLIENT_ERROR = 304, 400


class FetchError(RuntimeError):
    """
    A page was not fetched. The message says why.

    Parameters:
        reason: Why.
        status: The HTTP status it was refused with; 0 if there was none.
    """

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Version:
    """
    Which version of a page is known, for the server to say whether there is another.

    Parameters:
        etag: Its `ETag`.
        modified: Its `Last-Modified`.
    """

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """
    A page that was fetched.

    Parameters:
        url: Where it was in the end.
        body: Its bytes, unpacked; empty if it has not changed.
        version: Which version it is.
        unchanged: Whether it is still the version that was known.
        moved: Whether it has moved there for good.
    """

    url: str
    body: bytes
    version: Version
    unchanged: bool = False
    moved: bool = False


class Fetcher:
    """
    Fetches pages, one at a time for each server.

    Parameters:
        session: The connections; `open_fetcher` makes it.
        trusted: Host and port of the addresses the operator named.
        delay: Seconds between two requests to one server; more if its robots.txt asks for more.
    """

    def __init__(self, session: aiohttp.ClientSession, trusted: Collection[str], delay: float) -> None:
        self._session = session
        self._trusted = frozenset(trusted)
        self._delay = delay
        self._robots: dict[str, RobotFileParser] = {}
        self._next: dict[str, float] = {}

    async def get(self, url: str, known: Version | None = None) -> Page:
        """
        Fetch a page.

        Parameters:
            url: Where it is.
            known: The version that is known already.

        Raises:
            FetchError: It cannot be had, is too large, leads to a private place, or robots.txt forbids it.
        """
        hops: list[int] = []
        while len(hops) <= _MOST_REDIRECTS:
            robots = await self._robots_of(url)
            if not robots.can_fetch(_AGENT, url):
                raise FetchError("the site's robots.txt asks programs not to read it")
            await self._wait_for_turn(url, robots)
            async with self._request(url, known or Version()) as response:
                if response.status not in _REDIRECTS:
                    moved = bool(hops) and all(status in _PERMANENT for status in hops)
                    return await _page(response, url, moved=moved)
                hops.append(response.status)
                url = urljoin(url, response.headers.get("Location", ""))
        raise FetchError(f"it redirects more than {_MOST_REDIRECTS} times")

    async def sitemaps(self, url: str) -> list[str]:
        """
        The sitemaps that a site's robots.txt names.
        """
        return (await self._robots_of(url)).site_maps() or []

    @asynccontextmanager
    async def _request(self, url: str, known: Version) -> AsyncIterator[aiohttp.ClientResponse]:
        self._refuse_private(url)
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        try:
            async with self._session.get(
                url, headers={name: value for name, value in headers.items() if value}, allow_redirects=False
            ) as response:
                yield response
        except FetchError:
            raise
        except TimeoutError:
            raise FetchError("the server does not answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            private = next((cause for cause in _causes(error) if isinstance(cause, FetchError)), None)
            raise private or FetchError(f"the server cannot be reached ({type(error).__name__})") from None

    def _refuse_private(self, url: str) -> None:
        """
        Refuse what is no web address, and an address in numbers that is not public. Names are looked at when resolved.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise FetchError("it leads to something that is no web page")
        if place(url) in self._trusted:
            return
        try:
            address = ipaddress.ip_address(parts.hostname)
        except ValueError:
            return
        if not address.is_global:
            raise FetchError("it leads to a private address")

    async def _robots_of(self, url: str) -> RobotFileParser:
        where = place(url)
        if where in self._robots:
            return self._robots[where]
        robots = RobotFileParser()
        lines: list[str] = []
        try:
            async with self._request(urljoin(url, "/robots.txt"), Version()) as response:
                if response.status < 300:  # noqa: PLR2004 (the statuses of success)
                    lines = (await _body(response, 2**19)).decode(errors="replace").splitlines()
        except FetchError:
            # A site whose robots.txt cannot be had is read like one that has none; its pages tell what is wrong.
            lines = []
        robots.parse(lines)
        self._robots[where] = robots
        return robots

    async def _wait_for_turn(self, url: str, robots: RobotFileParser) -> None:
        where, now = place(url), time.monotonic()
        asked = float(robots.crawl_delay(_AGENT) or 0)
        turn = max(now, self._next.get(where, 0.0))
        self._next[where] = turn + max(self._delay, min(asked, _LONGEST_WAIT))
        await asyncio.sleep(turn - now)


class _PublicResolver(AbstractResolver):
    """
    Resolves names, but refuses those that lead to private addresses, unless the operator named them.
    """

    def __init__(self, trusted: Collection[str]) -> None:
        self._trusted = frozenset(trusted)
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """
        The addresses of a name.
        """
        found = await self._resolver.resolve(host, port, family)
        if f"{host}:{port}" not in self._trusted:
            for result in found:
                if not ipaddress.ip_address(result["host"].partition("%")[0]).is_global:
                    raise FetchError("it leads to a private address")
        return found

    async def close(self) -> None:
        """
        Nothing is held.
        """
        await self._resolver.close()


@asynccontextmanager
async def open_fetcher(trusted_urls: Collection[str], delay: float, agent: str) -> AsyncIterator[Fetcher]:
    """
    A fetcher for a while.

    Parameters:
        trusted_urls: The addresses the operator named.
        delay: Seconds between two requests to one server.
        agent: What the bot calls itself, beginning with its name.
    """
    trusted = {place(url) for url in trusted_urls}
    connector = aiohttp.TCPConnector(resolver=_PublicResolver(trusted), limit=4)
    headers = {"User-Agent": agent, "Accept-Encoding": "gzip, deflate"}
    async with aiohttp.ClientSession(
        connector=connector, headers=headers, timeout=_TIMEOUT, auto_decompress=False
    ) as session:
        yield Fetcher(session, trusted, delay)


def place(url: str) -> str:
    """
    Host and port of an address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ""
    return f"{parts.hostname}:{port}"


async def _page(response: aiohttp.ClientResponse, url: str, *, moved: bool) -> Page:
    version = Version(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
    if response.status == _NOT_MODIFIED:
        return Page(url, b"", version, unchanged=True, moved=moved)
    if response.status >= _CLIENT_ERROR:
        raise FetchError(f"the server answers {response.status}{_retry(response)}", response.status)
    return Page(url, await _body(response, _LARGEST), version, moved=moved)


async def _body(response: aiohttp.ClientResponse, largest: int) -> bytes:
    """
    The body, unpacked no further than the bounds: a small file can hold gigabytes of nothing.
    """
    packed = response.headers.get("Content-Encoding", "").lower() in {"gzip", "x-gzip", "deflate"}
    body, unpacker = bytearray(), None
    async for chunk in response.content.iter_chunked(2**16):
        if not body and unpacker is None and (packed or chunk[:2] == b"\x1f\x8b"):
            # 32 more than the widest window: gzip and zlib are told apart by their first bytes.
            unpacker = zlib.decompressobj(32 + zlib.MAX_WBITS)
        try:
            body += chunk if unpacker is None else unpacker.decompress(chunk, largest - len(body) + 1)
        except zlib.error:
            raise FetchError("what the server sends cannot be unpacked") from None
        if len(body) > largest:
            raise FetchError(f"it is larger than {largest // 2**20} MiB")
    return bytes(body)


def _retry(response: aiohttp.ClientResponse) -> str:
    asked = response.headers.get("Retry-After", "")
    if not asked:
        return ""
    try:
        return f", and asks to come back after {parsedate_to_datetime(asked):%Y-%m-%d %H:%M}"
    except ValueError:
        return f", and asks to come back in {asked[:10]} seconds"


def _causes(error: BaseException | None) -> list[BaseException]:
    causes: list[BaseException] = []
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__ or getattr(error, "os_error", None)
    return causes
