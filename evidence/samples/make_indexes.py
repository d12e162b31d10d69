"""Makes the samples of the four indexes: ``python -m evidence.samples.make_indexes``, the same bytes on every run.

``plan.csv`` of each folder holds the places: how strong a place is drawn, how far its appraisal has
got, and, where two places are to tie, like which other one it is drawn.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from evidence.costs import COST_REQUIRED, bases
from evidence.dossiers import INDEX_COLUMNS
from evidence.facts import SYNTHETIC, Amount
from evidence.files import write_rows
from evidence.index_values import write_decimal
from evidence.inputs import find_quantities
from evidence.samples.bases import (
    BASES,
    COUNTED,
    NUMBERS,
    PRICES,
    PRICES_OF,
    SHARES,
    UNPRICED,
    WHOLE,
    Range,
    count_district,
)
from evidence.samples.drawing import draw
from evidence.samples.index_cases import CASES, EXPLAINED, FIXED_BASES, LOWERED, OUTCOMES
from evidence.tables import UNIT_REQUIRED
from levels.framework import Tier
from levels.index import Choice, CouncilScore, Gate, Index, Indicator, NoneDetected, Quantity, Scoring, Sum
from levels.loader import load_index
from levels.unit_names import same_unit

HERE = Path(__file__).parent
ADJUSTED = 40  # the council corrects one score in so many
LOWERED_IN = 12  # in its first round the council of Hà Nội lowers one score in so many
PROGRESS = 6  # so many points of strength less the year before
FULL = 10_000  # shares are drawn in hundredths of a per cent

PRICED = "chu-prong"
"""The sample with costs: of the other indexes the council's scores are all there is."""

Row = dict[str, str]


