"""
Reading a blog: the best source is found, only what is new is fetched, and nothing known is ever lost.
"""

from pathlib import Path

import pytest
from aiohttp import web

from bot.content.schema import SourceKind
from tests.blog.conftest import Blog
from tests.blog.site import BODY, post_page, rss, sitemap, wordpress_posts

ENGLISH = "This is what I do for you in a search and what the others have to say about it when they are asked. " * 8


async def test_a_feed_is_read_page_by_page(blog: Blog) -> None:
    """
    WordPress feeds have older posts behind `?paged=`, until there are no more.
    """
    generator = "<generator>https://wordpress.org/?v=6.8</generator>"
    blog.site.pages |= {
        "/feed/": rss({"/a": "A", "/b": "B"}, more=generator),
        "/feed/?paged=2": rss({"/c": "C"}, more=generator),
        "/feed/?paged=3": 404,
    }
    feed = f"{blog.site.url}/feed/"
    report = await blog.sync(feed=feed)
    assert (report.read, len(report.new), report.trouble) == (3, 3, "")
    assert await blog.titles(feed=feed) == ["A", "B", "C"]


async def test_a_feed_that_has_not_changed_is_not_read_again(blog: Blog) -> None:
    """
    One question, answered with "not modified".
    """
    blog.site.pages["/feed/"] = rss({"/a": "A"})
    blog.site.headers["/feed/"] = {"ETag": '"1"'}
    await blog.sync(feed=f"{blog.site.url}/feed/")
    asked = sum(blog.site.asked.values())
    report = await blog.sync(feed=f"{blog.site.url}/feed/")
    assert (report.read, report.trouble) == (0, "")
    assert sum(blog.site.asked.values()) == asked + 1


async def test_only_what_is_new_is_read(blog: Blog) -> None:
    """
    A new post and a changed one are told apart; older pages are left alone.
    """
    feed = f"{blog.site.url}/feed/"
    blog.site.pages |= {"/feed/": rss({"/b": "B", "/a": "A"}), "/feed/?paged=2": rss({"/old": "Vieux"})}
    await blog.sync(feed=feed)
    asked = blog.site.asked["/feed/?paged=2"]
    blog.site.pages["/feed/"] = rss({"/b": "B, revu", "/a": "A"})
    report = await blog.sync(feed=feed)
    assert (report.new, report.changed) == (set(), 1)
    assert blog.site.asked["/feed/?paged=2"] == asked
    blog.site.pages["/feed/"] = rss({"/c": "C", "/b": "B, revu"})
    report = await blog.sync(feed=feed)
    assert (len(report.new), report.changed) == (1, 0)
    assert await blog.titles(feed=feed) == ["A", "B, revu", "C", "Vieux"]


async def test_an_interrupted_reading_goes_on_where_it_was(blog: Blog) -> None:
    """
    What was read is kept, and the pages before are not fetched again.
    """
    feed = f"{blog.site.url}/feed/"
    blog.site.pages |= {"/feed/": rss({"/a": "A"}), "/feed/?paged=2": rss({"/b": "B"}), "/feed/?paged=3": 500}
    blog.site.headers["/feed/"] = {"ETag": '"1"'}
    report = await blog.sync(feed=feed)
    assert report.trouble == "the server answers 500"
    assert await blog.titles(feed=feed) == ["A", "B"]
    assert (await blog.shelf.progress(f"feed:{feed}")).synced == 0
    blog.site.pages["/feed/?paged=3"] = rss({"/c": "C"})
    report = await blog.sync(feed=feed)
    assert report.trouble == ""
    assert blog.site.asked["/feed/?paged=2"] == 1
    assert await blog.titles(feed=feed) == ["A", "B", "C"]


@pytest.mark.parametrize("broken", [500, "", "<html>Erreur</html>", rss({}), b"\xff\xfe"])
async def test_nothing_known_is_lost(blog: Blog, broken: int | str | bytes) -> None:
    """
    A source that fails, or comes back empty, leaves what is known as it is, and is told.
    """
    feed = f"{blog.site.url}/feed/"
    blog.site.pages["/feed/"] = rss({"/a": "A"})
    await blog.sync(feed=feed)
    blog.site.pages["/feed/"] = broken
    report = await blog.sync(feed=feed)
    assert report.trouble
    assert await blog.titles(feed=feed) == ["A"]
    assert (await blog.shelf.progress(f"feed:{feed}")).trouble == report.trouble


