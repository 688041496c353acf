"""
Given only an address, the best source is found.
"""

import pytest

from bot.blog.discovery import discover
from bot.blog.fetch import Fetcher, FetchError
from bot.content.schema import SourceKind
from tests.blog.site import Site, rss, sitemap


@pytest.mark.parametrize(
    ("page", "kind"), [(rss({"/a": "A"}), SourceKind.FEED), (sitemap("/a", "/b"), SourceKind.SITEMAP)]
)
async def test_a_source_given_as_a_blog_is_taken_as_what_it_is(
    site: Site, fetcher: Fetcher, page: str, kind: SourceKind
) -> None:
    """
    A blogger may paste the address of the feed instead of the blog's.
    """
    site.pages["/it"] = page
    assert (await discover(fetcher, f"{site.url}/it")).kind is kind


async def test_a_feed_of_comments_is_not_taken(site: Site, fetcher: Fetcher) -> None:
    """
    The feed of posts is, also when it stands second.
    """
    site.pages |= {
        "/": '<head><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/"></head>',
        "/comments/feed/": rss({"/x": "Bravo"}),
        "/feed/": rss({"/a": "A"}),
    }
    assert (await discover(fetcher, f"{site.url}/")).url == f"{site.url}/feed/"


async def test_a_site_without_any_source_is_told(site: Site, fetcher: Fetcher) -> None:
    """
    With what to do about it.
    """
    site.pages["/"] = "<html><body>Bonjour</body></html>"
    with pytest.raises(FetchError, match="no feed, sitemap or WordPress was found there; name one"):
        await discover(fetcher, f"{site.url}/")
