"""The command `kith probe`, where nothing is there to be probed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli

SECRET = {"KITH_PROBE_SECRET": "a-secret-of-the-robot"}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    yield
    root.handlers[:], root.level, own.level = before
    logging.captureWarnings(False)


def probe(data: Path, *words: str, **more: str) -> Result:
    return CliRunner(env={"KITH_DATA": str(data), **more}).invoke(cli, ["probe", *words])


def test_a_kith_that_does_not_answer_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    nowhere = probe(tmp_path, "http://127.0.0.1:9", **SECRET)
    assert nowhere.exit_code == 1
    assert "Kith does not answer (ConnectError)." in nowhere.output


def test_what_it_needs_is_said(tmp_path: Path) -> None:
    no_secret = probe(tmp_path, "http://127.0.0.1:9")
    assert (no_secret.exit_code, "KITH_PROBE_SECRET is missing" in no_secret.output) == (1, True)
    no_address = probe(tmp_path, **SECRET)
    assert (no_address.exit_code, "Say where Kith is" in no_address.output) == (1, True)
