"""
Pages are fetched politely, within bounds, and never from a private place the operator did not name.
"""

import asyncio
import gzip
import time
import zlib

import pytest
from aiohttp import web

from bot.blog.fetch import Fetcher, FetchError, Version, open_fetcher, place
from tests.blog.site import Site


async def test_an_unchanged_page_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    """
    The known version goes along, and nothing comes back but that it still holds.
    """
    site.pages["/feed"] = "text"
    site.headers["/feed"] = {"ETag": '"1"'}
    first = await fetcher.get(f"{site.url}/feed")
    assert (first.body, first.version) == (b"text", Version('"1"'))
    second = await fetcher.get(f"{site.url}/feed", first.version)
    assert (second.body, second.unchanged) == (b"", True)


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("", gzip.compress)]
)
async def test_packed_pages_are_unpacked(site: Site, fetcher: Fetcher, encoding: str, pack: object) -> None:
    """
    As the server says, and a packed file too (sitemap.xml.gz).
    """
    site.pages["/page"] = pack(b"text " * 1000)  # type: ignore[operator]
    site.headers["/page"] = {"Content-Encoding": encoding} if encoding else {}
    assert (await fetcher.get(f"{site.url}/page")).body == b"text " * 1000


async def test_a_bomb_is_refused(site: Site, fetcher: Fetcher) -> None:
    """
    A small file that holds gigabytes is given up at the bounds.
    """
    layer = zlib.compressobj(wbits=31)
    site.pages["/bomb"] = b"".join(layer.compress(bytes(2**20)) for _ in range(60)) + layer.flush()
    site.headers["/bomb"] = {"Content-Encoding": "gzip"}
    with pytest.raises(FetchError, match="larger than 40 MiB"):
        await fetcher.get(f"{site.url}/bomb")


async def test_a_broken_packing_is_told(site: Site, fetcher: Fetcher) -> None:
    """
    What says to be packed and is not cannot be read.
    """
    site.pages["/page"] = b"not packed"
    site.headers["/page"] = {"Content-Encoding": "gzip"}
    with pytest.raises(FetchError, match="cannot be unpacked"):
        await fetcher.get(f"{site.url}/page")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://0/",
    ],
)
async def test_a_redirect_to_a_private_address_is_refused(site: Site, fetcher: Fetcher, target: str) -> None:
    """
    A blog cannot make the bot read this machine, the router or the cloud's own pages.
    """
    site.pages["/away"] = 302
    site.headers["/away"] = {"Location": target}
    with pytest.raises(FetchError, match=r"private address|cannot be reached"):
        await fetcher.get(f"{site.url}/away")


async def test_a_name_of_a_private_address_is_refused(site: Site, fetcher: Fetcher) -> None:
    """
    A name is judged by what it stands for; it may stand for something else the next time.
    """
    site.pages["/away"] = 302
    site.headers["/away"] = {"Location": site.url.replace("127.0.0.1", "localhost") + "/secret"}
    site.pages["/secret"] = "secret"
    with pytest.raises(FetchError, match="private address"):
        await fetcher.get(f"{site.url}/away")
    assert site.asked["/secret"] == 0


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://blog.example/", "javascript:alert(1)"])
async def test_only_web_pages_are_fetched(fetcher: Fetcher, target: str) -> None:
    """
    Other kinds of addresses lead nowhere.
    """
    with pytest.raises(FetchError, match="no web page"):
        await fetcher.get(target)


async def test_a_circle_of_redirects_ends(site: Site, fetcher: Fetcher) -> None:
    """
    After a few, no more is followed.
    """
    site.pages["/a"] = 301
    site.headers["/a"] = {"Location": "/a"}
    with pytest.raises(FetchError, match="redirects more than"):
        await fetcher.get(f"{site.url}/a")


async def test_a_page_that_moved_for_good_says_so(site: Site, fetcher: Fetcher) -> None:
    """
    A permanent redirect is a new address; a temporary one is not.
    """
    site.pages |= {"/old": 301, "/today": 302, "/new": "text"}
    site.headers |= {"/old": {"Location": "/new"}, "/today": {"Location": "/new"}}
    assert (await fetcher.get(f"{site.url}/old")).moved
    assert (await fetcher.get(f"{site.url}/old")).url == f"{site.url}/new"
    assert not (await fetcher.get(f"{site.url}/today")).moved
    assert not (await fetcher.get(f"{site.url}/new")).moved


async def test_robots_are_obeyed(site: Site, fetcher: Fetcher) -> None:
    """
    What robots.txt keeps from programs is not read; the file itself is asked for once.
    """
    site.pages |= {
        "/robots.txt": "User-agent: *\nDisallow: /private/\nSitemap: {url}/map.xml",
        "/private/a": "x",
        "/b": "y",
    }
    with pytest.raises(FetchError, match=r"robots\.txt"):
        await fetcher.get(f"{site.url}/private/a")
    assert (await fetcher.get(f"{site.url}/b")).body == b"y"
    assert site.asked["/private/a"] == 0
    assert site.asked["/robots.txt"] == 1
    assert await fetcher.sitemaps(site.url) == [f"{site.url}/map.xml"]


async def test_requests_keep_their_distance(site: Site) -> None:
    """
    One after the other, with the delay between.
    """
    moments: list[float] = []

    async def page(_: web.Request) -> web.Response:
        moments.append(time.monotonic())
        return web.Response(text="x")

    site.pages["/page"] = page
    async with open_fetcher([site.url], 0.2, "Tremplin/test") as slow:
        await asyncio.gather(*(slow.get(f"{site.url}/page") for _ in range(3)))
    first, second, third = moments
    assert second - first >= 0.19
    assert third - second >= 0.19


async def test_an_error_says_what_the_server_said(site: Site, fetcher: Fetcher) -> None:
    """
    Status and wish to be left alone for a while.
    """
    site.pages["/busy"] = 503
    site.headers["/busy"] = {"Retry-After": "120"}
    with pytest.raises(FetchError, match="503, and asks to come back in 120 seconds") as refused:
        await fetcher.get(f"{site.url}/busy")
    assert refused.value.status == 503


async def test_a_server_that_is_not_there_is_told(fetcher: Fetcher, site: Site) -> None:
    """
    No traceback, one sentence.
    """
    await site.__aexit__()
    with pytest.raises(FetchError, match="cannot be reached"):
        await fetcher.get(f"{site.url}/x")


def test_a_place_is_host_and_port() -> None:
    """
    With the usual port where none is named.
    """
    assert place("https://Blog.example/x") == "blog.example:443"
    assert place("http://blog.example:8080") == "blog.example:8080"
    assert place("http://[broken") == ""
