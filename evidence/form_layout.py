"""The layout of the Excel form: every cell with its place and printed words.

Writer and reader share it: what the writer prints into locked cells is what the reader expects
to find there again, word for word.
"""

from collections.abc import Iterator
from typing import Literal

from attrs import field, frozen

from evidence.asked import Asked
from evidence.facts import Status
from evidence.form_plan import Band, Plan, plan_form
from evidence.form_tables import AMOUNT_KEYS, AmountKey, Column, Table
from evidence.units import Unit
from levels.framework import Tier
from levels.index import GeneralItem, Index
from levels.loader import Rulebook

FORM_VERSION = "1"
META_SHEET = "ThongTin"
META_KEYS = ("form", "framework", "framework_version", "digest", "tier", "unit", "cycle", "appraisal")
ROUND_KEY = "round"  # stands below the others where the form is of one round of scoring
GUIDE_SHEET = "Hướng dẫn"
GENERAL_SHEET = "Thông tin chung"
LISTS_SHEET = "DanhMuc"  # hidden: the options that cells are chosen from

COUNCIL_STATUSES = (Status.VERIFIED, Status.ADJUSTED, Status.REJECTED, Status.EXEMPT)

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
    """The form of one unit: where everything that is asked stands and what is printed where."""

    table: Table
    sheet: str
    headings: tuple[Heading, ...]
    groups: dict[int, str]  # rows of the groups' names
    criteria: dict[int, Asked]  # rows to fill in
    blocks: dict[int, int]  # rows that share their printed words with those below: how many they are
    printed: dict[tuple[int, int], str] = field(repr=False)  # locked text by row and column
    inputs: frozenset[tuple[int, int]] = field(repr=False)  # row and column of every cell that may be filled in
    meta: dict[str, str]
    last_column: int
    plan: Plan = field(repr=False)

    @property
    def head_row(self) -> int:
        return _HEAD_ROW

    @property
    def last_row(self) -> int:
        return max(heading.row for heading in self.headings)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown."""
        return self.table.columns[: self.last_column]

    @property
    def general(self) -> tuple[GeneralItem, ...]:
        """What the second sheet asks; empty where the form has none."""
        return self.plan.general

    @property
    def merged(self) -> frozenset[tuple[int, int, int, int]]:
        """Cells of the table that the form itself merges: first column, first row, last column, last row."""
        return frozenset(
            (place, row, place, row + rows - 1) for row, rows in self.blocks.items() for place in self.shared_places
        )

    @property
    def shared_places(self) -> list[int]:
        """The columns whose words the rows of one block share."""
        return [self.table.places[key] for key in _SHARED if key in self.table.places]


_SHARED = ("number", "name", "max", "method", "expected")


def lay_out(rulebook: Rulebook, unit: Unit, cycle: int, *, appraisal: bool, round_: str = "") -> Layout:
    """The form of ``unit`` in ``cycle``, of the round ``round_`` of scoring where given.

    ``appraisal`` opens the council's columns. Raises ``KeyError`` where the rulebook asks nothing of the unit's tier.
    """
    plan = plan_form(rulebook, unit, cycle)
    table = plan.table
    last_column = len(table.columns) if appraisal else table.last_proof
    printed = dict(_print_head(plan, last_column))
    groups: dict[int, str] = {}
    criteria: dict[int, Asked] = {}
    blocks: dict[int, int] = {}
    for row, line in enumerate(plan.lines, start=_HEAD_ROW + HEAD_ROWS):
        texts = line.texts
        if isinstance(line, Band):
            groups[row] = texts["name"]
        else:
            criteria[row] = line.asked
            texts = {"code": line.asked.code, **texts}
            if line.rows > 1:
                blocks[row] = line.rows
        printed |= {(row, table.places[key]): text for key, text in texts.items() if text and key in table.places}
    title = _title(rulebook, cycle, appraisal=appraisal, round_=round_)
    foot_row = _HEAD_ROW + HEAD_ROWS + len(plan.lines) + 1
    headings = _head(plan, unit, cycle, title, last_column) + _foot(table, unit, foot_row, last_column)
    printed |= {(heading.row, heading.first): heading.text for heading in headings}
    meta = {
        "form": f"certify/{FORM_VERSION}",
        "framework": rulebook.id,
        "framework_version": rulebook.version,
        "digest": rulebook.digest,
        "tier": str(unit.tier),
        "unit": unit.code,
        "cycle": str(cycle),
        "appraisal": "yes" if appraisal else "no",
        **({ROUND_KEY: round_} if round_ else {}),
    }
    inputs = frozenset(
        (row, table.places[key])
        for row, asked in criteria.items()
        for key in _input_keys(table, asked, appraisal=appraisal)
    )
    return Layout(table, plan.sheet, headings, groups, criteria, blocks, printed, inputs, meta, last_column, plan)


def takes(asked: Asked, key: AmountKey) -> bool:
    """Whether the row of ``asked`` has an input cell in column ``key`` (of a report's amount)."""
    if asked.kind == "ratio":
        return True
    if asked.kind == "members":
        return False
    return key == "value" or (key == "denominator" and asked.needs_total)


def _input_keys(table: Table, asked: Asked, *, appraisal: bool) -> Iterator[str]:
    """The columns that may be filled in for ``asked``."""
    amounts = [key for key in AMOUNT_KEYS if takes(asked, key)]
    yield from amounts
    if asked.kind != "members":
        yield from (column.key for column in table.columns if column.part == "proof")
    if appraisal:
        yield from (f"council_{key}" for key in amounts)
        # Also of a derived criterion: the council can exempt a district without communes from I.1.
        yield from ("status", "reason")


def _print_head(plan: Plan, last_column: int) -> Iterator[tuple[tuple[int, int], str]]:
    spanned: set[int] = set()
    for first, last, title in plan.table.spans:
        spanned.update(range(first, last + 1))
        if first <= last_column:
            yield (_HEAD_ROW, first), title
    for place, column in enumerate(plan.table.columns[:last_column], start=1):
        if column.key != "code":
            yield (_HEAD_ROW + (place in spanned), place), plan.titles.get(column.key, column.title)
            yield (_HEAD_ROW + 2, place), f"({place - 1})"


def _title(rulebook: Rulebook, cycle: int, *, appraisal: bool, round_: str) -> str:
    title = f"{'BIỂU TỰ ĐÁNH GIÁ VÀ THẨM ĐỊNH' if appraisal else 'BIỂU TỰ ĐÁNH GIÁ'} NĂM {cycle}"
    names = [entry.name for entry in rulebook.rounds if entry.id == round_] if isinstance(rulebook, Index) else []
    return "\n".join((title, *names))


def _head(plan: Plan, unit: Unit, cycle: int, title: str, last_column: int) -> tuple[Heading, ...]:
    left, middle = plan.table.places[plan.table.left], plan.table.places[plan.table.middle]
    office, place = ("ỦY BAN NHÂN DÂN", unit.name) if unit.tier in _PEOPLES_COMMITTEE else (unit.name, "")
    hint = "Chỉ nhập vào các ô có nền màu; các ô khác đã khóa. Cách nhập xem trang “Hướng dẫn”."
    lines: tuple[tuple[int, int, int, str, Style], ...] = (
        (1, 2, left, office.upper(), "office"),
        (2, 2, left, place.upper(), "office"),
        (1, middle, last_column, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "nation"),
        (2, middle, last_column, "Độc lập - Tự do - Hạnh phúc", "motto"),
        (4, 2, last_column, plan.annex.upper(), "annex"),
        (5, 2, last_column, plan.title, "title"),
        (6, 2, last_column, plan.cited, "cited"),
        (7, 2, last_column, title, "form"),
        (8, 2, last_column, f"Đơn vị: {unit.name} (mã đơn vị {unit.code}). Kỳ đánh giá: năm {cycle}", "unit"),
        (9, 2, last_column, hint, "hint"),
    )
    return tuple(Heading(*line) for line in lines if line[3])


def _foot(table: Table, unit: Unit, row: int, last_column: int) -> tuple[Heading, ...]:
    left = table.places[table.left]
    right = next(place for place, column in enumerate(table.columns, start=1) if column.part == "report")
    signer = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH" if unit.tier in _PEOPLES_COMMITTEE else "THỦ TRƯỞNG ĐƠN VỊ"
    return (
        Heading(row, right, last_column, "………………, ngày …… tháng …… năm ………", "role"),
        Heading(row + 1, 2, left, "NGƯỜI LẬP BIỂU", "signer"),
        Heading(row + 1, right, last_column, signer, "signer"),
        Heading(row + 2, 2, left, "(Ký, ghi rõ họ tên)", "role"),
        Heading(row + 2, right, last_column, "(Ký, đóng dấu, ghi rõ họ tên)", "role"),
    )
