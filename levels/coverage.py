"""Coverage: what the facts of one rulebook are to another, line by line, as the crosswalk says it."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen

from levels.crosswalk import Crosswalk, Entry, Link, Relation, links_back
from levels.faults import Text
from levels.framework import Criterion, Framework, Tier
from levels.index import Indicator
from levels.loader import Rulebook


class Standing(StrEnum):
    """What becomes of a line's facts in another rulebook; the best comes first."""

    OFFERED = "offered"  # every input of a counterpart, as a draft
    PARTLY = "partly"  # some of its inputs or answers, as a draft
    INFORMS = "informs"  # shown to the council that scores
    DIFFERENT = "different"  # close, but not the same
    NONE = "none"  # there is no counterpart


@frozen
class Counterpart:
    """One line of the target that a line of the source is compared with."""

    tier: Tier
    code: str
    name: str
    standing: Standing
    reason: Text
    conditions: tuple[Text, ...] = ()
    readings: tuple[str, ...] = ()  # ids of interpretations that the reason rests on
    summed: bool = False


@frozen
class CoveredLine:
    """One line of the source: what is said of it, best first."""

    code: str
    name: str
    counterparts: tuple[Counterpart, ...]
    unmatched: Text  # why there is no counterpart; used where there is none

    @property
    def standing(self) -> Standing:
        """The best standing of its counterparts."""
        return self.counterparts[0].standing if self.counterparts else Standing.NONE


@frozen
class Coverage:
    """What the facts of one tier of ``source`` are to ``target``."""

    source: str
    target: str
    tier: Tier
    lines: tuple[CoveredLine, ...]
    reason: Text | None = None  # why nothing at all can be handed over; None: see the lines

    def count(self, standing: Standing) -> int:
        """How many lines have this standing."""
        return sum(line.standing is standing for line in self.lines)

    @property
    def reached(self) -> int:
        """How many lines of the target are given a draft or shown a fact."""
        given = (Standing.OFFERED, Standing.PARTLY, Standing.INFORMS)
        return len({(c.tier, c.code) for line in self.lines for c in line.counterparts if c.standing in given})


def coverage(crosswalk: Crosswalk, source: Rulebook, target: Rulebook) -> tuple[Coverage, ...]:
    """What the facts of every tier of ``source`` are to ``target``, in the order of ``source``'s tiers."""
    return tuple(_cover(crosswalk, source, target, tier) for tier in source.sets)


def _cover(crosswalk: Crosswalk, source: Rulebook, target: Rulebook, tier: Tier) -> Coverage:
    reason = _find_obstacle(crosswalk, source, target, tier)
    found: dict[str, list[Counterpart]] = {}
    if reason is None:
        for entry, relation in crosswalk.between(source.id, target.id):
            if entry.tier is tier:
                found.setdefault(entry.code, []).append(_look_there(relation, target))
        for entry, relation in crosswalk.between(target.id, source.id):
            if relation.tier is tier and not relation.summed:
                found.setdefault(relation.code, []).append(_look_back(entry, relation, target))
    unmatched = reason or _find_unmatched(crosswalk, source, target, tier)
    order = list(Standing)
    lines = tuple(
        CoveredLine(
            code, line.name, tuple(sorted(found.get(code, ()), key=lambda c: order.index(c.standing))), unmatched
        )
        for code, line in lines_of(source, tier).items()
    )
    return Coverage(source.id, target.id, tier, lines, reason)


def lines_of(rulebook: Rulebook, tier: Tier) -> Mapping[str, Criterion | Indicator]:
    """The criteria or indicators of one tier by code; none where the rulebook has no table for it."""
    found: Mapping[str, Criterion | Indicator] = rulebook.sets[tier].by_code if tier in rulebook.sets else {}
    return found


def _find_obstacle(crosswalk: Crosswalk, source: Rulebook, target: Rulebook, tier: Tier) -> Text | None:
    """Why nothing of ``source`` can be handed over to ``target`` at all."""
    for remark in crosswalk.silent:
        if remark.framework == source.id:
            return remark.reason
    for remark in crosswalk.apart:
        if remark.framework == source.id and tier in remark.tiers:
            return remark.reason
        if remark.framework == target.id and set(remark.tiers) >= set(target.sets):
            return remark.reason
    return None


def _find_unmatched(crosswalk: Crosswalk, source: Rulebook, target: Rulebook, tier: Tier) -> Text:
    for remark in crosswalk.unmatched:
        if remark.framework == source.id and tier in remark.tiers and not isinstance(target, Framework):
            return remark.reason
    return Text("Không tiêu chí nào của bộ này nhận số liệu đó.", "No line of that rulebook takes this fact.")


def _look_there(relation: Relation, target: Rulebook) -> Counterpart:
    standing = Standing.INFORMS if relation.kind == "informs" else Standing.DIFFERENT
    links = [
        link for link in relation.links if not link.answers or any(answer.way != "back" for answer in link.answers)
    ]
    if links:
        indicator = lines_of(target, relation.tier)[relation.code]
        assert isinstance(indicator, Indicator)
        given = {link.input for link in links if _is_total(link)}
        standing = Standing.OFFERED if given >= indicator.by_key.keys() else Standing.PARTLY
    conditions = tuple(dict.fromkeys(link.condition for link in links if link.condition is not None))
    return Counterpart(
        relation.tier,
        relation.code,
        relation.name,
        standing,
        relation.reason,
        conditions,
        relation.readings,
        relation.summed,
    )


def _is_total(link: Link) -> bool:
    """Whether whatever the fact says gives the input a value: both its yes and its no."""
    return not link.answers or len({answer.fact for answer in link.answers if answer.way != "back"}) == 2


def _look_back(entry: Entry, relation: Relation, target: Rulebook) -> Counterpart:
    criterion = lines_of(target, entry.tier)[entry.code]
    links = links_back(entry, relation, criterion) if isinstance(criterion, Criterion) else ()
    standing = Standing.DIFFERENT
    if links:
        facts = {answer.fact for link in links for answer in link.answers}
        standing = Standing.PARTLY if len(facts) == 1 else Standing.OFFERED
    conditions = tuple(dict.fromkeys(link.condition for link in links if link.condition is not None))
    return Counterpart(entry.tier, entry.code, entry.name, standing, relation.reason, conditions, relation.readings)
