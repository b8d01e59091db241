"""Random updates: what people do, what they forge, and what no Telegram should send."""

import json
from collections import deque
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.handlers.commands import MEANS
from bot.outbox.shapes import SHAPES
from tests.bot_api import Json
from tests.fuzz.people import NEWCOMERS, PHONES, STRANGERS, Ears, team_of
from tests.fuzz.telegram import Telegram

HALF = "\ud83d"
"""Half a character: JSON can hold it, UTF-8 cannot."""

HOSTILE = (
    "{0} {name} {person!r} %s %(x)s %d",
    "<b>bold <a href='tg://user?id=1'>&lt;</b> & < > &nbsp; &#0;",
    "'; DROP TABLE member; -- \" OR 1=1",
    "\u202egnp.exe\u202c \u200f\u200e\u2066x\u2069",
    "a\u200bb\u200cc\u200d\ufeff",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 9,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "9" * 400,
    "-1",
    "1e309",
    "٣٠ دقيقة",
    "²",
    "24:00",
    "at 99",
    "/out /ok",
    "x" * 4096,
    "&" * 4096,
    "<" * 1500,
    "\u0645" * 4000,
    "line\n" * 700,
    "😀" * 1900 + "y" * 150,
    "😀" * 1400,
    " ",
    "\u3000\u00a0",
    "\x7f\x1b[31m",
    "../../etc/passwd",
    "flow:go:x:1",
    f"half {HALF} a word",
)
ORDINARY = ("10:30", "3 pm", "45 minutes", "1 hour", "14.15", "Robin", "the shop", "9", "yes", "ok")
JUNK: tuple[Any, ...] = (
    *(None, "", "x", -1, 0, 2**31, 2**63, 2**70, -(2**70), 1.5, 1e300, True, False, [], {}, [[]]),
    *({"id": 1}, HALF, "\x00", "9" * 5000, ["x"] * 50),
)
NUMBERS = ("-1", "0", "1", *("9" * digits for digits in (1, 10, 11, 12, 13, 15, 20, 28)))
VERBS = sorted(
    {
        *(":".join(p.data.split(":")[:2]) for s in SHAPES.values() for row in s.rows for p in row),
        *("journey:late", "journey:longer", *(f"journey:later_{n}" for n in (10, 20, 30))),
        *(f"journey:{verb}" for verb in ("else", "pause", "slow", "slow_here", "at", "phone")),
        *("general:leave", "invitation:as"),
        *(f"rota:{verb}" for verb in ("add", "which", "sure", "cancel")),
        *(f"circle:{verb}" for verb in ("support", "which", "sure", "end")),
        *(f"circle:{verb}" for verb in ("one", "pause", "helps")),
        *(f"told:{verb}" for verb in ("older", "more", "past")),
        *(f"news:{verb}" for verb in ("me", "not_me", "heard")),
        "preparing:ask",
    }
)
"""What a button can ask for, as somebody who knows the code would forge it."""

LANGUAGES = ("en", "en-GB", "ar", "", "xx-YY-ZZ", None)


@dataclass(frozen=True)
class Made:
    """An update as it comes. `sound`: Telegram could send it, and Kith has to handle it."""

    body: Json
    sound: bool
    repeat: bool = False

    @property
    def id(self) -> int:
        return int(self.body["update_id"])


