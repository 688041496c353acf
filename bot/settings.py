"""
Everything that whoever hosts the bot can set, in one place. Read by `app` and `cli` only.

Values come from the environment or from `.env` in the working directory; `.env.example` lists them all.
"""

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.content.schema import ZoneName
from bot.model import AccountRule
from bot.ops.logs import LogFormat, LogLevel


def shipped_pack() -> Path:
    """
    The content pack that comes with the program: inside the installed package, or beside it in a checkout.
    """
    package = Path(__file__).resolve().parent
    installed = package / "replies"
    return installed if installed.is_dir() else package.parent / "replies"


def _check_ids(text: str) -> str:
    if not all(part.strip().isdecimal() for part in text.split(",") if part.strip()):
        raise ValueError("Telegram ids are numbers, with commas between")
    return text


IdList = Annotated[str, AfterValidator(_check_ids)]


class Settings(BaseSettings):
    """
    The settings; each is an environment variable of the same name in capitals with `TREMPLIN_` before it.
    """

    model_config = SettingsConfigDict(env_prefix="TREMPLIN_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr = Field(default=SecretStr(""), description="The token that @BotFather gave for your bot.")
    pack: Path = Field(
        default_factory=shipped_pack, description="The folder of the content pack; the shipped one if not set."
    )
    overlay: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("tremplin") / "overlay",
        description="The folder of what coaches taught the bot, laid over the content pack.",
    )
    blog: str = Field(
        default="",
        description="The address of your blog, whose posts are shown instead of those that pack.yaml names.",
    )
    blog_every: int = Field(default=60, ge=1, description="Minutes between two looks at the blog for new posts.")
    blog_delay: float = Field(default=1.0, ge=0, description="Seconds between two requests to the blog's server.")
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("tremplin"),
        description="Where learned weights are kept; the user's cache folder if not set. It holds no messages.",
    )
    log_format: LogFormat = Field(default=LogFormat.CONSOLE, description="How log lines look: console or json.")
    log_level: LogLevel = Field(default=LogLevel.INFO, description="What is logged: debug, info, warning or error.")
    api_url: str = Field(
        default="https://api.telegram.org/bot",
        description="The Bot API to talk to; another one only if you host a Bot API server yourself.",
    )
    poll_timeout: int = Field(
        default=25, ge=0, le=50, description="Seconds that one request for updates waits for something to happen."
    )
    database: str = Field(
        default_factory=lambda: f"sqlite:///{platformdirs.user_data_path('tremplin') / 'tremplin.db'}",
        description="Where everything is kept: sqlite:////folder/file or postgresql://user:password@host/name; "
        "a file in the user's data folder if not set.",
    )
    key: SecretStr = Field(
        default=SecretStr(""),
        description="The encryption key, or several with commas between, the current one first; wins over the file.",
    )
    key_file: Path = Field(
        default_factory=lambda: platformdirs.user_config_path("tremplin") / "key",
        description="The file with the encryption key, made at the first start; never in the folder of the database.",
    )
    late_after: float = Field(
        default=600.0, gt=0, description="Seconds after which an answer comes with an apology for the delay."
    )
    per_minute: int = Field(default=30, ge=1, description="How many messages of one person are answered in a minute.")
    per_day: int = Field(default=300, ge=1, description="How many messages of one person are answered in a day.")
    all_per_minute: int = Field(
        default=3000, ge=1, description="How many messages of all people together are answered in a minute."
    )
    stop_within: float = Field(default=20.0, ge=0, description="Seconds that a stop waits for what is in hand.")
    timezone: ZoneName = Field(default="Europe/Paris", description="Where your readers live, for the hours below.")
    evening_hour: int = Field(
        default=18, ge=0, le=23, description="The hour from which those who follow the blog are told in the evening."
    )
    quiet_from: int = Field(default=21, ge=0, le=23, description="The hour from which nobody is told of new articles.")
    quiet_until: int = Field(default=8, ge=0, le=23, description="The hour until which nobody is.")
    owner: int = Field(
        default=0,
        description="Your own Telegram id, so that you may set up the desk; @userinfobot tells it. "
        "Without it, python -m bot invite --owner makes a link that does the same.",
    )
    coaches: IdList = Field(
        default="", description="The Telegram ids of those who may answer people, with commas between."
    )
    desk_silence_hours: float = Field(
        default=24.0, gt=0, description="Hours without a word of the coach after which the bot answers again."
    )
    insults: int = Field(default=3, ge=0, description="After how many insults somebody is muted; 0 for never.")
    insult_hours: int = Field(default=24, ge=1, description="For how many hours.")
    account: AccountRule = Field(
        default=AccountRule.ALWAYS,
        description="When the bot answers in the private chats of a coach who connected it to their own account: "
        "always, outside_hours, first_contact or never.",
    )
    broadcast_rate: float = Field(
        default=25.0, gt=0, le=1000, description="Messages a second at most when one goes to many."
    )
    broadcast_paid: bool = Field(
        default=False,
        description="Whether to pay Telegram (in Stars) so that broadcasts may go faster than 30 a second.",
    )
    webhook_url: str = Field(
        default="",
        description="The public https address that ends in /telegram, for Telegram to deliver updates to; "
        "the bot asks for them by itself if not set.",
    )
    click_url: str = Field(
        default="",
        description="The public https address that leads to the bot's web server and ends in /go: links to articles "
        "then pass by there and are counted, without who pressed them; people go to the blog directly if not set.",
    )
    web_host: str = Field(default="127.0.0.1", description="The address the bot's own web server listens on.")
    web_port: int = Field(
        default=0, ge=0, le=65535, description="Its port, for /health and the webhook; 0 for no web server."
    )
