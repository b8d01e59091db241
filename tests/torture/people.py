"""What the people of a circle do on their phones while Kith is killed under them.

They are patient, as people are not: nobody presses twice what is sure to be answered, so each
press has one line of the ledger to show for it. Only a screen may be lost with the process that
was to send it; then they press again, and it must change nothing.
"""

import asyncio
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from bot.clock import SystemClock
from tests.play import Play, Refused
from tests.torture.circles import (
    BEFORE_PAUSE,
    CARER,
    NEXT,
    ON_THE_WAY,
    Circle,
    next_minute,
    wall_time,
)

LOOKS = 0.1
"""Seconds between two looks at what Telegram was asked."""

SCREEN_LOST = 4.0
"""After so long without the next screen somebody presses again."""

PAUSED = "That is fine"

MISSED = "has not checked in"

UNREAD = "I did not understand that"

TEAM_ASKED = "I tell your team"
"""What the person reads who answers a check-in that was missed."""


@dataclass(frozen=True)
class Said:
    """A message of the bot's on a phone."""

    id: int
    text: str
    buttons: tuple[tuple[str, str], ...]


class Phones:
    """Everything the bot sends, as it arrives: `run` it beside those who wait for something."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.made: Counter[int] = Counter()
        """How many updates each chat has made."""
        self.said = 0
        """How many messages the bot has sent or changed."""
        self._chats: dict[int, list[Said]] = defaultdict(list)
        self._seen = 0
        self._arrived = asyncio.Condition()

    async def run(self) -> None:
        while True:
            for call in await self.play.calls(self._seen):
                self._seen = max(self._seen, call["n"])
                if call["method"] in ("sendMessage", "editMessageText") and "result" in call:
                    self._take(call["result"])
            async with self._arrived:
                self._arrived.notify_all()
            await asyncio.sleep(LOOKS)

    def _take(self, result: object) -> None:
        if not isinstance(result, dict):
            return
        rows = result.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = tuple((b["text"], b.get("callback_data", "")) for row in rows for b in row)
        said = Said(result["message_id"], result.get("text", ""), buttons)
        self._chats[result["chat"]["id"]].append(said)
        self.said += 1

    def heard(self, chat: int, *words: str, since: int = 0) -> Said | None:
        """The newest message with one of these words or buttons, `since` so many had come."""
        for said in reversed(self._chats[chat][since:]):
            labels = (label for label, _ in said.buttons)
            if any(one in text for text in (said.text, *labels) for one in words):
                return said
        return None

    def count(self, chat: int) -> int:
        """How many messages have come."""
        return len(self._chats[chat])

    def newest(self, chat: int) -> list[Said]:
        """The last that came, to look at when something is wrong."""
        return self._chats[chat][-4:]

    async def sees(
        self, chat: int, *words: str, within: float | None = None, since: int = 0
    ) -> Said | None:
        """Wait for one of them; None when none has come `within` so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within), self._arrived:
                while (said := self.heard(chat, *words, since=since)) is None:
                    await self._arrived.wait()
                return said
        return None

    async def writes(self, chat: int, text: str) -> None:
        self.made[chat] += 1
        with suppress(Refused):  # nobody settles here: what was done waits for the bot
            await self.play.write(chat, text)

    async def taps(self, chat: int, button: str) -> None:
        """Tap the newest button of that label; one that has been taken away cannot be."""
        try:
            await self.play.tap(chat, button)
        except Refused as refused:
            if refused.status == 404:
                return
        self.made[chat] += 1


@dataclass
class Pressed:
    """What was pressed, by part and by the line it has to leave in the ledger."""

    lines: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: int = 0
    """How many messages the person had had when they last answered a question."""

    def __call__(self, part: str, line: str) -> None:
        self.lines[part, line] += 1


async def lives(story: str, circle: Circle, phones: Phones, dice: Random) -> Pressed:
    """One circle through its story; what was pressed."""
    pressed = Pressed()
    await STORIES[story](circle, phones, dice, pressed)
    return pressed


