"""The work plan as an official paper (kế hoạch): Word, PDF and HTML, in the form of Nghị định 30/2020/NĐ-CP.

It is an act, so it is in Vietnamese only. What nobody has said (number, date, signer, offices, the unit of money) is
left open for the clerk and never filled in by guess; what is still open is said under the title.
"""

from collections.abc import Collection, Iterator, Sequence

from attrs import frozen

from levels.framework import Framework, Interpretation, Tier
from reports.documents import KINDS, render
from reports.drawing import Drawing
from reports.plan import dong_text
from reports.plan_charts import draw_curve
from reports.publication import DRAFT, annex_numerals, readings_table
from reports.tables import LANDSCAPE, PORTRAIT, Table
from reports.view import BLANK, Letterhead, act_for, committee, committee_lines, date_or_blank, left_open
from reports.words import SYNTHETIC_MARK, in_sentence, join, place_of, year_end
from reports.work_entries import entries_of, numbers_of, office_name, ranges_text
from reports.work_plan import WorkItem, WorkPlan
from reports.work_schedule import OfficeWork, Schedule, day_text, due_text, period_of, schedules_of
from reports.work_tables import (
    bar_notes,
    curve_table,
    items_table,
    offices_table,
    timeline_table,
    units_table,
    years_table,
)

MOST_IN_BODY = 10
"""Up to how many rows of work stand before the signature; more of them stand in an annex."""

MOST_UNITS = 60
"""Up to how many units that rise stand before the signature."""

MOST_REASONS = 6
"""Up to how many reasons for the choice stand before the signature; more of them stand in an annex."""

_HEADS = (  # who signs for an office that has no committee
    ("Sở ", "GIÁM ĐỐC"),
    ("Văn phòng ", "CHÁNH VĂN PHÒNG"),
    ("Phòng ", "TRƯỞNG PHÒNG"),
    ("Ban ", "TRƯỞNG BAN"),
    ("Thanh tra ", "CHÁNH THANH TRA"),
)


@frozen
class Part:
    """A piece of a section: its heading if any, paragraphs, a table, and what is said beneath it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    notes: tuple[str, ...] = ()


@frozen
class Section:
    heading: str
    parts: tuple[Part, ...]


@frozen
class PlanAnnex:
    """One annex: a picture or a table with notes beneath, or a numbered list."""

    numeral: str
    title: str
    table: Table | None = None
    notes: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    drawing: Drawing | None = None


@frozen
class WorkPaperView:
    """A work plan, ready to print."""

    title: str  # for the file's properties
    letterhead: Letterhead
    subject: str
    draft_mark: str  # "" where nothing is open
    grounds: tuple[str, ...]
    opens: str
    sections: tuple[Section, ...]
    ends: str
    recipients: tuple[str, ...]
    capacity: tuple[str, ...]  # the lines above the signature
    signer: str
    enclosed: str
    annexes: tuple[PlanAnnex, ...]
    provisional_mark: str
    synthetic_mark: str  # "" where the facts are real
    date: str  # ISO, for the file's properties
    addressed: str = ""  # «Kính gửi: …»; a plan is addressed to nobody

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order of the document."""
        shown = [part.table for section in self.sections for part in section.parts]
        shown += [annex.table for annex in self.annexes]
        return tuple(each for each in shown if each is not None)

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        return tuple(annex.drawing for annex in self.annexes if annex.drawing is not None)


@frozen
class Office:
    """Who issues a plan, in the words of its paper."""

    letterhead: tuple[str, ...]
    superior: tuple[str, ...]
    name: str  # inside a sentence: "Ủy ban nhân dân huyện Đắk Hà"
    signs: str  # what stands behind the number: "KH-UBND"
    capacity: tuple[str, ...]


def render_work_plan(plan: WorkPlan, kinds: Collection[str] = KINDS) -> dict[str, bytes]:
    """The plan as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``. It must have items."""
    return render(view_work_plan(plan), "work_plan", kinds)


def issuing_office(plan: WorkPlan) -> Office:
    """The people's committee of a locality; a department or office for itself."""
    unit, above = plan.unit, plan.superior
    superior = committee_lines(above.name) if above else ()
    if unit.tier is Tier.DEPARTMENT:
        capacity = next((words for start, words in _HEADS if unit.name.startswith(start)), BLANK)
        return Office((unit.name.upper(),), superior, unit.name, f"KH-{BLANK}", (capacity,))
    lines = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    return Office(committee_lines(unit.name), superior, committee(unit.name), "KH-UBND", lines)


