"""
Whether the bot is well.
"""

from bot.ops.health import Health


class Clock:
    """
    Time that passes when a test says so.
    """

    now = 0.0

    def __call__(self) -> float:
        """
        Seconds.
        """
        return self.now


def test_silence_of_telegram_is_noticed_and_forgiven() -> None:
    """
    A poll that hangs would mute the bot for good.
    """
    clock = Clock()
    health = Health(100, clock)
    clock.now = 100
    assert health.is_well
    clock.now = 101
    assert not health.is_well
    assert health.report({"waiting": 3}) == {
        "status": "silent",
        "seconds_since_telegram": 101.0,
        "uptime_seconds": 101.0,
        "waiting": 3,
    }
    health.polled()
    assert health.is_well
    assert health.report({})["seconds_since_telegram"] == 0


def test_where_telegram_calls_silence_is_no_sign() -> None:
    """
    With a webhook, a quiet night is a quiet night.
    """
    clock = Clock()
    health = Health(None, clock)
    clock.now = 10**6
    assert health.is_well
