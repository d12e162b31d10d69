"""Small indexes and scores for tests: whatever a test does not name is the plainest there is."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from evidence.facts import SYNTHETIC, Amount, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.index import (
    CouncilScore,
    Index,
    IndexInstrument,
    Indicator,
    IndicatorSet,
    Input,
    Pillar,
    RankingGroup,
    Round,
    Scoring,
)
from rules.scores import IndicatorScore, InputValue, PillarScore, Reading, Score, State

CYCLE = 2025
ROUNDS = (
    Round("self", "Tự đánh giá", "đơn vị", "mục 1"),
    Round("round1", "Thẩm định vòng 1", "Hội đồng", "mục 2"),
    Round("explanation", "Giải trình", "đơn vị", "mục 3"),
    Round("round2", "Thẩm định vòng 2", "Hội đồng", "mục 4"),
)
ALL_DISTRICTS = RankingGroup("district", "Các huyện", Tier.DISTRICT, "mục 5")


def indicator(
    code: str, maximum: int = 10, scoring: Scoring | None = None, inputs: Sequence[Input] = (), **more: Any
) -> Indicator:
    """One line; the council's score where nothing else is said."""
    chosen = scoring or CouncilScore()
    asked = tuple(inputs) or (Input("1", "score", f"Chỉ số {code}"),)
    return Indicator(code, f"Chỉ số {code}", maximum, chosen, asked, **more)


def pillar(code: str, *indicators: Indicator, **more: Any) -> Pillar:
    return Pillar(code, f"Trụ cột {code}", sum(i.max for i in indicators), indicators, **more)


def index(*parts: Indicator | Pillar, tier: Tier = Tier.DISTRICT, **more: Any) -> Index:
    """An index of one tier; loose indicators stand in pillar 1. ``bonus`` and ``general`` go to the set."""
    loose = [part for part in parts if isinstance(part, Indicator)]
    pillars = [part for part in parts if isinstance(part, Pillar)]
    if loose:
        pillars.insert(0, pillar("1", *loose))
    own = {key: more.pop(key) for key in ("bonus", "general") if key in more}
    count, total = sum(len(p.indicators) for p in pillars), sum(p.max for p in pillars)
    entry = IndicatorSet(tier, "Phụ lục", "Bộ chỉ số", len(pillars), count, total, Tier.PROVINCE, tuple(pillars), **own)
    instrument = IndexInstrument(
        "1/QĐ-UBND", "Bộ chỉ số", "Quyết định số 1/QĐ-UBND", "UBND tỉnh", CYCLE, basis=("Luật",)
    )
    values = {"groups": (ALL_DISTRICTS,), "interpretations": (), **more}
    return Index("small", "1.0", instrument, {tier: entry}, **values)


def units(*codes: str, tier: Tier = Tier.DISTRICT, parent: str | None = None) -> Units:
    return Units({code: Unit(code, f"Đơn vị {code}", tier, parent) for code in codes})


def score_fact(unit: str, criterion: str, points: int, status: Status = Status.VERIFIED, **more: Any) -> Fact:
    """The council's score of ``points`` whole points."""
    return Fact(unit, criterion, status, Amount(points, 1), source=SYNTHETIC, **more)


def line(entry: Indicator, share: Fraction | None, state: State = State.ACCEPTED) -> IndicatorScore:
    """A line of ``share`` of the maximum; None: the unit is not subject to it."""
    held = State.NOT_SUBJECT if share is None else state
    return IndicatorScore(entry, held, share or Fraction(0), tuple(InputValue(i, None, None) for i in entry.inputs))


def score(
    owner: Index,
    unit: Unit,
    shares: Mapping[str, Fraction | int | None],
    *,
    bonus: Fraction | int = 0,
    state: State = State.ACCEPTED,
    reading: Reading = Reading.STANDING,
) -> Score:
    """A score by the shares of its indicators; one that is not named has share 0."""
    entry = owner.sets[unit.tier]
    found = {code: None if share is None else Fraction(share) for code, share in shares.items()}
    lines = {i.code: line(i, found.get(i.code, Fraction(0)), state) for i in entry.indicators}
    pillars = tuple(_pillar_score(p, [lines[i.code] for i in p.indicators]) for p in entry.pillars)
    points = sum((p.points for p in pillars), Fraction(bonus))
    reachable = sum(p.reachable for p in pillars)
    return Score(owner, unit, CYCLE, reading, tuple(lines.values()), pillars, points, reachable, Fraction(bonus), None)


def _pillar_score(entry: Pillar, lines: Sequence[IndicatorScore]) -> PillarScore:
    return PillarScore(entry, sum((s.points for s in lines), Fraction(0)), sum(s.reachable for s in lines))
