"""Staleness: verdicts that rest on what has changed since, flagged with the reason until they are decided again.

A district's criterion reads its communes' levels (Quyết định 121, Phụ lục 02, I.1): when an act on a commune is
signed, replaced or revoked, whatever was appraised or signed above it must be looked at again.
"""

from collections.abc import Iterable, Mapping

from attrs import frozen
from django.db.models import QuerySet

from certification.procedure.states import State
from certification.store import audit
from certification.store.assessments import frame_of
from certification.store.models.acts import Act, ActUnit
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.results import results_of
from rules.verdict import Recognition

_JUDGED = frozenset(
    {
        State.APPRAISED, State.MINUTED, State.PROPOSED, State.RECOGNISED, State.NOT_RECOGNISED, State.PUBLISHED,
        State.COMPLAINED,
    }
)  # fmt: skip
"""The states in which a council has come to a level that people rely on."""


@frozen
class Readings:
    """What units above read of some units before a change: the level, and the act it stands in."""

    level: Mapping[str, int]
    act: Mapping[str, Recognition]


def readings_before(cycle: Cycle, codes: Iterable[str]) -> Readings | None:
    """What is read of ``codes`` now, to be compared once an act is stored; None where nobody reads them."""
    frame = frame_of(cycle)
    read = [code for code in codes if code in frame.graph and frame.graph.out_degree(code)]
    if not read:
        return None
    results = results_of(cycle, frame)
    acts = {code: frame.recognitions[code] for code in read if code in frame.recognitions}
    levels = {code: acts[code].levels.level if code in acts else results[code].levels.level for code in read}
    return Readings(levels, acts)


def tell_above(cycle: Cycle, before: Readings, act: Act) -> list[Dossier]:
    """Flag every dossier above whose appraised or signed level rests on what ``act`` has changed; those flagged."""
    frame = frame_of(cycle)
    results = results_of(cycle, frame)
    now = frame.recognitions
    flagged: dict[str, list[str]] = {}
    for code, then in before.level.items():
        level = now[code].levels.level if code in now else results[code].levels.level
        if level == then and code not in before.act:
            continue  # recognised as it was computed: nothing above has changed
        for above in frame.graph.successors(code):
            verb = "thu hồi" if act.kind == "revoke" else "thay" if code in before.act else "công nhận"
            name = frame.units[code].name
            flagged.setdefault(above, []).append(f"{name}: {act.number} {verb}, mức {then} → {level}")
    dossiers = cycle.dossiers.filter(unit__code__in=flagged, state__in=_JUDGED).select_related("unit")
    found = []
    for dossier in dossiers.order_by("pk").select_for_update(of=("self",)):
        code = dossier.unit.code
        stated = ActUnit.objects.filter(dossier=dossier).order_by("-act__signed_at", "-act__pk").first()
        reasons = "; ".join(flagged[code])
        recomputed = f"; tính lại: mức {results[code].recognised}" if code in results else ""
        decided = f", quyết định ghi mức {stated.level}" if stated is not None and stated.level is not None else ""
        text = f"{reasons}{recomputed}{decided}"
        dossier.stale = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        Dossier.objects.filter(pk=dossier.pk).update(stale=dossier.stale)
        audit.append(
            audit.deed("flag_stale", "dossier", dossier.pk, str(dossier), after={"stale": text, "act": act.number})
        )
        found.append(dossier)
    return found


_LONGEST = 300


def stale_dossiers() -> QuerySet[Dossier]:
    """The dossiers that are flagged, the latest cycle first."""
    rows = Dossier.objects.exclude(stale="").select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
    return rows.order_by("-cycle__year", "unit__sort_key")
