"""What is true of each drawn paper, in the shape of `zhengshen parse --json` with bare values."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from samples.generate.facts import (
    Annex,
    Application,
    Capability,
    Certificate,
    CmaCertificate,
    Commitment,
    Licence,
    MethodStyle,
    Signatory,
    Site,
)

Truth = dict[str, Any]


def licence_truth(licence: Licence) -> Truth:
    """A field that this form of licence does not carry, or shows in a seal only, is absent."""
    fields: Truth = {
        "unified_social_credit_code": licence.code,
        "name": licence.name,
        "responsible_person": licence.person,
        "address": licence.address,
        "business_scope": licence.scope,
        "issued_on": iso(licence.issued_on),
    }
    public = licence.form in ("institution", "private", "social")
    if not public:
        fields["entity_type"] = licence.entity_type
    if licence.capital is not None:
        fields["registered_capital"] = {"amount": str(licence.capital), "currency": "CNY"}
    if licence.established_on:
        fields["established_on"] = iso(licence.established_on)
    if licence.term:
        fields["term"] = {"from": iso(licence.term[0]), "to": iso(licence.term[1])}
    if public or licence.form == "electronic":
        fields["registration_authority"] = licence.authority
    if licence.serial:
        fields["serial_number"] = licence.serial
    if licence.copy == "副本":
        fields["copy"] = licence.copy
    return {"kind": "business_licence", "fields": fields}


def certificate_truth(certificate: Certificate) -> Truth:
    fields = {
        "registration_number": certificate.registration_number,
        "name": certificate.name,
        "address": certificate.address,
        "postcode": certificate.postcode,
        "criteria": certificate.criteria,
        "effective_on": iso(certificate.effective_on),
        "expires_on": iso(certificate.expires_on),
        "language": certificate.language,
    }
    if certificate.legal_entity:
        fields["legal_entity"] = certificate.legal_entity
    return {"kind": "cnas_certificate", "fields": fields}


def annex_truth(annex: Annex, page_count: int, lost_rows: set[int]) -> Truth:
    """`lost_rows` are places of rows that stand on a page left out of the file."""
    rows = [*annex.rows, *annex.english_rows]
    fields: Truth = {
        "registration_number": canonical_number(annex.registration_number),
        "name": annex.name,
        "issued_on": iso(annex.issued_on),
        "expires_on": iso(annex.expires_on),
        "page_count_stated": page_count,
    }
    if annex.generation == "G3":
        fields["effective_on"] = iso(annex.effective_on)
    if annex.generation == "G2":
        del fields["issued_on"], fields["expires_on"]
    truth: Truth = {
        "kind": "cnas_annex",
        "fields": fields,
        "sites": sites_truth(annex.sites),
        "rows": [row_truth(row, annex.style) for place, row in enumerate(rows) if place not in lost_rows],
        "signatories": [signatory_truth(s) for s in annex.signatories],
    }
    if annex.generation == "G1" and len(annex.sites) == 1:
        truth["sites"][0]["code"] = None
    return truth


def application_truth(form: Application) -> Truth:
    """Rows and signatories tell their site only where the form has several."""
    several = len(form.sites) > 1
    fields: Truth = {
        "name": form.name,
        "unified_social_credit_code": form.code,
        "address": form.address,
        "responsible_person": form.person,
        "application_type": form.application_type,
        "independent": form.independent,
        "cnas_number": form.cnas_number,
        "applied_on": iso(form.applied_on),
    }
    fields["legal_class"] = form.entity_class
    fields["features"] = form.features
    if form.cma_number:
        fields["cma_number"] = form.cma_number
    if form.cma_expires_on:
        fields["cma_expires_on"] = iso(form.cma_expires_on)
    if form.legal_entity:
        fields["legal_entity"] = {
            "name": form.legal_entity.name,
            "address": form.legal_entity.address,
            "responsible_person": form.legal_entity.person,
            "unified_social_credit_code": form.legal_entity.code,
        }
    return {
        "kind": "application_form",
        "fields": fields,
        "sites": sites_truth(form.sites),
        "rows": [row_truth(row, form.style, coded=False, sited=several) for row in form.rows],
        "signatories": [signatory_truth(s, sited=several) | {"title": s.title} for s in form.signatories],
    }


def commitment_truth(letter: Commitment) -> Truth:
    fields = {"name": letter.name, "signed_on": iso(letter.signed_on), "signed": True, "sealed": True}
    return {"kind": "commitment_letter", "fields": fields}


def cma_certificate_truth(cma: CmaCertificate) -> Truth:
    """The issuing authority stands in the seal only."""
    fields = {
        "number": cma.number,
        "name": cma.name,
        "address": cma.address,
        "issued_on": iso(cma.issued_on),
        "expires_on": iso(cma.expires_on),
    }
    return {"kind": "cma_certificate", "fields": fields}


def cma_annex_truth(cma: CmaCertificate) -> Truth:
    return {
        "kind": "cma_annex",
        "fields": {
            "number": cma.number,
            "name": cma.name,
            "address": cma.address,
            "approved_on": iso(cma.issued_on),
            "expires_on": iso(cma.expires_on),
        },
        "rows": [row_truth(row, MethodStyle(), coded=False, sited=False) for row in cma.rows],
        "signatories": [signatory_truth(s, sited=False) | {"title": s.title} for s in cma.signatories],
    }


def row_truth(row: Capability, style: MethodStyle, *, coded: bool = True, sited: bool = True) -> Truth:
    """A capability row; several standards of one cell are joined by a blank, as they follow each other on separate lines."""
    return {
        "section": row.section,
        "site": row.site if sited else None,
        "object_number": row.object_number or None,
        "object": row.object,
        "parameter_number": row.parameter_number or None,
        "parameter": row.parameter,
        "field_code": row.field_code if coded and row.language == "zh" else None,
        "method": " ".join(row.lines(style)),
        "standards": row.keys(),
        "limitation": row.limitation or None,
        "note": row.note or None,
        "language": row.language,
    }


def signatory_truth(signatory: Signatory, *, sited: bool = True) -> Truth:
    return {"name": signatory.name, "field": signatory.field, "site": signatory.site if sited else None}


def sites_truth(sites: Iterable[Site]) -> list[Truth]:
    return [{"code": site.code, "address": site.address} for site in sites]


def canonical_number(printed: str) -> str:
    """`CNAS L856` -> `CNAS L0856`: the form in which values are given."""
    return f"CNAS L{int(printed.removeprefix('CNAS L')):04d}"


def iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
