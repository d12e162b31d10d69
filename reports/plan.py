"""The words of a plan: what is to be done, by whom, for how much, why no less would do, or why nothing will."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from evidence.costs import Money
from evidence.units import Unit
from evidence.values import MAX_DECIMALS
from levels.faults import Language, Text
from levels.framework import Criterion
from reports.documents import render_text
from reports.sentences import counted
from reports.words import (
    SYNTHETIC_MARK,
    date_text,
    decimal_text,
    in_sentence,
    join,
    level_text,
    value_text,
)
from rules.plans import Choice, Hindrance, Obstacle, Plan, Step, Way
from rules.verdict import Standing, Verdict

SAID = 1000
"""Up to how many equally good plans their number is said; more of them are no choice that anybody looks through."""

_LABELS = {
    "obstacles": Text(vi="Điều không cải thiện nào giải quyết được", en="What no improvement can do"),
    "left_out": Text(vi="Không được đưa vào lựa chọn", en="Not among those to choose from"),
    "why": Text(vi="Vì sao không thể ít hơn", en="Why no less would do"),
}


@frozen
class UnitSteps:
    """What one unit has to do."""

    heading: str
    sentences: tuple[str, ...]


@frozen
class PlanView:
    unit: str
    code: str
    citation: str
    labels: Mapping[str, str]
    headline: str
    notes: tuple[str, ...]
    units: tuple[UnitSteps, ...]
    why: tuple[str, ...]
    obstacles: tuple[str, ...]
    left_out: tuple[str, ...]
    synthetic_mark: str


def plan_text(plan: Plan, language: Language) -> str:
    """A plan as plain text that can be read aloud."""
    return render_text(view_plan(plan, language), "plan")


def view_plan(plan: Plan, language: Language) -> PlanView:
    """The view of a plan, of one that cannot be as well."""
    ways = [way for way in plan.way.walk() if way.steps or way.choices] if plan.feasible else []
    return PlanView(
        unit=plan.verdict.unit.name,
        code=plan.verdict.unit.code,
        citation=plan.verdict.framework.instrument.citation,
        labels={key: text.say(language) for key, text in _LABELS.items()},
        headline=_headline(plan, language),
        notes=tuple(text.say(language) for text in plan_notes(plan)),
        units=tuple(_unit_steps(way, plan, language) for way in ways),
        why=tuple(text.say(language) for text in plan_proof(plan)) if plan.steps and plan.feasible else (),
        obstacles=tuple(obstacle_sentence(each, language) for each in plan.way.obstacles),
        left_out=tuple(obstacle_sentence(each, language) for each in plan.way.left_out) if plan.feasible else (),
        synthetic_mark=SYNTHETIC_MARK.say(language) if plan.synthetic else "",
    )


def money_text(amount: Money, language: Language) -> str:
    """An exact sum with its thousands set apart: ``45.200.000,5``; in English ``45,200,000.5``."""
    point, comma = (",", ".") if language == "vi" else (".", ",")
    whole, mark, decimals = decimal_text(amount, language, MAX_DECIMALS).partition(point)
    return f"{int(whole):,}".replace(",", comma) + mark + decimals


def dong_text(amount: Money, language: Language) -> str:
    """A sum in a sentence: ``45.200.000 đồng``."""
    return f"{money_text(amount, language)} đồng"


def step_sentences(steps: Sequence[Step], language: Language) -> Iterator[str]:
    """The steps of one unit aloud, those that only await appraisal together in the last sentence."""
    yield from (step_sentence(step, language) for step in steps if not only_waits(step))
    if waiting := ", ".join(step.criterion.code for step in steps if only_waits(step)):
        yield Text(
            vi=f"Chỉ chờ thẩm định (số liệu tự báo cáo đã đủ): {waiting}.",
            en=f"Only awaiting appraisal (what is reported suffices): {waiting}.",
        ).say(language)


def only_waits(step: Step) -> bool:
    """Whether a step costs nothing and lacks nothing but the council's acceptance."""
    return step.missing == 0 and not step.cost


