"""A wrong setting is refused with a sentence that names it and keeps its value to itself."""

import os
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import settings
from bot.settings import Settings, load, settings_table

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
KEY = b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("KITH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def loaded(**given: object) -> Settings:
    made = load(**given)
    assert isinstance(made, Settings), made
    return made


def refused(**given: object) -> list[str]:
    said = load(**given)
    assert isinstance(said, list)
    return said


def test_kith_needs_no_settings_to_be_tried(tmp_path: Path) -> None:
    made = loaded()
    assert made.bot_token is None
    assert made.telegram_api == "https://api.telegram.org"
    assert made.data == tmp_path / "kith-data"
    assert made.database_url == f"sqlite:///{tmp_path}/kith-data/kith.db"
    assert made.timezone.key == "Europe/London"
    assert (made.messages_per_second, made.safety_reserve, made.chat_burst) == (30, 8, 5)
    assert (made.lease_seconds, made.send_timeout) == (30, 10)


def test_the_hours_of_the_service_are_read_in_its_zone() -> None:
    made = loaded(hours="Mon-Sat 08:00-20:00", timezone="Europe/Dublin")
    assert made.service_hours.zone.key == "Europe/Dublin"
    assert made.service_hours.week[5] == (8 * 60, 20 * 60)
    assert refused(hours="Mon-Fri 9 to 5") == [
        "KITH_HOURS must look like Mon-Fri 09:00-17:00, Sat 10:00-12:00."
    ]


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("KITH_TIMEZONE", "Europe/Dublin")
    monkeypatch.setenv("KITH_LOG_LEVEL", "warning")
    monkeypatch.setenv("KITH_WEBHOOK_URL", "")
    made = loaded()
    assert made.bot_token is not None
    assert made.bot_token.get_secret_value() == TOKEN
    assert made.timezone.key == "Europe/Dublin"
    assert made.log_level == "WARNING"
    assert made.webhook_url is None


def test_the_file_is_read_and_the_environment_goes_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("KITH_CHAT_BURST=3\nKITH_DATA=/srv/kith\nEDITOR=vi\n")
    monkeypatch.setenv("KITH_CHAT_BURST", "4")
    made = loaded()
    assert made.chat_burst == 4
    assert made.database_url == "sqlite:////srv/kith/kith.db"


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_DATA", "/srv/kith")
    assert loaded(data="/srv/other").data == Path("/srv/other")
    assert loaded(data=None).data == Path("/srv/kith")


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        loaded().chat_burst = 6  # type: ignore[misc]  # what is tested


def test_secrets_are_not_shown() -> None:
    made = loaded(
        bot_token=TOKEN,
        key=KEY,
        database_url="postgresql://kith:hunter2@db/kith",
        webhook_url="https://kith.example/hook",
        webhook_secret="a-secret-of-some-length",
        probe_secret="a-secret-of-the-robot",
        heartbeat_url="https://beats.example/a-secret",
    )
    shown = repr(made) + str(made)
    assert [word for word in (TOKEN, KEY, "hunter2", "a-secret") if word in shown] == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("bot_token", "my-bot", "must be a bot's token"),
        ("key", "c2hvcnQ=", "must be 32 random bytes in base64"),
        ("database_url", "mysql://kith:hunter2@db/kith", "must start with sqlite:/// or"),
        ("telegram_api", "api.telegram.org", "must be an address that starts with https://"),
        ("sessions_url", "http://kith.example/sessions.ics", "must be an address that starts with"),
        ("sessions_url", "https://kith.example/dates", "must end with /sessions.ics"),
        ("telegram_api", "ftp://127.0.0.1", "must be an address that starts with https://"),
        ("telegram_api", "http://1.1.1.1", "must start with https://"),
        ("telegram_api", "http://bots.example.org", "must start with https://"),
        ("telegram_api", "http://[", "must be an address"),
        ("timezone", "Middle-earth/Shire", "must be the name of a time zone"),
        ("webhook_url", "http://kith.example", "must be an address that starts with https://"),
        ("webhook_url", "https:///hook", "must be an address that starts with https://"),
        ("webhook_url", "https://[", "must be an address that starts with https://"),
        ("webhook_url", "https://kith.example/?a=b", "must be an address that starts with"),
        ("webhook_port", "70000", "must be at most 65535"),
        ("admin_port", "-1", "must be at least 0"),
        ("admin_port", "none of them", "must be a whole number"),
        ("webhook_secret", "short", "must be 16 to 256 letters"),
        ("probe_secret", "short", "must be 16 to 256 letters"),
        ("heartbeat_url", "http://beats.example/secret", "must be an address that starts with"),
        ("heartbeat_url", "beats/secret", "must be an address that starts with"),
        ("messages_per_second", "many", "must be a whole number"),
        ("chat_burst", "0", "must be more than 0"),
        ("safety_reserve", "0", "must be at least 1"),
        ("lease_seconds", "2.5", "must be a whole number"),
        ("log_level", "loud", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("log_json", "perhaps", "must be true or false"),
    ],
)
def test_a_wrong_one_is_refused_by_name_and_never_by_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"KITH_{name.upper()}", value)
    [sentence] = refused()
    assert sentence.startswith(f"KITH_{name.upper()} ")
    assert said in sentence
    assert sentence.endswith(".")
    assert value not in sentence or value == "0"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8081", "http://localhost:8081", "http://[::1]:8081", "http://botapi:8081"],
)
def test_a_bot_api_of_ones_own_needs_no_encryption(address: str) -> None:
    assert loaded(telegram_api=address + "/").telegram_api == address


