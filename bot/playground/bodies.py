"""What the control interface takes: the shape of every body that is posted to it."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from bot.playground.faults import Kind


class NewPerson(BaseModel):
    name: str = Field(min_length=1)
    role: str | None = None
    username: str | None = None


class NewGroup(BaseModel):
    title: str = Field(min_length=1)


class Words(BaseModel):
    """What is written; in a group, `as` says by whom."""

    text: str
    writer: int | None = Field(None, alias="as")


class Caption(BaseModel):
    caption: str | None = None


class Edit(BaseModel):
    message_id: int
    text: str


class Tap(BaseModel):
    button: str = Field(min_length=1)
    message_id: int | None = None


class Spot(BaseModel):
    """A place to share, for `live_period` seconds if given; or to where a live one moves."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    live_period: int | None = None
    message_id: int | None = None


class Block(BaseModel):
    blocked: bool


class Advance(BaseModel):
    seconds: float = Field(ge=0, le=10 * 366 * 86400, allow_inf_nan=False)


class NewFault(BaseModel):
    kind: Kind
    rate: float = Field(1.0, ge=0, le=1)
    methods: list[str] | None = None
    chats: list[int] | None = None
    count: int | None = Field(None, ge=1)


class RawUpdate(BaseModel):
    update: dict[str, Any]


class Idle(BaseModel):
    """The bot's report that it is idle in this turn."""

    turn: int
    next: AwareDatetime | None = None
    pace: AwareDatetime | None = None
    decisions: list[dict[str, Any]] = []
    due: list[dict[str, Any]] = []
