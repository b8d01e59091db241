"""What was said after a session and what people ask for: counts, and words without names."""

from collections.abc import Iterator
from datetime import date

from bot.care.feedback import FEWEST, Answer, Asked, Themes
from bot.care.text import Text
from bot.care.wish import Counts, Part
from bot.i18n import Safe, Voice
from bot.outbox.fills import WEEKDAYS
from bot.outbox.wish import LANGUAGES, PARTS

QUESTIONS = {
    Asked.USEFUL: Text("feedback", "useful_counts"),
    Asked.CLEAR: Text("feedback", "clear_counts"),
    Asked.AGAIN: Text("feedback", "again_counts"),
}

MOST = 8
"""So many times and languages are named, the most wanted."""


def said(voice: Voice, name: str | Text, day: date, themes: Themes) -> Safe:
    """One session: how many came, how many gave which answer, and words."""
    lines = [
        voice.say(Text("feedback", "said_of"), session=name, day=day),
        voice.say(Text("feedback", "came"), came=themes.came, asked=themes.asked),
    ]
    if themes.few:
        lines.append(voice.say(Text("feedback", "too_few")))
    for asked, text in QUESTIONS.items():
        counts = {one.value: themes.answers[asked].get(one, 0) for one in Answer}
        if any(counts.values()):
            lines.append(voice.say(text, **counts))
    if themes.words:
        lines.append(voice.say(Text("feedback", "in_their_words")))
        lines += [voice.say(Text("feedback", "quoted"), words=words) for words in themes.words]
    return Safe("\n".join(lines))


def asked_for(voice: Voice, counts: Counts, topics: list[str]) -> Safe:
    """When people could come, in which languages, and what they would like to hear about."""
    if not counts.people and not topics:
        return voice.say(Text("wish", "nothing_yet"))
    lines = []
    if counts.people:
        lines.append(voice.say(Text("wish", "people"), count=counts.people))
        for (weekday, part), count in counts.times[:MOST]:
            when = {"day": _day(weekday), "part": PARTS[part]}
            text = Text("wish", "any_counted")
            if (weekday, part) != (None, Part.ANY):
                text = Text("wish", "time_counted")
            lines.append(voice.say(text, count=count, **when))
        lines += _languages(voice, counts)
    if topics:
        lines.append(voice.say(Text("wish", "topics")))
        lines += [voice.say(Text("feedback", "quoted"), words=words) for words in topics]
    return Safe("\n".join(lines))


def _languages(voice: Voice, counts: Counts) -> Iterator[Safe]:
    """A language that few speak here would say who asked."""
    rare = 0
    for language, count in counts.languages:
        if count < FEWEST and language not in LANGUAGES:
            rare += count
            continue
        name = LANGUAGES.get(language, language)
        yield voice.say(Text("wish", "language_counted"), language=name, count=count)
    if rare:
        yield voice.say(Text("wish", "languages_rare"), count=rare)


def _day(weekday: int | None) -> Text:
    return Text("wish", "any_day") if weekday is None else WEEKDAYS[weekday]