def step_sentence(step: Step, language: Language) -> str:
    """One step aloud: from what to what, how many more, the cost, the requirements it satisfies, the office."""
    criterion = step.criterion
    demands = step.demands
    clause = step.verdict.framework.clause(step.unit.tier, criterion.code)
    required = Text(
        vi="; ".join(f"mức {demand.at_level} yêu cầu “{demand.required}”" for demand in demands),
        en="; ".join(f"level {demand.at_level} requires “{demand.required}”" for demand in demands),
    )
    cost = "" if step.cost is None else dong_text(step.cost, language)
    return Text(
        vi=f"Tiêu chí {criterion.code} – {criterion.name}: {_change(step, 'vi')}"
        f"{f'; chi phí {cost}' if cost else ''}. Đáp ứng: {required.vi} ({clause})."
        f"{f' Cơ quan thực hiện: {step.office}.' if step.office else ''}",
        en=f"Criterion {criterion.code} ({criterion.name}): {_change(step, 'en')}"
        f"{f'; cost {cost}' if cost else ''}. Satisfies: {required.en} ({clause})."
        f"{f' Responsible: {step.office}.' if step.office else ''}",
    ).say(language)


def obstacle_sentence(obstacle: Obstacle, language: Language) -> str:
    """One obstacle aloud: whose, on which criterion, what stands in the way."""
    unit, found = obstacle.unit, obstacle.found
    who = f"{unit.name} ({unit.code})"
    about = "" if found is None else f", {_criterion(found.criterion, language)}"
    clause = "" if found is None else f" ({obstacle.verdict.framework.clause(unit.tier, found.code, obstacle.level)})"
    return f"{who}{about}: {hindrance_text(obstacle).say(language)}{clause}."


def _criterion(criterion: Criterion, language: Language) -> str:
    code_and_name = f"{criterion.code} – {criterion.name}"
    return Text(vi=f"tiêu chí {code_and_name}", en=f"criterion {code_and_name}").say(language)


_SETTLED = {
    Hindrance.FIXED: Text(vi="đã định là không thay đổi được", en="it is settled that it cannot change"),
    Hindrance.NEVER: Text(vi="đã định là không nâng đơn vị này", en="it is settled that nothing is done in this unit"),
}


def hindrance_text(obstacle: Obstacle) -> Text:
    """What stands in the way, without whose it is."""
    year, needed, able = obstacle.verdict.cycle, obstacle.needed, obstacle.able
    match obstacle.kind:
        case Hindrance.ZERO_BASE:
            return Text(
                vi="mẫu số bằng 0 (0/0) nên không cải thiện nào làm cho đạt được; chỉ Hội đồng thẩm định có thể miễn,"
                " nêu rõ lý do",
                en="the base is zero (0/0), which no improvement can meet; only the appraisal council can exempt it,"
                " with a reason",
            )
        case Hindrance.NO_BASE:
            return Text(
                vi=f"chưa có số liệu của năm {year} nên không biết mẫu số, không thể nói còn thiếu bao nhiêu; hãy báo"
                " cáo số liệu trước",
                en=f"there is no figure of {year}, so the base is not known and nobody can say how many are missing;"
                " report it first",
            )
        case Hindrance.TOTAL:
            return Text(
                vi=f"mức {obstacle.level} cần {needed} nhưng tổng số chỉ có {able}",
                en=f"level {obstacle.level} needs {needed}, but there are only {able} in all",
            )
        case Hindrance.NO_COST:
            return Text(
                vi="tệp chi phí không có giá của tiêu chí này; không có giá thì không lập được kế hoạch rẻ nhất",
                en="the costs name no price for this criterion, and without it no plan can be called the cheapest",
            )
        case Hindrance.NO_MEMBERS:
            return Text(
                vi="không có đơn vị trực thuộc nào nên chưa xác định được, Hội đồng thẩm định phải quyết định",
                en="there is no member unit, so it is undetermined until the appraisal council rules",
            )
        case Hindrance.TOO_FEW:
            return Text(
                vi=f"cần {needed} đơn vị đạt từ mức {obstacle.level} trở lên, chỉ {able} đơn vị có thể đạt",
                en=f"{needed} units must be at level {obstacle.level} or above, only {able} of them can be",
            )
        case Hindrance.RECOGNISED:
            return _recognised(obstacle)
        case Hindrance.REGISTERED:
            registered = obstacle.unit.registered
            return Text(
                vi=f"đã đăng ký mức {registered}; bộ tiêu chí không công nhận cao hơn mức đã đăng ký",
                en=f"level {registered} is registered, and the rulebook recognises no more than is registered",
            )
        case Hindrance.FIXED | Hindrance.NEVER:
            return _SETTLED[obstacle.kind]


