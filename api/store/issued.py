"""Which issued certificate rests on what: a changed key leads to its certificates at once, however many there are."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.opened import Store
from api.store.schema_supervision import ISSUED_CERTIFICATES, ISSUED_KEYS

T = TypeVar("T")

_AT_ONCE = 500  # keys or certificates in one statement


@dataclass(frozen=True, slots=True)
class Rest:
    """What a certificate rests on: a registry's key, the very standard (empty: its holder), and in how many rows from which on."""

    key: str
    subject: str = ""
    first_row: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued certificate as it is indexed; equal digests mean that it rests on the same."""

    number: str
    name: str
    unified_social_credit_code: str
    digest: str
    rests: Sequence[Rest]


def digests(store: Store) -> dict[str, str]:
    """Number and digest of every certificate in the index."""
    question = sa.select(ISSUED_CERTIFICATES.c.number, ISSUED_CERTIFICATES.c.digest)
    return {row.number: row.digest for row in _rows(store, question)}


def index_certificates(store: Store, certificates: Iterable[Issued]) -> int:
    """Write certificates into the index, in place of what it held of them; how many. Cut off, it leaves whole certificates."""
    written = 0
    for some in batches(certificates, _AT_ONCE):
        store.database.write(partial(_write, certificates=some))
        written += len(some)
    return written


def drop_certificates(store: Store, numbers: Collection[str]) -> None:
    """Take certificates out of the index."""
    for some in batches(sorted(numbers), _AT_ONCE):
        store.database.write(partial(_drop, numbers=some))


def subjects_under(store: Store, keys: Collection[str]) -> list[tuple[str, str]]:
    """Every pair of key and subject that certificates rest on, among these keys."""
    found: list[tuple[str, str]] = []
    for some in batches(sorted(keys), _AT_ONCE):
        question = sa.select(ISSUED_KEYS.c.key, ISSUED_KEYS.c.subject).where(ISSUED_KEYS.c.key.in_(some)).distinct()
        found.extend((row.key, row.subject) for row in _rows(store, question))
    return found


def names_of(store: Store, numbers: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """Name and credit code of the holders of certificates, by number."""
    found: dict[str, tuple[str, str]] = {}
    for some in batches(sorted(numbers), _AT_ONCE):
        question = sa.select(ISSUED_CERTIFICATES).where(ISSUED_CERTIFICATES.c.number.in_(some))
        found.update({row.number: (row.name, row.unified_social_credit_code) for row in _rows(store, question)})
    return found


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some


def _rows(store: Store, question: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
    return store.database.read(lambda connection: connection.execute(question).all())


def _write(connection: Connection, certificates: Sequence[Issued]) -> None:
    _drop(connection, [certificate.number for certificate in certificates])
    faces = [
        {name: getattr(certificate, name) for name in ("number", "name", "unified_social_credit_code", "digest")}
        for certificate in certificates
    ]
    rests = [
        {
            "key": rest.key,
            "certificate": certificate.number,
            "subject": rest.subject,
            "first_row": rest.first_row,
            "rows": rest.rows,
        }
        for certificate in certificates
        for rest in certificate.rests
    ]
    connection.execute(sa.insert(ISSUED_CERTIFICATES), faces)
    if rests:
        connection.execute(sa.insert(ISSUED_KEYS), rests)


def _drop(connection: Connection, numbers: Collection[str]) -> None:
    connection.execute(sa.delete(ISSUED_KEYS).where(ISSUED_KEYS.c.certificate.in_(numbers)))
    connection.execute(sa.delete(ISSUED_CERTIFICATES).where(ISSUED_CERTIFICATES.c.number.in_(numbers)))
