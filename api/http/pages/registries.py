"""The registries page: which snapshots answer, how old they are, and new ones that are looked at before they count."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api import clock
from api.consequences import follow
from api.http.context import Context, context_of
from api.http.pages.shell import SignedIn, needs_role, page, redirect, today
from api.http.problems import Said, parted
from api.render.words import word
from api.snapshot_changes import IDENTITY, Changes, changes
from api.store import drafts
from api.store import snapshots as stored
from api.store.people import Person, Role, names_by_actor
from api.store.snapshots import SnapshotRow
from extractor.registries import index, read_manifest
from extractor.registries.columns import Column, columns_of, field_names
from extractor.registries.files import read_rows
from extractor.registries.headers import spelling_of
from models.errors import InputError, RegistryInvalid, ReviewError, TooLarge
from models.records import RegistryKind

router = APIRouter(prefix="/registries")
REGISTRARS = (Role.REGISTRAR, Role.ADMIN)
Registrar = Annotated[Person, Depends(needs_role(*REGISTRARS))]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One registry: the snapshot that answers (None: none is stored), how old it is, those before it, and a file of the folder."""

    kind: RegistryKind
    active: SnapshotRow | None
    days: int
    state: str
    former: tuple[SnapshotRow, ...]
    folder: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that somebody wants to let answer: which registry it is of, its day, and what its columns mean."""

    draft: str
    kind: RegistryKind
    name: str
    as_of: dt.date
    columns: Mapping[str, str]


@router.get("")
def shelves(request: Request, person: SignedIn) -> Response:
    """Every registry with its snapshots."""
    return _page(request, person)


@router.post("/preview")
async def preview(request: Request, person: Registrar) -> Response:
    """What the columns of a file mean and what it would change; nothing changes yet."""
    form = await request.form(max_files=1, max_fields=2_000)
    return await run_in_threadpool(_preview, request, person, form)


@router.post("/confirm")
async def confirm(request: Request, person: Registrar, afterwards: BackgroundTasks) -> Response:
    """Let the file answer from now on, as it was shown."""
    form = await request.form(max_fields=2_000)
    return await run_in_threadpool(_confirm, request, person, form, afterwards)


@router.post("/snapshots/{snapshot_id}/activate")
def activate(request: Request, person: Registrar, snapshot_id: str) -> Response:
    """Let an earlier snapshot answer again."""
    stored.activate_snapshot(context_of(request).store, snapshot_id, actor=person.actor, now=clock.now())
    return redirect(request, "/registries")


@router.post("/snapshots/{snapshot_id}/delete")
def delete(request: Request, person: Registrar, snapshot_id: str) -> Response:
    """Delete a snapshot that does not answer."""
    context = context_of(request)
    if any(row.id == snapshot_id for row in stored.list_snapshots(context.store, active=True)):
        return _page(request, person, Said("现用的快照不能删除。", "The snapshot that answers cannot be deleted."), 409)
    stored.delete_snapshot(context.store, snapshot_id, actor=person.actor, now=clock.now())
    return redirect(request, "/registries")


def _preview(request: Request, person: Person, form: FormData) -> Response:
    context = context_of(request)
    try:
        asked, data = _asked(context, form, clock.now())
    except InputError as error:
        return _page(request, person, parted(str(error)), 422)
    wrong: Said | None = None
    columns: tuple[Column, ...] = ()
    rows, found = 0, None
    notices: tuple[str, ...] = ()
    try:
        columns = columns_of(data, asked.name, asked.kind, asked.columns)
        contents = read_rows(data, asked.name, asked.kind, asked.columns)
        rows, notices = len(contents.rows), contents.notices(asked.name)
        found = _changes(context, asked.kind, [row for _, row in contents.rows])
    except (RegistryInvalid, InputError) as error:
        wrong = parted(str(error))
    return page(
        request,
        "registries/preview.html",
        status=422 if wrong else 200,
        asked=asked,
        title=word("registries", asked.kind.value),
        columns=columns,
        fields=sorted(field_names(asked.kind)),
        identity=IDENTITY[asked.kind],
        missing=[name for name in IDENTITY[asked.kind] if name not in {column.field for column in columns}],
        rows=rows,
        notices=[parted(notice) for notice in notices],
        active=next(iter(stored.list_snapshots(context.store, asked.kind, active=True)), None),
        changes=found,
        size=len(data),
        wrong=wrong,
        label=lambda field: Said(spelling_of(asked.kind, field), field.replace("_", " ")),
    )


def _confirm(request: Request, person: Person, form: FormData, afterwards: BackgroundTasks) -> Response:
    context, now = context_of(request), clock.now()
    try:
        asked, data = _asked(context, form, now)
        stored.upload_snapshot(
            context.store,
            asked.kind,
            asked.name,
            data,
            asked.as_of,
            actor=person.actor,
            now=now,
            columns=asked.columns,
            indexes=_indexes(context),
        )
    except (RegistryInvalid, InputError) as error:
        return _page(request, person, parted(str(error)), 422)
    drafts.drop_draft(context.store, asked.draft)
    afterwards.add_task(follow, context.store, _indexes(context), context.settings.rules, actor=person.actor, now=now)
    return redirect(request, f"/registries?done={asked.kind.value}")


def _asked(context: Context, form: FormData, now: dt.datetime) -> tuple[Asked, bytes]:
    """What the form asks for, with the file: from the form at first, from its draft afterwards. InputError, EntryMissing, TooLarge."""
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        kind, as_of = RegistryKind(fields.get("kind", "")), dt.date.fromisoformat(fields.get("as_of", ""))
    except ValueError:
        raise InputError(
            "请选择登记数据的种类并填写数据日期。 Choose the registry and give the day of the data."
        ) from None
    if as_of > today():
        raise InputError("数据日期不能晚于今天。 The day of the data cannot be in the future.")
    columns = {
        header: field
        for name, header in fields.items()
        if name.startswith("header-") and (field := fields.get(f"field-{name.removeprefix('header-')}"))
    }
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        data = file.file.read(context.settings.max_file_bytes + 1)
        if len(data) > context.settings.max_file_bytes:
            raise TooLarge
        return Asked(drafts.keep_draft(context.store, data, now), kind, file.filename[:255], as_of, columns), data
    if not fields.get("draft"):
        raise InputError("请选择文件。 Choose a file.")
    asked = Asked(fields["draft"], kind, fields.get("name", "snapshot")[:255], as_of, columns)
    return asked, drafts.draft(context.store, asked.draft)


def _changes(context: Context, kind: RegistryKind, rows: list[dict[str, str]]) -> Changes | None:
    """Against the snapshot that answers now; None where there is none, or it cannot be read any more."""
    active = stored.list_snapshots(context.store, kind, active=True)
    if not active:
        return None
    try:
        stored.registries_at(context.store, active, _indexes(context))
    except ReviewError:
        return None
    return changes(kind, index.row_texts(_indexes(context) / f"{active[0].id}{index.SUFFIX}"), rows)


def _indexes(context: Context) -> Path:
    return context.settings.data / "cache" / "registries"


def _page(request: Request, person: Person, wrong: Said | None = None, status: int = 200) -> Response:
    context = context_of(request)
    rows = stored.list_snapshots(context.store)
    folder = _folder(context.settings.registry)
    all_shelves = [
        _shelf(kind, [row for row in rows if row.kind is kind], folder.get(kind, "")) for kind in RegistryKind
    ]
    done = request.query_params.get("done", "")
    return page(
        request,
        "registries/page.html",
        status=status,
        shelves=all_shelves,
        sizes=drafts.sizes(context.store, [row.sha256 for row in rows]),
        names=names_by_actor(context.store),
        may_change=person.may(*REGISTRARS),
        done=word("registries", done) if done in set(RegistryKind) else None,
        stale=[shelf for shelf in all_shelves if shelf.state in {"stale", "none"}],
        wrong=wrong,
        word=word,
        day=today(),
    )


def _shelf(kind: RegistryKind, rows: list[SnapshotRow], folder: str) -> Shelf:
    active = next((row for row in rows if row.active), None)
    days = (today() - active.as_of).days if active else 0
    ages = _freshness()[kind.value]
    if active is None:
        state = "folder" if folder else "none"
    else:
        state = "stale" if days > ages["stale"] else "old" if days > ages["fresh"] else "fresh"
    return Shelf(kind, active, days, state, tuple(row for row in rows if not row.active), folder)


def _folder(path: Path) -> dict[RegistryKind, str]:
    """The files of the folder of snapshots, which answer where nothing is stored; empty where there is none that can be read."""
    if not (path / "registry.toml").is_file():
        return {}
    try:
        return {listed.kind: f"{listed.file} · {listed.as_of.isoformat()}" for listed in read_manifest(path).values()}
    except ReviewError:
        return {}


@cache
def _freshness() -> dict[str, dict[str, int]]:
    return tomllib.loads(Path(__file__).with_name("freshness.toml").read_text("utf-8"))
