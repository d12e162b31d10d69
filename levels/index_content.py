"""The plain content of an index: what its file, its digest and a sealed bundle hold.

``content`` and ``build`` are inverse. Scorings are content as quotes of the decision; the numbers in
them are read anew by ``levels.formulas`` whenever an index is built.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from levels.content import digest, plain_of
from levels.formulas import read_indicator
from levels.framework import Interpretation, Tier
from levels.index import (
    Bonus,
    Choice,
    CouncilScore,
    Gate,
    GeneralItem,
    Index,
    IndexInstrument,
    Indicator,
    IndicatorSet,
    Measured,
    NoneDetected,
    Omission,
    Pillar,
    Quantity,
    RankingGroup,
    Role,
    Round,
    Scale,
    StatedGroup,
    Step,
    Sum,
    UnitList,
    Window,
)

_LISTS: dict[str, type] = {
    "groups": RankingGroup,
    "calendar": Step,
    "rounds": Round,
    "roles": Role,
    "lists": UnitList,
    "omissions": Omission,
}


def content(index: Index) -> dict[str, Any]:
    """The canonical plain content of ``index``: text, whole numbers, lists and mappings."""
    lists = {key: [plain_of(entry) for entry in getattr(index, key)] for key in _LISTS}
    return {
        "id": index.id,
        "version": index.version,
        "kind": "index",
        "instrument": plain_of(index.instrument),
        "sets": {str(tier): _set_content(entry) for tier, entry in index.sets.items()},
        "interpretations": [plain_of(interpretation) for interpretation in index.interpretations],
        **{key: entries for key, entries in lists.items() if entries},
        **({} if index.window is None else {"window": _window_content(index.window)}),
    }


def build(data: Mapping[str, Any]) -> Index:
    """The index of content that the loader has found free of faults."""
    instrument = data["instrument"]
    signed = instrument.get("signed_on")
    lists: dict[str, Any] = {
        key: tuple(_build(kind, plain) for plain in data.get(key, ())) for key, kind in _LISTS.items()
    }
    index = Index(
        id=data["id"],
        version=data["version"],
        instrument=IndexInstrument(
            **{
                **instrument,
                "signed_on": None if signed is None else datetime.date.fromisoformat(signed),
                "basis": tuple(instrument["basis"]),
            }
        ),
        sets={Tier(tier): _build_set(Tier(tier), plain) for tier, plain in data["sets"].items()},
        interpretations=tuple(_build(Interpretation, plain) for plain in data["interpretations"]),
        window=_build_window(data["window"]) if "window" in data else None,
        **lists,
    )
    return attrs.evolve(index, digest=digest(content(index)))


def _build(kind: type, plain: Mapping[str, Any]) -> Any:
    """A flat value of its plain content: lists as tuples, tiers as tiers."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()}
    if "tier" in values:
        values["tier"] = Tier(values["tier"])
    return kind(**values)


def _window_content(window: Window) -> dict[str, Any]:
    return {
        "text": window.text,
        "clause": window.clause,
        "from": {"day": window.from_day, "month": window.from_month, "year": window.from_year},
        "to": {"day": window.to_day, "month": window.to_month, "year": window.to_year},
    }


def _build_window(plain: Mapping[str, Any]) -> Window:
    first, last = plain["from"], plain["to"]
    return Window(
        plain["text"],
        plain["clause"],
        first["day"],
        first["month"],
        first["year"],
        last["day"],
        last["month"],
        last["year"],
    )


def _set_content(entry: IndicatorSet) -> dict[str, Any]:
    plain = plain_of(attrs.evolve(entry, general=(), bonus=None, stated_groups=()))
    del plain["tier"]
    return {
        **plain,
        "pillars": [_pillar_content(pillar) for pillar in entry.pillars],
        **({"general": [plain_of(item) for item in entry.general]} if entry.general else {}),
        **({} if entry.bonus is None else {"bonus": plain_of(entry.bonus)}),
        **({"stated_groups": [plain_of(each) for each in entry.stated_groups]} if entry.stated_groups else {}),
    }


def _build_set(tier: Tier, plain: Mapping[str, Any]) -> IndicatorSet:
    return IndicatorSet(
        tier=tier,
        annex=plain["annex"],
        title=plain["title"],
        stated_pillars=plain["stated_pillars"],
        stated_count=plain["stated_count"],
        stated_max=plain["stated_max"],
        rated_by=Tier(plain["rated_by"]),
        pillars=tuple(_build_pillar(pillar) for pillar in plain["pillars"]),
        general=tuple(GeneralItem(**item) for item in plain.get("general", ())),
        bonus=Bonus(**plain["bonus"]) if "bonus" in plain else None,
        stated_groups=tuple(StatedGroup(**each) for each in plain.get("stated_groups", ())),
    )


def _pillar_content(pillar: Pillar) -> dict[str, Any]:
    plain = plain_of(pillar)
    del plain["indicators"]
    if not pillar.whole:
        plain["indicators"] = [_indicator_content(indicator) for indicator in pillar.indicators]
    return plain


