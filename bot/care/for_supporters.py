"""What a supporter who is a rung hears instead of what staff do."""

from bot.care.text import Text

FOR_SUPPORTERS = {
    Text("escalation", "alert_missed"): Text("escalation", "supporter_missed"),
    Text("escalation", "alert_missed_off"): Text("escalation", "supporter_missed"),
    Text("escalation", "alert_missed_unreached"): Text("escalation", "supporter_missed"),
    Text("escalation", "please_speak"): Text("escalation", "supporter_heard"),
    Text("escalation", "person_ok"): Text("escalation", "supporter_heard"),
    Text("escalation", "person_answered"): Text("escalation", "supporter_heard"),
    Text("escalation", "person_home"): Text("escalation", "supporter_heard"),
    Text("escalation", "mistake"): Text("escalation", "supporter_heard"),
    Text("escalation", "how_is_it"): Text("escalation", "supporter_how"),
    Text("escalation", "moved_on"): Text("escalation", "supporter_moved_on"),
    Text("escalation", "has_it"): Text("escalation", "supporter_has_it"),
    Text("escalation", "supporter_took"): Text("escalation", "supporter_has_it"),
    Text("escalation", "held_already"): Text("escalation", "supporter_has_it"),
    Text("escalation", "take_it_first"): Text("escalation", "take_it_first"),
    Text("escalation", "yours"): Text("escalation", "supporter_yours"),
    Text("escalation", "passed_on"): Text("escalation", "passed_on"),
    Text("escalation", "passed_already"): Text("escalation", "passed_already"),
    Text("escalation", "vouched_for"): Text("escalation", "vouched_for"),
    Text("escalation", "closed_by"): Text("escalation", "supporter_over"),
    Text("escalation", "closed_already"): Text("escalation", "supporter_over"),
    Text("escalation", "closed_alone"): Text("escalation", "supporter_over"),
}
"""That something happened, and no word more.

Whatever is not here is a call for help.
"""
