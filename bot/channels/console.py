"""
A conversation in the terminal: the same bot without Telegram.
"""

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.content import markup
from bot.content.phrases import Phrase
from bot.conversation.memory import Memory
from bot.conversation.router import Router
from bot.conversation.voice import Voice
from bot.events import Event
from bot.model import Button, Card, Incoming, Person, Reply

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "code": "bold cyan",
    "pre": "cyan",
    "blockquote": "italic green",
    "tg-spoiler": "dim",
    "a": "underline blue",
}
_WIDTH = 88
_QUIT = frozenset({"/quit", "/exit", "/q"})


class ConsoleChat:
    """
    Talks with whoever sits at the terminal.

    Parameters:
        router: Answers.
        console: Where it is written and read.
    """

    def __init__(self, router: Router, console: Console) -> None:
        self._router = router
        self._console = console
        self._person = Person("console")
        self._memory = Memory()
        self._buttons: list[Button] = []

    async def run(self) -> None:
        """
        Greet, then answer line by line until `/quit` or the end of the input.
        """
        await self._answer(Incoming(self._person, command="start"))
        self._say(self._plain(Phrase.CONSOLE_HINT), "dim")
        while (line := self._read()) is not None:
            await self._answer(self._incoming(line))
        self._say(self._plain(Phrase.CONSOLE_GOODBYE), "dim")

    def _read(self) -> str | None:
        """
        The next line, or None when the person leaves.
        """
        try:
            line = self._console.input("\n[bold green]>[/] ").strip()
        except (EOFError, KeyboardInterrupt):
            self._console.print()
            return None
        return None if line.lower() in _QUIT else line

    def _incoming(self, line: str) -> Incoming:
        if line.isdecimal() and 1 <= int(line) <= len(self._buttons):
            return Incoming(self._person, payload=self._buttons[int(line) - 1].payload)
        if line.startswith("/"):
            name, _, arguments = line[1:].partition(" ")
            return Incoming(self._person, command=name.lower(), arguments=arguments.strip())
        return Incoming(self._person, text=line)

    async def _answer(self, incoming: Incoming) -> None:
        reply = await self._router.respond(incoming, self._memory, _unnoticed)
        if reply.notice:
            self._say(reply.notice, "yellow")
        if reply.blocks or reply.cards:
            self._console.print()
            self._console.print(Padding(render(reply, self._router.voice_for(incoming, self._memory)), (0, 0, 0, 2)))
        if reply.buttons:
            # Buttons that open a page stand among the articles; only those that answer get a number.
            self._buttons = [button for row in reply.buttons for button in row if button.payload]
            self._show_buttons(reply)

    def _show_buttons(self, reply: Reply) -> None:
        numbers = {button: number for number, button in enumerate(self._buttons, 1)}
        for row in reply.buttons:
            line = Text("  ")
            for button in row:
                if button in numbers:
                    line.append(f"[{numbers[button]}] ", style="bold magenta").append(f"{button.label}   ")
            self._console.print(line)

    def _plain(self, phrase: Phrase) -> str:
        return self._router.voice_for(Incoming(self._person), self._memory).plain(phrase)

    def _say(self, text: str, style: str) -> None:
        self._console.print(Text(f"  {text}", style=style))


def _unnoticed(event: Event) -> None:
    """
    A `Hook` for the terminal, where nothing is counted.
    """


def render(reply: Reply, voice: Voice) -> Panel:
    """
    A reply as the terminal shows it: texts, then the articles with links that open where the terminal allows.
    """
    parts: list[Text] = []
    for block in reply.blocks:
        parts += [as_text(block), Text()]
    if reply.cards:
        parts.append(Text(voice.plain(Phrase.ARTICLE_HEADING), style="bold"))
        parts += [_card(card, number, voice) for number, card in enumerate(reply.cards, 1)]
    elif parts:
        parts.pop()
    return Panel(Group(*parts), width=_WIDTH, border_style="blue", padding=(0, 1))


def as_text(html: str) -> Text:
    """
    Telegram HTML as styled text for the terminal.
    """
    text = Text()
    for piece in markup.pieces(html):
        style = " ".join(_STYLES[tag] for tag in piece.tags)
        text.append(piece.text, style=f"{style} link {piece.url}" if piece.url else style)
    return text


def _card(card: Card, number: int, voice: Voice) -> Text:
    article = card.article
    title = Text(f"{number}. ").append(article.title, style=f"underline blue link {article.url}")
    title.append(f" ({voice.details(article)})", style="dim")
    return title.append(f"\n   {card.why}") if card.why else title
