"""The list of units with their dossiers: filters, search without tones, order, pages, Excel."""

from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from markupsafe import Markup

from certification.procedure.actions import Action
from certification.procedure.refusals import DUTIES
from certification.procedure.states import State
from certification.store.assessments import framework_of, recognitions_of
from certification.store.models import Dossier, UnitRecord
from certification.store.results import Result
from certification.store.search import fold
from certification.store.subjects import kind_of
from certification.store.worklist import Waiting, waiting_among
from certification.web.gate import actor_in, gate
from certification.web.looking.scope import Scope, results_in, scope_in
from certification.web.looking.unit_tables import unit_column
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, badge, level_badge, show_table
from certification.web.words import TIERS, time_left, urgency_kind
from levels.faults import Text
from levels.framework import Framework, Tier
from rules.verdict import Recognition


@frozen
class UnitRow:
    """One dossier in the list; of a unit that the reader may not look into only what is public."""

    dossier: Dossier
    framework: Framework
    result: Result | None
    waiting: Waiting | None
    recognition: Recognition | None

    @property
    def unit(self) -> UnitRecord:
        return self.dossier.unit

    @property
    def parent(self) -> UnitRecord | None:
        return self.unit.parent

    @property
    def state(self) -> State:
        return State(self.dossier.state)

    @property
    def stale(self) -> str:
        """Why its result must be looked at again: that states levels which nobody has published."""
        return "" if self.result is None else self.dossier.stale


@gate(Action.READ_RESULT, anywhere=True)
def list_units(request: HttpRequest) -> HttpResponse:
    """The units of a cycle that the reader may see, narrowed by the filters of the address."""
    scope = scope_in(request)
    if scope is None:
        return render(request, "looking/nothing.html", {"heading": Text(vi="Đơn vị", en="Units")})
    rows = rows_of(request, scope)
    found = [row for row in rows if all(test(row) for test in _tests(request))]
    parents = {row.parent.pk: row.parent for row in rows if row.parent is not None}
    context = {
        "scope": scope,
        "framework": framework_of(scope.cycle),
        "tiers": [(tier, tell(TIERS[tier])) for tier in Tier if any(row.unit.tier == tier for row in rows)],
        "states": [(state.value, tell(state.label)) for state in State if any(row.state is state for row in rows)],
        "parents": sorted(parents.values(), key=lambda unit: unit.sort_key),
        "asked": request.GET,
    }
    return show_table(request, "looking/units.html", table_of(scope), found, context)


def rows_of(request: HttpRequest, scope: Scope) -> list[UnitRow]:
    """The rows of the list, before any filter."""
    framework = framework_of(scope.cycle)
    results = results_in(scope, scope.dossiers)
    recognitions = recognitions_of(scope.cycle)
    waiting = {each.dossier.pk: each for each in waiting_among(actor_in(request), scope.dossiers, timezone.localdate())}
    return [
        UnitRow(
            dossier,
            framework,
            results.get(dossier.pk),
            waiting.get(dossier.pk),
            recognitions.get(dossier.unit.code),
        )
        for dossier in (*scope.dossiers, *scope.published)
    ]


def _tests(request: HttpRequest) -> list[Callable[[UnitRow], bool]]:
    asked = request.GET
    tests: list[Callable[[UnitRow], bool]] = []
    words = fold(asked.get("q", "")).split()
    if words:
        tests.append(lambda row: all(word in row.unit.search_key for word in words))
    if asked.get("tier"):
        tests.append(lambda row: row.unit.tier == asked["tier"])
    if asked.get("state"):
        tests.append(lambda row: row.dossier.state == asked["state"])
    if asked.get("parent"):
        tests.append(lambda row: asked["parent"] in (str(row.unit.parent_id), str(row.unit.pk)))
    if asked.get("level"):
        tests.append(lambda row: row.result is not None and str(row.result.levels.level) == asked["level"])
    if asked.get("only") in _ONLY:
        tests.append(_ONLY[asked["only"]])
    return tests


