"""Last year's facts as a draft of this year's: taken over on request, counted only when somebody has confirmed each.

What is taken over is the value that stood at the end of last year. Its day and its documents are not: they prove what
was true then.
"""

from collections.abc import Collection, Mapping

from attrs import frozen

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.store.assessments import amount_of
from certification.store.changes import DossierChange, change_dossier
from certification.store.facts import asked_of, entry_round, put, refuse_entry, unit_of
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactRecord
from certification.store.trials import Trial
from evidence.asked import Asked
from evidence.facts import Fact, Status

_KNOWN = frozenset({Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED})
_THROUGH = "last year"


@frozen
class Offer:
    """One fact of last year that nothing stands for yet."""

    asked: Asked
    fact: Fact


def offers_of(dossier: Dossier, trial: Trial) -> tuple[Offer, ...]:
    """The facts of last year that can be taken over, in printed order. One query."""
    unit = unit_of(dossier)
    stated = set(
        FactRecord.objects.filter(dossier=dossier, round=entry_round(dossier))
        .exclude(numerator=None)
        .values_list("criterion", flat=True)
    )
    found = []
    for code, asked in asked_of(dossier).items():
        fact = trial.last_year.get(code)
        usable = fact is not None and fact.amount is not None and fact.status in _KNOWN
        if fact is None or not usable or code in stated or refuse_entry(asked, unit) or _lasts(asked, fact, trial):
            continue
        found.append(Offer(asked, fact))
    return tuple(found)


def _lasts(asked: Asked, fact: Fact, trial: Trial) -> bool:
    """Whether last year's fact counts this year by itself (Phụ lục 01, I.11): then there is nothing to take over."""
    standing = trial.facts.get(asked.code)
    made = fact.measured_on.year if fact.measured_on else fact.cycle
    return standing == fact and made is not None and made + asked.valid_cycles > (fact.cycle or 0) + 1


def take_over(actor: Actor, dossier: Dossier, offers: Collection[Offer]) -> int:
    """Write ``offers`` as drafts; how many. What somebody has entered meanwhile stays. Raises ``Refused``."""
    with change_dossier(actor, Action.ENTER_FACT, dossier.pk) as made:
        rows = made.dossier.facts.filter(round=entry_round(made.dossier)).exclude(numerator=None)
        stated = set(rows.values_list("criterion", flat=True))
        wanted = [offer for offer in offers if offer.asked.code not in stated]
        for offer in wanted:
            put(made, actor, _as_draft(made, offer), through=_THROUGH, draft=True)
    return len(wanted)


def _as_draft(made: DossierChange, offer: Offer) -> Fact:
    return Fact(
        unit=offer.fact.unit,
        criterion=offer.asked.code,
        status=Status.SELF_REPORTED,
        amount=offer.fact.amount,
        source=offer.fact.source,
        cycle=made.dossier.cycle.year,
        round=entry_round(made.dossier),
    )


def confirm_drafts(actor: Actor, dossier: int, versions: Mapping[str, int]) -> int:
    """Confirm drafts (by code, each in the version that was seen) as they are; how many. Raises ``Refused``.

    One that somebody has changed meanwhile raises ``Overtaken``; then none is confirmed.
    """
    return _settle(actor, dossier, versions, keep=True)


def discard_drafts(actor: Actor, dossier: int, versions: Mapping[str, int]) -> int:
    """Take drafts back: nothing is known again. Raises as ``confirm_drafts``."""
    return _settle(actor, dossier, versions, keep=False)


def _settle(actor: Actor, dossier: int, versions: Mapping[str, int], *, keep: bool) -> int:
    with change_dossier(actor, Action.ENTER_FACT, dossier) as made:
        rows = list(
            made.dossier.facts.filter(round=entry_round(made.dossier), draft=True, criterion__in=list(versions))
        )
        for row in rows:
            amount = amount_of(row.numerator, row.denominator)
            fact = Fact(
                unit=made.dossier.unit.code,
                criterion=row.criterion,
                status=Status.SELF_REPORTED if keep and amount is not None else Status.UNKNOWN,
                amount=amount if keep else None,
                source=row.source if keep else "",
                measured_on=row.measured_on if keep else None,
                note=row.note if keep else "",
                cycle=made.dossier.cycle.year,
                round=row.round,
            )
            put(made, actor, fact, version=versions[row.criterion], through=_THROUGH)
    return len(rows)
