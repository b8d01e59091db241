"""An outside judge of the Bot API: aiogram's models of every request and every answer.

aiogram is imported when it is first asked: that takes seconds.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

STRUCTURED = frozenset(
    {
        *("allowed_updates", "caption_entities", "commands", "entities", "link_preview_options"),
        *("menu_button", "message_ids", "reaction", "reply_markup", "reply_parameters", "scope"),
    }
)
"""The parameters that a form carries as JSON."""


@cache
def _methods() -> dict[str, Any]:
    from aiogram import methods

    named = {name: getattr(methods, name) for name in methods.__all__}
    return {name.lower(): model for name, model in named.items()}


def objections(calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with these calls (of `Play.calls`); refused ones are not judged."""
    return [
        f"{call['n']} {call['method']}: {objection}"
        for call in calls
        if "result" in call
        for objection in _judged(call)
    ]


def _judged(call: Mapping[str, Any]) -> Iterator[str]:
    from pydantic import TypeAdapter, ValidationError

    model = _methods().get(call["method"].lower())
    if model is None:
        yield "there is no such method"
        return
    given = {
        name: json.loads(value) if name in STRUCTURED and isinstance(value, str) else value
        for name, value in call["params"].items()
    }
    try:
        yield from (f"asked: {one}" for one in _unknown(model.model_validate(given)))
        answer = TypeAdapter(model.__returning__).validate_python(call["result"])
        yield from (f"answered: {one}" for one in _unknown(answer))
    except ValidationError as error:
        yield str(error)


def _unknown(value: object, path: str = "") -> Iterator[str]:
    """Fields that the models do not know."""
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        yield from (f"unknown field {path}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, f"{path}[{index}]")
