"""Opening: the same question is the same audit, and what was recorded in the service is part of the question."""

import datetime as dt
from pathlib import Path

from api.audit.opening import opened
from api.settings import Settings, settings_from
from api.store import Store
from api.store.audits import AuditRow, pinned_registries
from api.store.supervision import record_verification
from models.records import RegistryKind, VerificationRecord, Verified
from tests.api.audit.given import listed

NOW = dt.datetime(2026, 11, 9, 8, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 8)


def audit(store: Store, folder: Path, settings: Settings) -> AuditRow:
    return opened(settings, store, listed(folder, 2), None, dt.date(2026, 11, 20), "test")


def test_verifications_recorded_here_are_a_snapshot_of_the_audit(store: Store, tmp_path: Path) -> None:
    settings = settings_from({"ZHENGSHEN_DATA": str(tmp_path)})
    before = audit(store, tmp_path / "papers", settings)
    assert [pinned.kind for pinned in before.snapshots] == []
    record_verification(store, "2421 2034 0529", DAY, Verified.TRUE, actor="user:li", now=NOW)
    record_verification(store, "2421 2034 0529", DAY, Verified.FALSE, actor="user:li", now=NOW + dt.timedelta(hours=1))
    after = audit(store, tmp_path / "papers", settings)
    assert after.id != before.id
    assert audit(store, tmp_path / "papers", settings).id == after.id
    known = pinned_registries(store, after.snapshots, tmp_path / "indexed")[RegistryKind.VERIFICATIONS]
    assert known.find(["cma:242120340529"]) == [VerificationRecord("242120340529", DAY, Verified.FALSE, "false")]
    assert known.snapshot.as_of == NOW.date().isoformat()
