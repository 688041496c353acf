"""
The real application against the stand-in Bot API: people write, and see on their screens what they should see.
"""

import asyncio
from typing import Any

import pytest

from bot.app import App
from bot.channels.telegram.profile import COMMANDS
from bot.content import markup
from bot.content.phrases import Phrase
from tests.telegram_server import TelegramServer
from tests.telegram_server.faults import BadGateway, DropBefore, Slow, bad, flood, refused


async def test_a_question_is_answered_with_advice_and_buttons(telegram: TelegramServer) -> None:
    """
    A stranger writes "cv a refaire svp" and gets good advice with articles.
    """
    person = telegram.person("Noor")
    await person.send_text("je dois refaire mon cv, par où commencer ?")
    answer = await person.next_message()
    assert "À lire sur le blog" in answer.text
    assert "✉️ Écrire à Camille" in answer.labels


async def test_start_greets_by_name_and_shows_the_themes(telegram: TelegramServer, bot: App) -> None:
    """
    The first press on "Start" tells who speaks.
    """
    person = telegram.person("<b>Lou</b> {{ 7*7 }}")
    await person.send_command("/start")
    welcome = await person.next_message()
    assert "Bonjour <b>Lou</b> {{ 7*7 }}" in welcome.text
    assert {theme.title["fr"] for theme in bot.pack.manifest.themes} <= set(welcome.labels)


async def test_a_deep_link_opens_its_answer(telegram: TelegramServer) -> None:
    """
    A link on the blog leads straight to what it promises.
    """
    person = telegram.person()
    await person.send_command("/start intent_cv_writing")
    assert "page" in (await person.next_message()).text


async def test_the_language_of_the_device_is_used_until_a_person_writes(telegram: TelegramServer) -> None:
    """
    An English phone gets an English welcome, a French question a French answer.
    """
    person = telegram.person("Jo", language_code="en-GB")
    await person.send_command("/start")
    assert "automatic assistant" in (await person.next_message()).text
    await person.send_text("je ne sais pas comment faire ma lettre de motivation")
    assert "✉️ Écrire à Camille" in (await person.next_message()).labels


async def test_browsing_the_menu_edits_one_message(telegram: TelegramServer, bot: App) -> None:
    """
    Going to a theme and back leaves no trail of messages.
    """
    person = telegram.person()
    await person.send_command("/menu")
    menu = await person.next_message()
    theme = bot.pack.manifest.themes[0].title["fr"]
    press = await person.press(menu, theme)
    await press.answered()
    themed = await person.edited(menu)
    assert theme in themed.text
    await person.press(themed, "← Retour")
    assert theme in (await person.edited(themed)).labels
    assert len(person.bot_messages) == 1


async def test_pressing_the_same_page_again_is_harmless(telegram: TelegramServer, bot: App) -> None:
    """
    Telegram refuses an edit that changes nothing; the person notices nothing.
    """
    person = telegram.person()
    await person.send_command("/menu")
    menu = await person.next_message()
    presses = [await person.forge_press(menu, f"m:fr:{bot.pack.manifest.themes[0].id}") for _ in range(2)]
    for press in presses:
        await press.answered()
    await person.send_text("merci")
    assert await person.next_message() is not None
    assert not any("mal passé" in message.text for message in person.bot_messages)


async def test_a_vote_is_acknowledged_without_a_message(telegram: TelegramServer) -> None:
    """
    A thumb up costs the person no further reading.
    """
    person = telegram.person()
    await person.send_text("je dois refaire mon cv, par où commencer ?")
    press = await person.press(await person.next_message(), "👍 Utile")
    answer = await press.answered()
    assert answer is not None
    assert answer["text"] == "Merci, c'est noté."
    assert len(person.bot_messages) == 1


async def test_a_forged_button_does_nothing_but_say_so(telegram: TelegramServer) -> None:
    """
    An altered payload is answered kindly.
    """
    person = telegram.person()
    await person.send_command("/menu")
    await person.forge_press(await person.next_message(), "i:fr:nowhere")
    assert "ne mène plus nulle part" in (await person.next_message()).text


