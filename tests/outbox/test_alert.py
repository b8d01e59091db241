"""An alert to a supporter, as it leaves: asked of the gate then, and kept in the words it had."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot.care.agreement import Reason
from bot.care.plan import LADDERS, Rung, RungKind, with_supporter
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Presented, Withheld
from bot.store import agreeing, escalation, journey, outbox, plan, schema, seed
from bot.store import told as tellings
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    """Sam has pressed Emergency, and Amira is a rung of Sam's plan."""
    with engine.begin() as c:
        oak = Oak(c, seed.seed_sample(c, NOON, ACCOUNTS))
        amira = Rung(RungKind.SUPPORTER, 10, oak.amira, oak.role("Amira"))
        rungs = with_supporter(LADDERS["key_worker"], amira, 3)
        plan.draft(c, oak.sam, oak.jo, ("Café",), 120, rungs, "Ring Sam.", NOON)
        draft = plan.draft_of(c, oak.sam)
        assert draft is not None
        plan.agree(c, draft.id, oak.sam, NOON)
        journey.set_off(c, oak.sam, "Café", LATER, NOON)
        running = journey.running(c, oak.sam)
        assert running is not None
        journey.emergency(c, running.id, oak.sam, NOON)
        yield oak


def alert(oak: Oak) -> Row:
    """What waits for Amira."""
    table = schema.outbox
    id = oak.c.execute(select(table.c.id).where(table.c.member == oak.amira)).scalar_one()
    return outbox.load(oak.c, id)[0]


def test_it_says_whom_it_is_about_and_no_word_more(oak: Oak) -> None:
    shown = PRESENT(oak.c, alert(oak), NOON)
    assert isinstance(shown, Presented) and shown.reason == Reason.AGREED
    assert "Sam may need somebody now" in shown.text and shown.words == shown.text
    assert not any(word in shown.text for word in ("Café", "07700", "Ring Sam.", "Emergency"))
    labels = [button.label for line in shown.buttons for button in line]
    assert labels[:2] == ["✋ I've got this", "➡️ Pass it on"]


def test_once_it_has_left_the_person_sees_it_in_its_words(oak: Oak) -> None:
    row = alert(oak)
    shown = PRESENT(oak.c, row, NOON)
    assert isinstance(shown, Presented)
    outbox.sent(oak.c, row, 77, NOON, shown.reason, shown.rows, shown.words)
    (entry,) = tellings.page(oak.c, oak.sam).entries
    assert (entry.to, entry.told, entry.level, entry.words) == (oak.amira, True, 1, shown.words)
    assert entry.row is not None and entry.reason == Reason.AGREED and entry.by is None


def test_withdrawn_between_queue_and_send_it_is_not_told(oak: Oak) -> None:
    row = alert(oak)
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON)
    held_back = PRESENT(oak.c, row, NOON)
    assert isinstance(held_back, Withheld) and held_back.reason == Reason.NO_AGREEMENT
    assert escalation.take(oak.c, str(row.params["escalation"]), oak.amira, NOON).records == ()
