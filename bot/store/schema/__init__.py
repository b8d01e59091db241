"""Every table. Times are UTC microseconds; sealed columns hold ciphertext; ids are random."""

from bot.store.schema.circle import (
    contact,
    invitation,
    member,
    membership,
    service,
    shift,
    support,
    team,
)
from bot.store.schema.column import Moment, metadata
from bot.store.schema.doors import deadline, fallback, flow, inbox, leader, outbox, stranger
from bot.store.schema.journey import escalation, journey, plan
from bot.store.schema.ledger import heartbeat, ledger, ledger_seal
from bot.store.schema.sharing import (
    agreement,
    authority,
    decision,
    glass,
    guardrail,
    heard,
    hold,
    news,
    rhythm,
    sharing,
    switch,
    telling,
)

__all__ = [
    "Moment",
    "agreement",
    "authority",
    "contact",
    "deadline",
    "decision",
    "escalation",
    "fallback",
    "flow",
    "glass",
    "guardrail",
    "heard",
    "heartbeat",
    "hold",
    "inbox",
    "invitation",
    "journey",
    "leader",
    "ledger",
    "ledger_seal",
    "member",
    "membership",
    "metadata",
    "news",
    "outbox",
    "plan",
    "rhythm",
    "service",
    "sharing",
    "shift",
    "stranger",
    "support",
    "switch",
    "team",
    "telling",
]
