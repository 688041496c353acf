"""
What people may ask for about themselves: what is kept and why, a copy of it, its deletion, silence, and their settings.

All of it works whatever else is going on; see `RIGHTS` in `handlers`.
"""

from dataclasses import replace
from html import escape

from bot.content import markup, retention
from bot.content.phrases import Phrase
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import Turn
from bot.model import ALL_THEMES, Asked, Button, Document, Effect, Form, Holdings, Profile, Reply

_AUTOMATIC = "auto"
_YES, _NO = "yes", "no"
_STAMP = "%Y-%m-%d %H:%M UTC"


async def privacy(turn: Turn) -> Reply:
    """
    `/privacy`: who reads what, why, and for how long it is kept.
    """
    voice = turn.voice
    blocks = retention.statement(voice.renderer, voice.language, voice.form)
    return turn.reply("\n\n".join(blocks), buttons=((turn.coach_button(),),))


async def my_data(turn: Turn) -> Reply:
    """
    `/mydata`: everything that is kept of the person, as a file that any browser shows.
    """
    voice = turn.voice
    holdings = await turn.archive.holdings(turn.incoming.person.key)
    if holdings is None:
        return turn.reply(voice.phrase(Phrase.MYDATA_NONE), buttons=(turn.ways_on(),))
    text = voice.phrase(Phrase.MYDATA, count=len(holdings.messages))
    return replace(turn.reply(text), document=Document("tremplin.html", _page(turn, holdings).encode()))


async def forget(turn: Turn) -> Reply:
    """
    `/forget`: ask once more before everything goes.
    """
    voice = turn.voice
    if await turn.archive.holdings(turn.incoming.person.key) is None:
        return turn.reply(voice.phrase(Phrase.MYDATA_NONE), buttons=(turn.ways_on(),))
    yes = voice.phrase_button(Phrase.BUTTON_FORGET, Verb.FORGET, _YES)
    no = voice.phrase_button(Phrase.BUTTON_KEEP, Verb.FORGET, _NO)
    # Whoever types "yes" is asked again: what cannot be taken back takes a button.
    asked = Asked(yes=voice.button("", Verb.FORGET).payload, no=no.payload)
    return replace(turn.reply(voice.phrase(Phrase.FORGET), buttons=((yes,), (no,))), asked=asked)


async def forget_button(turn: Turn, payload: Payload) -> Reply:
    """
    Delete everything and hand over a receipt, or leave it all in place; ask first if nothing was answered yet.

    Raises:
        LookupError: The button was altered.
    """
    if not payload.arguments:
        return await forget(turn)
    (answer,) = payload.arguments
    voice = turn.voice
    if answer == _NO:
        return turn.reply(voice.phrase(Phrase.FORGET_KEPT), buttons=(turn.ways_on(),), replaces=True)
    if answer != _YES:
        raise KeyError(answer)
    holdings = await turn.archive.holdings(turn.incoming.person.key)
    if holdings is None:
        return turn.reply(voice.phrase(Phrase.MYDATA_NONE), replaces=True)
    receipt = voice.phrase(Phrase.FORGET_DONE, count=len(holdings.messages), title=f"{holdings.first_seen:%Y-%m-%d}")
    return replace(turn.reply(receipt, replaces=True), effects=frozenset({Effect.FORGET}))


async def stop(turn: Turn) -> Reply:
    """
    `/stop`: nothing is sent any more that was not asked for.
    """
    turn.memory.choose_messages(wanted=False)
    return turn.reply(turn.voice.phrase(Phrase.STOPPED), buttons=((_settings_button(turn),),))


async def stop_button(turn: Turn, payload: Payload) -> Reply:  # noqa: ARG001 (the signature is that of all buttons)
    """
    The same from the button below a message that was not asked for.
    """
    return await stop(turn)


async def settings(turn: Turn) -> Reply:
    """
    `/settings`: the choices a person has.
    """
    return _settings(turn)


async def settings_button(turn: Turn, payload: Payload) -> Reply:
    """
    Show the choices, or change one and show them anew.

    Raises:
        LookupError: The button was altered.
    """
    match payload.arguments:
        case ():
            return _settings(turn)
        case ("language", language):
            if language != _AUTOMATIC and language not in turn.voice.renderer.pack.languages:
                raise KeyError(language)
            turn.memory.choose_language(None if language == _AUTOMATIC else language)
        case ("form", form):
            turn.memory.choose_form(Form(form))
        case ("messages", wanted):
            turn.memory.choose_messages(wanted=wanted == _YES)
        case ("zones",):
            return _zones(turn)
        case ("zone", zone) if not zone or zone in turn.voice.renderer.pack.manifest.zones:
            turn.memory.choose_zone(zone)
        case _:
            raise KeyError(payload.arguments)
    voice = replace(
        turn.voice,
        language=turn.memory.chosen_language or turn.voice.language,
        form=turn.memory.form or turn.voice.form,
    )
    return _settings(replace(turn, voice=voice), replaces=True)


