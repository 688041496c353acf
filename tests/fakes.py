"""
Hand-written stand-ins for what the core needs from outside.
"""

from bot.events import Event


class RecordingHook:
    """
    A `Hook` that keeps what it was told.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """
        Keep an event.
        """
        self.events.append(event)
