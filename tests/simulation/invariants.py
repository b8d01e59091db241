"""What must hold, whatever happens: a function each, which answers None or says what is wrong.

A new capability joins here: write a function with a sentence for a docstring, in the module of what
it is about, and put it into the list of the event it is asked at.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.store import ledger
from tests.simulation import (
    alerts,
    handing_over,
    limits,
    messages,
    noticed,
    on_the_way,
    outings,
    quietly,
    second_way,
    sessions,
    sharing,
    steps,
    updates,
    whereabouts,
)
from tests.simulation.database import SECOND
from tests.simulation.watch import Watch

if TYPE_CHECKING:
    from tests.simulation.world import World

LATE = 40.0
"""Seconds of steady running within which what is due is done; a silent leader takes half of it."""

Check = Callable[[Watch, Any], str | None]


def what_is_due_is_done(watch: Watch, now: float) -> str | None:
    """No deadline stays due while some process runs."""
    if watch.steady < LATE:
        return None
    moment = watch.moment()
    for (kind, key), due in watch.deadlines.items():
        if due < moment - LATE * SECOND:
            return f"{kind} {key} is {(moment - due) / SECOND:.0f} s late"
    return None


def the_ledger_holds(watch: Watch, _: None) -> str | None:
    """Its chain verifies."""
    watch.world.act(ledger.seal_new)
    findings = watch.world.look(ledger.verify)
    return next((found.sentence for found in findings if not found.ok), None)


COMMITTED: tuple[Check, ...] = (
    alerts.an_open_alert_moves_on_by_itself,
    whereabouts.where_somebody_is_goes_with_the_outing,
    quietly.a_word_calls_somebody,
    handing_over.an_outing_under_way_is_somebodys,
    on_the_way.nobody_is_unheard_for_longer_than_agreed,
    on_the_way.a_stretch_is_slow_once,
    second_way.a_call_is_needless_when_it_is,
    on_the_way.only_the_person_answers,
    handing_over.nobody_is_asked_twice_at_once,
    handing_over.no_alert_stays_with_who_has_gone_off,
    outings.whoever_is_out_is_waited_for,
    alerts.closed_stays_closed,
    alerts.a_held_alert_has_one_holder,
    alerts.the_clock_of_an_alert_is_its_own,
    alerts.the_ladder_is_climbed_in_order,
    updates.an_update_has_its_effect_once,
    updates.a_chat_is_heard_in_order,
    updates.what_was_pressed_is_done,
    alerts.only_the_team_answers,
    outings.an_old_button_moves_no_time,
    updates.nothing_is_set_aside,
    outings.time_off_is_not_counted_against_anybody,
    alerts.whoever_cannot_be_reached_is_passed_by,
    messages.a_safety_message_is_not_given_up,
    messages.a_message_is_claimed_by_one,
    sharing.nothing_waits_where_nothing_is_shared,
    sharing.a_yes_is_a_press_of_sams,
    sharing.what_sam_stopped_has_ended,
    limits.what_is_held_does_not_widen,
    limits.a_switch_is_turned_by_two,
    limits.a_glass_is_for_one,
    limits.a_switch_ends_by_itself,
    noticed.nothing_that_was_said_is_lost,
    noticed.what_the_plan_says_is_asked,
    noticed.a_receipt_tells_of_nobody_else,
    sessions.nobody_comes_without_a_place,
    sessions.whoever_waits_first_is_next,
    noticed.nothing_unread_is_closed_with_its_alert,
    steps.a_step_is_taken_by_both,
    steps.one_plan_is_in_force,
)

SENT: tuple[Check, ...] = (
    messages.nobody_hears_without_a_reason,
    alerts.nobody_is_asked_about_what_is_closed,
    outings.nobody_is_asked_who_has_answered,
    messages.a_repeat_says_so,
    whereabouts.it_is_shown_to_those_who_are_asked,
    quietly.no_word_is_repeated,
    quietly.practice_says_so_and_nothing_else_does,
    messages.messages_keep_their_order,
    messages.safety_goes_first,
    sharing.nobody_is_told_without_a_yes,
    sharing.a_call_says_nothing,
    noticed.nobody_learns_what_another_said,
    noticed.a_concern_reaches_nobody_it_is_about,
)

LOOKED: tuple[Check, ...] = (
    what_is_due_is_done,
    alerts.somebody_has_heard,
    second_way.what_is_slow_goes_another_way,
)

RESTED: tuple[Check, ...] = (
    the_ledger_holds,
    second_way.what_telegram_gave_up_went_another_way,
    whereabouts.nothing_of_it_is_left,
    sharing.what_was_told_is_written_down,
    sharing.what_was_withdrawn_is_taken_away,
    noticed.whoever_spoke_up_hears_of_it,
    noticed.sam_reads_nothing_of_it,
    sessions.everybody_hears_of_a_date_once,
)


def unrest(world: "World") -> str | None:
    """What is still to be done, if anything is."""
    watch = world.watch
    if world.telegram.undelivered:
        return f"{world.telegram.undelivered} updates on their way"
    open_ = [update for update, (_, state) in watch.inbox.items() if state == "open"]
    if open_:
        return f"open updates {open_}"
    live = [f"{row.id} {row.text} {row.state}" for row in watch.rows.values() if row.live]
    if live:
        return f"messages {live}"
    out = [f"{o.id} {o.state}" for o in watch.outings.values() if o.ended_at is None]
    standing = [
        f"{a.id} {a.state}"
        for a in watch.alerts.values()
        if a.state != "closed" and not noticed.nobody_is_left(watch, a)
    ]
    if out or standing:
        return f"outings {out}, alerts {standing}"
    return noticed.unfinished(watch) or sessions.untold(watch) or second_way.unmade(watch)
