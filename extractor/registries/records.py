"""A row of a registry file made the record that it is: codes compacted, dates and money parsed, statuses in our own words."""

import datetime as dt
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from extractor.limits import limits_of
from extractor.registries.files import Row
from extractor.registries.keys import registration_number
from models.codes import cma_number, uscc
from models.dates import FOREVER, parse_date, parse_period
from models.money import Money, parse_money
from models.records import (
    AccreditationRecord,
    AccreditationStatus,
    Change,
    CmaRecord,
    CreditRecord,
    EnterpriseRecord,
    EntityStatus,
    ItemRecord,
    LibraryRecord,
    RegistryKind,
    ScopeRecord,
    StandardRecord,
    VerificationRecord,
    Verified,
)
from models.standards import StandardRef, find_references

_BLANKS = re.compile(r"\s+")
_LIST = re.compile(r"[;；、,，|]\s*")
_DIGITS = re.compile(r"\d{8}|\d{13}")
_CHANGED_NAME = "名称"
_REPAIRED = frozenset({"已修复", "修复完成", "repaired"})


def build(kind: RegistryKind, row: Row) -> Any:
    """The record that a row of this kind is; a value that cannot be parsed is None or empty in it, never guessed."""
    return _BUILDERS[kind](row)


def _enterprise(row: Row) -> EnterpriseRecord:
    name = row.get("name", "")
    term = parse_period(row.get("term", ""))
    return EnterpriseRecord(
        unified_social_credit_code=uscc.compact(row.get("unified_social_credit_code", "")),
        name=name,
        entity_type=row.get("entity_type", ""),
        responsible_person=row.get("responsible_person", ""),
        registered_capital=_capital(row),
        established_on=_day(row, "established_on"),
        approved_on=_day(row, "approved_on"),
        term_from=_day(row, "term_from") or (term.start if term else None),
        term_to=_day(row, "term_to") or (term.end if term else None),
        registration_authority=row.get("registration_authority", ""),
        status=_entity_status(row),
        status_text=row.get("status", "") or row.get("status_code", ""),
        address=row.get("address", ""),
        business_scope=row.get("business_scope", ""),
        changes=tuple(_changes(row, name)),
    )


def _credit(row: Row) -> CreditRecord:
    listed_on = _day(row, "listed_on")
    repaired_on = _day(row, "repaired_on")
    if repaired_on is None and row.get("repair_status", "") in _REPAIRED:
        repaired_on = listed_on or dt.date.min  # repaired on a day that is not stated: not active from the start
    return CreditRecord(
        unified_social_credit_code=uscc.compact(row.get("unified_social_credit_code", "")),
        name=row.get("name", ""),
        category=row.get("category", ""),
        reason=row.get("reason", ""),
        authority=row.get("authority", ""),
        document_number=row.get("document_number", ""),
        listed_on=listed_on,
        removed_on=_day(row, "removed_on"),
        repaired_on=repaired_on,
        published_until=_day(row, "published_until"),
    )


def _accreditation(row: Row) -> AccreditationRecord:
    validity = parse_period(row.get("validity", ""))
    status, suspended = row.get("status", ""), row.get("suspended_items", "")
    return AccreditationRecord(
        registration_number=registration_number(row.get("registration_number", "")),
        name=row.get("name", ""),
        legal_entity=row.get("legal_entity", ""),
        unified_social_credit_code=uscc.compact(row.get("unified_social_credit_code", "")),
        address=row.get("address", ""),
        effective_on=_day(row, "effective_on") or (validity.start if validity else None),
        expires_on=_day(row, "expires_on") or (validity.end if validity else None),
        updated_on=_day(row, "updated_on"),
        status=AccreditationStatus(_meaning("cnas", status) or "unknown"),
        status_text=status,
        suspended_items=suspended,
    )


def _accredited_scope(row: Row) -> ScopeRecord:
    return _scope(row, registration_number(row.get("owner", "")))


def _issued_scope(row: Row) -> ScopeRecord:
    return _scope(row, cma_number.compact(row.get("owner", "")))


