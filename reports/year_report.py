"""The province's yearly report to the ministry (báo cáo): Word, PDF, HTML; in the form of Nghị định 30/2020/NĐ-CP.

It is an official letter of the department, so it is in Vietnamese only. What nobody has said (number, date, signer,
difficulties) is left open for the clerk and never filled in by guess.
"""

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import frozen

from evidence.units import Unit
from levels.framework import LEVELS, Framework, Tier
from reports.documents import KINDS, render
from reports.tables import LANDSCAPE, PORTRAIT, Column, Row, Table, heading, row, table
from reports.view import BLANK, Letterhead, committee_lines, date_or_blank, level_words
from reports.words import NOTHING, SYNTHETIC_MARK, TIER_NAMES, in_sentence, level_name, place_of, year_end
from reports.work_paper import Part, PlanAnnex, Section, WorkPaperView

DRAFT = "DỰ THẢO"
_MINISTRY = re.compile(r"báo cáo (Bộ [^,;.]+)", re.IGNORECASE)
_HEAD = "Giám đốc "


@frozen
class YearUnit:
    """One unit in the year: how far it went, what was decided, and what a year before."""

    unit: Unit  # ``registered``: its target
    handed_in: bool
    recognised: int | None  # the level an act in force states; 0: not recognised; None: no act holds
    number: str = ""  # of that act
    signed_on: datetime.date | None = None
    last: int | None = None  # recognised a year before; None: no act of that year holds


@frozen
class Told:
    """What the department adds in its own words: paragraphs, one a line."""

    done: str = ""  # how the year was organised
    difficulties: str = ""
    proposals: str = ""
    number: str = ""  # 512/BC-SKHCN
    signed_on: datetime.date | None = None
    signer: str = ""


@frozen
class YearSummary:
    """What the report of one year says."""

    framework: Framework
    cycle: int
    province: Unit
    units: tuple[YearUnit, ...]  # districts each before its communes
    told: Told = Told()
    compared: bool = False  # there was a cycle a year before under the same instrument
    synthetic: bool = False


def render_year_report(summary: YearSummary, kinds: Collection[str] = KINDS) -> dict[str, bytes]:
    """The report as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``."""
    return render(view_year_report(summary), "year_report", kinds)


def department_of(framework: Framework) -> str:
    """The department that sums the year up, as the rulebook names it: ``Sở Khoa học và Công nghệ``."""
    act = framework.act_of(Tier.PROVINCE)
    return act.proposed_by.removeprefix(_HEAD) if act and act.proposed_by.startswith(_HEAD) else BLANK


def ministry_of(framework: Framework) -> str:
    """To whom the year is reported, in the words of the rulebook's calendar."""
    told = next((deadline.name for deadline in framework.deadlines if deadline.step == "summary"), "")
    found = _MINISTRY.search(told)
    return found[1] if found else BLANK


def view_year_report(summary: YearSummary) -> WorkPaperView:
    """The view of the report."""
    told, province = summary.told, in_sentence(summary.province.name)
    department, ministry = department_of(summary.framework), ministry_of(summary.framework)
    tiers = _tiers(summary)
    # Since 1 July 2025 there are provinces without districts.
    about = "cấp huyện và cấp xã" if Tier.DISTRICT in tiers else "cấp xã"
    what = f"đánh giá, công nhận mức độ chuyển đổi số {about} năm {summary.cycle} trên địa bàn {province}"
    subject = f"Kết quả {what}"
    signed = date_or_blank(told.signed_on, summary.cycle)
    number = told.number or f"{BLANK}/BC-{_short(department)}"
    return WorkPaperView(
        title=f"Báo cáo {subject[:1].lower()}{subject[1:]}",
        letterhead=Letterhead(
            superior=committee_lines(summary.province.name),
            issuer=(department.upper(),),
            number=f"Số: {number}",
            place_and_date=f"{place_of(summary.province.name)}, {signed}",
        ),
        subject=subject,
        draft_mark="" if told.number and told.signed_on else DRAFT,
        grounds=(),
        opens=f"Thực hiện {summary.framework.instrument.citation.rstrip(' ;.')}, {department} báo cáo kết quả năm "
        f"{summary.cycle} như sau:",
        sections=tuple(_sections(summary, tiers)),
        ends=f"Trên đây là kết quả {what}, {department} kính báo cáo {ministry}./.",
        recipients=(
            "- Như trên;",
            f"- UBND {province} (b/c);",
            "- Giám đốc, các Phó Giám đốc Sở;",
            "- Lưu: VT.",
        ),
        capacity=("GIÁM ĐỐC",),
        signer=told.signer,
        enclosed=f"(Kèm theo Báo cáo số {number} {signed} của {department})",
        annexes=(_annex(summary),),
        provisional_mark="",
        synthetic_mark=SYNTHETIC_MARK.vi if summary.synthetic else "",
        date=(told.signed_on or year_end(summary.cycle)).isoformat(),
        addressed=f"Kính gửi: {ministry}.",
    )