async def test_an_old_press_is_still_answered(telegram: TelegramServer) -> None:
    """
    A button pressed while the bot was away works, though Telegram takes no acknowledgement any more.
    """
    person = telegram.person()
    await person.send_command("/menu")
    menu = await person.next_message()
    telegram.faults.add(
        fault=bad("query is too old and response timeout expired or query ID is invalid"), method="answerCallbackQuery"
    )
    await person.press(menu, "❓ Questions fréquentes")
    assert "questions" in (await person.next_message()).text.lower() or person.bot_messages


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "document", "location", "contact", "video", "poll"])
async def test_anything_but_text_gets_a_kind_answer(telegram: TelegramServer, kind: str) -> None:
    """
    A photo, a voice message, a poll: acknowledged, never an error.
    """
    person = telegram.person()
    arguments: dict[str, tuple[object, ...]] = {
        "document": ("cv.pdf", b"x"),
        "location": (48.1, -1.7),
        "contact": ("+33000000000",),
        "poll": ("Oui ?", ["oui", "non"]),
    }
    await getattr(person, f"send_{kind}")(*arguments.get(kind, ()))
    answer = await person.next_message()
    assert len(answer.text) > 20
    assert "mal passé" not in answer.text


async def test_an_edited_message_is_answered_again(telegram: TelegramServer) -> None:
    """
    A corrected question gets its answer.
    """
    person = telegram.person()
    message = await person.send_text("bonjour")
    await person.next_message()
    await person.edit(message, "merci beaucoup")
    assert "correction" in (await person.next_message()).text


async def test_in_a_group_the_bot_speaks_once_and_is_silent(telegram: TelegramServer) -> None:
    """
    Nobody's question is answered in public.
    """
    person = telegram.person()
    group = telegram.group("Promo", with_bot=False)
    await group.add_bot(person)
    notice = await group.next_message()
    assert f"https://t.me/{telegram.bot.username}" in notice.text
    await group.member(person).send_text("/menu")
    await group.member(person).send_text("je cherche du travail")
    await person.send_command("/help")
    await person.next_message()
    assert len(group.bot_messages) == 1


async def test_commands_and_descriptions_are_set_in_each_language(telegram: TelegramServer, bot: App) -> None:
    """
    Before writing, people see what the bot is for, in their language.
    """
    for language in bot.pack.languages:
        shown = telegram.profile.commands(language, scope="all_private_chats")
        assert [command["command"] for command in shown] == list(COMMANDS)
        assert "Camille" in telegram.profile.text("description", language)
    assert telegram.profile.menu_button()["type"] == "commands"


async def test_long_texts_arrive_whole_in_several_messages(telegram: TelegramServer) -> None:
    """
    Nothing over the limit is sent, and nothing is cut off.
    """
    person = telegram.person()
    await person.send_text("x" * 9000)
    for _ in range(3):
        answer = await person.next_message()
        assert markup.length(answer.text) <= markup.MESSAGE_LENGTH


async def test_a_flood_limit_is_obeyed_and_the_answer_comes(telegram: TelegramServer) -> None:
    """
    When Telegram asks to wait, the answer waits and is sent once.
    """
    person = telegram.person()
    telegram.faults.add(fault=flood(1), method="sendMessage")
    await person.send_text("bonjour")
    assert await person.next_message(10)
    assert len(person.bot_messages) == 1


async def test_a_failed_connection_is_tried_again(telegram: TelegramServer) -> None:
    """
    A failing update is not the end: the next message is answered.
    """
    person = telegram.person()
    telegram.faults.add(fault=DropBefore(), method="sendMessage")
    await person.send_text("bonjour")
    await person.send_text("merci")
    assert await person.next_message()


@pytest.mark.parametrize("fault", [BadGateway(), refused("bot was blocked by the user"), Slow(0.2)])
async def test_trouble_with_one_person_leaves_the_others_served(telegram: TelegramServer, fault: Any) -> None:
    """
    A blocked bot, a 502 or a slow answer concerns one message only.
    """
    blocked, other = telegram.person("A"), telegram.person("B")
    telegram.faults.add(fault=fault, method="sendMessage", chat=blocked)
    await blocked.send_text("bonjour")
    await other.send_text("bonjour")
    assert await other.next_message()


async def test_an_error_of_ours_is_apologised_for(
    telegram: TelegramServer, bot: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A person never sees a traceback and is never left without a word.
    """

    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(type(bot.reader), "read", broken)
    person = telegram.person()
    await person.send_text("bonjour")
    trouble = bot.router.renderer.phrase("fr", Phrase.TROUBLE, bot.pack.manifest.address)
    assert (await person.next_message()).text == markup.plain(trouble)


async def test_many_people_are_answered(telegram: TelegramServer) -> None:
    """
    Fifty people at once each get their answer.
    """
    people = [telegram.person(f"P{number}") for number in range(50)]
    await asyncio.gather(*(person.send_text("je ne reçois aucune réponse à mes candidatures") for person in people))
    for person in people:
        assert await person.next_message(30)
