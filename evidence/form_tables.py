"""Form tables: the columns of the Excel form, as Phụ lục 01/02 print them and as an index needs them."""

from functools import cached_property
from typing import Literal

from attrs import frozen

from levels.index import IndicatorSet

AmountKey = Literal["numerator", "denominator", "value"]
Part = Literal["law", "report", "proof", "appraisal"]

AMOUNT_KEYS: tuple[AmountKey, ...] = ("numerator", "denominator", "value")
_PARTS: dict[Part, str] = {
    "proof": "Thông tin kiểm chứng",
    "appraisal": "Kết quả thẩm định",
}


@frozen
class Column:
    """One column of the table: its letter follows from its place."""

    key: str
    title: str
    width: float  # in characters, as Excel counts
    part: Part


@frozen
class Table:
    """The columns of one form, and how its head is laid out over them."""

    columns: tuple[Column, ...]
    left: str  # the last column below the office's name, top left
    middle: str  # the first column below the nation's name, top right
    levels: tuple[str, str] | None = None  # the first and last column under «Mức độ»
    report: str = "Kết quả tự đánh giá"  # the title over the unit's own values

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each column, from 1."""
        return {column.key: place for place, column in enumerate(self.columns, start=1)}

    @property
    def last_proof(self) -> int:
        """The last column of a form without the council's part."""
        return self.places["note"]

    @cached_property
    def spans(self) -> tuple[tuple[int, int, str], ...]:
        """Columns under a common title: the first, the last, the title."""
        spans = [] if self.levels is None else [(self.places[self.levels[0]], self.places[self.levels[1]], "Mức độ")]
        titles: dict[Part, str] = {"report": self.report, **_PARTS}
        for part, title in titles.items():
            places = [self.places[column.key] for column in self.columns if column.part == part]
            spans.append((places[0], places[-1], title))
        return tuple(spans)

    def column(self, key: str) -> Column:
        """The column with this key."""
        return self.columns[self.places[key] - 1]


_CODE = Column("code", "", 8, "law")  # hidden: the fact's code, by which a row is recognised
_NUMBER = Column("number", "STT", 5, "law")
_PROOF = (
    Column("document", "Tài liệu\nkiểm chứng", 20, "proof"),
    Column("source", "Nguồn\nsố liệu", 14, "proof"),
    Column("measured_on", "Ngày chốt\nsố liệu", 10.5, "proof"),
    Column("note", "Ghi chú", 14, "proof"),
)
_RULING = Column("status", "Kết luận", 11.5, "appraisal")
_REASON = Column("reason", "Lý do", 18, "appraisal")

RECOGNITION = Table(
    (
        _CODE,
        _NUMBER,
        Column("name", "Nhóm chỉ tiêu/\ntên chỉ tiêu", 28, "law"),
        Column("measure", "Đơn vị tính", 8.5, "law"),
        *(Column(f"level_{number}", "", 10.5, "law") for number in range(1, 6)),
        Column("method", "Phương pháp tính/\nnguồn thu thập số liệu", 27, "law"),
        Column("numerator", "Số thực hiện\n(tử số)", 9, "report"),
        Column("denominator", "Tổng số\n(mẫu số)", 9, "report"),
        Column("value", "Giá trị\n(số lượng, %,\nCó/Không)", 9.5, "report"),
        *_PROOF,
        _RULING,
        Column("council_numerator", "Số thực hiện\n(tử số)", 9, "appraisal"),
        Column("council_denominator", "Tổng số\n(mẫu số)", 9, "appraisal"),
        Column("council_value", "Giá trị\n(số lượng, %,\nCó/Không)", 9.5, "appraisal"),
        _REASON,
    ),
    left="measure",
    middle="level_5",
    levels=("level_1", "level_5"),
)
"""The columns of Phụ lục 01/02."""

_METHOD = (
    Column("method", "Cách xác định\nvà tính điểm", 38, "law"),
    Column("expected", "Tài liệu kiểm\nchứng cần có", 14, "law"),
)


def index_table(criteria_set: IndicatorSet) -> Table:
    """The columns of the form of an index: where the decision prints no formulas, none for them either."""
    formulas = any(indicator.method or indicator.proof for indicator in criteria_set.indicators)
    columns = (
        _CODE,
        _NUMBER,
        Column("name", "Chỉ số chính/\nchỉ số thành phần", 28 if formulas else 56, "law"),
        Column("max", "Điểm\ntối đa", 7, "law"),
        *(_METHOD if formulas else ()),
        Column("label", "Số liệu cần nhập", 28 if formulas else 14, "law"),
        Column("measure", "Đơn vị tính", 9, "law"),
        Column("value", "Giá trị", 14, "report"),
        *_PROOF,
        _RULING,
        Column("council_value", "Giá trị", 14, "appraisal"),
        _REASON,
    )
    return Table(columns, left="max", middle="measure", report="Tự đánh giá")
