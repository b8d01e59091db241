"""A person who reads slowly: every screen of theirs in Easy Read is at most two sentences and four
buttons, and a button keeps its place.

What counts. A sentence ends with a full stop, a question or exclamation mark; a line without one
(a place, a time, a name, a heading) is a fact, and there are at most three of those. What says 999
or 111 counts for nothing: it stands wherever somebody may need it. Words that people wrote
themselves, and lists, are as long as they are; what else fills a line is one sentence. Of buttons,
those do not count that stand below on every screen of their kind: Stop sharing, Back, Stop, the
emergency card.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.outcome import Message
from bot.care.text import Text
from bot.handlers.paged import cut
from bot.handlers.screen import FEW, a_few
from bot.i18n import EASY, STANDARD, Voice
from bot.outbox.render import Button, Rows, presses
from bot.outbox.shapes import SHAPES, Shape
from tests.conftest import NOON
from tests.kith import kith
from tests.play import Chat
from tests.test_texts import WORDS, used

SENTENCES = 2
FACTS = 3

EMERGENCY = re.compile(r"In danger\? Ring 999\.|[^.!?\n]*\b(?:999|111)\b[^.!?\n]*[.!?]")

EMERGENCY_CARD = re.compile(r"^🆘|Samaritans")

LISTS = re.compile(
    r"\W*\{(?:announced|changes|choices|details|lines|messages|people|results|so_far|whole|words)\}"
    r"\W*"
)
"""A line that is a list, or somebody's own words."""

SENTENCE = re.compile(r"\{\w+\}")
"""Any other line that is filled and has nothing else."""

FILLS = re.compile(
    r"agreement\.means_|pattern\.asks_|stepping\.why_(?!more)|noticing\.(?:reads?_|asked_|cannot_wait)"
    r"|concern\.(?:own_words|never|not_asked|not_known|not_kept_from)|leave\.(?:means_\w+|\w+_hears?)"
)
"""What such a line is filled with."""

AS_LONG_AS_THEY_ARE: Mapping[Text, str] = {
    Text("card", "card"): "whom to ring: nobody should have to go on to the next page for that",
    Text(
        "privacy", "person"
    ): "a notice to read in peace, one idea a line; all of it is their right",
    Text("privacy", "everyone"): "the same",
    Text("concern", "check"): "who may hear of a concern is said before it is sent",
}

