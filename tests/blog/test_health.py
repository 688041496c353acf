"""
Articles that are gone, have moved, or have aged.
"""

from bot.blog.fetch import Fetcher
from bot.blog.health import check, old_names
from tests.blog.conftest import Blog
from tests.blog.site import rss
from tests.builders import article


async def test_dead_articles_leave_and_come_back(blog: Blog, fetcher: Fetcher) -> None:
    """
    Gone: out of the search. Moved: the new address. Back: back in the search.
    """
    feed = f"{blog.site.url}/feed/"
    blog.site.pages |= {"/feed/": rss({"/a": "A", "/b": "B", "/c": "C"}), "/a": "a", "/b": 410, "/c": 301, "/d": "d"}
    blog.site.headers["/c"] = {"Location": "/d"}
    await blog.sync(feed=feed)
    health = await check(blog.shelf, fetcher, [f"feed:{feed}"], 10)
    assert [article.title for article in health.gone] == ["B"]
    assert [(article.title, url) for article, url in health.moved] == [("C", f"{blog.site.url}/d")]
    kept = await blog.shelf.articles([f"feed:{feed}"])
    assert [(article.title, article.url) for article in kept] == [
        ("A", f"{blog.site.url}/a"),
        ("C", f"{blog.site.url}/d"),
    ]
    blog.site.pages["/b"] = "b"
    assert (await check(blog.shelf, fetcher, [f"feed:{feed}"], 10)).gone == []
    assert await blog.titles(feed=feed) == ["A", "B", "C"]


async def test_a_server_in_trouble_buries_no_article(blog: Blog, fetcher: Fetcher) -> None:
    """
    Errors that pass prove nothing, and if most articles are gone at once the site is at fault.
    """
    feed = f"{blog.site.url}/feed/"
    posts = {f"/p{n}": f"P {n}" for n in range(12)}
    blog.site.pages |= {"/feed/": rss(posts), "/p0": 500}
    await blog.sync(feed=feed)
    health = await check(blog.shelf, fetcher, [f"feed:{feed}"], 100)
    assert (len(health.gone), len(health.unsure), health.doubtful) == (11, 1, True)
    assert len(await blog.titles(feed=feed)) == 12


def test_old_names_are_found() -> None:
    """
    An article that says how a thing is called now is not outdated.
    """
    renamed = {"Pôle emploi": "France Travail", "DIF": "CPF"}
    assert old_names(article("A", text="Inscrivez-vous à Pôle Emploi."), renamed) == ["Pôle emploi"]
    assert old_names(article("A", text="Pôle emploi, devenu France Travail."), renamed) == []
    assert old_names(article("A", text="C'est difficile."), renamed) == []
