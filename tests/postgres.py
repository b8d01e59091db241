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


_MADE = """
SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
    SELECT format('%s %s', oid, relname) AS line FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s %s', attrelid, attname, atttypid) FROM pg_attribute
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT format('%s %s %s', tgrelid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT format('%s %s', oid, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT version_num FROM alembic_version
) AS everything
"""
"""What stands in a database besides what Kith keeps in it."""

_ALONE = """
SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_EMPTY = """
DO $$ DECLARE place text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR place IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', place); END LOOP;
    FOR place IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'
    LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', place); END LOOP;
    DROP SCHEMA IF EXISTS kith_keys CASCADE;
END $$
"""
"""As it is after the migrations; the triggers that keep the ledger whole look away."""


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


class Shared:
    """One database for many tests: each finds it as its template is, without its being made anew,
    which takes ten times as long."""

    def __init__(self, cluster: Cluster, name: str, template: str) -> None:
        self._cluster, self._name, self._template = cluster, name, template
        self._open()

    def anew(self) -> str:
        """Its address. Whoever is still connected is thrown out."""
        self._hand.execute(_ALONE)
        if self._mark() == self._made:
            self._hand.execute(_EMPTY)
        else:  # the last test has changed more than rows
            self.close()
            self._cluster.drop(self._name)
            self._open()
        return self._cluster.url(self._name)

    def close(self) -> None:
        self._hand.close()

    def _open(self) -> None:
        url = self._cluster.create(self._name, self._template)
        self._hand = psycopg.connect(url, autocommit=True)
        self._made = self._mark()

    def _mark(self) -> object:
        return self._hand.execute(_MADE).fetchone()


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
