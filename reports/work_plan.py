"""The work plan: one neutral value that every plan is turned into, to be printed, signed and followed.

A plan of levels, a plan within budgets and a plan of points all end in the same paper: who does what, from where
to where, for how much, until when, and why. The paper is an administrative act (kế hoạch, Nghị định 30/2020/NĐ-CP),
so its words are Vietnamese; ``goal``, ``notes`` and ``proof`` are in both languages because the screen says them too.
"""

import datetime
from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from evidence.costs import Money
from evidence.units import Unit
from levels.faults import Text
from levels.framework import Framework, Tier
from levels.index import Index
from reports.plan import PROVEN, plan_notes, plan_proof
from reports.sentences import counted
from reports.words import in_sentence, level_text, value_text
from rules.plans import Plan, Step
from rules.verdict import Standing


@frozen
class WorkItem:
    """One thing to be done: one criterion (or indicator) of one unit, or something bought once for many units.

    Every text is Vietnamese, one short phrase without a full stop. What nobody knows stays ``""`` or None and
    is left open in print; never fill in a guess.
    """

    unit: Unit  # who has to show it; of something shared: the unit that buys it (a province, a district)
    code: str  # of the criterion or indicator, as evidence writes it: "II.3", "II.6.5:a"; of several "I.4, I.5"
    name: str  # of the criterion, indicator or purchase
    start: str  # what counts now: "74/104 (71,15%)", "không có", "chưa có số liệu"
    to: str  # what must be shown: "84/104 (80,76%)", "có"
    missing: str = ""  # how many more of what: "10 hồ sơ"; "": a presence, or only an appraisal is wanted
    cost: Money | None = None  # None: no costs are known; 0: it costs nothing
    office: str = ""  # who does it; "": not assigned
    year: int | None = None  # in which year's budget it stands; None: the year of the plan
    purpose: str = ""  # which requirement it satisfies or what it earns, with the clause
    serves: tuple[Unit, ...] = ()  # of something shared: the units it counts for
    to_appraise: bool = False  # all is there already and only the council has to accept it
    starts: datetime.date | None = None  # None: with the plan itself
    ends: datetime.date | None = None  # None: with the last day for self-assessment (of an index: of the data)

    @property
    def places(self) -> tuple[tuple[Tier, str], ...]:
        """Which criteria or indicators of the rulebook it is about; a purchase may cover several (``I.4, I.5``)."""
        tiers = dict.fromkeys(unit.tier for unit in self.serves or (self.unit,))
        codes = [code.partition(":")[0] for code in self.code.split(", ") if code]
        return tuple((tier, code) for tier in tiers for code in codes)


@frozen
class Rise:
    """Where one unit stands now and where the plan brings it, in words: "1 (Khởi động)", "612,5 điểm, hạng 4"."""

    unit: Unit
    now: str
    then: str
    year: int | None = None  # the year in which it gets there; None: the year of the plan


