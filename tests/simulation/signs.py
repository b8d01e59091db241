"""What people do about early signs and concerns: notice, take back, read, finish, speak up."""

from typing import TYPE_CHECKING

from bot.care.concern import Kind, Part
from bot.store import Connection, circle, concern, noticing, sign_plan
from tests.simulation.capability import Capability
from tests.simulation.database import CARDS, PHONES
from tests.simulation.noticed import CONCERN, ENDS, NOTICED
from tests.simulation.sharing import AROUND
from tests.simulation.telegram import Shown
from tests.simulation.watch import Raised

if TYPE_CHECKING:
    from tests.simulation.people import People

STAFF = ("Jo", "Priya", "Mina")

ABOUT = {
    Part.SAFEGUARDING_LEAD.value: "Mina",
    Part.MANAGER.value: "Priya",
    Part.KEY_WORKER.value: "Jo",
}
"""Whom somebody means who names a part in the team."""


def begin(people: "People") -> None:
    """Some have no plan: what is noticed is read all the same."""
    if people.random.random() < 0.2:
        now, sam = people.world.moment(), people.ids["Sam"]
        for (id,) in people.world.watch.cells("SELECT id FROM sign_plan WHERE state = 'active'"):
            people.world.act(sign_plan.end, id, sam, now)


def notices(people: "People") -> None:
    """Somebody notices something, by a hand that leaves the conversation out."""
    name = people.anybody("Amira", "Amira", *AROUND, "Sam", *STAFF)
    card = people.random.choice((*CARDS, "night", None))
    since, worry = people.random.choice((0, 0, 3, 7)), people.random.choice((1, 2, 3))
    people.told += 1
    words = f"{NOTICED} {people.told}." if people.random.random() < 0.5 else None
    sam, now = people.ids["Sam"], people.world.moment()

    def notice(c: Connection) -> None:
        for held in circle.memberships(c, people.ids[name])[:1]:
            noticing.notice(c, held, sam, card, since, worry, words, now)

    people.world.tell(f"{name} notices {card}, since {since}")
    people.world.act(notice)


def says_so(people: "People") -> None:
    """By the conversation: whoever reads its questions answers them, or not."""
    people.world.telegram.says(PHONES[people.anybody("Amira", "Amira", "Sam", "Jo")], "/notice")


def thinks_again(people: "People") -> None:
    """A receipt has buttons: whoever noticed it takes it back, or may be named. Others try."""
    account = PHONES[people.anybody("Amira", *AROUND, "Sam", "Jo")]
    shown = people.shown_with(account, "noticing:back:")
    if shown is None:
        return
    back = next(data for _, data in shown.buttons if data.startswith("noticing:back:"))
    if people.random.random() < 0.2:
        account = PHONES[people.anybody("Leo", "Sam", "Jo")]
        shown = Shown(shown.id, account, shown.text, shown.buttons, shown.markup, shown.at)
    verb = people.random.choice((":yes_back:", ":change:", ":change:"))
    people.tap(shown, back.replace(":back:", verb))


def reads(people: "People") -> None:
    """Staff open the digest, read one of those in it, or finish with one."""
    account = PHONES[people.anybody("Jo", *STAFF)]
    shown = people.shown_with(account, people.anybody("digest:", "digest:read:", "digest:finish:"))
    if shown is not None:
        data = [data for _, data in shown.buttons if data.startswith("digest:")]
        people.tap(shown, people.random.choice(data))


