"""What is handed in: files from a multipart body, whether the service has room for them, and whether it saw them before."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import UploadFile

from api.http.context import Context
from api.http.problems import Refused, Said
from api.reading import Upload
from api.store.listing import count_reviews
from api.store.reviews import OPEN, Idempotency
from extractor.sandbox import available_mb
from models.errors import EmptyFile, TooLarge

MOST_FILES = 200
_NAME = 255


def uploads_of(context: Context, parts: Sequence[UploadFile]) -> list[Upload]:
    """The files with their names as data. InputError where one is too large or there are too many."""
    if len(parts) > MOST_FILES:
        raise TooLarge(f"一次最多提交 {MOST_FILES} 个文件。 At most {MOST_FILES} files at a time.")
    uploads = [Upload((part.filename or "file")[:_NAME], part.file.read()) for part in parts]
    most = context.settings.max_file_bytes
    for upload in uploads:
        if len(upload.data) > most:
            raise TooLarge(f"文件超过 {most // 1_000_000} MB。 A file is larger than {most // 1_000_000} MB.")
    if not any(upload.data for upload in uploads):
        raise EmptyFile
    return uploads


def admit(context: Context) -> None:
    """Refuse with 503 where accepted work could not be finished soon: too much is waiting, or disk or memory are nearly used up."""
    counts = count_reviews(context.store)
    if sum(counts[state] for state in OPEN) >= context.settings.queue_limit:
        said = Said("排队的审查已满，请稍后重试。", "Too many reviews are waiting; try again later.")
        raise Refused(503, "queue_full", said, {"Retry-After": "60"})
    folder = context.store.blobs.folder or Path(context.settings.data)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if shutil.disk_usage(folder).free < context.settings.min_free_mb * 1_000_000:
        said = Said("存储空间不足，暂不受理。", "The disk is nearly full; nothing is accepted for the moment.")
        raise Refused(503, "disk_full", said, {"Retry-After": "300"})
    if available_mb() < context.settings.min_free_mb:
        said = Said(
            "内存不足，暂不受理，请稍后重试。", "Memory is short; nothing is accepted for the moment, try again later."
        )
        raise Refused(503, "memory_short", said, {"Retry-After": "30"})


def idempotency_of(key: str | None, uploads: Sequence[Upload], asked: bytes) -> Idempotency | None:
    """The caller's key with the hash of all that was asked: names, contents and the JSON part."""
    if key is None:
        return None
    digest = hashlib.sha256(asked)
    for upload in uploads:
        digest.update(len(upload.name.encode()).to_bytes(4, "big") + upload.name.encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(upload.data).digest())
    return Idempotency(key, digest.hexdigest())
