"""The `kith` command."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime, time
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import qrcode
import typer
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot import app as kith
from bot import demo as demos
from bot import importing, keeping, key, logs, probing
from bot.care import hours
from bot.care.outcome import About, Topic
from bot.care.wall import moment
from bot.clock import HandClock, SystemClock
from bot.i18n import STANDARD, CatalogueError, Words
from bot.inbox.refusal import UNKNOWN
from bot.inbox.webhook import unregister
from bot.network import on_this_machine
from bot.playground.server import Playground
from bot.playground.state import InUse
from bot.reports import explain as explanations
from bot.reports.feed import PATH as FEED
from bot.settings import Settings, load
from bot.stopping import until_stopped
from bot.store import check as checks
from bot.store import explain as explains
from bot.store import migrate as migrations
from bot.store import seed as seeds
from bot.store.memory import Refused
from bot.terminal import err, log_quietly, out, settings_or_exit, stop, token_or_exit
from bot.waking import settle

T = TypeVar("T")

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Kith: a chat assistant for the circle of support around a person.",
)
seed_cli = typer.Typer(no_args_is_help=True, help="Fill an empty database.")
cli.add_typer(seed_cli, name="seed")
cli.add_typer(keeping.cli)
cli.add_typer(importing.cli)
cli.add_typer(probing.cli)


class Seed(StrEnum):
    SAMPLE = "sample"
    EMPTY = "empty"


class WhichClock(StrEnum):
    HAND = "hand"
    REAL = "real"


class RunClock(StrEnum):
    SYSTEM = "system"
    PLAYGROUND = "playground"


Port = Annotated[int, typer.Option(help="The port on this machine; 0 takes a free one.")]
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]

Data = Annotated[Path | None, typer.Option(help="The folder that Kith keeps its files in.")]


def main() -> None:
    """Run the command line; what is refused is one sentence and exit code 1."""
    try:
        cli()
    except (Refused, CatalogueError, InUse) as refused:
        err.print(f"[bold]Kith:[/] {refused}")
        sys.exit(1)


@cli.command()
def demo(
    port: Port = 8080,
    data: Data = None,
    seed: Annotated[Seed, typer.Option(help="Who is there at first.")] = Seed.SAMPLE,
    clock: Annotated[WhichClock, typer.Option(help="Who moves the clock.")] = WhichClock.HAND,
) -> None:
    """Try Kith in a browser: no account, no token, no network."""
    folder = (data or Path("kith-data") / "demo").absolute()
    # Whatever the environment names, a visitor must not meet a real service, nor its staff.
    settings = settings_or_exit(data=folder, database_url=f"sqlite:///{folder / 'kith.db'}")
    settings = settings.model_copy(
        update={
            "webhook_url": None,
            "channels": None,
            "sessions_url": None,
            "heartbeat_url": None,
            "probe_secret": None,
        }
    )
    until_stopped(lambda: play_demo(settings, port, seed, clock))


@cli.command()
def playground(
    port: Port = 8080,
    data: Data = None,
    clock: Annotated[WhichClock, typer.Option(help="Who moves the clock.")] = WhichClock.HAND,
) -> None:
    """The playground alone: a Bot API server with a web page, for another Kith to use."""
    folder = (data or Path("kith-data") / "playground").absolute()
    settings_or_exit(data=folder)

    async def serve() -> None:
        place = Playground(folder, clock=clock.value)
        try:
            address = await place.serve(port=port)
            out.print(f"The playground is at [bold]{address}[/]", "Press Ctrl+C to stop.", sep="\n")
            await place.closed()
        finally:
            await place.close()

    until_stopped(serve)


@cli.command()
def run(
    clock: Annotated[
        RunClock, typer.Option(help="Whose time: the system's, or a local playground's.")
    ] = RunClock.SYSTEM,
) -> None:
    """Run Kith on Telegram, or on another Bot API server."""
    settings = settings_or_exit()
    logs.set_up(settings, SystemClock())
    until_stopped(lambda: serve_chat(settings, clock))


@cli.command()
def init(
    name: Annotated[str, typer.Argument(help="What the service is called.")],
    team: Annotated[str, typer.Option(help="The first team.")],
    manager: Annotated[str, typer.Option(help="The first manager's name.")],
    phone: Annotated[
        str | None, typer.Option(help="What staff ring when Telegram does not reach them.")
    ] = None,
) -> None:
    """Make a service and a team, and the first manager's invitation."""
    settings = settings_or_exit()
    token = token_or_exit(settings)
    username = asyncio.run(ask_telegram(settings, token, bot_name))
    if settings.key is None:
        key.make(settings.data)
    migrations.upgrade(settings.database_url)
    word = asyncio.run(
        in_memory(settings, lambda c, now: seeds.init_service(c, name, team, manager, now, phone))
    )
    link = f"https://t.me/{username}?start={word}"
    code = qrcode.QRCode(border=2)
    code.add_data(link)
    drawn = StringIO()
    code.print_ascii(out=drawn, invert=True)
    out.print(drawn.getvalue())
    out.print(f"{manager} opens this link on their own phone, once, within 24 hours:")
    out.print(f"[bold]{link}[/]")


