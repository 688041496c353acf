"""
What the classifier learns from: the examples of a pack, and what else in it says what an intent is about.
"""

from dataclasses import dataclass

from bot.content.pack import Pack
from bot.understanding.text import clean


@dataclass(frozen=True, slots=True)
class Row:
    """
    One labelled utterance to learn from; `intent` may be `OUT_OF_SCOPE`.
    """

    utterance: str
    language: str
    intent: str


def training_rows(pack: Pack) -> list[Row]:
    """
    The examples, the titles of answers, and the FAQ questions that name one intent, in a fixed order.
    """
    rows: list[Row] = []
    for language, content in pack.languages.items():
        for intent, examples in content.examples.items():
            rows += [Row(clean(example.text), language, intent) for example in examples]
        rows += [Row(clean(answer.header.title), language, answer.id) for answer in content.answers.values()]
        for entry in content.faq.values():
            if len(entry.header.intents) == 1:
                questions = (entry.header.question, *entry.header.also)
                rows += [Row(clean(question), language, entry.header.intents[0]) for question in questions]
    return rows
