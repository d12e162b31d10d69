"""The words of a budget plan: who gets where, what it takes and costs in which year, and why no more is possible."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import attrs
from attrs import frozen

from evidence.conditions import Choice, Stated
from evidence.costs import Money
from evidence.units import Unit
from levels.faults import Language, Text
from levels.framework import Tier
from reports.documents import render_text
from reports.plan import (
    PROVEN,
    UnitSteps,
    dong_text,
    hindrance_text,
    money_text,
    step_notes,
    step_sentence,
    step_sentences,
)
from reports.words import SYNTHETIC_MARK, TIER_NAMES, in_sentence, join, level_text
from reports.work_plan import Rise, WorkItem, WorkPlan, item_of_step
from rules.budgets import Aim, Bought, BudgetPlan, Declined, Hindered, Paid, Reason, Year
from rules.plans import Hindrance

_UNITS = {
    Tier.PROVINCE: ("đơn vị cấp tỉnh", "province", "provinces"),
    Tier.DISTRICT: ("đơn vị cấp huyện", "district", "districts"),
    Tier.COMMUNE: ("đơn vị cấp xã", "commune", "communes"),
    Tier.DEPARTMENT: ("sở, ngành", "department", "departments"),
}
_HEADINGS = {
    "reached": Text(vi="Kết quả", en="What is reached"),
    "years": Text(vi="Kinh phí từng năm", en="Money by year"),
    "shared": Text(vi="Việc làm một lần cho nhiều đơn vị", en="Done once for many units"),
    "settled": Text(vi="Điều đã định", en="What is settled"),
    "why": Text(vi="Vì sao không thể nhiều hơn", en="Why no more is possible"),
    "refused": Text(vi="Đơn vị phải đạt nhưng không thể", en="Units that must rise and cannot"),
    "hindered": Text(vi="Đơn vị không ngân sách nào đưa lên được", en="Units that no budget can lift"),
    "curve": Text(vi="Chi phí ít nhất theo số đơn vị đạt", en="Least cost by number of units"),
}


@frozen
class Section:
    heading: str
    sentences: tuple[str, ...]


@frozen
class BudgetView:
    unit: str
    code: str
    citation: str
    headline: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    units: tuple[UnitSteps, ...]
    others: tuple[Section, ...]  # of whom nothing is done
    synthetic_mark: str


def budget_text(plan: BudgetPlan, language: Language) -> str:
    """A budget plan as plain text that can be read aloud."""
    return render_text(view_budget(plan, language), "budget")


def view_budget(plan: BudgetPlan, language: Language) -> BudgetView:
    """The view of a budget plan, of one that cannot be as well."""

    def section(key: str, sentences: Sequence[Text]) -> Section:
        return Section(_HEADINGS[key].say(language), tuple(text.say(language) for text in sentences))

    done = [
        section("reached", list(_reached(plan))),
        section("years", [_year(year) for year in plan.years]),
        section("shared", [*map(_shared, plan.bought), *map(_declined, plan.declined)]),
    ]
    settled = section("settled", [_stated(each) for each in plan.choices])
    reasons = [
        section("refused", list(_hindered(plan.refused))),
        section("why", list(budget_proof(plan))),
        section("curve", list(_curve(plan))),
    ]
    return BudgetView(
        unit=plan.unit.name,
        code=plan.unit.code,
        citation=plan.framework.instrument.citation,
        headline=_headline(plan).say(language),
        notes=tuple(text.say(language) for text in budget_notes(plan)),
        sections=(*(done if plan.feasible else done[-1:]), settled, *reasons),
        units=tuple(_unit_steps(plan, language)),
        others=(section("hindered", list(_hindered(_others(plan)))),),
        synthetic_mark=SYNTHETIC_MARK.say(language) if plan.synthetic else "",
    )


def _count(number: Money, tier: Tier) -> Text:
    vi, one, many = _UNITS[tier]
    return Text(vi=f"{number} {vi}", en=f"{number} {one if number == 1 else many}")


def _level(plan: BudgetPlan) -> Text:
    return Text(
        vi=f"mức {level_text(plan.framework, plan.target, 'vi')}",
        en=f"level {level_text(plan.framework, plan.target, 'en')}",
    )


def _money(amount: Money) -> Text:
    return Text(vi=dong_text(amount, "vi"), en=dong_text(amount, "en"))


def _span(plan: BudgetPlan) -> str:
    first, last = plan.years[0].year, plan.years[-1].year
    return str(first) if first == last else f"{first}–{last}"


def _headline(plan: BudgetPlan) -> Text:
    level, total = _level(plan), _money(sum(year.budget for year in plan.years))
    span, spent = _span(plan), _money(plan.total_cost)
    given = Text(vi=f"Với {total.vi} ({span})", en=f"With {total.en} ({span})")
    if plan.refused:
        return Text(
            vi=f"Không có kế hoạch: {len(plan.refused)} đơn vị phải đạt {level.vi} nhưng không ngân sách nào đưa lên"
            " được.",
            en=f"There is no plan: {len(plan.refused)} units must reach {level.en}, but no budget can lift them.",
        )
    if not plan.feasible:
        least = (
            Text(vi="", en="")
            if plan.least is None
            else Text(
                vi=f", riêng các đơn vị đó cần ít nhất {dong_text(plan.least, 'vi')}",
                en=f"; these alone cost at least {dong_text(plan.least, 'en')}",
            )
        )
        return Text(
            vi=f"{given.vi} không thể đưa mọi đơn vị phải đạt lên {level.vi}{least.vi}.",
            en=f"{given.en} not all units that must can reach {level.en}{least.en}.",
        )
    gained = [(tier, sum(each.before < plan.target for each in there)) for tier, there in plan.reached.items()]
    risen = [(tier, count) for tier, count in gained if count]
    if not risen and all(each.after >= plan.target for each in plan.outcomes):
        return Text(vi=f"Mọi đơn vị đã đạt {level.vi}.", en=f"Every unit is at {level.en} already.")
    if not risen:
        return Text(
            vi=f"{given.vi} không đơn vị nào lên được {level.vi}.", en=f"{given.en} no unit can reach {level.en}."
        )
    vi = join([_count(count, tier).vi for tier, count in risen], "vi")
    en = join([_count(count, tier).en for tier, count in risen], "en")
    return Text(
        vi=f"{given.vi}: thêm {vi} đạt {level.vi}, hết {spent.vi}.",
        en=f"{given.en}: {en} more at {level.en}, for {spent.en}.",
    )


def budget_notes(plan: BudgetPlan) -> Iterator[Text]:
    """What the plan takes for granted."""
    if plan.weighted:
        yield _weights(plan)
    if plan.settled:
        yield Text(
            vi="Kế hoạch giữ mọi điều đã định: đơn vị phải đạt; đơn vị không nâng, kể cả mọi đơn vị trực thuộc; tiêu"
            " chí không đổi (số liệu tự báo cáo đã đủ vẫn được thẩm định).",
            en="The plan keeps to all that is settled: who must rise; who is not to be lifted, with all below it; what"
            " does not change (what is reported and suffices may still be appraised).",
        )
    if any(obstacle.kind is Hindrance.RECOGNISED for each in plan.hindered for obstacle in each.obstacles):
        yield Text(
            vi="Đơn vị đã có quyết định công nhận của kỳ này giữ nguyên mức đó trong cả kế hoạch.",
            en="Units with a decision of this cycle keep its level throughout the plan.",
        )
    if len(plan.years) > 1:
        yield Text(
            vi=f"Giả định: mỗi số liệu chỉ được tính trong kỳ của nó (trừ tiêu chí có thời hạn dài hơn), nên điều đạt"
            f" được năm {plan.years[0].year} phải được báo cáo và chứng minh lại ở các năm sau; kế hoạch coi là vẫn giữ"
            " được và không tính chi phí duy trì.",
            en=f"Assumed: a fact counts in its own cycle only (unless its criterion says longer), so what is reached in"
            f" {plan.years[0].year} must be reported and proven again in later years; the plan takes it as kept and"
            " counts no upkeep.",
        )
        yield Text(
            vi="Tiền chưa dùng được chuyển sang năm sau."
            if plan.carry_over
            else "Tiền chưa dùng không chuyển sang năm sau.",
            en="Money not spent passes to the next year."
            if plan.carry_over
            else "Money not spent does not carry over.",
        )
    if plan.bought:
        yield Text(
            vi="Việc dùng chung được coi là đáp ứng tiêu chí ở mọi đơn vị đã nêu; đơn vị vẫn phải báo cáo và chứng"
            " minh.",
            en="What is shared is taken to satisfy its criterion in every unit named; each still has to report and"
            " prove it.",
        )
    if plan.steps:
        yield from step_notes([paid.step for paid in plan.steps])


def _reached(plan: BudgetPlan) -> Iterator[Text]:
    for tier, there in plan.reached.items():
        total = sum(each.unit.tier is tier for each in plan.outcomes)
        new = [each for each in there if each.before < plan.target]
        level, counted = _level(plan), _count(total, tier)
        by_year = {
            language: "; ".join(
                (f"{year}: " if len(plan.years) > 1 else "")
                + join([in_sentence(each.unit.name) for each in group], language)
                for year, group in (
                    (year.year, [each for each in new if each.year == year.year]) for year in plan.years
                )
                if group
            )
            for language in _LANGUAGES
        }
        yield Text(
            vi=f"{len(there)}/{counted.vi} đạt {level.vi}"
            + (f", thêm {len(new)}: {by_year['vi']}." if new else ", không thêm đơn vị nào."),
            en=f"{len(there)} of {counted.en} at {level.en}"
            + (f", {len(new)} more: {by_year['en']}." if new else ", none more."),
        )


_LANGUAGES: tuple[Language, Language] = ("vi", "en")


def _year(year: Year) -> Text:
    budget, spent, left = _money(year.budget), _money(year.spent), _money(year.available - year.spent)
    carried = year.available - year.budget
    more = Text(vi="", en="")
    if carried:
        more = Text(
            vi=f" (và {dong_text(carried, 'vi')} chuyển sang)", en=f" (and {dong_text(carried, 'en')} carried over)"
        )
    return Text(
        vi=f"{year.year}: ngân sách {budget.vi}{more.vi}, chi {spent.vi}, còn {left.vi}.",
        en=f"{year.year}: budget {budget.en}{more.en}, spent {spent.en}, left {left.en}.",
    )


def _covers(bought: Bought) -> Text:
    said = {
        language: join(
            list(
                dict.fromkeys(
                    f"{cover.criterion} ({TIER_NAMES[cover.tier].say(language)})" for cover in bought.purchase.covers
                )
            ),
            language,
        )
        for language in _LANGUAGES
    }
    return Text(vi=said["vi"], en=said["en"])


def _shared(bought: Bought) -> Text:
    purchase, covers = bought.purchase, _covers(bought)
    cost = _money(purchase.cost)
    office = f" ({purchase.office})" if purchase.office else ""
    return Text(
        vi=f"{purchase.name}{office}, năm {bought.year}: {cost.vi}; đáp ứng tiêu chí {covers.vi} ở {len(bought.serves)}"
        " đơn vị.",
        en=f"{purchase.name}{office}, in {bought.year}: {cost.en}; satisfies criterion {covers.en} in"
        f" {len(bought.serves)} units.",
    )


_REASONS = {
    Reason.NEEDLESS: Text(
        vi="không cần, vì không đơn vị nào được nâng còn thiếu tiêu chí này",
        en="not needed, for no unit that may rise lacks its criterion",
    ),
    Reason.NO_PLAN: Text(vi="không mua, vì không có kế hoạch", en="not bought, for there is no plan"),
    Reason.TOO_DEAR: Text(
        vi="không mua, vì giá cao hơn toàn bộ ngân sách", en="not bought, for it costs more than the whole budget"
    ),
    Reason.NO_GAIN: Text(
        vi="không mua, vì kế hoạch không tốt hơn khi mua", en="not bought, for the plan would be no better with it"
    ),
}


def _declined(declined: Declined) -> Text:
    purchase, why, cost = declined.purchase, _REASONS[declined.reason], _money(declined.purchase.cost)
    return Text(vi=f"{purchase.name} ({cost.vi}): {why.vi}.", en=f"{purchase.name} ({cost.en}): {why.en}.")


def _stated(stated: Stated) -> Text:
    """One choice aloud."""
    who = Text(vi="mọi đơn vị", en="every unit")
    if stated.unit is not None:
        name = stated.unit.name
        who = Text(vi=f"{in_sentence(name)} ({stated.unit.code})", en=f"{name} ({stated.unit.code})")
    by = Text(vi="", en="")
    if stated.year is not None:
        by = Text(vi=f" năm {stated.year}", en=f" in {stated.year}")
    match stated.choice:
        case Choice.MUST:
            text = Text(
                vi=f"{who.vi} phải đạt mức{by.vi and f' chậm nhất{by.vi}'}",
                en=f"{who.en} must reach the level{by.en and f' {stated.year} at the latest'}",
            )
        case Choice.NEVER:
            text = Text(vi=f"không nâng {who.vi}", en=f"{who.en} is not to be lifted")
        case Choice.FIXED:
            text = Text(
                vi=f"tiêu chí {stated.criterion} của {who.vi} không đổi{by.vi}",
                en=f"criterion {stated.criterion} of {who.en} does not change{by.en}",
            )
    return Text(vi=f"{text.vi[:1].upper()}{text.vi[1:]}.", en=f"{text.en[:1].upper()}{text.en[1:]}.")


_MOST_WEIGHTS = 10
"""Up to how many weights are told one by one."""


def _weights(plan: BudgetPlan) -> Text:
    told = Text(vi=f"{len(plan.weights)} đơn vị", en=f"{len(plan.weights)} units")
    if len(plan.weights) <= _MOST_WEIGHTS:
        told = Text(
            vi=join([f"{in_sentence(unit.name)} {money_text(weight, 'vi')}" for unit, weight in plan.weights], "vi"),
            en=join([f"{unit.name} {money_text(weight, 'en')}" for unit, weight in plan.weights], "en"),
        )
    return Text(
        vi=f"Xếp theo tổng trọng số đã cho ({told.vi}), không theo số đơn vị; mọi đơn vị khác có trọng số 0.",
        en=f"By the weights given ({told.en}), not by number; every other unit weighs 0.",
    )


def _unit_steps(plan: BudgetPlan, language: Language) -> Iterator[UnitSteps]:
    outcomes = {each.unit.code: each for each in plan.outcomes}

    def place(paid: Paid) -> tuple[int, str]:
        return paid.year, paid.step.unit.code

    for (year, code), steps in groupby(plan.steps, key=place):
        outcome, group = outcomes[code], list(steps)
        before, after = (level_text(plan.framework, level, language) for level in (outcome.before, outcome.after))
        when = f"{year} – " if len(plan.years) > 1 else ""
        cost = dong_text(sum(paid.step.cost or 0 for paid in group), language)
        heading = f"{when}{outcome.unit.name} ({code}): {before} → {after} – {cost}"
        own = step_sentences([paid.step for paid in group if not paid.shared], language)
        yield UnitSteps(heading, (*(_brought(paid, language) for paid in group if paid.shared), *own))


def _brought(paid: Paid, language: Language) -> str:
    by = Text(vi=f" Nhờ việc dùng chung “{paid.shared}”.", en=f" Brought by “{paid.shared}”, which is shared.")
    return step_sentence(attrs.evolve(paid.step, cost=None, office=""), language) + by.say(language)


def budget_proof(plan: BudgetPlan, *, paper: bool = False) -> Iterator[Text]:
    """Why there is no better plan, or how much better one might be; for ``paper`` without the method's name."""
    if not plan.feasible:
        return
    yield from _next(plan)
    for aim in plan.aims:
        if not aim.proven:
            yield _open(aim)
    if plan.optimal:
        how = Text(vi="", en="") if paper else _METHODS[plan.method]
        yield Text(vi=f"Đã chứng minh: không kế hoạch nào tốt hơn{how.vi}.", en=f"Proven: no plan is better{how.en}.")
    yield Text(
        vi="Kế hoạch đã được kiểm tra: áp các việc vào số liệu, xét lại từ đầu và cộng lại chi phí từng năm.",
        en="The plan was checked: its steps applied to the facts, everything decided anew, each year's costs added up.",
    )


