"""The layout of the Excel form: every cell of Phụ lục 01/02 with its place and printed words.

Writer and reader share it: what the writer prints into locked cells is what the reader expects
to find there again, word for word.
"""

from collections.abc import Iterator
from typing import Literal

from attrs import field, frozen

from evidence.facts import Status
from evidence.units import Unit
from levels.framework import Criterion, Framework, Tier

FORM_VERSION = "1"
META_SHEET = "ThongTin"
META_KEYS = ("form", "framework", "framework_version", "digest", "tier", "unit", "cycle", "appraisal")
GUIDE_SHEET = "Hướng dẫn"

AmountKey = Literal["numerator", "denominator", "value"]
Part = Literal["law", "report", "proof", "appraisal"]


@frozen
class Column:
    """One column of the table: its letter follows from its place in ``COLUMNS``."""

    key: str
    title: str
    width: float  # in characters, as Excel counts
    part: Part


COLUMNS = (
    Column("code", "", 8, "law"),  # hidden: the criterion's code, by which a row is recognised
    Column("number", "STT", 5, "law"),
    Column("name", "Nhóm chỉ tiêu/\ntên chỉ tiêu", 28, "law"),
    Column("measure", "Đơn vị tính", 8.5, "law"),
    Column("level_1", "", 10.5, "law"),
    Column("level_2", "", 10.5, "law"),
    Column("level_3", "", 10.5, "law"),
    Column("level_4", "", 10.5, "law"),
    Column("level_5", "", 10.5, "law"),
    Column("method", "Phương pháp tính/\nnguồn thu thập số liệu", 27, "law"),
    Column("numerator", "Số thực hiện\n(tử số)", 9, "report"),
    Column("denominator", "Tổng số\n(mẫu số)", 9, "report"),
    Column("value", "Giá trị\n(số lượng, %,\nCó/Không)", 9.5, "report"),
    Column("document", "Tài liệu\nkiểm chứng", 20, "proof"),
    Column("source", "Nguồn\nsố liệu", 14, "proof"),
    Column("measured_on", "Ngày chốt\nsố liệu", 10.5, "proof"),
    Column("note", "Ghi chú", 14, "proof"),
    Column("status", "Kết luận", 11.5, "appraisal"),
    Column("council_numerator", "Số thực hiện\n(tử số)", 9, "appraisal"),
    Column("council_denominator", "Tổng số\n(mẫu số)", 9, "appraisal"),
    Column("council_value", "Giá trị\n(số lượng, %,\nCó/Không)", 9.5, "appraisal"),
    Column("reason", "Lý do", 18, "appraisal"),
)
PLACES = {column.key: place for place, column in enumerate(COLUMNS, start=1)}
LAST_COLUMN = len(COLUMNS)
LAST_PROOF = PLACES["note"]
PARTS: dict[Part, str] = {
    "report": "Kết quả tự đánh giá",
    "proof": "Thông tin kiểm chứng",
    "appraisal": "Kết quả thẩm định",
}
COUNCIL_STATUSES = (Status.VERIFIED, Status.ADJUSTED, Status.REJECTED, Status.EXEMPT)
AMOUNT_KEYS: tuple[AmountKey, ...] = ("numerator", "denominator", "value")

SPARE_ROWS = 60  # read beyond the last row, so that stray content is seen and named
SPARE_COLUMNS = 10

HEAD_ROWS = 3
_HEAD_ROW = 10  # the first of the rows of column titles
_PEOPLES_COMMITTEE = {Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE}

Style = Literal["office", "nation", "motto", "annex", "title", "cited", "form", "unit", "hint", "signer", "role"]


@frozen
class Heading:
    """One line above or below the table, across the columns from ``first`` to ``last``."""

    row: int
    first: int
    last: int
    text: str
    style: Style


@frozen
class Layout:
    """The form of one unit: where every criterion stands and what is printed where."""

    sheet: str
    headings: tuple[Heading, ...]
    groups: dict[int, str]  # rows of the groups' names
    criteria: dict[int, Criterion]  # rows of the criteria
    printed: dict[tuple[int, int], str] = field(repr=False)  # locked text by row and column
    inputs: frozenset[tuple[int, int]] = field(repr=False)  # row and column of every cell that may be filled in
    meta: dict[str, str]
    last_column: int

    @property
    def head_row(self) -> int:
        return _HEAD_ROW

    @property
    def last_row(self) -> int:
        return max(heading.row for heading in self.headings)


def lay_out(framework: Framework, unit: Unit, cycle: int, *, appraisal: bool) -> Layout:
    """The form of ``unit`` in ``cycle``; ``appraisal`` opens the council's columns.

    Raises ``KeyError`` where the framework has no criteria set for the unit's tier.
    """
    criteria_set = framework.sets[unit.tier]
    last_column = LAST_COLUMN if appraisal else LAST_PROOF
    printed: dict[tuple[int, int], str] = {}
    groups: dict[int, str] = {}
    criteria: dict[int, Criterion] = {}
    _print_head(printed, framework, appraisal=appraisal)
    row = _HEAD_ROW + HEAD_ROWS
    for group in criteria_set.groups:
        groups[row] = group.name
        printed[row, PLACES["number"]] = group.code
        printed[row, PLACES["name"]] = group.name
        row += 1
        for criterion in criteria_set.criteria:
            if criterion.group == group.code:
                criteria[row] = criterion
                _print_criterion(printed, row, criterion)
                row += 1
    headings = _head(framework, unit, cycle, last_column, appraisal=appraisal) + _foot(unit, row + 1, last_column)
    printed |= {(heading.row, heading.first): heading.text for heading in headings}
    meta = {
        "form": f"certify/{FORM_VERSION}",
        "framework": framework.id,
        "framework_version": framework.version,
        "digest": framework.digest,
        "tier": str(unit.tier),
        "unit": unit.code,
        "cycle": str(cycle),
        "appraisal": "yes" if appraisal else "no",
    }
    inputs = frozenset(
        (row, PLACES[key]) for row, criterion in criteria.items() for key in _input_keys(criterion, appraisal=appraisal)
    )
    return Layout(criteria_set.annex, headings, groups, criteria, printed, inputs, meta, last_column)


