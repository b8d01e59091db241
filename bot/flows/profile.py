"""/me: how should Kith write to you, and where else can you be reached?"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.care import contact as rules
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
)
from bot.flows.reading import short
from bot.i18n import EASY, STANDARD, Param
from bot.store import Connection, contact, profile
from bot.store.contact import Contact
from bot.store.flow import Talk

MEMBER = "member"
CHANNELS = "channels"
"""The answers /me begins with: whose profile it is; for staff, the channels there are here."""


LONGEST_NUMBER = 25
NO_NUMBER = Text("profile", "no_number")


@dataclass(frozen=True, slots=True)
class Facts:
    """`given` are the addresses they gave, by channel."""

    locale: str
    channels: tuple[str, ...]
    given: dict[str, Contact]


def read_number(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """A telephone number as people write it; kept as they wrote it."""
    number = short(said, LONGEST_NUMBER)
    fits = number is not None and re.fullmatch(r"\+?[\d ()-]+", number) is not None
    return number if fits and number and sum(map(str.isdigit, number)) >= 6 else NO_NUMBER


def read_address(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """An email address, a number or a name: one, and nothing that could be more."""
    address = None if isinstance(said, Located) else rules.address(said.text)
    return Text("contact", "no_address") if address is None else address


def another_way(facts: Facts, _talk: Talk) -> list[Offered]:
    """Only for staff, and only where there is one."""
    return [Offered("another_way", Text("contact", "another_way"))] if facts.channels else []


def channels(facts: Facts, _talk: Talk) -> list[Offered]:
    offered: list[Offered] = []
    for name in facts.channels:
        given = facts.given.get(name)
        if given is None:
            label = Text("contact", "channel")
        elif given.confirmed_at is None:
            label = Text("contact", "channel_untried")
        else:
            label = Text("contact", "channel_works")
        # Not its bare name: that may be a word of the engine's.
        offered.append(Offered(f"by_{name}", label, {"channel": name}))
    return offered


FLOW = Flow[Facts](
    name="profile",
    start="form",
    steps={
        "form": Step(
            Text("profile", "form"),
            choices=(
                Choice("standard", Text("profile", "standard"), "standard"),
                Choice("easy", Text("profile", "easy"), "easy"),
                Choice("phone", Text("profile", "my_number"), "phone"),
                Choice("keep", Text("profile", "keep"), "kept"),
            ),
            offers="another_way",
            to="channel",
        ),
        "phone": Step(Text("profile", "which_number"), reads="number", to="phone_kept"),
        "channel": Step(Text("contact", "which_channel"), offers="channels", to="known"),
        "given": Step(
            Text("contact", "given"),
            choices=(
                Choice("test", Text("contact", "test_it"), "tested"),
                Choice("change", Text("contact", "change"), "address"),
                Choice("remove", Text("contact", "remove"), "removed"),
            ),
        ),
        "address": Step(Text("contact", "which_address"), reads="address", to="address_given"),
        "standard": Step(Text("profile", "now_standard"), ends="standard"),
        "easy": Step(Text("profile", "now_easy"), ends="easy"),
        "phone_kept": Step(Text("profile", "number_kept"), ends="phone"),
        "address_given": Step(Text("contact", "test_sent"), ends="give"),
        "tested": Step(Text("contact", "test_sent"), ends="test"),
        "removed": Step(Text("contact", "removed"), ends="remove"),
        "kept": Step(Text("profile", "kept"), ends=STOP),
    },
    offers={"another_way": another_way, "channels": channels},
    readers={"number": read_number, "address": read_address},
    routes={
        "known": Route(
            ("given", "address"),
            lambda facts, talk: "given" if _channel(talk) in facts.given else "address",
        )
    },
)


def _channel(talk: Talk) -> str:
    return talk.answers.get("channel", "").removeprefix("by_")


def _load(c: Connection, talk: Talk, _now: datetime) -> Facts:
    member = talk.answers[MEMBER]
    given = {one.channel: one for one in contact.contacts(c, member)}
    here = tuple(talk.answers.get(CHANNELS, "").split())
    return Facts(profile.locale(c, member), here, given)


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    given = facts.given.get(_channel(talk))
    address = "" if given is None else given.address
    return {"channel": _channel(talk), "address": address}


def _standard(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.choose_locale(c, talk.answers[MEMBER], STANDARD, now, cause)


def _easy(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.choose_locale(c, talk.answers[MEMBER], EASY, now, cause)


def _phone(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.give_number(c, talk.answers[MEMBER], talk.answers["phone"], now, cause)


def _give(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    to = talk.answers["address"]
    return contact.give(c, talk.answers[MEMBER], _channel(talk), to, now, cause)


def _test(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    given = facts.given.get(_channel(talk))
    if given is None:
        return Outcome()
    return contact.send_test(c, given.channel, given.mark, talk.answers[MEMBER], now, cause)


def _remove(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return contact.remove(c, talk.answers[MEMBER], _channel(talk), now, cause)


PROFILE = Conversation(
    FLOW,
    facts=_load,
    ends={
        "standard": _standard,
        "easy": _easy,
        "phone": _phone,
        "give": _give,
        "test": _test,
        "remove": _remove,
    },
    params=_params,
)