def _short(department: str) -> str:
    """``SKHCN``: the initials that an office's papers bear, without the small words."""
    words = [word for word in department.split() if word.lower() not in {"và", "của"}]
    return "".join(word[0].upper() for word in words) if department != BLANK else BLANK


def _tiers(summary: YearSummary) -> list[Tier]:
    present = {each.unit.tier for each in summary.units}
    return [tier for tier in (Tier.DISTRICT, Tier.COMMUNE) if tier in present]


def _sections(summary: YearSummary, tiers: Sequence[Tier]) -> Iterator[Section]:
    told = summary.told
    yield Section(
        "I. TÌNH HÌNH TỔ CHỨC THỰC HIỆN",
        (
            Part("", (*_paragraphs(told.done), *(_course(summary, tier) for tier in tiers))),
            Part("", (), _course_table(summary, tiers)),
        ),
    )
    yield Section(
        "II. KẾT QUẢ CÔNG NHẬN MỨC ĐỘ CHUYỂN ĐỔI SỐ",
        tuple(part for place, tier in enumerate(tiers, start=1) for part in _results(summary, tier, place)),
    )
    yield Section("III. KHÓ KHĂN, VƯỚNG MẮC", (Part("", _paragraphs(told.difficulties) or (BLANK,)),))
    yield Section("IV. KIẾN NGHỊ, ĐỀ XUẤT", (Part("", _paragraphs(told.proposals) or (BLANK,)),))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _of(summary: YearSummary, tier: Tier) -> list[YearUnit]:
    return [each for each in summary.units if each.unit.tier is tier]


@frozen
class _Course:
    """How many units of a tier went how far."""

    units: int
    registered: int
    handed_in: int
    recognised: int
    refused: int
    open: int


def _count(units: Sequence[YearUnit]) -> _Course:
    return _Course(
        units=len(units),
        registered=sum(each.unit.registered is not None for each in units),
        handed_in=sum(each.handed_in for each in units),
        recognised=sum(bool(each.recognised) for each in units),
        refused=sum(each.recognised == 0 for each in units),
        open=sum(each.recognised is None for each in units),
    )


def _course(summary: YearSummary, tier: Tier) -> str:
    found = _count(_of(summary, tier))
    name = TIER_NAMES[tier].vi
    text = (
        f"{name[:1].upper()}{name[1:]}: có {found.units:02d} đơn vị; {found.registered:02d} đơn vị đăng ký mức độ; "
        f"{found.handed_in:02d} đơn vị tự đánh giá và nộp hồ sơ; {found.recognised:02d} đơn vị được công nhận; "
        f"{found.refused:02d} đơn vị không được công nhận ở mức độ nào"
    )
    return f"{text}; {found.open:02d} đơn vị không có quyết định." if found.open else f"{text}."


def _course_table(summary: YearSummary, tiers: Sequence[Tier]) -> Table:
    columns = (Column("Nội dung", 0), *(Column(_capital(TIER_NAMES[tier].vi), 32, centred=True) for tier in tiers))
    counts = [_count(_of(summary, tier)) for tier in tiers]
    lines = (
        ("Tổng số đơn vị", [count.units for count in counts]),
        ("Đăng ký mức độ chuyển đổi số", [count.registered for count in counts]),
        ("Tự đánh giá, nộp hồ sơ", [count.handed_in for count in counts]),
        ("Được công nhận", [count.recognised for count in counts]),
        ("Không được công nhận ở mức độ nào", [count.refused for count in counts]),
        ("Không có quyết định trong năm", [count.open for count in counts]),
    )
    return table(columns, [row(name, *map(str, numbers)) for name, numbers in lines], width=PORTRAIT, size=12)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _results(summary: YearSummary, tier: Tier, place: int) -> Iterator[Part]:
    units = _of(summary, tier)
    framework = summary.framework
    now = Counter(each.recognised for each in units)
    lines = [
        f"- {now[level]:02d} đơn vị đạt {level_words(framework, level)};"
        for level in sorted(LEVELS, reverse=True)
        if now[level]
    ]
    if now[0]:
        lines.append(f"- {now[0]:02d} đơn vị chưa được công nhận ở mức độ nào;")
    if lines:
        lines[-1] = f"{lines[-1].rstrip(';')}."
    else:
        lines = ["Trong năm không có đơn vị nào được công nhận."]
    yield Part(f"{place}. {_capital(TIER_NAMES[tier].vi)}", (*lines, *_against_target(units)))
    yield Part("", (), _levels_table(summary, units))
    if summary.compared:
        yield Part("", tuple(_against_last(units, summary.cycle)))


