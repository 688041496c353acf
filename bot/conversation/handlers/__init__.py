"""
Who answers what: `HANDLERS` for intents, `VERBS` for buttons, `COMMANDS` for commands. An absent intent gets advice.
"""

from collections.abc import Awaitable, Callable

from bot.content.rules import SAFETY_INTENT
from bot.conversation.handlers import (
    advice,
    alerts,
    articles,
    boundary,
    coach,
    courtesy,
    faq,
    menu,
    rights,
    safety,
    success,
    votes,
)
from bot.conversation.payloads import Payload, Verb
from bot.conversation.turn import COACH_INTENT, Turn
from bot.model import Reply

Handler = Callable[[Turn, str], Awaitable[Reply]]
"""
Answers a turn; the second argument is the intent.
"""

ButtonHandler = Callable[[Turn, Payload], Awaitable[Reply]]
CommandHandler = Callable[[Turn], Awaitable[Reply]]

HANDLERS: dict[str, Handler] = {
    SAFETY_INTENT: safety.comfort,
    COACH_INTENT: coach.contact,
    "insult": boundary.draw,
    "greeting": courtesy.answer,
    "goodbye": courtesy.answer,
    "thanks": courtesy.answer,
    "good_news": success.congratulate,
    "capabilities": courtesy.answer_with_menu,
    "unhelpful": coach.apologise,
    "about_blog": courtesy.answer_with_menu,
    "article_alerts": alerts.answer,
    "press_request": courtesy.answer,
    "privacy": courtesy.answer,
    "find_article": articles.find,
}


def handler_of(intent: str) -> Handler:
    """
    Who answers an intent.
    """
    return HANDLERS.get(intent, advice.answer)


async def intent_button(turn: Turn, payload: Payload) -> Reply:
    """
    Answer the intent that a button names.

    Raises:
        LookupError: The button names no intent of this pack.
    """
    (intent,) = payload.arguments
    if intent not in turn.voice.content.answers:
        raise KeyError(intent)
    return await handler_of(intent)(turn, intent)


VERBS: dict[Verb, ButtonHandler] = {
    Verb.INTENT: intent_button,
    Verb.MENU: menu.root_button,
    Verb.THEME: menu.theme,
    Verb.FAQ: faq.categories_button,
    Verb.FAQ_CATEGORY: faq.category,
    Verb.FAQ_ENTRY: faq.entry,
    Verb.ANOTHER_ARTICLE: articles.another,
    Verb.READ: articles.read,
    Verb.RESULTS: articles.results,
    Verb.USEFUL: votes.useful,
    Verb.NOT_USEFUL: votes.not_useful,
    Verb.SETTINGS: rights.settings_button,
    Verb.FORGET: rights.forget_button,
    Verb.ALERTS: alerts.button,
    Verb.END: coach.end_button,
    Verb.HELPED: coach.helped,
    Verb.HIRED: success.button,
    Verb.UNSUBSCRIBE: rights.stop_button,
}

RIGHTS: dict[str, CommandHandler] = {
    "privacy": rights.privacy,
    "mydata": rights.my_data,
    "mesdonnees": rights.my_data,
    "forget": rights.forget,
    "oublier": rights.forget,
    "stop": rights.stop,
    "settings": rights.settings,
    "reglages": rights.settings,
}
"""
The commands that work even for whoever is muted or writes too much.
"""

RIGHTS_VERBS = frozenset({Verb.SETTINGS, Verb.FORGET, Verb.UNSUBSCRIBE})
"""
The buttons of those commands.
"""

COMMANDS: dict[str, CommandHandler] = {
    "start": menu.start,
    "help": menu.help_,
    "menu": menu.root,
    "faq": faq.command,
    "article": articles.command,
    "alerts": alerts.command,
    "alertes": alerts.command,
    "end": coach.end,
    "fin": coach.end,
    **RIGHTS,
}