@frozen
class Place:
    """A line of ``plan.csv``."""

    code: str
    name: str
    tier: str
    parent: str
    strength: str  # per cent of the points it is drawn for
    appraisal: str  # full; self: nothing appraised; pending: explanations not ruled on; none: no data
    like: str  # the place whose draws it shares; empty: its own

    def draw(self, what: str, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, always the same for this place and purpose."""
        return draw(f"{self.like or self.code} {what}", low, high)


@frozen
class Season:
    """One sample: the cycle it assesses, and the month in which its data were measured."""

    folder: str
    index: Index
    cycle: int
    month: str
    rounds: bool = False


def seasons() -> tuple[Season, ...]:
    """The four samples. The data of Bắc Ninh count up to 30/9 (Mục III.2.a)."""
    return (
        Season("bac-ninh", load_index("bac-ninh-1187-2023"), 2023, "09"),
        Season("chu-prong", load_index("chu-prong-2023"), 2023, "11"),
        Season("dak-lak", load_index("dak-lak-2534-2022"), 2022, "11"),
        Season("ha-noi", load_index("ha-noi-2024"), 2024, "10", rounds=True),
    )


def make(target: Path = HERE) -> None:
    """Write ``units.csv`` and ``evidence.csv`` of every sample, and Chư Prông's ``costs.csv``, under ``target``."""
    for season in seasons():
        with (HERE / season.folder / "plan.csv").open(encoding="utf-8", newline="") as stream:
            places = [Place(**line) for line in csv.DictReader(stream)]
        folder = target / season.folder
        folder.mkdir(exist_ok=True)
        units = ([getattr(place, name) for name in UNIT_REQUIRED] for place in places)
        write_rows(folder / "units.csv", UNIT_REQUIRED, units)
        rows = _draw_rows(season, places)
        columns = [name for name in INDEX_COLUMNS if name != "sha256" and (season.rounds or name != "round")]
        write_rows(folder / "evidence.csv", columns, ([row.get(name, "") for name in columns] for row in rows))
        if season.folder == PRICED:
            write_rows(folder / "costs.csv", COST_REQUIRED, _draw_costs(season.index))


def _draw_costs(index: Index) -> Iterator[tuple[str, str, str, str]]:
    """What the inputs cost that a plan can raise."""
    for tier, entry in index.sets.items():
        for indicator in entry.indicators:
            names = dict(zip(_numerator(indicator), BASES.get(indicator.code, ()), strict=False))
            for asked in indicator.inputs:
                code = indicator.fact_code(asked.key)
                if asked.key in bases(indicator) or code in UNPRICED:
                    continue
                last = BASES.get(indicator.code, ("",))[-1]
                price = PRICES_OF.get(code) or PRICES_OF.get(asked.kind) or PRICES[names.get(asked.key, last)]
                yield str(tier), code, str(price[0] * 1000), str(price[1] * 1000)


def _numerator(indicator: Indicator) -> tuple[str, ...]:
    return tuple(key for quantity in find_quantities(indicator.scoring) for key in quantity.numerator)


def _draw_rows(season: Season, places: list[Place]) -> list[Row]:
    """Every row of the cycle with its cases laid over it, and the rows of the year before."""
    rated = [place for place in places if Tier(place.tier) in season.index.sets]
    rows = {
        (row["unit"], row["criterion"], row.get("round", "")): row
        for place in rated
        for row in _draw_place(season, place, season.cycle)
    }
    by_code = {place.code: place for place in places}
    for key, case in CASES[season.folder].items():
        unit, code, step = key
        if case is None:
            rows.pop(key, None)
        else:
            drawn = rows.get(key) or _row(season, by_code[unit], code, season.cycle, round=step)
            rows[key] = {**drawn, **case}
    order = {place.code: number for number, place in enumerate(places)}
    present = sorted(rows.values(), key=lambda row: order[row["unit"]])
    return [*present, *(row for place in rated for row in _draw_place(season, place, season.cycle - 1))]


def _draw_place(season: Season, place: Place, year: int) -> Iterator[Row]:
    """The rows of one place in one year; whoever has handed in nothing has none."""
    if place.appraisal == "none" and year == season.cycle:
        return
    bases = {**count_district(place.draw), **FIXED_BASES.get(place.code, {})}
    for pillar in season.index.sets[Tier(place.tier)].pillars:
        if _is_subject(season.index, pillar.applies_to, place):
            for indicator in pillar.indicators:
                yield from _draw_indicator(season, place, indicator, year, bases)


def _is_subject(index: Index, list_id: str, place: Place) -> bool:
    return not list_id or any(same_unit(name, place.name) for name in index.list_by_id[list_id].units)


def _draw_indicator(
    season: Season, place: Place, indicator: Indicator, year: int, bases: Mapping[str, int]
) -> Iterator[Row]:
    strength = int(place.strength) - PROGRESS * (season.cycle - year)
    for key, value in _Answers(place, indicator, year, strength, bases).give(indicator.scoring).items():
        row = _row(season, place, indicator.fact_code(key), year, value=value)
        if year < season.cycle:
            yield row
        elif place.appraisal == "self":
            yield row | {"status": "self_reported"}
        elif season.rounds:
            yield from _draw_rounds(place, indicator, row)
        elif (
            isinstance(indicator.scoring, CouncilScore) and place.draw(f"adjusted {row['criterion']}", 1, ADJUSTED) == 1
        ):
            more = min(indicator.max * 100, _hundredths(value) + 25 * max(1, indicator.max // 5))
            note = "Hội đồng đánh giá đối chiếu với tài liệu kiểm chứng"
            yield row | {"status": "adjusted", "reported": _decimal(more), "note": note}
        else:
            yield row


def _draw_rounds(place: Place, indicator: Indicator, row: Row) -> Iterator[Row]:
    """The self score, the council's first round, and where it took points away the explanation and the second."""
    code = indicator.code
    own = row | {"round": "self", "status": "self_reported"}
    first, second = row | {"round": "round1"}, row | {"round": "round2"}
    claimed = _hundredths(row["value"])
    yield own
    if claimed < 200 or place.draw(f"lowered {code}", 1, LOWERED_IN) > 1:
        yield first
        return
    reason = place.draw(f"reason {code}", 0, len(LOWERED) - 1)
    lowered = claimed // 200 * 100
    change = {"status": "adjusted", "value": _decimal(lowered), "reported": row["value"]}
    if place.draw(f"rejected {code}", 1, 8) == 1:
        change, lowered = {"status": "rejected"}, 0
    yield first | change | {"note": LOWERED[reason]}
    if place.appraisal != "pending" and place.draw(f"explained {code}", 1, 4) == 1:
        return  # the unit accepts it
    document = f"{row['document']}|Công văn giải trình chỉ số {code} ({row['unit']}).pdf"
    yield own | {"round": "explanation", "document": document, "note": EXPLAINED[reason]}
    if place.appraisal == "pending":
        return
    outcome = tuple(OUTCOMES)[place.draw(f"outcome {code}", 0, len(OUTCOMES) - 1)]
    if outcome == "verified":
        yield second | {"document": document, "note": OUTCOMES[outcome]}
        return
    value = (lowered + claimed) // 50 * 25 if outcome == "adjusted" else lowered
    ruled = {"status": "adjusted", "value": _decimal(value), "reported": row["value"]}
    yield second | ruled | {"document": document, "note": OUTCOMES[outcome]}


@frozen
class _Answers:
    """What one place answers to one indicator in one year."""

    place: Place
    indicator: Indicator
    year: int
    strength: int
    bases: Mapping[str, int]

    def give(self, scoring: Scoring) -> dict[str, str]:
        """The value of every input of ``scoring`` by its key."""
        match scoring:
            case CouncilScore(key):
                return {key: _decimal(self.indicator.max * 4 * self._share() // FULL * 25)}
            case Choice():
                return {scoring.key: self._choose(scoring)}
            case Sum():
                return {part.scoring.key: self._choose(part.scoring) for part in scoring.parts}
            case Gate():
                return {scoring.key: "có" if self._is_done(scoring.key) else "không", **self.give(scoring.then)}
            case NoneDetected():
                return {**self.give(scoring.otherwise), scoring.key: "không"}
        return self._measure(scoring.quantity)

    def _draw(self, what: str, low: int, high: int) -> int:
        return self.place.draw(f"{what} {self.indicator.code} {self.year}", low, high)

    def _share(self) -> int:
        middle = self.strength * 100
        found = self._draw("share", *_bounds(SHARES.get(self.indicator.code, Range(middle - 1_800, middle + 1_500))))
        return found if self.indicator.code in SHARES else min(FULL, found)

    def _is_done(self, key: str) -> bool:
        return self._draw(f"done {key}", 0, 99) < self.strength + 10

    def _choose(self, choice: Choice) -> str:
        if len(choice.options) == 2:
            return "có" if self._is_done(choice.key) else "không"
        lucky = self._draw("choice", 0, 99)
        return "1" if lucky < self.strength else "2" if lucky < self.strength + 25 else str(len(choice.options))

    def _measure(self, quantity: Quantity) -> dict[str, str]:
        code = self.indicator.code
        below = [self.bases[name] for name in BASES.get(code, ())]
        if code in COUNTED:
            above = [self.bases[COUNTED[code]]]
        elif not quantity.denominator:
            above = [self._draw("number", *_bounds(NUMBERS[code]))]
        elif code in WHOLE:
            above = [below[0] if self._is_done("") else below[0] * 97 // 100]
        else:
            above = [base * self._share() // FULL for base in below]
        if len(above) < len(quantity.numerator):  # II.6.6: one base, two kinds of services
            part = above[0] * self._draw("part", 20, 45) // 100
            above = [part, above[0] - part]
        if not quantity.denominator:
            below = []
        values = zip(quantity.keys, (*above, *below), strict=True)
        return {key: self._write(key, value) for key, value in values}

    def _write(self, key: str, value: int) -> str:
        return _decimal(value) if self.indicator.by_key[key].kind == "amount" else str(value)


def _bounds(span: Range) -> tuple[int, int]:
    return span.low, span.high


def _hundredths(text: str) -> int:
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(2, "0"))


def _decimal(hundredths: int) -> str:
    """Hundredths as an office writes them: ``5``, ``2.5``, ``17.25``."""
    return write_decimal(Amount(hundredths, 100))


def _row(season: Season, place: Place, code: str, year: int, **cells: str) -> Row:
    """A row of ``place`` as the council has accepted it."""
    day = place.draw(f"day {year}", 12, 28)
    return {
        "unit": place.code,
        "criterion": code,
        "status": "verified",
        "source": SYNTHETIC,
        "document": _name_document(season, place, code, year, day),
        "measured_on": f"{year}-{season.month}-{day}",
        "cycle": str(year),
    } | cells


def _name_document(season: Season, place: Place, code: str, year: int, day: int) -> str:
    """The proof as an office would cite it: mostly its yearly report, else a file of its own."""
    if place.draw(f"file {code}", 0, 3) == 0:
        return f"minh-chung-{place.code}-{code.replace(':', '-')}-{year}.pdf"
    department = place.tier == Tier.DEPARTMENT
    signature = place.code.partition("-")[2] if department else "UBND"
    issuer = place.name if department else f"UBND {place.name[0].lower()}{place.name[1:]}"
    number = draw(f"{place.code} report {year}", 20, 390)
    return f"Báo cáo số {number}/BC-{signature} ngày {day}/{season.month}/{year} của {issuer}"


if __name__ == "__main__":  # pragma: no cover - the tests call make() itself
    make()
