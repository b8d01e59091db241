"""What can be kept of whatever comes."""

import json
from typing import Any

import pytest

from bot.inbox.arrival import Arrival, arrival


@pytest.mark.parametrize(
    ("content", "chat"),
    [
        ({"message": {"chat": {"id": 7}}}, 7),
        ({"edited_message": {"chat": {"id": 7}}}, 7),
        ({"callback_query": {"from": {"id": 8}, "message": {"chat": {"id": 7}}}}, 7),
        ({"callback_query": {"from": {"id": 7}}}, 7),
        ({"my_chat_member": {"chat": {"id": -7}}}, -7),
        ({"message": {"chat": "nowhere"}}, None),
        ({"message": ["not", "a", "message"]}, None),
        ({"message": {"chat": {"id": 2**70}}}, None),
        ({"message": {"chat": {"id": True}}}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_chat_is_found_where_there_is_one(content: dict[str, Any], chat: int | None) -> None:
    raw = {"update_id": 5, **content}
    kept = arrival(raw)
    assert kept is not None
    assert (kept.update, kept.chat, json.loads(kept.body)) == (5, chat, raw)


@pytest.mark.parametrize(
    "raw", [None, 5, "update", [], {}, {"update_id": "5"}, {"update_id": True}, {"update_id": -1}]
)
def test_what_has_no_id_cannot_be_kept(raw: object) -> None:
    assert arrival(raw) is None


def test_half_a_character_is_kept_as_one_that_can_be_said_again() -> None:
    raw = json.loads(r'{"update_id": 5, "message": {"text": "a \ud83d or a \ud83d\ude00"}}')
    kept = arrival(raw)
    assert kept == Arrival(5, None, '{"update_id": 5, "message": {"text": "a ? or a \U0001f600"}}')
