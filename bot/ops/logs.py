"""
The log: one line an event, with a name and ids; never what a person wrote, a name, a token or a chat id.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import structlog

from bot.events import Event


class LogFormat(StrEnum):
    """
    How log lines look.
    """

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """
    From which importance on something is logged.
    """

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
_QUIET = (
    "httpx",
    "httpcore",
    "aiohttp",
    "telegram",
    "alembic",
    "sqlalchemy",
    "aiosqlite",
    "asyncpg",
    "markdown_it",
    "matplotlib",
    "dateparser",
)
_SILENT = ("telegram.ext", "asyncio")
_log = structlog.get_logger()


def configure(log_format: LogFormat, level: LogLevel) -> None:
    """
    Set up logging for the whole process. Libraries may only warn, and tokens are struck out wherever they stand.
    """
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if log_format is LogFormat.JSON else structlog.dev.ConsoleRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        strike_tokens,
    ]
    # Our own lines go straight out; through the standard library's logging each would cost three times as much.
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, strike_tokens, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # The library logs a traceback for what the channel tells in one line; asyncio speaks of sessions open at a stop.
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def strike_tokens(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """
    A structlog processor that replaces bot tokens in every value.
    """
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _TOKEN.sub("<token>", value)
    return event


def log_event(event: Event) -> None:
    """
    A `Hook` that writes each event as one log line, for those who look closely; the database counts them anyway.
    """
    if _log.is_enabled_for(logging.DEBUG):
        _log.debug(type(event).__name__.lower(), **asdict(event))
