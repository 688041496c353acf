"""
Answers of the WordPress REST API become articles (https://developer.wordpress.org/rest-api/reference/posts/).
"""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

from bot.blog.feeds import FeedError, FeedPage
from bot.blog.posts import PostError, Skipped, make_article, text_of

POSTS_PER_PAGE = 100
"""
The most that WordPress gives at once.
"""


def posts_url(api_url: str, page: int, modified_after: str = "") -> str:
    """
    The address of a page of posts: those written first come first, so that none slips to a page that was read already.

    Parameters:
        api_url: The root of the API, as in https://blog.org/wp-json/.
        page: From 1 on.
        modified_after: Only posts that were changed after this moment, in ISO 8601.
    """
    query = {
        "per_page": POSTS_PER_PAGE,
        "page": page,
        "orderby": "date",
        "order": "asc",
        "_embed": "wp:term",
        "_fields": "link,title,content,excerpt,date,modified,_links,_embedded",
    }
    if modified_after:
        query |= {"modified_after": modified_after, "orderby": "modified"}
    separator = "&" if "?" in api_url else "?"
    return f"{api_url.rstrip('/')}/wp/v2/posts{separator}{urlencode(query)}"


def read_posts(body: bytes, url: str) -> FeedPage:
    """
    Read one page of posts.

    Raises:
        FeedError: It is no such page.
    """
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError):
        posts = None
    if not isinstance(posts, list):
        raise FeedError("this is no list of WordPress posts")
    articles, skipped = [], []
    for post in posts:
        link = str(post.get("link", "")) if isinstance(post, dict) else ""
        try:
            articles.append(
                make_article(
                    url=link,
                    title=_rendered(post, "title"),
                    text=text_of(_rendered(post, "content")),
                    language="",
                    published=_day(post.get("date")),
                    tags=_terms(post),
                    summary=_rendered(post, "excerpt"),
                )
            )
        except PostError as error:
            skipped.append(Skipped(link or url, str(error)))
        except (AttributeError, TypeError):
            skipped.append(Skipped(link or url, "it is not in the form WordPress gives"))
    return FeedPage(tuple(articles), tuple(skipped), generator="wordpress")


def latest_change(body: bytes) -> str:
    """
    When a page's most recently changed post was changed, in ISO 8601 and the site's own time, which is what WordPress
    compares with; empty if it does not say.
    """
    return max((str(post.get("modified", "")) for post in json.loads(body)), default="")


def _rendered(post: Any, name: str) -> str:
    return str(post.get(name, {}).get("rendered", ""))


def _terms(post: Any) -> list[str]:
    groups = post.get("_embedded", {}).get("wp:term", [])
    names = [str(term.get("name", "")) for group in groups for term in group]
    # What WordPress files a post under when the blogger did not.
    return [name for name in names if name.lower() not in {"uncategorized", "non classé", "non classe"}]


def _day(moment: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(moment)[:10])
    except ValueError:
        return None
