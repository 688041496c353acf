"""
Everything that whoever hosts the bot can set, in one place. Read by `app` and `cli` only.

Values come from the environment or from `.env` in the working directory; `.env.example` lists them all.
"""

from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.ops.logs import LogFormat, LogLevel


def shipped_pack() -> Path:
    """
    The content pack that comes with the program: inside the installed package, or beside it in a checkout.
    """
    package = Path(__file__).resolve().parent
    installed = package / "replies"
    return installed if installed.is_dir() else package.parent / "replies"


class Settings(BaseSettings):
    """
    The settings; each is an environment variable of the same name in capitals with `TREMPLIN_` before it.
    """

    model_config = SettingsConfigDict(env_prefix="TREMPLIN_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr = Field(default=SecretStr(""), description="The token that @BotFather gave for your bot.")
    pack: Path = Field(
        default_factory=shipped_pack, description="The folder of the content pack; the shipped one if not set."
    )
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
