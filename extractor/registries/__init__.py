"""The registries: files, gateways and views, asked for what the papers of a case name; answers are records with their snapshot."""

from extractor.registries.index import Meta
from extractor.registries.manifest import Listed, read_manifest
from extractor.registries.snapshots import Registry, Snapshots, import_snapshot, index_file, indexed, open_snapshots

__all__ = [
    "Listed",
    "Meta",
    "Registry",
    "Snapshots",
    "import_snapshot",
    "index_file",
    "indexed",
    "open_snapshots",
    "read_manifest",
]
