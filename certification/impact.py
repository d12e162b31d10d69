"""Impact: the same units and facts under two texts of a rulebook, an amendment or a draft of one.

Facts are read under the old text and carried over to what each criterion (or input) has become in the new one,
where the two ask for the same kind of thing. What cannot be carried over counts as unknown there, and is said.
"""

from collections.abc import Iterator, Mapping

from attrs import define, evolve, field

from certification.cluster.executor import HERE, Executor
from certification.hierarchy import Assessment, Progress, evaluate
from certification.rating import Rating
from evidence.asked import Asked, Catalogue, catalogue
from evidence.dossiers import Evidence
from evidence.facts import Amount, Fact, Facts, Status
from evidence.inputs import AskedInput
from evidence.units import Units
from evidence.values import fold
from levels.diff import diff, successors
from levels.faults import Text
from levels.framework import Framework, Tier
from levels.index import Index
from levels.words import KINDS
from rules.changes import compare_rankings
from rules.impacts import Became, Dropped, Impact, RankedImpact, impact_on, place_impact


def assess_impact(
    assessment: Assessment,
    framework: Framework,
    *,
    executor: Executor = HERE,
    progress: Progress = lambda _: None,
) -> Impact:
    """Every unit of ``assessment`` under its own framework and under ``framework``; both only compute.

    Decisions of the cycle rest on the old text, so no recognised level is read.
    """
    assessment = evolve(assessment, recognitions={})
    became = successors(assessment.framework, framework)
    carrier = Carrier(catalogue(assessment.framework), catalogue(framework), became, assessment.units)
    facts = carrier.carry(assessment.facts, assessment.last_year)
    amended = Assessment(framework, assessment.units, facts, assessment.cycle)
    before, after = (
        {verdict.unit.code: verdict for verdict in evaluate(each, executor=executor, progress=progress)}
        for each in (assessment, amended)
    )
    changes, dropped = diff(assessment.framework, framework), carrier.told
    units = tuple(
        impact_on(before[code], after[code], became, changes, dropped)
        for code in assessment.units
        if code in before and code in after
    )
    left_out = tuple(assessment.units[code] for code in assessment.units if (code in before) is not (code in after))
    synthetic = any(verdict.synthetic for verdict in before.values())
    return Impact(assessment.framework, framework, assessment.cycle, units, left_out, changes, dropped, synthetic)


def rate_impact(rating: Rating, index: Index) -> RankedImpact:
    """Every unit of ``rating`` under its own index and under ``index``, as the data stand."""
    became = successors(rating.index, index)
    carrier = Carrier(catalogue(rating.index), catalogue(index), became, rating.units)
    facts = carrier.carry(rating.facts, {})
    amended = Rating(index, rating.units, Evidence(facts, rating.cycle, {}, ()))
    before, after = rating.ranking(), amended.ranking()
    units = tuple(place_impact(change) for change in compare_rankings(before, after, became))
    ranked = before.place_of.keys() ^ after.place_of.keys()
    left_out = tuple(unit for unit in rating.units.values() if unit.code in ranked)
    synthetic = any(place.score.synthetic for place in before.place_of.values())
    changes = diff(rating.index, index)
    return RankedImpact(rating.index, index, rating.cycle, units, left_out, changes, carrier.told, synthetic)


