"""Bytes under their SHA-256, in a folder or any store that fsspec knows; sealed with AES-256-GCM where a key is given."""

import base64
import binascii
import contextlib
import datetime as dt
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from api.store.errors import BlobDamaged, BlobMissing, StoreUnavailable
from models.errors import InputError, ReviewError

_KEY_BYTES, _NONCE_BYTES, _MARK_BYTES = 32, 12, 4
_SEALED = ".sealed"
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Seal:
    """AES-256-GCM. The first key seals; any of them opens, so that a key can be changed without losing what it sealed."""

    keys: tuple[bytes, ...]

    def seal(self, data: bytes, name: str) -> bytes:
        """Mark of the key, nonce, ciphertext with tag; bound to `name`."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _mark(self.keys[0]) + nonce + AESGCM(self.keys[0]).encrypt(nonce, data, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """What was sealed under that name; BlobDamaged where no key fits or a byte was changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        mark, nonce = sealed[:_MARK_BYTES], sealed[_MARK_BYTES : _MARK_BYTES + _NONCE_BYTES]
        for key in self.keys:
            if _mark(key) == mark:
                with contextlib.suppress(InvalidTag, ValueError):
                    return AESGCM(key).decrypt(nonce, sealed[_MARK_BYTES + _NONCE_BYTES :], name.encode())
        raise BlobDamaged


def seal_of(text: str | None) -> Seal | None:
    """From `ZHENGSHEN_STORE_KEY`: one key in base64, or several with commas between them, the one to seal with first."""
    if not text or not text.strip():
        return None
    keys = []
    for part in text.split(","):
        try:
            key = base64.b64decode(part.strip(), validate=True)
        except binascii.Error:
            key = b""
        if len(key) != _KEY_BYTES:
            raise InputError(
                "存储密钥应为 32 字节的 base64（openssl rand -base64 32）。 "
                "The store key must be 32 bytes in base64 (openssl rand -base64 32)."
            )
        keys.append(key)
    return Seal(tuple(keys))


class Blobs:
    """`put` and `get` bytes by SHA-256. Safe from any number of threads and processes: a blob appears whole or not at all."""

    def __init__(self, url: str, seal: Seal | None = None) -> None:
        self.url = url
        self.seal = seal

    @cached_property
    def _place(self) -> tuple[Any, str]:
        import fsspec

        try:
            filesystem, root = fsspec.core.url_to_fs(self.url, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            raise InputError(f"文件存储地址不可用（{error}）。 The store's URL cannot be used ({error}).") from error
        return filesystem, root.rstrip("/")

    @property
    def folder(self) -> Path | None:
        """Where the blobs lie on this machine; None where they lie elsewhere."""
        filesystem, root = self._place
        return Path(root) if "file" in _protocols(filesystem) else None

    def put(self, data: bytes) -> str:
        """Keep the bytes; their SHA-256 in hex. The same bytes again change nothing."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.has(sha256):
            self._write(self._path(sha256, self.seal is not None), self.seal.seal(data, sha256) if self.seal else data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their name. BlobMissing, BlobDamaged, StoreUnavailable."""
        path = self._found(sha256)
        if path is None:
            raise BlobMissing
        data = self._read(path)
        return self._checked(self.unsealed(data, sha256) if path.endswith(_SEALED) else data, sha256)

    def unsealed(self, sealed: bytes, name: str) -> bytes:
        """What was sealed under that name; BlobDamaged where there is no key for it."""
        if self.seal is None:
            raise BlobDamaged
        return self.seal.open(sealed, name)

    def has(self, sha256: str) -> bool:
        return self._found(sha256) is not None

    def delete(self, sha256: str) -> None:
        """Remove the bytes; nothing happens where they are gone already."""
        filesystem, _ = self._place
        with self._reached():
            for sealed in (False, True):
                with contextlib.suppress(FileNotFoundError):
                    filesystem.rm_file(self._path(sha256, sealed))

    def raw(self, sha256: str) -> tuple[bytes, bool]:
        """The bytes as they lie in the store and whether they are sealed, for a backup; checked as far as keys go. As `get` raises."""
        path = self._found(sha256)
        if path is None:
            raise BlobMissing
        data, sealed = self._read(path), path.endswith(_SEALED)
        if not sealed or self.seal is not None:
            self._checked(self.unsealed(data, sha256) if sealed else data, sha256)
        return data, sealed

    def put_raw(self, sha256: str, data: bytes, sealed: bool) -> None:
        """Bytes from a backup put back as they lay in the store."""
        self._write(self._path(sha256, sealed), data)

    def names(self) -> Iterator[str]:
        """The SHA-256 of all that is kept, in no order."""
        filesystem, root = self._place
        with self._reached():
            try:
                found: Sequence[str] = filesystem.find(root)
            except FileNotFoundError:
                return
        for path in found:
            name = path.rpartition("/")[2].removesuffix(_SEALED)
            if len(name) == 64:
                yield name

    def tidy(self, before: dt.datetime) -> None:
        """Remove what was being written when a process died, on a disk of this machine; object stores hold nothing by halves."""
        if (folder := self.folder) is None:
            return
        with self._reached():
            for path in folder.glob(f"??/??/*{_UNFINISHED}"):
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Faults of the place itself as StoreUnavailable; what object stores raise is known to their libraries alone."""
        try:
            yield
        except ReviewError:
            raise
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise StoreUnavailable(
                    "文件存储的磁盘已满，请清理空间。 The disk of the file store is full; please free some space."
                ) from error
            raise StoreUnavailable from error
        except Exception as error:
            if self.folder is not None:
                raise
            raise StoreUnavailable from error

    def _checked(self, data: bytes, sha256: str) -> bytes:
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobDamaged
        return data

    def _path(self, sha256: str, sealed: bool) -> str:
        _, root = self._place
        return f"{root}/{sha256[:2]}/{sha256[2:4]}/{sha256}{_SEALED if sealed else ''}"

    def _found(self, sha256: str) -> str | None:
        filesystem, _ = self._place
        with self._reached():
            first = self.seal is not None
            return next((path for s in (first, not first) if filesystem.exists(path := self._path(sha256, s))), None)

    def _read(self, path: str) -> bytes:
        filesystem, _ = self._place
        with self._reached():
            try:
                return bytes(filesystem.cat_file(path))
            except FileNotFoundError:
                raise BlobMissing from None

    def _write(self, path: str, data: bytes) -> None:
        filesystem, _ = self._place
        with self._reached():
            if "file" in _protocols(filesystem):
                _write_file(Path(path), data)
            else:
                filesystem.pipe_file(path, data)  # object stores show an object when it is whole


def _write_file(path: Path, data: bytes) -> None:
    """Whole and on the disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(6)}{_UNFINISHED}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _protocols(filesystem: Any) -> tuple[str, ...]:
    protocol = filesystem.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"zhengshen store key" + key).digest()[:_MARK_BYTES]
