"""The report as PDF: the very page that `report_html` makes, set for paper by WeasyPrint, with whatever Chinese font the machine has."""

from models.errors import ReviewError

MOST_ROWS = 500
"""Of claimed rows in one table: setting a row takes 17 ms and half a megabyte, and nobody prints ten thousand of them."""

PAPER = """
@page { size: A4; margin: 14mm 12mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; color: #555; } }
html { font-size: 9.5pt; }
body { background: #fff; font-family: "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "AR PL UMing CN", sans-serif; }
.page { max-width: none; margin: 0; padding: 0; }
article, tr, figure { break-inside: avoid; }
h2, h3, .group { break-after: avoid; }
thead { display: table-header-group; }
.tablewrap { overflow: visible; }
table { table-layout: fixed; width: 100%; }
.facts, .counts { display: block !important; }
.facts > div, .counts > a { display: inline-block !important; vertical-align: top; margin: 0 2% 6pt 0; }
.facts > div { width: 30%; }
.counts > a { width: 21%; }
.sides { display: block; }
.side { margin-bottom: 6pt; }
th, td { padding: 4pt 5pt !important; white-space: normal !important; overflow-wrap: anywhere; }
"""

_WIDTHS = {"#record th": (46, 16, 18, 8, 12), "#rows th": (5, 11, 6, 12, 12, 30, 12, 12), "#passed td": (9, 71, 20)}
"""Shares of the columns, in hundredths: a table whose widths are given is set in a fraction of the time."""


class PdfUnavailable(ReviewError):
    """本机缺少生成 PDF 所需的组件，请安装：pip install weasyprint，apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-wqy-zenhei。

    This machine lacks what PDF needs; install it: pip install weasyprint, apt-get install libpango-1.0-0 libpangoft2-1.0-0
    fonts-wqy-zenhei. HTML works without.
    """

    code = "pdf_unavailable"


def report_pdf(page: str) -> bytes:
    """The page as PDF, its text searchable. Nothing is fetched: pictures lie in the page. PdfUnavailable."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:  # OSError: Pango is not installed
        raise PdfUnavailable from error
    # A page made of what strangers sent must not make this machine ask anything of any other.
    inside_only = URLFetcher(allowed_protocols=["data"])
    made: bytes = HTML(string=page, url_fetcher=inside_only).write_pdf(stylesheets=[CSS(string=PAPER + _widths())])
    return made


def _widths() -> str:
    return "\n".join(
        f"{cell}:nth-child({place}) {{ width: {share}%; }}"
        for cell, shares in _WIDTHS.items()
        for place, share in enumerate(shares, 1)
    )
