"""Planning: the prices and the scenarios that planners keep. Never facts: nothing here reaches a decision."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve
from django.db.models import Q, QuerySet

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.store.assessments import rulebook_of
from certification.store.changes import Overtaken, change
from certification.store.models import Cycle, PriceList, Scenario, UnitRecord
from certification.store.subjects import subject_of_unit
from evidence.asked import catalogue
from evidence.costs import Costs, read_costs
from evidence.scenario_files import ScenarioReader
from evidence.scenarios import Scenario as Assumed
from evidence.scenarios import scenario_yaml
from evidence.units import Units
from levels.faults import Text


def line_of(unit: UnitRecord) -> list[UnitRecord]:
    """``unit`` and the units above it, nearest first."""
    line = [unit]
    while line[-1].parent is not None:
        line.append(line[-1].parent)
    return line


def price_list_of(cycle: Cycle, unit: UnitRecord) -> PriceList | None:
    """The prices that hold for ``unit``: its own latest, else those of the nearest unit above that has some."""
    line = line_of(unit)
    latest: dict[int, PriceList] = {}
    for prices in PriceList.objects.filter(cycle=cycle, unit__in=line).select_related("by", "unit"):
        latest.setdefault(prices.unit_id, prices)
    return next((latest[each.pk] for each in line if each.pk in latest), None)


def read_prices(prices: PriceList, path: Path) -> Costs:
    """The prices of a list; ``path`` is a file that may be written for the reader. Raises ``Faulty``."""
    path.write_bytes(bytes(prices.content))
    return read_costs(path, rulebook_of(prices.cycle))


def keep_prices(actor: Actor, cycle: Cycle, unit: UnitRecord, name: str, content: bytes) -> PriceList:
    """Keep a list of prices that was read without fault; earlier ones stay. Raises ``Refused``."""
    label = f"{unit} {cycle.year}"
    with change(actor, Action.SAVE_SCENARIO, subject_of_unit(unit), kind="prices", label=label) as made:
        kept = PriceList.objects.create(cycle=cycle, unit=unit, name=name[:200], content=content, by_id=actor.account)
        made.key, made.after = kept.pk, {"name": kept.name, "bytes": len(content)}
    return kept


def scenarios_for(actor: Actor, cycle: Cycle) -> QuerySet[Scenario]:
    """Those that ``actor`` made and those that others share, newest first; who may see a unit is judged besides."""
    own = Q(owner_id=actor.account) | Q(shared=True)
    return Scenario.objects.filter(own, cycle=cycle).select_related("owner", "unit__parent__parent")


def keep_scenario(
    actor: Actor,
    cycle: Cycle,
    unit: UnitRecord,
    assumed: Assumed,
    units: Units,
    *,
    shared: bool,
    version: int | None = None,
) -> Scenario:
    """Keep what is assumed under its name; one of the same name of the same owner is changed.

    Raises ``Refused``; ``Overtaken`` where that one has another ``version`` meanwhile.
    """
    content = scenario_yaml(assumed, catalogue(rulebook_of(cycle)), units).decode()
    with change(actor, Action.SAVE_SCENARIO, subject_of_unit(unit), kind="scenario", label=assumed.name) as made:
        known = (
            Scenario.objects.select_for_update().filter(cycle=cycle, owner_id=actor.account, name=assumed.name).first()
        )
        if known is not None and version is not None and known.version != version:
            raise Overtaken(
                Text(
                    vi=f"kịch bản «{known.name}» vừa được sửa ở nơi khác; hãy mở lại rồi lưu",
                    en=f"the scenario “{known.name}” was changed elsewhere meanwhile; open it again, then save",
                ),
                known,
            )
        made.before = None if known is None else {"content": known.content, "shared": known.shared}
        kept = known or Scenario(cycle=cycle, owner_id=actor.account or 0, name=assumed.name)
        kept.unit, kept.content, kept.shared = unit, content, shared
        kept.version = 1 if known is None else known.version + 1
        kept.save()
        made.key, made.after = kept.pk, {"content": content, "shared": shared}
    return kept


def drop_scenario(actor: Actor, scenario: Scenario) -> None:
    """Delete a scenario of one's own; the log keeps its content. Raises ``Refused``."""
    subject = subject_of_unit(scenario.unit)
    with change(actor, Action.SAVE_SCENARIO, subject, kind="scenario", key=scenario.pk, label=scenario.name) as made:
        made.before, made.after = {"content": scenario.content}, {"deleted": True}
        Scenario.objects.filter(pk=scenario.pk, owner_id=actor.account).delete()


def read_scenarios(rows: Sequence[Scenario], units: Units, folder: Path) -> list[Assumed]:
    """What kept scenarios assume; raises ``Faulty`` where the rulebook or the units no longer know it."""
    if not rows:
        return []
    reader = ScenarioReader(catalogue(rulebook_of(rows[0].cycle)), units)
    found = []
    for number, row in enumerate(rows):
        path = folder / f"{number}.yaml"
        path.write_text(row.content, encoding="utf-8")
        found.append(reader.read_file(path))
    reader.stop()
    return found


def assume(words: Mapping[str, str], unit: str, name: str, note: str, cycle: Cycle, units: Units) -> Assumed:
    """What was typed for one unit (criterion → value, as ``certify what-if --set`` takes it) as a scenario.

    Raises ``Faulty`` naming the typed words.
    """
    reader = ScenarioReader(catalogue(rulebook_of(cycle)), units)
    assumed = reader.read_words([f"{unit}:{criterion}={value}" for criterion, value in words.items()])
    reader.stop()
    return evolve(assumed, name=name or assumed.name, note=note)
