"""
Articles in the conversation: cards, pages of results, and buttons that open posts.
"""

from dataclasses import replace

import pytest

from bot.app import App
from bot.conversation.cards import found_card, summary_card
from bot.conversation.memory import Memory
from bot.conversation.router import Router
from bot.events import Opened, Shown
from bot.model import Incoming, Person, Reply
from bot.understanding.catalogue import Catalogue
from bot.understanding.features import ConceptMatcher
from tests.builders import article, labels_of, text_of
from tests.fakes import RecordingHook

TRADES = ["boulanger", "soudeuse", "caissier", "infirmière", "chauffeur", "comptable"]
TRADES += ["jardinière", "maçon", "libraire", "cuisinier", "menuisière", "facteur"]
POSTS = [
    article(
        f"Relancer, leçon {n} : {trade}",
        id=f"{n:010x}",
        url=f"https://blog.example/{n}",
        text=f"Comment une {trade} fait sa {trade[::-1]} {trade[::2] * 6}.",
    )
    for n, trade in enumerate(TRADES, 1)
]


class Talk:
    """
    Somebody who talks with a bot of a blog with some posts.
    """

    def __init__(self, router: Router) -> None:
        self.router, self.memory, self.hook = router, Memory(), RecordingHook()

    async def __call__(self, **what: object) -> Reply:
        incoming = Incoming(Person("test:1"), **what)  # type: ignore[arg-type]
        return await self.router.respond(incoming, self.memory, self.hook)

    async def press(self, reply: Reply, label: str) -> Reply:
        (payload,) = [b.payload for row in reply.buttons for b in row if label in b.label]
        return await self(payload=payload)


@pytest.fixture
def talk(bot: App, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """
    A talk about a blog of twelve posts on one subject.
    """
    catalogue = Catalogue({language: ConceptMatcher({}, language) for language in ("fr", "en")}, POSTS)
    monkeypatch.setattr(bot.reader, "_catalogue", catalogue)
    return Talk(replace(bot.router, library=catalogue))


async def test_results_come_in_pages(talk: Talk) -> None:
    """
    Five at a time, each once, in one message that changes.
    """
    seen: list[str] = []
    reply = await talk(command="article", arguments="relancer")
    assert not reply.replaces
    for page in (1, 2, 3):
        seen += [card.article.title for card in reply.cards]
        if page < 3:
            reply = await talk.press(reply, "Page suivante")
            assert reply.replaces
            assert f"page {page + 1}" in text_of(reply)
    assert sorted(seen) == sorted(post.title for post in POSTS)
    assert not [label for label in labels_of(reply) if "suivante" in label]
    before = await talk.press(reply, "Page précédente")
    assert [card.article.title for card in before.cards] == seen[5:10]


async def test_pages_of_an_older_search_say_that_they_are_old(talk: Talk) -> None:
    """
    No button carries what a person wrote, so only the last search has further pages.
    """
    older = await talk(command="article", arguments="relancer")
    await talk(command="article", arguments="leçon")
    assert "ne mène plus" in text_of(await talk.press(older, "Page suivante"))
    altered = next(button.payload for row in older.buttons for button in row if "suivante" in button.label)
    for payload in (altered[:-1] + "0", altered[:-1] + "99", altered[:-1] + "x"):
        assert "ne mène plus" in text_of(await talk(payload=payload))


async def test_a_post_on_the_blog_opens_there(talk: Talk) -> None:
    """
    Buttons and titles lead to the post; with a counting address they pass by there.
    """
    reply = await talk(command="article", arguments="relancer leçon 3")
    urls = [button.url for row in reply.buttons for button in row if button.url]
    assert urls == [card.article.url for card in reply.cards]
    counting = Talk(replace(talk.router, click_url="https://bot.example/go"))
    reply = await counting(command="article", arguments="relancer leçon 3")
    urls = [button.url for row in reply.buttons for button in row if button.url]
    assert urls == [f"https://bot.example/go/{card.article.id}" for card in reply.cards]


async def test_what_is_shown_and_opened_is_counted(talk: Talk) -> None:
    """
    By article, not by person.
    """
    reply = await talk(command="article", arguments="relancer")
    assert [event for event in talk.hook.events if isinstance(event, Shown)] == [
        Shown(card.article.id) for card in reply.cards
    ]
    await talk(payload=f"r:fr:{POSTS[0].id}:1")
    assert talk.hook.events[-1] == Opened(POSTS[0].id)


def test_a_found_card_says_why() -> None:
    """
    With the sentence of the post that has the words; in the post's own words.
    """
    post = article(
        "Titre", text="Une première phrase sans rapport. Attendez une semaine avant de relancer. La fin arrive."
    )
    assert found_card(post, "quand relancer ?").why == "Attendez une semaine avant de relancer."
    assert found_card(replace(post, summary="Le résumé du billet. Et encore."), "vélo").why == "Le résumé du billet."
    assert summary_card(replace(post, summary="")).why == ""
    long = "mot " * 100
    assert len(found_card(article("T", text=f"{long}relancer."), "relancer").why) <= 161


async def test_an_outdated_article_says_so(bot: App) -> None:
    """
    With the month it was written in.
    """
    voice = bot.router.voice_for(Incoming(Person("test:1")), Memory())
    assert voice.details(article("T")) == "janvier 2025 · 1 min"
    assert voice.details(article("T", outdated=("ANPE",))) == "janvier 2025, certains noms ont changé depuis · 1 min"
    assert voice.details(article("T", published=None)) == "1 min"


async def test_suggestions_follow_the_words(talk: Talk) -> None:
    """
    The newest posts without words, the matching ones with words, in steps.
    """
    who = Incoming(Person("test:1", language_hint="fr"))
    _, newest = talk.router.suggest(who, "", 0, 10)
    _, rest = talk.router.suggest(who, "", 10, 10)
    assert len(newest) == 10
    assert len(rest) == 2
    _, found = talk.router.suggest(who, "relancer", 0, 3)
    assert len(found) == 3
    assert talk.router.suggest(who, "xyzzy", 0, 3)[1] == []
