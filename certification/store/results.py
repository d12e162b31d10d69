"""Results: the computed levels of every dossier of a cycle, kept beside it and decided again when they no longer hold.

A kept result names what it was computed from (its *basis*: rulebook, revision of the dossier, the levels it reads from
below); where that has changed it is decided anew by ``certification.hierarchy`` before anybody sees it.
"""

import hashlib
import itertools
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from attrs import frozen
from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum

from certification.hierarchy import Assessment
from certification.issuing import software
from certification.store.assessments import assessment_of, frame_of
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.telling import in_full, withheld
from rules.verdict import Levels, Standing, Verdict, as_triple, levels_of

_AT_ONCE = 250
"""Results kept in one transaction: a few, so that nobody waits long for the rows."""

_COLUMNS = ("pk", "unit__code", "revision", "result_basis", "result")


class _Dossier(NamedTuple):
    """A dossier as far as its kept result rests on it, and the result."""

    pk: int
    code: str
    revision: int
    basis: str
    result: dict[str, Any] | None


@frozen
class CriterionResult:
    """One criterion in short: its three levels, how it stands, its exact value."""

    code: str
    levels: Levels
    standing: Standing
    actual: str | None


@frozen
class Result:
    """One unit in short; the whole verdict is ``verdict_of``'s."""

    unit: str
    levels: Levels
    recognised: int  # the level that a decision would state now
    rows: Sequence[Sequence[Any]]  # of its criteria, as they are kept: code, three levels, standing, value

    @cached_property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """What its criteria came to; made when it is asked for, which of a thousand units it seldom is."""
        return tuple(
            CriterionResult(code, levels_of(level, claimed, possible), Standing(standing), actual)
            for code, level, claimed, possible, standing, actual in self.rows
        )

    @cached_property
    def by_code(self) -> dict[str, CriterionResult]:
        return {criterion.code: criterion for criterion in self.criteria}


def results_of(cycle: Cycle, frame: Assessment | None = None) -> dict[str, Result]:
    """The result of every dossier of a cycle of levels by unit code, communes before their district.

    A handful of queries whatever the number of units, some more for those that must be decided again. What the reader
    may not know yet of his own unit's appraisal has no part in its result (``store.telling``); nothing of it is kept.
    ``frame``: that of the cycle, where it is at hand already.
    """
    frame = frame or frame_of(cycle)
    rows = cycle.dossiers.order_by("pk").values_list(*_COLUMNS)
    dossiers = {dossier.code: dossier for dossier in itertools.starmap(_Dossier, rows)}
    with in_full():
        found = _results_in_full(frame, cycle, dossiers)
    codes = dossiers.keys() & _codes_withheld(cycle)
    if not codes:
        return found
    levels = {code: result.levels for code, result in found.items()}
    assessment = assessment_of(cycle, codes, frame)
    return found | {code: shorten(assessment.decide(code, levels)) for code in assessment.order if code in codes}


def _codes_withheld(cycle: Cycle) -> set[str]:
    """The units of whose facts the reader may not know all: of this year's, or of an earlier year's that last."""
    hidden = withheld()
    told = Dossier.objects.filter(
        pk__in=hidden, cycle__rulebook__framework=cycle.rulebook.framework, cycle__year__lte=cycle.year
    )
    return set(told.values_list("unit__code", flat=True)) if hidden else set()


def _results_in_full(frame: Assessment, cycle: Cycle, dossiers: Mapping[str, _Dossier]) -> dict[str, Result]:
    past = _past(cycle)
    found = _kept(frame, cycle, dossiers, past)
    missing = [code for code in frame.order if code in dossiers and code not in found]
    if missing:
        found |= _decide_again(frame, cycle, dossiers, missing, found, past)
    return {code: found[code] for code in frame.order if code in found}


def verdicts_of(cycle: Cycle, codes: Collection[str]) -> dict[str, Verdict]:
    """The whole verdicts of the units ``codes``, the levels they read taken from the results of the units below."""
    frame = frame_of(cycle)
    levels = {code: result.levels for code, result in results_of(cycle, frame).items()}
    assessment = assessment_of(cycle, codes, frame)
    return {code: assessment.decide(code, levels) for code in codes if code in assessment.graph}


def verdict_of(dossier: Dossier) -> Verdict:
    """The whole verdict of one dossier of a cycle of levels. Raises ``KeyError`` for a unit without criteria."""
    return verdicts_of(dossier.cycle, [dossier.unit.code])[dossier.unit.code]


