"""Registry snapshots: hand in what a registry said on a day, see which answer now and how old they are."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, File, Form, Query, Request, Response, UploadFile
from pydantic import Json

from api import clock
from api.consequences import follow
from api.http.access import Administrator, Lister
from api.http.answers import errors
from api.http.context import context_of
from api.http.routes.reviews import actor
from api.http.shapes import SnapshotView
from api.store import snapshots
from models.errors import TooLarge
from models.records import RegistryKind

router = APIRouter(prefix="/v1/registries", tags=["registries"])


@router.get("", response_model=list[SnapshotView], responses=errors())
def listed(
    request: Request, _: Lister, kind: RegistryKind | None = None, active: Annotated[bool | None, Query()] = None
) -> list[SnapshotView]:
    """登记数据快照及其日期；active=true 只列现用的。 Snapshots with their dates; those that answer now with active=true."""
    today = clock.now().date()
    return [SnapshotView.of(row, today) for row in snapshots.list_snapshots(context_of(request).store, kind, active)]


@router.post("/{kind}", status_code=201, response_model=SnapshotView, responses=errors(413))
def upload(
    request: Request,
    afterwards: BackgroundTasks,
    key: Administrator,
    kind: RegistryKind,
    file: Annotated[UploadFile, File(description="CSV、XLSX 或 JSON lines。")],
    as_of: Annotated[dt.date, Form(description="数据日期。 The day of the data.")],
    columns: Annotated[Json[dict[str, str]] | None, Form(description="列名对应（JSON 对象）。 Column map.")] = None,
) -> SnapshotView:
    """提交快照，即刻起用于审查。 Hand in a snapshot; it answers from now on."""
    context, now = context_of(request), clock.now()
    data = file.file.read()
    if len(data) > context.settings.max_file_bytes:
        raise TooLarge
    name = (file.filename or "snapshot")[:255]
    indexes = context.settings.data / "cache" / "registries"
    row = snapshots.upload_snapshot(
        context.store, kind, name, data, as_of, actor=actor(key), now=now, columns=columns, indexes=indexes
    )
    afterwards.add_task(
        follow, context.store, indexes, context.settings.rules, actor=actor(key), now=now
    )  # to the issued certificates that it touches
    return SnapshotView.of(row, now.date())


@router.post("/snapshots/{snapshot_id}/activate", response_model=SnapshotView, responses=errors(404))
def activate(request: Request, key: Administrator, snapshot_id: str) -> SnapshotView:
    """改用这一快照。 Let this snapshot answer in place of the present one."""
    now = clock.now()
    row = snapshots.activate_snapshot(context_of(request).store, snapshot_id, actor=actor(key), now=now)
    return SnapshotView.of(row, now.date())


@router.delete("/snapshots/{snapshot_id}", status_code=204, responses=errors(404))
def delete(request: Request, key: Administrator, snapshot_id: str) -> Response:
    """删除快照；引用它的报告此后无法重做。 Delete a snapshot; reports that cite it can then not be made anew."""
    snapshots.delete_snapshot(context_of(request).store, snapshot_id, actor=actor(key), now=clock.now())
    return Response(status_code=204)
