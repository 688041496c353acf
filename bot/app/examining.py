"""
Whether everything the bot needs is in place.
"""

from bot.app.blogging import access_of, local_articles, sources_of
from bot.app.building import check
from bot.content.check import load_pack
from bot.content.pack import PackReader
from bot.ops.doctor import Finding, examine_database, examine_key, examine_sources
from bot.settings import Settings


async def examine(settings: Settings) -> list[Finding]:
    """
    Look at everything that the bot needs, changing nothing.
    """
    access = access_of(settings)
    pack = _examine_pack(settings)
    sources = sources_of(settings, PackReader(settings.pack).manifest()) if pack.well else []
    return [
        pack,
        examine_key(access),
        await examine_database(access),
        *await examine_sources(access, sources),
        await _examine_token(settings),
    ]


def _examine_pack(settings: Settings) -> Finding:
    problems, _ = check(settings.pack, settings.overlay)
    if problems:
        return Finding("pack", well=False, text=f"{len(problems)} problems; python -m bot check lists them")
    pack = load_pack(settings.pack)
    sources = sources_of(settings, pack.manifest)
    if not sources:
        return Finding("pack", well=False, text="name a source of articles in pack.yaml, or the bot has none to show")
    count = len(local_articles(pack, sources)[0])
    return Finding("pack", well=True, text=f"{settings.pack}, {count} articles in its folders")


async def _examine_token(settings: Settings) -> Finding:
    from bot.channels.telegram.application import introduce_to  # noqa: PLC0415 (as in `serve`)

    token = settings.token.get_secret_value()
    if not token:
        return Finding("token", well=False, text="TREMPLIN_TOKEN is not set; @BotFather gives one (make run says how)")
    name, trouble = await introduce_to(token, settings.api_url)
    advice = f"{trouble}; check TREMPLIN_TOKEN, and that this machine reaches Telegram"
    return Finding("token", well=bool(name), text=f"Telegram knows the bot as @{name}" if name else advice)
