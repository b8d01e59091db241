"""Sam's two words, and practice: what is written and begun, and what must hold of it."""

import json
from typing import TYPE_CHECKING

from bot.care import words as care
from bot.care.words import How, Kind
from bot.store import Connection, drill, words
from tests.simulation.capability import Capability
from tests.simulation.database import PHONES
from tests.simulation.telegram import Send
from tests.simulation.watch import micro

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.watch import Commit, Watch

WORDS = {Kind.CODE: "purple teapot", Kind.DURESS: "marmalade moon"}
HASHED = {
    kind: care.hashed(word, kind.value.encode(), kind.name.encode()) for kind, word in WORDS.items()
}

CALLED = {
    WORDS[Kind.CODE]: "cause NOT LIKE 'duress%' AND cause <> 'drill'",
    WORDS[Kind.DURESS]: "cause LIKE 'duress%'",
}
"""What each of them raises."""

PRACTICE = "🧪"
"""It stands before every message of a practice, and before no other."""


# --- what people do -------------------------------------------------------------------------


def begin(people: "People") -> None:
    """Sam has chosen both words, and before going out there may be practice."""
    _chooses(people)
    if people.random.random() < 0.5:
        practises(people)


def _chooses(people: "People") -> None:
    how, sam, now = people.random.choice(tuple(How)), people.ids["Sam"], people.world.moment()

    def choose(c: Connection) -> None:
        for kind, hashed in HASHED.items():
            words.choose(c, kind, hashed, sam, now, how=how if kind is Kind.DURESS else None)

    people.world.act(choose)


def writes_a_word(people: "People") -> None:
    """Whatever Sam was asked."""
    people.world.telegram.says(PHONES["Sam"], people.anybody(*WORDS.values()))


def is_made_to_take_them_back(people: "People") -> None:
    people.world.act(words.forget, people.ids["Sam"], people.world.moment())
    _chooses(people)


def practises(people: "People") -> None:
    """Sam does, or one of the team asks for it."""
    sam, now = people.ids["Sam"], people.world.moment()
    if people.random.random() < 0.7:
        people.world.act(drill.begin_own, sam, now)
    else:
        people.world.act(drill.ask, sam, people.ids[people.anybody("Jo", "Alex")], now)


PLAYED = Capability(
    each=12,
    these=(0, 7),
    often=3,
    does=(
        (5.0, writes_a_word),
        (0.7, is_made_to_take_them_back),
        (3.0, practises),
    ),
    begin=begin,
)


# --- after each commit ----------------------------------------------------------------------


def a_word_calls_somebody(watch: "Watch", commit: "Commit") -> str | None:
    """When the message has been dealt with in which Sam wrote one, its alert stands, or has been
    closed since."""
    made = watch.world.telegram.made
    for update in commit.ended:
        message = made[update].get("message") or {}
        said = message.get("text")
        if said not in CALLED or message["chat"]["id"] != PHONES["Sam"]:
            continue
        if not watch.cells("SELECT id FROM word WHERE ended_at IS NULL"):
            continue  # nobody has chosen any here
        since = micro(watch.world.telegram.made_at[update])
        asked = f"{STANDS} AND {CALLED[said]}"
        if not watch.cells(asked, watch.world.people.ids["Sam"], since):
            return f"update {update}: Sam wrote {said!r}, and nobody was asked"
    return None


# --- when Telegram takes a message ----------------------------------------------------------


def no_word_is_repeated(_: "Watch", send: Send) -> str | None:
    """To nobody, and not to Sam."""
    said = send.text.casefold()
    found = [word for word in WORDS.values() if word in said]
    return f"{found} stands in {send.text!r}" if found else None


def practice_says_so_and_nothing_else_does(watch: "Watch", send: Send) -> str | None:
    """And it reaches Sam and those on the ladder alone."""
    row = watch.rows.get(send.row or "")
    alert = None if row is None else watch.alerts.get(json.loads(row.params).get("escalation", ""))
    if row is None or alert is None:
        return None
    if (alert.cause == "drill") != (PRACTICE in send.text):
        return f"{row.text} of {alert.cause}: {send.text!r}"
    if alert.cause == "drill" and watch.world.people.name(send.shown.chat) not in HEAR:
        return f"{row.text} went to {watch.world.people.name(send.shown.chat)}"
    return None


HEAR = ("Sam", "Jo", "Dev", "Priya", "Mina")
STANDS = """SELECT id FROM escalation WHERE person = ?
AND (state <> 'closed' OR closed_at >= ?)"""
