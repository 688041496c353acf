"""
Feeds and export files become articles, whatever state they are in.
"""

import datetime as dt

import pytest

from bot.blog.feeds import FeedError, older_url, read_feed
from tests.blog.site import BODY, rss

URL = "https://blog.example/feed/"


def _rss(items: str, head: str = "") -> bytes:
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel>{head}{items}</channel></rss>"
    ).encode()


def test_a_post_of_a_feed_is_read_whole() -> None:
    """
    Title, date, tags and text come from the feed; links that count visitors are cleaned.
    """
    body = rss({"/relance/?utm_source=rss": "Relancer &amp; attendre"}, more="<language>fr-FR</language>")
    page = read_feed(body.replace("{url}", "https://blog.example").encode(), URL)
    ((article,), skipped) = page.articles, page.skipped
    assert skipped == ()
    assert article.title == "Relancer & attendre"
    assert article.url == "https://blog.example/relance/"
    assert article.published == dt.date(2026, 3, 3)
    assert article.tags == ("cv",)
    assert article.text == BODY
    assert article.language == "fr"
    assert page.full_text


def test_html_becomes_paragraphs() -> None:
    """
    Lists, line breaks and entities survive; scripts and pictures do not.
    """
    html = (
        "<h2>Un</h2><p>a&nbsp;b<br/>c <b>d</b></p><script>x()</script><ul><li>e</li><li>f</li></ul><figure>g</figure>"
    )
    item = f"<item><title>T</title><link>https://b.example/t</link><content:encoded><![CDATA[{html}]]></content:encoded></item>"
    (article,) = read_feed(_rss(item), URL).articles
    assert article.text == "Un\n\na b\nc d\n\n• e\n• f"


def test_a_feed_of_summaries_says_so() -> None:
    """
    First lines alone are kept, but it is known that the posts are longer.
    """
    item = "<item><title>T</title><link>https://b.example/t</link><description>Court.</description></item>"
    page = read_feed(_rss(item), URL)
    assert page.articles[0].text == "Court."
    assert not page.full_text


def test_an_atom_feed_leads_on() -> None:
    """
    RFC 5005: the next page's address is found, also when it is relative.
    """
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><link rel="next" href="?start-index=26"/>'
        '<entry><title type="html">A &lt;b&gt;title&lt;/b&gt;</title><link rel="alternate" href="/2024/a.html"/>'
        "<updated>2024-05-06T00:00:00Z</updated><content>Text</content></entry></feed>"
    )
    page = read_feed(body.encode(), URL)
    assert page.next_url == "https://blog.example/feed/?start-index=26"
    assert page.articles[0].title == "A title"
    assert page.articles[0].url == "https://blog.example/2024/a.html"
    assert page.articles[0].published == dt.date(2024, 5, 6)


def test_a_wordpress_export_has_only_published_posts() -> None:
    """
    Pages, drafts and protected posts are not articles; the last two are told.
    """

    def item(name: str, kind: str, status: str, more: str = "") -> str:
        return (
            f"<item><title>{name}</title><link>https://b.example/{name}</link><content:encoded>Texte</content:encoded>"
            f"<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>{more}</item>"
        )

    items = (
        item("a", "post", "publish")
        + item("b", "page", "publish")
        + item("c", "post", "draft")
        + item("d", "post", "publish", "<wp:post_password>x</wp:post_password>")
    )
    page = read_feed(_rss(items), URL)
    assert [article.title for article in page.articles] == ["a"]
    assert [(skipped.url, skipped.reason) for skipped in page.skipped] == [
        ("https://b.example/c", "it is not published"),
        ("https://b.example/d", "it is protected by a password"),
    ]