@cli.command()
def phone(
    number: Annotated[str, typer.Argument(help="What staff ring when Telegram is away.")],
) -> None:
    """Change the service's number, which a call by another way than Telegram names."""
    settings = settings_or_exit()
    asyncio.run(in_memory(settings, lambda c, now: seeds.change_phone(c, number, now)))
    out.print(f"Staff are told to ring {number} from now on.")


@seed_cli.command("sample")
def seed_sample(
    member: Annotated[
        list[str] | None, typer.Option(help="A member's Telegram id: Sam=123456. Repeatable.")
    ] = None,
) -> None:
    """Load the sample circle into an empty database."""
    settings = settings_or_exit()
    ids: dict[str, int] = {}
    for given in member or []:
        who, _, number = given.partition("=")
        if not number.isdigit():
            stop(f"--member {given}: write a name, '=' and a Telegram id, like Sam=123456.")
        ids[who] = int(number)
    if settings.key is None:
        key.make(settings.data)
    migrations.upgrade(settings.database_url)
    asyncio.run(in_memory(settings, lambda c, now: demos.sample(c, now, ids)))
    out.print("The sample circle is in the database: Sam, and eight people around Sam.")


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    settings = settings_or_exit()
    migrations.upgrade(settings.database_url)
    out.print("The database has the newest schema.")


@cli.command()
def check(
    against: Annotated[
        Path | None, typer.Option(help="A backup: is what it saw of the ledger there still?")
    ] = None,
) -> None:
    """Look at the settings, the catalogues, the database and its ledger; say what is wrong."""
    settings = load()
    if isinstance(settings, list):
        for sentence in settings:
            out.print(f"✗ {sentence}")
        raise typer.Exit(1)
    log_quietly(settings)
    out.print("✓ The settings can be used.")
    fine = True
    try:
        Words.load()
        out.print("✓ The catalogues are complete.")
    except CatalogueError as wrong:
        out.print(f"✗ {wrong}")
        fine = False
    try:
        opened = kith.master_key(settings)
        url, data = settings.database_url, settings.data
        for finding in checks.check(url, key=opened, data=data, against=against):
            out.print(f"{'✓' if finding.ok else '✗'} {finding.sentence}")
            fine = fine and finding.ok
    except Refused as refused:
        out.print(f"✗ {refused}")
        fine = False
    if not fine:
        raise typer.Exit(1)


@cli.command()
def explain(
    person: Annotated[str, typer.Argument(help="About whom: a name or an id.")],
    to: Annotated[str, typer.Argument(help="To whom: a name or an id.")],
    topic: Annotated[Topic, typer.Argument(help="What it is about.")],
    level: Annotated[int, typer.Argument(min=1, max=3, help="How much: 1, 2 or 3.")],
    at: Annotated[
        datetime | None,
        typer.Option(formats=MOMENTS, help="When, by the service's clocks. Without it: now."),
    ] = None,
    news: Annotated[
        str | None, typer.Option(help="The id of an item that the person may be asked about first.")
    ] = None,
) -> None:
    """May this be said to them, or might it have been then, and why? Looks only."""
    settings = settings_or_exit()
    now = SystemClock().now()
    then = now if at is None else moment(at.date(), at.time(), settings.timezone)
    voice = Words.load().voice(STANDARD, settings.timezone, then)
    opened = kith.master_key(settings)
    with explains.looking(settings.database_url, key=opened, data=settings.data) as c:
        about, reader = explains.member(c, person), explains.member(c, to)
        asked = About(about.id, topic, level, item=news, at=then)
        for explained in explains.explain(c, reader.id, asked, then):
            for line in explanations.lines(voice, explained, about.name, reader.name):
                out.print(line, markup=False)


