"""Decide: the facts of a unit → its verdict, by the rule base, checked against the reference.

Guarantees that no verdict leaves this room on which the rule engine and ``rules.reference``
differ, and none for a unit whose facts the rule base cannot compare exactly.
"""

from collections.abc import Mapping, Sequence

from attrs import define, field

from evidence.facts import Fact, Status
from evidence.units import Unit
from levels.framework import CriteriaSet, Criterion, Framework, Tier
from rules import reference
from rules.compile import FREE, UNMET, RuleBase, compile_set
from rules.engine import Conclusion, FactMessage, ShareMessage, conclude
from rules.verdict import CriterionVerdict, Levels, Member, Standing, Verdict, as_triple, levels_of


class Undecidable(RuntimeError):
    """No verdict may be given: the rule base and the reference differ, or the facts contradict the law."""


# How a standing reads for the accepted, claimed and possible level; None stands for its value.
# domain.md, «Five ways of not knowing»; a zero base stays undetermined until the council rules.
READINGS: dict[Standing, tuple[int | None, int | None, int | None]] = {
    Standing.ACCEPTED: (None, None, None),
    Standing.SELF_REPORTED: (UNMET, None, None),
    Standing.UNKNOWN: (UNMET, UNMET, FREE),
    Standing.EXPIRED: (UNMET, UNMET, FREE),
    Standing.ZERO_BASE: (UNMET, UNMET, FREE),
    Standing.REJECTED: (UNMET, UNMET, UNMET),
    Standing.EXEMPT: (FREE, FREE, FREE),
}


def stand(criterion: Criterion, fact: Fact | None, cycle: int, members: Sequence[Member] = ()) -> Standing:
    """What is known of one criterion of one unit in ``cycle``."""
    if criterion.kind == "members" and members:
        return Standing.DERIVED
    if fact is None:
        return Standing.ZERO_BASE if criterion.kind == "members" else Standing.UNKNOWN
    if fact.status is Status.UNKNOWN:
        return Standing.UNKNOWN
    if fact.status in (Status.EXEMPT, Status.REJECTED):
        if fact.cycle not in (None, cycle):  # a council rules on one cycle's dossier
            return Standing.EXPIRED
        return Standing.EXEMPT if fact.status is Status.EXEMPT else Standing.REJECTED
    if not fact.counts_in(cycle, criterion):
        return Standing.EXPIRED
    if fact.amount is None:
        raise Undecidable(f"{fact.id} is {fact.status} but has no value")
    if fact.amount.denominator == 0:
        return Standing.ZERO_BASE
    return Standing.SELF_REPORTED if fact.status is Status.SELF_REPORTED else Standing.ACCEPTED


def decide(
    framework: Framework, unit: Unit, facts: Mapping[str, Fact], cycle: int, members: Sequence[Member] = ()
) -> Verdict:
    """The verdict on one unit.

    ``facts`` by criterion code, at most one each; ``members`` are the units directly below, with
    the levels to be read from them. Raises ``Undecidable`` where no verdict may be given: the
    engine and the reference differ, a fact for an unknown or derived criterion, or no criteria
    set for the unit's tier; and the errors of ``rules.compile`` and ``rules.engine``.
    """
    criteria_set = framework.sets.get(unit.tier)
    if criteria_set is None:
        raise Undecidable(f"{framework.id} has no criteria for a {unit.tier} ({unit.code})")
    dossier = _Dossier(criteria_set, rule_base(framework, unit.tier), unit, cycle, facts, tuple(members))
    conclusions = dossier.conclude()
    levels = levels_of(*(conclusion.level for conclusion in conclusions))
    criteria = tuple(
        CriterionVerdict(
            criterion,
            levels_of(accepted.level, claimed.level, possible.level),
            standing,
            facts.get(criterion.code),
            (accepted.rule, claimed.rule, possible.rule),
        )
        for criterion, standing in dossier.standings
        for accepted, claimed, possible in [[c.criteria[criterion.code] for c in conclusions]]
    )
    _check(dossier, levels, criteria)
    return Verdict(framework, unit, cycle, levels, criteria, dossier.members)


