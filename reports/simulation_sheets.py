"""Sheets: a simulation as an Excel workbook, the draws of every unit counted level by level."""

from levels.faults import Language, Text
from levels.framework import LEVELS
from reports.sheets import Book
from reports.simulation import (
    SimulationView,
    all_moves,
    all_worth,
    asked_text,
    below_text,
    binding_text,
    fact_text,
    is_open,
    moves_text,
    view_simulation,
)
from reports.words import NOTHING, decimal_text
from rules.outlook import Simulation


def simulation_workbook(simulation: Simulation, file: str, language: Language) -> bytes:
    """A simulation as an Excel workbook: the counts of draws of every unit, what to verify, what was assumed."""
    view, book = view_simulation(simulation, file, language), Book()
    _chance_sheet(book, simulation, view, language)
    _worth_sheet(book, simulation, view, language)
    sheet = book.sheet(view.labels["assumed"])
    top = book.heading(sheet, [view.labels["assumed"], view.synthetic_mark, view.headline])
    for line, text in enumerate((*view.assumptions, *view.notes), start=top):
        book.write(sheet, line, 0, text)
    sheet.set_column(0, 0, 120)
    return book.close()


HEAD: dict[str, object] = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}


def _chance_sheet(book: Book, simulation: Simulation, view: SimulationView, language: Language) -> None:
    labels = view.labels
    sheet = book.sheet(labels["chances"])
    draws = Text(vi="số lần trên", en="draws of")
    top = book.heading(
        sheet, [f"{labels['chances']} ({draws.say(language)} {simulation.draws})", view.synthetic_mark, view.citation]
    )
    code = Text(vi="Mã", en="Code").say(language)
    accepted = Text(vi="Mức được chấp nhận", en="Accepted level").say(language)
    asked = asked_text(simulation, simulation.units, language)
    below = Text(vi="Đơn vị cấp dưới thường giữ mức lại", en="Units below that most often hold it").say(language)
    reached = Text(vi="Số lần đạt ít nhất mức đó", en="Draws in which it is reached").say(language)
    levels = [labels["none"] if level == 0 else str(level) for level in (0, *LEVELS)]
    for column, text in enumerate((code, labels["unit"], accepted, *levels, asked, reached, labels["binding"], below)):
        book.write(sheet, top, column, text, **HEAD)
    for line, outlook in enumerate(sorted(simulation.units, key=is_open, reverse=True), start=top + 1):
        cells = (
            outlook.unit.code,
            outlook.unit.name,
            outlook.levels.level,
            *outlook.counts,
            outlook.asked,
            sum(outlook.counts[outlook.asked :]),
            binding_text(outlook, language),
            below_text(outlook, language) or NOTHING,
        )
        for column, value in enumerate(cells):
            align = "left" if column in (1, len(cells) - 2, len(cells) - 1) else "center"
            book.write(sheet, line, column, value, border=1, align=align)
    last = top + len(simulation.units)
    sheet.conditional_format(
        top + 1, 3, last, 8, {"type": "data_bar", "bar_color": "#7FB3DD",  "min_type": "num",
                              "min_value": 0, "max_type": "num", "max_value": simulation.draws},
    )  # fmt: skip
    for column, width in enumerate((9, 28, 11, *([11] * 6), 14, 14, 60, 60)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)


def _worth_sheet(book: Book, simulation: Simulation, view: SimulationView, language: Language) -> None:
    labels = view.labels
    sheet = book.sheet(labels["worth"])
    top = book.heading(sheet, [labels["worth"], view.synthetic_mark, view.worth_note])
    right = Text(vi="Đoán đúng mức thêm (điểm %)", en="Guessed right more often (percentage points)")
    for column, text in enumerate((labels["of"], labels["verify"], right.say(language), labels["moves"])):
        book.write(sheet, top, column, text, **HEAD)
    for line, (outlook, worth) in enumerate((*all_worth(simulation), *all_moves(simulation)), start=top + 1):
        cells = (
            f"{outlook.unit.name} ({outlook.unit.code})",
            fact_text(outlook, worth, language),
            decimal_text(worth.right * 100, language, 4),
            moves_text(simulation, outlook, worth, language) or NOTHING,
        )
        for column, value in enumerate(cells):
            book.write(sheet, line, column, value, border=1, align="center" if column == 2 else "left")
    for column, width in enumerate((34, 80, 18, 44)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