def takes(criterion: Criterion, key: AmountKey) -> bool:
    """Whether the row of ``criterion`` has an input cell in column ``key`` (of a report's amount)."""
    if criterion.kind == "ratio":
        return True
    if criterion.kind == "count":
        return key == "value" or (key == "denominator" and criterion.needs_total)
    return criterion.kind == "presence" and key == "value"


def _input_keys(criterion: Criterion, *, appraisal: bool) -> Iterator[str]:
    """The columns that may be filled in for ``criterion``."""
    amounts = [key for key in AMOUNT_KEYS if takes(criterion, key)]
    yield from amounts
    if criterion.kind != "members":
        yield from (column.key for column in COLUMNS if column.part == "proof")
    if appraisal:
        yield from (f"council_{key}" for key in amounts)
        # Also of a derived criterion: the council can exempt a district without communes from I.1.
        yield from ("status", "reason")


def _print_head(printed: dict[tuple[int, int], str], framework: Framework, *, appraisal: bool) -> None:
    shown = COLUMNS if appraisal else COLUMNS[:LAST_PROOF]
    printed[_HEAD_ROW, PLACES["level_1"]] = "Mức độ"
    for part, title in PARTS.items():
        first = next(place for place, column in enumerate(COLUMNS, start=1) if column.part == part)
        if first <= len(shown):
            printed[_HEAD_ROW, first] = title
    for place, column in enumerate(shown[1:], start=2):
        if column.key.startswith("level_"):
            level = framework.levels[int(column.key[-1]) - 1]
            printed[_HEAD_ROW + 1, place] = f"{level.number}. {level.name}"
        else:
            printed[_HEAD_ROW + (column.part != "law"), place] = column.title
        printed[_HEAD_ROW + 2, place] = f"({place - 1})"


def _print_criterion(printed: dict[tuple[int, int], str], row: int, criterion: Criterion) -> None:
    texts = {
        "code": criterion.code,
        "number": criterion.code.partition(".")[2],
        "name": criterion.name,
        "measure": criterion.measure,
        "method": criterion.method,
    }
    texts |= {f"level_{level}": cell for level, cell in enumerate(criterion.cells, start=1)}
    if criterion.kind == "members":
        texts["value"] = "Hệ thống tự tính"
    printed |= {(row, PLACES[key]): text for key, text in texts.items() if text}


def _head(framework: Framework, unit: Unit, cycle: int, last_column: int, *, appraisal: bool) -> tuple[Heading, ...]:
    criteria_set, act = framework.sets[unit.tier], framework.instrument
    left, middle = PLACES["measure"], PLACES["level_5"]
    day = act.signed_on
    citation = f"{act.number} ngày {day.day:02d} tháng {day.month} năm {day.year} của {act.issuer}"
    name = "BIỂU TỰ ĐÁNH GIÁ VÀ THẨM ĐỊNH" if appraisal else "BIỂU TỰ ĐÁNH GIÁ"
    office, place = ("ỦY BAN NHÂN DÂN", unit.name) if unit.tier in _PEOPLES_COMMITTEE else (unit.name, "")
    hint = "Chỉ nhập vào các ô có nền màu; các ô khác đã khóa. Cách nhập xem trang “Hướng dẫn”."
    lines: tuple[tuple[int, int, int, str, Style], ...] = (
        (1, 2, left, office.upper(), "office"),
        (2, 2, left, place.upper(), "office"),
        (1, middle, last_column, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "nation"),
        (2, middle, last_column, "Độc lập - Tự do - Hạnh phúc", "motto"),
        (4, 2, last_column, criteria_set.annex.upper(), "annex"),
        (5, 2, last_column, criteria_set.title, "title"),
        (6, 2, last_column, f"(Kèm theo Quyết định số {citation})", "cited"),
        (7, 2, last_column, f"{name} NĂM {cycle}", "form"),
        (8, 2, last_column, f"Đơn vị: {unit.name} (mã đơn vị {unit.code}). Kỳ đánh giá: năm {cycle}", "unit"),
        (9, 2, last_column, hint, "hint"),
    )
    return tuple(Heading(*line) for line in lines if line[3])


def _foot(unit: Unit, row: int, last_column: int) -> tuple[Heading, ...]:
    left, right = PLACES["measure"], PLACES["numerator"]
    signer = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH" if unit.tier in _PEOPLES_COMMITTEE else "THỦ TRƯỞNG ĐƠN VỊ"
    return (
        Heading(row, right, last_column, "………………, ngày …… tháng …… năm ………", "role"),
        Heading(row + 1, 2, left, "NGƯỜI LẬP BIỂU", "signer"),
        Heading(row + 1, right, last_column, signer, "signer"),
        Heading(row + 2, 2, left, "(Ký, ghi rõ họ tên)", "role"),
        Heading(row + 2, right, last_column, "(Ký, đóng dấu, ghi rõ họ tên)", "role"),
    )