def test_a_blogger_export_has_only_published_posts() -> None:
    """
    Comments, templates and drafts of Blogger's Atom export are no articles, in its old form and in its new one.
    """
    kind = "http://schemas.google.com/g/2005#kind"
    entries = "".join(
        f'<entry><title>{name}</title><category scheme="{kind}" term="http://schemas.google.com/blogger/2008/kind#{what}"/>'
        f'<link rel="alternate" href="https://b.example/{name}"/><content>Texte</content>{more}</entry>'
        for name, what, more in (
            ("a", "post", '<category scheme="http://www.blogger.com/atom/ns#" term="CV"/>'),
            ("b", "comment", ""),
            ("c", "post", "<app:control><app:draft>yes</app:draft></app:control>"),
        )
    )
    new = (
        "<entry><title>d</title><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>"
        "<blogger:filename>/2024/d.html</blogger:filename><content>Texte</content></entry>"
        "<entry><title>e</title><blogger:type>COMMENT</blogger:type><content>Texte</content></entry>"
    )
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app" '
        f'xmlns:blogger="http://schemas.google.com/blogger/2018">{entries}{new}</feed>'
    )
    page = read_feed(body.encode(), "https://b.example/")
    assert [(article.title, article.url, article.tags) for article in page.articles] == [
        ("a", "https://b.example/a", ("cv",)),
        ("d", "https://b.example/2024/d.html", ()),
    ]
    assert [skipped.reason for skipped in page.skipped] == ["it is not published"]


def test_a_wrong_encoding_is_survived() -> None:
    """
    A feed that says UTF-8 and is Latin-1 still gives readable words.
    """
    body = b'<?xml version="1.0" encoding="UTF-8"?>' + _rss(
        "<item><title>CAFE</title><link>https://b.example/t</link><description>x</description></item>"
    ).replace(b"CAFE", "Café à emporter".encode("latin-1"))
    assert read_feed(body, URL).articles[0].title == "Café à emporter"


def test_a_malformed_feed_gives_what_can_be_read() -> None:
    """
    An unclosed element and a bare ampersand do not lose the other posts.
    """
    items = (
        "<item><title>Un & deux</title><link>https://b.example/1</link><description>a<br>b</description></item>"
        "<item><title>Trois</title><link>https://b.example/3</link><description>c</description>"
    )
    titles = [article.title for article in read_feed(_rss(items)[: -len("</channel></rss>")], URL).articles]
    assert titles == ["Un & deux", "Trois"]


def test_entities_are_not_blown_up() -> None:
    """
    A billion laughs cost neither time nor memory, and no file of this machine is read.
    """
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    items = "<item><title>T</title><link>https://b.example/t</link><description>&l11;&file;x</description></item>"
    head = f'<!DOCTYPE rss [<!ENTITY l0 "ha"><!ENTITY file SYSTEM "file:///etc/hostname">{entities}]>'.encode()
    (article,) = read_feed(head + _rss(items), URL).articles
    assert len(article.text) < 100


def test_deeply_nested_markup_is_survived() -> None:
    """
    A post of ten thousand open elements neither ends the program nor hides the next post.
    """
    deep = "&lt;div&gt;" * 10_000 + "x"
    items = (
        f"<item><title>A</title><link>https://b.example/a</link><description>{deep}</description></item>"
        "<item><title>B</title><link>https://b.example/b</link><description>y</description></item>"
    )
    assert read_feed(_rss(items), URL).articles[-1].title == "B"


def test_a_feed_of_ten_thousand_posts_is_read() -> None:
    """
    Nothing is cut off.
    """
    items = "".join(
        f"<item><title>T {n}</title><link>https://b.example/{n}</link><description>x</description></item>"
        for n in range(10_000)
    )
    assert len(read_feed(_rss(items), URL).articles) == 10_000


@pytest.mark.parametrize("body", [b"", b"<html><body>Bonjour</body></html>", b"\x00\xff\xfe", b"{}"])
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    """
    A web page is not taken for an empty feed.
    """
    with pytest.raises(FeedError):
        read_feed(body, URL)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("<title>T</title><description>x</description>", "it has no web address"),
        ("<title>T</title><link>javascript:alert(1)</link><description>x</description>", "it has no web address"),
        ("<link>https://b.example/t</link><description>x</description>", "it has no title"),
        ("<title>T</title><link>https://b.example/t</link>", "there is no text"),
    ],
)
def test_a_post_that_lacks_something_is_told(item: str, reason: str) -> None:
    """
    What is left out is said, with why.
    """
    assert [skipped.reason for skipped in read_feed(_rss(f"<item>{item}</item>"), URL).skipped] == [reason]


def test_pages_of_a_wordpress_feed_are_counted() -> None:
    """
    From the first page to the second, and on.
    """
    assert older_url("https://b.example/feed/?x=1") == "https://b.example/feed/?x=1&paged=2"
    assert older_url("https://b.example/feed/?paged=2") == "https://b.example/feed/?paged=3"
