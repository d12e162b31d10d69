"""Hypotheses: what a scenario would change, beside what is recorded; values that only say so, decided elsewhere."""

from attrs import frozen

from evidence.asked import Asked
from evidence.facts import Fact
from evidence.scenarios import Scenario
from evidence.units import Unit
from levels.framework import Framework
from levels.index import Index
from rules.changes import PlaceChange, UnitChange
from rules.scores import Place
from rules.verdict import Recognition, Verdict


@frozen
class Supposition:
    """One assumed fact beside the recorded one."""

    unit: Unit
    asked: Asked  # the criterion, or the input of an indicator
    recorded: Fact | None
    supposed: Fact


@frozen
class WhatIf:
    """One scenario under a framework of levels: what was assumed, and every unit of which anything changes."""

    framework: Framework
    cycle: int
    scenario: Scenario
    suppositions: tuple[Supposition, ...]
    units: tuple[UnitChange, ...]  # in the order of the units file
    settled: tuple[Recognition, ...]  # decisions of the cycle that keep the level of a changed unit for those above
    synthetic: bool


@frozen
class WhatIfRanked:
    """One scenario under an index: what was assumed, and every unit whose points, lines or rank change."""

    index: Index
    cycle: int
    scenario: Scenario
    suppositions: tuple[Supposition, ...]
    places: tuple[PlaceChange, ...]  # group by group, the best first
    synthetic: bool


@frozen
class Comparison:
    """Scenarios side by side: the verdict on every unit concerned as it is (first) and in each column."""

    columns: tuple[WhatIf, ...]
    rows: tuple[tuple[Verdict, ...], ...]


@frozen
class RankedComparison:
    """Scenarios side by side under an index: the place of every unit concerned as it is (first) and in each column."""

    columns: tuple[WhatIfRanked, ...]
    rows: tuple[tuple[Place, ...], ...]
