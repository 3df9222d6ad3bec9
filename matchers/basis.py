"""The legal instruments that checks rest on; `verified` is False where the clause was not seen in a published text."""

from dataclasses import dataclass

from models.finding import Basis


@dataclass(frozen=True, slots=True)
class Instrument:
    """A rule text with its edition. `seen` are the articles whose content and number were seen in a published text."""

    name: str
    edition: str
    seen: frozenset[int] = frozenset()
    verified: bool = False
    url: str = ""

    def article(self, number: int) -> Basis:
        """One article (第 n 条)."""
        return Basis(self.name, f"第{number}条", self.edition, self.url, verified=number in self.seen)

    def whole(self, clause: str = "") -> Basis:
        """The instrument as a whole, or a part of it that has no article number."""
        return Basis(self.name, clause, self.edition, self.url, verified=self.verified)


CMA_RULES = Instrument(
    "检验检测机构资质认定管理办法",
    "总局令第163号（2015），2021年4月2日修改",
    seen=frozenset({9, 10, 13, 14, 31, 32, 35, 36, 37}),
)
COMMITMENT = Instrument("检验检测机构资质认定告知承诺实施办法（试行）", "国市监检测〔2019〕206号附件", verified=True)
REVIEW_CRITERIA = Instrument("检验检测机构资质认定评审准则", "总局公告2023年第21号", seen=frozenset({9}), verified=True)
LIBRARY_NOTICE = Instrument(
    "市场监管总局关于能力项目库和事项清单（一单一库）的公告", "公告2026年第14号，2026年6月1日施行"
)
SUPERVISION = Instrument(
    "检验检测机构监督管理办法", "总局令第39号（2021），2025年修改", seen=frozenset({7, 11, 14, 22})
)
LICENSING_LAW = Instrument("中华人民共和国行政许可法", "2019年修正")
CNAS_RULES = Instrument("CNAS 认可证书及认可规则", "以证书附件所载为准")
HAINAN_DRAFT = Instrument("关于进一步优化检验检测机构资质认定行政审批工作的通知（征求意见稿）", "海南省，征求意见稿")
"""A draft, not enacted: every finding that rests on it shows 待核."""
CREDIT_CODE_STANDARD = Instrument("GB 32100-2015 法人和其他组织统一社会信用代码编码规则", "2015", verified=True)
ENTITY_REGISTRATION = Instrument("中华人民共和国市场主体登记管理条例", "国务院令第746号，2022年3月1日施行")