_METHODS = {
    "decomposition": Text(vi=" (phân rã chính xác theo đơn vị)", en=" (exact decomposition)"),
    "milp": Text(vi=" (quy hoạch nguyên, HiGHS)", en=" (integer program, HiGHS)"),
}


def _next(plan: BudgetPlan) -> Iterator[Text]:
    """What one unit more of the broadest tier would cost."""
    there, tier = len(plan.reached.get(plan.curve_tier, ())), plan.curve_tier
    more = _count(there + 1, tier)
    total = sum(each.unit.tier is plan.curve_tier for each in plan.outcomes)
    budget = sum(year.budget for year in plan.years)
    if there == total or plan.weighted:
        return
    if there + 1 < len(plan.curve):
        cost = _money(plan.curve[there + 1])
        beyond = plan.curve[there + 1] > budget
        yield Text(
            vi=f"{more.vi} cần ít nhất {cost.vi}"
            + (f", vượt ngân sách {dong_text(plan.curve[there + 1] - budget, 'vi')}." if beyond else " trong một năm."),
            en=f"{more.en} cost at least {cost.en}"
            + (f", {dong_text(plan.curve[there + 1] - budget, 'en')} above the budget." if beyond else " in one year."),
        )
    elif there + sum(each.unit.tier is tier for each in plan.hindered) == total:
        yield Text(
            vi=f"Không ngân sách nào đưa được hơn {_count(there, tier).vi} lên.",
            en=f"No budget lifts more than {_count(there, tier).en}.",
        )


