"""Writes docs/gate.md: the gate's decision table, from the cases Kith checks itself against."""

from pathlib import Path

from bot.care.agreement import Effect
from bot.care.gate_proof import CASES, Case

PAGE = Path(__file__).parent / "gate.md"

HEAD = """# What Kith says, and what it does not

Made by `make docs` from `bot/care/gate_proof.py`: change that, not this page.

One rule, the **gate** (`bot/care/agreement.py`), decides every word that is said about a person,
at the moment it would be said. This is its decision table. Kith checks itself against every line
when it starts, and does not start when one comes out wrong.

The gate asks in this order, and the first “no” is the reason that is kept:

1. Is whoever would hear it known here, and in the person's circle? (Staff of the person's team
   hear what direct care needs; this does not rest on the agreement.)
2. Has the person paused them? Has the safeguarding lead said “never”? May this role hear it?
3. Has a named senior broken the glass for this one message?
4. If it is about a harm: has the person been told of it face to face?
5. Is there an agreement with this supporter, in force and in date?
6. What did the person choose for this topic? Does what the choice rests on still stand?
7. Is it more than they chose to share, or of a time they keep to themselves?
8. If the person wants to be asked first: were they asked about this, and did they say yes?

A “no” beats every “yes”. What is missing, unknown or broken is a “no”.

Where a line says nothing else, **Sam shares with Amira, a carer, the main point of health
appointments, every day**; and somebody wants to tell Amira the main point of yesterday's.
"""

ANSWERS = {Effect.SHARE: "told", Effect.ASK: "Sam is asked first", Effect.WITHHOLD: "not told"}


def page() -> str:
    """The whole of docs/gate.md."""
    return "\n".join((HEAD, *(_section(title, cases) for title, cases in CASES.items())))


def _section(title: str, cases: tuple[Case, ...]) -> str:
    lines = [
        f"## {title}",
        "",
        "| when | Kith's answer | the reason it keeps |",
        "| --- | --- | --- |",
    ]
    return "\n".join((*lines, *map(_line, cases), ""))


def _line(case: Case) -> str:
    right = case.right
    return f"| {case.says} | {ANSWERS[right.effect]} | `{right.reason}` |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
