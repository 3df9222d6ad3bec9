"""Addresses parsed into components: administrative levels, road and number, and what lies behind the number."""

import re
from dataclasses import dataclass
from functools import cache

from matchers.places import HAINAN, hainan, hainan_only_in, of_level
from models.numerals import parse_digits, parse_number
from models.text import key

__all__ = ["Address", "parse_address", "plain"]

_NUMERAL = "零〇一二三四五六七八九十百"
# Possessive, bounded and from the start of a run only, so that no text, however long its digits, costs much time.
_ONE = r"[0-9A-Z][0-9A-Z-]*+"
_LIST = rf"(?<![0-9A-Z]){_ONE}(?:[;&/和及与至~]{_ONE}){{0,30}}+"
_SPELLED = re.compile(rf"(?<![{_NUMERAL}])([{_NUMERAL}]+)(?=号|栋|幢|座|楼|层|单元|室|房|铺|期|弄|巷|街|路|横|组|队|#)")
_PREAMBLE = re.compile(r"^(?:地址|住所|注册地址|经营场所|营业场所)?(?:[A-Z]?:)?(?:中华人民共和国|中国(?=[^(]))?")
_POSTCODE = re.compile(r"\(?(?:邮政编码|邮编):?[0-9]{6}\)?|[0-9]{6}$")
_NOTE = re.compile(r"\(([^()]*)\)")
_FILLER = re.compile(r"[.。,'\"|_*:]|自主申报")
_SUB_NUMBER = re.compile(rf"(?<=[0-9])号?之([0-9]{{1,3}}(?![0-9])|[{_NUMERAL}]{{1,3}}(?![{_NUMERAL}]))号?")
_REPEATED = re.compile(r"(号楼|号(?!楼)|[栋幢座层楼室房])(?=[;&/和及与至~][0-9A-Z-]{1,8}\1(?![楼房室栋幢座]))")
_WORDS = (  # one word each for a building, a floor and a room, also where no other part explains them
    (re.compile(r"(?<=[0-9A-Z东南西北甲乙丙丁主副号])[幢座]"), "栋"),
    (re.compile(r"(?<=[0-9])楼"), "层"),
    (re.compile(r"(?<=[0-9A-Z])号?(?:房间|房)(?![地产屋])"), "室"),
)
_LOWEST_FLOOR = re.compile(r"[首底](?=层)")
_FLOOR_LETTER = re.compile(
    r"(?<![0-9A-Z-])([0-9]{1,2})F(?![0-9A-Z室房号-]|$)|(?<![0-9A-Z-])([0-9]{1,2})F(?=$|[0-9]{3,4}(?:$|[室房号]))"
)

_NO_DISTRICT = r"(?!.{0,9}?(?:开发区|园区|小区|社区|工业区|加工区|保税区|高新区|港区|度假区))"
_DISTRICT = re.compile(rf"^{_NO_DISTRICT}([一-鿿]{{1,7}}?(?:自治县|县|区|旗))(?![路街道号政人民])")
_CITY = re.compile(r"^([一-鿿]{2,3}市)(?![场政民路街])")
_TOWNSHIP = re.compile(r"^([一-鿿]{1,6}?(?:街道办事处|街道|镇|乡))(?![路街政府人大0-9])")
_ZONE = re.compile(
    r"^([一-鿿]{1,16}?(?:开发区|园区|工业园|产业园|软件园|科技园|科技城|保税区|工业区|加工区|高新区|度假区|新区|农场|林场|岛))(?![路街大])"
)
_VILLAGE = re.compile(
    r"^([一-鿿]{1,8}?(?:村民委员会|村委员会|村委会|居民委员会|居委会|社区|管理区|墟|圩|村))(?![路街大镇乡场])"
)
_ROAD = re.compile(
    r"^([一-鿿0-9A-Z]{1,12}?(?:大道|公路|大街|路|街|巷|横(?=[0-9])|里(?=[0-9])|道(?=[0-9])))(?![口边旁社居道])"
)

