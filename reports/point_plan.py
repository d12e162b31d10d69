"""The words of a plan of points: what is to be done, what it wins and costs, why no less would do, or why nothing will.

What the decision says is quoted in its own words in both languages.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from evidence.costs import Money
from evidence.facts import Status
from evidence.units import Unit
from evidence.values import MAX_DECIMALS
from levels.faults import Language, Text
from levels.index import Input
from reports.documents import render_text
from reports.plan import SAID, dong_text, money_text
from reports.score_words import amount_text, points_text, rank_text
from reports.words import SYNTHETIC_MARK, decimal_text, in_sentence, join
from reports.work_plan import Rise, WorkItem, WorkPlan
from rules.frontiers import as_amount
from rules.point_plans import Bar, Barrier, Improvement, Marginal, PointPlan, PointStep

TOLD = 15
"""So many of the cheapest points are listed, and of the indicators that no plan can do more on."""

_LABELS = {
    "marginals": Text(vi="Điểm rẻ nhất trước", en="Cheapest points first"),
    "why": Text(vi="Vì sao không thể ít hơn", en="Why no less would do"),
    "most": Text(vi="Vì sao không thể nhiều hơn", en="Why no more is possible"),
    "barriers": Text(vi="Điểm mà kế hoạch không lấy được", en="Points that no plan can win"),
    "moved": Text(vi="Đơn vị khác thay đổi theo", en="Other units that change with it"),
}


@frozen
class Section:
    heading: str
    sentences: tuple[str, ...]


@frozen
class PointPlanView:
    unit: str
    code: str
    citation: str
    headline: str
    notes: tuple[str, ...]
    steps_heading: str
    steps: tuple[str, ...]
    sections: tuple[Section, ...]
    synthetic_mark: str


def point_plan_text(plan: PointPlan, language: Language) -> str:
    """A plan of points as plain text that can be read aloud."""
    return render_text(view_point_plan(plan, language), "point_plan")


def view_point_plan(plan: PointPlan, language: Language) -> PointPlanView:
    """The view of a plan, of one that cannot be as well."""
    score = plan.score
    told = {
        "why" if plan.goal.budget is None else "most": [text.say(language) for text in plan_proof(plan)],
        "marginals": list(_cheapest_points(plan, language)),
        "moved": [_moved_sentence(plan, language)] if plan.moved else [],
        "barriers": list(_barriers(plan, language)),
    }
    heading = Text(vi="Việc cần làm", en="What is to be done")
    return PointPlanView(
        unit=score.unit.name,
        code=score.unit.code,
        citation=score.index.instrument.citation,
        headline=_headline(plan).say(language),
        notes=tuple(text.say(language) for text in plan_notes(plan)),
        steps_heading=f"{heading.say(language)}{_sum_text(plan, language)}:",
        steps=tuple(improvement_sentence(each, plan, language) for each in plan.improvements),
        sections=tuple(Section(_LABELS[key].say(language), tuple(sentences)) for key, sentences in told.items()),
        synthetic_mark=SYNTHETIC_MARK.say(language) if plan.synthetic else "",
    )


def _sum_text(plan: PointPlan, language: Language) -> str:
    return f" – {effort_text(plan, plan.effort).say(language)}" if plan.improvements else ""


def effort_text(plan: PointPlan, effort: Money) -> Text:
    """A cost, or without costs how many things are changed."""
    if plan.priced:
        return Text(vi=dong_text(effort, "vi"), en=dong_text(effort, "en"))
    return Text(
        vi=f"{money_text(effort, 'vi')} thay đổi", en=f"{money_text(effort, 'en')} change{'' if effort == 1 else 's'}"
    )


def _standing(plan: PointPlan, language: Language) -> str:
    """``571,35 điểm, hạng 14/17``."""
    points = _total_text(plan.score.points, language, against=plan.needed)
    if not plan.group_size:
        return points
    return f"{points}, {rank_text(plan.before, language, of=plan.group_size)}"


def _reached(plan: PointPlan, language: Language) -> str:
    assert plan.after is not None  # only of a plan that is there
    points = points_text(plan.after.score.points, language)
    return f"{points}, {rank_text(plan.after, language, of=plan.group_size)}" if plan.group_size else points


def _total_text(points: Fraction, language: Language, against: Fraction | None = None) -> str:
    """Points; with more decimals where two would not tell them from those ``against`` which they stand."""
    for places in (2, 4, 8, 12):
        number = decimal_text(points, language, places)
        if against is None or points == against or number != decimal_text(max(against, Fraction(0)), language, places):
            break
    return Text(vi=f"{number} điểm", en=f"{number} point{'' if number == '1' else 's'}").say(language)


def _asked(plan: PointPlan, language: Language) -> str:
    """What is to come about: ``đạt 700 điểm``, ``lên 2 hạng``."""
    goal = plan.goal
    if goal.climb is not None:
        return Text(vi=f"lên {goal.climb} hạng", en=f"climb {goal.climb} rank{'' if goal.climb == 1 else 's'}").say(
            language
        )
    return Text(vi=f"đạt {_wanted(plan, 'vi')}", en=f"reach {_wanted(plan, 'en')}").say(language)


def _wanted(plan: PointPlan, language: Language) -> str:
    """The total that is to be reached, as exact as it was asked for."""
    number = decimal_text(plan.goal.points or Fraction(0), language, MAX_DECIMALS)
    return Text(vi=f"{number} điểm", en=f"{number} point{'' if number == '1' else 's'}").say(language)


def _then(plan: PointPlan) -> str:
    """In the work plan: what is asked for, and what it comes to."""
    expected = f"dự kiến {_reached(plan, 'vi')}"
    if plan.goal.budget is not None:
        return expected
    if plan.goal.climb is not None:
        return f"hạng {plan.before.rank - plan.goal.climb}/{plan.group_size} ({expected})"
    return f"{_wanted(plan, 'vi')} ({expected})"


def _headline(plan: PointPlan) -> Text:
    name, year = in_sentence(plan.score.unit.name), plan.score.cycle
    now: dict[Language, str] = {"vi": _standing(plan, "vi"), "en": _standing(plan, "en")}
    if plan.goal.budget is not None:
        return _budget_headline(plan, plan.goal.budget, now)
    asked = {language: _asked(plan, language) for language in ("vi", "en")}
    if not plan.feasible:
        why = _impossible(plan)
        return Text(
            vi=f"Không kế hoạch nào đưa {name} {asked['vi']} năm {year} (đang có {now['vi']}): {why.vi}.",
            en=f"No plan lets {name} {asked['en']} in {year} (now {now['en']}): {why.en}.",
        )
    if not plan.improvements:
        return Text(
            vi=f"Để {asked['vi']} năm {year}, {name} không cần làm gì thêm (đang có {now['vi']}).",
            en=f"To {asked['en']} in {year}, {name} has nothing to do (now {now['en']}).",
        )
    least = Text(vi="cần ít nhất", en="it takes at least") if plan.optimal else Text(vi="cần", en="it takes")
    effort, work = effort_text(plan, plan.effort), _work(plan)
    return Text(
        vi=f"Để {name} {asked['vi']} năm {year} (đang có {now['vi']}) {least.vi} {effort.vi}: {work.vi}."
        f" Sau đó: {_reached(plan, 'vi')}.",
        en=f"For {name} to {asked['en']} in {year} (now {now['en']}) {least.en} {effort.en}: {work.en}."
        f" Then: {_reached(plan, 'en')}.",
    )


def _budget_headline(plan: PointPlan, budget: Money, now: Mapping[Language, str]) -> Text:
    name, year, work = in_sentence(plan.score.unit.name), plan.score.cycle, _work(plan)
    spent = {language: dong_text(plan.effort, language) for language in ("vi", "en")}
    had = {language: dong_text(budget, language) for language in ("vi", "en")}
    if not plan.improvements:
        return Text(
            vi=f"Với {had['vi']}, {name} không thêm được điểm nào năm {year} (đang có {now['vi']}).",
            en=f"With {had['en']}, {name} can win no more points in {year} (now {now['en']}).",
        )
    most = Text(vi="nhiều nhất ", en="at most ") if plan.optimal else Text(vi="", en="")
    return Text(
        vi=f"Với {had['vi']}, {name} đạt được {most.vi}{_reached(plan, 'vi')} năm {year} (đang có {now['vi']}):"
        f" {work.vi}, hết {spent['vi']}.",
        en=f"With {had['en']}, {name} reaches {most.en}{_reached(plan, 'en')} in {year} (now {now['en']}):"
        f" {work.en}, for {spent['en']}.",
    )


def _work(plan: PointPlan) -> Text:
    steps, indicators = len(plan.steps), len(plan.improvements)
    return Text(
        vi=f"{steps} việc ở {indicators} chỉ số",
        en=f"{steps} step{'' if steps == 1 else 's'} on {indicators} indicator{'' if indicators == 1 else 's'}",
    )


def _impossible(plan: PointPlan) -> Text:
    highest = plan.before.rank - 1
    if plan.goal.climb is not None and plan.goal.climb > highest:
        return Text(
            vi=f"chỉ lên được nhiều nhất {highest} hạng" if highest else "đơn vị đã đứng đầu",
            en=f"there are only {highest} ranks above it" if highest else "it is at the top already",
        )
    most = {language: _total_text(plan.most, language, against=plan.needed) for language in ("vi", "en")}
    if plan.needed is not None and plan.goal.climb is not None:
        needed = {language: _total_text(plan.needed, language, against=plan.most) for language in ("vi", "en")}
        return Text(
            vi=f"cần {needed['vi']}, mọi cải thiện cộng lại chỉ đạt {most['vi']}",
            en=f"that takes {needed['en']}, and all improvements together reach {most['en']}",
        )
    return Text(
        vi=f"mọi cải thiện cộng lại chỉ đạt {most['vi']}", en=f"all improvements together reach only {most['en']}"
    )


def plan_notes(plan: PointPlan) -> Iterator[Text]:
    """What the plan takes for granted."""
    yield Text(
        vi="Tính từ số liệu hiện có (kết luận của Hội đồng, chưa có thì số tự báo cáo), như khi xếp hạng; các đơn"
        " vị khác giữ nguyên.",
        en="It starts from the data as they stand (the council's value, else the unit's own), as when units"
        " are ranked; the other units stay as they are.",
    )
    if plan.goal.climb is not None and plan.needed is not None:
        total = {language: _total_text(plan.needed, language, against=plan.score.points) for language in ("vi", "en")}
        yield Text(vi=f"Mức cần đạt: {total['vi']}.", en=f"What has to be reached: {total['en']}.")
    if not plan.priced:
        yield Text(
            vi="Không có chi phí: đây là kế hoạch ít thay đổi nhất, không phải kế hoạch rẻ nhất; mỗi đơn vị của một số"
            " liệu, mỗi điểm, mỗi «có», mỗi lựa chọn khác tính là một thay đổi.",
            en="Without costs: this is the plan of fewest changes, not the cheapest one; every unit of an input, every"
            " point, every yes and every other option counts as one change.",
        )
    unknown = sum(step.start is None for step in plan.steps)
    if unknown:
        yield Text(
            vi=f"{unknown} việc tính từ đầu vì chưa có số liệu được tính; nếu đã có sẵn thì ít hơn.",
            en=f"{unknown} of the steps start from nothing, for no value counts; what is there already makes"
            " them less.",
        )
    if any(step.input.kind in ("amount", "score") for step in plan.steps) and plan.priced:
        yield Text(
            vi="Tiền tăng theo phần nghìn của đơn vị tính, điểm Hội đồng chấm theo phần trăm điểm; ngưỡng của văn bản"
            " được đạt đúng.",
            en="Money rises by thousandths of its unit, a council's score by hundredths of a point; the decision's"
            " thresholds are reached exactly.",
        )
    if plan.settled:
        codes = ", ".join(plan.settled)
        yield Text(vi=f"Không thay đổi: {codes}.", en=f"Not to be changed: {codes}.")
    if plan.improvements:
        yield _PROVEN


def improvement_sentence(improvement: Improvement, plan: PointPlan, language: Language) -> str:
    """One indicator aloud: from what to what, the points won, the cost, the decision's words that then apply, who."""
    indicator, line = improvement.indicator, improvement.after
    changes = join([step_text(step, improvement, language) for step in improvement.steps], language)
    won, cost = won_text(improvement), effort_text(plan, improvement.cost)
    maximum = indicator.max
    scores = [decimal_text(each.points, language) for each in (improvement.before, line)]
    each = ""
    if improvement.cost and improvement.points:
        each = f" ({_price_text(Fraction(improvement.cost) / improvement.points, language)})"
    words = join([f"“{found.text}”" for found in line.applied if found.text], language)
    clause = plan.score.index.clause(plan.score.unit.tier, indicator.code)
    offices = join(list(dict.fromkeys(step.office for step in improvement.steps if step.office)), language)
    support = ", ".join(indicator.support)
    return Text(
        vi=f"Chỉ số {indicator.code} – {indicator.name}: {changes}; {won.vi}"
        f" ({scores[0]} → {scores[1]}/{maximum}); {'chi phí ' if plan.priced else ''}{cost.vi}{each}."
        f"{f' Khi đó áp dụng: {words}' if words else ''} ({clause})."
        f"{f' Phụ trách: {offices}.' if offices else ''}{f' Phối hợp: {support}.' if offices and support else ''}",
        en=f"Indicator {indicator.code} ({indicator.name}): {changes}; {won.en}"
        f" ({scores[0]} → {scores[1]}/{maximum}); {'cost ' if plan.priced else ''}{cost.en}{each}."
        f"{f' What then applies: {words}' if words else ''} ({clause})."
        f"{f' In charge: {offices}.' if offices else ''}{f' In support: {support}.' if offices and support else ''}",
    ).say(language)


