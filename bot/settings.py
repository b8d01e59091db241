"""The environment (or a file `.env`) as one frozen model. Nobody else reads it.

`load()` gives the settings, or sentences that say what is wrong and name the variable,
never its value: any of them may be a secret.
"""

import os
import re
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import channels, key
from bot.care import hours, review
from bot.care.hours import Hours
from bot.care.review import Rules
from bot.network import on_this_machine

PREFIX = "KITH_"
ENV_FILE = ".env"


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value(), re.ASCII):
        raise ValueError("must be a bot's token as @BotFather gives it, digits, a colon, letters")
    return value


def _key(value: SecretStr) -> SecretStr:
    if key.decode(value.get_secret_value()) is None:
        raise ValueError("must be 32 random bytes in base64")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w-]{16,256}", value.get_secret_value(), re.ASCII):
        raise ValueError("must be 16 to 256 letters, digits, '_' or '-'")
    return value


def _database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return url


def _near(host: str) -> bool:
    """Whether an address without encryption stays inside the service's own network."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def _telegram_api(url: str) -> str:
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        scheme, host = "", None
    if not host or scheme not in ("http", "https"):
        raise ValueError("must be an address that starts with https://")
    if scheme == "http" and not _near(host):
        raise ValueError("must start with https://, or the token would travel in the open")
    return url.rstrip("/")


def _webhook_url(url: str) -> str:
    try:
        parts, near = urlsplit(url), on_this_machine(url)
    except ValueError:
        parts, near = urlsplit(""), False
    plain = parts.hostname and not (parts.query or parts.fragment or parts.username)
    if not plain or not (parts.scheme == "https" or (parts.scheme == "http" and near)):
        raise ValueError("must be an address that starts with https://")
    return url


def _heartbeat_url(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        near = _near(parts.hostname or ".")
    except ValueError:
        parts, near = urlsplit(""), False
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and near)):
        raise ValueError("must be an address that starts with https://")
    return value


def _sessions_url(url: str) -> str:
    if not _webhook_url(url).endswith("/sessions.ics"):
        raise ValueError("must end with /sessions.ics")
    return url


def _channels(value: SecretStr) -> SecretStr:
    channels.read(value.get_secret_value())
    return value


def _hours(text: str) -> str:
    hours.read(text, ZoneInfo("UTC"))
    return text


def _reviews(text: str) -> str:
    review.own(text)
    return text


def _whole(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise ValueError("must be a folder that is there") from None


def _folder(path: Path) -> Path:
    if not _whole(path).is_dir():
        raise ValueError("must be a folder that is there")
    return _whole(path)


def _off(value: Any) -> Any:
    return None if isinstance(value, str) and value.lower() in ("off", "none") else value


Port = Annotated[int, Field(ge=0, le=65535)]


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """How this installation runs. Seconds are whole; paths are absolute."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    bot_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        None,
        description="The token @BotFather gave you. `kith run` needs it; `kith demo` does not.",
    )
    telegram_api: Annotated[str, AfterValidator(_telegram_api)] = Field(
        "https://api.telegram.org", description="The base address of the Bot API."
    )
    data: Annotated[Path, AfterValidator(_whole)] = Field(
        Path("kith-data"), description="The folder that Kith keeps its files in."
    )
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        default_factory=lambda made: f"sqlite:///{made['data'] / 'kith.db'}",
        repr=False,
        description="`sqlite:///` and a path, or `postgresql://` and a server. "
        "Without it: SQLite, `kith.db` in `KITH_DATA`.",
    )
    key: Annotated[SecretStr, AfterValidator(_key)] | None = Field(
        None,
        description="32 random bytes in base64, which protect everything people write. "
        "Without it: the file `kith.key` in `KITH_DATA`, made by `kith init` and `kith demo`.",
    )
    timezone: ZoneInfo = Field(
        ZoneInfo("Europe/London"), description="The service's time zone, for plans and screens."
    )
    hours: Annotated[str, AfterValidator(_hours)] = Field(
        "Mon-Fri 09:00-17:00",
        description="When the team reads what comes in, such as `Mon-Fri 09:00-17:00, Sat "
        "10:00-12:00`. On bank holidays it is closed, unless there is `Holidays 10:00-12:00`.",
    )
    reviews: Annotated[str, AfterValidator(_reviews)] = Field(
        "",
        description="What the service looks at again for everybody it supports, beside what Kith "
        "knows of, such as `Medication: every 6 months; Fire plan: every year`.",
    )
    review_days: PositiveInt = Field(
        14, description="After how many days a review that is late goes to the managers."
    )
    info: Annotated[Path, AfterValidator(_folder)] | None = Field(
        None,
        description="A folder of the service's own pages for `/info`, `en_GB/NAME.md` and "
        "`en_GB@easy/NAME.md`. A page of the same name stands instead of Kith's.",
    )
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] | None = Field(
        None,
        description="The address that Telegram brings messages to, `https://` and a path that "
        "nobody guesses. Without it Kith fetches them itself.",
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        None,
        description="16 to 256 letters and digits that prove to Kith that Telegram is calling.",
    )
    webhook_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Where Kith listens for the webhook, behind a proxy with the certificate.",
    )
    webhook_port: Port = Field(8443, description="The port it listens on; 0 takes a free one.")
    admin_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Where `/healthz` and `/metrics` are answered. Never in the open.",
    )
    admin_port: Annotated[Port | None, BeforeValidator(_off)] = Field(
        9090, description="The port they are answered on; 0 takes a free one, `off` none."
    )
    sessions_url: Annotated[str, AfterValidator(_sessions_url)] | None = Field(
        None,
        description="The address at which anybody may follow the dates of sessions in their own "
        "calendar: `https://`, your host, `/sessions.ics`. Without it there is no such calendar.",
    )
    messages_per_second: PositiveInt = Field(
        30, description="How many messages Kith sends in a second at most. Telegram allows 30."
    )
    safety_reserve: int = Field(
        8, ge=1, description="How many of these are kept free for safety messages."
    )
    chat_burst: PositiveInt = Field(
        5, description="How many messages one chat may get at once. After that, one a second."
    )
    send_timeout: PositiveInt = Field(
        10, description="How many seconds Kith waits for Telegram's answer to a message."
    )
    lease_seconds: PositiveInt = Field(
        30, description="After how many seconds a message without a known end is sent again."
    )
    channels: Annotated[SecretStr, AfterValidator(_channels)] | None = Field(
        None,
        description="Other ways to reach staff when Telegram does not: a JSON object of names and "
        "Apprise addresses with `{to}`. They hold passwords.",
    )
    fallback_seconds: PositiveInt = Field(
        60, description="After how many seconds an alert that has not arrived goes another way."
    )
    heartbeat_url: Annotated[SecretStr, AfterValidator(_heartbeat_url)] | None = Field(
        None,
        description="An address outside that Kith asks each minute while nothing is overdue. When "
        "it is asked no more, whoever looks after it calls a human.",
    )
    probe_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        None,
        description="16 to 256 letters and digits that `kith probe` proves itself with, on another "
        "machine. Without it nobody can probe.",
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = (
        Field("INFO", description="How much Kith logs: `DEBUG`, `INFO`, `WARNING` or `ERROR`.")
    )
    log_json: bool = Field(False, description="Log lines as JSON, for a log collector.")

    @property
    def service_hours(self) -> Hours:
        """When the team reads, in the service's zone."""
        return hours.read(self.hours, self.timezone)

    @property
    def service_reviews(self) -> Rules:
        """What is looked at here besides, and when something is late."""
        return Rules(review.own(self.reviews), timedelta(days=self.review_days))

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        if (self.webhook_url is None) != (self.webhook_secret is None):
            raise ValueError("KITH_WEBHOOK_URL and KITH_WEBHOOK_SECRET are set together or not.")
        if (self.webhook_url or "").startswith("http:") and not on_this_machine(self.telegram_api):
            raise ValueError("KITH_WEBHOOK_URL must be an address that starts with https://.")
        if self.safety_reserve >= self.messages_per_second:
            raise ValueError("KITH_SAFETY_RESERVE must be less than KITH_MESSAGES_PER_SECOND.")
        if self.lease_seconds <= self.send_timeout:
            raise ValueError("KITH_LEASE_SECONDS must be more than KITH_SEND_TIMEOUT.")
        return self


