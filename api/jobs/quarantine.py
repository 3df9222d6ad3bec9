"""Reading past what is set aside: a page that ended its reader twice, in this review or one before, is reported and not tried again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from api import clock
from api.jobs.hands import Hands
from api.store.quarantine import pages_set_aside, set_aside
from api.version import version
from extractor.document import Progress
from extractor.parts import Part, Plan, merged
from models.errors import UnreadableFile
from models.layout import PageFault

WHOLE = 0
"""In place of a page: the file as a whole, which ended its reader while it was opened."""
_CAUSES = {"page_crashed": "crash", "page_memory": "memory", "page_timeout": "timeout"}


class FileQuarantined(UnreadableFile):
    """打开该文件曾两次使读取程序中断，本次未再尝试；请重新导出后提交，或由人工查看。

    Opening this file ended its readers twice before, so it was not tried again; please export it anew or look at it yourself.
    """

    code = "file_quarantined"


def planned(hands: Hands, data: bytes) -> Plan:
    """As `Pool.plan`; FileQuarantined for a file that could not be opened before."""
    sha256 = hashlib.sha256(data).hexdigest()
    if WHOLE in _set_aside(hands, sha256):
        raise FileQuarantined
    with _opening(hands, sha256):
        return hands.pool.plan(data)


def read(hands: Hands, data: bytes, sha256: str, first: int, last: int, progress: Progress) -> Part:
    """As `Pool.read_part`, but for pages that were lost before: they are faults at once."""
    held = sorted(_set_aside(hands, sha256) & set(range(first, last + 1)))
    with _opening(hands, sha256):
        if not held:
            part = hands.pool.read_part(data, first, last, progress)
        else:
            plan = hands.pool.plan(data)
            parts = [hands.pool.read_part(data, *run, progress) for run in _between(held, first, last)]
            part = merged([*parts, *(_fault(plan, page) for page in held)])
    for fault in part.faults:
        if fault.code in _CAUSES:
            _note(hands, sha256, fault.page, _CAUSES[fault.code])
    return part


@contextmanager
def _opening(hands: Hands, sha256: str) -> Iterator[None]:
    try:
        yield
    except UnreadableFile:
        _note(hands, sha256, WHOLE, "opening")
        raise


def _fault(plan: Plan, page: int) -> Part:
    message = (
        f"第 {page} 页曾两次使读取程序中断，本次未再尝试，请人工查看。 "
        f"Page {page} ended its readers twice before and was not tried again; please look at it yourself."
    )
    fault = PageFault(page, "page_quarantined", message)
    return Part(plan.sha256, plan.media_type, plan.page_count, page, page, (), (fault,))


def _between(held: list[int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """First and last of each run of pages that are not held, in order."""
    for page in (*held, last + 1):
        if first < page:
            yield first, page - 1
        first = page + 1


def _set_aside(hands: Hands, sha256: str) -> frozenset[int]:
    return hands.patiently(lambda: pages_set_aside(hands.store, sha256, version(), clock.now()))


def _note(hands: Hands, sha256: str, page: int, cause: str) -> None:
    hands.patiently(lambda: set_aside(hands.store, sha256, page, cause, version(), clock.now()))