def _open(aim: Aim) -> Text:
    """How much better a plan might be, where the search ended before the proof."""
    gap: Money = aim.found - aim.bound if aim.name == "cost" else aim.bound - aim.found
    said = _money(gap) if aim.name == "cost" else Text(vi=money_text(gap, "vi"), en=money_text(gap, "en"))
    if aim.name == "cost":
        return Text(
            vi=f"Chưa chứng minh: có thể rẻ hơn nhiều nhất {said.vi}.",
            en=f"Not proven: {said.en} less might do at most.",
        )
    if aim.name == "weight":
        return Text(
            vi=f"Chưa chứng minh: trọng số năm {aim.year} có thể lớn hơn nhiều nhất {said.vi}.",
            en=f"Not proven: the weight in {aim.year} might be larger by at most {said.en}.",
        )
    counted = _count(gap, Tier(aim.name))
    return Text(
        vi=f"Chưa chứng minh: năm {aim.year} có thể thêm nhiều nhất {counted.vi}.",
        en=f"Not proven: at most {counted.en} more might be possible in {aim.year}.",
    )


def _others(plan: BudgetPlan) -> Sequence[Hindered]:
    """Who cannot rise besides those that must."""
    refused = {each.unit.code for each in plan.refused}
    return [each for each in plan.hindered if each.unit.code not in refused]


