"""Makes the bundled province: ``python -m evidence.samples.make`` writes the same bytes on every run.

Every number is drawn from a hash of what it belongs to, so that a change to one place moves no
other, and Python's versions agree. The facts of one place share their bases: its adults,
households, officials and information systems are counted once.
"""

import csv
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path

from attrs import frozen

from evidence.checks import SUMS
from evidence.costs import COST_COLUMNS
from evidence.dossiers import EVIDENCE_COLUMNS
from evidence.facts import SYNTHETIC, Amount, Status
from evidence.files import write_rows
from evidence.samples import CYCLE, FRAMEWORK, PROVINCE
from evidence.samples.cases import CASES, LAST_YEAR
from evidence.samples.drawing import draw
from levels.framework import Count, CriteriaSet, Criterion, Framework, Presence, Ratio, Requirement, Tier
from levels.loader import load_framework

BINDING = 3  # how many criteria keep a place at its level
ADJUSTED = 60  # the council corrects one value in so many
HERE = Path(__file__).parent / PROVINCE

Amounts = dict[str, Amount]
Bases = Mapping[str, int]
Row = dict[str, str]

COMMUNE_BASES = {
    "I.1": "procedures", "I.2": "files", "I.3": "letters", "I.6": "officials", "I.8": "computers", "I.9": "systems",
    "I.10": "systems", "I.11": "systems", "II.1": "enterprises", "II.2": "members", "II.4": "businesses",
    "II.5": "organisations", "III.1": "people15", "III.2": "households", "III.3": "people18", "III.4": "people18",
    "III.5": "workers", "III.6": "people", "III.7": "halls",
}  # fmt: skip
DISTRICT_BASES = {
    "II.1": "procedures", "II.2": "files", "II.3": "letters", "II.6": "officials", "II.8": "computers",
    "II.9": "systems", "II.10": "systems", "II.11": "systems", "II.16": "communes", "III.1": "enterprises",
    "III.2": "businesses", "III.3": "shops", "III.4": "organisations", "III.5": "products", "IV.1": "groups",
    "IV.2": "schools", "IV.3": "communes", "IV.4": "clinics",
}  # fmt: skip
# Thousand dong: setting up, and for every dossier, person, household or system that is missing.
COSTS = {
    "I.2": (5_000, 20), "I.3": (10_000, 5), "I.6": (3_000, 400), "I.7": (0, 60_000), "I.8": (0, 15_000),
    "II.2": (8_000, 300), "III.1": (2_000, 1_500), "III.2": (20_000, 900), "III.3": (5_000, 150),
    "III.4": (3_000, 20), "III.5": (6_000, 80), "III.6": (10_000, 15), "III.7": (0, 12_000),
}  # fmt: skip

CULTURE, SECRETARIAT, INTERIOR = "Phòng Văn hóa, Khoa học và Thông tin", "Văn phòng HĐND và UBND", "Phòng Nội vụ"
ECONOMY, HEALTH, EDUCATION = "Phòng Kinh tế, Hạ tầng và Đô thị", "Trung tâm Y tế", "Phòng Giáo dục và Đào tạo"
POLICE, POST = "Công an", "Bưu điện"
# Who would do it, made up as well: by group, and where a criterion belongs to another office.
OFFICES = {
    Tier.COMMUNE: {
        "I": CULTURE, "II": ECONOMY, "III": CULTURE, "I.1": SECRETARIAT, "I.2": SECRETARIAT, "I.3": SECRETARIAT,
        "I.4": SECRETARIAT, "I.17": SECRETARIAT, "I.6": INTERIOR, "I.7": INTERIOR, "I.18": INTERIOR, "I.12": POLICE,
        "I.14": POST, "I.24": ECONOMY, "III.4": POLICE, "III.6": HEALTH, "III.8": HEALTH, "III.9": EDUCATION,
    },
    Tier.DISTRICT: {
        "II": CULTURE, "III": ECONOMY, "IV": CULTURE, "II.1": SECRETARIAT, "II.2": SECRETARIAT, "II.3": SECRETARIAT,
        "II.4": SECRETARIAT, "II.19": SECRETARIAT, "II.6": INTERIOR, "II.12": INTERIOR, "II.21": INTERIOR,
        "II.14": POLICE, "II.13": ECONOMY, "II.16": POST, "II.22": ECONOMY, "IV.2": EDUCATION, "IV.3": HEALTH,
        "IV.4": HEALTH,
    },
}  # fmt: skip


