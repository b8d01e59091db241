"""What the Telegram users do: write, tap, share where they are, block."""

from dataclasses import dataclass, replace

from bot.playground.chats import ENDLESS, Message
from bot.playground.entities import commands
from bot.playground.people import Group, Person
from bot.playground.state import Json, stamp, unix
from bot.playground.world import World

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8ffffff7f0009fb03fd2a86e38a0000000049454e44ae426082"
)
"""The smallest photo there is."""


class Impossible(Exception):
    """What a user cannot do here: a status of the control interface and a sentence."""

    def __init__(self, status: int, sentence: str, **more: object) -> None:
        super().__init__(sentence)
        self.status = status
        self.body: Json = {"error": sentence, **more}


@dataclass(frozen=True, slots=True)
class Hand:
    """The hand that acts for a user. Every act is kept and queued as an update."""

    world: World

    def write(self, person: Person, text: str) -> None:
        self._say(person, _worded(text))

    def send_photo(self, person: Person, caption: str | None) -> None:
        file = self.world.files.add("photo.png", "image/png", PIXEL)
        size = {"file_id": file.file_id, "file_unique_id": file.unique_id}
        photo: Json = {"photo": [size | {"width": 1, "height": 1, "file_size": len(PIXEL)}]}
        self._say(person, photo | ({"caption": caption} if caption else {}))

    def edit(self, person: Person, message_id: int, text: str) -> None:
        """Change the words of one of their own messages."""
        message = self._own(person, message_id)
        if "text" not in message.body:
            raise Impossible(409, "Only a written message can be changed.")
        now = unix(self.world.clock.now())
        changed = message.changed(**{"entities": None} | _worded(text), edit_date=now)
        self._keep_edited(replace(changed, marks=changed.marks | {"edited": True}))

    def share_location(
        self, person: Person, latitude: float, longitude: float, live_period: int | None
    ) -> None:
        where: Json = {"latitude": latitude, "longitude": longitude}
        if live_period:
            if not 60 <= live_period <= 86400 and live_period != ENDLESS:
                raise Impossible(422, "A live location lasts from 60 to 86400 seconds.")
            where["live_period"] = live_period
        self._say(person, {"location": where})

    def move_location(
        self, person: Person, message_id: int, latitude: float, longitude: float
    ) -> None:
        """They have moved: the live location follows."""
        message = self._own(person, message_id)
        if not message.live_at(self.world.clock.now()):
            raise Impossible(409, "That location is no longer shared live.")
        where = message.body["location"] | {"latitude": latitude, "longitude": longitude}
        now = unix(self.world.clock.now())
        self._keep_edited(message.changed(location=where, edit_date=now))

    def tap(self, person: Person, button: str, message_id: int | None) -> None:
        """Tap the newest button whose text contains, or whose data equals, `button`."""
        self._may_act(person)
        world = self.world
        message, found = self._button(person, button, message_id)
        if "url" in found:
            raise Impossible(409, f"That button opens a page: {found['url']}", url=found["url"])
        if "callback_data" not in found:
            raise Impossible(409, "That button does something the playground cannot show.")
        with world.state.change():
            id = str(world.state.following("next tap", 4000000001))
            at = stamp(world.clock.now())
            world.state.run("INSERT INTO taps (id, chat, at) VALUES (?, ?, ?)", id, person.id, at)
            world.updates.add(
                "callback_query",
                {
                    "id": id,
                    "from": person.as_user(),
                    "message": message.body,
                    "chat_instance": str(-person.id),
                    "data": found["callback_data"],
                },
            )

    def block(self, person: Person, blocked: bool) -> None:
        with self.world.state.change():
            if self.world.people.block(person.id, blocked):
                before, after = ("member", "kicked") if blocked else ("kicked", "member")
                self._membership(person.as_chat(), person, before, after)

    def make_group(self, person: Person, title: str) -> Group:
        """They make a group and add the bot to it."""
        with self.world.state.change():
            group = self.world.people.add_group(title)
            self._membership(group.as_chat(), person, "left", "member")
        return group

    def write_in_group(self, group: Group, person: Person, text: str) -> None:
        """The bot hears only what is a command or names it, as in Telegram."""
        content = _worded(text)
        with self.world.state.change():
            message = self.world.chats.add(group.as_chat(), person.as_user(), "user", content)
            named = f"@{self.world.bot()['username']}" in text
            if group.member and (text.startswith("/") or named):
                self.world.updates.add("message", message.body)

    def _may_act(self, person: Person) -> None:
        if person.blocked:
            raise Impossible(409, f"{person.name} has blocked the bot. Unblock it first.")

    def _say(self, person: Person, content: Json) -> None:
        self._may_act(person)
        with self.world.state.change():
            self.world.people.start(person.id)
            message = self.world.chats.add(person.as_chat(), person.as_user(), "user", content)
            self.world.updates.add("message", message.body)

    def _own(self, person: Person, message_id: int) -> Message:
        self._may_act(person)
        message = self.world.chats.message(person.id, message_id)
        if message is None or message.sender != "user":
            raise Impossible(404, f"{person.name} has not written a message {message_id}.")
        return message

    def _keep_edited(self, message: Message) -> None:
        with self.world.state.change():
            self.world.chats.keep(message)
            self.world.updates.add("edited_message", message.body)

    def _button(self, person: Person, button: str, message_id: int | None) -> tuple[Message, Json]:
        for message in reversed(self.world.chats.messages(person.id)):
            if message.deleted or message_id not in (None, message.id):
                continue
            buttons = [one for row in message.buttons for one in row]
            exact = [one for one in buttons if button in (one["text"], one.get("callback_data"))]
            for found in exact or [one for one in buttons if button in one["text"]]:
                return message, found
        raise Impossible(404, f"{person.name} has no button “{button}”.")

    def _membership(self, chat: Json, person: Person, before: str, after: str) -> None:
        bot = self.world.bot()
        member: dict[str, Json] = {
            status: {"user": bot, "status": status} for status in (before, after)
        }
        if "kicked" in member:
            member["kicked"]["until_date"] = 0
        self.world.updates.add(
            "my_chat_member",
            {
                "chat": chat,
                "from": person.as_user(),
                "date": unix(self.world.clock.now()),
                "old_chat_member": member[before],
                "new_chat_member": member[after],
            },
        )


def _worded(text: str) -> Json:
    text = text.strip()
    if not text:
        raise Impossible(422, "An empty message cannot be sent.")
    if len(text) > 4096:
        raise Impossible(422, "A message has at most 4096 characters.")
    marked = commands(text)
    return {"text": text} | ({"entities": marked} if marked else {})
