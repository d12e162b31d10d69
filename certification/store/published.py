"""Published: the acts that were made public and what they state; all that the portal ever reads."""

from collections.abc import Iterable

from attrs import frozen
from django.db.models import Prefetch, Q, QuerySet

from certification.store.models import Act, ActUnit, Cycle, FactRecord
from certification.store.search import words_of
from evidence.facts import SYNTHETIC


@frozen
class Stated:
    """What the act in force states for one unit; ``act`` is a later one where an earlier was replaced or revoked."""

    entry: ActUnit
    act: Act

    @property
    def revoked(self) -> bool:
        return self.act.kind == "revoke"

    @property
    def level(self) -> int | None:
        """The recognised level; 0: not recognised; None: revoked, or a ranking."""
        return None if self.revoked else self.entry.level


def simulated(cycles: Iterable[Cycle]) -> set[int]:
    """The keys of those ``cycles`` that hold made-up facts: whatever is shown of them has to say so. One query each."""
    facts = FactRecord.objects.filter(source__startswith=SYNTHETIC)
    return {cycle.pk for cycle in cycles if facts.filter(dossier__cycle=cycle).exists()}


def published_acts(year: int | None = None) -> QuerySet[Act]:
    """The acts that were made public, the latest number first; of the cycle ``year`` only."""
    units = Prefetch("units", ActUnit.objects.select_related("dossier__unit__parent"))
    acts = Act.objects.filter(publication__isnull=False)
    if year is not None:
        acts = acts.filter(cycle__year=year)
    related = acts.select_related("body", "cycle__rulebook", "publication", "replaces__publication")
    return related.prefetch_related(units, "replaced_by").order_by("-signed_on", "-pk")


def published_rankings(cycle: Cycle) -> list[tuple[Act, bool]]:
    """The published rankings of ``cycle``, the latest first, each with whether a published act has replaced it."""
    acts = list(
        Act.objects.filter(cycle=cycle, kind="ranking", publication__isnull=False)
        .select_related("body", "replaces__publication")
        .order_by("-signed_at", "-pk")
    )
    replaced = {act.replaces_id for act in acts}
    return [(act, act.pk in replaced) for act in acts]


def find_acts(text: str, year: int | None = None) -> QuerySet[Act]:
    """The published acts whose number, body or units are called like ``text``, tones and case aside."""
    return narrow_acts(published_acts(year), text)


def narrow_acts(acts: QuerySet[Act], text: str) -> QuerySet[Act]:
    """Those of ``acts`` whose number, body or units are called like ``text``; each word asks one question more."""
    for word in words_of(text):
        named = ActUnit.objects.filter(dossier__unit__search_key__contains=word).values("act")
        acts = acts.filter(Q(search_key__contains=word) | Q(pk__in=named))
    return acts


def published_cycles() -> QuerySet[Cycle]:
    """The cycles of which something has been published, the latest first."""
    cycles = Cycle.objects.filter(acts__publication__isnull=False)
    return cycles.select_related("rulebook", "root").distinct().order_by("-year", "rulebook__framework")


def stated_in(cycle: Cycle) -> dict[str, Stated]:
    """By unit code what the latest published act of ``cycle`` states; two queries."""
    entries = (
        ActUnit.objects.filter(act__cycle=cycle, act__publication__isnull=False)
        .select_related("act__body", "dossier__unit__parent")
        .order_by("act__signed_at", "act__pk")
    )
    return {entry.dossier.unit.code: Stated(entry, entry.act) for entry in entries}


def sort_stated(stated: Iterable[Stated]) -> list[Stated]:
    """In the order of the tree and of names: districts, then their communes."""
    return sorted(
        stated,
        key=lambda each: (
            each.entry.dossier.unit.tier != "district",
            each.entry.dossier.unit.parent.sort_key if each.entry.dossier.unit.parent else "",
            each.entry.dossier.unit.sort_key,
        ),
    )