@define
class Carrier:
    """Carries facts of one text over to another, and notes what it cannot carry."""

    old: Catalogue
    new: Catalogue
    became: Became
    units: Units
    dropped: dict[tuple[Tier, str, str, Text], list[str]] = field(factory=dict)

    @property
    def told(self) -> tuple[Dropped, ...]:
        """What was not carried over, with the units whose facts it concerns."""
        return tuple(Dropped(*key, tuple(codes)) for key, codes in self.dropped.items())

    def carry(self, facts: Facts, last_year: Facts) -> dict[str, dict[str, Fact]]:
        """The facts as the new text asks for them; also last year's where the new text lets them last longer."""
        carried = {code: dict(self._carry(code, dossier)) for code, dossier in facts.items()}
        for code, dossier in last_year.items():
            lasting = {asked.code for asked in self.new.lasting.get(self.units[code].tier, ())}
            own = carried.setdefault(code, {})
            for name, fact in self._carry(code, dossier) if lasting else ():
                usable = fact.amount is not None and fact.status not in (Status.REJECTED, Status.EXEMPT)
                known = own.get(name)
                if name in lasting and usable and (known is None or known.status is Status.UNKNOWN):
                    own[name] = fact
        return carried

    def _carry(self, code: str, dossier: Mapping[str, Fact]) -> Iterator[tuple[str, Fact]]:
        tier = self.units[code].tier
        for name, fact in dossier.items():
            old = self.old.asked[tier][name]
            became, new = self._successor(tier, old)
            if became is None or fact.status is Status.UNKNOWN:
                continue
            why = _GONE if new is None else _difference(old, new)
            if new is not None and why is None:
                moved = evolve(fact, criterion=new.code, amount=_fit(fact.amount, new))
                why = _find_flaw(moved, new, self.units)
                if why is None:
                    yield new.code, moved
                    continue
            assert why is not None
            self.dropped.setdefault((tier, old.code, became, why), []).append(code)

    def _successor(self, tier: Tier, old: Asked) -> tuple[str | None, Asked | None]:
        """The code of the criterion (or indicator) that ``old`` has become, and what asks for it in the new text."""
        asked = self.new.asked.get(tier, {})
        if isinstance(old, AskedInput) and old.indicator is None:  # the bonus
            bonus = next(
                (each for each in asked.values() if isinstance(each, AskedInput) and each.indicator is None), None
            )
            return (None, None) if bonus is None else (bonus.code, bonus)
        if not isinstance(old, AskedInput) or old.indicator is None:
            became = self.became.get((tier, old.code))
            return became, None if became is None else asked[became]
        became = self.became.get((tier, old.indicator.code))
        same = (
            each
            for each in asked.values()
            if isinstance(each, AskedInput) and each.indicator is not None
            if each.indicator.code == became and each.input.key == old.input.key
        )
        return became, next(same, None)


_KINDS = {
    **KINDS,
    "amount": Text(vi="số tiền", en="amount"),
    "choice": Text(vi="lựa chọn", en="choice"),
    "score": Text(vi="điểm của Hội đồng", en="council's score"),
}
_GONE = Text(vi="văn bản mới không hỏi số liệu này nữa", en="the new text does not ask for it any more")


def _difference(old: Asked, new: Asked) -> Text | None:
    """Why a value of ``old`` says nothing about ``new``; None where the two are of one kind."""
    if old.kind != new.kind:
        before, after = _KINDS[old.kind], _KINDS[new.kind]
        return Text(vi=f"cách đo khác: {before.vi} → {after.vi}", en=f"measured otherwise: {before.en} → {after.en}")
    if isinstance(old, AskedInput) and isinstance(new, AskedInput):
        if list(map(fold, old.input.options)) != list(map(fold, new.input.options)):
            return Text(vi="các lựa chọn khác nhau", en="the options are not the same")
        if fold(old.input.unit) != fold(new.input.unit):
            units = f"{old.input.unit} → {new.input.unit}"
            return Text(vi=f"đơn vị tính khác: {units}", en=f"another unit of measure: {units}")
    return None


def _fit(amount: Amount | None, new: Asked) -> Amount | None:
    """A count with its total only where the new text asks for the total."""
    if amount is None or new.kind != "count" or new.needs_total or isinstance(new, AskedInput):
        return amount
    return Amount(amount.numerator)


def _find_flaw(fact: Fact, new: Asked, units: Units) -> Text | None:
    """Why ``fact`` cannot stand under the new text; None where it can."""
    flaw = next(iter(new.find_flaws(fact, units)), None)
    if flaw is not None:
        return flaw.found
    most = new.most if isinstance(new, AskedInput) else None
    amount = fact.amount
    if most is not None and amount is not None and amount.numerator > most * (amount.denominator or 1):
        return Text(vi=f"lớn hơn điểm tối đa mới ({most})", en=f"more than the new maximum ({most})")
    return None
