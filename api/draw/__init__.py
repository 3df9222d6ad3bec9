"""双随机: bodies and inspectors drawn at random so that anyone can check the draw with a published seed, the lists and SHA-256."""

from api.draw.lots import list_hash, lot
from api.draw.persons import Person, persons_in
from api.draw.record import ALGORITHM, Terms, draw, verify
from api.draw.risk import Body, RiskTable, bodies_in, load_risk_table

__all__ = [
    "ALGORITHM",
    "Body",
    "Person",
    "RiskTable",
    "Terms",
    "bodies_in",
    "draw",
    "list_hash",
    "load_risk_table",
    "lot",
    "persons_in",
    "verify",
]