@frozen
class Place:
    """A line of ``plan.csv``: a unit, the level its facts are drawn for, and who has appraised them."""

    code: str
    name: str
    tier: str
    parent: str
    registered: str
    level: str
    appraisal: str  # full: everything by the council; self: nothing yet

    def draw(self, what: str, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, always the same for this place and purpose."""
        return draw(f"{self.code} {what}", low, high)


def make(target: Path = HERE) -> None:
    """Write ``units.csv``, ``evidence.csv`` and ``costs.csv`` into ``target``."""
    framework = load_framework(FRAMEWORK)
    with (HERE / "plan.csv").open(encoding="utf-8", newline="") as stream:
        places = [Place(**line) for line in csv.DictReader(stream)]
    names = ("code", "name", "tier", "parent", "registered")
    write_rows(target / "units.csv", names, [[getattr(place, name) for name in names] for place in places])
    rows: list[Row] = []
    for district in (place for place in places if place.tier == Tier.DISTRICT):
        communes = [place for place in places if place.parent == district.code]
        below = {commune: _draw_commune(framework, commune, district) for commune in communes}
        rows += _write_place(framework, district, _draw_district(framework, district, list(below.values())))
        for commune, amounts in below.items():
            rows += _write_place(framework, commune, amounts)
    cases = ((row, CASES.get((row["unit"], row["criterion"]), {})) for row in rows)
    rows = [row | case for row, case in cases if case is not None]
    rows += [_write_last_year(row) for row in rows if row["criterion"] == "I.2"]
    columns = EVIDENCE_COLUMNS[:-1]  # hashes are of files that were seen, and nobody has seen these
    table = ([SYNTHETIC if name == "source" else row.get(name, "") for name in columns] for row in rows)
    write_rows(target / "evidence.csv", columns, table)
    costs = [
        (
            str(tier),
            criterion.code,
            *(str(thousand * 1000) for thousand in _cost(tier, criterion)),
            _office(tier, criterion),
        )
        for tier, criteria_set in framework.sets.items()
        for criterion in criteria_set.criteria
        if criterion.kind != "members"
    ]
    write_rows(target / "costs.csv", COST_COLUMNS, costs)


def _draw_commune(framework: Framework, commune: Place, district: Place) -> Amounts:
    bases = _count_commune(commune)
    floors = {}
    for above, below in SUMS[FRAMEWORK].items():
        requirement = framework.sets[Tier.DISTRICT].by_code[above].requirements[int(district.level) - 1]
        if isinstance(requirement, Ratio) and below in COMMUNE_BASES:
            floors[below] = _need(requirement, bases[COMMUNE_BASES[below]])
    return _draw(commune, framework.sets[Tier.COMMUNE], bases, COMMUNE_BASES, floors)


def _draw_district(framework: Framework, district: Place, communes: list[Amounts]) -> Amounts:
    amounts = _draw(district, framework.sets[Tier.DISTRICT], _count_district(district, communes), DISTRICT_BASES, {})
    for above, below in SUMS[FRAMEWORK].items():
        parts = [amounts_below[below] for amounts_below in communes]
        total = sum(1 if part.denominator is None else part.denominator for part in parts)
        amounts[above] = Amount(sum(part.numerator for part in parts), total)
    return amounts


def _count_commune(commune: Place) -> Bases:
    """What there is to count in a commune: people first, everything else in proportion."""
    kind = commune.name.partition(" ")[0]
    low, high = {"Phường": (7_500, 19_000), "Thị": (6_000, 13_500), "Xã": (1_700, 7_800)}[kind]
    people = commune.draw("people", low, high)
    officials = commune.draw("officials", 18, 23)
    enterprises = people // (90 if kind == "Phường" else 400) + commune.draw("enterprises", 3, 9)
    return {
        "people": people,
        "people15": people * commune.draw("people15", 66, 72) // 100,
        "people18": people * commune.draw("people18", 60, 65) // 100,
        "workers": people * commune.draw("workers", 54, 59) // 100,
        "households": people * 10 // commune.draw("households", 38, 45),
        "halls": people // 900 + commune.draw("halls", 2, 5),
        "procedures": 118,  # the same for every commune
        "files": people * commune.draw("files", 9, 18) // 100,
        "letters": commune.draw("letters", 1_400, 4_200),
        "officials": officials,
        "computers": officials + commune.draw("computers", 0, 4),
        "systems": commune.draw("systems", 3, 5),
        "enterprises": enterprises,
        "businesses": enterprises + commune.draw("cooperatives", 1, 3),
        "members": enterprises * commune.draw("members", 7, 14),
        "organisations": enterprises + commune.draw("organisations", 6, 15),
    }


def _count_district(district: Place, communes: list[Amounts]) -> Bases:
    """What there is to count in a district, from what its communes have."""
    people = _total(communes, "III.6")
    return {
        "procedures": 287,
        "files": people * district.draw("files", 6, 11) // 100,
        "letters": district.draw("letters", 9_000, 21_000),
        "officials": district.draw("officials", 74, 96),
        "computers": district.draw("computers", 104, 130),
        "systems": district.draw("systems", 6, 12),
        "communes": len(communes),
        "enterprises": _total(communes, "II.1"),
        "businesses": _total(communes, "II.4"),
        "shops": people // district.draw("shops", 28, 41),
        "organisations": _total(communes, "II.5"),
        "products": district.draw("products", 9, 34),
        "groups": len(communes) + _total(communes, "III.7"),  # one in every commune, village and quarter
        "schools": len(communes) * 3 + district.draw("schools", 0, 6),
        "clinics": len(communes) + district.draw("clinics", 1, 4),
    }


def _total(communes: list[Amounts], code: str) -> int:
    return sum(amounts[code].denominator or 0 for amounts in communes)


def _draw(
    place: Place, criteria_set: CriteriaSet, bases: Bases, base_of: Mapping[str, str], floors: Mapping[str, int]
) -> Amounts:
    """Values with which ``place`` reaches its level; a few criteria reach no more and so keep it there."""
    level, amounts, binding = int(place.level), {}, 0
    criteria = [criterion for criterion in criteria_set.criteria if criterion.kind != "members"]
    criteria.sort(key=lambda criterion: place.draw(f"order {criterion.code}", 0, 10**9))
    for criterion in criteria:
        base = bases[base_of[criterion.code]] if criterion.code in base_of else None
        most = base if base is not None and criterion.kind == "ratio" else _most(criterion)
        steps = [0, *accumulate((_need(requirement, base) for requirement in criterion.requirements), max), most + 1]
        binds = (
            binding < BINDING
            and criterion.code not in (*SUMS[FRAMEWORK], *floors)
            and steps[level] < steps[level + 1] <= most
        )
        binding += binds
        reach = level if binds else min(5, level + place.draw(f"reach {criterion.code}", 0, 2))
        reach = next(higher for higher in range(reach, 6) if steps[higher] < steps[higher + 1])
        low = max(steps[reach], floors.get(criterion.code, 0))
        number = place.draw(criterion.code, low, max(low, steps[reach + 1] - 1))
        amounts[criterion.code] = Amount(number, base)
    # A system's protection can be complete only where its class has been approved.
    approved, protected = ("I.9", "I.10") if place.tier == Tier.COMMUNE else ("II.9", "II.10")
    amounts[protected] = min(amounts[protected], amounts[approved], key=lambda amount: amount.numerator)
    return {criterion.code: amounts[criterion.code] for criterion in criteria_set.criteria if criterion.code in amounts}


def _need(requirement: Requirement, base: int | None) -> int:
    """The least number that meets ``requirement``."""
    match requirement:
        case Ratio(numerator, denominator):
            return -(-numerator * (base or 0) // denominator)
        case Count(at_least):
            return at_least
        case Presence():
            return 1
    return 0


def _most(criterion: Criterion) -> int:
    return 1 if criterion.kind == "presence" else 4


def _write_place(framework: Framework, place: Place, amounts: Amounts) -> list[Row]:
    criteria = framework.sets[Tier(place.tier)].by_code
    return [_write_row(place, criteria[code], amount) for code, amount in amounts.items()]


def _write_row(place: Place, criterion: Criterion, amount: Amount) -> Row:
    day = place.draw("day", 14, 28)
    row = {
        "unit": place.code,
        "criterion": criterion.code,
        "status": str(Status.SELF_REPORTED if place.appraisal == "self" else Status.VERIFIED),
        "document": _name_document(place, criterion.code, day),
        "measured_on": f"{CYCLE}-11-{day}",
        "cycle": str(CYCLE),
    }
    if amount.denominator is not None and criterion.kind == "ratio":
        spare = amount.denominator - amount.numerator
        if place.appraisal == "full" and spare and place.draw(f"adjusted {criterion.code}", 1, ADJUSTED) == 1:
            more = amount.numerator + place.draw(f"reported {criterion.code}", 1, spare)
            row |= {"status": str(Status.ADJUSTED), "reported": f"{more}/{amount.denominator}"}
            row["note"] = "Hội đồng thẩm định đối chiếu với dữ liệu nguồn"
        return row | {"numerator": str(amount.numerator), "denominator": str(amount.denominator)}
    if criterion.kind == "presence":
        return row | {"value": "có" if amount.numerator else "không"}
    return row | {"value": str(amount.numerator), "denominator": str(amount.denominator or "")}


def _write_last_year(row: Row) -> Row:
    """The same row of the cycle before: fewer dossiers, and fewer of them online."""
    total = int(row["denominator"]) * 93 // 100
    online = int(row["numerator"]) * 84 // 100
    return (
        row
        | {"numerator": str(online), "denominator": str(total), "reported": "", "status": str(Status.VERIFIED)}
        | {"cycle": str(CYCLE - 1), "measured_on": f"{CYCLE - 1}-11-20", "note": ""}
        | {"document": f"Báo cáo chuyển đổi số năm {CYCLE - 1} ({row['unit']})"}
        | LAST_YEAR.get((row["unit"], row["criterion"]), {})
    )


def _name_document(place: Place, code: str, day: int) -> str:
    """The proof as an office would cite it; numbers run in every office of its own."""
    issuer = f"UBND {place.name[0].lower()}{place.name[1:]}"
    number = place.draw(f"number {code}", 11, 480)
    written = {
        "I.7": f"Quyết định số {number}/QĐ-UBND ngày 12/02/{CYCLE} của {issuer}",
        "I.20": f"Kế hoạch số {number}/KH-UBND ngày 20/01/{CYCLE} của {issuer}",
    }.get(code)
    if written is None and code.startswith("III.") and place.tier == Tier.COMMUNE:
        written = f"Phiếu khảo sát hộ gia đình {place.code}-{CYCLE}.xlsx"
    if written is None and place.draw(f"file {code}", 0, 2) == 0:
        written = f"minh-chung-{place.code}-{code}.pdf"
    report = f"Báo cáo số {place.draw('report', 20, 390)}/BC-UBND ngày {day}/11/{CYCLE} của {issuer}"
    return report if written is None else f"{written}|{report}"


def _cost(tier: Tier, criterion: Criterion) -> tuple[int, int]:
    """Fixed costs and costs per unit, in thousand dong: COSTS for communes, plain rates for the rest."""
    if tier is Tier.COMMUNE and criterion.code in COSTS:
        return COSTS[criterion.code]
    return (15_000, 500) if criterion.kind == "ratio" else (40_000, 10_000)


def _office(tier: Tier, criterion: Criterion) -> str:
    offices = OFFICES[tier]
    return offices.get(criterion.code, offices[criterion.group])


if __name__ == "__main__":  # pragma: no cover - the tests call make() itself
    make()