def _hindered(units: Sequence[Hindered]) -> Iterator[Text]:
    settled = {each.unit.code: all(o.kind is Hindrance.NEVER for o in each.obstacles) for each in units}
    never = [each for each in units if settled[each.unit.code]]
    others = [each for each in units if not settled[each.unit.code]]
    yield from _told_once(others)
    for each in others:
        below = dict.fromkeys(obstacle.unit for obstacle in each.obstacles if obstacle.unit != each.unit)
        if below:
            vi, en = (join([in_sentence(unit.name) for unit in below], language) for language in _LANGUAGES)
            yield Text(
                vi=f"{each.unit.name} ({each.unit.code}) vướng ở đơn vị trực thuộc: {vi}.",
                en=f"{each.unit.name} ({each.unit.code}) is held back by units below it: {en}.",
            )
    if never:
        vi, en = (
            join([f"{in_sentence(each.unit.name)} ({each.unit.code})" for each in never], language)
            for language in _LANGUAGES
        )
        yield Text(vi=f"Đã định là không nâng: {vi}.", en=f"Settled as not to be lifted: {en}.")


def _told_once(units: Sequence[Hindered]) -> Iterator[Text]:
    """Each reason once, with the units that it holds back and on which criteria."""
    held: dict[Text, dict[Unit, set[str]]] = {}
    printed: dict[Unit, list[str]] = {}
    for each in units:
        for obstacle in each.obstacles:
            printed[obstacle.unit] = [found.code for found in obstacle.verdict.criteria]
            codes = held.setdefault(hindrance_text(obstacle), {}).setdefault(obstacle.unit, set())
            if obstacle.found is not None:
                codes.add(obstacle.found.code)
    for reason, places in held.items():
        vi, en = (
            "; ".join(
                f"{unit.name} ({unit.code})"
                + (f", {noun} {', '.join(filter(codes.__contains__, printed[unit]))}" if codes else "")
                for unit, codes in places.items()
            )
            for noun in ("tiêu chí", "criterion")
        )
        yield Text(vi=f"{_capital(reason.vi)}: {vi}.", en=f"{_capital(reason.en)}: {en}.")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _there(plan: BudgetPlan) -> int:
    """How many units that the curve counts are at the target today."""
    return sum(each.unit.tier is plan.curve_tier and each.before >= plan.target for each in plan.outcomes)


