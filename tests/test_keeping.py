"""`kith backup`, `kith restore` and `kith move-to`, as an operator types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.playground.server import TOKEN
from bot.store.engine import Refused
from tests.test_main import _as_before  # noqa: F401 -- the commands set the logs up


@pytest.fixture
def runner(tmp_path: Path) -> CliRunner:
    return CliRunner(env={"KITH_DATA": str(tmp_path / "data"), "KITH_BOT_TOKEN": TOKEN})


def types(runner: CliRunner, *words: str) -> str:
    """What the command says; it ends well."""
    done = runner.invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_service_is_backed_up_and_put_back(runner: CliRunner, tmp_path: Path) -> None:
    backups = str(tmp_path / "backups")
    types(runner, "seed", "sample")
    said = types(runner, "backup", backups)
    assert "✓ KITH_KEY opens the stored keys: 10." in said
    assert f"The people's keys are in {backups}/keys/kith-" in said
    assert "✓ The ledger goes on from the backup" in types(runner, "check", "--against", backups)
    with pytest.raises(Refused, match="--replace"):
        types(runner, "restore", backups)
    said = types(runner, "restore", backups, "--replace")
    assert "What happened since then is gone." in said
    assert "Out at that time: 0." in said
    types(runner, "check")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("backup",), "Name a folder"),
        (("backup", "here", "--data-to", "there"), "not both"),
        (("backup", "--data-to", "there"), "Name a folder, or both"),
        (("restore",), "Name the folder"),
        (("restore", "here"), "no key to read"),
        (("move-to", "postgresql://kith@/kith"), "no key to read"),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, tuple) else "",
)
def test_what_is_not_clear_is_asked_in_a_sentence(
    runner: CliRunner, words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        types(runner, *words)
