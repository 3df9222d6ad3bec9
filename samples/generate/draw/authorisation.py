"""法人授权书: a legal person lets its branch or laboratory test and stand for the results."""

import datetime as dt
import random

from samples.generate.draw import emblems, ink
from samples.generate.draw.annex_tables import chinese
from samples.generate.draw.flow import Flow
from samples.generate.draw.fonts import HEI_BOLD, SONG
from samples.generate.facts import LegalEntity


def draw_authorisation(owner: LegalEntity, body: str, day: dt.date) -> bytes:
    """The letter as one page, signed and sealed by the legal person."""
    flow = Flow(top=96, left=72)
    rng = random.Random(owner.code)
    flow.line("法人授权书", 24, HEI_BOLD, "centre", gap=3.0)
    for paragraph in (
        f"　　我单位{owner.name}（统一社会信用代码：{owner.code}）系独立法人。",
        f"　　兹授权{body}以其自身名义独立开展检验检测活动，独立对外行文和出具检验检测报告，独立设置账目、核算。",
        f"　　{body}从事检验检测活动所产生的法律责任由我单位承担。我单位不干预其检验检测工作的独立性和公正性。",
        "　　本授权自签署之日起长期有效。",
    ):
        flow.line(paragraph, 14, SONG, gap=2.0)
    flow.space(60)
    y = flow.y
    flow.put(lambda c: ink.text(c, 250, y, "法定代表人（签字）：", 14, SONG))
    flow.put(lambda c: emblems.signature(c, 392, y - 2, owner.person, 28, rng))
    flow.put(lambda c: ink.text(c, 250, y - 40, "（单位公章）", 14, SONG))
    flow.put(lambda c: ink.text(c, 360, y - 84, chinese(day), 14, SONG))
    flow.put(lambda c: emblems.seal(c, 420, y - 62, 56, owner.name, turn=rng.uniform(-6, 6)))
    return flow.pdf("法人授权书", lambda c, page, pages: None)
