"""
Links that open the bot at an answer, a FAQ entry or an article, for the blog's own pages.
"""

from bot.app.blogging import access_of, local_articles, sources_of, stored_articles
from bot.app.building import load_content
from bot.blog.posts import article_id, clean_url
from bot.settings import Settings
from bot.storage.coaches import INVITATION, Coaches, Role


class LinkError(ValueError):
    """
    There is nothing to link to, or no bot. The message says what to do.
    """


async def start_payload(settings: Settings, target: str) -> str:
    """
    What a link to something carries.

    Parameters:
        settings: The settings.
        target: The id of an intent or of a FAQ entry, or an article's web address or id.

    Raises:
        LinkError: There is no such thing.
        PackError: The pack has faults.
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
    """
    pack = load_content(settings)
    contents = pack.languages.values()
    if any(target in content.answers for content in contents):
        return f"intent_{target}"
    if any(target in content.faq for content in contents):
        return f"faq_{target}"
    articles = [*local_articles(pack, sources_of(settings, pack.manifest))[0], *await stored_articles(settings)]
    wanted = {target, article_id(clean_url(target) or target)}
    for article in articles:
        if article.id in wanted or article.url == target:
            return f"article_{article.id}"
    raise LinkError(
        f"{target} is no intent, no FAQ entry and no article: python -m bot check names intents and entries by their "
        "files; an article is named by its web address, as python -m bot search shows it"
    )


async def invitation(settings: Settings, *, owner: bool) -> str:
    """
    What a link carries by which somebody becomes a coach, once.

    Parameters:
        settings: The settings.
        owner: Whether they may also set up the desk and invite others.

    Raises:
        DatabaseError: The database cannot be used.
        SealError: The encryption key is missing or wrong.
        StorageError: The database cannot be written.
    """
    async with access_of(settings).database() as database:
        return INVITATION + await Coaches(database).invite(Role.OWNER if owner else Role.COACH)


async def bot_name(settings: Settings) -> str:
    """
    The user name of the bot whose token is set.

    Raises:
        LinkError: There is no token, or Telegram does not answer.
    """
    # The library takes half a second to import, which the other commands need not spend.
    from bot.channels.telegram.application import introduce_to  # noqa: PLC0415

    token = settings.token.get_secret_value()
    name, trouble = await introduce_to(token, settings.api_url) if token else ("", "TREMPLIN_TOKEN is not set")
    if not name:
        raise LinkError(f"the name of the bot is not known ({trouble}); give it with --bot NAME")
    return name
