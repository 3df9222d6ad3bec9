"""The service as its operator runs it, for tests: processes started from the command line, work handed in through the store."""

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from api import clock
from api.jobs.client import Jobs, open_jobs
from api.reading import Upload
from api.settings import Settings, settings_from
from api.store import reviews
from api.store.opened import Store, open_store
from api.store.reviews import OPEN, ReviewRow

ROOT = Path(__file__).resolve().parents[3]
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(pages: int, text: str = "检测") -> bytes:
    """A file of so many pages that is read quickly, page by page, without recognition."""
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/P{i}.xml"/>' for i in range(pages))
    files = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "D/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        f"</ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for i in range(pages):
        files[f"D/Pages/P{i}.xml"] = (
            f'<ofd:Page {NS}><ofd:Content><ofd:Layer><ofd:TextObject Boundary="20 20 100 5" Size="4">'
            f'<ofd:TextCode X="0" Y="4">{text}第{i + 1}页</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def outside() -> dict[str, str]:
    """The environment of the tests; what a process compiles, the next ones find, for tests start many."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(slots=True)
class Service:
    """One data folder and database, and the processes that work on them."""

    environment: Mapping[str, str]
    settings: Settings
    store: Store
    jobs: Jobs
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str, **environment: str) -> "subprocess.Popen[bytes]":
        """A command of the program, with further variables in its environment."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", *command],
                env={**outside(), "PYTHONPATH": str(ROOT), **self.environment, **environment},
                cwd=self.settings.data,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def submit(
        self,
        *files: Upload,
        as_of: dt.date = dt.date(2026, 11, 1),
        callback: str | None = None,
        secrets: Sequence[str] = (),
        **more: object,
    ) -> str:
        review, _ = reviews.create_review(
            self.store,
            files,
            as_of=as_of,
            actor="test",
            now=clock.now(),
            callback_url=callback,
            callback_secrets=secrets,
            **more,  # type: ignore[arg-type]
        )
        self.jobs.submit(review.id)
        return review.id

    def get(self, review_id: str) -> ReviewRow:
        return reviews.get_review(self.store, review_id)

    def ended(self, review_id: str, seconds: float = 60.0) -> ReviewRow:
        """The review once it has ended."""
        until(lambda: self.get(review_id).state not in OPEN, seconds, self)
        return self.get(review_id)

    def said(self) -> str:
        """What the processes logged."""
        return self.log.read_text("utf-8", "replace")

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait(30)
        self.jobs.close()
        self.store.close()


@contextmanager
def service(folder: Path, database_url: str = "", **environment: str) -> Iterator[Service]:
    """A service without any process yet. Two readers, one page a part, dead after three seconds of silence, unless set otherwise."""
    given = {
        "ZHENGSHEN_DATA": str(folder),
        "ZHENGSHEN_DATABASE_URL": database_url,
        "ZHENGSHEN_WORKERS": "2",
        "ZHENGSHEN_PAGES_PER_PART": "1",
        "ZHENGSHEN_LAPSE_SECONDS": "3",
        "ZHENGSHEN_WEBHOOK_HOSTS": "127.0.0.1",
        **environment,
    }
    settings = settings_from(given)
    folder.mkdir(parents=True, exist_ok=True)
    here = Service(given, settings, open_store(settings), open_jobs(settings), folder / "log")
    try:
        yield here
    finally:
        here.close()


def until(what: Callable[[], object], seconds: float, here: Service | None = None) -> None:
    """Wait for it."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s\n{here.said()[-4_000:] if here else ''}")
        time.sleep(0.05)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """As the kernel or an operator in a hurry does."""
    process.send_signal(signal.SIGKILL)
    process.wait(30)