class Maker:
    """Makes one update after the other, from what stands in the chats."""

    def __init__(self, dice: Random, telegram: Telegram, ears: Ears, now: Any) -> None:
        self._dice = dice
        self._telegram = telegram
        self._ears = ears
        self._now = now
        self._update = dice.randrange(1, 10**9)
        self._words = 0
        self._seen: deque[Json] = deque(maxlen=200)

    def make(self) -> Made:
        dice = self._dice
        if self._seen and dice.random() < 0.03:
            again = dice.choice(self._seen)
            other = dice.choice(self._seen) | {"update_id": again["update_id"]}
            return Made(dice.choice((again, other)), sound=True, repeat=True)
        self._update += dice.choice((1, 1, 1, 2, 50))
        chat = self._who()
        (make,) = dice.choices([make for make, _ in KINDS], [weight for _, weight in KINDS])
        body = {"update_id": self._update, **make(self, chat)}
        sound = True
        if dice.random() < 0.08:
            body, sound = self._spoilt(body), False
        if sound:
            self._seen.append(body)
        return Made(body, sound)

    # --- kinds of update ------------------------------------------------------------------

    def tap(self, chat: int) -> Json:
        own = self._telegram.chats[chat][-_depth(self._dice) :]
        shown = self._dice.choice(own) if own else None
        if shown is None or not shown.data:
            return self.command(chat)
        return self._tap(chat, self._dice.choice(shown.data), shown.id)

    def forged(self, chat: int) -> Json:
        """Somebody else's button, or one that never was."""
        dice = self._dice
        others = [
            (shown.chat, data)
            for other in list(self._telegram.chats)
            for shown in self._telegram.chats[other][-6:]
            for data in shown.data
        ]
        owner, data = dice.choice(others) if others else (chat, "general:card:-:0")
        if data.startswith("door:") and not self._links(chat, owner):
            data = "door:me:x:y"
        if dice.random() < 0.3:
            ids = [part for _, other in others for part in other.split(":")[2:]] or ["x"]
            mark = dice.choice((*ids, *NUMBERS))
            data = f"{dice.choice(VERBS)}:{dice.choice(ids)}:{mark}"[:64]
        elif dice.random() < 0.6:
            data = self._mutated(data, [other for _, other in others] or [data])
        return self._tap(chat, data, dice.choice((1, 0, 2**31, 1001)))

    def command(self, chat: int) -> Json:
        dice = self._dice
        name = dice.choice((*MEANS, *MEANS, "start", "nothing", "OUT", "ok@kith_bot", "ok@other"))
        text = f"/{name}"
        if dice.random() < 0.4:
            text += f" {self._some_words(chat)}"
        return self._message(chat, text=text[:4096], entities=[_command(name)])

    def link(self, chat: int) -> Json:
        """/start with a link's token, or with what looks like one."""
        dice = self._dice
        tokens = [
            (shown.chat, word.rpartition("start=")[2])
            for other in list(self._telegram.chats)
            for shown in self._telegram.chats[other][-9:]
            for word in shown.text.split()
            if "start=" in word
        ]
        owner, token = dice.choice(tokens) if tokens else (chat, "none")
        if not self._links(chat, owner) or dice.random() < 0.3:
            token = dice.choice(("x", "A" * 64, "A" * 65, "../", "%00", token[:-1] or "y"))
        return self._message(chat, text=f"/start {token}", entities=[_command("start")])

    def words(self, chat: int) -> Json:
        return self._message(chat, text=self._some_words(chat))

    def place(self, chat: int) -> Json:
        dice = self._dice
        degrees = (0, 51.5, -0.1, 90, -90, 180, -180, 1e-9)
        where: Json = {"latitude": dice.choice(degrees), "longitude": dice.choice(degrees)}
        if dice.random() < 0.5:
            where |= {"live_period": dice.choice((60, 0x7FFFFFFF)), "heading": 360}
            where |= {"horizontal_accuracy": 1500}
        kind = dice.choice(("message", "message", "edited_message"))
        return {kind: self._message(chat, location=where)["message"]}

    def other(self, chat: int) -> Json:
        """A message of a kind that no question asks for."""
        dice = self._dice
        file = {"file_id": "f", "file_unique_id": "u", "file_size": 2**40}
        content: Json = dice.choice(
            (
                {
                    "photo": [{**file, "width": 1, "height": 1}],
                    "caption": self._some_words(chat)[:1024],
                },
                {"voice": {**file, "duration": 1}},
                {"document": {**file, "file_name": self._some_words(chat)[:60]}},
                {"contact": {"phone_number": "1", "first_name": "x", "user_id": 2**52}},
                {"dice": {"emoji": "🎲", "value": 6}},
                {"new_chat_title": "x"},
                {"pinned_message": self._message(chat, text="x")["message"]},
                {"web_app_data": {"data": "{", "button_text": "x"}},
                {"successful_payment": _PAYMENT},
                {"reply_to_message": self._message(chat, text="x")["message"], "text": "10:30"},
                {
                    "forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1},
                    "text": "/ok",
                },
                {"via_bot": {"id": 9, "is_bot": True, "first_name": "b"}, "text": "hello"},
                {"text": "/ok", "entities": []},
                {
                    "text": "ok /home",
                    "entities": [{"type": "bot_command", "offset": 3, "length": 5}],
                },
                {"text": "/ok", "entities": [{"type": "bot_command", "offset": 900, "length": 90}]},
                {"a_new_kind_of_content": {"x": [1]}},
            )
        )
        return self._message(chat, **content)

    def edited(self, chat: int) -> Json:
        text = self._dice.choice(("/ok", "/leave", self._some_words(chat)))
        return {"edited_message": self._message(chat, text=text)["message"] | {"edit_date": 2}}

    def comes_and_goes(self, chat: int) -> Json:
        new = self._dice.choices(("member", "kicked", "left"), (6, 2, 1))[0]
        bot = {"id": 1, "is_bot": True, "first_name": "Kith"}
        more = {"until_date": 0} if new == "kicked" else {}
        there = self._place_of(chat)
        return {
            "my_chat_member": {
                "chat": there,
                "from": self._user(chat),
                "date": 1,
                "old_chat_member": {"user": bot, "status": "member"},
                "new_chat_member": {"user": bot, "status": new, **more},
            }
        }

    def elsewhere(self, chat: int) -> Json:
        """In a group, a channel, or of a kind that Kith does not ask for."""
        dice = self._dice
        text = self._some_words(chat)
        group = {"id": -(10**12) - chat, "type": dice.choice(("group", "supergroup")), "title": "G"}
        channel = {"id": -(10**12) - 7, "type": "channel", "title": "C"}
        posted = {"message_id": 1, "date": 1, "chat": channel, "text": text}
        in_group = self._message(chat, text=dice.choice(("/out", text)))["message"] | {
            "chat": group
        }
        kinds: tuple[Json, ...] = (
            {"message": in_group},
            {"message": {**in_group, "sender_chat": group}},
            {"channel_post": posted},
            {"edited_channel_post": posted},
            {
                "inline_query": {
                    "id": "1",
                    "from": self._user(chat),
                    "query": text[:256],
                    "offset": "",
                }
            },
            {"callback_query": _inline_tap(self._user(chat))},
            {
                "callback_query": {
                    **self._tap(chat, "x", 1)["callback_query"],
                    "message": _gone(chat),
                }
            },
            {"a_kind_to_come": {"from": self._user(chat), "chat": {"id": chat}}},
            {},
        )
        return dice.choice(kinds)

    # --- what they are made of ------------------------------------------------------------

    def _who(self) -> int:
        crowd: tuple[int, ...] = (*PHONES.values(), *NEWCOMERS, *STRANGERS)
        busy = [PHONES[name] for name in ("Sam", "Kim", "Jo", "Priya", "Alex")]
        return self._dice.choice(crowd if self._dice.random() < 0.5 else busy)

    def _links(self, chat: int, owner: int) -> bool:
        """Whether this chat may come by the owner's link; if so it is of their circle now."""
        team = team_of(owner) or next(iter(self._ears.linked.get(owner, ())), None)
        if chat in STRANGERS or team is None or team_of(chat) not in (None, team):
            return False
        self._ears.linked.setdefault(chat, set()).add(team)
        return True

    def _some_words(self, chat: int) -> str:
        self._words += 1
        name = str(self._words)
        team = team_of(chat) or next(iter(self._ears.linked.get(chat, ())), None)
        self._ears.private[name] = team, chat
        said = self._dice.choice(HOSTILE if self._dice.random() < 0.4 else ORDINARY)
        if said in ORDINARY and self._dice.random() < 0.7:
            return said
        return f"zq{name}z {said}"[:4096]

    def _message(self, chat: int, **content: Any) -> Json:
        return {
            "message": {
                "message_id": self._telegram.next_id(),
                "date": int(self._now().timestamp()),
                "chat": self._place_of(chat),
                "from": self._user(chat),
                **content,
            }
        }

    def pressed(self, chat: int, data: str) -> Made:
        """An update of its own: this button, whoever's it is."""
        self._update += 1
        return Made({"update_id": self._update, **self._tap(chat, data, 1)}, sound=True)

    def _tap(self, chat: int, data: str, message: int) -> Json:
        query = str(self._telegram.next_id())
        self._telegram.tapped(query, chat)
        shown = {"message_id": message, "date": 1, "chat": self._place_of(chat), "text": "x"}
        bot = {"id": 1, "is_bot": True, "first_name": "Kith"}
        tap = {"id": query, "from": self._user(chat), "chat_instance": "1", "data": data}
        return {"callback_query": {**tap, "message": {**shown, "from": bot}}}

    def _user(self, chat: int) -> Json:
        code = self._dice.choice(LANGUAGES)
        more = {} if code is None else {"language_code": code}
        return {"id": chat, "is_bot": False, "first_name": f"zq{chat}userz", **more}

    def _place_of(self, chat: int) -> Json:
        return {"id": chat, "type": "private", "first_name": f"zq{chat}userz"}

    def _mutated(self, data: str, others: list[str]) -> str:
        dice = self._dice
        parts = data.split(":")
        at = dice.randrange(len(parts))
        theirs = dice.choice(others).split(":")
        parts[at] = dice.choice(
            (
                dice.choice(theirs),
                dice.choice(theirs),
                dice.choice(NUMBERS),
                "",
                "x" * 30,
                "é",
                "٣",
                ":",
            )
        )
        return _bytes(":".join(parts), 64) or "x"

    def _spoilt(self, body: Json) -> Json:
        """Somewhere inside, something is missing, of another kind, or far too deep."""
        dice = self._dice
        spoilt: Json = json.loads(json.dumps(body))
        for _ in range(dice.choice((1, 1, 2, 5))):
            inside: Any = spoilt
            while True:
                keys = [key for key in inside if key != "update_id"]
                if not keys:
                    break
                key = dice.choice(keys)
                deeper = isinstance(inside[key], dict) and inside[key] and dice.random() < 0.75
                if deeper:
                    inside = inside[key]
                    continue
                if dice.random() < 0.35:
                    del inside[key]
                elif dice.random() < 0.1:
                    inside[key] = _deep(dice.choice((20, 150)))
                else:
                    inside[key] = deepcopy(dice.choice(JUNK))
                break
        return spoilt


