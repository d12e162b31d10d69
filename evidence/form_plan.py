"""Form plans: what the Excel form of a unit asks, line by line, in the words of its rulebook."""

import datetime
import re
from collections.abc import Iterator

from attrs import frozen

from evidence.asked import Asked, AskedCriterion
from evidence.form_tables import RECOGNITION, Table, index_table
from evidence.inputs import AskedInput, ask_inputs
from evidence.units import Unit
from levels.framework import Framework
from levels.index import GeneralItem, Index, IndicatorSet
from levels.loader import Rulebook

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_MEASURES = {"count": "Số lượng", "presence": "Có/Không", "choice": "Chọn một", "score": "Điểm"}


@frozen
class Band:
    """A heading across the table: a group of criteria, a pillar with its maximum."""

    texts: dict[str, str]  # by column


@frozen
class Line:
    """One row to fill in. ``rows``: how many rows share its printed words; 0 in all of them but the first."""

    asked: Asked
    texts: dict[str, str]  # what is printed, by column
    rows: int = 1


@frozen
class Plan:
    """The form of one rulebook for one unit."""

    table: Table
    titles: dict[str, str]  # of columns that the rulebook names
    sheet: str
    annex: str
    title: str
    cited: str
    lines: tuple[Band | Line, ...]
    general: tuple[GeneralItem, ...] = ()
    window: tuple[datetime.date, datetime.date] | None = None  # the days whose data count, where the rulebook says so


def plan_form(rulebook: Rulebook, unit: Unit, cycle: int) -> Plan:
    """What the form of ``unit`` asks in ``cycle``. Raises ``KeyError`` where the rulebook asks nothing of its tier."""
    if isinstance(rulebook, Index):
        return _plan_index(rulebook, unit, cycle)
    return _plan_recognition(rulebook, unit)


def sheet_of(annex: str) -> str:
    """The name of a sheet: ``annex`` as far as Excel allows it."""
    return _NOT_IN_NAMES.sub(" ", annex)[:31].strip()


def _plan_recognition(framework: Framework, unit: Unit) -> Plan:
    criteria_set, act = framework.sets[unit.tier], framework.instrument
    day = act.signed_on
    lines: list[Band | Line] = []
    for group in criteria_set.groups:
        lines.append(Band({"number": group.code, "name": group.name}))
        for criterion in criteria_set.criteria:
            if criterion.group == group.code:
                asked = AskedCriterion(criterion)
                lines.append(Line(asked, _criterion_texts(asked)))
    return Plan(
        table=RECOGNITION,
        titles={f"level_{level.number}": f"{level.number}. {level.name}" for level in framework.levels},
        sheet=criteria_set.annex,
        annex=criteria_set.annex,
        title=criteria_set.title,
        cited=f"(Kèm theo Quyết định số {act.number} ngày {day.day:02d} tháng {day.month} năm {day.year} "
        f"của {act.issuer})",
        lines=tuple(lines),
    )


def _criterion_texts(asked: AskedCriterion) -> dict[str, str]:
    criterion = asked.criterion
    texts = {
        "number": criterion.code.partition(".")[2],
        "name": criterion.name,
        "measure": criterion.measure,
        "method": criterion.method,
    }
    texts |= {f"level_{level}": cell for level, cell in enumerate(criterion.cells, start=1)}
    if criterion.kind == "members":
        texts["value"] = "Hệ thống tự tính"
    return texts


def _plan_index(index: Index, unit: Unit, cycle: int) -> Plan:
    criteria_set = index.sets[unit.tier]
    return Plan(
        table=index_table(criteria_set),
        titles={},
        sheet=sheet_of(criteria_set.annex),
        annex=criteria_set.annex,
        title=criteria_set.title,
        cited=f"(Kèm theo {index.instrument.citation})",
        lines=tuple(_index_lines(index, criteria_set, unit)),
        general=criteria_set.general,
        window=None if index.window is None else index.window.days(cycle),
    )


def _index_lines(index: Index, criteria_set: IndicatorSet, unit: Unit) -> Iterator[Band | Line]:
    """The pillars with the inputs of their indicators, without those that are not for ``unit``; then the bonus."""
    asked = {entry.code: entry for entry in ask_inputs(index, criteria_set)}
    group = ""
    for pillar in criteria_set.pillars:
        lines = [
            Line(entry, _input_texts(entry, first=number == 0), 0 if number else len(indicator.inputs))
            for indicator in pillar.indicators
            for number, entry in enumerate(asked[indicator.fact_code(each.key)] for each in indicator.inputs)
            if entry.is_for(unit)
        ]
        if lines and pillar.group != group:
            group = pillar.group
            yield Band({"name": group})
        if lines and not pillar.whole:
            yield Band({"number": pillar.number or pillar.code, "name": pillar.name, "max": str(pillar.max)})
        yield from lines
    if criteria_set.bonus is not None:
        yield Line(asked[criteria_set.bonus.code], _input_texts(asked[criteria_set.bonus.code], first=True))


def _input_texts(asked: AskedInput, *, first: bool) -> dict[str, str]:
    """What is printed beside one input; the indicator's own words only where its rows begin."""
    indicator, entry = asked.indicator, asked.input
    measure = entry.unit or _MEASURES.get(entry.kind, "")
    if indicator is None:
        texts = {"number": asked.code, "name": entry.label, "label": "Điểm và lý do (ghi ở cột Ghi chú)"}
        return {**texts, "measure": measure, "max": "" if asked.most is None else str(asked.most)}
    several = len(indicator.inputs) > 1
    own = {"score": "Điểm chấm", "presence": "Kết quả", "choice": "Lựa chọn"}
    label = f"{entry.key}: {entry.label}" if several else own.get(entry.kind, entry.label)
    texts = {"label": label, "measure": measure}
    if not first:
        return texts
    words = {"method": indicator.method, "expected": indicator.proof}
    return (
        texts
        | words
        | {"number": indicator.number or indicator.code, "name": indicator.name, "max": str(indicator.max)}
    )
