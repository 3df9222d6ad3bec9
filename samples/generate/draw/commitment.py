"""检验检测机构资质认定告知承诺书: six promises, a signature by hand, a seal, a date."""

import random

from samples.generate.draw import emblems, ink
from samples.generate.draw.annex_tables import chinese
from samples.generate.draw.flow import Flow
from samples.generate.draw.fonts import HEI_BOLD, SONG
from samples.generate.facts import Commitment

PROMISES = (
    "（一）所填写的相关信息真实、准确；",
    "（二）已经知悉资质认定部门告知的全部内容；",
    "（三）本机构能够符合资质认定部门告知的条件和技术能力要求，并按照规定接受后续核查；",
    "（四）本机构能够提交资质认定部门告知的相关材料；",
    "（五）愿意承担虚假承诺、承诺内容严重不实所引发的相应法律责任；",
    "（六）所作承诺是本机构的真实意思表示。",
)


def draw_commitment(letter: Commitment) -> bytes:
    """The letter as one page."""
    flow = Flow(top=80, left=72)
    rng = random.Random(letter.name)
    flow.line("检验检测机构资质认定告知承诺书", 20, HEI_BOLD, "centre", gap=2.6)
    flow.line("海南省市场监督管理局：", 14, SONG, gap=2.0)
    flow.line(f"　　本机构（{letter.name}）就申请检验检测机构资质认定事项，郑重承诺如下：", 14, SONG, gap=1.9)
    for promise in PROMISES:
        flow.line("　　" + promise, 14, SONG, gap=1.9)
    flow.space(50)
    y = flow.y
    flow.put(lambda c: ink.text(c, 220, y, "法定代表人（签字）：", 14, SONG))
    flow.put(lambda c: emblems.signature(c, 366, y - 2, letter.person, 30, rng))
    flow.put(lambda c: ink.text(c, 220, y - 40, "申请机构（盖章）：", 14, SONG))
    flow.put(lambda c: ink.text(c, 340, y - 40, letter.name if len(letter.name) < 15 else "", 12, SONG))
    flow.put(lambda c: ink.text(c, 356, y - 84, chinese(letter.signed_on), 14, SONG))
    flow.put(lambda c: emblems.seal(c, 410, y - 62, 58, letter.name, turn=rng.uniform(-6, 6)))
    return flow.pdf("告知承诺书", lambda c, page, pages: None)
