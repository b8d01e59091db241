"""What a check found: whether it is well, and a sentence that says what."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing looked at. The sentence carries ids and numbers, never words or names."""

    ok: bool
    sentence: str
