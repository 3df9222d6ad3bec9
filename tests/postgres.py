"""A real PostgreSQL of one's own for tests: made in a temporary folder, reached through its socket, gone at the end."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

USER = "postgres"
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=200",
    "listen_addresses=",
)


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, where PostgreSQL is installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


class Postgres:
    """A server that can be stopped, killed and started again; every database in it is empty when it is made."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self.bin = bin_folder
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        if os.getuid() == 0:
            shutil.chown(folder, _unprivileged_user())
        self._run("initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        self.start()

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def create(self, like: str = "template0") -> str:
        """A new database, empty or like another that nobody is connected to; its URL."""
        name = f"t{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {_name(like)}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def start(self) -> None:
        """Returns when it answers."""
        options = [word for setting in QUICK for word in ("-c", setting)]
        command = [str(self.bin / "postgres"), "-D", self.data, "-k", str(self.folder), *options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(_unprivileged(command), stdout=log, stderr=log, cwd="/")
        for _ in range(300):
            ready = [str(self.bin / "pg_isready"), "-q", "-h", str(self.folder)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text("utf-8", "replace")[-2_000:])

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGINT ends sessions and shuts down in order, SIGQUIT drops everything as a crash does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        command = _unprivileged([str(self.bin / program), *arguments])
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return command
    user = pwd.getpwnam(_unprivileged_user())
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]


def _unprivileged_user() -> str:
    return next(user.pw_name for user in pwd.getpwall() if user.pw_name in {USER, "nobody"})


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the session; `postgres.create()` gives a database of one's own in it."""
    found = binaries()
    if found is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    memory = Path("/dev/shm")  # noqa: S108 - a database in memory where there is room for it: tests make hundreds
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30
    folder = Path(tempfile.mkdtemp(prefix="zspg-", dir=memory if roomy else None))
    server = Postgres(found, folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
