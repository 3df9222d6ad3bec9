"""What an audit is run with, made one value: its list, the snapshots that it is held against, the day, code and rules."""

import datetime as dt
import hashlib
import json
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path

from api import clock
from api.audit.manifest import Manifest
from api.review import rules_version
from api.settings import Settings
from api.store.audits import AuditRow, Pinned, open_audit, pinned_registries
from api.store.opened import Store
from api.store.snapshots import list_snapshots
from api.store.supervision import verifications
from api.version import version
from extractor.registries import open_snapshots, read_manifest
from extractor.registries.manifest import read_live
from models.records import RegistryKind

_PACKAGES = ("api", "extractor", "matchers", "models")


def opened(
    settings: Settings, store: Store, manifest: Manifest, registry: Path | None, as_of: dt.date, actor: str
) -> AuditRow:
    """The audit of this list against these snapshots: the same one again where all of it is the same.

    Snapshots are those of the folder `registry`; without one those that answer in the service now, live registries apart; and the
    verifications recorded here, unless a snapshot of them is among the others.
    RegistryError where one cannot be used.
    """
    snapshots, contents = _pinned(settings, store, registry)
    identity = {
        "manifest": manifest.sha256,
        "as_of": as_of.isoformat(),
        "snapshots": [[pinned.kind.value, pinned.as_of.isoformat(), pinned.sha256] for pinned in snapshots],
        "versions": versions(settings),
    }
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
    audit = AuditRow(f"aud_{digest[:32]}", clock.now(), as_of, manifest.sha256, tuple(snapshots), versions(settings))
    open_audit(store, audit, contents, actor=actor)
    pinned_registries(store, audit.snapshots, settings.data / "cache" / "audits")
    return audit


def versions(settings: Settings) -> dict[str, str]:
    """What decides, beside the papers and the registries, what is found."""
    rules = settings.rules
    return {
        "code": f"{version()} {code_sha256()}",
        "rules": f"{rules.route} {rules.version} {rules.sha256} / {rules_version()}",
        "recognition": settings.ocr,
    }


def live_kinds(settings: Settings, registry: Path | None) -> list[str]:
    """The registries that would be asked live: an audit leaves them out, for what they said cannot be asked again."""
    folder = registry or settings.registry
    return [kind.value for kind in read_live(folder)] if (folder / "registry.toml").is_file() else []


@cache
def code_sha256() -> str:
    """A hash over every file of the program, code and data."""
    digest = hashlib.sha256()
    pending = [package_files(package) for package in reversed(_PACKAGES)]
    while pending:
        folder = pending.pop()
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.is_dir() and entry.name != "__pycache__":
                pending.append(entry)
            elif entry.is_file() and not entry.name.endswith(".pyc"):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()


def _pinned(settings: Settings, store: Store, registry: Path | None) -> tuple[list[Pinned], list[bytes]]:
    found: dict[RegistryKind, tuple[Pinned, bytes]] = {}
    folder = registry or (settings.registry if (settings.registry / "registry.toml").is_file() else None)
    if folder is not None:
        known = open_snapshots(folder).registries
        for kind, listed in read_manifest(folder).items():
            snapshot, data = known[kind].snapshot, (folder / listed.file).read_bytes()
            blob = hashlib.sha256(data).hexdigest()
            found[kind] = (
                Pinned(
                    kind,
                    listed.as_of,
                    snapshot.sha256,
                    blob,
                    listed.file,
                    listed.columns,
                    listed.retrieved_at,
                    listed.url,
                    listed.lag_days,
                ),
                data,
            )
    for row in list_snapshots(store, active=True) if registry is None else ():
        at = row.uploaded_at.isoformat(timespec="seconds")
        pinned = Pinned(row.kind, row.as_of, row.sha256, row.sha256, row.source, row.columns, at)
        found[row.kind] = (pinned, store.blobs.get(row.sha256))
    if RegistryKind.VERIFICATIONS not in found and (own := _verified_here(store)):
        found[RegistryKind.VERIFICATIONS] = own
    ordered = sorted(found.values(), key=lambda pair: pair[0].kind.value)
    return [pinned for pinned, _ in ordered], [data for _, data in ordered]


def _verified_here(store: Store) -> tuple[Pinned, bytes] | None:
    """The verifications that were recorded in the service, as a snapshot of the day on which the last was; None without any."""
    known = sorted(verifications(store).values(), key=lambda each: each.certificate)
    if not known:
        return None
    lines = [
        {"number": each.certificate, "verified_on": each.verified_on.isoformat(), "outcome": each.outcome.value}
        for each in known
    ]
    data = "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines).encode()
    digest, last = hashlib.sha256(data).hexdigest(), max(each.at for each in known)
    return Pinned(
        RegistryKind.VERIFICATIONS, last.astimezone(clock.BEIJING).date(), digest, digest, "verifications.jsonl", {}
    ), data