def _curve(plan: BudgetPlan) -> Iterator[Text]:
    for number, cost in enumerate(plan.curve):
        if number > _there(plan):
            yield Text(
                vi=f"{_count(number, plan.curve_tier).vi}: {dong_text(cost, 'vi')}",
                en=f"{_count(number, plan.curve_tier).en}: {dong_text(cost, 'en')}",
            )


def of_budget(plan: BudgetPlan, superior: Unit | None = None) -> WorkPlan:
    """A budget plan as a work plan; ``superior`` is the unit above the one it is for. Of one that is not feasible,
    or asks for nothing, it has no items.
    """
    span, level = _span(plan), _level(plan)
    name = in_sentence(plan.unit.name)
    shared = [_shared_item(bought, plan) for bought in plan.bought]
    steps = [item_of_step(paid.step, year=paid.year) for paid in plan.steps if not paid.shared]
    curve = tuple(point for point in enumerate(plan.curve) if point[0] >= _there(plan))
    return WorkPlan(
        plan.framework,
        plan.unit,
        plan.cycle,
        Text(
            vi=f"Nâng mức độ chuyển đổi số ở {name} lên {level.vi} năm {span} trong phạm vi ngân sách",
            en=f"Raise the digital transformation of {plan.unit.name} to {level.en} in {span} within the budget",
        ),
        (*shared, *steps),
        True,
        plan.synthetic,
        tuple(_rises(plan)),
        results=(_headline(plan),),
        demands=tuple(note for note in budget_notes(plan) if note == PROVEN),
        notes=(
            *(note for note in budget_notes(plan) if note != PROVEN),
            *map(_stated, plan.choices),
            *map(_declined, plan.declined),
        ),
        proof=tuple(budget_proof(plan, paper=True)) if plan.steps else (),
        superior=superior,
        known=tuple(each.unit for each in plan.outcomes),
        budgets=tuple((year.year, year.budget) for year in plan.years),
        carry_over=plan.carry_over and len(plan.years) > 1,
        curve=curve if len(curve) > 1 else (),
        curve_of=f"{_UNITS[plan.curve_tier][0]} đạt mức {plan.target}",
    )


def _rises(plan: BudgetPlan) -> Iterator[Rise]:
    last = {paid.step.unit.code: paid.year for paid in plan.steps}  # steps stand in the order of the years
    risen = [each for each in plan.outcomes if each.after > each.before]
    for each in sorted(risen, key=lambda outcome: outcome.unit.code != plan.unit.code):
        now, then = (level_text(plan.framework, level, "vi") for level in (each.before, each.after))
        yield Rise(each.unit, now, then, each.year or last.get(each.unit.code))


def _shared_item(bought: Bought, plan: BudgetPlan) -> WorkItem:
    purchase = bought.purchase
    unders = {cover.under for cover in purchase.covers}
    owner = next((each.unit for each in plan.outcomes if unders == {each.unit.code}), plan.unit)
    clauses = dict.fromkeys(plan.framework.clause(cover.tier, cover.criterion) for cover in purchase.covers)
    return WorkItem(
        owner,
        ", ".join(dict.fromkeys(cover.criterion for cover in purchase.covers)),
        purchase.name,
        "chưa có",
        "có, dùng chung",
        "",
        purchase.cost,
        purchase.office,
        bought.year,
        "; ".join(clauses),
        serves=bought.serves,
    )