def _certificate(row: Row) -> CmaRecord:
    return CmaRecord(
        number=cma_number.compact(row.get("number", "")),
        name=row.get("name", ""),
        unified_social_credit_code=uscc.compact(row.get("unified_social_credit_code", "")),
        address=row.get("address", ""),
        issued_on=_day(row, "issued_on"),
        expires_on=_day(row, "expires_on"),
        status=row.get("status", ""),
        issuing_authority=row.get("issuing_authority", ""),
        commitment_checked_on=_day(row, "commitment_checked_on"),
    )


def _verification(row: Row) -> VerificationRecord:
    outcome = row.get("outcome", "")
    meaning = _statuses()["verifications"].get(_squeezed(outcome))  # in whole: 属实 may be the beginning of a doubt
    return VerificationRecord(
        number=cma_number.compact(row.get("number", "")),
        verified_on=_day(row, "verified_on"),
        outcome=Verified(meaning) if meaning else None,
        outcome_text=outcome,
    )


def _item(row: Row) -> ItemRecord:
    return ItemRecord(
        item_id=row.get("item_id", ""),
        domain=row.get("domain", ""),
        object_keywords=tuple(_listed(row.get("object_keywords", ""))),
        legal_basis=row.get("legal_basis", ""),
        level=row.get("level", ""),
        effective_from=_day(row, "effective_from"),
        effective_to=_day(row, "effective_to"),
    )


def _library(row: Row) -> LibraryRecord:
    code = row.get("code", "")
    return LibraryRecord(row.get("domain", ""), row.get("title", ""), code, row.get("remark", ""), _standard(code))


def _status_of_standard(row: Row) -> StandardRecord:
    code = row.get("code", "")
    return StandardRecord(
        code=code,
        title=row.get("title", ""),
        status=row.get("status", ""),
        standard=_standard(code),
        replaced_by=row.get("replaced_by", ""),
        published_on=_day(row, "published_on"),
        effective_on=_day(row, "effective_on"),
        abolished_on=_day(row, "abolished_on"),
        cites=tuple(find_references(row.get("cites", ""))),
    )


def merged(records: Iterable[EnterpriseRecord]) -> tuple[EnterpriseRecord, ...]:
    """One record an entity: a file that repeats the entity for each of its changes gives them all to the first."""
    from dataclasses import replace

    entities: dict[tuple[str, str], EnterpriseRecord] = {}
    for record in records:
        key = (record.unified_social_credit_code, record.name)
        known = entities.get(key)
        changes = tuple(dict.fromkeys((*(known.changes if known else ()), *record.changes)))
        entities[key] = replace(known or record, changes=changes)
    return tuple(entities.values())


def _scope(row: Row, owner: str) -> ScopeRecord:
    code, title = row.get("code", ""), row.get("method_title", "")
    method = row.get("method", "") or " ".join(part for part in (title, code) if part)
    standards, limitation = _standards(code, method), row.get("limitation", "")
    return ScopeRecord(
        owner=owner,
        site=row.get("site"),
        object=row.get("object", ""),
        parameter=row.get("parameter", ""),
        method=method,
        standards=standards,
        limitation=limitation,
        status=row.get("status", ""),
        limits=limits_of(limitation, None, standards),
    )


def _standards(code: str, method: str) -> tuple[StandardRef, ...]:
    """What is accredited. The column of numbers says which standards; where the method names the same ones, it says by which clause."""
    if not code:
        return _references(method)
    listed, named = _references(code), _references(method)
    return named if {ref.key for ref in named} == {ref.key for ref in listed} else listed


@lru_cache(maxsize=1 << 14)  # a directory lists one method for product after product
def _references(text: str) -> tuple[StandardRef, ...]:
    return tuple(find_references(text))


@lru_cache(maxsize=1 << 16)  # a library has 52,000 codes, and case after case asks for the same ones
def _standard(code: str) -> StandardRef | None:
    return next(iter(find_references(code)), None) if code else None


