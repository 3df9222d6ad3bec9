"""The case page in Chromium, 300 pages and 10,000 rows: how soon it can be read, how soon a box is lit, what the tab holds."""

import os
import shutil
import statistics
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from api import clock
from api.http.pages.shell import SESSION, lifetime_of
from api.settings import Settings
from api.store import open_store, people, sessions
from api.store.people import Role
from tests.api.http.conftest import serve
from tests.benchmarks.bench import arguments, report
from tests.browser.conftest import CHROMIUM, DESK
from tests.browser.given_case import large_case

ROWS, PAGES, FINDINGS = 10_000, 300, 600

FIRST_VIEW = """() => new Promise((done) => {
  const look = () => {
    const [painted] = performance.getEntriesByName("zs:painted");
    if (painted) done(painted.startTime);
    else setTimeout(look, 20);
  };
  look();
})"""
"""Milliseconds from the start of the navigation until list, page picture and finding are painted."""
SELECT = """() => new Promise((done) => {
  const pressed = performance.now();
  document.addEventListener("zs:lit", () => done(performance.now() - pressed), { once: true });
  document.getElementById("findings").dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
})"""
"""Milliseconds from pressing J until the box is painted on its page."""
SCROLL = """(stops) => new Promise((done) => {
  const view = document.getElementById("rows-view");
  const frames = [];
  let before = performance.now();
  let stop = 0;
  const step = (now) => {
    frames.push(now - before);
    before = now;
    stop += 1;
    view.scrollTop = (stop * 97) % (view.scrollHeight - view.clientHeight);
    if (stop < stops) requestAnimationFrame(step);
    else done(frames.slice(2));
  };
  requestAnimationFrame(step);
})"""
"""Milliseconds between frames while the table of rows is scrolled."""


def main() -> None:
    """Medians over several fresh tabs; the service runs as `zhengshen serve` with one worker."""
    options = arguments(__doc__).parse_args()
    with _case() as (url, token, review), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        figures = _figures(browser, url, token, review, options)
        browser.close()
    report("case_page", figures, as_json=options.json, packages=("fastapi", "playwright"))


def _figures(browser: Browser, url: str, token: str, review: str, options: Namespace) -> dict[str, object]:
    _first_view(browser, url, token, review)[
        0
    ].close()  # imports and caches of the service, as on any day after the first visitor
    views = []
    for _ in range(3 if options.quick else 7):
        context, page, ms = _opened(browser, url, token, review)
        views.append(ms)
        context.close()
    context, page, _ = _opened(browser, url, token, review)
    page.wait_for_timeout(1_500)
    selected = []
    for _ in range(12 if options.quick else 40):
        selected.append(float(page.evaluate(SELECT)))
        page.wait_for_timeout(700)  # somebody reads; what comes next is fetched meanwhile
    page.keyboard.press("3")
    page.wait_for_selector(".rows-line[data-row]")
    frames = [float(ms) for ms in page.evaluate(SCROLL, 120 if options.quick else 600)]
    page.keyboard.press("1")
    session = context.new_cdp_session(page)
    before = _held(session)
    for number in range(1, (60 if options.quick else PAGES) + 1):
        page.evaluate("number => zs.show(0, number)", number)
    after = _held(session)
    sent = page.evaluate("() => performance.getEntriesByType('navigation')[0].transferSize")
    context.close()
    return {
        "rows": ROWS,
        "pages": PAGES,
        "findings": FINDINGS,
        "first_view_ms": round(statistics.median(views)),
        "first_view_worst_ms": round(max(views)),
        "html_kb": round(sent / 1000, 1),
        "select_ms": round(statistics.median(selected)),
        "select_p95_ms": round(sorted(selected)[int(0.95 * (len(selected) - 1))]),
        "rows_frame_ms": round(statistics.median(frames), 1),
        "rows_frame_p95_ms": round(sorted(frames)[int(0.95 * (len(frames) - 1))], 1),
        "pages_opened": 60 if options.quick else PAGES,
        "tab_mb_before": before[0],
        "tab_mb_after_all_pages": after[0],
        "script_mb_after_all_pages": after[1],
    }


def _opened(browser: Browser, url: str, token: str, review: str) -> tuple[BrowserContext, Page, float]:
    """A fresh browser profile with the case open, and how long that took."""
    context, page = _first_view(browser, url, token, review)
    return context, page, float(page.evaluate(FIRST_VIEW))


def _first_view(browser: Browser, url: str, token: str, review: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context(base_url=url, viewport=dict(DESK))  # type: ignore[arg-type]
    context.add_cookies([{"name": SESSION, "value": token, "url": url}])
    page = context.new_page()
    page.goto(f"/cases/{review}", wait_until="commit")
    page.wait_for_selector('#case[data-ready="1"]')
    return context, page


def _held(session: CDPSession) -> tuple[float, float]:
    """MB of the largest process that draws pages (proportional set size), after a collection, and MB of its scripts' heap."""
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    held = max(
        (_proportional(pid) for pid in _descendants(os.getpid()) if "--type=renderer" in _words(pid)), default=0.0
    )
    return round(held, 1), round(heap / 1e6, 1)


def _descendants(pid: int) -> Iterator[int]:
    """The processes that this one started, and theirs (Linux)."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                yield child
                yield from _descendants(child)


def _words(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return ""


def _proportional(pid: int) -> float:
    """MB that a process holds, what it shares with others in parts."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:"))
    return 0.0


@contextmanager
def _case() -> Iterator[tuple[str, str, str]]:
    """The service with the case in it: its address, the token of somebody who is signed in, the case's id."""
    folder = Path(tempfile.mkdtemp())
    served = serve(folder, ZHENGSHEN_REQUESTS_PER_MINUTE="100000")
    store = open_store(settings := Settings(data=folder))
    try:
        person, _ = people.create_person(
            store,
            "reviewer",
            "李海宁",
            [Role.REVIEWER],
            actor="benchmark",
            now=clock.now(),
            password="a long tide table",  # noqa: S106 - of this run only
        )
        token = sessions.open_session(store, person, lifetime_of(settings), clock.now())
        yield served.url, token, large_case(store, ROWS, PAGES, FINDINGS)
    finally:
        store.close()
        served.process.terminate()
        served.process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
