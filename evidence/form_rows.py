"""Form rows: one row of a form → its fact, with every fault at its cell."""

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

from attrs import define

from evidence.asked import Asked
from evidence.facts import Amount, Fact, Status
from evidence.form_cells import read_amount_cell, read_date_cell, read_text_cell
from evidence.form_layout import COUNCIL_STATUSES, ROUND_KEY, Layout
from evidence.form_structure import name_place
from evidence.form_tables import AMOUNT_KEYS
from evidence.units import Units
from evidence.values import STATUS_NAMES, Flaw, Unreadable, quote, read_documents, read_status
from evidence.workbooks import EMPTY, Cell, Sheet
from levels.faults import Findings, Text

_Value = TypeVar("_Value")
_Prefix = Literal["", "council_"]

_RULINGS = ", ".join(STATUS_NAMES[status].vi for status in COUNCIL_STATUSES)
_EXPECTED_RULING = Text(
    vi=f"cần một trong: {_RULINGS}", en="expected one of " + ", ".join(str(status) for status in COUNCIL_STATUSES)
)


@define
class FormRow:
    """The row of what is ``asked``, printed in ``line`` of the layout and found in ``row`` of the sheet."""

    sheet: Sheet
    layout: Layout
    line: int
    row: int
    asked: Asked
    findings: Findings
    ruling: Status | None = None
    faulty: bool = False

    def read(self, units: Units) -> Fact | None:
        """The row's fact; None where the row is empty, and where it is at fault (``findings`` then says why)."""
        document, source, note, reason = (
            self._take(read_text_cell, key) or "" for key in ("document", "source", "note", "reason")
        )
        measured_on = self._take(read_date_cell, "measured_on")
        cycle = int(self.layout.meta["cycle"])
        if measured_on is not None and measured_on.year > cycle:
            found = Text(
                vi=f"ngày {measured_on:%d/%m/%Y} sau năm đánh giá {cycle}",
                en=f"the day {measured_on} is after the cycle {cycle}",
            )
            expected = Text(vi=f"cần ngày không sau năm {cycle}", en=f"expected a day no later than {cycle}")
            self._note([Flaw("measured_on", found, expected)])
        reported, council = self._read_amount(""), self._read_amount("council_")
        self._read_ruling(reported, council, reason)
        stated = reported is not None or self.ruling is not None
        if self.faulty or not (stated or document or source or note or measured_on):
            return None
        adjusted = self.ruling is Status.ADJUSTED
        fact = Fact(
            unit=self.layout.meta["unit"],
            criterion=self.asked.code,
            status=self.ruling or (Status.SELF_REPORTED if stated else Status.UNKNOWN),
            amount=council if adjusted or reported is None else reported,
            reported=reported if adjusted else None,
            documents=read_documents(document.replace("\n", "|")),
            source=source,
            measured_on=measured_on,
            note=self._join(note, reason),
            round=self.layout.meta.get(ROUND_KEY, ""),
        )
        self._note(self.asked.find_flaws(fact, units), "council_" if adjusted else "")
        for doubt in self.asked.find_doubts(fact, units[fact.unit]):
            self.findings.warn(self.row, self._column(doubt.column), found=doubt.found, expected=doubt.expected)
        return fact

    @property
    def place(self) -> tuple[int, str]:
        """Where the fact stands: its row, and the column of its value, of the ruling, or else of its number."""
        filled = (key for key in (*AMOUNT_KEYS, "status") if self._cell(key).kind != "empty")
        return self.row, self._column(next(filled, "number"))

    def _cell(self, key: str) -> Cell:
        """The input cell in column ``key``; EMPTY where the form has none (what stands there is told as stray)."""
        place = self.layout.table.places.get(key, 0)
        return self.sheet.cell(self.row, place) if (self.line, place) in self.layout.inputs else EMPTY

    def _take(self, read: Callable[[Cell, str], _Value], key: str) -> _Value | None:
        """What ``read`` makes of the cell in column ``key``; None and a fault where it cannot be read."""
        try:
            return read(self._cell(key), key)
        except Unreadable as unreadable:
            self._note(unreadable.flaws)
            return None

    def _note(self, flaws: Iterable[Flaw], prefix: _Prefix = "") -> None:
        for flaw in flaws:
            self.faulty = True
            column = self._column(flaw.column, prefix)
            self.findings.error(self.row, column, found=flaw.found, expected=flaw.expected)

    def _column(self, name: str, prefix: _Prefix = "") -> str:
        """The column of the form for what ``evidence.values`` and ``evidence.admission`` call ``name``."""
        if name in AMOUNT_KEYS:
            name = prefix + name
        elif name == "reported":
            name = "numerator" if self.asked.kind == "ratio" else "value"
        elif name == "note" and self.ruling is not None:
            name = "reason"
        elif name == "criterion":
            name = "number"
        return name_place(self.sheet.name, self.layout.table.places[name])

    def _read_amount(self, prefix: _Prefix) -> Amount | None:
        """The unit's own value, or with ``prefix`` the council's."""
        flaws: list[Flaw] = []
        texts = dict.fromkeys(AMOUNT_KEYS, "")
        for key in AMOUNT_KEYS:
            try:
                texts[key] = read_amount_cell(self._cell(prefix + key), self.asked, key)
            except Unreadable as unreadable:
                flaws.extend(unreadable.flaws)
        broken = {flaw.column for flaw in flaws}
        # The other cells are examined too: a part in place of its broken counterpart contradicts nothing.
        part = texts["numerator"] or texts["denominator"]
        stand_in = {"numerator": part, "denominator": part, "value": part if self.asked.kind == "count" else ""}
        try:
            amount = self.asked.read(**{k: stand_in[k] if k in broken else texts[k] for k in AMOUNT_KEYS})
        except Unreadable as unreadable:
            flaws.extend(flaw for flaw in unreadable.flaws if flaw.column not in broken)
        self._note(flaws, prefix)
        return None if flaws else amount

    def _read_ruling(self, reported: Amount | None, council: Amount | None, reason: str) -> None:
        """What the council rules on the row, and whether its value and reason go with it."""
        word = self._take(read_text_cell, "status") or ""
        if not word:
            if council is not None or reason:
                found = Text(
                    vi="có giá trị hoặc lý do thẩm định nhưng chưa có kết luận",
                    en="there is an appraised value or reason but no ruling",
                )
                self._note([Flaw("status", found, _EXPECTED_RULING)])
            return
        self.ruling = read_status(word)
        if self.ruling not in COUNCIL_STATUSES:
            found = Text(vi=f"{quote(word)} không phải là kết luận thẩm định", en=f"{quote(word)} is no ruling")
            self._note([Flaw("status", found, _EXPECTED_RULING)])
        elif (
            council is not None
            and council != reported
            and not (self.ruling is Status.ADJUSTED or (self.ruling is Status.EXEMPT and reported is None))
        ):
            value = self.asked.write(council)
            found = Text(
                vi=f"kết luận “{STATUS_NAMES[self.ruling].vi}” nhưng hội đồng ghi giá trị khác với báo cáo: {value}",
                en=f"ruled {self.ruling}, but the council's value {value} differs from the one reported",
            )
            expected = Text(
                vi="hãy bỏ giá trị của hội đồng, hoặc kết luận “điều chỉnh”",
                en="remove the council's value, or rule “adjusted”",
            )
            self._note([Flaw("status", found, expected)])

    def _join(self, note: str, reason: str) -> str:
        """One note of the council's reason and the unit's own words, none of which may be lost.

        The unit's words alone never count as the council's reason for a rejection or exemption.
        """
        if reason and note:
            return f"{reason}\n(Ghi chú của đơn vị: {note})"
        return reason if self.ruling in (Status.REJECTED, Status.EXEMPT) else reason or note