def _recognised(obstacle: Obstacle) -> Text:
    recognition = obstacle.recognition
    assert recognition is not None  # an obstacle of this kind holds its decision
    level, year, day = recognition.levels.level, obstacle.verdict.cycle, recognition.signed_on
    signed = Text(vi=f" {date_text(day, 'vi')}", en=f" of {date_text(day, 'en')}") if day else Text(vi="", en="")
    return Text(
        vi=f"Quyết định số {recognition.number}{signed.vi} đã công nhận mức {level} của năm {year}, kế hoạch giữ nguyên"
        f" mức này nên không đạt mức {obstacle.level}",
        en=f"decision {recognition.number}{signed.en} has recognised level {level} for {year}; a plan leaves that as it"
        f" is, so level {obstacle.level} is out of reach",
    )


def _change(step: Step, language: Language) -> str:
    kind = step.criterion.kind
    to = value_text(kind, step.to, language)
    more = _more(step, language)
    reported = step.found.fact.amount if step.found.fact else None
    match step.found.standing:
        case Standing.SELF_REPORTED if step.missing == 0:
            text = Text(
                vi=f"đơn vị tự báo cáo {to}, đã đủ; còn chờ Hội đồng thẩm định xem xét",
                en=f"self-reported as {to}, which suffices; it is to be appraised by the council",
            )
        case Standing.SELF_REPORTED:
            start = value_text(kind, step.start, language)
            text = Text(
                vi=f"từ {start} (mới tự báo cáo, chưa thẩm định) lên {to}{more}",
                en=f"from {start} (self-reported, not appraised yet) to {to}{more}",
            )
        case Standing.ACCEPTED:
            start = value_text(kind, step.start, language)
            text = Text(vi=f"từ “{start}” thành “{to}”", en=f"from “{start}” to “{to}”")
            if kind != "presence":
                text = Text(vi=f"từ {start} lên {to}{more}", en=f"from {start} to {to}{more}")
        case Standing.REJECTED if reported is not None:
            was = value_text(kind, reported, language)
            text = Text(
                vi=f"Hội đồng thẩm định không chấp nhận số liệu “{was}”; tính lại từ đầu, cần {to}{more}",
                en=f"the council rejected “{was}”; from nothing, needed: {to}{more}",
            )
        case _:
            text = Text(
                vi=f"chưa có số liệu của năm {step.verdict.cycle}, tính như chưa có gì; cần {to}{more}",
                en=f"no figure of {step.verdict.cycle}, planned as though there were nothing; needed: {to}{more}",
            )
    return text.say(language)


def _more(step: Step, language: Language) -> str:
    if step.criterion.kind == "presence":
        return ""
    noun = counted(step.criterion, language, step.missing)
    return Text(vi=f", thêm {step.missing} {noun}", en=f", {step.missing} more {noun}").say(language).rstrip()


def _headline(plan: Plan, language: Language) -> str:
    verdict = plan.verdict
    name, target = verdict.unit.name, level_text(verdict.framework, plan.target, language)
    year = verdict.cycle
    if not plan.feasible:
        return Text(
            vi=f"{name} không thể đạt mức {target} năm {year} chỉ bằng cải thiện: {len(plan.way.obstacles)} trở ngại.",
            en=f"No improvement brings {name} to level {target} in {year}: {len(plan.way.obstacles)} in the way.",
        ).say(language)
    if not plan.steps:
        return Text(
            vi=f"{name} đã đạt mức {target} năm {year}, không cần làm gì thêm.",
            en=f"{name} is at level {target} in {year}; there is nothing to do.",
        ).say(language)
    steps, missing = len(plan.steps), plan.way.missing
    units = len({step.unit.code for step in plan.steps})
    work = f"{steps} step{'' if steps == 1 else 's'} of {units} unit{'' if units == 1 else 's'}"
    if plan.total_cost is None:
        return Text(
            vi=f"Để {in_sentence(name)} đạt mức {target} năm {year} cần ít nhất {missing} mục còn thiếu: {steps} việc"
            f" ở {units} đơn vị.",
            en=f"For {name} to reach level {target} in {year}, at least {missing} missing"
            f" item{' is' if missing == 1 else 's are'} needed, in {work}.",
        ).say(language)
    cost = dong_text(plan.total_cost, language)
    return Text(
        vi=f"Để {in_sentence(name)} đạt mức {target} năm {year} cần ít nhất {cost}: {steps} việc ở {units} đơn vị.",
        en=f"For {name} to reach level {target} in {year}, {cost} is the least it costs: {work}.",
    ).say(language)


