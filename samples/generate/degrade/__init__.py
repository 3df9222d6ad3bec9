"""Turns a clean PDF into what an office makes of it: whole scans and photographs by level, or single named degradations; all by seed."""

from samples.generate.degrade.files import encoded, filed, image_pdf
from samples.generate.degrade.named import DEGRADATIONS, STRENGTHS, Degradation, Wear, parse_wears, told, worn
from samples.generate.degrade.office import LEVELS, Level, photograph_page, photographed, scan_page, scanned
from samples.generate.degrade.sheet import Picture, Sheet, rendered, sheets

__all__ = [
    "DEGRADATIONS",
    "LEVELS",
    "STRENGTHS",
    "Degradation",
    "Level",
    "Picture",
    "Sheet",
    "Wear",
    "encoded",
    "filed",
    "image_pdf",
    "parse_wears",
    "photograph_page",
    "photographed",
    "rendered",
    "scan_page",
    "scanned",
    "sheets",
    "told",
    "worn",
]