_NUMBER = re.compile(rf"(?:({_LIST})弄)?({_LIST})号(?![楼房室铺商馆栋幢座门])(?:附({_ONE})号)?|({_LIST})弄")
_BUILDING = re.compile(
    rf"({_LIST}|(?<![一-鿿])[东南西北甲乙丙丁主副]|[东南西北甲乙丙丁主副](?=[栋幢座]))(?:号)?(?:[栋幢座]|号楼|(?<=[A-Z])楼)"
)
_STAIR = re.compile(rf"({_LIST})(?:号)?(?:单元|梯)")
_FLOOR = re.compile(r"(?:第)?(负?-?[0-9]{1,2}(?:[;至~-][0-9]{1,2})*)(?:层|楼)")
_ROOM = re.compile(rf"({_LIST})(?:号)?(?:房间|室|房|铺面|商铺|铺|单位)(?:内)?")
_LAST = re.compile(rf"({_LIST})号?$")
_LONE = re.compile(rf"({_LIST})号")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts, each as it is compared; empty where there is no such part.

    Levels bear today's full names (海南省, 海口市, 龙华区) without regard to what was left out in print. `number` is the
    house number with leading zeros dropped, `place` what no other part explains (an estate, a building, a landmark),
    `note` what stands in brackets.
    """

    province: str = ""
    city: str = ""
    district: str = ""
    township: str = ""
    zone: str = ""
    village: str = ""
    road: str = ""
    number: str = ""
    place: str = ""
    building: str = ""
    stair: str = ""
    floor: str = ""
    room: str = ""
    note: str = ""


def parse_address(text: str) -> Address:
    """The components of a Chinese address; total: what is not understood stays in `place`."""
    rest = plain(text)
    notes = "".join(_NOTE.findall(rest))
    rest = _NOTE.sub("", rest).replace("(", "").replace(")", "")
    levels, rest = _levels(rest)
    levels["road"], rest = _take(_ROAD, rest)
    return Address(**levels, **_behind_road(rest), note=notes)


def plain(text: str) -> str:
    """One spelling: numerals before their units as digits, # as 号, F as 层, 26号之一 as 26-1号, no punctuation, no preamble."""
    plain = _POSTCODE.sub("", _FILLER.sub("", _PREAMBLE.sub("", key(text))))
    plain = _SPELLED.sub(lambda found: _digits(found[1]), _LOWEST_FLOOR.sub("1", plain))
    plain = plain.replace("#楼", "号楼").replace("#", "号").replace("号号", "号")
    plain = _SUB_NUMBER.sub(lambda found: f"-{_digits(found[1])}号", plain)
    plain = _FLOOR_LETTER.sub(lambda found: f"{found[1] or found[2]}层", plain)
    for pattern, word in _WORDS:
        plain = pattern.sub(word, plain)
    return _REPEATED.sub("", plain)


def _digits(numeral: str) -> str:
    value = parse_digits(numeral)
    if value is None:
        exact = parse_number(numeral)
        return numeral if exact is None else str(int(exact))
    return str(value)


def _levels(rest: str) -> tuple[dict[str, str], str]:
    """Administrative levels taken off the front, by the gazetteer first and by their endings after that."""
    levels = dict.fromkeys(("province", "city", "district", "township", "zone", "village"), "")
    name = _gazetteer("province", rest)
    levels["province"], rest = (of_level("province")[name].name, rest[len(name) :]) if name else ("", rest)
    rest = _of_today(rest, levels)
    if not levels["city"]:
        name = _gazetteer("city", rest)
        levels["city"], rest = (of_level("city")[name].name, rest[len(name) :]) if name else _take(_CITY, rest)
    for level, pattern in (("district", _DISTRICT), ("township", _TOWNSHIP), ("zone", _ZONE), ("village", _VILLAGE)):
        rest = _of_today(rest, levels)
        if not levels[level]:
            found = _known_district(rest) if level == "district" else ""
            levels[level], rest = (found, rest[len(found) :]) if found else _take(pattern, rest)
    levels["zone"] = _without_place(levels["zone"], levels["city"])
    for long, short in _COMMITTEES:
        levels["village"] = levels["village"].replace(long, short)
    return levels, rest


def _known_district(rest: str) -> str:
    """A district of the gazetteer by its full name, which a zone may follow at once: 龙华区海口综合保税区."""
    names = (place.name for place in of_level("district").values() if rest.startswith(place.name))
    return next((name for name in names if not rest[len(name) :].startswith(_NO_PLACE)), "")


_NO_PLACE = ("路", "街", "道", "号", "政", "人民")
_COMMITTEES = (("村民委员会", "村委会"), ("村委员会", "村委会"), ("居民委员会", "居委会"))


