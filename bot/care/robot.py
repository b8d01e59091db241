"""The robot that tries the whole way from outside: two accounts that no human has.

Telegram gives out ids of at most 52 bits, so nobody's own is ever among these.
"""

from collections.abc import Mapping

from bot.care.plan import Rung, RungKind

ACCOUNTS: Mapping[str, int] = {"person": 2**60 + 1, "worker": 2**60 + 2}
"""The robot's chats: the person who goes out, and the worker who is asked."""

OUT, GRACE = 1, 1
"""Minutes: so long is it out, and so long is it waited for then."""

RUNGS = (Rung(RungKind.KEY_WORKER, 5),)
