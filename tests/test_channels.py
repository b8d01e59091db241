"""The operator's channels: a wrong one is named and never quoted; staff choose no server."""

import io
import json
import logging
import socket
from datetime import UTC, datetime

import pytest

from bot import channels, logs
from bot.clock import HandClock
from bot.settings import Settings, load
from tests.gateways import Gateway, Mail, listening

SECRET = "hunter2"
KINDS = {
    "email": f"mailtos://kith:{SECRET}@smtp.kith.example/?from=kith@kith.example&to={{to}}",
    "sms": f"twilio://AC{'a' * 32}:{'b' * 32}@441632960000/{{to}}",
    "gateway": f"jsons://kith:{SECRET}@sms.kith.example/send?:to={{to}}&retry=1",
    "teams": "workflows://teams.kith.example/flow/signature?template=/etc/kith/teams.json&:to={to}",
    "pagerduty": "pagerduty://events/?apikey=apikey1234567890&integrationkey={to}",
    "ntfy": "ntfys://ntfy.kith.example/{to}",
}


def test_the_kinds_of_the_operators_guide_are_known() -> None:
    made = channels.read(json.dumps(KINDS))
    assert made.names == tuple(KINDS)
    assert SECRET not in repr(made)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("email", "must be a JSON object"),
        ('["email"]', "must be a JSON object"),
        ('{"email": 1}', "must be a JSON object"),
        (f'{{"E-mail {SECRET}": "ntfys://ntfy.kith.example/{{to}}"}}', "may name a channel"),
        (f'{{"email": "{SECRET}"}}', "channel email whose address does not look like"),
        (f'{{"email": "mailtos://a:{SECRET}@smtp/?to=b"}}', "email whose address does not say"),
        (f'{{"web": "jsons://a:{SECRET}@{{to}}/send"}}', "web whose address lets the member"),
        (f'{{"web": "jsons://a:{SECRET}@{{to}}?x=1"}}', "web whose address lets the member"),
        (f'{{"pigeon": "pigeon://{SECRET}/{{to}}"}}', "pigeon whose address is none"),
    ],
)
def test_a_wrong_channel_is_named_and_its_address_is_not(given: str, said: str) -> None:
    refused = load(channels=given)
    assert isinstance(refused, list)
    [sentence] = refused
    assert sentence.startswith("KITH_CHANNELS ") and said in sentence
    assert SECRET not in sentence and "{" not in sentence


def test_settings_do_not_show_them() -> None:
    made = load(channels=json.dumps(KINDS))
    assert SECRET not in repr(made) + str(made)


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("email", "jo@oak.example,eve@evil.example"),
        ("email", "jo"),
        ("nothing", "jo@oak.example"),
    ],
)
def test_one_call_goes_to_one_address_or_to_none(name: str, to: str) -> None:
    assert not channels.read(json.dumps(KINDS)).send(name, to, "", "words")


async def test_no_log_line_says_where_a_call_was_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as shut:
        shut.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{shut.getsockname()[1]}"
        made = channels.read(
            json.dumps(
                {
                    "web": f"json://kith:{SECRET}@{where}/send?:to={{to}}",
                    "email": f"mailto://kith:{SECRET}@{where}/?from=kith@kith.example&to={{to}}",
                }
            )
        )
        root, own = logging.getLogger(), logging.getLogger("bot")
        before = root.handlers[:], root.level, own.level
        out = io.StringIO()
        try:
            clock = HandClock(datetime(2026, 5, 4, tzinfo=UTC))
            logs.set_up(Settings(log_level="DEBUG", log_json=True), clock, out)
            logging.getLogger("apprise").error(f"could not reach {where} as {SECRET}")
            assert not made.send("web", "jo-canary", "", "words")
            assert not made.send("email", "canary@oak.example", "", "words")
            assert not made.send("email", "no-canary", "", "words")
        finally:
            root.handlers[:], root.level, own.level = before
            logging.captureWarnings(False)
    assert not any(word in out.getvalue() for word in (SECRET, "canary", where))


async def test_the_servers_of_these_tests_are_known_too() -> None:
    async with listening(gateway := Gateway()), listening(mail := Mail()):
        given = {"sms": gateway.template, "email": mail.template}
        assert channels.read(json.dumps(given)).names == ("sms", "email")
