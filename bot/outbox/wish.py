"""The words for the times and languages that people ask for."""

from bot.care.text import Text
from bot.care.wish import ENGLISH, SIGNED, Part

PARTS = {
    Part.MORNING: Text("wish", "morning"),
    Part.AFTERNOON: Text("wish", "afternoon"),
    Part.EVENING: Text("wish", "evening"),
    Part.ANY: Text("wish", "any_time"),
}

LANGUAGES = {ENGLISH: Text("wish", "english"), SIGNED: Text("wish", "bsl")}