def _capital(row: Row) -> Money | None:
    """`registered_capital` states its unit; `registered_capital_wan` is a bare number of 万."""
    text, wan = row.get("registered_capital", ""), row.get("registered_capital_wan", "")
    currency = row.get("registered_capital_currency", "")
    if wan:
        return parse_money(f"{wan}万{currency or '元'}") or parse_money(wan)
    if not text:
        return None
    try:
        Decimal(text)
    except InvalidOperation:
        return parse_money(text)
    return parse_money(f"{text}{currency or '元'}")  # the contract's capital: a decimal number of yuan


def _changes(row: Row, name: str) -> Iterable[Change]:
    if row.get("changes"):
        yield from _listed_changes(row["changes"])
    if row.get("change_item"):
        yield Change(
            row["change_item"], row.get("change_before", ""), row.get("change_after", ""), _day(row, "change_on")
        )
    day = None if row.get("change_item") else _day(row, "change_on")
    for former in _listed(row.get("former_names", "")):
        yield Change(_CHANGED_NAME, former, name, day)


def _listed_changes(text: str) -> Iterable[Change]:
    """A JSON list of objects with item, before, after, on (or the keys of the public system)."""
    try:
        entries = json.loads(text)
    except json.JSONDecodeError:
        return
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            said = {_CHANGE_KEYS.get(str(key), str(key)): str(value or "") for key, value in entry.items()}
            yield Change(
                said.get("item", ""), said.get("before", ""), said.get("after", ""), parse_day(said.get("on", ""))
            )


_CHANGE_KEYS = {
    "变更事项": "item",
    "变更前": "before",
    "变更后": "after",
    "变更日期": "on",
    "日期": "on",
    "altItem_CN": "item",
    "altItem": "item",
    "altBe": "before",
    "altAf": "after",
    "altDate": "on",
    "date": "on",
}


def _listed(text: str) -> list[str]:
    """A cell that lists: JSON, or parts between the usual separators."""
    if text.startswith("["):
        try:
            return [str(part) for part in json.loads(text)]
        except json.JSONDecodeError:
            pass
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def _day(row: Row, name: str) -> dt.date | None:
    return parse_day(row.get(name, ""))


def parse_day(text: str) -> dt.date | None:
    """A date as registries write one: also 20280314, milliseconds since 1970, and 长期 for no end."""
    if not text:
        return None
    if _DIGITS.fullmatch(text):
        if len(text) == 13:
            return dt.datetime.fromtimestamp(int(text) / 1000, dt.timezone(dt.timedelta(hours=8))).date()
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    day = parse_date(text)
    if day is None and (period := parse_period(text)) is not None and period.end == FOREVER:
        return FOREVER
    return day


def _entity_status(row: Row) -> EntityStatus:
    text, code = row.get("status", ""), row.get("status_code", "")
    meaning = _meaning("enterprises", text) if text else _meaning("enterprises_code", code)
    return EntityStatus(meaning or "unknown")


def _meaning(kind: str, text: str) -> str | None:
    """What a printed status means: by its whole spelling, else by the longest spelling that it begins with."""
    spellings = _statuses()[kind]
    squeezed = _squeezed(text)
    if squeezed in spellings:
        return spellings[squeezed]
    begun = [spelling for spelling in spellings if len(spelling) > 1 and squeezed.startswith(spelling)]
    return spellings[max(begun, key=len)] if begun else None


@cache
def _statuses() -> dict[str, dict[str, str]]:
    raw = tomllib.loads((Path(__file__).parent / "data" / "statuses.toml").read_text("utf-8"))
    return {
        kind: {_squeezed(spelling): meaning for meaning, spellings in meanings.items() for spelling in spellings}
        for kind, meanings in raw.items()
    }


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


_BUILDERS: dict[RegistryKind, Callable[[Row], Any]] = {
    RegistryKind.ENTERPRISES: _enterprise,
    RegistryKind.CREDIT: _credit,
    RegistryKind.CNAS: _accreditation,
    RegistryKind.CNAS_ROWS: _accredited_scope,
    RegistryKind.CMA: _certificate,
    RegistryKind.CMA_ROWS: _issued_scope,
    RegistryKind.ITEMS: _item,
    RegistryKind.LIBRARY: _library,
    RegistryKind.STANDARDS: _status_of_standard,
    RegistryKind.EXPERTS: dict,
    RegistryKind.VERIFICATIONS: _verification,
}
