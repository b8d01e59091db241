"""Read in the code: words about a person reach somebody else through the outbox and no other way.

What the gate decides is of no use where it is not asked. So these tests read every module, and
each list here is whole: whoever adds a way finds a test that fails, and says here why it is safe.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from telegram import Bot, CallbackQuery, Chat, Message, User

BOT = Path(__file__).parent.parent / "bot"

SPEAKING = ("answer_", "copy_", "delete_", "edit_", "forward_", "reply_", "send_", "set_")
"""How the methods begin that put something in front of somebody, or take it away."""

WAYS = {
    name
    for kind in (Bot, CallbackQuery, Chat, Message, User)
    for name in dir(kind)
    if name.startswith(SPEAKING) and callable(getattr(kind, name))
}
"""Every one of them, of whatever the library gives into our hands."""


class Place(NamedTuple):
    """Where in the code: the file within `bot`, and the function with its class."""

    file: str
    function: str


class Found(NamedTuple):
    place: Place
    node: ast.AST


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of Kith but the playground's, which is a stand-in for Telegram."""
    return {
        str(path.relative_to(BOT)): ast.parse(path.read_text("utf-8"))
        for path in sorted(BOT.rglob("*.py"))
        if path.relative_to(BOT).parts[0] != "playground"
    }


@cache
def nodes(*files: str) -> tuple[Found, ...]:
    """Every piece of code of these files, or of all."""
    return tuple(
        found
        for file, tree in trees().items()
        if not files or file in files
        for found in _within(tree, file, ())
    )


def _within(node: ast.AST, file: str, path: tuple[str, ...]) -> Iterator[Found]:
    for child in ast.iter_child_nodes(node):
        inside = path
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = (*path, child.name)
        yield Found(Place(file, ".".join(inside)), child)
        yield from _within(child, file, inside)


def attributes(*names: str) -> set[tuple[str, str, str]]:
    """(file, function, name) wherever one of these is reached for on anything."""
    return {
        (place.file, place.function, node.attr)
        for place, node in nodes()
        if isinstance(node, ast.Attribute) and node.attr in names
    }


def made(name: str) -> Iterator[tuple[Place, ast.Call]]:
    """Wherever a record of this name is made."""
    for place, node in nodes():
        if isinstance(node, ast.Call) and _last(node.func) == name:
            yield place, node


