"""
Following the blog: who hears of what, and when.
"""

import datetime as dt

import pytest

from bot.app import App
from bot.conversation.handlers.alerts import news
from bot.conversation.memory import Memory
from bot.model import ALL_THEMES, Incoming, Person, Profile, Reply
from tests.builders import article, labels_of, text_of
from tests.fakes import RecordingHook


class Talk:
    """
    Somebody who talks with the shipped bot and is remembered.
    """

    def __init__(self, bot: App, profile: Profile | None = None) -> None:
        self.bot, self.memory, self.hook = bot, Memory(profile), RecordingHook()

    async def __call__(self, **what: object) -> Reply:
        incoming = Incoming(Person("test:1"), **what)  # type: ignore[arg-type]
        return await self.bot.router.respond(incoming, self.memory, self.hook)

    async def press(self, reply: Reply, label: str) -> Reply:
        payload = next(b.payload for row in reply.buttons for b in row if label in b.label)
        return await self(payload=payload)


def follows(talk: Talk) -> tuple[str, ...]:
    """
    The themes somebody follows.
    """
    return talk.memory.profile.alerts


async def test_nothing_is_sent_unasked(bot: App) -> None:
    """
    Nobody follows anything until they choose to.
    """
    talk = Talk(bot)
    reply = await talk(command="alerts")
    assert "rien sans qu'on me le demande" in text_of(reply)
    assert not [label for label in labels_of(reply) if label.startswith("✓")]
    assert follows(talk) == ()


@pytest.mark.parametrize("command", ["alerts", "alertes"])
async def test_the_whole_blog_is_followed_with_one_press(bot: App, command: str) -> None:
    """
    Pressing changes the message; pressing again takes it back.
    """
    talk = Talk(bot)
    chosen = await talk.press(await talk(command=command), "Tout le blog")
    assert chosen.replaces
    assert "✓ Tout le blog" in labels_of(chosen)
    assert follows(talk) == (ALL_THEMES,)
    await talk.press(chosen, "Tout le blog")
    assert follows(talk) == ()


async def test_themes_are_chosen_one_by_one(bot: App) -> None:
    """
    A theme takes the place of the whole blog; the way of being told is kept.
    """
    talk = Talk(bot, Profile(alerts=(ALL_THEMES,)))
    reply = await talk.press(await talk(command="alerts"), "Salaire")
    reply = await talk.press(reply, "CV et")
    reply = await talk.press(reply, "tout de suite")
    assert follows(talk) == ("applying", "contract")
    assert talk.memory.profile.alerts_at_once
    reply = await talk.press(reply, "CV et")
    assert follows(talk) == ("contract",)
    await talk.press(reply, "Ne plus rien recevoir")
    assert follows(talk) == ()


async def test_stop_ends_it_and_following_begins_anew(bot: App) -> None:
    """
    `/stop` holds until the person chooses something again.
    """
    talk = Talk(bot, Profile(alerts=(ALL_THEMES,)))
    await talk(command="stop")
    assert not talk.memory.wants_messages
    reply = await talk(command="alerts")
    assert "rien sans qu'on me le demande" in text_of(reply)
    await talk.press(reply, "Salaire")
    assert talk.memory.wants_messages


async def test_a_question_about_following_leads_to_the_choices(bot: App) -> None:
    """
    In plain words, too.
    """
    reply = await Talk(bot)(payload="i:fr:article_alerts")
    assert "Tout le blog" in labels_of(reply)


@pytest.mark.parametrize("payload", ["l:fr:theme:nothing", "l:fr:when:never", "l:fr:x", "l:fr:all:all"])
async def test_an_altered_choice_does_nothing(bot: App, payload: str) -> None:
    """
    It is said to be old.
    """
    talk = Talk(bot)
    assert "ne mène plus" in text_of(await talk(payload=payload))
    assert follows(talk) == ()


async def test_whoever_found_work_may_stop_what_they_get(bot: App) -> None:
    """
    And is no longer told of articles.
    """
    talk = Talk(bot, Profile(alerts=(ALL_THEMES,)))
    reply = await talk.press(await talk(payload="i:fr:good_news"), "Oui, un poste")
    await talk.press(reply, "Ne plus rien recevoir")
    assert follows(talk) == ()


async def test_what_one_message_cannot_hold_is_counted(bot: App) -> None:
    """
    Five articles, and how many more there are.
    """
    voice = bot.router.voice_for(Incoming(Person("test:1")), Memory())
    articles = tuple(article(f"Article {n}", id=f"{n:010x}") for n in range(7))
    reply = news(voice, articles)
    assert len(reply.cards) == 5
    assert "2 autres articles" in text_of(reply)
    assert "autre" not in text_of(news(voice, articles[:1]))


def test_the_themes_of_an_article_are_told_by_its_subject(bot: App) -> None:
    """
    What it is about, not every word in it.
    """
    salary = article("Négocier son salaire", id="a", tags=("salaire",), published=dt.date(2026, 1, 1))
    other = article("Le pain du matin", id="b", tags=("cuisine",), text="Il parle un peu de salaire, de CV, de tout.")
    themes = bot.reader.themes_of([salary, other])
    assert "contract" in themes["a"]
    assert themes["b"] == frozenset()


def test_the_themes_of_an_article_do_not_depend_on_others(bot: App) -> None:
    """
    Neither a twin nor an article that is more to the point hides it from those who follow its theme.
    """
    posts = [article("Négocier son salaire", id=name, tags=("salaire",)) for name in ("a", "b")]
    posts.append(article("Ce que dit la fiche de paie", id="c", text="Le salaire y est.", tags=("paie",)))
    together = bot.reader.themes_of(posts)
    assert together == {post.id: bot.reader.themes_of([post])[post.id] for post in posts}
    assert together["a"] == together["b"] != frozenset()