NOT_THE_PERSONS: Mapping[str, str] = {
    "after": "how_worried would_talk",
    "agreement": "please_talk please_talk_not_sure",
    "authority": "check line look_first really saved seen until",
    "by_phone": (
        "added alert_emergency at_once_team cannot_saved closed good_team "
        "ground_allowed ground_ended home_rang "
        "invitation_not_asked keep_saved longer_saved papers_ended papers_saved please_ask "
        "ring_for_outing share_saved signs_not_asked stepped_at_once switched_on "
        "switching_ended team_less team_missed team_more weeks_started"
    ),
    "candour": "first list",
    "circle": "own_line person_left",
    "cli": "question row",
    "complaint": "acknowledged please_acknowledge please_finish please_read please_read_disagree",
    "concern": (
        "alert alert_nobody begun_about how_is_it moved_on nobody_here not_kept saved_finished "
        "what_was_done yours"
    ),
    "contact": "look_at_it test_failed test_sent which_address which_channel works",
    "cover": "asked changed changed_swapped nobody_yet open please_swap yours yours_swapped",
    "decision": (
        "can cannot cannot_saved check help_first menu share_saved stands_line what_helped "
        "what_wishes who_said_what"
    ),
    "digest": (
        "alert alert_nobody alert_read finish_it how_is_it marked_read shown still_unread yours"
    ),
    "door": "is_it_you not_you own_link stranger wait",
    "drill": "alert may_it_reach_you takes_part with_whom",
    "education": "cancel_kept check dropped how_often next_one published really_cancel",
    "escalation": (
        "alert_emergency alert_help alert_lost alert_missed alert_missed_off "
        "alert_missed_unasked alert_missed_unreached alert_nobody alert_ring_me alert_upset "
        "call_summary closed how_is_it mistake moved_on open_again person_answered "
        "person_home person_ok "
        "please_speak police_told_noted police_time practice practice_unreachable "
        "supporter_help supporter_missed "
        "supporter_practice supporter_took supporter_yours vouched yours"
    ),
    "feedback": "what_was_said",
    "first_weeks": "legend offer question_around started state_last sure",
    "general": "set_aside",
    "glass": "called_later check look no_senior_anywhere no_senior_there was_not_right who",
    "ground": "check own_saved own_topic own_word stopped who",
    "guarding": "who why",
    "handover": "alert_too ask ended ended_nobody nobody soon soon_nobody",
    "howami": (
        "a_sentence check day_passed how kept opened_no_words please_read privacy receipt "
        "receipt_nobody to_whom what_could_help"
    ),
    "ics": "review",
    "invitation": (
        "cannot_come_in check_wish is_it_them is_that_them link ready refused wants "
        "welcome_manager welcome_on_call_lead welcome_safeguarding_lead welcome_staff "
        "welcome_supporter went_astray"
    ),
    "journey": (
        "asks_longer line_answered line_help line_missed line_nudged longer_saved "
        "not_kept_longer not_kept_no_plan not_kept_nobody off_with off_without"
    ),
    "meeting": "which_day",
    "morning": "late late_and_yours one several",
    "news": (
        "change_wanted general heard nothing reading sent sent_to_nobody thank_you too_long "
        "what_general_words what_reply what_words"
    ),
    "notice": "over_helped",
    "noticing": (
        "good_carer may_know_sure not_named receipt_carer receipt_gone staff_marks was_taken_back"
    ),
    "pause": "phone_told",
    "plan": (
        "advice agreed_by_person_untried changed_since_drafted ladder longest "
        "places_do_not_fit ready supporter"
    ),
    "preparing": "please prepared",
    "privacy": "carer staff",
    "regular": "check_for",
    "review": (
        "check done_unheard ended_unheard talked_through what_restricts whom_restrictive "
        "why_later would_talk"
    ),
    "rhythm": "asks how_often",
    "rota": "gap_now",
    "sign": "from_outside thank_you",
    "sign_alert": (
        "alert alert_more alert_nobody closed how_is_it moved_on read_first what_was_done yours"
    ),
    "stepping": (
        "at_once_team good_team not_on_the_phone person_disagrees person_said_no person_said_yes "
        "stepped_team team_less team_missed team_more waits_for_person"
    ),
    "switching": (
        "check declined ended nobody_to_confirm over please_confirm please_tell unconfirmed which"
    ),
    "terms": "lines_unclear page police_first which_points",
    "view": "wanted_plan",
    "weekly": "anything_new",
    "words": (
        "alert alert_nobody closed how_is_it moved_on police_time police_told police_told_noted "
        "ring_me ring_me_how ring_me_nobody ring_me_not_reached ring_me_yours unchanged "
        "was_out yours"
    ),
}
"""What staff and those around the person read, and the person never does. A text that is longer
than this file allows stands here, above with a reason, or is made shorter."""

NOBODY = WORDS.label(EASY, Text("concern", "nobody"))

VOICE = Voice(WORDS, EASY, ZoneInfo("Europe/London"), NOON)

STANDING = ("general:card", "concern:begin", "agreement:stop", "flow:back", "flow:stop")
"""The data of buttons that stand below on every screen of their kind."""


def counted(words: str) -> tuple[int, int]:
    """How many sentences a text has, and how many lines that are facts."""
    lines = [EMERGENCY.sub("", line) for line in re.sub(r"</?\w>", "", words).split("\n")]
    lines = [line for line in lines if re.search(r"\w", line) and not LISTS.fullmatch(line)]
    filled = [line for line in words.split("\n") if line in lines and SENTENCE.fullmatch(line)]
    said = [len(re.findall(r"[.!?…]+(?=[\s”\"')]|$)", line)) for line in lines]
    return sum(said) + len(filled), said.count(0) - len(filled)