def raises(people: "People") -> None:
    """Something is wrong, and somebody says so: about whoever they pick, or name in it."""
    by = people.anybody("Amira", "Leo", "Ruth", "Sam", "Sam", "Jo")
    kind = people.random.choice((Kind.SAFETY, Kind.SAFETY, Kind.SAFETY, Kind.COMPLAINT))
    parts = people.random.sample(sorted(ABOUT), people.random.choice((0, 1, 1, 2)))
    called = people.random.choice(("Mina", "Priya", "Dev", None))
    people.told += 1
    words = f"{CONCERN} {people.told}."
    said = words if called is None else f"{words} It was {called}."
    means = {ABOUT[part] for part in parts} | ({called} if called else set())
    sam, now = people.ids["Sam"], people.world.moment()

    def raise_(c: Connection) -> str | None:
        for held in circle.memberships(c, people.ids[by])[:1]:
            raised = concern.raise_(c, kind, held.id, sam, said, None, parts, now)
            return str(raised.logs[0].facts["concern"])
        return None

    people.world.tell(f"{by} raises a concern about {sorted(means)}")
    id = people.world.act(raise_)
    if id is not None:
        about = frozenset(people.ids[name] for name in means)
        people.world.watch.raised[id] = Raised(people.ids[by], words, about)


def reads_what_is_wrong(people: "People") -> None:
    """Whoever has a concern opens it; and finishes with it, by a hand that leaves the words out."""
    account = PHONES[people.anybody(*STAFF)]
    shown = people.shown_with(account, "concern:read:")
    if shown is None:
        return
    read = next(data for _, data in shown.buttons if data.startswith("concern:read:"))
    people.tap(shown, read)
    if people.random.random() < 0.3:
        by, now = people.ids[people.name(account)], people.world.moment()
        people.world.act(concern.finish, read.split(":")[2], "We spoke to them.", by, now)


def end_of(people: "People", alert: str) -> str:
    """A way in which this alert may end."""
    found = people.world.watch.alerts.get(alert)
    ends = ENDS.get("" if found is None else found.cause)
    return "safe" if ends is None else people.random.choice(ends)


def is_seen_to(people: "People") -> bool:
    """What reasonable people do: whoever has an alert ends it, somebody takes one that is open,
    and what was read is finished with, sooner or later."""
    for alert in people.world.watch.alerts.values():
        if alert.state != "closed" and alert.cause in ENDS:
            if alert.cause == "concern" and alert.holder is not None:
                _pressed(people, f"concern:read:{alert.subject}:", "read", alert.holder)
            verb = "take" if alert.holder is None else ENDS[alert.cause][0]
            if _pressed(people, f"escalation:take:{alert.id}:", verb, alert.holder):
                return True
    if people.random.random() >= 0.3:
        return False
    look = f"digest:look:{people.ids['Sam']}:"
    cells = people.world.watch.cells
    return any(
        _pressed(people, f"digest:finish:{id}:", "finish", None) for (id,) in cells(UNFINISHED)
    ) or any(  # a good thing opens no alert, and waits in the digest alone
        _pressed(people, f"digest:read:{id}:", "read", None) or _pressed(people, look, "look", None)
        for (id,) in cells(UNREAD)
    )


def _pressed(people: "People", button: str, verb: str, by: str | None) -> bool:
    """Whether one of the team has such a button, and so presses this: if by is given, they do."""
    for name in ("Jo", "Dev", "Priya", "Mina"):
        if name in people.gone or by not in (None, people.ids[name]):
            continue
        shown = people.shown_with(PHONES[name], button)
        if shown is not None:
            subject, _, id, _ = button.split(":")
            people.world.telegram.taps(shown.chat, shown, f"{subject}:{verb}:{id}:0")
            return True
    return False


UNREAD = "SELECT id FROM observation WHERE read_at IS NULL AND withdrawn_at IS NULL"
UNFINISHED = """SELECT id FROM observation WHERE read_at IS NOT NULL AND finished_at IS NULL
AND withdrawn_at IS NULL"""

PLAYED = Capability(
    each=12,
    these=(
        2,
        10,
    ),
    often=2,
    does=(
        (6.0, notices),
        (0.7, says_so),
        (1.5, thinks_again),
        (2.5, reads),
        (1.6, raises),
        (1.0, reads_what_is_wrong),
    ),
    begin=begin,
)
