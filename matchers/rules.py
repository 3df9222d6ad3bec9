"""The part of the rules that law and practice may change: read once from `data/rules.toml`, validated, with its hash."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from matchers.data import read_bytes

_STATES = ("current", "future", "superseded", "abolished")
_PAPERS = {"business_licence", "cnas_certificate", "cnas_annex", "application_form", "commitment_letter"}


class RulesInvalid(ValueError):
    """规则文件有误。 The file of rules is not valid."""


@dataclass(frozen=True, slots=True)
class LookBack:
    """Records that bar for a while: what their words match, and for how many months after the decision (0 = without end)."""

    words: re.Pattern[str]
    months: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one route of approval; `version` and `sha256` identify the file.

    Days are calendar days; words are simplified and unspaced, as `text.key` gives them.

    `expiry_minor_days` and `expiry_major_days`: fewer days left than this is 提示 or 重要. The `library_*` entries are
    regular expressions, the others plain words.
    """

    route: str
    version: str
    sha256: str
    expiry_minor_days: int
    expiry_major_days: int
    required_papers: tuple[str, ...]
    serious_credit: tuple[str, ...]
    abnormal_credit: tuple[str, ...]
    debtor_credit: tuple[str, ...]
    pending_credit: tuple[str, ...]
    penalty_credit: tuple[str, ...]
    revoked: LookBack
    false_material: LookBack
    false_commitment: LookBack
    withdrawn_commitment: LookBack
    penalised: LookBack
    excluded_domains: tuple[str, ...]
    excluded_objects: tuple[str, ...]
    not_excluded: tuple[str, ...]
    library_cite_only: re.Pattern[str]
    library_abolished: re.Pattern[str]
    object_likeness: float
    first_application: tuple[str, ...]
    renewal: tuple[str, ...]
    method_words: tuple[str, ...]
    standard_states: tuple[tuple[str, tuple[str, ...]], ...]
    """(state, words) in the order in which they are read."""
    title_likeness: float
    qualified_titles: tuple[str, ...]
    junior_titles: tuple[str, ...]
    validity_years: int
    commitment_months: int
    commitment_warn_days: int
    individuals: tuple[str, ...]
    natural_persons: tuple[str, ...]
    current_criteria: tuple[str, ...]
    regulated_fields: tuple[tuple[str, tuple[str, ...]], ...]
    least_legible: float
    most_skew: float
    editing_programs: tuple[str, ...]
    accreditation_hosts: tuple[str, ...]
    modified_after_hours: int
    unset_clocks: tuple[str, ...]
    authorisation_words: tuple[str, ...]


@cache
def load_rules() -> Rules:
    """The rules that come with the program: those of the route by commitment on the strength of a CNAS accreditation."""
    return parse_rules(read_bytes("rules.toml"))


def parse_rules(data: bytes) -> Rules:
    """Rules from TOML; raises `RulesInvalid` naming the entry that is missing or out of range."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
        rules = Rules(
            route=_text(table["route"]["name"]),
            version=_text(table["version"]),
            sha256=hashlib.sha256(data).hexdigest(),
            expiry_minor_days=_days(table["validity"]["minor_days"]),
            expiry_major_days=_days(table["validity"]["major_days"]),
            required_papers=_words(table["completeness"]["required"]),
            serious_credit=_words(table["credit"]["serious"]),
            abnormal_credit=_words(table["credit"]["abnormal"]),
            debtor_credit=_words(table["credit"]["debtor"]),
            pending_credit=_words(table["credit"]["pending"]),
            penalty_credit=_words(table["credit"]["penalty"]),
            revoked=_look_back(table["credit"]["revoked"]),
            false_material=_look_back(table["credit"]["false_material"]),
            false_commitment=_look_back(table["credit"]["false_commitment"]),
            withdrawn_commitment=_look_back(table["credit"]["withdrawn_commitment"]),
            penalised=_look_back(table["credit"]["penalised"]),
            excluded_domains=_words(table["route"]["excluded_domains"]),
            excluded_objects=_words(table["route"]["excluded_objects"]),
            not_excluded=_words(table["route"]["not_excluded"]),
            library_cite_only=_pattern(table["library"]["cite_only"]),
            library_abolished=_pattern(table["library"]["abolished"]),
            object_likeness=_share(table["scope"]["object_likeness"]),
            first_application=_words(table["application"]["first"]),
            renewal=_words(table["application"]["renewal"]),
            method_words=_words(table["methods"]["words"]),
            standard_states=tuple((state, _words(table["standards"][state])) for state in _STATES),
            title_likeness=_share(table["standards"]["title_likeness"]),
            qualified_titles=_words(table["signatories"]["qualified"]),
            junior_titles=_words(table["signatories"]["junior"]),
            validity_years=_days(table["audit"]["validity_years"]),
            commitment_months=_days(table["audit"]["commitment_months"]),
            commitment_warn_days=_days(table["audit"]["commitment_warn_days"]),
            individuals=_words(table["applicant"]["individual"]),
            natural_persons=_words(table["applicant"]["natural_person"]),
            current_criteria=_words(table["criteria"]["current"]),
            regulated_fields=tuple((word, _words(wanted)) for word, wanted in table["regulated"].items()),
            least_legible=float(table["legibility"]["confidence"]),
            most_skew=float(table["legibility"]["skew"]),
            editing_programs=_words(table["tamper"]["editors"]),
            accreditation_hosts=_words(table["tamper"]["accreditation_hosts"]),
            modified_after_hours=_days(table["tamper"]["modified_after_hours"]),
            unset_clocks=_words(table["tamper"]["unset_clocks"]),
            authorisation_words=_words(table["authorisation"]["words"]),
        )
    except (KeyError, TypeError, ValueError, re.error) as fault:
        raise RulesInvalid(f"rules.toml: {fault}") from fault
    if not rules.expiry_major_days <= rules.expiry_minor_days:
        raise RulesInvalid("rules.toml: validity.major_days must not exceed minor_days")
    if unknown := set(rules.required_papers) - _PAPERS:
        raise RulesInvalid(f"rules.toml: completeness.required names unknown papers {sorted(unknown)}")
    return rules


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is not a text")
    return value


def _days(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a number of days")
    return value


def _share(value: Any) -> float:
    if not isinstance(value, float) or not 0 < value <= 1:
        raise ValueError(f"{value!r} does not lie in (0, 1]")
    return value


def _look_back(table: Any) -> LookBack:
    return LookBack(_pattern(table["words"]), _days(table["months"]))


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{value!r} is not a list of words")
    return tuple(_text(word) for word in value)


def _pattern(value: Any) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in _words(value)))