def easy(text: Text) -> str:
    return WORDS.entries(EASY).get(text) or WORDS.entries(STANDARD)[text]


def too_long(text: Text) -> bool:
    sentences, facts = counted(easy(text))
    return sentences > SENTENCES or facts > FACTS


def others() -> frozenset[Text]:
    return frozenset(
        Text(subject, id) for subject, ids in NOT_THE_PERSONS.items() for id in ids.split()
    )


@pytest.mark.parametrize(
    ("words", "sentences", "facts"),
    [
        ("Hello there. Are you OK?", 2, 0),
        ("📍 {place}\n🕒 I will ask you at <b>{due}</b>: are you OK?", 1, 1),
        ("{asks}\nDo you want to go?", 2, 0),
        ("<b>{topic}</b>\n{words}\n“{words}”", 0, 1),
        ("Please ring your team.\nIn danger? Ring 999.\nRing 111 and choose option 2.", 1, 0),
        ("Wait… It is 9.30 now!", 2, 0),
    ],
)
def test_sentences_and_facts_are_counted(words: str, sentences: int, facts: int) -> None:
    assert counted(words) == (sentences, facts)


def test_what_the_person_reads_is_at_most_two_sentences() -> None:
    theirs = used() - others() - AS_LONG_AS_THEY_ARE.keys()
    assert {str(text): easy(text) for text in theirs if too_long(text)} == {}


def test_what_fills_a_line_is_one_sentence() -> None:
    fills = [text for text in used() if FILLS.match(str(text))]
    assert len(fills) > 30
    assert {str(text): easy(text) for text in fills if counted(easy(text))[0] > 1} == {}


def test_nothing_is_left_out_that_need_not_be() -> None:
    crowded = {text for text, shape in SHAPES.items() if most(shape) > FEW}
    listed = others() | AS_LONG_AS_THEY_ARE.keys()
    assert [str(t) for t in listed if t not in used() or not (too_long(t) or t in crowded)] == []


# --- buttons ------------------------------------------------------------------------------


def counts(data: str) -> bool:
    return not data.startswith(STANDING)


def most(shape: Shape) -> int:
    """Of the buttons a message can carry in Easy Read, whatever has been filled."""
    flags = {one.unless or one.only for row in shape.rows for one in row} - {""}
    texts = [one.data for row in shape.rows for one in row]
    named = {name: "x" for data in texts for _, name, _, _ in Formatter().parse(data) if name}
    found = 0
    for filled in (frozenset[str](), *(frozenset({flag}) for flag in flags), frozenset(flags)):
        params = dict.fromkeys(sorted(filled), "x")
        rows = presses(VOICE, shape, Message(Text("general", "more"), named), **params)
        found = max(found, sum(counts(one.data) for row in rows for one in row))
    return found


def test_a_message_to_the_person_carries_at_most_four_buttons() -> None:
    theirs = {text: most(shape) for text, shape in SHAPES.items() if text not in others()}
    assert {str(text): number for text, number in theirs.items() if number > FEW} == {}
    assert max(theirs.values()) == FEW


def rows(number: int) -> Rows:
    return tuple((Button(str(n), str(n)),) for n in range(number))


@given(number=st.integers(0, 40), room=st.integers(2, FEW))
def test_a_few_at_a_time_come_round_to_all_of_them(number: int, room: int) -> None:
    seen: list[str] = []
    since = 0
    while True:
        page = [row[0] for row in a_few(VOICE, rows(number), since, "more:{}".format, room)]
        assert len(page) <= room
        seen += [one.label for one in page if not one.data.startswith("more:")]
        on = [int(one.data.removeprefix("more:")) for one in page if one.data.startswith("more:")]
        if not on or on == [0]:
            break
        (since,) = on
    assert seen == [row[0].label for row in rows(number)]


