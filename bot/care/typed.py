"""A check-in or a call for help that is typed, not tapped: read by a table of cases. What is not in
it is neither.

Nothing is guessed: "not ok", "ok?" and "home soon" mean something else, and are answered as any
other words, with the button for help below.
"""

import re
import unicodedata
from enum import StrEnum


class Typed(StrEnum):
    OK = "ok"
    HOME = "home"
    HELP = "help"
    LOST = "lost"
    EMERGENCY = "emergency"


CRIES = frozenset({Typed.HELP, Typed.LOST, Typed.EMERGENCY})
"""Whoever says these asks for help."""


_WELL = ("ok", "okay", "fine", "alright", "all right", "good")
_SELF = ("im {}", "i am {}", "iam {}", "am {}", "all {}", "yes im {}", "yes i am {}")
_THANKS = ("", " thanks", " thank you", " thx", " ta")
_OK = (
    *("ok", "okay", "fine", "alright", "ok now", "yes ok", "yes fine", "still ok", "ok still"),
    *(form.format(well) for form in _SELF for well in _WELL),
    *("im ok now", "i am ok now", "im still ok", "im doing ok", "im doing fine"),
    *("okk", "oks", "oki", "okie", "okey", "okya", "oaky", "okat", "okau", "ojay", "oky", "ol"),
    *(
        "ik",
        "im ol",
        "im ik",
        "im okk",
        "im oky",
        "im oaky",
        "im okey",
        "im okya",
        "imok",
        "imokay",
    ),
    *("o k", "im o k", "i m ok", "i m okay", "i m fine", "fien", "fne", "fime", "finr", "fina"),
    *("im fien", "im fne", "imfine", "im fime", "i ok", "im oke", "oke", "okok", "ok ok"),
)
_HOME = (
    *("home", "home now", "back home", "got home", "at home", "home safe", "home again", "ok home"),
    *("im home", "i am home", "iam home", "am home", "im home now", "i am home now", "im at home"),
    *(
        "im back home",
        "i am back home",
        "im home safe",
        "i got home",
        "ive got home",
        "yes im home",
    ),
    *("im home and ok", "home and ok", "imhome", "i m home", "i home", "safe home"),
    *("hoem", "hom", "homw", "hmoe", "hone", "ohme", "homr", "im hoem", "im hom", "im hone"),
)

_HELP_NOW = (
    *("help", "help me", "please help", "help please", "please help me", "help me please"),
    *("i need help", "need help", "i need help now", "sos", "🆘", "help help"),
)
_HELP = (
    *_HELP_NOW,
    *("i want help", "help help help", "sos help", "help sos", "hlep", "hepl", "hlp", "halp"),
    *("101", "police", "ring me", "call me", "please ring me", "please call me", "ring me please"),
    *("ring me now", "call me please", "call me now", "can you ring me", "can you call me"),
    *("upset", "im upset", "i am upset", "im scared", "i am scared", "scared", "im frightened"),
    *("im hurt", "i am hurt", "hurt", "i fell", "ive fallen", "im in trouble", "im not safe"),
    *("i dont feel safe", "i feel unsafe", "im in danger", "danger", "im unwell", "i feel unwell"),
)
_LOST_NOW = ("lost", "im lost", "i am lost")
_LOST = (
    *_LOST_NOW,
    *("iam lost", "am lost", "i m lost", "i got lost", "ive got lost", "im losst", "im lsot"),
    *("i think im lost", "i think i am lost", "im lost help", "help im lost", "help me im lost"),
)
_EMERGENCY_NOW = ("emergency", "999", "112")
_EMERGENCY = (*_EMERGENCY_NOW, "ambulance", "call 999", "its an emergency", "call an ambulance")

URGENT = frozenset((*_HELP_NOW, *_LOST_NOW, *_EMERGENCY_NOW))
"""A cry whatever was asked."""

CASES: dict[str, Typed] = {
    **{f"{form}{thanks}": Typed.OK for form in _OK for thanks in _THANKS},
    **{f"{form}{thanks}": Typed.HOME for form in _HOME for thanks in _THANKS},
    **dict.fromkeys(_HELP, Typed.HELP),
    **dict.fromkeys(_LOST, Typed.LOST),
    **dict.fromkeys(_EMERGENCY, Typed.EMERGENCY),
    **dict.fromkeys(("👍", "👌", "🆗"), Typed.OK),
    **dict.fromkeys(("🏠", "🏡"), Typed.HOME),
}
"""Each way of saying it, as `plain` leaves it."""

_APOSTROPHES = re.compile("['\u2018\u2019`\u00b4]")
_TONES = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_HELD_DOWN = re.compile(r"([^\W\d])\1{2,}")
_FACES = re.compile(r"[^\w\s]")
_SAID_AGAIN = re.compile(r"([^\w\s])(?:\s*\1)+")


def plain(text: str) -> str:
    """Words without case, stops, colour of skin, or a key that was held down."""
    words = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text)).casefold()
    words = _SAID_AGAIN.sub(r"\1", _TONES.sub("", words))
    return " ".join(_HELD_DOWN.sub(r"\1", re.sub(r"[.,!;:\-–…]", " ", words)).split())


def read(text: str) -> Typed | None:
    """What these words are of that, if they are any."""
    words = plain(text)
    said = CASES.get(words)
    if said is None and words[-1:] in _SIGNS:  # "ok 👍", "home 👍": neither gainsays the other
        both = CASES.get(words[:-1].strip()), CASES[words[-1]]
        said = both[0] if both in _AGREE else None
    if said is None and "?" not in words:  # "🆘 help 😭"
        said = CASES.get(_faceless(words))
        return said if said in CRIES else None
    return said


_AGREE = (*((one, one) for one in Typed), (Typed.HOME, Typed.OK))


def urgent(text: str) -> bool:
    """Whether it is a cry for help whatever was asked."""
    words = plain(text)
    return words in URGENT or ("?" not in words and _faceless(words) in URGENT)


def _faceless(words: str) -> str:
    """Whatever face is made with them."""
    return " ".join(_FACES.sub(" ", words).split())


_SIGNS = frozenset(case for case in CASES if not case[0].isalpha())
