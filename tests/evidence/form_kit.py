"""What the tests of the Excel form share: a small tree of units, and ways to tamper with a workbook."""

import datetime
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from evidence.facts import Fact, Status
from evidence.form_layout import META_KEYS, META_SHEET, lay_out
from evidence.form_tables import RECOGNITION
from evidence.forms import FormContent, read_form, write_form
from evidence.units import Unit, Units
from levels.faults import Faulty
from levels.framework import Tier
from levels.loader import load_framework

CYCLE = 2025
PLACES = RECOGNITION.places
FRAMEWORK = load_framework("kon-tum-121-2025")
CRITERIA = FRAMEWORK.sets[Tier.COMMUNE].criteria
PROVINCE = Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE)
DISTRICT = Unit("608", "Thành phố Kon Tum", Tier.DISTRICT, "62")
VACUOUS = Unit("999", "Huyện đảo", Tier.DISTRICT, "62")  # a district without communes
COMMUNE = Unit("23281", "Phường Quang Trung", Tier.COMMUNE, "608")
OTHER = Unit("23284", "Phường Duy Tân", Tier.COMMUNE, "608")
UNITS = Units({unit.code: unit for unit in (PROVINCE, DISTRICT, VACUOUS, COMMUNE, OTHER)})
FIRST_SHEET = "xl/worksheets/sheet1.xml"
SHEET = {Tier.COMMUNE: "Phụ lục 01", Tier.DISTRICT: "Phụ lục 02"}


def fact(criterion: str, status: Status = Status.SELF_REPORTED, unit: str = COMMUNE.code, **rest: Any) -> Fact:
    return Fact(unit, criterion, status, **rest)


def dossier(*facts: Fact) -> dict[str, Fact]:
    return {each.criterion: each for each in facts}


def row_of(code: str, unit: Unit = COMMUNE) -> int:
    """The row in which the form prints the criterion."""
    layout = lay_out(FRAMEWORK, unit, CYCLE, appraisal=False)
    return next(row for row, criterion in layout.criteria.items() if criterion.code == code)


def letter(key: str) -> str:
    return chr(ord("A") + PLACES[key] - 1)


def new_form(path: Path, *facts: Fact, unit: Unit = COMMUNE, appraisal: bool = False) -> Path:
    write_form(path, FRAMEWORK, unit, CYCLE, dossier(*facts), appraisal=appraisal)
    return path


def edit(path: Path, change: Callable[[Any], object], sheet: str = SHEET[Tier.COMMUNE]) -> Path:
    """Change one sheet as an office program would, and save the workbook."""
    book = load_workbook(path)
    change(book[sheet])
    book.save(path)
    return path


def fill(path: Path, cells: Mapping[tuple[str, str], Any], unit: Unit = COMMUNE) -> Path:
    """Type values into cells, given by criterion and column, as Excel would store them.

    A text beginning with ``=`` is a formula, with ``#`` an error; a pair (value, "percent" or
    "date" or "general") changes how the cell shows its number.
    """
    return type_in(path, {f"{letter(key)}{row_of(code, unit)}": value for (code, key), value in cells.items()})


def type_in(path: Path, cells: Mapping[str, Any]) -> Path:
    def change(parts: dict[str, bytes]) -> None:
        sheet = parts[FIRST_SHEET].decode()
        styles = {
            "percent": _style(sheet, f"{letter('value')}{row_of('I.1')}"),
            "date": _style(sheet, f"{letter('measured_on')}{row_of('I.1')}"),
            "general": "0",
        }
        for reference, value in cells.items():
            old = re.search(rf'<c r="{reference}"[^>]*?(?:/>|>.*?</c>)', sheet)
            assert old, reference
            sheet = sheet.replace(old[0], _cell(reference, value, styles, _style(sheet, reference)))
        parts[FIRST_SHEET] = sheet.encode()

    return rewrite(path, change)


def _style(sheet: str, reference: str) -> str:
    found = re.search(rf'<c r="{reference}" s="([0-9]+)"', sheet)
    return found[1] if found else "0"


def _cell(reference: str, value: Any, styles: Mapping[str, str], style: str) -> str:
    if isinstance(value, tuple):
        value, style = value[0], styles[value[1]]
    if isinstance(value, datetime.datetime | datetime.time):
        value, style = to_excel(value), styles["date"]
    if isinstance(value, bool):
        kind, content = ' t="b"', f"<v>{int(value)}</v>"
    elif value is None:
        kind, content = "", ""
    elif not isinstance(value, str):
        kind, content = "", f"<v>{value!r}</v>"
    elif value.startswith("#"):
        kind, content = ' t="e"', f"<v>{value}</v>"
    elif value.startswith("="):
        kind, content = "", f"<f>{value[1:]}</f><v>2</v>"  # the cached result must never be used
    else:
        kind, content = ' t="inlineStr"', f"<is><t>{escape(value, {chr(13): '&#13;'})}</t></is>"
    return f'<c r="{reference}" s="{style}"{kind}>{content}</c>'


def set_meta(path: Path, **values: str | None) -> Path:
    """Change the hidden metadata."""

    def change(sheet: Any) -> None:
        for key, value in values.items():
            sheet.cell(META_KEYS.index(key) + 1, 2).value = value

    return edit(path, change, META_SHEET)


def rewrite(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Change the parts of the workbook's container."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def replace_in(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Replace bytes in one part, which must hold them."""

    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return rewrite(path, change)


def read(path: Path, cycle: int = CYCLE) -> FormContent:
    return read_form(path, FRAMEWORK, UNITS, cycle)


def faults_of(path: Path, cycle: int = CYCLE) -> list[str]:
    """The faults in English, without the file's name."""
    with pytest.raises(Faulty) as caught:
        read(path, cycle)
    for fault in caught.value.faults:
        assert fault.file == str(path)
        assert "\n" not in fault.line("vi") + fault.line("en")
    return [fault.line("en").removeprefix(f"{path}:") for fault in caught.value.faults]