async def answers(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """Asked, the person is home; with Kith killed over the grace, staff were asked, too."""
    await phones.sees(circle.person, "Are you OK")
    await phones.taps(circle.person, "I'm home")
    pressed("person", "journey_home")
    said = await phones.sees(circle.person, "How did it go")
    if said is not None and "I tell your team" in said.text:
        await phones.sees(circle.chats["key"], MISSED)
        await _ends(circle, "key", phones, pressed)


async def first_rung(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """The person is silent; the key worker takes it on and ends it."""
    await phones.sees(circle.chats["key"], MISSED)
    await _ends(circle, "key", phones, pressed)


async def last_rung(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """Nobody answers until the third rung has heard it."""
    await phones.sees(circle.chats["lead"], MISSED)
    await _ends(circle, "lead", phones, pressed)


async def both(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """Two press at the same time: one has it."""
    await phones.sees(circle.chats["duty"], MISSED)
    await asyncio.gather(
        *(phones.taps(circle.chats[part], "I've got this") for part in ("key", "duty"))
    )
    has_it = asyncio.ensure_future(_first(phones, circle, "You have this", ("key", "duty")))
    holder = await has_it
    pressed(holder, "escalation_taken")
    await phones.sees(circle.chats[holder], "Safe and well")
    await phones.taps(circle.chats[holder], "Safe and well")
    pressed(holder, "escalation_closed")
    await phones.sees(circle.person, "has finished this")


async def help_wanted(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """The person asks for help while out, and hears who comes."""
    await asyncio.sleep(dice.uniform(0, 3))
    await _until_screen(phones, circle.person, "/help", "I need help", writes=True)
    await phones.taps(circle.person, "I need help")
    pressed("person", "journey_help")
    await phones.sees(circle.chats["key"], "asks for help")
    await _ends(circle, "key", phones, pressed)


async def sets_off(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """From the chat, screen by screen; home again before anything is due."""
    await asyncio.sleep(dice.uniform(0, 10))
    chat = circle.person
    await _begins(phones, chat, "/out", "Café", "1 hour", writes=True)
    await _until_screen(phones, chat, "1 hour", "Set off")
    await _until_screen(phones, chat, "Set off", "Have a good time")
    pressed("person", "journey_set_off")
    await phones.taps(chat, "I'm home")
    pressed("person", "journey_home")
    await phones.sees(chat, "How did it go")


async def stops_sharing(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """A carer looks at whatever there is, again and again; in the middle the person stops."""
    looks = asyncio.ensure_future(_looks(circle.chats[CARER], phones, dice))
    try:
        await asyncio.sleep(dice.uniform(1, 10))
        chat = circle.person
        await _until_screen(phones, chat, "/stop_sharing", "Stop sharing with", writes=True)
        await _until_screen(phones, chat, "Stop sharing with", "Yes, stop sharing")
        await _until_screen(phones, chat, "Yes, stop sharing", "cannot be taken back")
        pressed("person", "sharing_stopped")
        await asyncio.sleep(dice.uniform(0, 4))
    finally:
        looks.cancel()
        await asyncio.gather(looks, return_exceptions=True)
    await phones.writes(circle.chats[CARER], "/news")


async def _looks(chat: int, phones: Phones, dice: Random) -> None:
    while True:
        await asyncio.sleep(dice.uniform(0.5, 3.0))
        before = phones.newest(chat)[-1:]
        if dice.random() < 0.5 and phones.heard(chat, "Read") is not None:
            await phones.taps(chat, "Read")
        else:
            await phones.writes(chat, "/news")
        for _ in range(20):  # nobody asks again before they have had an answer, or long enough
            if phones.newest(chat)[-1:] != before:
                break
            await asyncio.sleep(SCREEN_LOST / 20)


async def every_few(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """Asked again and again on the way, the person is OK each time; then home."""
    for _ in range(dice.choice((2, 3))):
        if not await _is_ok_when_asked(circle, phones, pressed):
            await _missed(circle, phones, pressed)
            return
    await asyncio.sleep(dice.uniform(0, circle.asked_after))
    await _comes_home(circle, phones, pressed)


async def points(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """The person says at each point that they are there, asked or not; then home."""
    chat = circle.person
    for point, answer in zip(ON_THE_WAY, (*ON_THE_WAY[1:], "I will ask again"), strict=True):
        await phones.sees(chat, f"📍 {point}")
        await asyncio.sleep(dice.uniform(0, 1.2) * circle.asked_after)
        await phones.taps(chat, f"📍 {point}")
        await phones.sees(chat, answer, TEAM_ASKED)
        if phones.heard(chat, TEAM_ASKED) and not phones.heard(chat, answer):
            pressed("person", "journey_ok")
            await _missed(circle, phones, pressed)
            return
        pressed("person", "journey_point")
    await asyncio.sleep(dice.uniform(0, 3))
    await _comes_home(circle, phones, pressed)


async def pauses(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """A pause until a minute begins; asked then the person is OK, and soon home. Who could pause
    only when that had passed goes home before the next minute has begun."""
    chat = circle.person
    await asyncio.sleep(dice.uniform(0, 3))
    before = phones.made[chat]
    await _until_screen(phones, chat, "I'm late", "Something else")
    pressed.lines["person", "journey_late"] += phones.made[chat] - before  # a sign of life each
    await _until_screen(phones, chat, "Something else", "What is it")
    await _begins(phones, chat, "Pause", "Until a time", "Until what time")
    while not phones.heard(chat, PAUSED):
        since = phones.count(chat)
        now = SystemClock().now()  # who is late has been given a minute from then already
        ahead = 1 if now < circle.evens - BEFORE_PAUSE else 61
        until = next_minute(circle, now + timedelta(seconds=ahead))
        await phones.writes(chat, wall_time(circle, until))
        await phones.sees(chat, PAUSED, UNREAD, within=SCREEN_LOST, since=since)
        # No question was open: it had its answer already, or it was asked anew and that was lost.
        if phones.heard(chat, UNREAD, since=since):
            if await phones.sees(chat, PAUSED, within=5 * SCREEN_LOST):
                break
            await _begins(phones, chat, "Pause", "Until a time", "Until what time")
    pressed("person", "journey_paused")
    if next_minute(circle, SystemClock().now()) == circle.evens:
        await _is_ok_when_asked(circle, phones, pressed)
    await asyncio.sleep(dice.uniform(1, 4))
    await _comes_home(circle, phones, pressed)


async def silent(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """The person is OK once, and then silent on the way; the second rung takes it and ends it."""
    await _is_ok_when_asked(circle, phones, pressed)
    duty = circle.chats["duty"]
    while not phones.heard(circle.person, TEAM_ASKED):
        if await phones.sees(duty, MISSED, within=1.0):
            break
    if phones.heard(duty, MISSED):
        await _ends(circle, "duty", phones, pressed)
    else:  # Kith was killed over the first grace, and what has had an answer climbs no more
        await _missed(circle, phones, pressed)


async def handed_over(circle: Circle, phones: Phones, dice: Random, pressed: Pressed) -> None:
    """The shift ends while the person is out; whoever follows takes the outing, which goes on."""
    await phones.sees(circle.chats[NEXT], "Please take over")
    await asyncio.sleep(dice.uniform(0, 2))
    await phones.taps(circle.chats[NEXT], "I have it")
    pressed(NEXT, "outing_handed_over")
    await phones.sees(circle.chats[NEXT], "You have this")
    await phones.sees(circle.chats["duty"], "has taken over")
    await asyncio.sleep(dice.uniform(0, 3))
    await _comes_home(circle, phones, pressed)


STORIES = {
    "answers": answers,
    "first rung": first_rung,
    "last rung": last_rung,
    "both": both,
    "help": help_wanted,
    "every few": every_few,
    "points": points,
    "pauses": pauses,
    "silent on the way": silent,
    "handed over": handed_over,
    "sets off": sets_off,
    "stops sharing": stops_sharing,
}
"""By name. All but the last two begin with the person out."""

ON_WAY = {
    "every few": "every",
    "points": "points",
    "pauses": "pauses",
    "silent on the way": "every",
    "handed over": "shift",
}
"""Which of the `WAYS` these are on."""

OUT = tuple(name for name in STORIES if name not in ("sets off", "stops sharing", *ON_WAY))


async def _is_ok_when_asked(circle: Circle, phones: Phones, pressed: Pressed) -> bool:
    """Whether they were asked; with Kith killed over the grace before, staff were asked instead."""
    chat = circle.person
    await phones.sees(chat, "Are you OK", TEAM_ASKED, since=pressed.seen)
    if phones.heard(chat, TEAM_ASKED):
        return False
    pressed.seen = phones.count(chat)
    await phones.taps(chat, "I'm OK")
    pressed("person", "journey_ok")
    return True


async def _comes_home(circle: Circle, phones: Phones, pressed: Pressed) -> None:
    await phones.taps(circle.person, "I'm home")
    pressed("person", "journey_home")
    await phones.sees(circle.person, "How did it go")
    if phones.heard(circle.person, TEAM_ASKED):
        await _missed(circle, phones, pressed)


async def _missed(circle: Circle, phones: Phones, pressed: Pressed) -> None:
    await phones.sees(circle.chats["key"], MISSED)
    await _ends(circle, "key", phones, pressed)


async def _ends(circle: Circle, part: str, phones: Phones, pressed: Pressed) -> None:
    chat = circle.chats[part]
    await phones.taps(chat, "I've got this")
    pressed(part, "escalation_taken")
    await phones.sees(chat, "Safe and well")  # an alert that is said again says who has it, too
    await phones.taps(chat, "Safe and well")
    pressed(part, "escalation_closed")
    await phones.sees(circle.person, "has finished this")


async def _first(phones: Phones, circle: Circle, words: str, parts: tuple[str, ...]) -> str:
    waits = {asyncio.ensure_future(phones.sees(circle.chats[part], words)): part for part in parts}
    done, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for other in others:
        other.cancel()
    return waits[next(iter(done))]


async def _until_screen(
    phones: Phones, chat: int, press: str, next_words: str, *, writes: bool = False
) -> None:
    while True:
        await (phones.writes(chat, press) if writes else phones.taps(chat, press))
        if await phones.sees(chat, next_words, within=SCREEN_LOST):
            return


async def _begins(
    phones: Phones, chat: int, begin: str, answer: str, next_words: str, *, writes: bool = False
) -> None:
    """Begin a talk and answer its first question. Of a talk that was begun twice the later one may
    be lost, and the earlier one hears no answer: then they begin once more."""
    while True:
        since = phones.count(chat)
        await (phones.writes(chat, begin) if writes else phones.taps(chat, begin))
        if await phones.sees(chat, answer, within=SCREEN_LOST, since=since):
            await phones.taps(chat, answer)
            if await phones.sees(chat, next_words, within=SCREEN_LOST, since=since):
                return