def plan_notes(plan: Plan) -> Iterator[Text]:
    """What the plan takes for granted."""
    if plan.recognition is not None:
        level = plan.recognition.levels.level
        yield Text(
            vi=f"Quyết định số {plan.recognition.number} đã công nhận mức {level} của kỳ này; kế hoạch tính từ số"
            " liệu.",
            en=f"Decision {plan.recognition.number} has recognised level {level} in this cycle; the plan starts from"
            " the facts.",
        )
    if not plan.feasible or not plan.steps:
        return
    if not plan.priced:
        yield Text(
            vi="Không có chi phí: đây là kế hoạch ít mục còn thiếu nhất, không phải kế hoạch rẻ nhất.",
            en="Without costs: this is the plan of fewest missing items, not the cheapest one.",
        )
    yield from step_notes(plan.steps)


PROVEN = Text(
    vi="Mọi kết quả chỉ được tính khi có tài liệu kiểm chứng và được Hội đồng thẩm định chấp nhận.",
    en="All of it counts only once documents prove it and the appraisal council has accepted it.",
)


def step_notes(steps: Sequence[Step]) -> Iterator[Text]:
    """What some steps take for granted."""
    to_appraise = sum(step.missing == 0 for step in steps)
    if to_appraise:
        yield Text(
            vi=f"{to_appraise} việc chỉ còn chờ thẩm định (số liệu tự báo cáo đã đủ), không tính chi phí.",
            en=f"{to_appraise} of the steps only await appraisal (what is reported suffices) and cost nothing.",
        )
    unknown = sum(not step.known for step in steps)
    if unknown:
        yield Text(
            vi=f"{unknown} việc tính từ đầu vì chưa có số liệu hoặc số liệu không được chấp nhận; nếu đã có sẵn thì ít"
            " hơn.",
            en=f"{unknown} of the steps start from nothing, for nothing is known or it was rejected; what is there"
            " already makes them less.",
        )
    bare = [step for step in steps if not step.base_stated]
    if bare:
        which = join([f"{step.criterion.code} ({step.unit.name}: {step.start})" for step in bare], "vi")
        those = join([f"{step.criterion.code} ({step.unit.name}: {step.start})" for step in bare], "en")
        yield Text(
            vi=f"Số liệu chỉ là tỷ lệ phần trăm, không kèm tử số và mẫu số: {which}. «Thêm bao nhiêu» và chi phí của"
            " các việc này tính trên mẫu số giả định, chưa phải số thật; hãy nhập tử số và mẫu số.",
            en=f"Percentages without their counts: {those}. How many more, and the cost, are of a base that was made"
            " up for the percentage and are not the real ones; enter numerator and denominator.",
        )
    yield PROVEN


def _unit_steps(way: Way, plan: Plan, language: Language) -> UnitSteps:
    verdict = way.verdict
    now = level_text(verdict.framework, verdict.levels.level, language)
    then = level_text(verdict.framework, way.level, language)
    costs = [step.cost for step in way.steps if step.cost is not None]
    own = f" – {dong_text(sum(costs), language)}" if plan.priced and way.steps else ""
    heading = Text(
        vi=f"{verdict.unit.name} ({verdict.unit.code}): {now} → {then}{own}",
        en=f"{verdict.unit.name} ({verdict.unit.code}): {now} → {then}{own}",
    )
    sentences = list(step_sentences(way.steps, language))
    sentences += [_choice_sentence(choice, way.verdict, language) for choice in way.choices]
    return UnitSteps(heading.say(language), tuple(sentences))


