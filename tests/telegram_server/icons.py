"""
The stickers that anyone may use as the icon of a topic; the emojis are Telegram's, the ids made up.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.telegram_server.model import Json

_EMOJIS = (
    "📰 💡 ⚡️ 🎙 🔝 🗣 🆒 ❗ 📝 📆 📁 🔎 📣 🔥 ❤️ ❓ 📈 📉 💎 💰 💸 🪙 💱 ⁉️ 🎮 💻 📱 🚗 🏠 💘 🎉 ‼️ 🏆 🏁 🎬 🎵 🔞"
    " 📚 👑 ⚽️ 🏀 📺 👀"
    " 🫦 🍓 💄 👠 ✈️ 🧳 🏖 ⛅️ 🦄 🛍 👜 🛒 🚂 🛥 🏔 🏕 🤖 🪩 🎟 🏴‍☠️ 🗳 🎓 🔭 🔬 🎶 🎤 🕺 💃 🪖 💼 🧪 👶 🤰 💅 🏛 🧮 🖨 👮‍♂️"
    " 🩺 💊 💉 🧼 🪪 🛃 🍽 🐟 🎨 🎭 🎩 🔮 🍹 🎂 ☕️ 🍣 🍔 🍕 🦠 💬 🎄 🎃 ✅ 🎖 🤡 🧠 🦮 🐈"
)
_FIRST_ID = 5_310_000_000_000_000_129
_STEP = 1_299_709

TOPIC_ICONS: Mapping[str, str] = {
    str(_FIRST_ID + number * _STEP): emoji for number, emoji in enumerate(_EMOJIS.split())
}
"""`custom_emoji_id` → emoji."""


def icon_stickers() -> list[Json]:
    """The `Sticker` objects of all icons."""
    return [_sticker(custom_emoji_id, emoji) for custom_emoji_id, emoji in TOPIC_ICONS.items()]


def _sticker(custom_emoji_id: str, emoji: str) -> Json:
    return {
        "file_id": f"CAACAgIAAxUAAW{custom_emoji_id}",
        "file_unique_id": f"AgAD{custom_emoji_id}",
        "file_size": 8_192,
        "type": "custom_emoji",
        "width": 100,
        "height": 100,
        "is_animated": True,
        "is_video": False,
        "emoji": emoji,
        "set_name": "Topics",
        "custom_emoji_id": custom_emoji_id,
    }
