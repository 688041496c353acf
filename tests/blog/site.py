"""
A blog to read from, on this machine: a real web server whose pages a test decides.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """
    A web site on loopback.

    Parameters:
        pages: By path and query: a body, a status, or a function that answers.
        headers: By path: headers that go along.
        asked: How often each path was asked for.
    """

    pages: dict[str, bytes | str | int | Handler] = field(default_factory=dict)
    headers: dict[str, Mapping[str, str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    url: str = ""

    async def __aenter__(self) -> Self:
        """
        Open it.
        """
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """
        Close it.
        """
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path_qs
        self.asked[path] += 1
        page = self.pages.get(path, self.pages.get(request.path, 404))
        headers = self.headers.get(path, {})
        if callable(page):
            return await page(request)
        if isinstance(page, int):
            return web.Response(status=page, headers=headers)
        etag = headers.get("ETag")
        if etag is not None and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
        body = page if isinstance(page, bytes) else page.replace("{url}", self.url).encode()
        return web.Response(body=body, headers=headers)


BODY = " ".join(["Voici ce que je fais pour vous dans une recherche et ce que les autres en pensent."] * 12)
"""
A post long enough to be one, in French.
"""


def rss(posts: Mapping[str, str], *, body: str = BODY, more: str = "") -> str:
    """
    An RSS feed of whole posts.

    Parameters:
        posts: By path: the title.
        body: What each says.
        more: Further elements of the channel.
    """
    items = "".join(
        f"<item><title>{title}</title><link>{{url}}{path}</link><pubDate>Tue, 03 Mar 2026 10:00:00 +0000</pubDate>"
        f"<category>CV</category><content:encoded><![CDATA[<p>{body}</p>]]></content:encoded></item>"
        for path, title in posts.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>Blog</title>{more}{items}</channel></rss>"
    )


def wordpress_posts(posts: Mapping[str, str], modified: str = "2026-03-03T10:00:00") -> str:
    """
    What the WordPress REST API gives.

    Parameters:
        posts: By path: the title.
        modified: When they were changed last.
    """
    return json.dumps(
        [
            {
                "link": f"{{url}}{path}",
                "title": {"rendered": title},
                "content": {"rendered": f"<p>{BODY}</p>"},
                "excerpt": {"rendered": "<p>En deux mots.</p>"},
                "date": "2026-03-03T09:00:00",
                "modified": modified,
                "_embedded": {"wp:term": [[{"name": "Entretien"}, {"name": "Non classé"}]]},
            }
            for path, title in posts.items()
        ]
    )


def sitemap(*paths: str, changed: str = "2026-03-03") -> str:
    """
    A sitemap.
    """
    entries = "".join(f"<url><loc>{{url}}{path}</loc><lastmod>{changed}</lastmod></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def post_page(title: str, body: str = BODY) -> str:
    """
    The web page of a post.
    """
    return (
        f'<!DOCTYPE html><html lang="fr-FR"><head><title>{title} - Blog</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2026-03-03T10:00:00+00:00"></head>'
        f"<body><nav>Accueil</nav><article><h1>{title}</h1><p>{body}</p><p>{body}</p></article></body></html>"
    )