def _settings(turn: Turn, *, replaces: bool = False) -> Reply:
    voice, memory = turn.voice, turn.memory
    pack = voice.renderer.pack
    names = {language: content.name for language, content in pack.languages.items()}
    chosen = memory.chosen_language or _AUTOMATIC
    languages = [
        _choice(turn, label, "language", language, chosen=language == chosen)
        for language, label in [*names.items(), (_AUTOMATIC, voice.plain(Phrase.SETTINGS_AUTOMATIC))]
    ]
    forms = [
        _choice(turn, label, "form", form, chosen=form is voice.form)
        for form, label in ((Form.VOUS, "vous"), (Form.TU, "tu"))
        if voice.language == "fr"
    ]
    wanted = (
        _choice(turn, voice.plain(Phrase.SETTINGS_MESSAGES_ON), "messages", _YES, chosen=memory.wants_messages),
        _choice(turn, voice.plain(Phrase.SETTINGS_MESSAGES_OFF), "messages", _NO, chosen=not memory.wants_messages),
    )
    zone = voice.zone(memory.zone) if memory.zone else voice.plain(Phrase.SETTINGS_ZONE_DEFAULT)
    where = voice.button(voice.plain(Phrase.SETTINGS_ZONE, title=zone), Verb.SETTINGS, "zones")
    zones = (where,) if pack.manifest.zones else ()
    return turn.reply(
        voice.phrase(Phrase.SETTINGS),
        buttons=(tuple(languages), tuple(forms), wanted, zones, turn.ways_on()),
        replaces=replaces,
    )


def _zones(turn: Turn) -> Reply:
    """
    The time zones to choose from.
    """
    voice, chosen = turn.voice, turn.memory.zone
    zones = [
        _choice(turn, voice.zone(zone), "zone", zone, chosen=zone == chosen)
        for zone in voice.renderer.pack.manifest.zones
    ]
    default = _choice(turn, voice.plain(Phrase.SETTINGS_ZONE_DEFAULT), "zone", "", chosen=not chosen)
    pairs = tuple(tuple(zones[index : index + 2]) for index in range(0, len(zones), 2))
    return turn.reply(voice.phrase(Phrase.SETTINGS_ZONES), buttons=((default,), *pairs), replaces=True)


def _choice(turn: Turn, label: str, *arguments: str, chosen: bool) -> Button:
    return turn.voice.button(f"✓ {label}" if chosen else label, Verb.SETTINGS, *arguments)


def _settings_button(turn: Turn) -> Button:
    return turn.voice.phrase_button(Phrase.BUTTON_SETTINGS, Verb.SETTINGS)


def _themes(turn: Turn, profile: Profile) -> list[str]:
    """
    The titles of the themes somebody follows.
    """
    voice = turn.voice
    if ALL_THEMES in profile.alerts:
        return [voice.plain(Phrase.ALERTS_ALL)]
    themes = voice.renderer.pack.manifest.themes
    return [theme.title[voice.language] for theme in themes if theme.id in profile.alerts]


def _page(turn: Turn, holdings: Holdings) -> str:
    """
    What is kept, as an HTML page that needs nothing else.
    """
    voice, profile = turn.voice, holdings.profile
    titles = (voice.content.answers[name].header.title for name in profile.visits if name in voice.content.answers)
    articles = filter(None, (turn.library.article(article) for article in profile.articles))
    known = (
        (Phrase.MYDATA_NAME, holdings.first_name),
        (Phrase.MYDATA_LANGUAGE, profile.language or ""),
        (Phrase.MYDATA_FORM, profile.form or ""),
        (Phrase.MYDATA_WANTS, voice.plain(Phrase.YES if profile.wants_messages else Phrase.NO)),
        (Phrase.MYDATA_FIRST, f"{holdings.first_seen:{_STAMP}}"),
        (Phrase.MYDATA_LAST, f"{holdings.last_seen:{_STAMP}}"),
        (Phrase.MYDATA_SUBJECTS, ", ".join(titles)),
        (Phrase.MYDATA_SEARCHED, profile.searched),
        (Phrase.MYDATA_ASKED, ", ".join(profile.asked.options)),
        (Phrase.MYDATA_ALERTS, ", ".join(_themes(turn, profile))),
        (Phrase.MYDATA_ZONE, voice.zone(profile.zone) if profile.zone else ""),
        (Phrase.MYDATA_HIRED, voice.plain(Phrase.YES if profile.hired else Phrase.NO)),
        (Phrase.MYDATA_NOTES, "\n".join(holdings.notes)),
        (Phrase.MYDATA_BROADCASTS, str(holdings.broadcasts)),
        (Phrase.MYDATA_ARTICLES, ", ".join(article.title for article in articles)),
    )
    rows = "".join(f"<tr><th>{escape(voice.plain(name))}</th><td>{escape(value)}</td></tr>" for name, value in known)
    said = "".join(f"<tr><th>{at:{_STAMP}}</th><td>{escape(text)}</td></tr>" for at, text in holdings.messages)
    title = escape(voice.plain(Phrase.MYDATA_TITLE))
    why = escape("\n\n".join(markup.plain(b) for b in retention.statement(voice.renderer, voice.language, voice.form)))
    return (
        f'<!doctype html><html lang="{voice.language}"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><style>body{font:16px sans-serif;max-width:44em;margin:1em '
        "auto;padding:0 1em}th{text-align:left;vertical-align:top;padding-right:1em;white-space:nowrap}"
        "td{white-space:pre-wrap}</style>"
        f"<h1>{title}</h1><table>{rows}</table><h2>{escape(voice.plain(Phrase.MYDATA_WRITTEN))}</h2><table>{said}</table>"
        f'<h2>{escape(voice.plain(Phrase.MYDATA_WHY))}</h2><p style="white-space:pre-wrap">{why}</p></html>\n'
    )