def _build_pillar(plain: Mapping[str, Any]) -> Pillar:
    values = dict(plain)
    if "indicators" in plain:
        values["indicators"] = tuple(_build_indicator(indicator) for indicator in plain["indicators"])
    else:  # the decision leaves them out: the pillar's own line earns its points
        line = _build_indicator({key: plain[key] for key in ("code", "name", "max")})
        values["indicators"] = (attrs.evolve(line, whole=True),)
    return Pillar(**values)


def _indicator_content(indicator: Indicator) -> dict[str, Any]:
    plain = plain_of(attrs.evolve(indicator, inputs=()))
    del plain["scoring"], plain["inputs"]
    match indicator.scoring:  # the inputs of a score, a choice and a sum follow from its words
        case CouncilScore():
            return plain
        case Choice(options=options):
            return {**plain, "scoring": {"kind": "choice", "options": [option.text for option in options]}}
        case Sum(parts=parts, otherwise=lines):
            otherwise = {"otherwise": list(lines)} if lines else {}
            return {**plain, "scoring": {"kind": "sum", "parts": [part.text for part in parts], **otherwise}}
    inputs = [plain_of(entry) for entry in indicator.inputs]
    return {**plain, "inputs": inputs, "scoring": _measured_content(indicator.scoring)}


def scoring_content(indicator: Indicator) -> dict[str, Any] | None:
    """What the rulebook writes under ``scoring``; None where it leaves the points to the council."""
    scoring: dict[str, Any] | None = _indicator_content(indicator).get("scoring")
    return scoring


def _build_indicator(plain: Mapping[str, Any]) -> Indicator:
    scoring, inputs = read_indicator(plain)
    return Indicator(**{**plain, "support": tuple(plain.get("support", ())), "scoring": scoring, "inputs": inputs})


def _measured_content(scoring: Measured) -> dict[str, Any]:
    match scoring:
        case Scale():
            points = [segment.text for segment in scoring.segments]
            return {"kind": "scale", **_quantity_content(scoring.quantity), "points": points}
        case Gate():
            closed = {"otherwise": scoring.otherwise} if scoring.otherwise else {}
            then = _measured_content(scoring.then)
            return {"kind": "gate", "key": scoring.key, "text": scoring.text, "then": then, **closed}
        case NoneDetected():
            otherwise_content = _measured_content(scoring.otherwise)
            return {"kind": "none_detected", "key": scoring.key, "text": scoring.text, "otherwise": otherwise_content}
    quantity = _quantity_content(scoring.quantity)
    return {"kind": "peers", "method": scoring.method, **quantity, "text": scoring.text}


def _quantity_content(quantity: Quantity) -> dict[str, Any]:
    if not quantity.denominator:
        return {"count": quantity.numerator[0]}
    return {"ratio": quantity.text, **({"part": True} if quantity.part else {})}


def index_as_json(index: Index) -> dict[str, Any]:
    """What ``certify framework show --format json`` prints of an index: the decision's words and what was read."""
    plain = content(index)
    return {
        "id": index.id,
        "version": index.version,
        "digest": index.digest,
        "instrument": plain["instrument"],
        "sets": {str(tier): _set_as_json(entry, plain["sets"][str(tier)]) for tier, entry in index.sets.items()},
        "interpretations": [
            {"id": i.id, "clause": i.clause, "reading": i.reading, "alternative": i.alternative}
            for i in index.interpretations
        ],
        **{key: plain.get(key, []) for key in _LISTS},
        "window": plain.get("window"),
    }


def _set_as_json(entry: IndicatorSet, plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{key: plain[key] for key in ("annex", "title", "stated_pillars", "stated_count", "stated_max", "rated_by")},
        "general": plain.get("general", []),
        "bonus": plain.get("bonus"),
        "pillars": [
            {
                "code": pillar.code,
                "name": pillar.name,
                "max": pillar.max,
                "group": pillar.group,
                "applies_to": pillar.applies_to or None,
                "stated_count": pillar.stated_count,
                "whole": pillar.whole,
                "indicators": [_indicator_as_json(indicator) for indicator in pillar.indicators],
            }
            for pillar in entry.pillars
        ],
    }


def _indicator_as_json(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "number": indicator.number or indicator.code,
        "name": indicator.name,
        "max": indicator.max,
        "scoring": indicator.scoring.as_json(),
        "inputs": _inputs_as_json(indicator),
        "method": indicator.method,
        "proof": indicator.proof,
        "lead": indicator.lead,
        "support": list(indicator.support),
        "applies_to": indicator.applies_to or None,
    }


def _inputs_as_json(indicator: Indicator) -> Sequence[dict[str, Any]]:
    return [
        {"key": entry.key, "kind": entry.kind, "label": entry.label, "options": list(entry.options), "unit": entry.unit}
        for entry in indicator.inputs
    ]
