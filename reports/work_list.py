"""The work list of an office: what it leads, what it supports, what is still missing and how far it has got."""

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import frozen

from evidence.facts import Status
from levels.faults import Language, Text
from levels.index import Index, Indicator
from reports.documents import KINDS, render
from reports.labels import labels
from reports.ranking_sheets import write_table
from reports.sheets import Book
from reports.tables import LANDSCAPE, Column, Line, Row, Table, cell, row, table
from reports.view import BLANK, Letterhead, date_or_blank
from reports.words import NOTHING, SYNTHETIC_MARK, decimal_text, year_end
from rules.worklists import Progress, WorkList

_LABELS = {
    "list": Text(vi="DANH MỤC CÔNG VIỆC", en="WORK LIST"),
    "lead": Text(vi="Chỉ số phụ trách", en="Indicators in charge of"),
    "units": Text(vi="Tiến độ theo đơn vị", en="Progress by unit"),
    "support": Text(vi="Chỉ số phối hợp", en="Indicators in support of"),
    "general": Text(vi="Thông tin chung phải cung cấp", en="General information to supply"),
    "indicator": Text(vi="Chỉ số, cách xác định và tính điểm", en="Indicator and method"),
    "max": Text(vi="Điểm tối đa", en="Max."),
    "proof": Text(vi="Tài liệu kiểm chứng", en="Proof"),
    "with": Text(vi="Đơn vị phối hợp", en="In support"),
    "in_charge": Text(vi="Đơn vị phụ trách", en="In charge"),
    "progress": Text(vi="Tiến độ số liệu", en="Progress"),
    "points": Text(vi="Điểm hiện có", en="Points"),
    "lost": Text(vi="Còn mất", en="Lost"),
    "missing": Text(vi="Số liệu còn thiếu", en="Facts still missing"),
    "name": Text(vi="Nội dung", en="What"),
    "measure": Text(vi="Đơn vị tính", en="Unit"),
}
_BAR = 10


@frozen
class WorkListView:
    """One office's work list, ready to print."""

    title: str
    language: Language
    labels: Mapping[str, str]
    letterhead: Letterhead
    subject: str
    citation: str
    summary: str
    lead: Table | None
    units: Table | None
    support: Table | None
    general: Table | None
    synthetic_mark: str
    provisional_mark: str
    date: str

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order of the document."""
        return tuple(shown for shown in (self.lead, self.units, self.support, self.general) if shown is not None)


def render_work_list(
    work: WorkList, index: Index, cycle: int, *, language: Language = "vi", kinds: Collection[str] = KINDS
) -> dict[str, bytes]:
    """One office's work list as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``."""
    return render(view_work_list(work, index, cycle, language), "work_list", kinds)


def work_list_workbook(works: Sequence[WorkList], index: Index, cycle: int, language: Language = "vi") -> bytes:
    """The work lists of several offices as one Excel workbook: a sheet of all offices, then one for each."""
    book = Book()
    views = [view_work_list(work, index, cycle, language) for work in works]
    title = [_LABELS["list"].say(language), index.instrument.citation, *{view.synthetic_mark for view in views} - {""}]
    title += [note] if (note := joint_note(works, language)) else []
    write_table(book, Text(vi="Tổng hợp", en="Overview").say(language), title, _overview(works, language))
    for number, (work, view) in enumerate(zip(works, views, strict=True), start=1):
        head = [view.subject, view.summary, view.synthetic_mark]
        shown = [(key, found) for key in ("lead", "units", "support", "general") if (found := getattr(view, key))]
        for key, found in shown:
            part = {"lead": "", "units": "b", "support": "c", "general": "d"}[key]
            write_table(book, _sheet_name(f"{number}{part} {work.office}"), [*head, _LABELS[key].say(language)], found)
    return book.close()


