"""
Broadcasts through the stand-in server: prepared in a chat, sent to everybody once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.channels.telegram.application import TelegramChannel
from bot.channels.telegram.desk.options import BulkOptions, StationOptions
from bot.model import Broadcast, BroadcastState, RecipientState
from bot.storage.coaches import Role
from bot.storage.engine import Database
from tests.channels.conftest import Run, settled
from tests.telegram_server import TelegramServer
from tests.telegram_server.faults import BadGateway, DropAfter, Hold, bad, flood, refused
from tests.telegram_server.model import Message
from tests.telegram_server.people import Person


@dataclass
class Studio:
    """
    A coach who writes to everybody, and some people.
    """

    server: TelegramServer
    channel: TelegramChannel
    alix: Person
    people: list[Person]
    database: Database

    async def calm(self) -> None:
        """
        Wait until what was written is dealt with.
        """
        await settled(self.server, self.database)

    async def says(self, text: str) -> Message:
        """
        Let the coach write; returns the bot's answer.
        """
        await self.alix.send_text(text)
        await self.calm()
        return self.alix.bot_messages[-1]

    async def presses(self, message: Message, label: str) -> Message:
        """
        Let the coach press the button whose label contains some words; returns the last message of the bot.
        """
        full = next(one for one in message.labels if label in one)
        await self.alix.press(message, full)
        await self.calm()
        return self.alix.bot_messages[-1]

    async def over(self, number: int = 1) -> dict[RecipientState, int]:
        """
        The figures of a broadcast once it has ended.
        """
        broadcasts = self.channel.station.office.broadcasts
        async with asyncio.timeout(20):
            while True:
                found = await broadcasts.get(number)
                if found is not None and found.state in {BroadcastState.FINISHED, BroadcastState.FAULTY}:
                    return {state: count for state, count in (await broadcasts.figures(number)).items() if count}
                await asyncio.sleep(0.02)

    async def sends(self, text: str, panel: Callable[[Message], Any] | None = None) -> None:
        """
        Prepare a text, change what is wanted, and confirm it.
        """
        await self.says("/broadcast")
        shown = await self.says(text)
        if panel is not None:
            shown = await panel(shown)
        asked = await self.presses(shown, "Envoyer (")
        await self.says(asked.text.rsplit(" ", 1)[1])

    def read(self, text: str) -> list[str]:
        """
        The first names of those who see a message with some words, once for each.
        """
        return [one.first_name for one in self.people for message in one.messages if text in message.text]


@pytest.fixture
async def studio(server: TelegramServer, run: Run, database: Database) -> AsyncIterator[Studio]:
    """
    Three people who know the bot, one of them in English.
    """
    alix = server.person("Alix", started=True)
    options = StationOptions(coaches={f"telegram:{alix.id}": Role.OWNER}, bulk=BulkOptions(rate=500))
    async with run(station=options) as channel:
        people = [server.person("Noor"), server.person("Lou"), server.person("Jo", language_code="en")]
        for one in people:
            await one.send_text("good morning" if one.user.language_code == "en" else "bonjour")
            await one.next_message()
        yield Studio(server, channel, alix, people, database)


async def test_a_text_reaches_everybody_once_with_their_name(studio: Studio) -> None:
    """
    Formatting, the form of address, a button with a link, and one that ends such messages.
    """
    await studio.sends("Bonjour {{ first_name }}, [vous êtes|tu es] là ?\nLire | https://example.org/a")
    assert await studio.over() == {RecipientState.SENT: 3}
    noor = studio.people[0].last
    assert noor.text == "Bonjour Noor, vous êtes là\xa0?"
    assert noor.labels == ["Lire", "🔕 Ne plus recevoir ces messages"]
    assert studio.read("là\xa0?") == ["Noor", "Lou", "Jo"]


async def test_the_panel_counts_and_the_number_confirms(studio: Studio) -> None:
    """
    Nothing is sent by a slip of the finger.
    """
    await studio.says("/broadcast")
    panel = await studio.says("Une nouvelle")
    assert "3 personnes" in panel.text
    english = await studio.presses(panel, "English")
    assert "1 personne " in english.text
    asked = await studio.presses(english, "Envoyer (1)")
    assert asked.text.endswith("1")
    wrong = await studio.says("oui")
    assert "Rien n'est parti" in wrong.text
    asked = await studio.presses(wrong, "Envoyer (1)")
    assert "C'est parti pour 1 personne" in (await studio.says("1")).text
    await studio.over()
    assert studio.read("Une nouvelle") == ["Jo"]


async def test_two_languages_and_a_preview_as_people_see_it(studio: Studio) -> None:
    """
    Each reads their own; the coach sees both first.
    """

    async def more(panel: Message) -> Message:
        await studio.presses(panel, "texte en «\xa0English\xa0»")
        panel = await studio.says("Hello {{ first_name }}")
        await studio.presses(panel, "Aperçu")
        seen = [one.text for one in studio.alix.bot_messages[-2:]]
        assert seen == ["Salut Alix", "Hello Alix"]
        return panel

    await studio.sends("Salut {{ first_name }}", more)
    await studio.over()
    assert [one.last.text for one in studio.people] == ["Salut Noor", "Salut Lou", "Hello Jo"]
    assert studio.people[2].last.labels == ["🔕 No more of these messages"]


async def test_a_preview_that_takes_long_holds_up_nobody(studio: Studio) -> None:
    """
    People are answered while Telegram lets the coach wait.
    """
    await studio.says("/broadcast")
    panel = await studio.says("Une nouvelle")
    held = Hold()
    studio.server.faults.add(fault=held, method="sendMessage", chat=studio.alix)
    await studio.alix.press(panel, "👁 Aperçu")
    await held.arrived.wait()
    noor = studio.people[0]
    await noor.send_text("bonjour")
    assert await noor.next_message()
    held.release()
    await studio.calm()
    assert studio.alix.bot_messages[-1].text == "Une nouvelle"


@pytest.mark.parametrize("kind", ["photo", "document", "video", "voice", "sticker", "poll"])
async def test_any_kind_of_message_can_be_sent(studio: Studio, kind: str) -> None:
    """
    With its caption, if it has one.
    """
    await studio.says("/broadcast")
    send: dict[str, Callable[[], Any]] = {
        "photo": lambda: studio.alix.send_photo("pour {{ first_name }}"),
        "document": lambda: studio.alix.send_document("guide.pdf", caption="pour {{ first_name }}"),
        "video": lambda: studio.alix.send_video("pour {{ first_name }}"),
        "voice": studio.alix.send_voice,
        "sticker": studio.alix.send_sticker,
        "poll": lambda: studio.alix.send_poll("Où en êtes-vous ?", ["CV", "Entretien"]),
    }
    await send[kind]()
    await studio.calm()
    asked = await studio.presses(studio.alix.bot_messages[-1], "Envoyer (")
    await studio.says(asked.text.rsplit(" ", 1)[1])
    assert await studio.over() == {RecipientState.SENT: 3}
    assert studio.people[0].last.kind == kind
    assert studio.people[0].last.text == ("pour Noor" if kind in {"photo", "document", "video"} else "")


async def test_an_album_stays_an_album(studio: Studio) -> None:
    """
    The button that ends such messages stands below it.
    """
    await studio.says("/broadcast")
    await studio.alix.send_album(["un", "deux {{ first_name }}"])
    await studio.calm()
    panel = next(one for one in reversed(studio.alix.bot_messages) if "Diffusion" in one.text)
    asked = await studio.presses(panel, "Envoyer (")
    await studio.says(asked.text.rsplit(" ", 1)[1])
    assert await studio.over() == {RecipientState.SENT: 3}
    first, second, below = studio.people[0].messages[-3:]
    assert (first.text, second.text) == ("un", "deux Noor")
    assert first.album_id == second.album_id is not None
    assert below.labels == ["🔕 Ne plus recevoir ces messages"]


@pytest.mark.parametrize("text", ["Bonjour {{ prenom }}", "Bonjour {% if %}"])
async def test_a_broken_template_stops_before_the_first_send(studio: Studio, text: str) -> None:
    """
    The coach is told what is wrong, and may send another message.
    """
    await studio.says("/broadcast")
    assert "ne peut pas être diffusé" in (await studio.says(text)).text
    assert "Diffusion n° 1" in (await studio.says("Bonjour")).text


async def test_names_are_escaped(studio: Studio) -> None:
    """
    A name is text, whatever it holds.
    """
    mallory = studio.server.person("<b>M</b> & {{ 7*7 }}")
    await mallory.send_text("bonjour")
    await mallory.next_message()
    await studio.sends("Bonjour {{ first_name }} !")
    await studio.over()
    assert mallory.last.text == "Bonjour <b>M</b> & {{ 7*7 }}\xa0!"


async def test_blocked_refused_and_unknown_are_told_apart(studio: Studio) -> None:
    """
    One failure stops nobody else; of the unknown one nobody knows, and sending again is the coach's choice.
    """
    noor, lou, jo = studio.people
    studio.server.faults.add(fault=refused(), method="sendMessage", chat=noor)
    studio.server.faults.add(fault=DropAfter(), method="sendMessage", chat=lou)
    studio.server.faults.add(fault=bad("CHAT_SEND_PLAIN_FORBIDDEN"), method="sendMessage", chat=jo)
    await studio.sends("Une nouvelle")
    assert await studio.over() == {RecipientState.BLOCKED: 1, RecipientState.UNKNOWN: 1, RecipientState.FAILED: 1}
    progress = await studio.server.wait_for(
        lambda: next((one for one in studio.alix.bot_messages if "1 incertain" in one.text), None)
    )
    assert "terminé" in progress.text
    await studio.presses(progress, "Renvoyer aux 1 incertains")
    assert await studio.over() == {RecipientState.BLOCKED: 1, RecipientState.SENT: 1, RecipientState.FAILED: 1}


async def test_a_pause_that_telegram_wants_delays_and_loses_nobody(studio: Studio) -> None:
    """
    429 is waited out, and the same person is next.
    """
    studio.server.faults.add(fault=flood(1), method="sendMessage", chat=studio.people[1])
    await studio.sends("Une nouvelle")
    assert await studio.over() == {RecipientState.SENT: 3}
    assert studio.read("Une nouvelle") == ["Noor", "Lou", "Jo"]


async def test_a_bad_gateway_is_unknown_and_not_repeated(studio: Studio) -> None:
    """
    It may have arrived.
    """
    studio.server.faults.add(fault=BadGateway(), method="sendMessage", chat=studio.people[0])
    await studio.sends("Une nouvelle")
    assert await studio.over() == {RecipientState.SENT: 2, RecipientState.UNKNOWN: 1}


async def test_a_message_that_nobody_could_get_stops_everything(studio: Studio) -> None:
    """
    Instead of being refused a thousand times; the reason is shown.
    """
    studio.server.faults.add(fault=bad("can't parse entities: whatever"), method="sendMessage", chat=studio.people[0])
    await studio.sends("Une nouvelle")
    assert await studio.over() == {RecipientState.PENDING: 3}
    assert await studio.server.wait_for(
        lambda: next((one for one in studio.alix.bot_messages if "an't parse entities" in one.text), None)
    )
    assert studio.read("Une nouvelle") == []


async def test_the_button_below_ends_such_messages(studio: Studio) -> None:
    """
    One tap, and the next broadcast passes by.
    """
    await studio.sends("Une nouvelle")
    await studio.over()
    noor = studio.people[0]
    await noor.press(noor.last, "🔕 Ne plus recevoir ces messages")
    await studio.calm()
    assert "plus" in noor.last.text

    async def anyway(panel: Message) -> Message:
        await studio.presses(panel, "Leur écrire quand même")
        return await studio.says("la date a changé")

    await studio.sends("Une correction", anyway)
    assert await studio.over(2) == {RecipientState.SENT: 2}
    assert studio.read("Une correction") == ["Lou", "Jo"]
    listed = await studio.says("/broadcasts")
    assert "la date a changé" in listed.text


async def test_a_second_one_within_a_week_reaches_nobody_by_default(studio: Studio) -> None:
    """
    The panel says how many are left out and why.
    """
    await studio.sends("Une nouvelle")
    await studio.over()
    await studio.says("/broadcast")
    panel = await studio.says("Encore une")
    assert "3 de plus en ont reçu une il y a moins d'une semaine" in panel.text
    assert "Personne ne correspond" in (await studio.presses(panel, "Envoyer (0)")).text


async def test_reactions_show_with_the_results(studio: Studio) -> None:
    """
    Counted, without who.
    """
    await studio.sends("Une nouvelle")
    await studio.over()
    for one in studio.people[:2]:
        await one.react(one.last, "👍")
    await studio.calm()
    assert "👍 2" in (await studio.says("/broadcasts")).text


async def test_pause_resume_and_cancel(studio: Studio) -> None:
    """
    From the message that shows the progress.
    """
    studio.channel.station._run._is_night = lambda _: True
    await studio.sends("Une nouvelle")
    listed = await studio.says("/broadcasts")
    shown = await studio.presses(listed, "#1")
    paused = await studio.presses(shown, "Pause")
    assert "en pause" in paused.text
    resumed = await studio.presses(paused, "Reprendre")
    assert "prévu" in resumed.text
    cancelled = await studio.presses(resumed, "Annuler")
    assert "annulé" in cancelled.text
    assert cancelled.labels == []
    assert studio.read("Une nouvelle") == []


async def test_the_time_left_of_a_spread_is_shown(studio: Studio) -> None:
    """
    Until the hours it was given are over, or until everybody can be reached if that is later.
    """
    studio.channel.station._run._is_night = lambda _: True
    await studio.sends("Une nouvelle")
    office = studio.channel.station.office
    begun = await office.broadcasts.get(1)
    assert begun is not None
    for hours, words in ((5, "3\xa0heures"), (1, "3\xa0secondes")):
        text, _ = await office.progress.text(replace(begun, start=begun.start - 7200, hours=hours), 1.0)
        assert f"encore {words}" in text


async def test_a_time_can_be_given(studio: Studio) -> None:
    """
    It waits until then.
    """

    async def later(panel: Message) -> Message:
        await studio.presses(panel, "À une heure")
        return await studio.says("3h")

    await studio.sends("Une nouvelle", later)
    assert "C'est prévu le" in studio.alix.bot_messages[-1].text
    found = await studio.channel.station.office.broadcasts.get(1)
    assert isinstance(found, Broadcast)
    assert found.state is BroadcastState.SCHEDULED


async def test_a_time_that_cannot_be_told_is_asked_for_again(studio: Studio) -> None:
    """
    With examples, and the next try is taken.
    """
    await studio.says("/broadcast")
    panel = await studio.says("Une nouvelle")
    asked = await studio.presses(panel, "À une heure")
    assert (await studio.says("quand il fera beau")).text == asked.text
    await studio.says("3h")
    found = await studio.channel.station.office.broadcasts.get(1)
    assert isinstance(found, Broadcast)
    assert found.start > found.created


async def test_dropping_it_sends_nothing(studio: Studio) -> None:
    """
    And what is written next is a message like any other.
    """
    asked = await studio.says("/broadcast")
    assert "Rien n'a été envoyé" in (await studio.presses(asked, "Abandonner")).text
    answer = await studio.says("comment refaire mon cv ?")
    assert "À lire" in answer.text


async def test_others_cannot_broadcast(studio: Studio) -> None:
    """
    The command does not exist for them.
    """
    noor = studio.people[0]
    await noor.send_text("/broadcast")
    await studio.calm()
    assert "Je ne connais pas /broadcast" in noor.last.text


@pytest.mark.parametrize("paid", [False, True])
async def test_paying_for_speed_is_a_switch(server: TelegramServer, run: Run, paid: bool) -> None:
    """
    Off unless whoever hosts the bot turns it on.
    """
    alix = server.person("Alix", started=True)
    options = StationOptions(coaches={f"telegram:{alix.id}": Role.OWNER}, bulk=BulkOptions(rate=500, paid=paid))
    async with run(station=options) as channel:
        noor = server.person("Noor")
        await noor.send_text("bonjour")
        await noor.next_message()
        studio = Studio(server, channel, alix, [noor], channel.station.office.threads.database)
        await studio.sends("Une nouvelle")
        await studio.over()
        sent = server.calls_to("sendMessage", noor)[-1]
        assert bool(sent.parameters.get("allow_paid_broadcast")) == paid
