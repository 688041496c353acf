"""
A memory that lasts as long as the process: enough to keep a language and to vary wordings, never a promise.
"""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field

PEOPLE_REMEMBERED = 10_000
ARTICLES_REMEMBERED = 60
SUBJECTS_REMEMBERED = 100


@dataclass(slots=True)
class _Traces:
    language: str | None = None
    visits: Counter[str] = field(default_factory=Counter)
    articles: deque[str] = field(default_factory=lambda: deque(maxlen=ARTICLES_REMEMBERED))


class RecentMemory:
    """
    Remembers the people who wrote last, and forgets the others. Satisfies `ports.Memory`.

    Parameters:
        people: How many people to remember.
    """

    def __init__(self, people: int = PEOPLE_REMEMBERED) -> None:
        self._people = people
        self._traces: OrderedDict[str, _Traces] = OrderedDict()

    def language(self, person: str) -> str | None:
        """
        The language the person wrote in last, or None.
        """
        return self._of(person).language

    def remember_language(self, person: str, language: str) -> None:
        """
        Keep the language the person writes in.
        """
        self._of(person).language = language

    def visits(self, person: str, subject: str) -> int:
        """
        How often the person was told about a subject before; each call counts as one more.
        """
        visits = self._of(person).visits
        if len(visits) >= SUBJECTS_REMEMBERED and subject not in visits:
            visits.clear()
        visits[subject] += 1
        return visits[subject] - 1

    def shown_articles(self, person: str) -> frozenset[str]:
        """
        The ids of the articles that were shown to the person lately.
        """
        return frozenset(self._of(person).articles)

    def remember_articles(self, person: str, articles: tuple[str, ...]) -> None:
        """
        Keep the ids of articles that were just shown.
        """
        self._of(person).articles.extend(articles)

    def _of(self, person: str) -> _Traces:
        traces = self._traces.setdefault(person, _Traces())
        self._traces.move_to_end(person)
        while len(self._traces) > self._people:
            self._traces.popitem(last=False)
        return traces
