"""Practice alerts: marked as practice, on the same way as a real one."""

from bot.care.outcome import Lane, Log, Message, Outcome, Tell
from bot.care.text import Text


def send(to: str, by: str, reachable: bool, nonce: str) -> Outcome:
    """A practice alert to oneself or a colleague; it is said when messages do not reach them."""
    if not reachable:
        return Outcome(
            said=Message(Text("escalation", "practice_unreachable"), {"member": to}),
            logs=(Log("practice_alert_unreachable", None, by, {"member": to}),),
        )
    alert = Message(Text("escalation", "practice"), {"by": by})
    return Outcome(
        said=Message(Text("escalation", "practice_sent"), {"member": to}),
        tells=(Tell(to, alert, Lane.SAFETY, key=f"practice:{nonce}"),),
        logs=(Log("practice_alert", None, by, {"member": to}),),
    )


def seen(asked_by: str, by: str, nonce: str) -> Outcome:
    """The practice alert was seen and answered."""
    told = Message(Text("escalation", "practice_seen"), {"member": by})
    tells = (Tell(asked_by, told, Lane.REPLY, key=f"practised:{nonce}"),) if by != asked_by else ()
    return Outcome(
        said=Message(Text("escalation", "practice_done")),
        tells=tells,
        logs=(Log("practice_alert_seen", None, by, {"by": asked_by}),),
    )
