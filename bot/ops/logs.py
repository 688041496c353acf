"""
The log: one line an event, with a name and ids; never what a person wrote, a name, a token or a chat id.
"""

import logging
import re
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
_QUIET = ("httpx", "httpcore", "aiohttp", "telegram", "apscheduler")
_SILENT = ("telegram.ext", "asyncio")
_log = structlog.get_logger("events")


def configure(log_format: LogFormat, level: LogLevel) -> None:
    """
    Set up logging for the whole process. Libraries may only warn, and tokens are struck out wherever they stand.
    """
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if log_format is LogFormat.JSON else structlog.dev.ConsoleRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        strike_tokens,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
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
    A `Hook` that writes each event as one log line.
    """
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    _log.info(name, **asdict(event))
