"""The whole country, made up: 63 provinces, 705 districts, 10,599 communes, a fact for every criterion.

Names and codes are synthetic but shaped like the official ones (2, 3 and 5 digits; five island
districts have no communes). Everything is deterministic, and a district's facts are made when its
first unit is asked for, so that the country never stands in memory at once.
"""

import time
from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from math import ceil
from random import Random

from attrs import define, field

from evidence.facts import SYNTHETIC, Amount, Document, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Count, Criterion, Framework, NotApplicable, Presence, Ratio, Tier

PROVINCES, DISTRICTS, COMMUNES = 63, 705, 10_599
ISLANDS = 5
CYCLE = 2025


class Setting(StrEnum):
    """What is known of the facts."""

    VERIFIED = "verified"  # every fact is accepted
    MIXED = "mixed"  # accepted, claimed and possible levels all differ


def country(share: Fraction = Fraction(1)) -> Units:
    """The tree of the first ``share`` of the districts, with their provinces and communes."""
    districts = ceil(DISTRICTS * share)
    units: dict[str, Unit] = {}
    commune = 0
    for number in range(1, districts + 1):
        province = f"{(number - 1) * PROVINCES // DISTRICTS + 1:02}"
        units.setdefault(province, Unit(province, f"Tỉnh {province}", Tier.PROVINCE))
        district = f"{number:03}"
        units[district] = Unit(district, f"Huyện {district}", Tier.DISTRICT, province)
        for _ in range(_communes_of(number)):
            commune += 1
            code = f"{commune:05}"
            units[code] = Unit(code, f"Xã {code}", Tier.COMMUNE, district)
    return Units(units)


def _communes_of(district: int) -> int:
    """10,599 communes over the 700 districts that have any."""
    if district % (DISTRICTS // ISLANDS) == 0:
        return 0
    place = district - district // (DISTRICTS // ISLANDS)  # 1 … 700
    mainland = DISTRICTS - ISLANDS
    return place * COMMUNES // mainland - (place - 1) * COMMUNES // mainland


@define
class LazyFacts(Mapping[str, Mapping[str, Fact]]):
    """The facts of every unit that has criteria; remembers those of the latest district only."""

    framework: Framework
    units: Units
    setting: Setting
    seconds: float = 0  # spent on making facts: no part of what is measured
    _district: str = ""
    _made: dict[str, dict[str, Fact]] = field(factory=dict)

    def __getitem__(self, code: str) -> Mapping[str, Fact]:
        unit = self.units[code]
        if unit.tier is Tier.PROVINCE:
            raise KeyError(code)
        district = unit.code if unit.tier is Tier.DISTRICT else unit.parent or ""
        if district != self._district:
            started = time.perf_counter()
            self._made = self.district(district)
            self._district = district
            self.seconds += time.perf_counter() - started
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return (unit.code for unit in self.units.values() if unit.tier is not Tier.PROVINCE)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def district(self, code: str) -> dict[str, dict[str, Fact]]:
        """The facts of a district and of its communes."""
        units = [*self.units.children(code), self.units[code]]
        return {unit.code: _dossier(self.framework, unit, self.setting) for unit in units}


def _dossier(framework: Framework, unit: Unit, setting: Setting) -> dict[str, Fact]:
    random = Random(f"{setting}/{unit.code}")
    criteria = [c for c in framework.sets[unit.tier].criteria if c.kind != "members"]
    if setting is Setting.VERIFIED:
        target = random.choices(range(6), (1, 3, 4, 3, 2, 1))[0]
        statuses = dict.fromkeys((c.code for c in criteria), Status.VERIFIED)
    else:
        # Values of level 4 throughout: what differs is what is known of them.
        target = random.choice((4, 5))
        statuses = _mixed(criteria, random)
    return {c.code: _fact(unit, c, statuses[c.code], _amount(c, target, random)) for c in criteria}


def _mixed(criteria: list[Criterion], random: Random) -> dict[str, Status]:
    """Statuses under which the accepted level is 0, the claimed one 1 to 3, the possible one 4 or 5.

    A self-reported fact on a criterion that demands something of level 1 holds the accepted level
    down; an unknown one on a criterion that begins later, the claimed level.
    """
    known = (Status.VERIFIED, Status.ADJUSTED, Status.SELF_REPORTED)
    early = [c.code for c in criteria if not isinstance(c.requirements[0], NotApplicable)]
    late = [c.code for c in criteria if c.code not in early]
    statuses = {code: random.choice(known) for code in early}
    statuses |= {code: random.choice((*known, Status.UNKNOWN)) for code in late}
    statuses[random.choice(early)] = Status.SELF_REPORTED
    statuses[random.choice(late)] = Status.UNKNOWN
    return statuses


def _amount(criterion: Criterion, level: int, random: Random) -> Amount:
    """A value that meets ``level`` (0: any value), exactly at the threshold or somewhat above it."""
    match criterion.requirements[level - 1] if level else None:
        case Ratio() as ratio:
            base = random.randint(20, 400)
            return Amount(random.randint(ceil(ratio.at_least * base), base), base)
        case Count(at_least):
            return Amount(least := random.randint(at_least, at_least + 2), least + random.randint(1, 20))
        case Presence():
            return Amount(1)
    if criterion.kind == "presence":
        return Amount(random.randint(0, 1))
    base = random.randint(20, 400)
    return Amount(random.randint(0, base), base)


def _fact(unit: Unit, criterion: Criterion, status: Status, amount: Amount) -> Fact:
    if status is Status.UNKNOWN:
        return Fact(unit.code, criterion.code, status)
    reported = Amount(0, amount.denominator) if status is Status.ADJUSTED else None
    documents = (Document(f"{unit.code}/BC-UBND"),)
    return Fact(unit.code, criterion.code, status, amount, reported, documents, SYNTHETIC)
