"""What staff do that is not Sam's own word: guardrails, worries, switches, a glass, papers seen."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.care.agreement import Situation
from bot.care.authority import MONEY
from bot.care.decision import Found, Part
from bot.care.glass import Why
from bot.care.outcome import Topic
from bot.store import authority, decision, glass, ground, guarding, switching
from tests.simulation import supporters
from tests.simulation.capability import Capability
from tests.simulation.database import PHONES
from tests.simulation.sharing import AROUND, WORDS
from tests.simulation.supporters import TOPICS

if TYPE_CHECKING:
    from tests.simulation.people import People

STAFF = ("Jo", "Priya", "Mina")

LENGTHS = (20, 30, 60)
"""Seconds that a switch is on, that papers hold, and that a decision goes without a review."""


def forbids(people: "People") -> None:
    """The lead sets a guardrail, at best while its reader is about to read."""
    waiting = people.waiting()
    name = people.anybody(*(waiting or AROUND))
    place, topic = people.places().get(name), people.random.choice(TOPICS)
    if place is None:
        return
    if waiting:
        topic = Topic(people.world.watch.cells(WAITS, place)[0][0])
        shown = people.shown_with(PHONES[name], "news:read:")
        if shown is not None:
            people.world.telegram.taps(shown.chat, shown, "news:read:-:0")
    wait = people.random.uniform(0.05, 0.5)
    people.world.later(wait, lambda: _forbid(people, name, place, topic))


def _forbid(people: "People", name: str, place: str, topic: Topic) -> None:
    mina, now = people.ids["Mina"], people.world.moment()
    people.world.tell(f"{name} is not to hear of {topic.value}")
    people.world.act(guarding.forbid, place, (topic,), "It is not safe.", mina, now)


def allows_again(people: "People") -> None:
    """The lead ends each guardrail."""
    for (id,) in people.world.watch.cells("SELECT id FROM guardrail WHERE until IS NULL"):
        people.world.act(guarding.end, id, people.ids["Mina"], people.world.moment())


def worries(people: "People") -> None:
    """Can Sam decide this now? Staff write down what they found; and then Sam says what they wish,
    or somebody is let know in their interests."""
    found = people.random.choice((Found.CANNOT_NOW, Found.CANNOT_NOW, Found.SHARE, Found.KEEP))
    _found(people, found, people.random.sample(TOPICS, people.random.choice((1, 2))))
    if found is Found.SHARE:
        _lets_know(people)
    elif people.random.random() < 0.7:
        supporters.agrees(people)


def worries_no_more(people: "People") -> None:
    """Sam can decide it again."""
    _found(people, Found.CAN_DECIDE, TOPICS)


def _found(people: "People", found: Found, topics: "list[Topic] | tuple[Topic, ...]") -> None:
    by, now = people.ids[people.anybody(*STAFF)], people.world.moment()
    test = dict.fromkeys(Part, True) | {Part.WEIGH: found is Found.CAN_DECIDE}
    again = now + timedelta(seconds=people.random.choice(LENGTHS))
    people.world.tell(f"{found.value} about {[topic.value for topic in topics]}")
    about = people.ids["Sam"], topics, "With pictures.", test, found, again, by, now
    people.world.act(decision.record, *about)


def _lets_know(people: "People") -> None:
    found = people.world.watch.cells(ALLOWS)
    places = list(people.places().values())
    if found and places:
        ((id, topic),) = found
        by, place = people.ids["Jo"], people.random.choice(places)
        how = people.random.choice((1, 3))
        now = people.world.moment()
        people.world.act(ground.allow, id, place, Topic(topic), how, by, now)


def switches(people: "People") -> None:
    """One asks, another confirms it, or the same one tries to; and staff tell something while it is
    on, and once more when it is over."""
    by, now = people.ids[people.anybody(*STAFF, "Dev")], people.world.moment()
    situation = people.random.choice((Situation.UNWELL, Situation.UNWELL, Situation.EMERGENCY))
    seconds, sam = people.random.choice(LENGTHS), people.ids["Sam"]
    places = list(people.places().values())
    if places:
        supporters.chooses(people, people.random.choice(places), situation)
    people.world.tell(f"Sam is in {situation.value}, they say, for {seconds} s")
    told, length = people.random.random() < 0.5, timedelta(seconds=seconds)
    people.world.act(lambda c: switching.ask(c, sam, situation, length, by, now, told=told))
    confirmed = people.random.uniform(0.5, 5)
    people.world.later(confirmed, lambda: _confirms(people))
    for moment in (confirmed + seconds / 2, confirmed + seconds + people.random.uniform(1, 5)):
        people.world.later(moment, lambda: supporters.tells(people) if people.stormy else None)


def _confirms(people: "People") -> None:
    by, now = people.ids[people.anybody(*STAFF)], people.world.moment()
    for id, asked_by in people.world.watch.cells(TO_CONFIRM):
        who = people.random.choice((by, by, asked_by))
        people.world.act(lambda c, id=id, who=who: switching.confirm(c, id, who, now, told=True))


def switches_back(people: "People") -> None:
    """Somebody ends what is on, before its time."""
    by = people.ids[people.anybody(*STAFF)]
    for (id,) in people.world.watch.cells("SELECT id FROM switch WHERE ended_at IS NULL"):
        people.world.act(switching.end, id, by, people.world.moment())


def breaks_a_glass(people: "People") -> None:
    """A senior tells one thing to one supporter, whatever was agreed; others try to."""
    name, by = people.anybody(*AROUND), people.anybody("Priya", "Mina", "Priya", "Jo")
    place = people.places().get(name)
    if place is None:
        return
    people.told += 1
    words, now = f"{WORDS} {people.told}.", people.world.moment()
    what = people.random.choice(TOPICS), 3, words, Why.VITAL_INTERESTS, "They are in danger."
    told, by = people.random.random() < 0.5, people.ids[by]
    people.world.tell(f"a glass, for {name}")
    people.world.act(lambda c: glass.tell(c, place, *what, by, now, tell_person=told))


def sees_papers(people: "People") -> None:
    """Leo is Sam's attorney for money; he says what he wants to know, as long as it holds."""
    place, now = people.places().get("Leo"), people.world.moment()
    if place is None:
        return
    held = people.world.watch.cells("SELECT id FROM authority WHERE ended_at IS NULL")
    if held and people.random.random() < 0.3:
        people.world.act(authority.end, held[-1][0], people.ids["Jo"], now)
        return
    length = timedelta(seconds=people.random.choice(LENGTHS))
    people.world.act(authority.record, place, MONEY, length, people.ids["Jo"], now)
    found = people.world.watch.cells("SELECT id FROM authority ORDER BY since DESC LIMIT 1")
    if found:  # else whoever wrote it down was killed first
        asked = Topic.FINANCES, 2, people.ids["Leo"], now
        people.world.act(ground.allow, found[0][0], place, *asked)


WAITS = """SELECT topic FROM telling JOIN news ON news.id = telling.news
WHERE telling.supporter = ? AND telling.state = 'waiting' AND topic IS NOT NULL
UNION ALL SELECT 'daily_life'"""
ALLOWS = """SELECT decision.id, topic FROM decision JOIN hold ON hold.decision = decision.id
WHERE outcome = 'share' AND hold.until IS NULL ORDER BY decision.since DESC, topic LIMIT 1"""
TO_CONFIRM = "SELECT id, asked_by FROM switch WHERE since IS NULL AND ended_at IS NULL ORDER BY id"

PLAYED = Capability(
    each=4,
    these=(1,),
    often=5,
    does=(
        (0.8, forbids),
        (0.3, allows_again),
        (0.6, worries),
        (0.3, worries_no_more),
        (1.2, switches),
        (0.2, switches_back),
        (0.6, breaks_a_glass),
        (0.4, sees_papers),
    ),
)
