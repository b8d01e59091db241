"""The commands that keep what people trust Kith with: backup, restore, moving house."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app import master_key
from bot.clock import SystemClock
from bot.settings import Settings
from bot.store import backup as backups
from bot.store import move as moves
from bot.store import restore as restores
from bot.store.engine import Refused
from bot.terminal import out, settings_or_exit

cli = typer.Typer()

Folder = Annotated[
    Path | None, typer.Argument(help="The folder of the backups; its parts are `data` and `keys`.")
]


@cli.command()
def backup(
    folder: Folder = None,
    data_to: Annotated[Path | None, typer.Option(help="Where the data goes.")] = None,
    keys_to: Annotated[Path | None, typer.Option(help="Where the people's keys go.")] = None,
) -> None:
    """Copy the data and the people's keys, while Kith runs, and look the copy through."""
    to_data, to_keys = _places(folder, data_to, keys_to)
    if to_data is None or to_keys is None:
        raise Refused("Name a folder, or both --data-to and --keys-to.")
    settings = settings_or_exit()
    made = backups.back_up(
        settings.database_url,
        key=master_key(settings),
        data=settings.data,
        data_to=to_data,
        keys_to=to_keys,
        now=SystemClock().now(),
    )
    for finding in made.found:
        out.print(f"{'✓' if finding.ok else '✗'} {finding.sentence}")
    out.print(f"The data is in {made.data}", f"The people's keys are in {made.keys}", sep="\n")
    if not made.good:
        out.print("[bold]This is not a good backup.[/] It is kept for whoever looks into it.")
        raise typer.Exit(1)


@cli.command()
def restore(
    folder: Folder = None,
    data_from: Annotated[
        Path | None, typer.Option(help="Where the data is: a place of backups, or one of them.")
    ] = None,
    keys_from: Annotated[
        Path | None, typer.Option(help="Where the keys are. Without it: the keys in place.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Move away a database that is there.")
    ] = False,
    keep_keys: Annotated[
        bool | None,
        typer.Option(help="Whose keys stand, when those in place lack some of the backup's."),
    ] = None,
) -> None:
    """Put the newest backup of a place back, or the one that is named."""
    from_data, from_keys = _places(folder, data_from, keys_from)
    if from_data is None:
        raise Refused("Name the folder of the backups, or --data-from.")
    settings = settings_or_exit()
    restored = restores.restore(
        settings.database_url,
        key=master_key(settings),
        data=settings.data,
        data_from=from_data,
        keys_from=from_keys,
        now=SystemClock().now(),
        replace=replace,
        keep_keys=keep_keys,
    )
    for sentence in _what_it_means(restored, settings):
        out.print(sentence)


@cli.command("move-to")
def move_to(
    target: Annotated[str, typer.Argument(help="postgresql://USER:PASSWORD@HOST/NAME, empty.")],
) -> None:
    """Copy a stopped SQLite service to PostgreSQL, and prove it before it says done."""
    settings = settings_or_exit()
    moved = moves.move_to(
        settings.database_url, target, key=master_key(settings), data=settings.data
    )
    out.print(
        f"✓ Every row is there and the same: {moved.rows}.",
        f"✓ The ledger's chain ends where it did and holds: {moved.position} lines.",
        f"✓ Every key opens, and what they seal can be read: {moved.keys}.",
        "The files stay as they were. Now put the new address into KITH_DATABASE_URL,",
        "type `kith check`, and start Kith.",
        sep="\n",
    )


def _places(
    folder: Path | None, data: Path | None, keys: Path | None
) -> tuple[Path | None, Path | None]:
    if folder is None:
        return data, keys
    if data is not None or keys is not None:
        raise Refused("Name one folder, or the two places: not both.")
    return folder / "data", folder / "keys"


def _what_it_means(restored: restores.Restored, settings: Settings) -> list[str]:
    made = f"{restored.made_at.astimezone(settings.timezone):%d %B %Y, %H:%M}"
    said = [
        f"[bold]The backup of {made} is in place.[/] What happened since then is gone.",
        f"Out at that time: {restored.out}. Alerts open at that time: {restored.alerts}.",
        "Ring everybody who was out then, and ask staff who has gone out since.",
        "Who left since then is in the circle again, and choices made since are forgotten: "
        "ask your managers before Kith runs.",
    ]
    if restored.again:
        said.append(f"Alerts that go again as a possible repeat: {restored.again}.")
    if restored.unsent:
        said.append(f"Other messages that waited then and are not sent: {restored.unsent}.")
    if restored.set_aside:
        said.append(f"Messages from people that they are asked to repeat: {restored.set_aside}.")
    if restored.kept_keys:
        said.append("The keys in place were kept: who was erased since the backup stays erased.")
    said += [f"Moved away: {file}" for file in restored.away]
    return [*said, "Now type `kith check`, then start Kith."]
