"""Reading filled-in Excel forms against openpyxl alone, which only looks at every cell."""

import tempfile
import time
from pathlib import Path

from openpyxl import load_workbook

from evidence.facts import Amount, Document, Fact, Status
from evidence.forms import read_forms, write_form
from evidence.units import Unit, Units
from levels.framework import Criterion, Tier
from levels.loader import load_framework

FRAMEWORK = "kon-tum-121-2025"
CYCLE = 2025


def measure(n_forms: int) -> float:
    """How many times as long as bare openpyxl it takes to read ``n_forms`` fully filled-in forms of communes.

    Both read the same files, one after the other in turns; the time is the processor's.
    """
    framework = load_framework(FRAMEWORK)
    communes = [Unit(f"c{number}", f"Xã {number}", Tier.COMMUNE) for number in range(n_forms)]
    units = Units({unit.code: unit for unit in communes})
    criteria = framework.sets[Tier.COMMUNE].criteria
    seconds = [0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        for unit in communes:
            path = Path(folder, f"{unit.code}.xlsx")
            write_form(path, framework, unit, CYCLE, {each.code: _fact(unit, each) for each in criteria})
            started = time.process_time()
            (form,) = read_forms([path], framework, units, CYCLE)
            between = time.process_time()
            _read_bare(path)
            seconds[0] += between - started
            seconds[1] += time.process_time() - between
            assert len(form.facts) == len(criteria)
            path.unlink()
    return seconds[0] / seconds[1]


def _fact(unit: Unit, criterion: Criterion) -> Fact:
    amount = Amount(74, 104) if criterion.kind == "ratio" else Amount(1)
    document = Document(f"Báo cáo số {criterion.code}/BC-UBND")
    return Fact(unit.code, criterion.code, Status.SELF_REPORTED, amount, documents=(document,), source="Báo cáo")


def _read_bare(path: Path) -> int:
    book = load_workbook(path, read_only=True)
    cells = sum(cell.value is not None for sheet in book for row in sheet.iter_rows() for cell in row)
    book.close()
    return cells


if __name__ == "__main__":
    print(f"reading 100 forms / bare openpyxl: {measure(100):.2f} times")
