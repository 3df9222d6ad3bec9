"""The cases that are kept in `samples/cases`, each with its seed, plan, faults and the way its papers come in."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from samples.generate.facts import Case
from samples.generate.faults import FAULTS, Fault
from samples.generate.invent import invent
from samples.generate.package import Delivery, write_case
from samples.generate.plan import Plan

FOLDER = Path(__file__).parents[1] / "cases"

PHOTO = Delivery("photo", ".jpg", "light")
SMALL = Plan(entity="company", generation="G3", objects=2, parameters=6)
"""A case of few rows, for one fault each."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kept case."""

    name: str
    seed: int
    plan: Plan
    faults: tuple[str, ...] = ()
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    stray_paper: bool = False


RECIPES = (
    Recipe("clean_company_g3", 101, Plan(entity="company", form="landscape", generation="G3", objects=3, parameters=9)),
    Recipe("clean_branch_g2_multisite", 102, Plan(entity="branch", generation="G2", sites=2, objects=2, parameters=8, english=True)),
    Recipe("clean_institution_g1", 103, Plan(entity="institution", generation="G1", objects=4, parameters=10, ruling="rect")),
    Recipe(
        "clean_60_page_annex", 104,
        Plan(entity="joint_stock", form="landscape", generation="G3", objects=38, parameters=60,
             carry="blank", ruling="stroke", claim=0.25),
        deliveries={"licence": Delivery("photo", ".jpg", "medium")},
    ),
    Recipe(
        "clean_scanned", 105, Plan(entity="company", form="portrait", generation="G2", objects=2, parameters=14, carry="repeat"),
        deliveries={
            "annex": Delivery("scan", ".pdf", "medium"),
            "certificate": Delivery("scan", ".pdf", "light", grey=False, dpi=150),
            "commitment": Delivery("scan", ".tiff", "light", grey=False),
        },
    ),
    Recipe(
        "clean_photo_licence", 106, Plan(entity="sole_proprietorship", form="landscape", generation="G3", objects=2, parameters=7),
        deliveries={"licence": Delivery("photo", ".jpg", "strong")},
    ),
    Recipe(
        "clean_partnership_unit_english", 107,
        Plan(entity="special_partnership", form="electronic", generation="G3", objects=2, parameters=7, english=True,
             english_certificate=True, calibration=True, ruling="path"),
        deliveries={"licence": Delivery("scan", ".webp", "light", grey=False, dpi=150)},
    ),
    Recipe(
        "clean_private_institute_extension", 108,
        Plan(entity="private_non_enterprise", generation="G1", sites=2, objects=2, parameters=8, holds_cma=True),
        deliveries={"cma": Delivery("scan", ".jpg", "light", grey=False, dpi=150)}, stray_paper=True,
    ),
    Recipe("wrong_name_by_one_character", 201, SMALL, ("wrong_name_one_char",)),
    Recipe("old_name_after_a_change", 202, replace(SMALL, form="landscape"), ("old_name_after_change",)),
    Recipe("code_with_a_wrong_digit", 203, SMALL, ("uscc_wrong_digit",)),
    Recipe("moved_address", 204, replace(SMALL, generation="G1"), ("moved_address",)),
    Recipe(
        "expired_certificate", 205, SMALL, ("expired_certificate",),
        {"certificate": Delivery("scan", ".jpg", "medium", grey=False, dpi=150)},
    ),
    Recipe("annex_page_missing", 206, SMALL, ("annex_page_missing",)),
    Recipe("row_claimed_but_not_accredited", 207, SMALL, ("claimed_row_not_accredited",)),
    Recipe("abolished_standard", 208, replace(SMALL, generation="G2"), ("abolished_standard",)),
    Recipe("series_only_standard", 209, SMALL, ("series_only_standard",)),
    Recipe("dropped_limit", 210, replace(SMALL, groups=("food_basic",), parameters=14), ("dropped_limit",)),
    Recipe("excluded_domain", 211, SMALL, ("excluded_domain",)),
    Recipe("serious_breach_listing", 212, replace(SMALL, form="electronic"), ("serious_breach",)),
    Recipe("doctored_date", 213, SMALL, ("doctored_date",), {"certificate": Delivery("scan", ".pdf", "medium", grey=False, dpi=150)}),
    Recipe("site_outside_hainan", 214, replace(SMALL, entity="branch"), ("site_outside_hainan",)),
    Recipe("missing_section_in_index", 215, replace(SMALL, entity="institution"), ("section_missing",)),
    Recipe(
        "demo_mixed", 301,
        Plan(entity="company", form="landscape", generation="G3", objects=4, parameters=18, groups=("food_basic",), sites=1),
        ("series_only_standard", "dropped_limit", "old_annex"),
        {"certificate": Delivery("scan", ".pdf", "light", grey=False, dpi=150), "licence": Delivery("photo", ".jpg", "medium")},
    ),
)  # fmt: skip


def made(recipe: Recipe) -> tuple[Case, tuple[Fault, ...]]:
    """The case of a recipe with its faults applied in order."""
    faults = tuple(FAULTS[name] for name in recipe.faults)
    plan = recipe.plan
    for fault in faults:
        plan = fault.planned(plan)
    case = replace(invent(recipe.seed, plan), stray_paper=recipe.stray_paper)
    for fault in faults:
        case = fault.apply(case)
    return case, faults


def write_recipe(recipe: Recipe, folder: Path) -> None:
    case, faults = made(recipe)
    write_case(case, folder / recipe.name, faults, recipe.deliveries)