@frozen
class WorkPlan:
    """A plan as the paper tells it. Without ``items`` there is nothing to do and no paper is made.

    ``curve``: how many units can get there, each with the least that so many cost, from those there today
    up in order; ``()`` where there is no such curve. ``curve_of`` says what is counted: "huyện đạt mức 3".
    ``budgets``: year and sum, in order; ``()`` where no budget was given.
    ``superior``: the unit above ``unit``, for the letterhead; None: there is none.
    """

    rulebook: Framework | Index
    unit: Unit  # whose committee (or office) issues the plan
    cycle: int
    goal: Text  # "Nâng mức độ chuyển đổi số của huyện Đắk Hà lên mức 3 (Cơ bản) năm 2025"; the title of the paper
    items: tuple[WorkItem, ...]  # in the order in which they are to be read
    priced: bool  # False: planned without costs
    synthetic: bool  # rests on made-up facts or costs: every page says so
    rises: tuple[Rise, ...] = ()  # the unit itself first, then the others that must get somewhere
    results: tuple[Text, ...] = ()  # what the plan brings about besides the rises, whole sentences
    demands: tuple[Text, ...] = ()  # what has to be kept to by all, whole sentences
    notes: tuple[Text, ...] = ()  # what the plan takes for granted, whole sentences
    proof: tuple[Text, ...] = ()  # why no less would do, whole sentences
    superior: Unit | None = None
    known: tuple[Unit, ...] = ()  # further units, by which it is told in which district something is
    budgets: tuple[tuple[int, Money], ...] = ()
    carry_over: bool = False  # whether money not spent passes to the next year
    curve: tuple[tuple[int, Money], ...] = ()
    curve_of: str = "đơn vị đạt mục tiêu"
    number: str = ""  # "15/KH-UBND" or "15"; "": left open for the clerk, as are the next two
    signed_on: datetime.date | None = None
    signer: str = ""

    @property
    def total(self) -> Money | None:
        """The sum of all costs; None where there are none, or not of every item."""
        return total_of(self.items) if self.priced else None

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which something is to be done or that have a budget, in order."""
        return tuple(sorted({self.year_of(item) for item in self.items} | {year for year, _ in self.budgets}))

    def year_of(self, item: WorkItem) -> int:
        """The year in which ``item`` is done and paid."""
        return self.cycle if item.year is None else item.year


@frozen
class Account:
    """The money of one year, ``carried`` that of the year before; None where it is not known or there is none."""

    year: int
    budget: Money | None
    carried: Money | None
    spent: Money | None
    left: Money | None
    count: int  # of the items


def accounts(plan: WorkPlan) -> list[Account]:
    """The years of a plan with their money: of every year, budget + carried = spent + left."""
    budgets, found = dict(plan.budgets), list[Account]()
    left: Money | None = 0
    for year in plan.years:
        items = [item for item in plan.items if plan.year_of(item) == year]
        spent = total_of(items) if plan.priced else None
        budget = budgets.get(year)
        carried = left if plan.carry_over else None
        left = None if budget is None or spent is None else whole(Fraction(budget) + (carried or 0) - spent)
        found.append(Account(year, budget, carried, spent, left, len(items)))
    return found


def budget_of(plan: WorkPlan) -> Money | None:
    """The sum of all budgets; None where none was given."""
    return whole(sum((Fraction(budget) for _, budget in plan.budgets), Fraction(0))) if plan.budgets else None


def left_of(plan: WorkPlan) -> Money | None:
    """What is left of all budgets in the end; None where it is not known."""
    budget, total = budget_of(plan), plan.total
    return None if budget is None or total is None else whole(Fraction(budget) - total)


def whole(amount: Fraction) -> Money:
    """An exact sum, as ``int`` where it is whole."""
    return amount.numerator if amount.denominator == 1 else amount


def total_of(items: tuple[WorkItem, ...] | list[WorkItem]) -> Money | None:
    """The exact sum of the costs of ``items``, an ``int`` where it is whole; None where one has no cost."""
    costs = [item.cost for item in items]
    if any(cost is None for cost in costs):
        return None
    return whole(sum((Fraction(cost) for cost in costs if cost is not None), Fraction(0)))


def of_plan(plan: Plan, superior: Unit | None = None) -> WorkPlan:
    """The work plan of one unit that is to reach a level; ``superior`` is the unit above it, if any.

    Of a plan that is not feasible, or asks for nothing, it has no items.
    """
    verdict = plan.verdict
    unit, framework, then = verdict.unit, verdict.framework, plan.target
    return WorkPlan(
        framework,
        unit,
        verdict.cycle,
        Text(
            vi=f"Nâng mức độ chuyển đổi số của {in_sentence(unit.name)} lên mức {level_text(framework, then, 'vi')}"
            f" năm {verdict.cycle}",
            en=f"Raise {unit.name} to level {level_text(framework, then, 'en')} of digital transformation in"
            f" {verdict.cycle}",
        ),
        tuple(map(item_of_step, plan.steps)) if plan.feasible else (),
        plan.priced,
        plan.synthetic,
        tuple(_rises(plan)) if plan.feasible else (),
        demands=tuple(note for note in plan_notes(plan) if note == PROVEN),
        notes=tuple(note for note in plan_notes(plan) if note != PROVEN),
        proof=tuple(plan_proof(plan)) if plan.feasible and plan.steps else (),
        superior=superior,
    )


def _rises(plan: Plan) -> Iterator[Rise]:
    for way in plan.way.walk():
        framework, level = way.verdict.framework, way.verdict.levels.level
        if way.steps or way.below:
            yield Rise(way.verdict.unit, level_text(framework, level, "vi"), level_text(framework, way.level, "vi"))


def item_of_step(step: Step, *, year: int | None = None) -> WorkItem:
    """A step of a plan of levels as work; ``year``: the year whose budget it stands in."""
    criterion = step.criterion
    demands = "; ".join(f"mức {demand.at_level} yêu cầu “{demand.required}”" for demand in step.demands)
    annex = step.verdict.framework.sets[step.unit.tier].annex  # the code and the decision stand beside it
    to_appraise = step.found.standing is Standing.SELF_REPORTED and step.missing == 0
    missing = criterion.kind != "presence" and step.missing
    return WorkItem(
        step.unit,
        criterion.code,
        criterion.name,
        _start(step),
        value_text(criterion.kind, step.to, "vi") + (", được Hội đồng thẩm định chấp nhận" if to_appraise else ""),
        f"{step.missing} {counted(criterion, 'vi', step.missing)}".rstrip() if missing else "",
        step.cost,
        step.office,
        year,
        f"{demands} ({annex})" if demands else annex,
        to_appraise=to_appraise,
    )


def _start(step: Step) -> str:
    kind, standing = step.criterion.kind, step.found.standing
    reported = step.found.fact.amount if step.found.fact else None
    match standing:
        case Standing.ACCEPTED:
            return value_text(kind, step.start, "vi")
        case Standing.SELF_REPORTED:
            return f"{value_text(kind, step.start, 'vi')} (tự báo cáo, chưa thẩm định)"
        case Standing.REJECTED if reported is not None:
            return f"{value_text(kind, reported, 'vi')} (không được chấp nhận, tính lại từ đầu)"
        case _:
            return "chưa có số liệu, tính từ đầu"