def test_whoever_reads_the_standard_form_sees_all_at_once() -> None:
    standard = Voice(WORDS, STANDARD, VOICE.zone, NOON)
    assert a_few(standard, rows(9), 0, str) == rows(9)


# --- a day ---------------------------------------------------------------------------------


def screens_too_much(chat: Chat) -> list[str]:
    """Of the last two messages, as they stand: with names, lists and what was noted above them."""
    return [
        one.text
        for one in chat.from_bot[-2:]
        if counted(one.text)[0] > SENTENCES or sum(map(counts, one.data)) > FEW
    ]


SAID = {
    "/me": ["More", "More about me"],
    "hello": [],
    "/help": [],
    "/agreement": ["Amira", "Change", "Yes, share", "Ask me first", "No", "I don't know", "No"],
    "/circle": ["Leo", "Pause Leo"],
    "/told": ["Could they have been told?", "Leo", "More", "More"],
    "/stop_sharing": ["Stop sharing with Amira"],
    "/my_words": ["My second word"],
    "/my_location": [],
    "/plan": [],
    "/notice": [],
    "/concern": [],
    "The door is locked": ["More", "More", "More"],
    "/sessions": ["More"],
    "/info": ["More"],
    "/regular": ["Add one", "Café", "More"],
    "/invite": ["More"],
    "/leave": [],
    "/out": ["Somewhere else"],
    "The pool": ["Another time"],
    "soon": [],
    "45 minutes": ["Change", "Café", "1 hour", "Set off", "I'm late", "Something else", "Longer"],
    "what is this": ["I'm late", "10 minutes", "I'm OK", "I need help", "I'm lost", "I'm OK"],
    "/home": ["😀", "No"],
}
"""What the person says, and which buttons they press then."""


async def test_a_day_in_easy_read_is_short_from_the_first_screen_to_the_last(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        await story.sam.says("/help", "/help")  # that it was chosen was said in the form before
        too_much: dict[str, list[str]] = {}
        for words, pressed in SAID.items():
            await story.passes(seconds=10)  # nobody is sent twenty messages within one second
            too_much[words] = screens_too_much(await story.sam.says(words))
            for button in pressed:
                too_much[button] = screens_too_much(await story.sam.taps(button))
        await story.sam.says("/concern", "The door is locked")
        pages = [(await story.sam.taps("More")).last.buttons[:FEW] for _ in range(2)]
        assert {(page[0], page[-1]) for page in pages} == {(NOBODY, "➡️ More")}, "in their places"
        assert not {*pages[0][1:-1]} & {*pages[1][1:-1]}
        card = EMERGENCY_CARD.search
        assert [
            (at, text) for at, found in too_much.items() for text in found if not card(text)
        ] == []


async def test_long_pages_are_read_a_little_at_a_time(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        for asked, end in (("/info psychosis", "All topics"), ("/plan", "The plan")):
            shown = (await story.sam.says(asked)).last
            if asked == "/plan":
                shown = (await story.sam.taps("Read the plan")).last
            whole, pages = shown.text, 1
            while "▶️ Next" in shown.buttons:
                assert screens_too_much(await story.sam.chat())[-1:] != [shown.text], shown.text
                assert sum(map(counts, shown.data)) <= FEW and shown.text.startswith(f"{pages} of ")
                shown, pages = (await story.sam.taps("Next")).last, pages + 1
                whole += shown.text
            assert pages > 3 and any(end in button for button in shown.buttons)
            assert shown.text.startswith(f"{pages} of {pages}")
            back = (await story.sam.taps("Back")).last
            assert back.text.startswith(f"{pages - 1} of {pages}")


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("One.", ["One."]),
        ("One. Two! Three? Four", ["One.\nTwo!", "Three?\nFour"]),
        ("<b>A. B.</b>\n\nC.\n• d\n• e", ["<b>A. B.</b>\nC.", "• d\n• e"]),
        ("", []),
    ],
)
def test_a_long_screen_is_cut_where_a_sentence_ends(text: str, pages: list[str]) -> None:
    assert cut(text) == pages