def view_work_plan(plan: WorkPlan) -> WorkPaperView:
    """The view of a work plan."""
    office, schedules = issuing_office(plan), schedules_of(plan)
    number = plan.number if "/" in plan.number else f"{plan.number or BLANK}/{office.signs}"
    signed = date_or_blank(plan.signed_on, plan.cycle)
    annexes = tuple(_annexes(plan, schedules))
    date = plan.signed_on or year_end(plan.cycle)
    return WorkPaperView(
        title=f"Kế hoạch {plan.goal.vi[:1].lower()}{plan.goal.vi[1:]}",
        letterhead=Letterhead(
            office.superior, office.letterhead, f"Số: {number}", f"{place_of(_seat(plan))}, {signed}"
        ),
        subject=plan.goal.vi,
        draft_mark=_draft_mark(plan),
        grounds=tuple(_grounds(plan)),
        opens=f"{office.name} ban hành Kế hoạch {plan.goal.vi[:1].lower()}{plan.goal.vi[1:]} như sau:",
        sections=(
            Section("I. MỤC ĐÍCH, YÊU CẦU", tuple(_purpose(plan))),
            Section("II. NỘI DUNG CÔNG VIỆC", tuple(_work(plan, annexes))),
            Section("III. KINH PHÍ THỰC HIỆN", tuple(_money(plan, schedules))),
            Section("IV. TỔ CHỨC THỰC HIỆN", tuple(_duties(plan, schedules, annexes))),
        ),
        ends=f"Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan, đơn vị kịp thời phản ánh về {office.name} để"
        " xem xét, điều chỉnh./.",
        recipients=tuple(_recipients(plan)),
        capacity=office.capacity,
        signer=plan.signer,
        enclosed=f"(Kèm theo Kế hoạch số {number} {signed} của {office.name})",
        annexes=annexes,
        provisional_mark="",
        synthetic_mark=SYNTHETIC_MARK.vi if plan.synthetic else "",
        date=date.isoformat(),
    )


def _seat(plan: WorkPlan) -> str:
    """Where the paper is dated from: the place of the unit; of an office that of the committee above it."""
    if plan.unit.tier is not Tier.DEPARTMENT:
        return plan.unit.name
    return plan.superior.name if plan.superior else BLANK


def _draft_mark(plan: WorkPlan) -> str:
    lacking = [
        what
        for what, there in (
            ("số", bool(plan.number)),
            ("ngày ký", plan.signed_on is not None),
            ("người ký", bool(plan.signer)),
        )
        if not there
    ]
    return f"{DRAFT} – chưa có {join(lacking, 'vi')}" if lacking else ""


def _grounds(plan: WorkPlan) -> Iterator[str]:
    instrument = plan.rulebook.instrument
    for ground in instrument.basis:
        law = ground.removeprefix("Căn cứ ").rstrip(" ;.")
        if law.startswith("Luật "):
            yield f"Căn cứ {law};"
    proposed_by = BLANK
    if isinstance(plan.rulebook, Framework):
        act = act_for(plan.rulebook, plan.unit, plan.superior, (), Tier.COMMUNE)
        proposed_by = act.proposed_by if act else BLANK
    yield f"Căn cứ {left_open(instrument.citation).rstrip(' ;.')};"
    yield f"Theo đề nghị của {proposed_by}."


def _purpose(plan: WorkPlan) -> Iterator[Part]:
    instrument = plan.rulebook.instrument
    by = f"theo {instrument.short_citation}" if instrument.number else "theo Bộ chỉ số đã ban hành"
    aims = [f"- {plan.goal.vi}, {by}."]
    own = [rise for rise in plan.rises if rise.unit == plan.unit]
    aims += [f"- Hiện nay: {rise.now}; cần đạt: {rise.then}." for rise in own]
    others = len({rise.unit for rise in plan.rises} - {plan.unit})
    if others:
        aims.append(f"- Để đạt mục tiêu này, {others} đơn vị trực thuộc được nâng lên như nêu tại mục II.")
    aims += [f"- {text.vi}" for text in plan.results]
    yield Part("1. Mục đích", tuple(aims))
    first, last = period_of(plan, plan.years[-1])
    demands = [f"- {text.vi}" for text in plan.demands]
    demands.append(f"- Hoàn thành các việc {_due(plan)}.")
    if first > last:
        demands.append(
            f"- Ngày ký sau ngày cuối cùng được tính của năm {plan.years[-1]} ({day_text(last)}): cần xác định lại"
            " thời gian thực hiện."
        )
    yield Part("2. Yêu cầu", tuple(demands))