KINDS: tuple[tuple[Any, float], ...] = (
    (Maker.tap, 38),
    (Maker.forged, 12),
    (Maker.command, 18),
    (Maker.words, 14),
    (Maker.link, 3),
    (Maker.place, 3),
    (Maker.other, 4),
    (Maker.edited, 2),
    (Maker.comes_and_goes, 2),
    (Maker.elsewhere, 4),
)

_PAYMENT = {
    "currency": "GBP",
    "total_amount": 1,
    "invoice_payload": "x",
    "telegram_payment_charge_id": "1",
    "provider_payment_charge_id": "1",
}


def _depth(dice: Random) -> int:
    """How far back in a chat somebody looks for a button: mostly not far."""
    return int(dice.choices((1, 4, 40), (7, 2, 1))[0])


def _command(name: str) -> Json:
    return {"type": "bot_command", "offset": 0, "length": len(name) + 1}


def _inline_tap(user: Json) -> Json:
    return {"id": "1", "from": user, "chat_instance": "1", "inline_message_id": "1", "data": "x"}


def _gone(chat: int) -> Json:
    return {"message_id": 5, "date": 0, "chat": {"id": chat, "type": "private"}}


def _deep(levels: int) -> Any:
    found: Any = 1
    for _ in range(levels):
        found = {"reply_to_message": found}
    return found


def _bytes(text: str, longest: int) -> str:
    return text.encode()[:longest].decode(errors="ignore")