def _against_target(units: Sequence[YearUnit]) -> Iterator[str]:
    aimed = [(each.recognised, each.unit.registered) for each in units]
    decided = [(found, target) for found, target in aimed if found is not None and target is not None]
    if not decided:
        return
    reached = sum(found >= target for found, target in decided)
    yield (
        f"So với mức độ đã đăng ký: {reached:02d}/{len(decided):02d} đơn vị có quyết định đạt hoặc vượt mức đăng ký, "
        f"{len(decided) - reached:02d} đơn vị chưa đạt."
    )


def _levels_table(summary: YearSummary, units: Sequence[YearUnit]) -> Table:
    now, last = Counter(each.recognised for each in units), Counter(each.last for each in units)
    columns = [Column("Mức độ", 0), Column(f"Năm {summary.cycle}", 34, centred=True)]
    if summary.compared:
        columns += [Column(f"Năm {summary.cycle - 1}", 34, centred=True), Column("Tăng, giảm", 30, centred=True)]

    def line(name: str, level: int | None) -> Row:
        change = now[level] - last[level]
        more = (str(last[level]), f"{change:+d}" if change else "0") if summary.compared else ()
        return row(name, str(now[level]), *more)

    named = [line(f"{level} – {level_name(summary.framework, level)}", level) for level in sorted(LEVELS, reverse=True)]
    return table(
        columns,
        [*named, line("Chưa được công nhận ở mức độ nào", 0), line("Không có quyết định", None)],
        width=PORTRAIT,
        size=12,
    )


def _against_last(units: Sequence[YearUnit], year: int) -> Iterator[str]:
    years = [(each.recognised, each.last) for each in units]
    pairs = [(now, then) for now, then in years if now is not None and then is not None]
    if not pairs:
        yield f"Năm {year - 1} không có đơn vị nào có quyết định để so sánh."
        return
    up, down = sum(now > then for now, then in pairs), sum(now < then for now, then in pairs)
    yield (
        f"So với năm {year - 1}, trong {len(pairs):02d} đơn vị có quyết định ở cả hai năm: {up:02d} đơn vị tăng mức, "
        f"{len(pairs) - up - down:02d} đơn vị giữ mức, {down:02d} đơn vị giảm mức."
    )


def _annex(summary: YearSummary) -> PlanAnnex:
    columns = [
        Column("STT", 12, centred=True),
        Column("Mã", 18, centred=True),
        Column("Tên đơn vị", 0),
        Column("Mức đăng ký", 22, centred=True),
        Column("Mức được công nhận", 42, centred=True),
        Column("Số, ngày quyết định", 58),
    ]
    if summary.compared:
        columns.insert(5, Column(f"Năm {summary.cycle - 1}", 22, centred=True))
    rows = list(_annex_rows(summary))
    title = f"KẾT QUẢ CÔNG NHẬN MỨC ĐỘ CHUYỂN ĐỔI SỐ TỪNG ĐƠN VỊ NĂM {summary.cycle}"
    return PlanAnnex("I", title, table(columns, rows, width=LANDSCAPE))


def _annex_rows(summary: YearSummary) -> Iterator[Row]:
    names: Mapping[str | None, str] = {each.unit.code: each.unit.name for each in summary.units}
    number = 0
    for tier in _tiers(summary):
        above: str | None = None
        yield heading(_capital(TIER_NAMES[tier].vi))
        for each in _of(summary, tier):
            if each.unit.parent != above and each.unit.parent in names:
                yield heading(names[each.unit.parent])
            above = each.unit.parent
            number += 1
            yield _annex_row(summary, each, number)


def _annex_row(summary: YearSummary, each: YearUnit, number: int) -> Row:
    unit = each.unit
    cells = [
        str(number),
        unit.code,
        unit.name,
        NOTHING if unit.registered is None else str(unit.registered),
        told_level(summary.framework, each.recognised),
        f"{each.number}, {each.signed_on:%d/%m/%Y}" if each.number and each.signed_on else NOTHING,
    ]
    if summary.compared:
        cells.insert(5, NOTHING if each.last is None else str(each.last))
    return row(*cells)


def told_level(framework: Framework, level: int | None) -> str:
    """``3 – Cơ bản``; of no act a dash."""
    if level is None:
        return NOTHING
    return f"{level} – {level_name(framework, level)}" if level else "Chưa được công nhận"
