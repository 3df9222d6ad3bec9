"""The application's data as typed into a portal: the contract's application form fields as JSON, made a paper like any other."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from extractor.limits import limits_of
from extractor.signing import read_signing
from models.dates import parse_date
from models.errors import InputError
from models.field import Field, Snapshot
from models.papers import ApplicationForm, CapabilityRow, LegalEntity, PaperSource, Section, Signatory, Site
from models.standards import StandardRef

SOURCE_NAME = "application"
"""Stands where a paper names its file, and a snapshot its registry."""


def application_form(data: Mapping[str, Any]) -> ApplicationForm:
    """An `ApplicationForm` from the fields of the contract, plain (`"name": "…"`) or as `parse --json` prints them (`{"value": …}`).

    Its evidence is the data itself, by hash. InputError names the entry that has the wrong shape.
    """
    digest = hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
    fields = data.get("fields", {})
    if not isinstance(fields, Mapping):
        raise _wrong("fields", "对象 an object", fields)
    entries = Entries({**data, **fields}, digest)
    legal_entity = entries.value("legal_entity")
    return ApplicationForm(
        source=PaperSource(file=SOURCE_NAME, sha256=digest, pages=(), decided_by=("--application",)),
        name=entries.text("name") or Field(None, ""),
        unified_social_credit_code=entries.text("unified_social_credit_code"),
        address=entries.text("address"),
        responsible_person=entries.text("responsible_person"),
        application_type=entries.text("application_type"),
        cnas_number=entries.text("cnas_number"),
        cma_number=entries.text("cma_number"),
        cma_expires_on=entries.date("cma_expires_on"),
        legal_class=entries.text("legal_class"),
        features=entries.text("features"),
        applied_on=entries.date("applied_on"),
        independent=entries.boolean("independent"),
        legal_entity=_legal_entity_of(Entries(legal_entity, digest)) if isinstance(legal_entity, Mapping) else None,
        sites=tuple(_site(entry) for entry in entries.objects("sites")),
        rows=tuple(_row(index, entry) for index, entry in enumerate(entries.objects("rows"))),
        signatories=tuple(_signatory(entry) for entry in entries.objects("signatories")),
    )


class Entries:
    """The entries of one object, each read with the shape that it must have."""

    def __init__(self, data: Mapping[str, Any], digest: str = "") -> None:
        self.data = data
        self.digest = digest

    def value(self, name: str) -> Any:
        entry = self.data.get(name)
        return entry["value"] if isinstance(entry, Mapping) and "value" in entry else entry

    def text(self, name: str) -> Field[str] | None:
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise _wrong(name, "文字 a text", value)
        place = Snapshot(SOURCE_NAME, as_of="", sha256=self.digest, text=f"{name}: {value}")
        return Field(value, value, (place,))

    def date(self, name: str) -> Field[dt.date] | None:
        field = self.text(name)
        if field is None:
            return None
        read = field.map(parse_date)
        if read.value is None:
            raise _wrong(name, "日期 a date (2026-01-31)", field.text)
        return read

    def boolean(self, name: str) -> bool | None:
        value = self.value(name)
        if value is not None and not isinstance(value, bool):
            raise _wrong(name, "true / false", value)
        return value

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        value = self.value(name) or []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise _wrong(name, "对象列表 a list of objects", value)
        return value

    def plain(self, name: str) -> str | None:
        field = self.text(name)
        return field.value if field else None


def _legal_entity_of(entries: Entries) -> LegalEntity:
    return LegalEntity(
        name=entries.text("name") or Field(None, ""),
        address=entries.text("address"),
        responsible_person=entries.text("responsible_person"),
        unified_social_credit_code=entries.text("unified_social_credit_code"),
    )


def _site(entry: Mapping[str, Any]) -> Site:
    entries = Entries(entry)
    return Site(
        code=entries.plain("code"),
        address=entries.plain("address") or "",
        postcode=entries.plain("postcode"),
        features=entries.plain("features"),
        activities=entries.plain("activities"),
    )


def _signatory(entry: Mapping[str, Any]) -> Signatory:
    entries = Entries(entry)
    return Signatory(
        name=entries.plain("name") or "",
        field=entries.plain("field") or "",
        site=entries.plain("site"),
        note=entries.plain("note"),
        title=entries.plain("title"),
        signs=read_signing(entries.plain("field") or ""),
    )


def _row(index: int, entry: Mapping[str, Any]) -> CapabilityRow:
    """A claimed row; standards stand in `standards` (codes or objects with a `key`), else they are read from `method`."""
    entries = Entries(entry)
    section = entries.plain("section") or Section.TESTING.value
    if section not in {Section.TESTING, Section.CALIBRATION, Section.INSPECTION}:
        raise _wrong(f"rows[{index}].section", "testing, calibration, inspection", section)
    codes = _codes(f"rows[{index}].standards", entries.value("standards") or [])
    method = entries.plain("method") or " ".join(codes)
    effective_on = entries.date("effective_on")
    standards = tuple(StandardRef.find_all(" ".join(codes) or method))
    limitation, note = entries.plain("limitation"), entries.plain("note")
    return CapabilityRow(
        index=index,
        section=Section(section),
        site=entries.plain("site"),
        object_number=entries.plain("object_number"),
        object=entries.plain("object"),
        parameter_number=entries.plain("parameter_number"),
        parameter=entries.plain("parameter"),
        field_code=entries.plain("field_code"),
        method=method,
        standards=standards,
        limitation=limitation,
        note=note,
        effective_on=effective_on.value if effective_on else None,
        limits=limits_of(limitation, note, standards),
    )


def _codes(name: str, value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    entries = [item.get("key") if isinstance(item, Mapping) else item for item in items]
    codes = [entry for entry in entries if isinstance(entry, str)]
    if len(codes) != len(entries):
        raise _wrong(name, "标准编号列表 a list of codes", value)
    return codes


def _wrong(name: str, expected: str, value: object) -> InputError:
    return InputError(
        f"申请数据中的 {name} 应为{expected}，现为 {value!r:.60}。 "
        f"The application's {name} has the wrong shape; expected {expected}."
    )