_ONLY: dict[str, Callable[[UnitRow], bool]] = {
    "mine": lambda row: row.waiting is not None and row.waiting.mine,
    "late": lambda row: row.waiting is not None and row.waiting.reminder.overdue > 0,
    "stale": lambda row: bool(row.stale),
    "below": lambda row: (
        row.result is not None and row.dossier.target is not None and row.result.levels.level < row.dossier.target
    ),
}


def table_of(scope: Scope) -> Table[UnitRow]:
    """The table of the units of one cycle."""
    kind = kind_of(scope.cycle)
    columns: Sequence[Column[UnitRow]] = (
        unit_column(scope.cycle),
        Column(key="code", title=Text(vi="Mã", en="Code"), value=lambda row: row.unit.code, width=9),
        Column(
            key="tier",
            title=Text(vi="Cấp", en="Tier"),
            value=lambda row: TIERS[Tier(row.unit.tier)],
            width=9,
        ),
        Column(
            key="parent",
            title=Text(vi="Trực thuộc", en="Under"),
            value=lambda row: row.parent.name if row.parent else None,
            rank=lambda row: row.parent.sort_key if row.parent else "",
            width=24,
        ),
        Column(
            key="target",
            title=Text(vi="Đăng ký", en="Registered"),
            value=lambda row: row.dossier.target,
            align="middle",
            width=10,
        ),
        _level("level", Text(vi="Được chấp nhận", en="Accepted"), lambda result: result.levels.level, named=True),
        _level("claimed", Text(vi="Tự đánh giá", en="Self-assessed"), lambda result: result.levels.claimed_level),
        _level("possible", Text(vi="Còn có thể đạt", en="Possible"), lambda result: result.levels.possible_level),
        Column(
            key="recognised",
            title=Text(vi="Đã công nhận", en="Recognised"),
            value=lambda row: None if row.recognition is None else row.recognition.levels.level,
            show=lambda row: level_badge(None if row.recognition is None else row.recognition.levels.level),
            align="middle",
            width=12,
        ),
        Column(
            key="state",
            title=Text(vi="Trạng thái", en="State"),
            value=lambda row: row.state.label_in(kind),
            rank=lambda row: list(State).index(row.state),
            width=24,
        ),
        Column(
            key="waits",
            title=Text(vi="Đang chờ", en="Waits for"),
            value=lambda row: DUTIES[row.waiting.reminder.wait.duty] if row.waiting else None,
            width=24,
        ),
        Column(
            key="left",
            title=Text(vi="Thời hạn", en="Time left"),
            value=lambda row: time_left(row.waiting.reminder) or None if row.waiting else None,
            show=_left,
            rank=lambda row: row.waiting.reminder.days_left if row.waiting else 0,
            width=20,
        ),
        Column(
            key="stale",
            title=Text(vi="Cần xem lại", en="To look at again"),
            value=lambda row: row.stale or None,
            only_excel=True,
            width=40,
        ),
    )
    year = scope.cycle.year
    return Table(
        name=f"don-vi-{year}",
        caption=Text(vi=f"Đơn vị và hồ sơ năm {year}", en=f"Units and dossiers of {year}"),
        columns=columns,
        sort="name",
        empty=Text(vi="Không có đơn vị nào phù hợp với bộ lọc.", en="No unit matches the filter."),
    )


def _level(key: str, title: Text, level: Callable[[Result], int], *, named: bool = False) -> Column[UnitRow]:
    def show(row: UnitRow) -> Markup:
        if row.result is None:
            return level_badge(None)
        reached = level(row.result)
        name = next((each.name for each in row.framework.levels if each.number == reached), "") if named else ""
        return level_badge(reached, name)

    def value(row: UnitRow) -> Any:
        return None if row.result is None else level(row.result)

    return Column(key=key, title=title, value=value, show=show, align="middle" if not named else "start", width=12)


def _left(row: UnitRow) -> str | Markup:
    if row.waiting is None:
        return ""
    text = time_left(row.waiting.reminder)
    if not text:
        return say("không có hạn", "no date")
    return badge(text, urgency_kind(row.waiting.reminder))
