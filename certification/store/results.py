"""Results: the computed levels of every dossier of a cycle, kept beside it and decided again when they no longer hold.

A kept result names what it was computed from (its *basis*: rulebook, revision of the dossier, the levels it reads from
below); where that has changed it is decided anew by ``certification.hierarchy`` before anybody sees it.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import frozen
from django.db import transaction
from django.db.models import Count, Sum

from certification.hierarchy import Assessment
from certification.store.assessments import assessment_of
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.telling import in_full, withheld
from rules.verdict import Levels, Recognition, Standing, Verdict, as_triple, levels_of

_AT_ONCE = 250
"""Results kept by one statement: a few, so that nobody waits long for the rows."""


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
    criteria: tuple[CriterionResult, ...]

    @property
    def by_code(self) -> dict[str, CriterionResult]:
        return {criterion.code: criterion for criterion in self.criteria}


def results_of(cycle: Cycle) -> dict[str, Result]:
    """The result of every dossier of a cycle of levels by unit code, communes before their district.

    A handful of queries whatever the number of units, one more for those that must be decided again. What the reader
    may not know yet of his own unit's appraisal has no part in its result (``store.telling``); nothing of it is kept.
    """
    dossiers = {dossier.unit.code: dossier for dossier in cycle.dossiers.select_related("unit")}
    with in_full():
        found = _results_in_full(cycle, dossiers)
    hidden = withheld()
    codes = [code for code, dossier in dossiers.items() if dossier.pk in hidden]
    if not codes:
        return found
    levels = {code: result.levels for code, result in found.items()}
    assessment = assessment_of(cycle, codes)
    return found | {code: shorten(assessment.decide(code, levels)) for code in assessment.order if code in codes}


def _results_in_full(cycle: Cycle, dossiers: Mapping[str, Dossier]) -> dict[str, Result]:
    frame = assessment_of(cycle, codes=())  # the tree and the recognitions, no facts
    past = _past(cycle)
    found = _kept(frame, cycle, dossiers, past)
    missing = [code for code in frame.order if code in dossiers and code not in found]
    if missing:
        found |= _decide_again(cycle, dossiers, missing, found, past)
    return {code: found[code] for code in frame.order if code in found}


def verdicts_of(cycle: Cycle, codes: Collection[str]) -> dict[str, Verdict]:
    """The whole verdicts of the units ``codes``, the levels they read taken from the results of the units below."""
    levels = {code: result.levels for code, result in results_of(cycle).items()}
    assessment = assessment_of(cycle, codes)
    return {code: assessment.decide(code, levels) for code in codes if code in assessment.graph}


def verdict_of(dossier: Dossier) -> Verdict:
    """The whole verdict of one dossier of a cycle of levels. Raises ``KeyError`` for a unit without criteria."""
    return verdicts_of(dossier.cycle, [dossier.unit.code])[dossier.unit.code]


def _past(cycle: Cycle) -> dict[str, list[int]]:
    """By unit code how often its earlier dossiers have changed: what one of them shows may count in this cycle too.

    One inspection counts for two years (Quyết định 121, Phụ lục 01, I.11; Phụ lục 02, II.11).
    """
    earlier = Dossier.objects.filter(
        cycle__rulebook__framework=cycle.rulebook.framework, cycle__year__lt=cycle.year
    ).order_by()
    counted = earlier.values_list("unit__code").annotate(Count("pk"), Sum("revision"))
    return {code: [number, changes] for code, number, changes in counted}


def _kept(
    frame: Assessment, cycle: Cycle, dossiers: Mapping[str, Dossier], past: Mapping[str, list[int]]
) -> dict[str, Result]:
    """The kept results that still hold."""
    found: dict[str, Result] = {}
    for code in frame.order:
        dossier = dossiers.get(code)
        if dossier is None or dossier.result is None:
            continue
        below = _below(frame, code)
        if all(member in found for member in below) and dossier.result_basis == _basis(
            cycle, dossier, below, found, frame.recognitions, past.get(code)
        ):
            found[code] = _read(code, dossier.result)
    return found


def _below(frame: Assessment, code: str) -> list[str]:
    return sorted(frame.graph.predecessors(code))


def _basis(
    cycle: Cycle,
    dossier: Dossier,
    below: Iterable[str],
    found: Mapping[str, Result],
    recognitions: Mapping[str, Recognition],
    past: Sequence[int] | None,
) -> str:
    read = [
        [member, *as_triple(found[member].levels), recognitions[member].number if member in recognitions else ""]
        for member in below
    ]
    content = [cycle.rulebook.digest, dossier.revision, dossier.target, read, past]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _decide_again(
    cycle: Cycle,
    dossiers: Mapping[str, Dossier],
    missing: Collection[str],
    known: Mapping[str, Result],
    past: Mapping[str, list[int]],
) -> dict[str, Result]:
    assessment = assessment_of(cycle, missing)
    found = dict(known)
    levels = {code: result.levels for code, result in known.items()}
    again: list[Dossier] = []
    for code in assessment.order:
        if code not in missing:
            continue
        verdict = assessment.decide(code, levels)
        levels[code] = verdict.levels
        found[code] = shorten(verdict)
        dossier = dossiers[code]
        dossier.result = _write(found[code])
        below = _below(assessment, code)
        dossier.result_basis = _basis(cycle, dossier, below, found, assessment.recognitions, past.get(code))
        again.append(dossier)
    _keep(again)
    return found


def _keep(dossiers: Sequence[Dossier]) -> None:
    # Not ``save``: nothing but the cache is written, and only where the dossier has not moved on meanwhile.
    for start in range(0, len(dossiers), _AT_ONCE):
        piece = dossiers[start : start + _AT_ONCE]
        with transaction.atomic():
            # What somebody is changing now is decided again anyway: a page that only reads waits for nobody.
            locked = Dossier.objects.select_for_update(skip_locked=True).filter(pk__in=[row.pk for row in piece])
            revisions = dict(locked.order_by("pk").values_list("pk", "revision"))
            held = [dossier for dossier in piece if revisions.get(dossier.pk) == dossier.revision]
            Dossier.objects.bulk_update(held, ["result", "result_basis"])


def shorten(verdict: Verdict) -> Result:
    """A verdict in short."""
    return Result(
        verdict.unit.code,
        verdict.levels,
        verdict.recognised_level,
        tuple(CriterionResult(each.code, each.levels, each.standing, each.actual) for each in verdict.criteria),
    )


def _write(result: Result) -> dict[str, object]:
    return {
        "levels": as_triple(result.levels),
        "recognised": result.recognised,
        "criteria": [[c.code, *as_triple(c.levels), c.standing.value, c.actual] for c in result.criteria],
    }


def _read(code: str, kept: Mapping[str, object]) -> Result:
    levels, recognised, criteria = kept["levels"], kept["recognised"], kept["criteria"]
    assert isinstance(levels, list)
    assert isinstance(recognised, int)
    assert isinstance(criteria, list)
    return Result(
        code,
        levels_of(*levels),
        recognised,
        tuple(
            CriterionResult(name, levels_of(level, claimed, possible), Standing(standing), actual)
            for name, level, claimed, possible, standing, actual in criteria
        ),
    )
