"""705 districts under an index of 76 indicators: Chư Prông's 74 and two of them again, with made-up facts."""

from collections.abc import Mapping
from fractions import Fraction
from random import Random

from attrs import evolve

from evidence.facts import SYNTHETIC, Amount, Document, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.index import Gate, Index, Indicator, NoneDetected, Pillar, Quantity, Scoring
from levels.loader import load_index
from tests.benchmarks.by_hand import Values
from tests.benchmarks.country import DISTRICTS

AGAIN = {"II.6.5": "II.9.1", "II.7.1": "II.9.2"}
"""The two indicators that stand there twice, and the second's code."""

KNOWN = (Status.VERIFIED,) * 12 + (Status.ADJUSTED,) * 2 + (Status.SELF_REPORTED,) * 2


def index_of_76() -> Index:
    """The index, with a ninth pillar."""
    index = load_index("chu-prong-2023")
    entry = index.sets[Tier.DISTRICT]
    again = tuple(evolve(entry.by_code[code], code=twin) for code, twin in AGAIN.items())
    pillar = Pillar("II.9", "Hai chỉ số nữa", sum(indicator.max for indicator in again), again)
    grown = evolve(
        entry,
        pillars=(*entry.pillars, pillar),
        stated_pillars=entry.stated_pillars + 1,
        stated_count=entry.stated_count + len(again),
        stated_max=entry.stated_max + pillar.max,
    )
    return evolve(index, sets={Tier.DISTRICT: grown})


def districts(share: Fraction = Fraction(1)) -> Units:
    """The first ``share`` of the country's districts."""
    count = max(2, int(DISTRICTS * share))
    return Units({f"{n:03}": Unit(f"{n:03}", f"Huyện {n:03}", Tier.DISTRICT) for n in range(1, count + 1)})


def facts_of(index: Index, units: Units) -> dict[str, dict[str, Fact]]:
    """A dossier per district, the same whenever it is made; one input in a hundred has no fact."""
    return {code: _dossier(index.sets[unit.tier].indicators, code) for code, unit in units.items()}


def plain_values(facts: Mapping[str, Mapping[str, Fact]]) -> dict[str, Values]:
    """The same values as plain numbers."""
    return {
        code: {fact.criterion: number(fact.amount) for fact in dossier.values() if fact.amount is not None}
        for code, dossier in facts.items()
    }


def number(amount: Amount) -> int | Fraction:
    return amount.numerator if amount.denominator is None else Fraction(amount.numerator, amount.denominator)


def _dossier(indicators: tuple[Indicator, ...], unit: str) -> dict[str, Fact]:
    random = Random(f"points/{unit}")
    documents = (Document(f"{unit}/BC-UBND"),)
    dossier = {}
    for indicator in indicators:
        for key, amount in _amounts(indicator, random).items():
            if random.randrange(100):
                status = random.choice(KNOWN)
                code = indicator.fact_code(key)
                dossier[code] = Fact(unit, code, status, amount, documents=documents, source=SYNTHETIC)
    return dossier


def _amounts(indicator: Indicator, random: Random) -> dict[str, Amount]:
    """A value for every input: quotients below, at and above the thresholds, parts never above their whole."""
    quantity = _quantity(indicator.scoring)
    base, most = random.randint(20, 4000), random.choice((1, 1, 1, 4, 20, 200))
    values: dict[str, Amount] = {}
    for entry in indicator.inputs:
        match entry.kind:
            case "presence":
                values[entry.key] = Amount(random.randint(0, 1))
            case "choice":
                values[entry.key] = Amount(random.randint(1, len(entry.options)))
            case "amount":
                below = quantity is not None and entry.key in quantity.denominator
                values[entry.key] = Amount(base * 100 if below else random.randint(0, base * 100 // most), 100)
            case _ if quantity is None or not quantity.denominator:
                values[entry.key] = Amount(random.randint(0, 12))
            case _:
                below = entry.key in quantity.denominator
                values[entry.key] = Amount(base if below else _part(base, most, quantity, random))
    return values


def _part(base: int, most: int, quantity: Quantity, random: Random) -> int:
    share = base * len(quantity.denominator) // len(quantity.numerator) // most
    return share if not random.randrange(8) else random.randint(0, share)


def _quantity(scoring: Scoring) -> Quantity | None:
    """What a scoring measures, however deep it stands."""
    match scoring:
        case Gate():
            return _quantity(scoring.then)
        case NoneDetected():
            return _quantity(scoring.otherwise)
    return getattr(scoring, "quantity", None)
