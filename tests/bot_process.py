"""
The bot as its own process, as a host runs it, to be started, killed and started again.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.telegram_server import TelegramServer

_ROOT = Path(__file__).resolve().parent.parent


class BotProcess:
    """
    `python -m bot run` against a stand-in server.

    Parameters:
        server: The server.
        folder: Where the database, the key and the log are.
        database: The address of another database.
        webhook: Whether updates are delivered instead of polled for.
        settings: Further settings, by their names in the environment.
    """

    def __init__(
        self,
        server: TelegramServer,
        folder: Path,
        *,
        database: str = "",
        webhook: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.log = folder / "bot.log"
        self.port = free_port()
        self.database = database or f"sqlite:///{folder / 'data' / 'tremplin.db'}"
        self._process: asyncio.subprocess.Process | None = None
        self._environment = {
            **os.environ,
            "TREMPLIN_TOKEN": server.token,
            "TREMPLIN_API_URL": server.base_url,
            "TREMPLIN_DATABASE": self.database,
            "TREMPLIN_KEY_FILE": str(folder / "secret" / "key"),
            "TREMPLIN_OVERLAY": str(folder / "overlay"),
            "TREMPLIN_POLL_TIMEOUT": "5",
            "TREMPLIN_LOG_FORMAT": "json",
            "TREMPLIN_WEB_PORT": str(self.port),
            "TREMPLIN_WEBHOOK_URL": f"http://127.0.0.1:{self.port}/telegram" if webhook else "",
            **(settings or {}),
        }

    async def start(self) -> int:
        """
        Start it; its log is appended to. Returns its process id.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=_ROOT, env=self._environment, stdout=log, stderr=log
            )
        return self._process.pid

    async def ended(self) -> int:
        """
        Wait until it ends by itself; returns its exit code.
        """
        return 0 if self._process is None else await self._process.wait()

    async def kill(self) -> None:
        """
        End it at once, without a chance to tidy up.
        """
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """
        Ask it to stop, and wait until it has; returns its exit code.
        """
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
        return await self.ended()


def free_port() -> int:
    """
    A port nobody listens on.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
