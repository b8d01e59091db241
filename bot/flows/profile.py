"""/me: how should Kith write to you, when, and where else can you be reached?"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care import contact as rules
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    End,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
)
from bot.flows.reading import short
from bot.i18n import CHUNKS, EASY, STANDARD, Lines, Param
from bot.store import Connection, contact, profile
from bot.store.contact import Contact
from bot.store.flow import Talk
from bot.store.profile import Profile, Quiet

MEMBER = "member"
CHANNELS = "channels"
STAFF = "staff"
"""The answers /me begins with: whose profile it is; the channels there are here, for staff; and
whether they are staff."""

LONGEST_NUMBER = 25
LONGEST_ALIAS = 30
LONGEST_WORDS = 200
HOURS = re.compile(
    r"\D*(?P<h1>\d{1,2})(?:[:.](?P<m1>\d{2}))?\D+(?P<h2>\d{1,2})(?:[:.](?P<m2>\d{2}))?\D*"
)
NO_NUMBER = Text("profile", "no_number")


@dataclass(frozen=True, slots=True)
class Facts:
    """`given` are the addresses they gave, by channel; `own` is what they said of themselves."""

    locale: str
    channels: tuple[str, ...]
    given: dict[str, Contact]
    staff: bool
    own: Profile


def read_number(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    """A telephone number as people write it; kept as they wrote it."""
    number = short(said, LONGEST_NUMBER)
    fits = number is not None and re.fullmatch(r"\+?[\d ()-]+", number) is not None
    return number if fits and number and sum(map(str.isdigit, number)) >= 6 else NO_NUMBER


def read_address(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """An email address, a number or a name: one, and nothing that could be more."""
    address = None if isinstance(said, Located) else rules.address(said.text)
    return Text("contact", "no_address") if address is None else address


def read_alias(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    return short(said, LONGEST_ALIAS) or Text("profile", "alias_too_long")


def read_hours(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """Two times of day by 24 hours: "21 to 8", "21:30-07:00"; kept as minutes: "1290 420"."""
    found = None if isinstance(said, Located) else HOURS.fullmatch(said.text)
    if found is None:
        return Text("profile", "no_hours")
    since = int(found["h1"]) * 60 + int(found["m1"] or 0)
    until = int(found["h2"]) * 60 + int(found["m2"] or 0)
    fits = max(since, until) < 24 * 60 and since != until
    minutes_fit = max(int(found["m1"] or 0), int(found["m2"] or 0)) < 60
    return f"{since} {until}" if fits and minutes_fit else Text("profile", "no_hours")


def read_safe(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    return short(said, LONGEST_WORDS) or Text("profile", "safe_too_long")


def more(facts: Facts, _talk: Talk) -> list[Offered]:
    """Quiet hours are not for staff: what somebody asks of them may not wait until morning."""
    offered = [Offered("alias", Text("profile", "alias"))]
    if not facts.staff:
        offered.append(Offered("quiet", Text("profile", "quiet")))
    offered.append(Offered("shared", Text("profile", "shared")))
    return [*offered, Offered("safe", Text("profile", "safe"))]


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
                Choice("chunks", Text("profile", "chunks"), "chunks"),
                Choice("phone", Text("profile", "my_number"), "phone"),
                Choice("more", Text("profile", "more"), "more"),
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
        "more": Step(Text("profile", "what_more"), offers="more", to="which"),
        "alias": Step(
            Text("profile", "which_alias"),
            choices=(Choice("none", Text("profile", "no_alias"), "no_alias"),),
            reads="alias",
            to="alias_kept",
        ),
        "quiet": Step(
            Text("profile", "which_hours"),
            choices=(
                Choice("never", Text("profile", "no_quiet"), "no_quiet"),
                Choice("1260 480", Text("profile", "nine_to_eight"), "quiet_kept"),
                Choice("1320 420", Text("profile", "ten_to_seven"), "quiet_kept"),
            ),
            reads="hours",
            to="quiet_kept",
        ),
        "shared": Step(
            Text("profile", "is_it_shared"),
            choices=(
                Choice("yes", Text("profile", "yes_shared"), "now_shared"),
                Choice("no", Text("profile", "only_mine"), "now_mine"),
            ),
        ),
        "safe": Step(
            Text("profile", "how_safe"),
            choices=(Choice("none", Text("profile", "no_safe"), "no_safe"),),
            reads="safe",
            to="safe_kept",
        ),
        "alias_kept": Step(Text("profile", "alias_kept"), ends="alias"),
        "no_alias": Step(Text("profile", "name_kept"), ends="no_alias"),
        "quiet_kept": Step(Text("profile", "quiet_kept"), ends="quiet"),
        "no_quiet": Step(Text("profile", "quiet_over"), ends="no_quiet"),
        "now_shared": Step(Text("profile", "now_shared"), ends="shared"),
        "now_mine": Step(Text("profile", "now_mine"), ends="mine"),
        "safe_kept": Step(Text("profile", "safe_kept"), ends="safe"),
        "no_safe": Step(Text("profile", "safe_gone"), ends="no_safe"),
        "standard": Step(Text("profile", "now_standard"), ends="standard"),
        "easy": Step(Text("profile", "now_easy"), ends="easy"),
        "chunks": Step(Text("profile", "now_chunks"), ends="chunks"),
        "phone_kept": Step(Text("profile", "number_kept"), ends="phone"),
        "address_given": Step(Text("contact", "test_sent"), ends="give"),
        "tested": Step(Text("contact", "test_sent"), ends="test"),
        "removed": Step(Text("contact", "removed"), ends="remove"),
        "kept": Step(Text("profile", "kept"), ends=STOP),
    },
    offers={"another_way": another_way, "channels": channels, "more": more},
    readers={
        "number": read_number,
        "address": read_address,
        "alias": read_alias,
        "hours": read_hours,
        "safe": read_safe,
    },
    routes={
        "known": Route(
            ("given", "address"),
            lambda facts, talk: "given" if _channel(talk) in facts.given else "address",
        ),
        "which": Route(
            ("alias", "quiet", "shared", "safe"), lambda _facts, talk: talk.answers["more"]
        ),
    },
)


def _channel(talk: Talk) -> str:
    return talk.answers.get("channel", "").removeprefix("by_")


def _load(c: Connection, talk: Talk, _now: datetime) -> Facts:
    member = talk.answers[MEMBER]
    given = {one.channel: one for one in contact.contacts(c, member)}
    here = tuple(talk.answers.get(CHANNELS, "").split())
    staff = STAFF in talk.answers
    return Facts(profile.locale(c, member), here, given, staff, profile.profile(c, member))


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    given = facts.given.get(_channel(talk))
    address = "" if given is None else given.address
    params: dict[str, Param] = {
        "channel": _channel(talk),
        "address": address,
        "alias": talk.answers.get("alias", ""),
        "now": _now(facts.own),
    }
    return params


def _now(own: Profile) -> Lines:
    """What they have said of themselves so far."""
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    if own.alias is not None:
        lines.append((Text("profile", "own_alias"), {"alias": own.alias}))
    if own.quiet is not None:
        hours = {"since": _clock(own.quiet.since), "until": _clock(own.quiet.until)}
        lines.append((Text("profile", "own_quiet"), hours))
    if own.shared_phone:
        lines.append((Text("profile", "own_shared"), {}))
    if own.safe_contact is not None:
        lines.append((Text("profile", "own_safe"), {"words": own.safe_contact}))
    return Lines(tuple(lines or [(Text("profile", "own_nothing"), {})]))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _says(act: Callable[..., Outcome], value: Callable[[Talk], object]) -> End[Facts]:
    """An end that keeps one thing somebody says of themselves."""

    def end(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
        return act(c, talk.answers[MEMBER], value(talk), now, cause)

    return end


def _quiet(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    if facts.staff:
        return Outcome()
    hours = Quiet(*map(int, talk.answers["quiet"].split()))
    return profile.keep_quiet(c, talk.answers[MEMBER], hours, now, cause)


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
        "standard": _says(profile.choose_locale, lambda _talk: STANDARD),
        "easy": _says(profile.choose_locale, lambda _talk: EASY),
        "chunks": _says(profile.choose_locale, lambda _talk: CHUNKS),
        "phone": _says(profile.give_number, lambda talk: talk.answers["phone"]),
        "alias": _says(profile.choose_alias, lambda talk: talk.answers["alias"]),
        "no_alias": _says(profile.choose_alias, lambda _talk: None),
        "quiet": _quiet,
        "no_quiet": _says(profile.keep_quiet, lambda _talk: None),
        "shared": _says(profile.share_phone, lambda _talk: True),
        "mine": _says(profile.share_phone, lambda _talk: False),
        "safe": _says(profile.say_safe_contact, lambda talk: talk.answers["safe"]),
        "no_safe": _says(profile.say_safe_contact, lambda _talk: None),
        "give": _give,
        "test": _test,
        "remove": _remove,
    },
    params=_params,
)
