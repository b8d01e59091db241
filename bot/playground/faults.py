"""How the Bot API misbehaves, when it is asked to."""

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from bot.playground.limits import Refusal, blocked, flooded
from bot.playground.state import Json

Kind = Literal["429", "500", "timeout", "slow", "half_open", "reset", "401", "403", "409"]
"""`timeout`: done, and nobody hears of it; `slow`: done, and heard of late; `half_open`: the
connection stands and nothing happens any more; `reset`: it breaks before anything is done."""


@dataclass(slots=True)
class Fault:
    """One standing fault. No methods or chats: all of them. `left`: how many hits remain."""

    kind: Kind
    rate: float
    methods: frozenset[str] | None
    chats: frozenset[int] | None
    left: int | None

    def concerns(self, method: str, chat: int | None) -> bool:
        if self.methods is not None and method.lower() not in self.methods:
            return False
        return self.chats is None or chat in self.chats

    def refusal(self) -> Refusal | None:
        """What is answered instead; None when the connection itself fails."""
        answers = {
            "429": flooded(2),
            "500": Refusal(500, "Internal Server Error"),
            "401": Refusal(401, "Unauthorized"),
            "403": blocked(),
            "409": Refusal(409, "Conflict: terminated by other getUpdates request"),
        }
        return answers.get(self.kind)

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "rate": self.rate,
            "methods": None if self.methods is None else sorted(self.methods),
            "chats": None if self.chats is None else sorted(self.chats),
            "left": self.left,
        }


@dataclass(slots=True)
class Faults:
    """The standing faults, oldest first; the dice are seeded, so that a run repeats itself."""

    standing: list[Fault] = field(default_factory=list)
    dice: Random = field(default_factory=lambda: Random(1))  # noqa: S311 -- dice, not secrets

    def add(
        self,
        kind: Kind,
        rate: float = 1.0,
        methods: list[str] | None = None,
        chats: list[int] | None = None,
        count: int | None = None,
    ) -> None:
        named = None if methods is None else frozenset(method.lower() for method in methods)
        self.standing.append(
            Fault(kind, rate, named, None if chats is None else frozenset(chats), count)
        )

    def clear(self) -> None:
        self.standing.clear()
        self.dice.seed(1)

    def strike(self, method: str, chat: int | None) -> Fault | None:
        """The fault that this request meets, if any."""
        for fault in self.standing:
            if fault.concerns(method, chat) and self.dice.random() < fault.rate:
                if fault.left is not None:
                    fault.left -= 1
                    if not fault.left:
                        self.standing.remove(fault)
                return fault
        return None