async def test_wordpress_is_found_and_read(blog: Blog) -> None:
    """
    Given only the address: the API is found, all posts are read, later only those that changed.
    """
    asked: list[str] = []

    async def posts(request: web.Request) -> web.Response:
        asked.append(request.query.get("modified_after", ""))
        if request.query.get("modified_after"):
            found = wordpress_posts({"/p0": "P 0, revu"}, modified="2026-03-09T10:00:00")
        elif request.query["page"] == "1":
            found = wordpress_posts({f"/p{n}": f"P {n}" for n in range(100)})
        else:
            found = wordpress_posts({"/p100": "P 100"})
        return web.Response(text=found.replace("{url}", blog.site.url))

    blog.site.pages |= {
        "/": '<html><head><link rel="https://api.w.org/" href="{url}/wp-json/"></head><body>Blog</body></html>',
        "/wp-json/wp/v2/posts": posts,
    }
    report = await blog.sync(blog=f"{blog.site.url}/")
    assert report.found is not None
    assert (report.found.kind, report.found.url) == (SourceKind.WORDPRESS, f"{blog.site.url}/wp-json/")
    assert (report.read, len(report.new)) == (101, 101)
    kept = await blog.shelf.articles([f"blog:{blog.site.url}/"])
    assert {article.tags for article in kept} == {("entretien",)}
    assert {article.summary for article in kept} == {"En deux mots."}
    report = await blog.sync(blog=f"{blog.site.url}/")
    assert (report.read, report.changed) == (1, 1)
    assert asked[-1] == "2026-03-03T10:00:00"


async def test_a_page_behind_the_last_ends_wordpress(blog: Blog) -> None:
    """
    WordPress answers 400 to a page number that is too high.
    """

    async def posts(request: web.Request) -> web.Response:
        if request.query["page"] != "1":
            return web.Response(status=400)
        found = wordpress_posts({f"/p{n}": f"P {n}" for n in range(100)})
        return web.Response(text=found.replace("{url}", blog.site.url))

    blog.site.pages["/wp-json/wp/v2/posts"] = posts
    report = await blog.sync(wordpress=f"{blog.site.url}/wp-json")
    assert (report.read, report.trouble) == (100, "")


async def test_blogger_is_read_by_its_feed(blog: Blog) -> None:
    """
    Blogger's feed leads to all posts by links to the next page.
    """

    def page(title: str, following: str = "") -> str:
        link = '<link rel="next" href="{url}/feeds/posts/default?start-index=26"/>' if following else ""
        return (
            f'<feed xmlns="http://www.w3.org/2005/Atom">{link}<generator>Blogger</generator><entry><title>{title}</title>'
            f'<link rel="alternate" href="{{url}}/{title}"/><content>{BODY}</content></entry></feed>'
        )

    blog.site.pages |= {
        "/": '<html><head><link rel="alternate" type="application/atom+xml" title="Blog - Atom" '
        'href="/feeds/posts/default"></head><body></body></html>',
        "/feeds/posts/default": page("A", "yes"),
        "/feeds/posts/default?start-index=26": page("B"),
    }
    report = await blog.sync(blog=f"{blog.site.url}/")
    assert report.found is not None
    assert report.found.kind is SourceKind.FEED
    assert await blog.titles(blog=f"{blog.site.url}/") == ["A", "B"]


async def test_a_static_site_is_read_by_its_sitemap(blog: Blog) -> None:
    """
    A feed of the last posts alone is passed over for a sitemap that lists more; pages that are no posts are told.
    """
    blog.site.pages |= {
        "/": '<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body></body></html>',
        "/rss.xml": rss({"/a": "A"}),
        "/sitemap.xml": sitemap("/a", "/b", "/contact", "/tag/cv/", "/gone"),
        "/a": post_page("A"),
        "/b": post_page("B"),
        "/contact": f"<html><head><title>Contact</title></head><body><p>{BODY}</p></body></html>",
    }
    report = await blog.sync(blog=f"{blog.site.url}/")
    assert report.found is not None
    assert report.found.kind is SourceKind.SITEMAP
    assert await blog.titles(blog=f"{blog.site.url}/") == ["A", "B"]
    assert {(skipped.url.removeprefix(blog.site.url), skipped.reason) for skipped in report.skipped} == {
        ("/contact", "the page does not say that it is an article"),
        ("/gone", "the server answers 404"),
    }
    (first, _) = await blog.shelf.articles([f"blog:{blog.site.url}/"])
    assert first.published is not None
    assert first.published.isoformat() == "2026-03-03"
    assert first.text.startswith("Voici")


