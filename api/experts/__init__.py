"""专家库: experts by the library's domains, and a panel for the rows that need people, drawn so that anyone can check it."""

from api.experts.fields import Need, domains_of, needs_of, unplaced
from api.experts.panel import PANEL, propose, verify_panel

__all__ = ["PANEL", "Need", "domains_of", "needs_of", "propose", "unplaced", "verify_panel"]
