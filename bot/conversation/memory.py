"""
What is known of one person while their message is answered; a channel that can keep it gives it back the next time.
"""

from collections import Counter, deque
from dataclasses import replace

from bot.model import Asked, Form, Profile

ARTICLES_REMEMBERED = 60
SUBJECTS_REMEMBERED = 100
_LONGEST_SEARCH = 200


class Memory:
    """
    A person's profile, as it changes in the course of a conversation.

    Parameters:
        profile: What was known before.
    """

    def __init__(self, profile: Profile | None = None) -> None:
        self._profile = profile or Profile()
        self._visits = Counter(self._profile.visits)
        self._articles = deque(self._profile.articles, maxlen=ARTICLES_REMEMBERED)

    @property
    def profile(self) -> Profile:
        """
        What is to be remembered.
        """
        return replace(self._profile, visits=dict(self._visits), articles=tuple(self._articles))

    @property
    def language(self) -> str | None:
        """
        The language the person wrote in last or chose, or None.
        """
        return self._profile.language

    @property
    def form(self) -> Form | None:
        """
        The form of address the person chose, or None.
        """
        return self._profile.form

    @property
    def wants_messages(self) -> bool:
        """
        Whether the person may be written to without having asked something.
        """
        return self._profile.wants_messages

    @property
    def shown_articles(self) -> frozenset[str]:
        """
        The ids of the articles that were shown to the person lately.
        """
        return frozenset(self._articles)

    @property
    def chosen_language(self) -> str | None:
        """
        The language the person chose, or None if it follows what they write.
        """
        return self._profile.language if self._profile.chosen_language else None

    def remember_language(self, language: str) -> None:
        """
        Keep the language the person writes in.
        """
        self._profile = replace(self._profile, language=language)

    def choose_language(self, language: str | None) -> None:
        """
        Keep the language the person wants to be answered in; None to follow what they write again.
        """
        kept = language or self._profile.language
        self._profile = replace(self._profile, language=kept, chosen_language=language is not None)

    def choose_form(self, form: Form) -> None:
        """
        Keep how the person wants to be addressed.
        """
        self._profile = replace(self._profile, form=form)

    def choose_messages(self, *, wanted: bool) -> None:
        """
        Keep whether the person wants messages they did not ask for.
        """
        self._profile = replace(self._profile, wants_messages=wanted)

    @property
    def zone(self) -> str:
        """
        The time zone the person chose, or an empty string.
        """
        return self._profile.zone

    def choose_zone(self, zone: str) -> None:
        """
        Keep where the person lives, so that nothing that was not asked for wakes them; an empty string to forget it.
        """
        self._profile = replace(self._profile, zone=zone)

    @property
    def alerts(self) -> tuple[str, ...]:
        """
        The themes of which the person wants to hear when there is a new article.
        """
        return self._profile.alerts

    @property
    def alerts_at_once(self) -> bool:
        """
        Whether they want to hear at once rather than in the evening.
        """
        return self._profile.alerts_at_once

    def choose_alerts(self, themes: tuple[str, ...]) -> None:
        """
        Keep of what the person wants to hear; who wants to hear of anything wants messages.
        """
        wants = self._profile.wants_messages or bool(themes)
        self._profile = replace(self._profile, alerts=themes, wants_messages=wants)

    def choose_alert_time(self, *, at_once: bool) -> None:
        """
        Keep when the person wants to hear of new articles.
        """
        self._profile = replace(self._profile, alerts_at_once=at_once)

    def ask_if_hired(self) -> bool:
        """
        Whether to ask somebody with good news if they found work: once.
        """
        ask = not (self._profile.asked_if_hired or self._profile.hired)
        if ask:
            self._profile = replace(self._profile, asked_if_hired=True)
        return ask

    def remember_hired(self) -> bool:
        """
        Keep that the person found work; returns whether that is new.
        """
        new = not self._profile.hired
        self._profile = replace(self._profile, hired=True)
        return new

    def count_failure(self) -> int:
        """
        Take note that a message was not understood; returns how many in a row were not.
        """
        self._profile = replace(self._profile, failures=self._profile.failures + 1)
        return self._profile.failures

    def forget_failures(self) -> None:
        """
        Take note that a message was understood, or that a coach looks after the person.
        """
        if self._profile.failures:
            self._profile = replace(self._profile, failures=0)

    def count_insult(self) -> int:
        """
        Take note of an insult; returns how many there were.
        """
        self._profile = replace(self._profile, insults=self._profile.insults + 1)
        return self._profile.insults

    @property
    def asked(self) -> Asked:
        """
        What the last reply left open.
        """
        return self._profile.asked

    def remember_asked(self, asked: Asked) -> None:
        """
        Keep what a reply leaves open.
        """
        self._profile = replace(self._profile, asked=asked)

    def mute(self, until: int) -> None:
        """
        Leave the person unanswered until a moment, in seconds since 1970; their insults are forgiven afterwards.
        """
        self._profile = replace(self._profile, muted_until=until, insults=0)

    @property
    def searched(self) -> str:
        """
        What the person looked for last on the blog.
        """
        return self._profile.searched

    def remember_search(self, words: str) -> None:
        """
        Keep what the person looks for on the blog.
        """
        self._profile = replace(self._profile, searched=words[:_LONGEST_SEARCH])

    def remember_articles(self, articles: tuple[str, ...]) -> None:
        """
        Keep the ids of articles that were just shown.
        """
        self._articles.extend(articles)

    def visits(self, subject: str) -> int:
        """
        How often the person was told about a subject before; each call counts as one more.
        """
        if len(self._visits) >= SUBJECTS_REMEMBERED and subject not in self._visits:
            self._visits.clear()
        self._visits[subject] += 1
        return self._visits[subject] - 1
