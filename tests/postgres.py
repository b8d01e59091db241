"""A throw-away PostgreSQL for the tests: a real cluster on a Unix socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, or None where none is installed."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    installed = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.is_dir()]
    return max(installed, key=lambda folder: int(folder.parent.name), default=None)


def skip_or_fail(reason: str) -> None:
    """Say plainly what was skipped and why; in CI, where nothing may be skipped, fail."""
    if os.environ.get("KITH_TEST_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)  # the one skip of all tests: a program is missing, as the README says


class Cluster:
    """A running server; `url(name)` is the address of one of its databases."""

    def __init__(self, socket: Path, run: Callable[..., None], settings: str) -> None:
        self._socket = socket
        self._pg_ctl = run
        self._settings = settings

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._socket}"

    def create(self, name: str, template: str = "template1") -> str:
        # Copying files is ten times as fast as writing every page to the log (15's default).
        how = "STRATEGY file_copy" if self._version() >= 150000 else ""
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} {how}")
        return self.url(name)

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        log = str(self._socket / "log")
        self._pg_ctl("pg_ctl", "start", "-w", "-l", log, "-o", self._settings)

    def crash(self) -> None:
        """Every process of the server is gone at once, and it has to recover at its next start.

        With fsync off this says nothing of a machine that loses its power: what the server had
        written is in the system's hands, which go on.
        """
        self._pg_ctl("pg_ctl", "stop", "-w", "-m", "immediate")

    def _version(self) -> int:
        with psycopg.connect(self.url("postgres")) as connection:
            return connection.info.server_version

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a server, stop and remove it afterwards. As root it runs as the user `postgres`.

    `durable`: what it has committed is on the disk, as a service's own would have it.
    """
    found = programs()
    assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="kith-pg-"))  # short: a socket's path has a limit
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_user, found / program, "-D", data, *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )

    quick = "" if durable else " -c fsync=off -c full_page_writes=off"
    settings = f"-k {folder} -c listen_addresses=''{quick}"
    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        running = Cluster(folder, run, settings)
        running.start()
        try:
            yield running
        finally:
            running.crash()
    finally:
        shutil.rmtree(folder)
