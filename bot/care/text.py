"""The name of a text in the catalogues: its subject (context) and its id."""

from typing import NamedTuple


class Text(NamedTuple):
    """`Text("journey", "missed")` names the entry with context `journey` and id `missed`.

    Written out with two literals wherever it stands, so that the catalogue template is
    extracted from the code.
    """

    subject: str
    id: str

    def __str__(self) -> str:
        return f"{self.subject}.{self.id}"