def _past(cycle: Cycle) -> dict[str, list[int]]:
    """By unit code how often its earlier dossiers have changed: what one of them shows may count in this cycle too.

    One inspection counts for two years (Quyết định 121, Phụ lục 01, I.11; Phụ lục 02, II.11).
    """
    counted = earlier_than(cycle).values_list("unit__code").annotate(Count("pk"), Sum("revision"))
    return {code: [number, changes] for code, number, changes in counted}


def earlier_than(cycle: Cycle) -> QuerySet[Dossier]:
    """The dossiers of earlier years under the same rulebook, also of other territories: a unit may have moved."""
    return Dossier.objects.filter(
        cycle__rulebook__framework=cycle.rulebook.framework, cycle__year__lt=cycle.year
    ).order_by()


def _kept(
    frame: Assessment, cycle: Cycle, dossiers: Mapping[str, _Dossier], past: Mapping[str, list[int]]
) -> dict[str, Result]:
    """The kept results that still hold."""
    found: dict[str, Result] = {}
    for code in frame.order:
        dossier = dossiers.get(code)
        if dossier is None or dossier.result is None:
            continue
        below = _below(frame, code)
        if all(member in found for member in below) and dossier.basis == _basis(
            frame, cycle, dossier, below, found, past.get(code)
        ):
            found[code] = _read(code, dossier.result)
    return found


def _below(frame: Assessment, code: str) -> list[str]:
    return sorted(frame.graph.predecessors(code))


def _basis(
    frame: Assessment,
    cycle: Cycle,
    dossier: _Dossier,
    below: Iterable[str],
    found: Mapping[str, Result],
    past: Sequence[int] | None,
) -> str:
    recognitions = frame.recognitions
    read = [
        [member, *as_triple(found[member].levels), recognitions[member].number if member in recognitions else ""]
        for member in below
    ]
    # The target is the frame's, from which is decided: the row may have got another one meanwhile.
    target = frame.units[dossier.code].registered
    content = [software(), cycle.rulebook.digest, dossier.revision, target, read, past]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _decide_again(
    frame: Assessment,
    cycle: Cycle,
    dossiers: Mapping[str, _Dossier],
    missing: Collection[str],
    known: Mapping[str, Result],
    past: Mapping[str, list[int]],
) -> dict[str, Result]:
    assessment = assessment_of(cycle, missing, frame)
    found = dict(known)
    levels = {code: result.levels for code, result in known.items()}
    again: list[_Decided] = []
    wanted = set(missing)
    for code in frame.order:
        if code not in wanted:
            continue
        verdict = assessment.decide(code, levels)
        levels[code] = verdict.levels
        found[code] = shorten(verdict)
        dossier = dossiers[code]
        basis = _basis(frame, cycle, dossier, _below(frame, code), found, past.get(code))
        again.append(_Decided(dossier.pk, dossier.revision, json.dumps(_write(found[code])), basis))
    _keep(again)
    return found


@frozen
class _Decided:
    """What is kept of a dossier that was decided again; ``revision``: what it was decided from."""

    pk: int
    revision: int
    result: str
    basis: str


_KEEP = "UPDATE store_dossier SET result = %s, result_basis = %s WHERE id = %s AND revision = %s"


def _keep(decided: Sequence[_Decided]) -> None:
    # Nothing but the cache is written, and only where the dossier has not moved on meanwhile. As statements of our own:
    # the ORM's update of many rows at once takes longer than deciding them.
    for start in range(0, len(decided), _AT_ONCE):
        piece = decided[start : start + _AT_ONCE]
        with transaction.atomic():
            # What somebody is changing now is decided again anyway: a page that only reads waits for nobody.
            locked = Dossier.objects.select_for_update(skip_locked=True).filter(pk__in=[each.pk for each in piece])
            free = set(locked.order_by("pk").values_list("pk", flat=True))
            held = [(each.result, each.basis, each.pk, each.revision) for each in piece if each.pk in free]
            with connection.cursor() as cursor:
                cursor.executemany(_KEEP, held)


def shorten(verdict: Verdict) -> Result:
    """A verdict in short."""
    rows = [[c.code, *as_triple(c.levels), c.standing.value, c.actual] for c in verdict.criteria]
    return Result(verdict.unit.code, verdict.levels, verdict.recognised_level, rows)


def _write(result: Result) -> dict[str, object]:
    return {"levels": as_triple(result.levels), "recognised": result.recognised, "criteria": result.rows}


def _read(code: str, kept: Mapping[str, Any]) -> Result:
    return Result(code, levels_of(*kept["levels"]), kept["recognised"], kept["criteria"])