def _choice_sentence(choice: Choice, verdict: Verdict, language: Language) -> str:
    """Which members rise, which are there, and which get there by the work that all members have to do."""
    levels = {member.unit.code: member.levels.level for member in verdict.members}
    there = tuple(unit for unit in choice.ready if levels.get(unit.code, 0) >= choice.at)
    along = tuple(unit for unit in choice.ready if unit not in there)
    raised, reached, no_more = (_names(units, language) for units in (choice.chosen, there, along))
    parts = [
        Text(vi=f"nâng {raised}", en=f"{raised} rise") if choice.chosen else None,
        Text(vi=f"đã đạt: {reached}", en=f"there already: {reached}") if there else None,
        Text(vi=f"không cần thêm việc: {no_more}", en=f"no more work: {no_more}") if along else None,
    ]
    told = "; ".join(part.say(language) for part in parts if part is not None)
    noun = "unit" if choice.needed == 1 else "units"
    needed = Text(
        vi=f"Cần {choice.needed} đơn vị trực thuộc đạt từ mức {choice.at} trở lên",
        en=f"{choice.needed} member {noun} must be at level {choice.at} or above",
    )
    if choice.every:
        needed = Text(
            vi=f"Mọi đơn vị trực thuộc phải đạt từ mức {choice.every} trở lên, trong đó {choice.needed} đơn vị đạt từ"
            f" mức {choice.at} trở lên",
            en=f"All member units must be at level {choice.every} or above, {choice.needed} of them at level"
            f" {choice.at} or above",
        )
    return f"{needed.say(language)}: {told}."


def _names(units: tuple[Unit, ...], language: Language) -> str:
    return join([in_sentence(unit.name) for unit in units], language)


def plan_proof(plan: Plan) -> Iterator[Text]:
    """Why it is the least there is."""
    yield Text(
        vi="Mỗi việc là mức ít nhất mà yêu cầu cho phép: bớt một mục là không đạt.",
        en="Every step is the least that its requirement allows: with one item less it fails.",
    )
    for way in plan.way.walk():
        for choice in way.choices:
            text = _why_these(choice, plan.priced)
            if text is not None:
                name = way.verdict.unit.name
                yield Text(vi=f"{name}: {text.vi}", en=f"{name}: {text.en}")
    good = plan.way.equally_good
    if good == 1:
        yield Text(vi="Không có kế hoạch nào khác tốt bằng.", en="No other plan is as good.")
    elif good <= SAID:
        yield Text(
            vi=f"Có {good} kế hoạch tốt như nhau; đây là kế hoạch ít mục nhất, rồi theo thứ tự đơn vị.",
            en=f"{good} plans are equally good; this one has the fewest items, then the order of the units decides.",
        )
    else:
        yield Text(
            vi=f"Có hơn {SAID} kế hoạch tốt như nhau; đây là kế hoạch ít mục nhất, rồi theo thứ tự đơn vị.",
            en=f"More than {SAID} plans are equally good; this one has the fewest items, then the order of the units"
            " decides.",
        )


def _why_these(choice: Choice, priced: bool) -> Text | None:
    if choice.exhaustive:
        return Text(
            vi=f"đã so sánh mọi cách chọn số đơn vị cho mức {choice.at}.",
            en=f"every combination of counts for level {choice.at} was compared.",
        )
    if choice.dearest is None or choice.cheapest_left is None:
        return None
    what = (
        Text(vi="chi phí tăng thêm", en="additional cost") if priced else Text(vi="số mục tăng thêm", en="more items")
    )
    told = dong_text if priced else money_text
    most, least = choice.dearest, choice.cheapest_left
    return Text(
        vi=f"{what.vi} để lên mức {choice.at}: không quá {told(most, 'vi')} ở mỗi đơn vị được chọn, từ"
        f" {told(least, 'vi')} trở lên ở mỗi đơn vị không được chọn.",
        en=f"{what.en} to level {choice.at}: at most {told(most, 'en')} for each unit chosen, at least"
        f" {told(least, 'en')} for each left.",
    )
