"""What a message's buttons are made of."""

from dataclasses import dataclass

from bot.care.text import Text


@dataclass(frozen=True, slots=True)
class Press:
    """A button in a message's shape; `data` names parameters: `journey:ok:{journey}:0`.

    It is left out where the parameter that `unless` names has been filled, and is true; and where
    the one that `only` names has not, or is not. `easy`: whether it is there in Easy Read, where a
    screen has at most four.
    """

    label: Text
    data: str
    unless: str = ""
    only: str = ""
    easy: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of buttons a message carries, beside the emergency card."""

    rows: tuple[tuple[Press, ...], ...]


def in_rows(subject: str, key: str, *rows: tuple[tuple[str, Text], ...]) -> Shape:
    """Rows of buttons of one subject: `subject:verb:{key}:0`."""
    return Shape(
        tuple(
            tuple(Press(label, f"{subject}:{verb}:{{{key}}}:0") for verb, label in row)
            for row in rows
        )
    )
