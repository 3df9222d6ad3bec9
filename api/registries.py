"""All registries of a service as one: what is stored, what lies in the folder of snapshots, and what is asked live."""

from collections.abc import Mapping
from pathlib import Path

from api.settings import Settings
from api.store import Store
from api.store.snapshots import list_snapshots, registries_at
from extractor.registries import Registry, Snapshots, open_snapshots
from extractor.registries.files import Row, read_rows
from extractor.registries.live import LiveRegistry
from models.errors import InputError
from models.records import RegistryKind


def open_registries(settings: Settings, store: Store | None, environment: Mapping[str, str]) -> Snapshots:
    """The registries that answer now. Of one kind a live one comes first, then the snapshot active in the store, then the folder's file.

    RegistryInvalid where `registry.toml` is wrong; StoreError where a stored snapshot cannot be had.
    """
    folder = settings.registry if (settings.registry / "registry.toml").is_file() else None
    found = open_snapshots(folder, environment, settings.live_cache)
    stored: dict[RegistryKind, Registry] = {}
    if store is not None:
        stored = registries_at(store, list_snapshots(store, active=True), settings.data / "cache" / "registries")
    live = {kind: registry for kind, registry in found.registries.items() if isinstance(registry, LiveRegistry)}
    return Snapshots({**found.registries, **stored, **live}, found.unlisted)


def rows_in(path: Path, kind: RegistryKind) -> list[Row]:
    """The rows of a list in a file of any usual format, with the headers of a registry; InputError where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"无法读取 {path}：{error.strerror}。 Cannot read {path}: {error.strerror}.") from error
    return [row for _, row in read_rows(data, path.name, kind).rows]