def won_text(improvement: Improvement) -> Text:
    """The points won; where there are none, that it is done for the comparison with the peers."""
    if not improvement.points:
        return Text(
            vi="không thêm điểm cho đơn vị nhưng hạ điểm của đơn vị khác cùng nhóm",
            en="no more points for the unit itself, but fewer for its peers",
        )
    points = improvement.points
    return Text(vi=f"được thêm {points_text(points, 'vi')}", en=f"{points_text(points, 'en')} more")


def _price_text(price: Fraction, language: Language) -> str:
    """What a point costs, rounded half up: to whole numbers where it is dear."""
    grain = 1 if price >= 100 else 100
    number = money_text(Fraction(int(price * grain * 2 + 1) // 2, grain), language)
    return Text(vi=f"{number} mỗi điểm", en=f"{number} a point").say(language)


def step_text(step: PointStep, improvement: Improvement, language: Language) -> str:
    """``c – số hồ sơ …: từ 74 lên 84, thêm 10``."""
    label = label_of(step.input, improvement)
    change = _change(step, language)
    return f"{label}: {change}" if label else change


def label_of(entry: Input, improvement: Improvement) -> str:
    """``c – số hồ sơ …``; of an indicator's only input just its words, where it has any of its own."""
    indicator = improvement.indicator
    own = entry.label if entry.label != indicator.name else ""
    return " – ".join(filter(None, (entry.key if len(indicator.inputs) > 1 else "", own)))


def value_of(entry: Input, value: Fraction, language: Language) -> str:
    """A value as a person reads it."""
    return amount_text(entry, as_amount(value, whole=entry.kind not in ("amount", "score")), language)


def _change(step: PointStep, language: Language) -> str:
    to = value_of(step.input, step.to, language)
    if step.start is None:
        return _from_nothing(step, to).say(language)
    start = value_of(step.input, step.start, language)
    if step.more is None:
        return Text(vi=f"từ {_quoted(start)} thành {_quoted(to)}", en=f"from {_quoted(start)} to {_quoted(to)}").say(
            language
        )
    more = more_of(step, language)
    return Text(vi=f"từ {start} lên {to}, thêm {more}", en=f"from {start} to {to}, {more} more").say(language)


def _from_nothing(step: PointStep, to: str) -> Text:
    fact = step.fact
    if fact is not None and fact.status is Status.REJECTED:
        return Text(
            vi=f"số liệu đã báo cáo không được chấp nhận, tính lại từ đầu; cần {to}",
            en=f"what was reported has been rejected; from nothing, needed: {to}",
        )
    if step.input.kind == "presence" and fact is not None and fact.amount is not None and fact.amount.numerator:
        return Text(
            vi=f"đã báo cáo {to}, cần bổ sung tài liệu kiểm chứng", en=f"reported as {to}, its document is still needed"
        )
    if not step.to:
        return Text(
            vi=f"chưa có số liệu được tính; chỉ cần báo cáo, kể cả khi là {to}",
            en=f"no value counts yet; to report it is enough, even {to}",
        )
    return Text(vi=f"chưa có số liệu được tính; cần {to}", en=f"no value counts yet; needed: {to}")


def more_of(step: PointStep, language: Language) -> str:
    """How much more of an input: ``10``, ``0,75 tỷ đồng``."""
    assert step.more is not None  # only of numbers
    return value_of(step.input, step.more, language)


def _quoted(text: str) -> str:
    return text if text.startswith("“") else f"“{text}”"


def plan_proof(plan: PointPlan) -> Iterator[Text]:
    """Why it is the least there is, or how far from it it may be."""
    if not plan.feasible or not (plan.improvements or plan.goal.budget is not None):
        return
    if plan.goal.budget is not None:
        yield from _budget_proof(plan)
    else:
        yield from _cost_proof(plan)
    if plan.improvements:
        yield Text(
            vi="Đã áp kế hoạch vào số liệu và chấm lại, xếp hạng lại mọi đơn vị: đúng như trên.",
            en="The plan was applied to the data and every unit scored and ranked anew: it is as said.",
        )
    good = plan.equally_good
    if good == 1:
        yield Text(vi="Không có kế hoạch nào khác tốt bằng.", en="No other plan is as good.")
    elif good is not None:
        number = (
            {"vi": f"Có {good}", "en": str(good)} if good <= SAID else {"vi": f"Có hơn {SAID}", "en": f"Over {SAID}"}
        )
        yield Text(
            vi=f"{number['vi']} kế hoạch cùng {'chi phí' if plan.priced else 'số thay đổi'}: đã chọn kế hoạch được"
            " nhiều điểm nhất (bằng điểm nữa thì theo thứ tự cố định), rồi bỏ việc không tốn gì mà mục tiêu không cần.",
            en=f"{number['en']} plans have the same {'cost' if plan.priced else 'number of changes'}: the one of the"
            " most points was chosen (among equals by a fixed order), and work that costs nothing left out of it"
            " where the goal does not need it.",
        )


_MORE_TIME = Text(
    vi="Muốn tìm tiếp, hãy tăng --time-limit.", en="To search on, allow more time with --time-limit."
)  # said on the screen, never in the paper
_PROVEN = Text(
    vi="Mọi kết quả chỉ được tính khi có tài liệu kiểm chứng và được Hội đồng chấp nhận.",
    en="All of it counts only once documents prove it and the council has accepted it.",
)


def _cost_proof(plan: PointPlan) -> Iterator[Text]:
    assert plan.bound is not None  # a plan for a total or a rank has its bound
    bound = effort_text(plan, plan.bound)
    if plan.optimal:
        yield Text(
            vi=f"Đã tìm hết (chính xác): không kế hoạch nào ít hơn {bound.vi}.",
            en=f"The search was exhaustive and exact: no plan takes less than {bound.en}.",
        )
        yield Text(
            vi="Mỗi việc là mức ít nhất: bớt một đơn vị hoặc bỏ một việc là không đạt.",
            en="Every step is the least: with one unit less, or one step left out, it fails.",
        )
        return
    gap = effort_text(plan, plan.effort - plan.bound)
    yield Text(
        vi=f"Hết thời gian tìm: không kế hoạch nào ít hơn {bound.vi}; kế hoạch này nhiều hơn mức đó {gap.vi}.",
        en=f"The time ran out: no plan takes less than {bound.en}; this one is {gap.en} above that.",
    )
    yield _MORE_TIME


def _budget_proof(plan: PointPlan) -> Iterator[Text]:
    assert plan.points_bound is not None  # a plan within a budget has its bound
    most = {language: _total_text(plan.points_bound, language) for language in ("vi", "en")}
    if plan.optimal:
        yield Text(
            vi=f"Đã tìm hết (chính xác): không kế hoạch nào trong ngân sách được hơn {most['vi']}, và không kế hoạch"
            " nào được chừng ấy điểm mà rẻ hơn.",
            en=f"The search was exhaustive and exact: no plan within the budget reaches more than {most['en']}, and"
            " none that reaches as much costs less.",
        )
    else:
        yield Text(
            vi=f"Hết thời gian tìm: không kế hoạch nào trong ngân sách được hơn {most['vi']}.",
            en=f"The time ran out: no plan within the budget reaches more than {most['en']}.",
        )
        yield _MORE_TIME


def _cheapest_points(plan: PointPlan, language: Language) -> Iterator[str]:
    for marginal in plan.marginals[:TOLD]:
        yield marginal_sentence(marginal, plan, language)
    rest = len(plan.marginals) - TOLD
    if rest > 0:
        yield Text(vi=f"… và {rest} chặng nữa (--format json)", en=f"… and {rest} more (--format json)").say(language)


_TAKEN = {
    "all": Text(vi=" ✓", en=" ✓"),
    "part": Text(vi=" (một phần)", en=" (in part)"),
    "none": Text(vi="", en=""),
}


def marginal_sentence(marginal: Marginal, plan: PointPlan, language: Language) -> str:
    """``II.2.10 – Thực hiện …: 20 điểm, 30.000.000 (1.500.000 mỗi điểm) ✓``."""
    won, cost = points_text(marginal.points, language), effort_text(plan, marginal.cost)
    price = _price_text(marginal.price, language)
    ends = [(entry, value_of(entry, to, language)) for entry, _, to in marginal.steps]
    several = len(marginal.indicator.inputs) > 1
    until = ", ".join(f"{entry.key} = {to}" if several else to for entry, to in ends)
    taken = _TAKEN[marginal.taken].say(language)
    return f"{marginal.indicator.code} ({until}): {won}, {cost.say(language)} ({price}){taken}"


def _moved_sentence(plan: PointPlan, language: Language) -> str:
    names = [
        f"{in_sentence(before.unit.name)} ({decimal_text(before.points, language)} →"
        f" {decimal_text(after.points, language)})"
        for before, after in plan.moved[:TOLD]
    ]
    rest = len(plan.moved) - TOLD
    more = Text(vi=f" và {rest} đơn vị nữa", en=f" and {rest} more").say(language) if rest > 0 else ""
    return (
        Text(
            vi="chỉ số so với các đơn vị cùng nhóm làm điểm của các đơn vị này thay đổi: ",
            en="indicators that are measured against the peers change the points of: ",
        ).say(language)
        + f"{', '.join(names)}{more}"
    )


def _barriers(plan: PointPlan, language: Language) -> Iterator[str]:
    for barrier in plan.barriers[:TOLD]:
        yield barrier_sentence(barrier, language)
    rest = len(plan.barriers) - TOLD
    if rest > 0:
        yield Text(vi=f"… và {rest} điều nữa (--format json)", en=f"… and {rest} more (--format json)").say(language)


def barrier_sentence(barrier: Barrier, language: Language) -> str:
    """Of which indicator how many points cannot be won in full, and why."""
    line = barrier.line
    indicator = line.indicator
    codes = ", ".join(map(indicator.fact_code, barrier.keys))
    lost, why = points_text(line.lost, language), _why(barrier.kind, codes)
    return Text(
        vi=f"Chỉ số {indicator.code} – {indicator.name} (đang mất {lost}): {why.vi}.",
        en=f"Indicator {indicator.code} ({indicator.name}; {lost} lost): {why.en}.",
    ).say(language)


def _why(kind: Bar, codes: str) -> Text:
    match kind:
        case Bar.NO_BASE:
            return Text(
                vi=f"chưa biết mẫu số ({codes}) nên không thể nói còn thiếu bao nhiêu; hãy báo cáo số liệu trước",
                en=f"the base ({codes}) is not known, so nobody can say how many are missing; report it first",
            )
        case Bar.ZERO_BASE:
            return Text(
                vi=f"mẫu số ({codes}) bằng 0, chỉ Hội đồng có thể kết luận",
                en=f"the base ({codes}) is zero, which only the council can rule on",
            )
        case Bar.NO_COST:
            return Text(vi=f"tệp chi phí không có giá của {codes}", en=f"the costs name no price for {codes}")
        case Bar.SETTLED:
            return Text(vi=f"{codes} đã định là không thay đổi", en=f"{codes} is settled not to change")
        case Bar.OWN_BASE:
            return Text(
                vi=f"{codes} nằm cả ở mẫu số, kế hoạch không thay đổi mẫu số",
                en=f"{codes} stands below the line as well, and no plan changes a base",
            )
        case Bar.INCIDENTS:
            return Text(
                vi=f"{codes} đếm sự cố đã xảy ra, không phải việc để làm thêm",
                en=f"{codes} counts incidents that happened, which is nothing to do more of",
            )
        case Bar.Z_SCORE:
            return Text(
                vi="điểm chuẩn hóa Z-score thay đổi theo mọi đơn vị, không lập được kế hoạch chính xác",
                en="a standard score moves with every unit, for which no exact plan is made",
            )
        case Bar.SEVERAL:
            return Text(
                vi=f"cách tính có nhiều đại lượng ({codes}), không lập được kế hoạch chính xác",
                en=f"it is measured in more than one way ({codes}), for which no exact plan is made",
            )


def of_points(plan: PointPlan, superior: Unit | None = None) -> WorkPlan:
    """The work plan of one unit that is to reach a total or a rank; without items where there is nothing to do."""
    score = plan.score
    return WorkPlan(
        score.index,
        score.unit,
        score.cycle,
        _goal(plan),
        tuple(_items(plan)),
        plan.priced,
        plan.synthetic,
        (Rise(score.unit, _standing(plan, "vi"), _then(plan)),) if plan.improvements else (),
        demands=tuple(note for note in plan_notes(plan) if note == _PROVEN),
        notes=tuple(note for note in plan_notes(plan) if note != _PROVEN),
        proof=tuple(text for text in plan_proof(plan) if text != _MORE_TIME),
        superior=superior,
        budgets=() if plan.goal.budget is None else ((score.cycle, plan.goal.budget),),
    )


def _goal(plan: PointPlan) -> Text:
    name, year = in_sentence(plan.score.unit.name), plan.score.cycle
    start = Text(
        vi=f"Nâng điểm chỉ số đánh giá chuyển đổi số của {name}", en=f"Raise the digital transformation index of {name}"
    )
    if plan.goal.budget is not None:
        return Text(vi=f"{start.vi} trong phạm vi ngân sách năm {year}", en=f"{start.en} within the budget of {year}")
    if plan.goal.climb is not None:
        ranks = plan.goal.climb
        return Text(
            vi=f"Nâng thứ hạng chỉ số đánh giá chuyển đổi số của {name} lên {ranks} hạng năm {year}",
            en=f"Raise the rank of {name} in the digital transformation index by {ranks} in {year}",
        )
    return Text(
        vi=f"{start.vi} lên {_wanted(plan, 'vi')} năm {year}", en=f"{start.en} to {_wanted(plan, 'en')} in {year}"
    )


def _items(plan: PointPlan) -> Iterator[WorkItem]:
    annex = plan.score.criteria_set.annex
    for improvement in plan.improvements:
        words = [f"“{found.text}”" for found in improvement.after.applied if found.text]
        won = won_text(improvement).vi
        others = _besides(improvement.steps)
        said = f": {join(words, 'vi')}" if words else ""
        for step in improvement.steps:
            label = label_of(step.input, improvement)
            yield WorkItem(
                plan.score.unit,
                step.code,
                f"{improvement.indicator.name}{f' ({label})' if label else ''}",
                _start_text(step),
                value_of(step.input, step.to, "vi"),
                more_of(step, "vi") if step.more else "",
                step.cost,
                step.office,
                purpose=f"{won}{others}{said} ({annex})",
            )


def _besides(steps: Sequence[PointStep]) -> str:
    return f" (cả {len(steps)} việc của chỉ số)" if len(steps) > 1 else ""


def _start_text(step: PointStep) -> str:
    if step.start is not None:
        return value_of(step.input, step.start, "vi")
    return _from_nothing(step, value_of(step.input, step.to, "vi")).vi.partition(";")[0].partition(",")[0]
