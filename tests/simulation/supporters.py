"""What people do about what is shared with those around Sam: tell, read, agree, stop."""

from typing import TYPE_CHECKING

from bot.care.agreeing import Freely, Wish
from bot.care.agreement import Choice, Situation
from bot.care.outcome import Outcome, Topic
from bot.store import Connection, agreeing, leaving, tell
from tests.simulation.capability import Capability
from tests.simulation.database import PHONES
from tests.simulation.sharing import AROUND, WORDS
from tests.simulation.telegram import Shown

if TYPE_CHECKING:
    from tests.simulation.people import People

TOPICS = (Topic.DAILY_LIFE, Topic.APPOINTMENTS, Topic.FINANCES, Topic.PLANS_AND_REVIEWS)

CHOICES = (Choice.SHARE, Choice.SHARE, Choice.ASK, Choice.NEVER)


def tells(people: "People") -> None:
    """Staff tell something, by a hand that leaves the conversation out."""
    by = people.ids[people.anybody("Jo", "Priya", "Mina")]
    topic = people.random.choice((*TOPICS, TOPICS[0], TOPICS[1], None))
    level = people.random.choice((1, 2, 2, 3))
    sam, now = people.ids["Sam"], people.world.moment()
    people.told += 1
    words = f"{WORDS} {people.told}." if topic is not None else "A course begins in May."
    people.world.tell(f"news {people.told}, {topic}, {level}")
    people.world.act(tell.send, sam, topic, level, words, by, now)


def reads(people: "People") -> None:
    """Somebody presses `Read`, or looks whether there is anything."""
    account = PHONES[people.anybody("Amira", *AROUND)]
    shown = people.shown_with(account, "news:read:")
    if shown is not None and people.random.random() < 0.7:
        return people.tap(shown, "news:read:-:0")
    return people.world.telegram.says(account, "/news")


def is_read(people: "People", shown: Shown) -> None:
    """Now and then Sam is there as words appear, and stops while they are shown, or at once: Kith
    may not even know yet that they have arrived."""
    if WORDS not in shown.text or people.name(shown.chat) not in AROUND:
        return
    place = people.places().get(people.name(shown.chat))
    if place is None or people.random.random() > 0.7:
        return
    if people.random.random() < 0.8:
        _stop(people, place)
    else:
        people.world.later(people.random.uniform(5.0, 120.0), lambda: _stop(people, place))


def _stop(people: "People", place: str) -> None:
    people.world.act(agreeing.stop, place, people.ids["Sam"], people.world.moment())


def presses_what_is_there(people: "People") -> None:
    """An old button, or one that hides what is shown."""
    account = PHONES[people.anybody(*AROUND)]
    shown = people.shown_with(account, "news:")
    if shown is not None:
        people.tap(shown, people.random.choice(shown.buttons)[1])


def answers_first(people: "People") -> None:
    """Sam answers what they were asked, or presses a card that is answered already."""
    shown = people.shown_with(PHONES["Sam"], "news:yes:")
    if shown is not None:
        yes = [data for _, data in shown.buttons if data.startswith("news:")]
        people.tap(shown, people.random.choice((yes[0], people.random.choice(yes))))


def answers_for_sam(people: "People") -> None:
    """A card that is another's to press."""
    shown = people.shown_with(PHONES["Sam"], "news:yes:")
    if shown is not None:
        account = PHONES[people.anybody(*AROUND, "Jo", "Alex")]
        forged = Shown(shown.id, account, shown.text, shown.buttons, shown.markup, shown.at)
        people.tap(forged, shown.buttons[0][1])


def stops(people: "People") -> None:
    """Sam stops sharing: with one or with all."""
    shown = people.newest("Sam")
    if shown is None:
        return
    place = people.random.choice([*people.places().values(), "-"])
    people.tap(shown, "agreement:end_all:-:0" if place == "-" else f"agreement:end:{place}:0")


def agrees(people: "People") -> None:
    """Sam agrees to something with somebody, by a hand that leaves the cards out."""
    places = list(people.places().values())
    if places:
        people.world.act(_agree, people, people.random.choice(places), CHOICES)


def asks_first(people: "People") -> None:
    """Sam wants to be asked first, whoever it is that is told."""
    for place in people.places().values():
        people.world.act(_agree, people, place, (Choice.ASK,))


def takes_it_back(people: "People") -> None:
    """As somebody reads, Sam changes their mind; perhaps once more."""
    name = people.anybody(*(people.waiting() or ("Amira",)))
    place, shown = people.places().get(name), people.shown_with(PHONES[name], "news:read:")
    if place is None or shown is None:
        return
    people.world.telegram.taps(shown.chat, shown, "news:read:-:0")
    again = people.random.choice(((), (Choice.SHARE,), (Choice.NEVER, Choice.ASK)))

    def changes() -> None:
        if len(again) < 2:
            _stop(people, place)
        people.world.act(_agree, people, place, again or (Choice.NEVER,))

    people.world.later(people.random.uniform(0.05, 0.5), changes)


def chooses(people: "People", place: str, situation: Situation) -> None:
    """What may be told only then: with whom, Sam says beforehand."""
    people.world.act(_agree, people, place, (Choice.SHARE,), situation)


def _agree(
    c: Connection,
    people: "People",
    place: str,
    choices: tuple[Choice, ...],
    situation: Situation = Situation.EVERYDAY,
) -> Outcome:
    how_much = (1, 3, 3)
    wishes = tuple(
        Wish(topic, people.random.choice(choices), people.random.choice(how_much), situation)
        for topic in (*TOPICS, Topic.JOURNEYS)
        if len(choices) == 1 or people.random.random() < 0.7
    )
    sam, now = people.ids["Sam"], people.world.moment()
    drafted = agreeing.draft(c, place, wishes, sam, now)
    if drafted.said is None:
        return drafted
    id = str(drafted.said.params["agreement"])
    people.world.tell(f"Sam agrees to {[(w.topic.value, w.choice.value) for w in wishes]}")
    return agreeing.answer(c, id, sam, now, freely=Freely.YES)


def takes_somebody_out(people: "People") -> None:
    """Sam takes somebody out of their circle; Amira stays."""
    place = people.places().get(people.anybody("Leo", "Ruth"))
    if place is not None:
        now = people.world.moment()
        people.world.act(leaving.end_membership, place, people.ids["Sam"], now)


PLAYED = Capability(
    each=4,
    these=(1,),
    often=5,
    does=(
        (3.0, tells),
        (5.0, reads),
        (1.0, presses_what_is_there),
        (2.0, answers_first),
        (2.5, answers_for_sam),
        (1.5, stops),
        (4.0, takes_it_back),
        (1.0, agrees),
        (1.5, asks_first),
        (0.2, takes_somebody_out),
    ),
)
