"""The Bot API methods that change a message that is already there."""

from dataclasses import replace
from datetime import datetime

from bot.playground.call import Call, Method
from bot.playground.chats import Message
from bot.playground.limits import (
    DELETABLE,
    POPUP,
    TAP_ANSWERABLE,
    bad,
    check_caption,
    check_text,
    not_modified,
    old_tap,
)
from bot.playground.sending import spot
from bot.playground.state import Json, unix


def edit_message_text(call: Call) -> Json:
    text, entities = call.formatted("text", "entities")
    check_text(text)
    message = _own(call)
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    return _edit(call, message, text=text, entities=entities or None)


def edit_message_caption(call: Call) -> Json:
    caption, entities = call.formatted("caption", "caption_entities")
    check_caption(caption)
    message = _own(call)
    if not message.body.keys() & {"photo", "document"}:
        raise bad("there is no caption in the message to edit")
    return _edit(call, message, caption=caption or None, caption_entities=entities or None)


def edit_message_reply_markup(call: Call) -> Json:
    return _edit(call, _own(call))


def edit_message_live_location(call: Call) -> Json:
    message = _live(call)
    where = spot(call)
    where["live_period"] = (
        call.params.whole("live_period") or message.body["location"]["live_period"]
    )
    return _edit(call, message, location=where)


def stop_message_live_location(call: Call) -> Json:
    message = _live(call)
    where = {k: v for k, v in message.body["location"].items() if k != "live_period"}
    return _edit(call, message, location=where)


def delete_message(call: Call) -> bool:
    message = call.message("message to delete not found")
    if not _deletable(call, message):
        raise bad("message can't be deleted for everyone")
    call.world.chats.delete(message)
    return True


def delete_messages(call: Call) -> bool:
    chat = call.open_chat()
    ids = call.params.data("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
        raise bad("message identifiers are not specified")
    for id in ids:
        message = call.world.chats.message(chat["id"], int(id))
        if message and _deletable(call, message):
            call.world.chats.delete(message)
    return True


def answer_callback_query(call: Call) -> bool:
    state, now = call.world.state, call.world.clock.now()
    text = call.params.text("text") or ""
    if len(text) > POPUP:
        raise bad("MESSAGE_TOO_LONG")
    tap = state.row(
        "SELECT * FROM taps WHERE id = ? AND answered = 0", call.params.text("callback_query_id")
    )
    if tap is None or now - datetime.fromisoformat(tap["at"]) > TAP_ANSWERABLE:
        raise old_tap()
    with state.change():
        state.run("UPDATE taps SET answered = 1 WHERE id = ?", tap["id"])
        if text:
            call.world.chats.pop_up(tap["chat"], text, alert=call.params.flag("show_alert"))
    return True


def set_message_reaction(call: Call) -> bool:
    message = call.message("message to react not found")
    given = call.params.data("reaction")
    reactions = [one.get("emoji") for one in given] if isinstance(given, list) else []
    if len(reactions) > 1 or not all(reactions):
        raise bad("REACTION_INVALID")
    _mark(call, message, reactions=reactions)
    return True


def pin_chat_message(call: Call) -> bool:
    _mark(call, call.message("message to pin not found"), pinned=True)
    return True


def unpin_chat_message(call: Call) -> bool:
    """Unpin the message that is named, or else the newest pinned one."""
    if call.params.whole("message_id") is not None:
        _mark(call, call.message("message to unpin not found"), pinned=False)
        return True
    pinned = [m for m in call.world.chats.messages(call.open_chat()["id"]) if m.marks.get("pinned")]
    for message in pinned[-1:]:
        _mark(call, message, pinned=False)
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    for message in call.world.chats.messages(call.open_chat()["id"]):
        if message.marks.get("pinned"):
            _mark(call, message, pinned=False)
    return True


def _own(call: Call) -> Message:
    message = call.message("message to edit not found")
    if message.sender != "bot":
        raise bad("message can't be edited")
    return message


def _live(call: Call) -> Message:
    message = _own(call)
    if not message.live_at(call.world.clock.now()):
        raise bad("message can't be edited")
    return message


def _edit(call: Call, message: Message, **content: object) -> Json:
    """A keyboard that the call does not give is taken away, as Telegram does."""
    edited = message.changed(**content, reply_markup=call.keyboard())
    if edited.body == message.body:
        raise not_modified()
    edited = edited.changed(edit_date=unix(call.world.clock.now()))
    if content:
        edited = replace(edited, marks=edited.marks | {"edited": True})
    return call.world.chats.keep(edited).body


def _deletable(call: Call, message: Message) -> bool:
    return call.world.clock.now() - message.at < DELETABLE


def _mark(call: Call, message: Message, **marks: object) -> None:
    call.world.chats.keep(replace(message, marks=message.marks | marks))


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageLiveLocation": edit_message_live_location,
    "stopMessageLiveLocation": stop_message_live_location,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
