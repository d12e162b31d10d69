"""The yearly report of a province: its figures from the acts in force, its words as the department typed them."""

import datetime
from collections.abc import Mapping

from attrs import asdict, frozen

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.states import State
from certification.store.assessments import framework_of, recognitions_of, units_of
from certification.store.changes import Overtaken, change
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Transition
from certification.store.models.facts import FactRecord
from certification.store.models.reports import YearReport
from certification.store.subjects import subject_of_unit
from evidence.facts import SYNTHETIC
from evidence.units import Unit, Units
from levels.faults import Text
from levels.framework import Tier
from reports.year_report import Told, YearSummary, YearUnit

_NOT_HANDED_IN = frozenset({State.OPEN, State.REGISTERED, State.ASSESSING})


@frozen
class Words:
    """What the department adds: the course of the year, difficulties, proposals; number, day and name of the report."""

    done: str = ""
    difficulties: str = ""
    proposals: str = ""
    number: str = ""
    signed_on: datetime.date | None = None
    signer: str = ""


def words_of(cycle: Cycle) -> YearReport | None:
    """What was typed for the report on ``cycle``; None where nothing was yet."""
    return YearReport.objects.filter(cycle=cycle, body=cycle.root).select_related("cycle", "body").first()


def keep_words(actor: Actor, cycle: Cycle, words: Words, version: int | None) -> YearReport:
    """Keep what the department types. ``version``: the one that the page was made from, None: there was none.

    Raises ``Refused``, and ``Overtaken`` with the kept report where somebody else has saved meanwhile.
    """
    root = cycle.root
    label = f"{root.name} {cycle.year}"
    with change(actor, Action.SUMMARISE, subject_of_unit(root), kind="report", key=cycle.pk, label=label) as made:
        kept, created = YearReport.objects.select_for_update().get_or_create(cycle=cycle, body=root)
        if not created and kept.version != version:
            raise Overtaken(
                Text(
                    vi="Báo cáo vừa được người khác sửa; hãy so hai bên rồi lưu lại.",
                    en="Somebody else has just changed the report; compare both and save again.",
                ),
                kept,
            )
        made.before = None if created else _words(kept)
        for name, value in asdict(words).items():
            setattr(kept, name, value.strip() if isinstance(value, str) else value)
        kept.version += not created
        kept.save()
        made.after = _words(kept)
    return kept


def _words(kept: YearReport) -> dict[str, object]:
    return {
        name: getattr(kept, name) for name in ("done", "difficulties", "proposals", "number", "signed_on", "signer")
    }


def summarise_year(cycle: Cycle, words: YearReport | Words | None = None) -> YearSummary:
    """The report's figures of a cycle of levels, with ``words``; about ten queries whatever the number of units."""
    framework, units = framework_of(cycle), units_of(cycle)
    states = dict(cycle.dossiers.values_list("unit__code", "state"))
    submitted = set(
        Transition.objects.filter(dossier__cycle=cycle, action=Action.SUBMIT.value).values_list(
            "dossier__unit__code", flat=True
        )
    )
    handed_in = submitted | {code for code, state in states.items() if State(state) not in _NOT_HANDED_IN}
    now = recognitions_of(cycle)
    before = (
        Cycle.objects.filter(rulebook__framework=cycle.rulebook.framework, root=cycle.root_id, year=cycle.year - 1)
        .select_related("rulebook", "root")
        .first()
    )
    last = {} if before is None else {code: found.levels.level for code, found in recognitions_of(before).items()}
    listed = []
    for unit in _in_order(units, states):
        found = now.get(unit.code)
        listed.append(
            YearUnit(
                unit=unit,
                handed_in=unit.code in handed_in,
                recognised=None if found is None else found.levels.level,
                number="" if found is None else found.number,
                signed_on=None if found is None else found.signed_on,
                last=last.get(unit.code),
            )
        )
    told = Told() if words is None else Told(**{name: getattr(words, name) for name in Told.__annotations__})
    made_up = FactRecord.objects.filter(dossier__cycle=cycle, source__contains=SYNTHETIC).exists()
    return YearSummary(framework, cycle.year, units[cycle.root.code], tuple(listed), told, before is not None, made_up)


def _in_order(units: Units, states: Mapping[str, str]) -> list[Unit]:
    """The units that have a dossier: districts, then communes under each district in turn."""
    tiers = (Tier.DISTRICT, Tier.COMMUNE)
    present = [unit for unit in units.values() if unit.code in states and unit.tier in tiers]
    place = {code: number for number, code in enumerate(units)}
    return sorted(present, key=lambda unit: (tiers.index(unit.tier), place.get(unit.parent or "", 0), place[unit.code]))
