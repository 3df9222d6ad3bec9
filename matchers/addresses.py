"""Two addresses, part by part: what may be left out or written differently, what makes another place, and what is Hainan."""

import re

from matchers.address_parts import Address, parse_address, plain
from matchers.places import HAINAN, hainan, of_level
from models.finding import Bilingual, Comparison, Outcome
from models.text import key

__all__ = ["compare_addresses", "in_hainan"]

_LEVELS = ("province", "city", "district", "township", "zone", "village")
_BEHIND = ("place", "building", "stair", "floor", "room", "note")
_LABELS = {
    "province": Bilingual("省", "province"),
    "city": Bilingual("市县", "city or county"),
    "district": Bilingual("区县", "district"),
    "township": Bilingual("镇或街道", "township"),
    "zone": Bilingual("园区", "zone"),
    "village": Bilingual("村或社区", "village"),
    "road": Bilingual("道路", "road"),
    "number": Bilingual("门牌号", "number"),
    "place": Bilingual("小区或建筑名称", "estate or building name"),
    "building": Bilingual("楼栋", "building"),
    "stair": Bilingual("单元", "stair"),
    "floor": Bilingual("楼层", "floor"),
    "room": Bilingual("房号", "room"),
    "note": Bilingual("括注", "note in brackets"),
}
_IMPLIED_FLOOR = re.compile("([0-9]{1,2})[0-9]{2}[A-Z]?|([0-9]{1,2})[A-Z]")
_WEIGHTS = {"road": 3.0, "number": 3.0, "building": 2.0, "room": 2.0, "city": 2.0, "district": 1.5}


_LONGEST = 1_000
"""Characters; what papers print as an address has at most about a hundred."""


def compare_addresses(left: str, right: str) -> Comparison:
    """Two addresses. Levels, building and room may be missing on one side; road and number may not; nothing may differ."""
    if key(left) == key(right):
        return Comparison(Outcome.MATCH, 1.0, Bilingual("地址相同。", "The addresses are equal."))
    if max(len(left), len(right)) > _LONGEST:
        long = Bilingual(
            "文字过长，不是一个地址，请人工核对。", "The text is too long to be one address; compare it yourself."
        )
        return Comparison(Outcome.MISMATCH, 0.0, long)
    a, b = parse_address(left), parse_address(right)
    parts = tuple(
        (name, getattr(a, name), getattr(b, name), _likeness(getattr(a, name), getattr(b, name))) for name in _LABELS
    )
    differing = [name for name, x, y, _ in parts if x != y and _must_agree(name, x, y, a, b)]
    if not a.road and not b.road and (_strays(a, b) or _strays(b, a)):
        differing.append("city")
    if bool(a.floor) is not bool(b.floor):  # 20层 against room 901
        differing += ["floor"] if _storey(a) and _storey(b) and _storey(a) != _storey(b) else []
    missing = [name for name, x, y, _ in parts if x != y and name not in differing]
    score = _score(parts)
    if differing:
        said = [(_LABELS[name], _said(name, a), _said(name, b)) for name in differing]
        zh = "；".join(f"{label.zh}“{x}”与“{y}”不同" for label, x, y in said)
        en = "; ".join(f"{label.en} “{x}” against “{y}”" for label, x, y in said)
        return Comparison(Outcome.MISMATCH, min(score, 0.94), Bilingual(f"{zh}。", f"Different: {en}."), parts=parts)
    zh = "、".join(_LABELS[name].zh for name in missing)
    tolerance = f"一侧省略了{zh}" if zh else "写法不同（栋/幢、楼/层、号/#、数字或曾用地名）"
    en = (
        f"left out on one side: {', '.join(_LABELS[n].en for n in missing)}"
        if missing
        else "spelling of building, floor, number or an older name"
    )
    return Comparison(
        Outcome.TOLERATED, max(score, 0.95), Bilingual(f"{tolerance}。", f"Tolerated: {en}."), tolerance, parts
    )


def in_hainan(text: str) -> bool | None:
    """Whether the address lies in Hainan; None where it names no place that tells."""
    address = parse_address(text)
    if address.province:
        return address.province == f"{HAINAN}省"
    for place in of_level("city").values():
        if place.name == address.city:
            return place.within == HAINAN
    districts = of_level("district")
    told = address.district in districts and address.district not in hainan("shared") and not address.city
    return True if told or any(plain(text).startswith(zone) for zone in hainan("zone")) else None


def _must_agree(name: str, x: str, y: str, a: Address, b: Address) -> bool:
    """Whether this difference makes another place. Where neither has a number, the finest part must stand on both sides."""
    if x and y:
        return True
    if name in ("road", "number"):
        return True
    if name in _LEVELS or name == "place":
        return not a.number and not b.number and name == _finest(a, b)
    return False


def _strays(a: Address, b: Address) -> bool:
    """Whether one names only the city and the other only what may lie in any: 三亚市金鸡岭 and 黄流镇金鸡岭."""
    return bool(a.city and (b.district or b.township) and not b.city and not a.district and not a.township)


def _said(name: str, address: Address) -> str:
    value: str = _storey(address) if name == "floor" else getattr(address, name)
    return value or "（无）"


def _storey(address: Address) -> str:
    """The floor as stated, else as the room's number implies it (901, 20E); empty where neither tells."""
    implied = _IMPLIED_FLOOR.fullmatch(address.room)
    return address.floor or (implied[1] or implied[2] if implied else "")


def _finest(a: Address, b: Address) -> str:
    """The most specific part that either address without a number has."""
    order = ("place", "road", "village", "zone", "township", "district", "city", "province")
    return next((name for name in order if getattr(a, name) or getattr(b, name)), "")


def _likeness(x: str, y: str) -> float:
    if x == y:
        return 1.0
    return 0.0 if x and y else 0.5


def _score(parts: tuple[tuple[str, str, str, float], ...]) -> float:
    """The weighted share of agreement over the parts that either side has; no common part at all is no agreement."""
    present = [(_WEIGHTS.get(name, 1.0), score) for name, x, y, score in parts if x or y]
    total = sum(weight for weight, _ in present)
    return round(sum(weight * score for weight, score in present) / total, 4) if total else 0.0
