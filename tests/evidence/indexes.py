"""A small index of two tiers with every kind of input, and the units that it rates."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from evidence.facts import Amount
from evidence.units import Unit, Units
from levels.formulas import read_indicator
from levels.framework import Tier
from levels.index import Bonus, GeneralItem, Index, Indicator, UnitList
from tests.rules.indexes import ROUNDS, index, indicator, pillar

CYCLE = 2025
PROVINCE = Unit("01", "Thành phố Hà Nội", Tier.PROVINCE)
DISTRICT = Unit("001", "Quận Ba Đình", Tier.DISTRICT, "01")
OTHER = Unit("002", "Quận Hoàn Kiếm", Tier.DISTRICT, "01")
DEPARTMENT = Unit("S1", "Sở Y tế", Tier.DEPARTMENT, "01")
COMMUNE = Unit("00001", "Phường Phúc Xá", Tier.COMMUNE, "001")
UNITS = Units({unit.code: unit for unit in (PROVINCE, DISTRICT, OTHER, DEPARTMENT, COMMUNE)})
SUBJECTS = UnitList("phu-luc-2", "Phụ lục II", "Phụ lục II", Tier.DISTRICT, ("Quận Hoàn Kiếm",))


def shorten(number: int, places: int) -> Amount:
    """The exact decimal, without zeros at its end."""
    while places and number % 10 == 0:
        number, places = number // 10, places - 1
    return Amount(number, 10**places)


def count(key: str, label: str, kind: str = "count", **more: str) -> dict[str, str]:
    return {"key": key, "kind": kind, "label": label, **more}


def read(code: str, maximum: int, **plain: Any) -> Indicator:
    """An indicator whose scoring and inputs are read from the decision's words."""
    content: Mapping[str, Any] = {"code": code, "name": f"Chỉ số {code}", "max": maximum, **plain}
    scoring, inputs = read_indicator(content)
    return indicator(code, maximum, scoring, inputs, method=plain.get("method", ""), proof=plain.get("proof", ""))


RATIO = {
    "scoring": {"kind": "scale", "ratio": "Tỷ lệ=(b+c)/a", "part": True, "points": ["Điểm=Tỷ lệ*Điểm tối đa"]},
    "inputs": [count("a", "Tổng số hồ sơ"), count("b", "Hồ sơ một phần"), count("c", "Hồ sơ toàn trình")],
}
MONEY = {
    "scoring": {"kind": "scale", "ratio": "Tỷ lệ=a/b", "part": True, "points": ["Điểm=Tỷ lệ*Điểm tối đa"]},
    "inputs": [
        count("a", "Chi cho chuyển đổi số", "amount", unit="tỷ đồng"),
        count("b", "Tổng chi", "amount", unit="tỷ đồng"),
    ],
}
OPTIONS = ["Chủ tịch UBND: Điểm tối đa", "Phó Chủ tịch UBND: 1/2*Điểm tối đa", "Công chức: 0 điểm"]
ITEMS = {"kind": "scale", "count": "1", "points": ["Mỗi hoạt động hiệu quả: 1 điểm"]}
GATE = {
    "scoring": {"kind": "gate", "key": "1", "text": "Đã có", "otherwise": "Chưa có: 0 điểm", "then": RATIO["scoring"]},
    "inputs": [count("1", "Đã có chuyên mục", "presence"), *RATIO["inputs"]],
}
NONE = {
    "scoring": {"kind": "none_detected", "key": "1", "text": "Không phát hiện", "otherwise": MONEY["scoring"]},
    "inputs": [count("1", "Không phát hiện", "presence"), *MONEY["inputs"]],
}

INDEX: Index = index(
    pillar(
        "1",
        read("1.1", 15),
        read("1.2", 10, scoring={"kind": "choice", "options": ["Đã ban hành: Điểm tối đa", "Chưa: 0 điểm"]}),
        read("1.3", 10, scoring={"kind": "choice", "options": OPTIONS}, method="Cách tính", proof="Quyết định"),
        read("1.4", 20, **RATIO),
        read("1.5", 20, **MONEY),
        read("1.6", 10, scoring={"kind": "sum", "parts": ["Cấp huyện: 4/5*Điểm tối đa", "Cấp xã: 1/5*Điểm tối đa"]}),
        read("1.7", 10, **GATE),
        read("1.8", 5, scoring=ITEMS, inputs=[count("1", "Số hoạt động")]),
        read("1.9", 10, **NONE),
    ),
    pillar("2", indicator("2", 100, whole=True), applies_to="phu-luc-2", group="Nhóm hoạt động"),
    rounds=ROUNDS,
    lists=(SUBJECTS,),
    bonus=Bonus("KK", "Điểm khuyến khích", "mục 6", 20),
    general=(GeneralItem("1", "Tên đơn vị", code="I.1"), GeneralItem("2", "Dân số", unit="người")),
)
_DEPARTMENTS = index(indicator("D.1", 10), tier=Tier.DEPARTMENT, bonus=Bonus("KK", "Khuyến khích", "mục 6"))
INDEX = evolve(INDEX, sets={**INDEX.sets, **_DEPARTMENTS.sets})
WITHOUT_ROUNDS = evolve(INDEX, rounds=())