@define
class _Dossier:
    criteria_set: CriteriaSet
    rules: RuleBase
    unit: Unit
    cycle: int
    facts: Mapping[str, Fact]
    members: tuple[Member, ...]
    standings: list[tuple[Criterion, Standing]] = field(factory=list)

    def conclude(self) -> list[Conclusion]:
        """What the engine concludes of the accepted, the claimed and the possible facts."""
        if not self.facts.keys() <= self.criteria_set.by_code.keys():
            unknown = sorted(self.facts.keys() - self.criteria_set.by_code.keys())
            raise Undecidable(f"{self.unit.code}: no criteria {unknown} in {self.criteria_set.annex}")
        self.standings = [
            (c, stand(c, self.facts.get(c.code), self.cycle, self.members)) for c in self.criteria_set.criteria
        ]
        read = [(c, standing, self._amounts(c, standing)) for c, standing in self.standings]
        rows = [*(amounts for _, _, amounts in read), *(as_triple(member.levels) for member in self.members)]
        # Runs that read every fact and every member alike are one run.
        claimed = int(any(a != c for a, c, _ in rows))
        possible = claimed + int(any(c != p for _, c, p in rows))
        run_of = (0, claimed, possible)
        messages: list[FactMessage | ShareMessage] = []
        for criterion, standing, amounts in read:
            if standing is Standing.DERIVED:
                messages.extend(self._share_messages(criterion, run_of))
            else:
                messages.extend(self._fact_messages(criterion, amounts, run_of))
        conclusions = conclude(self.rules, messages, possible + 1)
        return [conclusions[run] for run in run_of]

    def _amounts(self, criterion: Criterion, standing: Standing) -> tuple[int, int, int]:
        if standing is Standing.DERIVED:
            if criterion.code in self.facts:
                raise Undecidable(f"{self.unit.code}: {criterion.code} follows from its units and takes no fact")
            return (0, 0, 0)
        accepted, claimed, possible = READINGS[standing]
        value = 0
        if possible is None:
            amount = self.facts[criterion.code].amount
            assert amount is not None
            value = self.rules.amount(criterion.code, amount.numerator, amount.denominator)
        return (
            value if accepted is None else accepted,
            value if claimed is None else claimed,
            value if possible is None else possible,
        )

    def _fact_messages(
        self, criterion: Criterion, amounts: tuple[int, int, int], run_of: tuple[int, int, int]
    ) -> list[FactMessage]:
        whole = None
        if criterion.code in self.rules.totals:
            fact = self.facts.get(criterion.code)
            value = fact.amount if fact else None
            whole = value is not None and value.numerator == value.denominator
        runs: dict[int, tuple[int, ...]] = {}
        for run in range(run_of[2] + 1):
            amount = amounts[run_of.index(run)]
            runs[amount] = (*runs.get(amount, ()), run)
        return [FactMessage(criterion.code, amount, into, whole) for amount, into in runs.items()]

    def _share_messages(self, criterion: Criterion, run_of: tuple[int, int, int]) -> list[ShareMessage]:
        scale, total = self.rules.scales[criterion.code], len(self.members)
        by_run = dict(zip(run_of, zip(*(as_triple(m.levels) for m in self.members), strict=True), strict=True))

        def share(levels: Sequence[int], least: int) -> int:
            return sum(level >= least for level in levels) * scale // total

        return [
            ShareMessage(
                criterion.code,
                wanted.level,
                share(levels, wanted.every_level),
                share(levels, wanted.at_level),
                run,
            )
            for run, levels in by_run.items()
            for wanted in self.rules.shares
            if wanted.criterion == criterion.code
        ]


_rule_bases: dict[tuple[str, Tier], RuleBase] = {}


def rule_base(framework: Framework, tier: Tier) -> RuleBase:
    """The compiled rules of one tier, made once per process and rulebook content."""
    key = framework.digest, tier
    if key not in _rule_bases:
        _rule_bases[key] = compile_set(framework, framework.sets[tier])
    return _rule_bases[key]


def _check(dossier: _Dossier, levels: Levels, criteria: Sequence[CriterionVerdict]) -> None:
    members = [as_triple(m.levels) for m in dossier.members]
    unit, by_code = reference.decide(dossier.criteria_set, dossier.cycle, dossier.facts, members)
    differing = [
        f"{c.code}: rules {c.rules} give {c.levels}, the reference {by_code[c.code]}"
        for c in criteria
        if by_code[c.code] != as_triple(c.levels)
    ]
    if unit != as_triple(levels):
        differing.append(f"level: rules give {levels}, the reference {unit}")
    if differing:
        raise Undecidable(f"{dossier.unit.code}: the rule base and the reference differ\n" + "\n".join(differing))