def _due(plan: WorkPlan) -> str:
    """Until when all of it, by year where there are several."""
    several = len(plan.years) > 1
    dues = dict.fromkeys((plan.year_of(item), due_text(plan, item)) for item in plan.items)
    return "; ".join(f"của năm {year} {due}" if several else due for year, due in sorted(dues))


def _work(plan: WorkPlan, annexes: Sequence[PlanAnnex]) -> Iterator[Part]:
    units = {unit for item in plan.items for unit in item.serves or (item.unit,)}
    ready = sum(item.to_appraise for item in plan.items)
    shared = sum(bool(item.serves) for item in plan.items)
    said = f"Tổng số {len(plan.items)} việc" + (f" ở {len(units)} đơn vị" if len(units) > 1 else "")
    said += f"; {shared} việc làm một lần, dùng chung cho nhiều đơn vị" if shared else ""
    said += f"; {ready} việc chỉ còn chờ Hội đồng thẩm định chấp nhận số liệu đã có" if ready else ""
    numerals = {annex.title: annex.numeral for annex in annexes}
    listed, raised = numerals.get(_LIST), numerals.get(_RAISED)
    said += f". Từng việc, yêu cầu phải đáp ứng và thời hạn nêu tại Phụ lục {listed} kèm theo." if listed else "."
    said += f" Hiện trạng và mức cần đạt của từng đơn vị nêu tại Phụ lục {raised} kèm theo." if raised else ""
    yield Part("", (said,), units_table(plan) if 1 < len(plan.rises) <= MOST_UNITS else None)
    if not listed:
        yield Part("", (), items_table(plan, PORTRAIT))
    if plan.notes:
        yield Part("Cơ sở tính toán", tuple(f"- {text.vi}" for text in plan.notes))
    if 0 < len(plan.proof) <= MOST_REASONS:
        yield Part(_WHY, tuple(f"- {text.vi}" for text in plan.proof))


def _money(plan: WorkPlan, schedules: Sequence[Schedule]) -> Iterator[Part]:
    if not plan.priced:
        said = f"Kế hoạch được lập khi chưa có bảng chi phí. Tổng kinh phí: {BLANK}; nguồn kinh phí: {BLANK}."
        yield Part("", (said,))
        return
    total = BLANK if plan.total is None else dong_text(plan.total, "vi")
    said = f"Tổng kinh phí: {total}; nguồn kinh phí: {BLANK}."
    lacking = sum(item.cost is None for item in plan.items)
    more = (f"{lacking} việc chưa có chi phí, chưa tính vào các số tiền trên.",) if lacking else ()
    yield Part("", (said, *more))
    if plan.budgets or len(plan.years) > 1:
        yield Part("Theo năm", (), years_table(plan))
    if any(item.office for item in plan.items):
        yield Part("Theo cơ quan thực hiện", (), offices_table(plan, schedules))