async def test_only_changed_pages_of_a_sitemap_are_read(blog: Blog) -> None:
    """
    By the date the sitemap gives.
    """
    place = f"{blog.site.url}/sitemap.xml"
    blog.site.pages |= {"/sitemap.xml": sitemap("/a", "/b"), "/a": post_page("A"), "/b": post_page("B")}
    await blog.sync(sitemap=place)
    blog.site.pages |= {"/sitemap.xml": sitemap("/a", "/b", "/c"), "/c": post_page("C")}
    report = await blog.sync(sitemap=place)
    assert (report.read, len(report.new)) == (1, 1)
    blog.site.pages |= {"/sitemap.xml": sitemap("/a", "/b", "/c", changed="2026-05-05"), "/a": post_page("A, revu")}
    report = await blog.sync(sitemap=place)
    assert (report.read, report.changed) == (3, 1)
    assert blog.site.asked["/a"] == 2


async def test_pages_that_could_not_be_had_are_tried_again(blog: Blog) -> None:
    """
    A server that is down for a moment does not make a post be forgotten.
    """
    place = f"{blog.site.url}/sitemap.xml"
    blog.site.pages |= {"/sitemap.xml": sitemap("/a", "/b"), "/a": post_page("A"), "/b": 503}
    await blog.sync(sitemap=place)
    blog.site.pages["/b"] = post_page("B")
    await blog.sync(sitemap=place)
    assert await blog.titles(sitemap=place) == ["A", "B"]
    assert blog.site.asked["/a"] == 1


async def test_an_index_of_sitemaps_leads_to_the_posts(blog: Blog) -> None:
    """
    Sitemaps of pages and tags are left out where there is one of posts; a hostile index ends.
    """
    listed = "".join(f"<sitemap><loc>{{url}}/{name}-sitemap.xml</loc></sitemap>" for name in ("post", "page"))
    index = f"<sitemapindex>{listed}</sitemapindex>"
    blog.site.pages |= {"/sitemap.xml": index, "/post-sitemap.xml": sitemap("/a"), "/a": post_page("A")}
    report = await blog.sync(sitemap=f"{blog.site.url}/sitemap.xml")
    assert (report.read, blog.site.asked["/page-sitemap.xml"]) == (1, 0)
    blog.site.pages["/loop.xml"] = "<sitemapindex><sitemap><loc>{url}/loop.xml</loc></sitemap></sitemapindex>"
    report = await blog.sync(sitemap=f"{blog.site.url}/loop.xml")
    assert report.trouble == "the sitemap is empty; what was read before is kept"


async def test_an_export_is_read_once(blog: Blog, tmp_path: Path) -> None:
    """
    A file from WordPress or Blogger; again only when it is another one.
    """
    path = tmp_path / "export.xml"
    path.write_text(rss({"/a": "A"}).replace("{url}", "https://b.example"), encoding="utf-8")
    assert (await blog.sync(export="export.xml")).read == 1
    assert (await blog.sync(export="export.xml")).read == 0
    path.write_text(rss({"/a": "A", "/b": "B"}).replace("{url}", "https://b.example"), encoding="utf-8")
    assert len((await blog.sync(export="export.xml")).new) == 1
    path.unlink()
    assert "No such file" in (await blog.sync(export="export.xml")).trouble
    assert await blog.titles(export="export.xml") == ["A", "B"]


async def test_posts_are_in_the_language_they_are_written_in(blog: Blog) -> None:
    """
    Whatever the site declares; what the pack does not speak is left out, unless the operator says otherwise.
    """
    german = (
        "Das ist ein Text, der nicht in der Sprache ist, die wir hier sprechen, und er ist für andere gedacht. " * 8
    )
    blog.site.pages |= {
        "/fr": rss({"/a": "A"}, more="<language>en-US</language>"),
        "/en": rss({"/b": "B"}, body=ENGLISH, more="<language>fr-FR</language>"),
        "/de": rss({"/c": "C"}, body=german),
    }
    for name in ("fr", "en"):
        await blog.sync(feed=f"{blog.site.url}/{name}")
        (kept,) = await blog.shelf.articles([f"feed:{blog.site.url}/{name}"])
        assert kept.language == name
    report = await blog.sync(feed=f"{blog.site.url}/de")
    assert [skipped.reason for skipped in report.skipped] == ["it is in a language this pack does not speak (de)"]
    await blog.sync(feed=f"{blog.site.url}/de", language="en", anew=True)
    assert await blog.titles(feed=f"{blog.site.url}/de") == ["C"]