def joint_note(works: Sequence[WorkList], language: Language) -> str:
    """That the maxima of ``works`` add up to more than there is; ``""`` where no two offices lead the same."""
    lead = [id(indicator) for work in works for indicator in work.lead]  # codes are those of one tier only
    joint = len({found for found in lead if lead.count(found) > 1})
    if not joint:
        return ""
    return Text(
        vi=f"{joint} chỉ số do nhiều cơ quan cùng phụ trách được tính đủ vào “Điểm tối đa” của từng cơ quan, "
        "nên không cộng cột này thành điểm tối đa chung.",
        en=f"{joint} indicator{'' if joint == 1 else 's'} with several offices in charge count in full for each of "
        "them: the column of maxima does not add up to the whole.",
    ).say(language)


def _sheet_name(text: str) -> str:
    """A name that Excel takes: at most 31 characters, none of its own signs."""
    return "".join("-" if char in "[]:*?/\\'" else char for char in text)[:31].rstrip()


def view_work_list(work: WorkList, index: Index, cycle: int, language: Language) -> WorkListView:
    """The view of one office's work list."""
    synthetic = any(
        value.fact is not None and value.fact.synthetic
        for progress in work.progress
        for line in progress.lines
        for value in line.inputs
    )
    said = {key: text.say(language) for key, text in _LABELS.items()}
    issuer = tuple(textwrap.wrap((index.instrument.issuer or BLANK).upper(), 28))
    subject = Text(
        vi=f"Chỉ số chuyển đổi số năm {cycle} phân công cho {work.office}",
        en=f"Digital transformation index {cycle}: {work.office}",
    ).say(language)
    return WorkListView(
        title=subject,
        language=language,
        labels={**labels(language), **said},
        letterhead=Letterhead((), issuer, "", date_or_blank(None, cycle)),
        subject=subject,
        citation=index.instrument.citation,
        summary=_summary(work, language),
        lead=_lead_table(work, language) if work.lead else None,
        units=_unit_table(work, language) if work.lead and work.progress else None,
        support=_support_table(work, language) if work.support else None,
        general=_general_table(work, language) if work.general else None,
        synthetic_mark=SYNTHETIC_MARK.say(language) if synthetic else "",
        provisional_mark="",
        date=year_end(cycle).isoformat(),
    )


def _summary(work: WorkList, language: Language) -> str:
    points = sum(indicator.max for indicator in work.lead)
    inputs, known, accepted = _totals(work.progress)
    text = Text(
        vi=f"Phụ trách {len(work.lead)} chỉ số (tối đa {points} điểm), phối hợp {len(work.support)} chỉ số, cung cấp "
        f"{len(work.general)} nội dung thông tin chung",
        en=f"In charge of {len(work.lead)} indicators (at most {points} points), in support of {len(work.support)}, "
        f"supplies {len(work.general)} items of general information",
    ).say(language)
    if inputs:
        text += Text(
            vi=f". Đã có {known}/{inputs} số liệu, trong đó {accepted} đã thẩm định; còn thiếu {inputs - known}",
            en=f". {known} of {inputs} facts are there, {accepted} of them accepted; {inputs - known} are missing",
        ).say(language)
    return text + "."


def _totals(progress: Sequence[Progress]) -> tuple[int, int, int]:
    return (
        sum(each.inputs for each in progress),
        sum(each.known for each in progress),
        sum(each.accepted for each in progress),
    )


def bar(done: int, of: int) -> str:
    """``■■■■■□□□□□ 5/10``: full only where all is done, empty only where nothing is."""
    if not of:
        return NOTHING
    filled = done * _BAR // of
    filled = max(filled, 1) if done else 0
    return f"{'■' * filled}{'□' * (_BAR - filled)} {done}/{of}"


def _progress_cell(progress: Sequence[Progress], language: Language) -> tuple[Line, ...]:
    """The bar of the facts that are there, and how many of them the council has accepted."""
    inputs, known, accepted = _totals(progress)
    if not inputs:
        return (Line(NOTHING),)
    words = Text(vi=f"{accepted} đã thẩm định", en=f"{accepted} accepted").say(language)
    return Line(bar(known, inputs)), Line(words, "note")


