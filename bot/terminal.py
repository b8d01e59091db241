"""What the commands share: how they speak, read the settings, and stop."""

from typing import NoReturn

import typer
from rich.console import Console

from bot import logs
from bot.clock import SystemClock
from bot.settings import Settings, load

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def settings_or_exit(**given: object) -> Settings:
    settings = load(**given)
    if isinstance(settings, list):
        for sentence in settings:
            err.print(f"[bold]Kith:[/] {sentence}")
        raise typer.Exit(1)
    log_quietly(settings)
    return settings


def log_quietly(settings: Settings) -> None:
    """Somebody reads the screen: only what is wrong is logged there."""
    logs.set_up(settings.model_copy(update={"log_level": "WARNING"}), SystemClock())


def token_or_exit(settings: Settings) -> str:
    if settings.bot_token is None:
        stop("KITH_BOT_TOKEN is missing. @BotFather gives you one; `kith demo` needs none.")
    return settings.bot_token.get_secret_value()


def stop(sentence: str) -> NoReturn:
    err.print(f"[bold]Kith:[/] {sentence}")
    raise typer.Exit(1)
