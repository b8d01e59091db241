"""The Bot API methods about the bot itself and the chats it is in."""

import re

from bot.playground.call import Call, Method
from bot.playground.limits import bad
from bot.playground.people import Group, Person
from bot.playground.state import Json, unix

COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
ACTIONS = frozenset(
    {
        *("typing", "choose_sticker", "find_location"),
        *("upload_photo", "upload_video", "upload_voice", "upload_document", "upload_video_note"),
        *("record_video", "record_voice", "record_video_note"),
    }
)
TEXTS = {"Description": ("description", 512), "ShortDescription": ("short_description", 120)}


def get_me(call: Call) -> Json:
    return call.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(call: Call) -> bool:
    given = call.params.data("commands")
    if not isinstance(given, list) or len(given) > 100:
        raise bad("can't parse commands: Expected an Array of at most 100 BotCommand")
    for command in given:
        if not COMMAND.fullmatch(str(command.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    _keep_commands(
        call,
        [
            {"command": one["command"].removeprefix("/"), "description": one["description"]}
            for one in given
        ],
    )
    return True


def get_my_commands(call: Call) -> list[Json]:
    commands: list[Json] = call.world.state.noted("commands", {}).get(_scope(call), [])
    return commands


def delete_my_commands(call: Call) -> bool:
    _keep_commands(call, [])
    return True


def set_text(name: str) -> Method:
    """setMyDescription and its like: one text per language."""
    field, longest = TEXTS[name]

    def method(call: Call) -> bool:
        text = call.params.text(field) or ""
        if len(text) > longest:
            raise bad(f"{field} is too long")
        with call.world.state.change():
            call.world.state.note(f"{field}:{call.params.text('language_code') or ''}", text)
        return True

    return method


def get_text(name: str) -> Method:
    field, _ = TEXTS[name]

    def method(call: Call) -> Json:
        language = call.params.text("language_code") or ""
        state = call.world.state
        return {field: state.noted(f"{field}:{language}") or state.noted(f"{field}:", "")}

    return method


def set_chat_menu_button(call: Call) -> bool:
    with call.world.state.change():
        call.world.state.note(_menu(call), call.params.data("menu_button") or {"type": "default"})
    return True


def get_chat_menu_button(call: Call) -> object:
    return call.world.state.noted(_menu(call), {"type": "default"})


def send_chat_action(call: Call) -> bool:
    call.open_chat()
    if call.params.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def get_chat(call: Call) -> Json:
    chat = call.known_chat()
    if isinstance(chat, Person) and not chat.started:
        raise bad("chat not found")
    pinned = [m for m in call.world.chats.messages(chat.id) if m.marks.get("pinned")]
    about: Json = chat.as_chat() | {
        "accent_color_id": 0,
        "max_reaction_count": 1,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    return about | ({"pinned_message": pinned[-1].body} if pinned else {})


def get_chat_member(call: Call) -> Json:
    chat, id = call.known_chat(), call.params.whole("user_id")
    if id == call.bot["id"]:
        left = isinstance(chat, Group) and not chat.member
        return {"user": call.bot, "status": "left" if left else "member"}
    person = call.world.people.get(id or 0)
    if person is None or (isinstance(chat, Person) and person.id != chat.id):
        raise bad("member not found")
    return {"user": person.as_user(), "status": "member"}


def leave_chat(call: Call) -> bool:
    chat = call.known_chat()
    if isinstance(chat, Person):
        raise bad("chat member status can't be changed in private chats")
    call.open_chat()
    world = call.world
    with world.state.change():
        world.people.leave_group(chat.id)
        world.updates.add(
            "my_chat_member",
            {
                "chat": chat.as_chat(),
                "from": call.bot,
                "date": unix(world.clock.now()),
                "old_chat_member": {"user": call.bot, "status": "member"},
                "new_chat_member": {"user": call.bot, "status": "left"},
            },
        )
    return True


def get_file(call: Call) -> Json:
    file = call.world.files.get(call.params.text("file_id") or "")
    if file is None:
        raise bad("invalid file_id")
    about: Json = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    return about | {"file_size": len(file.content), "file_path": file.path}


def _scope(call: Call) -> str:
    """The key that a set of commands is kept under: scope and language."""
    given = call.params.data("scope")
    scope = given if isinstance(given, dict) else {"type": "default"}
    kind = str(scope.get("type", "default"))
    if kind.startswith("chat"):
        chat = call.world.chats.find(int(scope.get("chat_id", 0)))
        if chat is None or (isinstance(chat, Person) and not chat.started):
            raise bad("chat not found")
        kind = f"{kind}:{chat.id}"
    return f"{kind}:{call.params.text('language_code') or ''}"


def _keep_commands(call: Call, commands: list[Json]) -> None:
    state, scope = call.world.state, _scope(call)
    with state.change():
        state.note("commands", state.noted("commands", {}) | {scope: commands})


def _menu(call: Call) -> str:
    return f"menu button:{call.params.text('chat_id') or ''}"


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    **{f"setMy{name}": set_text(name) for name in TEXTS},
    **{f"getMy{name}": get_text(name) for name in TEXTS},
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "leaveChat": leave_chat,
    "getFile": get_file,
}