@cli.command()
def unhook() -> None:
    """Have Telegram call nobody any more; Kith then fetches its messages itself."""
    settings = settings_or_exit()
    token = token_or_exit(settings)
    if settings.webhook_url is not None:
        stop("KITH_WEBHOOK_URL is set. Stop Kith and remove it first, or Kith is called again.")
    asyncio.run(ask_telegram(settings, token, unregister))
    out.print("Telegram keeps what people write until Kith fetches it. Start Kith now.")


# --- behind the commands ------------------------------------------------------------------


async def play_demo(settings: Settings, port: int, seed: Seed, clock: WhichClock) -> None:
    # A first visit begins at two in the afternoon: a good time to go to the café.
    today = SystemClock().now().astimezone(settings.timezone).date()
    afternoon = moment(today, time(14), settings.timezone)
    beside = port + 1 if 0 < port < 65535 else None
    if beside is not None:
        settings = settings.model_copy(update={"sessions_url": f"http://127.0.0.1:{beside}{FEED}"})
    place = demos.Demo(
        settings,
        port=port,
        seed=seed.value,
        clock=clock.value,
        start=afternoon,
        admin_port=beside,
    )
    async with place as running:
        out.print(
            f"Kith is at [bold]{running.address}[/]",
            "Open it in a browser and press [bold]Show me[/]: the story takes two minutes.",
            "Or play: write [bold]/out[/] on Sam's phone, set off, and move the clock.",
            *([f"The sessions as a calendar: {settings.sessions_url}"] if beside else []),
            "Press Ctrl+C to stop. Everything is kept for the next time.",
            sep="\n",
        )
        await running.ended()


async def serve_chat(settings: Settings, which: RunClock) -> None:
    token = token_or_exit(settings)
    on_playground = which is RunClock.PLAYGROUND
    if on_playground and not on_this_machine(settings.telegram_api):
        stop("--clock playground: KITH_TELEGRAM_API must be a playground on this machine.")
    try:
        clock = (
            await kith.playground_clock(settings.telegram_api) if on_playground else SystemClock()
        )
    except httpx.HTTPError:
        stop(f"There is no playground at {settings.telegram_api}.")
    memory = await kith.await_memory(settings, clock)
    try:
        app = kith.App(settings, memory, Words.load(), token, settings.telegram_api)
        settle()
        async with asyncio.TaskGroup() as both:
            both.create_task(app.run())
            both.create_task(asyncio.to_thread(hours.learn, clock.now().year))
            if on_playground:
                hand = clock if isinstance(clock, HandClock) else None
                both.create_task(app.turn(settings.telegram_api, hand).run())
    except* Refused as refused:
        raise refused.exceptions[0] from None
    finally:
        await memory.close()


async def ask_telegram(
    settings: Settings, token: str, ask: Callable[[Bot], Coroutine[Any, Any, T]]
) -> T:
    """What Telegram answers; without an answer the command stops with a sentence."""
    api = settings.telegram_api
    try:
        async with Bot(token, base_url=f"{api}/bot", request=kith.way_to(settings, api, 1)) as bot:
            return await ask(bot)
    except InvalidToken:
        stop(UNKNOWN)
    except TelegramError as error:
        stop(f"Telegram cannot be reached ({type(error).__name__}). Nothing has been changed.")


async def bot_name(bot: Bot) -> str:
    """An invitation is a link to it."""
    return str(bot.username)


async def in_memory(settings: Settings, act: Callable[..., T]) -> T:
    memory = await kith.open_memory(settings, SystemClock())
    try:
        return await memory.write(act, await memory.now())
    finally:
        await memory.close()


if __name__ == "__main__":
    main()