def test_everything_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_CHAT_BURST", "x")
    monkeypatch.setenv("KITH_LOG_JSON", "x")
    monkeypatch.setenv("KITH_SAFTEY_RESERVE", "9")
    assert refused() == [
        "KITH_SAFTEY_RESERVE is not a setting of Kith. Did you mean KITH_SAFETY_RESERVE?",
        "KITH_CHAT_BURST must be a whole number.",
        "KITH_LOG_JSON must be true or false.",
    ]


def test_a_wrong_folder_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    [sentence] = refused(data=7)
    assert sentence == "KITH_DATA cannot be read."


def test_what_the_tests_are_told_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_TEST_NO_SKIP", "1")
    loaded()


def test_half_a_webhook_is_refused() -> None:
    assert refused(webhook_url="https://kith.example/hook") == [
        "KITH_WEBHOOK_URL and KITH_WEBHOOK_SECRET are set together or not."
    ]


def test_only_a_playground_may_bring_messages_in_the_open() -> None:
    hook = {
        "webhook_url": "http://127.0.0.1:8443/hook",
        "webhook_secret": "a-secret-of-some-length",
    }
    loaded(**hook, telegram_api="http://127.0.0.1:8080")
    said = ["KITH_WEBHOOK_URL must be an address that starts with https://."]
    assert refused(**hook) == refused(**hook, telegram_api="http://botapi:8081") == said


def test_the_admin_port_can_be_switched_off() -> None:
    assert loaded().admin_port == 9090
    assert loaded(admin_port="off").admin_port is None


def test_the_reserve_leaves_room_for_the_rest() -> None:
    assert refused(messages_per_second=8) == [
        "KITH_SAFETY_RESERVE must be less than KITH_MESSAGES_PER_SECOND."
    ]


def test_a_message_is_not_sent_again_while_its_answer_may_come() -> None:
    assert refused(send_timeout=30) == ["KITH_LEASE_SECONDS must be more than KITH_SEND_TIMEOUT."]


def test_an_unreadable_file_is_said() -> None:
    Path(".env").write_bytes(b"KITH_DATA=\xff\xfe\n")
    assert refused() == ["The file .env cannot be read."]


@example(name="data", value="~nobody-of-that-name")
@given(
    name=st.sampled_from(sorted(Settings.model_fields)),
    value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
)
def test_no_value_whatever_breaks_the_reading(name: str, value: str) -> None:
    made = load(**{name: value})
    if isinstance(made, list):
        assert all(sentence.startswith("KITH_") for sentence in made)


def test_every_setting_is_in_the_table() -> None:
    table = settings_table()
    for name, field in Settings.model_fields.items():
        assert f"| `{settings.PREFIX}{name.upper()}` |" in table
        assert field.description
        assert "|" not in field.description