def _last(node: ast.AST) -> str:
    """`ask` of `agreement.ask` and of `ask`; nothing of what is no name."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def test_only_these_put_something_in_front_of_somebody() -> None:
    assert attributes(*WAYS) == {
        # the way out: what the gate has let through, and what is taken away again
        ("outbox/sender.py", "Sender._left", "send_message"),
        ("outbox/sender.py", "Sender._with_picture", "send_photo"),
        ("outbox/sender.py", "Sender._with_file", "send_document"),
        ("outbox/sender.py", "Sender._on_a_map", "send_venue"),
        ("outbox/sender.py", "Sender._left", "delete_message"),
        # the screen of whoever has just written or pressed
        ("handlers/screen.py", "_send", "send_message"),
        ("handlers/screen.py", "_edit", "edit_message_text"),
        ("handlers/screen.py", "answer", "answer_callback_query"),
        ("handlers/screen.py", "strip", "edit_message_reply_markup"),
        # no words: buttons are taken off, commands and the webhook set, a word taken out of the
        # chat of whoever wrote it
        ("handlers/words.py", "_take_away", "delete_message"),
        ("handlers/retire.py", "_strip.strip", "edit_message_reply_markup"),
        ("handlers/commands.py", "Menus._set", "set_my_commands"),
        ("handlers/commands.py", "Menus._take_away", "delete_my_commands"),
        ("handlers/commands.py", "set_default", "set_my_commands"),
        ("inbox/webhook.py", "Webhook.register", "set_webhook"),
        ("inbox/webhook.py", "unregister", "delete_webhook"),
        # one constant sentence to a group, before leaving it
        ("handlers/door.py", "_leave_group", "send_message"),
    }


def test_a_screen_is_shown_to_whoever_is_here_and_to_nobody_else() -> None:
    chats = [
        ast.unparse(node.value)
        for _, node in nodes("handlers/screen.py")
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "chat"
    ]
    assert chats and set(chats) == {"update.effective_chat"}
    callers = {
        (place.file, place.function, _last(node.func))
        for place, node in nodes()
        if isinstance(node, ast.Call)
        and _last(node.func) in ("_send", "_edit")
        and place.file.startswith("handlers/")
    }
    assert callers == {
        ("handlers/screen.py", "show", "_send"),
        ("handlers/screen.py", "show", "_edit"),
    }
    imported = {
        name.name
        for _, node in nodes()
        if isinstance(node, ast.ImportFrom) and node.module == "bot.handlers.screen"
        for name in node.names
    }
    assert not {name for name in imported if name.startswith("_")}


def test_only_the_outboxs_gate_and_the_reveal_make_what_the_outbox_sends() -> None:
    assert {place.file for place, _ in made("Presented")} == {"outbox/gate.py", "outbox/reveal.py"}
    assert {place.file for place, _ in made("Sender")} == {"app.py"}
    presented = [ast.unparse(call.args[3]) for _, call in made("Sender")]
    assert presented == ["gate.present(words, settings.timezone)"]


def test_messages_are_queued_in_one_place() -> None:
    queued = {
        place
        for place, node in nodes()
        if isinstance(node, ast.Call)
        and _last(node.func) in ("insert", "insert_for", "values")
        and any(_last(arg) == "outbox" for arg in (*node.args, _of(node)))
    }
    assert queued == {Place("store/commit.py", "_statements")}


def _of(call: ast.Call) -> ast.expr:
    """What a method is called on: `outbox` of `outbox.insert()`."""
    return call.func.value if isinstance(call.func, ast.Attribute) else call.func


def test_only_the_reveal_loads_words_that_were_written_about_a_person() -> None:
    loads = {
        (place.file, place.function)
        for place, node in nodes()
        if isinstance(node, ast.Attribute)
        and node.attr in ("news", "heard")
        and _last(node.value) in _names_of(f"bot.store.{node.attr}", place.file)
    }
    assert loads == {
        ("outbox/reveal.py", "_reading"),
        ("outbox/reveal.py", "_may_i"),
        ("outbox/reveal.py", "_heard"),
        ("handlers/news.py", "_person_of"),  # whom it was about: the words stay there
        ("store/reading.py", "look"),  # which of them is to be shown, and no word of it
    }
    assert not _imported_from("bot.store.news", "news")
    assert not _imported_from("bot.store.heard", "heard")


def test_no_floor_above_the_store_opens_what_is_sealed() -> None:
    above = {
        file
        for name in ("seal", "unseal", "readable")
        for file in _imported_from("bot.store.tools", name)
        if not file.startswith("store/")
    }
    assert above == set()
    reads = {place.file for place, node in nodes() if _unparsed(node) == "schema.news"}
    assert {file for file in reads if not file.startswith("store/")} == set()


@cache
def _names_of(module: str, file: str) -> set[str]:
    """What this file calls that module."""
    package, _, name = module.rpartition(".")
    return {
        alias.asname or alias.name
        for _, node in nodes(file)
        if isinstance(node, ast.ImportFrom) and node.module == package
        for alias in node.names
        if alias.name == name
    }


def _imported_from(module: str, *names: str) -> set[str]:
    return {
        place.file
        for place, node in nodes()
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
        if alias.name in names
    }


def _unparsed(node: ast.AST) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute) else ""


UNGATED = {
    # their own role, their own shift, what they themselves have just done
    ("care/invitation.py", "confirm", "member"): "welcome, in which role",
    ("care/leaving.py", "_news", "ending.member"): "their own role has ended",
    ("care/rota.py", "plan", "shift.member"): "their own shift",
    ("care/rota.py", "cancel", "shift.member"): "their own shift",
    ("care/cover.py", "ask", "m"): "staff: a colleague asks for cover",
    ("care/cover.py", "_tell", "to"): "staff: whose shift it is",
    ("care/practice.py", "send", "to"): "staff: a practice alert, about nobody",
    ("care/practice.py", "seen", "asked_by"): "staff: a practice alert was seen",
    ("store/inbox.py", "_park", "sender"): "their own message was not understood",
    ("store/fallback.py", "failed", "row.member"): "staff: their own channel does not work",
    ("care/review_entry.py", "_file", "entry.member"): "a date they took, and not whose",
    ("care/round.py", "tell_next", "to"): "a date of a session; one that they booked",
    ("care/booking.py", "_calendar", "booking.member"): "a place that they booked",
    ("care/booking.py", "_no_entry", "booking.member"): "a place that they gave back",
    ("care/booking.py", "_place", "booking.member"): "a place that they waited for",
    ("care/arranging.py", "_please_confirm", "to"): "staff: the draft of a session",
    ("care/feedback.py", "ask", "one.member"): "how a session was that they booked",
    ("care/feedback.py", "tell", "member"): "what came of what people said of a session",
    # staff about staff, and about Kith itself
    ("care/leaving.py", "_news", "to"): "staff: a colleague has left",
    ("care/morning.py", "to_staff", "to"): "staff: how many reviews need them",
    ("care/glass.py", "nobody_looks", "to"): "managers: a team has no senior; of nobody",
    ("care/glass.py", "nobody_looks", "by"): "staff: what they did waits; of nobody",
    ("care/rota.py", "_warnings", "manager"): "managers: nobody is on call",
    ("store/alarm.py", "tell_managers", "member"): "managers: something in Kith is set aside",
    ("care/noticing.py", "keep", "noticed.by"): "a receipt for their own words",
    ("care/noticing.py", "nobody_now", "noticed.by"): "their own words: nobody can be asked now",
    ("care/weekly.py", "ask", "weekly.member"): "whether they have something to tell us",
    ("care/week_answer.py", "_question", "to"): "how their week was: they tell us",
    ("care/week_answer.py", "remind", "to"): "staff: that there is something to read, of nobody",
    # the reveal asks the gate, or who works for the person, when it leaves
    ("care/news.py", "look", "member"): "what they may read, asked when it is shown",
    ("care/heard.py", "hear", "to"): "a supporter's words: the reveal shows them to staff alone",
    ("care/heard.py", "read", "heard.member"): "their own words to the team have been read",
    ("care/concern.py", "read", "concern.by"): "their own words have been read",
    ("care/concern.py", "to_writer", "concern.by"): "their own words: saved, finished",
    ("flows/concern.py", "_remind", "facts.by"): "their own: something was begun, never what",
    ("care/complaint.py", "_to_lead", "lead"): "staff: that there is something to read, and when",
    ("care/digest.py", "show", "to"): "what was noticed: the reveal shows it to staff alone",
    ("care/digest.py", "rest", "to"): "the rest of it: the reveal shows it to staff alone",
    ("care/digest.py", "_receipt", "noticed.by"): "their own words: read, finished with",
    ("care/news.py", "remove", "member"): "nothing: a message is taken away",
    ("care/sign_plan.py", "_looked_at", "card.sign.by"): "the card they suggested was looked at",
    ("store/sign_plan.py", "read", "by"): "what they may read, asked when it is shown",
    ("store/calendar.py", "look", "by"): "what they may see, asked when it is shown",
    ("store/outings.py", "look", "by"): "what they may see, asked when it is shown",
    ("care/location.py", "_shown_to", "by"): "where the person is, asked when it is shown",
}
"""Told with no gate to somebody who is not the person: each to whom, and of what."""


def test_whoever_is_told_with_no_gate_is_the_person_or_listed_here() -> None:
    found = set()
    for place, call in made("Tell"):
        gated = len(call.args) > 3 or any(word.arg == "about" for word in call.keywords)
        to = ast.unparse(call.args[0])
        if not gated and _last(call.args[0]) != "person":
            found.add((place.file, place.function, to))
    assert found == set(UNGATED)
    assert all(UNGATED.values())


def test_the_gate_is_one_function_and_these_ask_it() -> None:
    decides = {
        place.file
        for place, node in nodes()
        if isinstance(node, ast.Name | ast.Attribute) and _last(node) == "decide"
    }
    assert decides == {
        "app.py",
        "care/gate_proof.py",
        "store/agreement.py",
        "store/agreeing.py",  # tried before it is agreed to
        "store/past.py",  # looked back at
        "store/told.py",  # what it would have said to a guardrail's line without it
    }


@pytest.mark.parametrize(
    ("file", "function"), [("care/heard.py", "hear"), ("store/heard.py", "reply")]
)
def test_14_what_a_carer_tells_the_team_is_asked_of_no_gate(file: str, function: str) -> None:
    named = {
        ast.unparse(node)
        for place, node in nodes(file)
        if place.function == function and isinstance(node, ast.Name | ast.Attribute)
    }
    assert named, "there is no such function"
    asking = ("agreement", "decide", "decision", "ask", "Effect")
    assert not [name for name in named if name.split(".")[0] in asking]
