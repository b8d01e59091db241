"""The Bot API methods that put a new message into a chat."""

from bot.playground.call import Call, Method
from bot.playground.chats import ENDLESS, Message
from bot.playground.files import File, picture_size
from bot.playground.limits import FILE, Refusal, bad, check_caption, check_text
from bot.playground.state import Json


def send_message(call: Call) -> Json:
    text, entities = call.formatted("text", "entities")
    check_text(text)
    return _post(call, {"text": text} | ({"entities": entities} if entities else {}))


def send_location(call: Call) -> Json:
    return _post(call, {"location": spot(call)})


def send_venue(call: Call) -> Json:
    title, address = call.params.text("title"), call.params.text("address")
    if not title:
        raise bad("title must be non-empty")
    if not address:
        raise bad("address must be non-empty")
    where = spot(call)
    return _post(
        call, {"location": where, "venue": {"location": where, "title": title, "address": address}}
    )


def send_photo(call: Call) -> Json:
    content = _caption(call)
    file = _file(call, "photo")
    size = picture_size(file.content)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    photo = _described(file) | {"width": size[0], "height": size[1]}
    return _post(call, {"photo": [photo]} | content)


def send_document(call: Call) -> Json:
    content = _caption(call)
    file = _file(call, "document")
    document = _described(file) | {"file_name": file.name, "mime_type": file.mime}
    return _post(call, {"document": document} | content)


def spot(call: Call) -> Json:
    """The location that a call gives, checked."""
    latitude, longitude = call.params.number("latitude"), call.params.number("longitude")
    if latitude is None or longitude is None:
        raise bad(f"{'latitude' if latitude is None else 'longitude'} is empty")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad("wrong location specified")
    where: Json = {"latitude": latitude, "longitude": longitude}
    accuracy = call.params.number("horizontal_accuracy")
    if accuracy is not None:
        where["horizontal_accuracy"] = accuracy
    period = call.params.whole("live_period")
    if period:
        if not 60 <= period <= 86400 and period != ENDLESS:
            raise bad("wrong live location period specified")
        where["live_period"] = period
    return where


def _post(call: Call, content: Json) -> Json:
    keyboard = call.keyboard()
    chat = call.open_chat()
    answered = _answered(call, chat["id"])
    if keyboard:
        content["reply_markup"] = keyboard
    if call.params.flag("protect_content"):
        content["has_protected_content"] = True
    if answered:
        content["reply_to_message"] = {
            key: value for key, value in answered.body.items() if key != "reply_to_message"
        }
    silent = call.params.flag("disable_notification")
    return call.world.chats.add(chat, call.bot, "bot", content, silent=silent).body


def _answered(call: Call, chat: int) -> Message | None:
    given = call.params.data("reply_parameters")
    reply = given if isinstance(given, dict) else {}
    id = reply.get("message_id", call.params.whole("reply_to_message_id"))
    if id is None:
        return None
    answered = call.world.chats.message(chat, int(id))
    if answered is None and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return answered


def _caption(call: Call) -> Json:
    caption, entities = call.formatted("caption", "caption_entities")
    check_caption(caption)
    content: Json = {"caption": caption} if caption else {}
    return content | ({"caption_entities": entities} if entities else {})


def _file(call: Call, field: str) -> File:
    named = call.params.text(field) or ""
    upload = call.params.uploads.get(named.removeprefix("attach://") or field)
    if upload is None and not named:
        raise bad(f"there is no {field} in the request")
    if upload is None:
        kept = call.world.files.get(named)
        if kept is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return kept
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > FILE:
        raise Refusal(413, "Request Entity Too Large")
    call.open_chat()  # nothing is kept of a file that cannot be sent
    return call.world.files.add(upload.name, upload.mime, upload.content)


def _described(file: File) -> Json:
    about = {"file_id": file.file_id, "file_unique_id": file.unique_id}
    return about | {"file_size": len(file.content)}


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
}