def _without_place(zone: str, city: str) -> str:
    """A zone without the province or city that its name begins with: 海口综合保税区 and 综合保税区 are one in 海口."""
    cities = of_level("city")
    for place in (HAINAN, cities[city].name if city in cities else "", cities[city].short if city in cities else ""):
        if place and len(zone) > len(place) + 3:
            zone = zone.removeprefix(place)
    return zone


def _gazetteer(level: str, rest: str) -> str:
    """The name of that level with which the text begins; a short name must not run on into a road or another word."""
    for name, place in of_level(level).items():
        if not rest.startswith(name):
            continue
        after = rest[len(name) :]
        road = _ROAD.match(after)
        if name == place.name or not (after.startswith(_RUNS_ON) or (road and len(road[1]) <= _SHORT_ROAD)):
            return name
    return ""


_SHORT_ROAD = 2  # 三亚湾路 is a road and not a 湾路 in 三亚
_RUNS_ON = (
    "市",
    "路",
    "街",
    "大道",
    "大厦",
    "藏族",
    "巷",
    "大酒店",
    "公路",
    "市场",
    "花园",
    "广场",
    "北路",
    "南路",
    "东路",
    "西路",
    "中路",
)


def _of_today(rest: str, levels: dict[str, str]) -> str:
    """Older Hainan names at the front replaced by what stands there now; not where the address lies elsewhere."""
    if levels["province"] not in ("", f"{HAINAN}省") or (levels["city"] and levels["city"] not in _hainan_cities()):
        return rest
    for name, now in {**hainan("renamed"), **hainan("spelling")}.items():
        if rest.startswith(name) and hainan_only_in().get(name, levels["city"]) == levels["city"]:
            level = "city" if now in _hainan_cities() else "district"
            levels[level] = levels[level] or now
            if level == "district" and name.endswith("镇"):
                levels["township"] = name  # 凤凰镇 and 天涯镇 both lie in 天涯区 and stay two towns
            return rest[len(name) :]
    return rest


@cache
def _hainan_cities() -> frozenset[str]:
    return frozenset(place.name for place in of_level("city").values() if place.within == HAINAN)


def _take(pattern: re.Pattern[str], rest: str) -> tuple[str, str]:
    found = pattern.match(rest)
    return (found[1], rest[found.end() :]) if found else ("", rest)


def _behind_road(rest: str) -> dict[str, str]:
    """Number, named place, building, stair, floor and room; a number behind a building is a room's."""
    parts = dict.fromkeys(("number", "place", "building", "stair", "floor", "room"), "")
    building = _BUILDING.search(rest)
    number = _NUMBER.search(rest)
    if number and (not building or number.start() < building.start()):
        lane, house, annexed, alone = number.groups()
        parts["number"] = _list("弄".join(part for part in (lane or alone, house) if part))
        parts["number"] += f"附{annexed}" if annexed else ""
        rest = rest[: number.start()] + rest[number.end() :]
    for part, pattern in (("building", _BUILDING), ("stair", _STAIR), ("floor", _FLOOR), ("room", _ROOM)):
        if found := pattern.search(rest):
            parts[part], rest = _list(found[1]), rest[: found.start()] + rest[found.end() :]
    if not parts["room"] and (found := _LAST.search(rest)):
        parts["room"], rest = _list(found[1]), rest[: found.start()]
    if not parts["building"] and (found := _LONE.search(rest)):
        parts["building"], rest = _list(found[1]), rest[: found.start()] + rest[found.end() :]
    head, dash, tail = parts["room"].partition("-")
    if dash and len(head) > 2 and head[:-2] == tail[:-2] and head < tail:
        parts["room"] = f"{head}~{tail}"  # 101-105: rooms of one floor
    elif dash and re.fullmatch("[0-9]{3,4}[A-Z]?", tail) and parts["building"] in ("", head):
        parts["building"], parts["room"] = head, tail
    return {**parts, "place": rest.strip("-;&/")}


def _list(numbers: str) -> str:
    """Several numbers in one spelling: `;` between them, leading zeros dropped."""
    items = [item.strip("-") for item in re.split(r"[;&/和及与]", numbers.replace("至", "~"))]
    return ";".join(re.sub(r"(?<![0-9A-Z])0+(?=[0-9])", "", item) for item in items)
