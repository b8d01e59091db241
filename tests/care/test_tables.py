"""What each event makes of an outing and of an alert, and the words that are kept of them.

Written out a second time and by hand, so that no cell changes by a slip. The words stand in
the databases of every service: they are never renamed.
"""

from bot.care import escalation, journey
from bot.care.escalation import Cause, Close, Need
from bot.care.ladder import GRAVITY

OUTING = """
          nudge   grace_over  ok        later     home      help  closed
out       nudged  missed      out       out       home      help  home
nudged    nudged  missed      out       out       home      help  home
missed    -       -           answered  answered  answered  help  home
help      -       -           help      help      help      help  home
answered  -       -           answered  answered  answered  help  home
home      -       -           -         -         -         -     -
"""

ALERT = """
          climb  take      pass_on   ask       silent    answer    raise  close
open      open   held      open      -         -         answered  open   -
held      -      held      open      held      open      answered  held   closed
answered  -      answered  answered  answered  answered  answered  open   closed
closed    -      -         -         -         -         -         -      -
"""


def cells(grid: str) -> dict[str, dict[str, str]]:
    head, *rows = (line.split() for line in grid.strip().splitlines())
    return {
        state: {event: to for event, to in zip(head, after, strict=True) if to != "-"}
        for state, *after in rows
    }


def test_each_event_makes_of_an_outing_what_the_table_says() -> None:
    assert cells(OUTING) == journey.TABLE
    assert list(cells(OUTING)) == list(journey.State)


def test_each_event_makes_of_an_alert_what_the_table_says() -> None:
    assert cells(ALERT) == escalation.TABLE
    assert list(cells(ALERT)) == list(escalation.State)


def test_staff_have_been_asked_once_a_check_in_is_missed_or_help_is_wanted() -> None:
    assert {"missed", "help", "answered"} == journey.ALERTED
    assert {"missed", "missed_while_off"} == escalation.MISSED


def test_of_outings_and_of_signs_the_later_cause_is_the_graver() -> None:
    practice, signs = ("drill", "handover"), ("unread", "early_sign", "sign", "concern")
    said = ("call", "duress", "duress_now")
    outings = ("missed", "missed_while_off", "help", "emergency")
    assert practice + signs + said + outings == GRAVITY
    assert list(Cause) == list(GRAVITY)


def test_the_words_that_are_kept_stay_as_they_are() -> None:
    assert (journey.KIND, escalation.KIND) == ("journey", "escalation")
    assert list(Need) == ["ring_me", "lost", "upset"]
    signs = ["useful", "too_soon", "too_late", "not_about_this"]
    assert list(Close) == ["safe_and_well", "needed_help", *signs, "seen_to"]
