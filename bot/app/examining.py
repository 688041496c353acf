"""
Whether everything the bot needs is in place.
"""

from bot.app.blogging import access_of, local_articles, sources_of
from bot.content.check import load_pack
from bot.content.problems import PackError
from bot.content.schema import Source
from bot.ops.doctor import Finding, examine_database, examine_key, examine_sources
from bot.settings import Settings


async def examine(settings: Settings) -> list[Finding]:
    """
    Look at everything that the bot needs, changing nothing.
    """
    access = access_of(settings)
    pack, sources = _examine_pack(settings)
    return [
        pack,
        examine_key(access),
        await examine_database(access),
        *await examine_sources(access, sources),
        await _examine_token(settings),
    ]


def _examine_pack(settings: Settings) -> tuple[Finding, list[Source]]:
    """
    What is to be said of the pack, and where its articles come from, if it can be read.
    """
    try:
        pack = load_pack(settings.pack, settings.overlay)
    except PackError as error:
        return _faulty(len(error.problems)), []
    sources = sources_of(settings, pack.manifest)
    if not sources:
        text = "name a source of articles in pack.yaml, or the bot has none to show"
        return Finding("pack", well=False, text=text), []
    articles, problems = local_articles(pack, sources)
    if problems:
        return _faulty(len(problems)), sources
    return Finding("pack", well=True, text=f"{settings.pack}, {len(articles)} articles in its folders"), sources


def _faulty(problems: int) -> Finding:
    return Finding("pack", well=False, text=f"{problems} problems; python -m bot check lists them")


async def _examine_token(settings: Settings) -> Finding:
    from bot.channels.telegram.application import introduce_to  # noqa: PLC0415 (as in `serve`)

    token = settings.token.get_secret_value()
    if not token:
        return Finding("token", well=False, text="TREMPLIN_TOKEN is not set; @BotFather gives one (make run says how)")
    name, trouble = await introduce_to(token, settings.api_url)
    advice = f"{trouble}; check TREMPLIN_TOKEN, and that this machine reaches Telegram"
    return Finding("token", well=bool(name), text=f"Telegram knows the bot as @{name}" if name else advice)