def load(**given: Any) -> Settings | list[str]:
    """The settings, or what is wrong with them. `given` (from the command line) goes first;
    None there means not given.
    """
    try:
        unknown = _unknown()
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        return [*unknown, *filter(None, map(_sentence, wrong.errors(include_url=False)))]
    except (OSError, UnicodeError):
        return [f"The file {ENV_FILE} cannot be read."]
    return unknown or settings


def settings_table() -> str:
    """Every setting as a Markdown table, for the operator's guide."""
    rows = ["| variable | default | what it does |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def _unknown() -> list[str]:
    """A misspelt variable would otherwise be passed over in silence."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    names = {name.upper() for name in (*os.environ, *dotenv_values(ENV_FILE))}
    return [
        f"{name} is not a setting of Kith." + (f" Did you mean {near[0]}?" if near else "")
        for name in sorted(names)
        if name.startswith(PREFIX) and name not in known and not name.startswith("KITH_TEST_")
        for near in [get_close_matches(name, known, n=1)]
    ]


_MUST = {
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must not be empty",
    "literal_error": "must be {expected}",
    "zoneinfo_str": "must be the name of a time zone, such as Europe/London",
}


def _sentence(error: ErrorDetails) -> str | None:
    context = error.get("ctx", {})
    if error["type"] == "default_factory_not_called":  # it follows from another error
        return None
    must = str(context["error"]) if error["type"] == "value_error" else _MUST.get(error["type"])
    if not error["loc"]:
        return must
    name = PREFIX + str(error["loc"][0]).upper()
    return f"{name} {(must or 'cannot be read').format(**context)}."