def _on(progress: Sequence[Progress], indicator: Indicator) -> list[Progress]:
    """The progress on one indicator alone."""
    return [
        Progress(each.unit, tuple(line for line in each.lines if line.indicator.code == indicator.code))
        for each in progress
    ]


def _head(key: str, width: int, language: Language, *, centred: bool = False) -> Column:
    return Column(_LABELS[key].say(language), width, centred)


def _code(language: Language) -> Column:
    return Column(labels(language)["code"], 17, centred=True)


def _lead_table(work: WorkList, language: Language) -> Table:
    columns = (
        _code(language),
        _head("indicator", 0, language),
        _head("max", 14, language, centred=True),
        _head("proof", 38, language),
        _head("with", 48, language),
        _head("progress", 40, language),
    )
    rows = (
        Row(
            (
                cell(indicator.code),
                (*cell(indicator.name, style="bold"), *cell(indicator.method, style="note")),
                cell(str(indicator.max)),
                cell(indicator.proof),
                cell(*(f"- {office}" for office in indicator.support)),
                _progress_cell(_on(work.progress, indicator), language),
            )
        )
        for indicator in work.lead
    )
    return table(columns, rows, width=LANDSCAPE, size=10)


def _unit_table(work: WorkList, language: Language) -> Table:
    columns = (
        Column(labels(language)["unit"], 50),
        _head("progress", 44, language),
        _head("points", 20, language, centred=True),
        _head("lost", 20, language, centred=True),
        _head("missing", 0, language),
    )
    rows = (
        row(
            each.unit.name,
            _progress_cell([each], language),
            decimal_text(each.points, language),
            decimal_text(each.lost, language),
            ", ".join(missing_inputs(each)) or NOTHING,
        )
        for each in work.progress
    )
    return table(columns, rows, width=LANDSCAPE, size=10)


def missing_inputs(progress: Progress) -> Iterator[str]:
    """The codes, as evidence writes them, of the facts that are not there yet."""
    for line in progress.lines:
        for value in line.inputs:
            if value.fact is None or value.fact.status is Status.UNKNOWN:
                yield line.indicator.fact_code(value.input.key)


def _support_table(work: WorkList, language: Language) -> Table:
    columns = (
        _code(language),
        Column(_NAME.say(language), 0),
        _head("max", 18, language, centred=True),
        _head("in_charge", 70, language),
        _head("proof", 50, language),
    )
    rows = (
        row(indicator.code, indicator.name, str(indicator.max), indicator.lead, indicator.proof)
        for indicator in work.support
    )
    return table(columns, rows, width=LANDSCAPE, size=10)


_NAME = Text(vi="Chỉ số", en="Indicator")


def _general_table(work: WorkList, language: Language) -> Table:
    columns = (_code(language), _head("name", 0, language), _head("measure", 40, language))
    rows = (row(item.code or item.number, item.name, item.unit) for item in work.general)
    return table(columns, rows, width=LANDSCAPE, size=10)


def _overview(works: Sequence[WorkList], language: Language) -> Table:
    columns = (
        Column(Text(vi="Đơn vị được phân công", en="Office").say(language), 0),
        _head("lead", 26, language, centred=True),
        _head("max", 22, language, centred=True),
        _head("support", 26, language, centred=True),
        _head("general", 26, language, centred=True),
        _head("progress", 50, language),
    )
    rows = (
        row(
            work.office,
            str(len(work.lead)),
            str(sum(indicator.max for indicator in work.lead)),
            str(len(work.support)),
            str(len(work.general)),
            _progress_cell(work.progress, language),
        )
        for work in works
    )
    return table(columns, rows, width=LANDSCAPE, size=10)
