"""Answers in points and ranks as plain data, in the form that scripts and other systems rely on."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from certification.rating import Rating
from evidence.facts import Amount, Fact
from levels.faults import Language
from levels.index import Index
from reports.round_table import reason_text
from reports.words import decimal_text, exact_text
from rules.normalisation import Method, normalise
from rules.rounds import PUBLISHED
from rules.scores import (
    Gain,
    GroupRanking,
    IndicatorScore,
    InputValue,
    Place,
    Ranking,
    Reading,
    RoundScore,
    Score,
)


def exact(value: Fraction) -> str:
    """A number as interfaces promise it: half up to 4 places, without trailing zeros."""
    sign = "-" if value < 0 else ""
    return sign + decimal_text(abs(value), "en", 4)


def head(rating: Rating) -> dict[str, Any]:
    """What every answer about a rating begins with."""
    index = rating.index
    return {
        "framework": {"id": index.id, "version": index.version, "digest": index.digest},
        "cycle": rating.cycle,
    }


def rating_as_json(rating: Rating, method: Method | None) -> dict[str, Any]:
    """The answer of ``evaluate --format json`` with an index; with ``method`` also the normalised view."""
    ranking = rating.ranking()
    claimed, accepted = rating.scores(Reading.CLAIMED), rating.scores(Reading.ACCEPTED)
    ids = {place.score.unit.code: group.group.id for group in ranking.groups for place in group.places}
    return {
        **head(rating),
        "units": [
            {
                **_place_as_json(ranking.place_of[unit.code], ids[unit.code]),
                "self_points": exact(claimed[unit.code].points),
                "accepted_points": exact(accepted[unit.code].points),
                "indicators": [_line_as_json(line) for line in ranking.place_of[unit.code].score.indicators],
            }
            for unit in rating.rated
        ],
        **({} if method is None else {"normalised": _normalised_as_json(ranking, method)}),
    }


def _normalised_as_json(ranking: Ranking, method: Method) -> dict[str, Any]:
    """The normalised values beside the ranking, which stands."""
    found = [normalise(group, method) for group in ranking.groups]
    return {
        "method": method,
        "reading": next((group.reading.id for group in found if group.reading), None),
        "units": [
            {
                "code": unit.place.score.unit.code,
                "composite": None if unit.composite is None else exact(unit.composite),
                "rank": unit.rank,
                "tied": unit.tied,
                "indicators": {
                    indicator.code: None if value is None else exact(value)
                    for indicator, value in zip(group.indicators, unit.values, strict=True)
                },
            }
            for group in found
            for unit in group.units
        ],
    }


def _place_as_json(place: Place, group: str) -> dict[str, Any]:
    score, last = place.score, place.last
    return {
        "code": score.unit.code,
        "name": score.unit.name,
        "tier": str(score.unit.tier),
        "parent": score.unit.parent,
        "points": exact(score.points),
        "reachable": str(score.reachable),
        "percent": exact(score.percent),
        "bonus": exact(score.bonus),
        "rank": place.rank,
        "tied": place.tied,
        "group": group,
        "last_year": None if last is None else {"points": exact(last.score.points), "rank": last.rank},
        "missing": [line.indicator.code for line in score.missing],
        "provisional": score.provisional,
        "synthetic": score.synthetic,
        "pillars": [
            {
                "code": found.pillar.code,
                "name": found.pillar.name,
                "points": exact(found.points),
                "max": str(found.pillar.max),
                "reachable": str(found.reachable),
            }
            for found in score.pillars
        ],
    }


def _line_as_json(line: IndicatorScore) -> dict[str, Any]:
    return {
        "code": line.indicator.code,
        "points": exact(line.points),
        "max": str(line.indicator.max),
        "reachable": str(line.reachable),
        "state": str(line.state),
    }


def score_as_json(
    rating: Rating, place: Place, group: GroupRanking, indicator: str | None, language: Language
) -> dict[str, Any]:
    """The answer of ``why --format json`` with an index: the lines of one unit (or just one), with their reasons."""
    unit = place.score.unit
    lines = [line for line in place.score.indicators if indicator in (None, line.indicator.code)]
    cited = {reading for line in lines for reading in line.readings}
    return {
        **head(rating),
        "unit": unit.code,
        **_place_as_json(place, group.group.id),
        "peers": len(group.places),
        "indicators": [_reasons_as_json(rating.index, place.score, line) for line in lines],
        "bonus_reasons": _bonus_as_json(place.score, indicator),
        "interpretations": [
            {"id": i.id, "clause": i.clause, "reading": i.reading, "alternative": i.alternative}
            for i in rating.index.interpretations
            if i.id in cited
        ],
        "rounds": [_round_as_json(found, language) for found in rating.rounds.get(unit.code, ())],
    }


def _reasons_as_json(index: Index, score: Score, line: IndicatorScore) -> dict[str, Any]:
    indicator = line.indicator
    return {
        **_line_as_json(line),
        "name": indicator.name,
        "clause": index.clause(score.unit.tier, indicator.code),
        "method": indicator.method,
        "scoring": indicator.scoring.as_json(),
        "lost": exact(line.lost),
        "inputs": [_input_as_json(found) for found in line.inputs],
        "applied": [
            {
                "text": found.text,
                "share": str(found.share),
                "quantity": None if found.quantity is None else str(found.quantity),
                "peers_lowest": None if found.peers_lowest is None else str(found.peers_lowest),
                "peers_highest": None if found.peers_highest is None else str(found.peers_highest),
                "peers_count": found.peers_count,
            }
            for found in line.applied
        ],
        "unproven": line.unproven,
        "gains": [_gain_as_json(gain) for gain in line.gains],
        "readings": list(line.readings),
    }


def _input_as_json(found: InputValue) -> dict[str, Any]:
    fact = found.fact
    return {
        "key": found.input.key,
        "kind": found.input.kind,
        "label": found.input.label,
        "value": None if found.value is None else exact_text(found.value),
        "reported": None if fact is None else _amount_as_json(fact.reported),
        **_proof_as_json(fact),
    }


def _proof_as_json(fact: Fact | None) -> dict[str, Any]:
    return {
        "status": "unknown" if fact is None else str(fact.status),
        "note": "" if fact is None else fact.note,
        "documents": [{"reference": d.reference, "sha256": d.sha256} for d in (fact.documents if fact else ())],
    }


def _amount_as_json(amount: Amount | None) -> str | None:
    return None if amount is None else exact_text(Fraction(amount.numerator, amount.denominator or 1))


def _bonus_as_json(score: Score, indicator: str | None) -> dict[str, Any] | None:
    """The points beyond the maximum with their reason; None where the index has none or another line is asked for."""
    bonus, fact = score.criteria_set.bonus, score.bonus_fact
    if bonus is None or indicator not in (None, bonus.code):
        return None
    return {
        "code": bonus.code,
        "name": bonus.name,
        "clause": bonus.clause,
        "max": None if bonus.max is None else str(bonus.max),
        "points": exact(score.bonus),
        "value": None if fact is None else _amount_as_json(fact.amount),
        "reported": None if fact is None else _amount_as_json(fact.reported),
        **_proof_as_json(fact),
    }


def _gain_as_json(gain: Gain) -> dict[str, Any]:
    return {
        "key": gain.key,
        "text": gain.text,
        "points": exact(gain.points),
        "more": None if gain.more is None else exact_text(gain.more),
        "also": [{"key": key, "more": exact_text(more)} for key, more in gain.also],
        "at_most": gain.at_most,
    }


def rounds_as_json(rating: Rating, codes: Sequence[str], language: Language) -> dict[str, Any]:
    """The answer of ``rounds --format json``: the units of ``codes``, round by round."""
    stages = (*rating.index.rounds, PUBLISHED)
    return {
        **head(rating),
        "rounds": [{"id": r.id, "name": r.name, "by": r.by, "clause": r.clause} for r in stages],
        "units": [
            {
                "code": code,
                "name": rating.units[code].name,
                "rounds": [_round_as_json(found, language) for found in rating.rounds.get(code, ())],
            }
            for code in codes
        ],
    }


def _round_as_json(found: RoundScore, language: Language) -> dict[str, Any]:
    return {
        "round": found.round.id,
        "points": exact(found.place.score.points),
        "percent": exact(found.place.score.percent),
        "rank": found.place.rank,
        "tied": found.place.tied,
        "changes": [
            {
                "code": change.indicator.code,
                "before": exact(change.before),
                "after": exact(change.after),
                "reachable_change": str(change.reachable),
                "reason": reason_text(found, change, language) if found.round is PUBLISHED else change.reason,
                "rank_before": change.rank_before,
                "rank_after": change.rank_after,
            }
            for change in found.changes
        ],
    }
