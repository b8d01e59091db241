"""Writes docs/flows.md: every conversation and every state table, drawn from the code."""

import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import bot.care
import bot.flows
from bot.care.text import Text
from bot.flows.flow import Conversation, Flow, Step
from bot.i18n import STANDARD, Words

PAGE = Path(__file__).parent / "flows.md"

HEAD = """# Conversations and states

Made by `make docs` from the tables in `bot/flows` and `bot/care`: change those, not this page.

Every question of a conversation also has *Stop*, and every one but the first *Back*; they are
drawn only where *Stop* leads to a question. A dashed line is an answer in words.
"""

Table = Mapping[str, Mapping[str, str]]


def page() -> str:
    """The whole of docs/flows.md."""
    words = Words.load()
    there = [value for module in _modules(bot.flows) for value in vars(module).values()]
    found = [value.flow if isinstance(value, Conversation) else value for value in there]
    flows = {flow.name: flow for flow in found if isinstance(flow, Flow)}
    tables: dict[str, Table] = {
        module.__name__.rpartition(".")[2]: module.TABLE
        for module in _modules(bot.care)
        if hasattr(module, "TABLE")
    }
    parts = [HEAD, "## Conversations\n"]
    parts += [_part(name, conversation(flow, words)) for name, flow in sorted(flows.items())]
    parts += ["## States\n"]
    parts += [_part(name, states(table)) for name, table in sorted(tables.items())]
    return "\n".join(parts)


def conversation(flow: Flow[Any], words: Words) -> Iterator[str]:
    """A flow as a Mermaid flowchart: questions, the answers that lead on, ends."""
    yield "flowchart TD"
    for name, step in flow.steps.items():
        yield f"    {_node(name, step, words)}"
    for name, route in flow.routes.items():
        yield f'    {name}{{"{_plain(name)}?"}}'
        yield from (f"    {name} --> {to}" for to in route.to)
    if flow.stop is not None:
        yield f'    every_question -->|"Stop"| {flow.stop}'
    for name, step in flow.steps.items():
        for choice in step.choices:
            yield f'    {name} -->|"{_said(choice.label, words)}"| {choice.to}'
        if step.offers is not None:
            yield f'    {name} -->|"one of the {_plain(step.offers)}"| {step.to}'
        if step.reads is not None:
            yield f'    {name} -.->|"{_plain(step.reads)}"| {step.to}'


def states(table: Table) -> Iterator[str]:
    """State × event → state as a Mermaid diagram; events that lead the same way share a line."""
    yield "stateDiagram-v2"
    for state, row in table.items():
        ways: dict[str, list[str]] = {}
        for event, to in row.items():
            ways.setdefault(str(to), []).append(_plain(str(event)))
        for to, events in ways.items():
            yield f"    {state} --> {to}: {', '.join(events)}"
        if not row:
            yield f"    {state} --> [*]"


def _part(name: str, lines: Iterator[str]) -> str:
    return "\n".join((f"### {_plain(name)}\n", "```mermaid", *lines, "```\n"))


def _node(name: str, step: Step, words: Words) -> str:
    text = _said(step.asks, words) if step.asks is not None else _plain(name)
    return f'{name}(["{text}"])' if step.ends is not None else f'{name}["{text}"]'


def _said(text: Text, words: Words) -> str:
    """The first line of a text, short enough for a box."""
    line = re.sub(r"<[^>]+>", "", words.entries(STANDARD)[text]).strip().splitlines()[0]
    line = re.sub(r"\{(\w+)\}", r"(\1)", line).replace('"', "'")
    return line if len(line) <= 60 else f"{line[:59].rstrip()}…"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{module.name}")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
