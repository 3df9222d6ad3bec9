"""Writes the `registry/` folder of a case: what the registries know, in the files and headers in which they publish it.

enterprises.csv (统一社会信用代码, 企业名称, 企业类型, 法定代表人, 注册资本, 成立日期, 核准日期, 营业期限自, 营业期限至, 登记机关,
登记状态, 住所, 经营范围, and `changes`, a JSON list of {item, before, after, on}); credit.xlsx (统一社会信用代码, 主体名称, 名单类别,
列入原因, 列入机关, 列入决定书文号, 列入日期, 移出日期); cnas.jsonl and cnas_rows.jsonl (field names of the contract); cma.csv (证书编号,
机构名称, 统一社会信用代码, 地址, 发证日期, 有效期至, 状态, 发证机关, 承诺核查日期 where known);
cma_rows.csv (证书编号, 所在场所, 类别, 产品/项目/参数,
依据的标准(方法)名称及编号(含年号), 限制范围); items.csv (序号, 领域, 设定依据, 审批层级, 实施日期); library.xlsx (领域,
标准(方法)名称, 标准编号, 备注); standards.csv (标准号, 标准名称, 标准状态, 代替标准).
"""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from samples.generate.facts import Capability, Enterprise, MethodStyle, World

ZIP_DATE = (2026, 1, 1, 0, 0, 0)

FILES = {
    "enterprises": "enterprises.csv",
    "credit": "credit.xlsx",
    "cnas": "cnas.jsonl",
    "cnas_rows": "cnas_rows.jsonl",
    "cma": "cma.csv",
    "cma_rows": "cma_rows.csv",
    "items": "items.csv",
    "library": "library.xlsx",
    "standards": "standards.csv",
}


def write_registry(world: World, as_of: dt.date, folder: Path) -> None:
    """Writes every registry and `registry.toml`; the snapshots are of the day before the judgement."""
    folder.mkdir(parents=True, exist_ok=True)
    day = as_of - dt.timedelta(days=1)
    toml = "".join(f'[{kind}]\nfile = "{file}"\nas_of = {day}\n\n' for kind, file in FILES.items())
    (folder / "registry.toml").write_text(toml.rstrip() + "\n", "utf-8")
    write_csv(folder / "enterprises.csv", ENTERPRISE_HEADERS, (enterprise_line(e) for e in world.enterprises))
    write_xlsx(
        folder / "credit.xlsx",
        ("统一社会信用代码", "主体名称", "名单类别", "列入原因", "列入机关", "列入决定书文号", "列入日期", "移出日期"),
        (
            (
                c.code,
                c.name,
                c.category,
                c.reason,
                c.authority,
                c.document_number,
                str(c.listed_on),
                str(c.removed_on or ""),
            )
            for c in world.credit
        ),
    )
    write_lines(folder / "cnas.jsonl", (
        {"registration_number": a.registration_number, "name": a.name, "legal_entity": a.legal_entity, "address": a.address,
         "effective_on": str(a.effective_on), "expires_on": str(a.expires_on), "updated_on": str(a.updated_on), "status": a.status,
         "suspended_items": a.suspended, **({"unified_social_credit_code": a.code} if a.code else {})}
        for a in world.cnas
    ))  # fmt: skip
    own = world.cnas[1].registration_number
    write_lines(folder / "cnas_rows.jsonl", (
        {"registration_number": own, "site": row.site, "object": row.object, "parameter": row.parameter,
         "method": method_of(row), "standards": ";".join(row.keys()), "limitation": row.limitation, "status": "有效"}
        for row in world.cnas_rows if row.section == "testing"
    ))  # fmt: skip
    verified = any(c.checked_on for c in world.cma)
    headers = ("证书编号", "机构名称", "统一社会信用代码", "地址", "发证日期", "有效期至", "状态", "发证机关")
    write_csv(
        folder / "cma.csv",
        (*headers, "承诺核查日期") if verified else headers,
        (
            (
                c.number, c.name, c.code, c.address, c.issued_on, c.expires_on, c.status, "海南省市场监督管理局",
                *([c.checked_on or ""] if verified else []),
            )
            for c in world.cma
        ),
    )  # fmt: skip
    write_csv(
        folder / "cma_rows.csv",
        ("证书编号", "所在场所", "类别", "产品/项目/参数", "依据的标准(方法)名称及编号(含年号)", "限制范围"),
        (
            (number, row.site or "", row.object, row.parameter, method_of(row), row.limitation)
            for number, row in world.cma_rows
        ),
    )
    basis = "检验检测机构资质认定管理办法第五条"
    write_csv(
        folder / "items.csv",
        ("序号", "领域", "设定依据", "审批层级", "实施日期"),
        ((n, domain, basis, "省级", "2026-06-01") for n, domain in enumerate(world.domains, 1)),
    )
    write_xlsx(
        folder / "library.xlsx",
        ("领域", "标准(方法)名称", "标准编号", "备注"),
        ((line.domain, line.title, line.code, line.remark) for line in world.library),
    )
    citing = any(line.cites for line in world.standards)  # most platforms do not list what a standard cites
    write_csv(
        folder / "standards.csv",
        ("标准号", "标准名称", "标准状态", "代替标准", *(("规范性引用文件",) if citing else ())),
        (
            (line.code, line.title, line.status, line.replaced_by, *((line.cites,) if citing else ()))
            for line in world.standards
        ),
    )


ENTERPRISE_HEADERS = (
    "统一社会信用代码", "企业名称", "企业类型", "法定代表人", "注册资本", "成立日期", "核准日期", "营业期限自", "营业期限至",
    "登记机关", "登记状态", "住所", "经营范围", "changes",
)  # fmt: skip


def enterprise_line(e: Enterprise) -> tuple[object, ...]:
    """A line as the publicity system prints it: capital in 万, an open term blank, dates ISO."""
    capital = f"{e.capital / 10000:.6f}万人民币" if e.capital is not None else ""
    term_from, term_to = e.term or (None, None)
    changes = [{"item": item, "before": before, "after": after, "on": str(on)} for item, before, after, on in e.changes]
    return (
        e.code, e.name, e.entity_type, e.person, capital, e.established_on or "", e.approved_on, term_from or "",
        "" if term_to is None or term_to.year == 9999 else term_to, e.authority, e.status, e.address, e.scope,
        json.dumps(changes, ensure_ascii=False) if changes else "",
    )  # fmt: skip


def method_of(row: Capability) -> str:
    return "；".join(row.lines(MethodStyle()))


def write_csv(path: Path, headers: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(headers)
    writer.writerows(lines)
    path.write_text(buffer.getvalue(), "utf-8-sig", newline="")


def write_lines(path: Path, objects: Iterable[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects), "utf-8")


def write_xlsx(path: Path, headers: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """A workbook with the same bytes for the same content: no time of writing is kept."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(headers))
    for line in lines:
        sheet.append(list(line))
    book.properties.created = book.properties.modified = dt.datetime(*ZIP_DATE)  # noqa: DTZ001 - openpyxl wants it naive
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                head, _, tail = data.partition(b"<dcterms:modified")
                data = (
                    head
                    + b"<dcterms:modified"
                    + tail.replace(tail[tail.index(b">") + 1 : tail.index(b"<")], b"2026-01-01T00:00:00Z", 1)
                )
            target.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
