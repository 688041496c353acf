"""
What people say who only answer what they were asked: "oui", "le deuxième", "et ensuite ?".

Such words have no subject of their own; `conversation` knows what they refer to. Like the spellings, they are habits of
a language and not of a blog, and stand here rather than in the pack.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby

from bot.understanding.text import sound, words


class Kind(StrEnum):
    """
    What somebody means: yes; no, or none of it; let it be; all or any of it, or they cannot tell; tell me more; I have
    heard you; or one of several things.
    """

    YES = "yes"
    NO = "no"
    DROP = "drop"
    ANY = "any"
    MORE = "more"
    NOTED = "noted"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class ShortReply:
    """
    A message that only answers.

    Parameters:
        kind: What it means.
        position: Which of several things is chosen, from 0, or -1 for the last; 0 for other kinds.
    """

    kind: Kind
    position: int = 0


_LISTS = {
    "fr": {
        ShortReply(Kind.YES): """
            oui|ouaip|wi|yes|yep|mais oui|volontiers|avec plaisir|je veux bien|oui je veux bien|pourquoi pas|vas-y
            allez-y|allez|go|tout à fait|exactement|bien sûr|carrément|évidemment|c'est ça|voilà|exact
        """,
        ShortReply(Kind.ANY): """
            tout|tout ça|un peu tout|un peu de tout|tous|toutes|les deux|les 2|les trois|les 3|un peu des deux
            l'un et l'autre|l'autre|je sais pas|je c pas|je ne sais pas|jsp|je sais pas trop|aucune idée|ça dépend
            difficile à dire|n'importe|n'importe lequel|n'importe laquelle|peu importe|comme vous voulez
            comme tu veux|à vous de voir|à toi de voir|j'hésite|lequel|laquelle
        """,
        ShortReply(Kind.NO): """
            non|nope|pas encore|non pas encore|pas vraiment|pas du tout|pas spécialement|rien de tout ça
            rien de tout cela|rien de ça|rien|rien du tout|aucun|aucune|aucun des deux|aucun des trois
            aucune des deux|aucune des trois|ni l'un ni l'autre|autre chose|c'est autre chose|non autre chose|pas ça
            c'est pas ça|ce n'est pas ça
        """,
        ShortReply(Kind.DROP): """
            laisse tomber|laissez tomber|non laisse tomber|non laissez tomber|laisse|laissez|oublie|oubliez|tant pis
            non tant pis|c'est pas grave|ce n'est pas grave
        """,
        ShortReply(Kind.MORE): """
            et ensuite|ensuite|et après|après|et puis|et puis après|et sinon|sinon|et maintenant|continue|continuez
            développe|développez|tu peux développer|vous pouvez développer|explique|expliquez|tu peux expliquer
            précise|précisez|tu peux préciser|vous pouvez préciser|plus de détails|plus d'infos|plus d'informations
            dis-m'en plus|dites-m'en plus|en savoir plus|j'aimerais en savoir plus|je veux en savoir plus|comment
            comment ça|comment faire|comment on fait|comment je fais|oui mais comment|pourquoi|pourquoi ça
            c'est-à-dire|c a d|un exemple|des exemples|par exemple|t'as un exemple|tu as un exemple
            vous avez un exemple|vous auriez un exemple|encore|la suite|quoi d'autre|et quoi d'autre|déjà essayé
            j'ai déjà essayé|j'ai déjà essayé ça|j'ai déjà tout essayé|déjà fait|c'est déjà fait|je l'ai déjà fait
            j'ai déjà fait ça|j'ai déjà fait tout ça|que faire|quoi faire|oui mais quoi faire|quoi faire aujourd'hui
            oui mais quoi faire aujourd'hui|je fais quoi|oui mais je fais quoi|par quoi commencer|par où commencer
            je commence par quoi|concrètement
        """,
        ShortReply(Kind.NOTED): """
            ok|okay|oki|okey|d'accord|ah d'accord|ok d'accord|entendu|compris|j'ai compris|bien compris|noté
            c'est noté|bien noté|je note|ça marche|ça roule|très bien|bien|c'est bon|je vois|ah ok|ok je vois
            bien reçu|vu|ok je vais faire ça|je vais faire ça|je vais essayer|je vais voir|je vais y réfléchir
            je vais y penser|lol|mdr|ok lol|lol ok|ok mdr|mdr ok|ah ok lol|ok cool|cool
        """,
        ShortReply(Kind.ONE, 0): """
            1|le 1|la 1|1er|le 1er|la 1re|la 1ère|premier|première|le premier|la première|option 1|numéro 1
        """,
        ShortReply(Kind.ONE, 1): """
            2|le 2|la 2|2e|2ème|2 ème|le 2e|le 2ème|la 2e|la 2ème|deuxième|le deuxième|la deuxième|second|seconde
            le second|la seconde|option 2|numéro 2
        """,
        ShortReply(Kind.ONE, 2): """
            3|le 3|la 3|3e|3ème|3 ème|le 3e|le 3ème|la 3e|la 3ème|troisième|le troisième|la troisième|option 3
            numéro 3
        """,
        ShortReply(Kind.ONE, -1): "dernier|dernière|le dernier|la dernière",
    },
    "en": {
        ShortReply(Kind.YES): """
            yes|yeah|yup|yea|yes please|please do|sure|of course|absolutely|definitely|exactly|go ahead|why not
            that's it|that's right|i'd like that
        """,
        ShortReply(Kind.ANY): """
            all|all of it|all of them|all of those|all three|everything|both|both of them|a bit of both
            a bit of everything|a bit of each|either|any|any of them|i don't know|don't know|idk|dunno|no idea
            not sure|i'm not sure|it depends|depends|hard to say|you choose|up to you|which one|the other
            the other one
        """,
        ShortReply(Kind.NO): """
            no|nah|not yet|no not yet|not really|not at all|none|none of it|none of them|none of these|none of those
            neither|nothing|neither of them|something else|no something else|it's something else|not that
            that's not it
        """,
        ShortReply(Kind.DROP): """
            never mind|no never mind|nevermind|nvm|forget it|forget about it|leave it|doesn't matter|it doesn't matter
        """,
        ShortReply(Kind.MORE): """
            and then|then what|what then|and after that|after that|and now|what now|what next|next|what else
            anything else|go on|continue|carry on|tell me more|say more|more|more please|more details|more info
            more information|explain|can you explain|could you explain|how|how so|how do i do that|how do i do it
            but how|yes but how|why|why's that|what do you mean|meaning|an example|examples|for example|such as
            like what|got an example|do you have an example|any examples|tried that|i tried that|i've tried that
            already tried|already tried that|i already tried|i already tried that|i've already tried
            i've already tried that|already done|i did that|i've done that|i've already done that|done that already
            been there done that|what do i do|yes but what do i do|what should i do|what do i do today
            where do i start|where should i start
        """,
        ShortReply(Kind.NOTED): """
            ok|k|okay|okey|okey dokey|alright|all right|right|understood|got it|i got it|noted|i see|will do
            i'll do that|i'll try|i'll try that|i'll think about it|fair enough|fine|good|very well|makes sense
            that makes sense|lol|haha|ok lol|lol ok|ok cool|cool|cool cool
        """,
        ShortReply(Kind.ONE, 0): """
            1|the first|first|first one|the first one|the 1st|1st|the 1st one|option 1|number 1|number one
        """,
        ShortReply(Kind.ONE, 1): """
            2|the second|second|second one|the second one|the 2nd|2nd|the 2nd one|option 2|number 2|number two
        """,
        ShortReply(Kind.ONE, 2): """
            3|the third|third|third one|the third one|the 3rd|3rd|the 3rd one|option 3|number 3|number three
        """,
        ShortReply(Kind.ONE, -1): "last|the last|last one|the last one",
    },
}
"""
By language: what is said for each meaning, wordings apart by a bar.
"""
_FILLERS = {
    "fr": """
        euh|heu|hum|bah|ben|bon|ah|oh|alors|donc|et|mais|plutôt|surtout|peut être|je dirais|je pense|je crois|merci
        s'il vous plaît|s'il te plaît|svp|stp|ok|d'accord
    """,
    "en": """
        uh|um|er|hmm|well|oh|so|but|rather|mostly|maybe|perhaps|probably|i think|i'd say|please|thanks|ok|okay
    """,
}
"""
By language: what may stand around a short reply without changing it.
"""
_MOST_WORDS = 15
"""
The longest short reply, with fillers around it.
"""
_REPEATED = re.compile(r"(.)\1+")
_FEWEST_SOUNDS = 5


def short_reply(utterance: str, language: str) -> ShortReply | None:
    """
    What a message means that only answers; None if it says more than that.

    Parameters:
        utterance: What a person wrote.
        language: The language it is in.
    """
    if len(utterance.split()) > _MOST_WORDS:
        return None
    known, spelled = _known(language), _spelled(utterance, language)
    bare = _without_fillers(spelled, language)
    return known.get(spelled) or known.get(bare) or _heard(language).get(_sounds(bare))


@cache
def _known(language: str) -> dict[str, ShortReply]:
    """
    The short replies of a language, as `_spelled` gives them.
    """
    lists = _LISTS.get(language, {})
    known = {_spelled(wording, language): meant for meant, wordings in lists.items() for wording in _split(wordings)}
    for spelled, meant in list(known.items()):
        known.setdefault(_without_fillers(spelled, language), meant)
    known.pop("", None)
    return known


@cache
def _heard(language: str) -> dict[str, ShortReply]:
    """
    The same by how they sound, so that "jvai essayé" is "je vais essayer"; but for numbers and the shortest.
    """
    heard: dict[str, ShortReply] = {}
    for spelled, meant in _known(language).items():
        sounds = _sounds(spelled)
        if len(sounds) >= _FEWEST_SOUNDS and not any(map(str.isdigit, spelled)):
            heard.setdefault(sounds, meant)
    return heard


def _sounds(spelled: str) -> str:
    return "".join(map(sound, spelled.split()))


def _without_fillers(spelled: str, language: str) -> str:
    return " ".join(_fillers(language).sub(" ", spelled).split())


@cache
def _fillers(language: str) -> re.Pattern[str]:
    phrases = (re.escape(_spelled(phrase, language)) for phrase in _split(_FILLERS.get(language, "")))
    return re.compile(rf"(?<!\S)(?:{'|'.join(phrases)})(?!\S)")


def _split(wordings: str) -> list[str]:
    return [wording.strip() for line in wordings.split("\n") for wording in line.split("|") if wording.strip()]


def _spelled(text: str, language: str) -> str:
    """
    The words of a text, without signs, and without immediate repetitions of words or letters.
    """
    spelled = (_REPEATED.sub(r"\1", word) for word in words(text, language) if word[0].isalnum())
    return " ".join(word for word, _ in groupby(spelled))
