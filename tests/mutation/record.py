"""What was tried, with what result, and which mutants change nothing that could be noticed."""

import hashlib
import io
import json
import tokenize
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
RECORD = HERE / "record.json"
EQUIVALENTS = HERE / "equivalents.toml"

_CARE = (
    "tests/care/test_tables.py",
    "tests/care/test_journey.py",
    "tests/care/test_lateness.py",
    "tests/care/test_setting_off.py",
    "tests/care/test_escalation.py",
    "tests/care/test_ladder.py",
    "tests/care/test_rung.py",
    "tests/care/test_contact.py",
    "tests/care/test_sign_alert.py",
    "tests/care/test_duress.py",
    "tests/care/test_drill.py",
    "tests/care/test_pattern.py",
    "tests/care/test_pause.py",
)
_GATE = (
    "tests/care/test_agreement.py",
    "tests/care/test_agreement_rules.py",
)
_OUTBOX = (
    "tests/outbox/test_choice.py",
    "tests/outbox/test_verdict.py",
    "tests/outbox/test_budget.py",
)

SUBJECTS = {
    "bot/care/agreement.py": _GATE,
    "bot/care/journey.py": _CARE,
    "bot/care/lateness.py": _CARE,
    "bot/care/setting_off.py": _CARE,
    "bot/care/escalation.py": _CARE,
    "bot/care/ladder.py": _CARE,
    "bot/outbox/choice.py": _OUTBOX,
    "bot/outbox/budget.py": _OUTBOX,
    "bot/outbox/verdict.py": _OUTBOX,
}
"""The files whose every mutant is killed, and the tests that do it."""


@dataclass(frozen=True, slots=True)
class Key:
    """Names a mutant by what it changes, so that the name outlives a change elsewhere.

    `nth` counts like changes of one function.
    """

    file: str
    where: str
    was: str
    now: str
    nth: int = 1

    def __str__(self) -> str:
        nth = "" if self.nth == 1 else f" ({self.nth})"
        return f"{self.file} {self.where}{nth}\n  - {self.was}\n  + {self.now}"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the mutants of a file, and the code they were mutants of (see `code`)."""

    mutants: int
    killed: int
    equivalent: int
    code: str
    mutmut: str


def equivalents() -> dict[Key, str]:
    """The mutants that may survive, each with the reason."""
    listed = tomllib.loads(EQUIVALENTS.read_text("utf-8")).get("equivalent", [])
    return {
        Key(one["file"], one["where"], one["was"], one["now"], one.get("nth", 1)): one["why"]
        for one in listed
    }


def keep(file: str, result: Result) -> None:
    record = {**read(), file: result}
    plain = {file: asdict(record[file]) for file in SUBJECTS if file in record}
    RECORD.write_text(json.dumps(plain, indent=2) + "\n", "utf-8")


def read() -> dict[str, Result]:
    record = json.loads(RECORD.read_text("utf-8"))
    return {file: Result(**result) for file, result in record.items()}


def code(file: str) -> str:
    """Names the code of this file, on any Python; comments and blank lines are not code."""
    text = io.StringIO(Path(file).read_text("utf-8"))
    words = [
        "<" if token.type == tokenize.DEDENT else token.string
        for token in tokenize.generate_tokens(text.readline)
        if token.type not in (tokenize.COMMENT, tokenize.NL)
    ]
    return hashlib.sha256("".join(words).encode()).hexdigest()