def _duties(plan: WorkPlan, schedules: Sequence[Schedule], annexes: Sequence[PlanAnnex]) -> Iterator[Part]:
    several = len(schedules) > 1
    listed = next((annex.numeral for annex in annexes if annex.title == _LIST), "")
    where = f"Phụ lục {listed}" if listed else "danh mục tại mục II"
    numbers = numbers_of(plan)
    by_office: dict[str, list[str]] = {}
    done: dict[str, list[WorkItem]] = {}
    for schedule in schedules:
        for work in schedule.offices:
            rows = ranges_text(numbers[schedule.year, work.office])
            by_office.setdefault(work.office, []).append(
                _duty(plan, schedule, work, f"STT {rows} của {where}", several)
            )
            done.setdefault(work.office, []).extend(work.items)
    number = 0
    for number, (office, duties) in enumerate(by_office.items(), start=1):
        if office:
            yield Part(f"{number}. {office_name(plan, office, done[office])}", (f"Thực hiện {'; '.join(duties)}.",))
        else:
            said = f"{'; '.join(duties)}. Cơ quan chủ trì: {BLANK}; cơ quan phối hợp: {BLANK}."
            yield Part(f"{number}. Các việc chưa phân công", (said[:1].upper() + said[1:],))
    if {item.unit for item in plan.items} <= {plan.unit}:
        said = "Phối hợp thực hiện; cung cấp tài liệu kiểm chứng đúng thời hạn để tự đánh giá."
        yield Part(f"{number + 1}. Các cơ quan, đơn vị liên quan", (said,))
    else:
        said = "Tổ chức thực hiện các việc của đơn vị mình; tự đánh giá, cung cấp tài liệu kiểm chứng đúng thời hạn."
        yield Part(f"{number + 1}. Các đơn vị có tên trong Kế hoạch", (said,))
    yield Part(f"{number + 2}. Theo dõi, đôn đốc, tổng hợp báo cáo", (f"Cơ quan được giao: {BLANK}.",))


def _duty(plan: WorkPlan, schedule: Schedule, work: OfficeWork, where: str, several: bool) -> str:
    cost = work.cost if plan.priced else None
    said = f"{len(work.items)} việc ({where})" + ("" if cost is None else f", kinh phí {dong_text(cost, 'vi')}")
    return f"năm {schedule.year}: {said}" if several else said


def _recipients(plan: WorkPlan) -> Iterator[str]:
    yield "- Như mục IV (t/h);"
    names = [rise.unit.name for rise in plan.rises if rise.unit != plan.unit]
    act = None
    if isinstance(plan.rulebook, Framework):
        act = act_for(plan.rulebook, plan.unit, plan.superior, names, Tier.COMMUNE)
    if act is not None:
        yield from (f"- {recipient};" for recipient in act.recipients)
        yield f"- Lưu: {act.archive}."
        return
    if plan.superior:
        yield f"- UBND {in_sentence(plan.superior.name)} (b/c);"
    yield "- Lưu: VT."


_WHY = "Cơ sở lựa chọn phương án"
_RAISED = "CÁC ĐƠN VỊ ĐƯỢC NÂNG LÊN"
_LIST = "DANH MỤC CÔNG VIỆC"


def _annexes(plan: WorkPlan, schedules: Sequence[Schedule]) -> Iterator[PlanAnnex]:
    numerals = annex_numerals()
    if len(plan.rises) > MOST_UNITS:
        yield PlanAnnex(next(numerals), _RAISED, units_table(plan))
    if sum(1 for _ in entries_of(plan)) > MOST_IN_BODY:
        yield PlanAnnex(next(numerals), _LIST, items_table(plan, LANDSCAPE))
    for schedule in schedules:
        title = f"TIẾN ĐỘ THỰC HIỆN THEO CƠ QUAN NĂM {schedule.year}"
        yield PlanAnnex(next(numerals), title, timeline_table(plan, schedule), tuple(bar_notes(schedule)))
    if plan.curve:
        title = f"KINH PHÍ ÍT NHẤT THEO SỐ {plan.curve_of.upper()}"
        yield PlanAnnex(next(numerals), title, curve_table(plan), drawing=draw_curve(plan))
    if len(plan.proof) > MOST_REASONS:
        yield PlanAnnex(next(numerals), _WHY.upper(), entries=tuple(text.vi for text in plan.proof))
    if readings := _readings(plan):
        title = "CÁC CÁCH HIỂU ĐÃ GHI NHẬN VỀ NỘI DUNG CỦA KẾ HOẠCH"
        general = f"Các cách hiểu chung được ghi trong {plan.rulebook.id}, phiên bản {plan.rulebook.version}."
        yield PlanAnnex(next(numerals), title, readings_table(readings), (general,))


def _readings(plan: WorkPlan) -> list[Interpretation]:
    """The recorded readings of just what the plan is about."""
    places = {f"{tier}/{code}" for item in plan.items for tier, code in item.places}
    return [reading for reading in plan.rulebook.interpretations if places.intersection(reading.criteria)]
