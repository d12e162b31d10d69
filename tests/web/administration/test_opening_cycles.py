"""Cycles are opened for the units of a day; new units begin with drafts; importing takes nothing over silently."""

import datetime
from collections.abc import Callable

import pytest
from attrs import evolve

from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.store.assessments import amount_of, assessment_of
from certification.store.changes import Overtaken
from certification.store.cycles import Opening, add_missing, close_year, missing_units, open_year, partakers
from certification.store.loading import Province, keep_rulebook
from certification.store.models import AuditEntry, Cycle, Dossier, FactRecord, UnitRecord
from certification.store.reorganising import make_changes
from certification.store.results import results_of
from certification.store.unfit import Unfit
from certification.store.unit_import import Taking, compare_units, import_units
from certification.store.units import history_of
from evidence.directories import official_directory
from evidence.facts import Amount
from evidence.succession import Change, Kind, Unsound
from evidence.units import Units
from levels.framework import Tier

DAY = datetime.date(2026, 7, 1)
ACT = "1677/NQ-UBTVQH15"
MERGE = Change(Kind.MERGE, DAY, ACT, ("23473", "23470"), "23473", "Xã Măng Đen")


@pytest.fixture
def administrator(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.ADMINISTRATOR)


def opening(province: Province, year: int = 2027, day: datetime.date = DAY) -> Opening:
    return Opening(province.rulebook, year, province.cycle.root, day)


def test_a_cycle_gives_a_dossier_to_every_unit_of_the_day_that_the_rulebook_assesses(
    province: Province, administrator: Actor
) -> None:
    cycle = open_year(administrator, opening(province))
    assert cycle.dossiers.count() == 14
    assert {dossier.state for dossier in cycle.dossiers.all()} == {"open"}
    assert len(assessment_of(cycle).units) == 15
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.action, entry.object_id) == ("manage_cycles", str(cycle.pk))


def test_units_of_before_and_after_a_merge_are_never_assessed_side_by_side(
    province: Province, administrator: Actor
) -> None:
    make_changes(administrator, [MERGE])
    before = partakers(opening(province, day=DAY - datetime.timedelta(1)))
    after = partakers(opening(province))
    assert {"23470"} == {unit.code for unit in before} - {unit.code for unit in after}
    assert len(after) == 13


def test_the_first_dossier_of_a_new_unit_begins_with_drafts_that_count_as_unknown(
    province: Province, administrator: Actor
) -> None:
    make_changes(administrator, [MERGE])
    cycle = open_year(administrator, opening(province))
    new = UnitRecord.objects.get(code="23473", valid_until=None)
    drafts = FactRecord.objects.filter(dossier__cycle=cycle)
    assert drafts.count() > 20
    assert {draft.dossier.unit for draft in drafts} == {new}
    assert all(draft.draft and draft.source.startswith("Kế thừa: ") for draft in drafts)
    old = {
        code: {
            f.criterion: f for f in FactRecord.objects.filter(dossier__cycle=province.cycle, dossier__unit__code=code)
        }
        for code in ("23473", "23470")
    }
    summed = [d for d in drafts if d.numerator is not None and d.denominator is not None and "Tổng" in d.note]
    assert summed
    for draft in summed:
        parts = [facts[draft.criterion] for facts in old.values()]
        assert draft.numerator == sum(part.numerator or 0 for part in parts)
        assert draft.denominator == sum(part.denominator or 0 for part in parts)
    assert all(draft.measured_on is None and not draft.proofs.exists() for draft in drafts), "proof of another year"
    assert assessment_of(cycle).facts.get("23473", {}) == {}
    assert history_of(new).drafts == drafts.count()


def test_in_its_second_year_a_unit_inherits_nothing(province: Province, administrator: Actor) -> None:
    make_changes(administrator, [MERGE])
    open_year(administrator, opening(province))
    second = open_year(administrator, opening(province, 2028))
    assert not FactRecord.objects.filter(dossier__cycle=second).exists()


def test_a_new_unit_that_moved_since_still_inherits(province: Province, administrator: Actor) -> None:
    make_changes(administrator, [MERGE])
    later = DAY + datetime.timedelta(days=30)
    make_changes(administrator, [Change(Kind.MOVE, later, ACT, ("23473",), parent="618")])
    cycle = open_year(administrator, opening(province, day=later))
    drafts = FactRecord.objects.filter(dossier__cycle=cycle)
    assert {draft.dossier.unit.code for draft in drafts} == {"23473"}
    make_changes(administrator, [Change(Kind.MOVE, later + datetime.timedelta(1), ACT, ("23473",), parent="613")])
    second = open_year(administrator, opening(province, 2028, later + datetime.timedelta(1)))
    assert not FactRecord.objects.filter(dossier__cycle=second).exists()


def test_a_cycle_is_opened_once(province: Province, administrator: Actor) -> None:
    open_year(administrator, opening(province))
    with pytest.raises(Unfit, match="There is a cycle 2027"):
        open_year(administrator, opening(province))
    assert Cycle.objects.filter(year=2027).count() == 1


def test_a_cycle_without_units_is_not_opened(province: Province, administrator: Actor) -> None:
    lone = UnitRecord.objects.create(code="99", name="Tỉnh Không", tier="province")
    with pytest.raises(Unfit):
        open_year(administrator, Opening(province.rulebook, 2027, lone, DAY))


def test_forgotten_units_are_added_but_not_beside_those_they_came_from(
    province: Province, administrator: Actor
) -> None:
    cycle = open_year(administrator, opening(province, day=DAY - datetime.timedelta(1)))
    UnitRecord.objects.create(
        code="23999", name="Xã Quên", tier="commune", parent=UnitRecord.objects.get(code="613"), valid_from=None
    )
    make_changes(administrator, [MERGE])
    lacking = missing_units(cycle, DAY)
    assert [unit.code for unit in lacking.addable] == ["23999"]
    assert [unit.code for unit in lacking.held_back] == ["23473"]
    assert add_missing(administrator, cycle, DAY) == 1
    assert Dossier.objects.filter(cycle=cycle, unit__code="23999").exists()
    with pytest.raises(Unfit):
        add_missing(administrator, cycle, DAY)


def test_a_cycle_is_closed_and_opened_again_with_a_reason(province: Province, administrator: Actor) -> None:
    close_year(administrator, province.cycle, "hết năm")
    province.cycle.refresh_from_db()
    assert province.cycle.closed_at is not None
    with pytest.raises(Overtaken):
        close_year(administrator, province.cycle, "lần nữa")
    with pytest.raises(Unfit):
        add_missing(administrator, province.cycle, DAY)
    close_year(administrator, province.cycle, "đóng nhầm", again=True)
    province.cycle.refresh_from_db()
    assert province.cycle.closed_at is None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PLANNER])
def test_only_the_administrator_opens_closes_and_imports(
    province: Province, actor: Callable[..., Actor], role: Role
) -> None:
    stranger = actor(role)
    for attempt in (
        lambda: open_year(stranger, opening(province)),
        lambda: close_year(stranger, province.cycle, "x"),
        lambda: add_missing(stranger, province.cycle, DAY),
        lambda: import_units(stranger, official_directory().units("62"), Taking()),
    ):
        with pytest.raises(Refused):
            attempt()


def test_an_empty_store_takes_a_whole_province(db: None, administrator: Actor) -> None:
    comparison = import_units(administrator, official_directory().units("62"), Taking())
    assert len(comparison.new) == 113
    assert UnitRecord.objects.filter(valid_until=None, valid_from=None).count() == 113
    assert UnitRecord.objects.get(code="23500").parent == UnitRecord.objects.get(code="615")
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.action, entry.object_label) == ("manage_units", "Tỉnh Kon Tum")
    with pytest.raises(Unfit):
        import_units(administrator, official_directory().units("62"), Taking())


def test_what_differs_is_told_and_taken_over_only_when_asked_with_an_act(
    province: Province, administrator: Actor
) -> None:
    listed = official_directory().units("62")
    changed = dict(listed.by_code)
    first = changed.pop("23470")
    del first
    commune = changed["23473"]
    changed["23473"] = type(commune)(commune.code, "Xã Măng Đen", commune.tier, "618")
    comparison = compare_units(Units(changed))
    assert [pair.kept.code for pair in comparison.renamed if pair.kept.code == "23473"] == ["23473"]
    assert [pair.listed.parent for pair in comparison.moved] == ["618"]
    assert [unit.code for unit in comparison.gone] == ["23470"]
    assert len(comparison.new) == 113 - 15
    import_units(administrator, Units(changed), Taking())
    assert UnitRecord.objects.get(code="23473", valid_until=None).name != "Xã Măng Đen"
    with pytest.raises(Unfit):
        import_units(administrator, Units(changed), Taking(changed=True, on=DAY))
    import_units(administrator, Units(changed), Taking(changed=True, ended=True, on=DAY, instrument=ACT))
    now = UnitRecord.objects.get(code="23473", valid_until=None)
    assert (now.name, now.parent.code if now.parent else "") == ("Xã Măng Đen", "618")
    assert not UnitRecord.objects.filter(code="23470", valid_until=None).exists()
    assert not compare_units(Units(changed)).differs


def test_a_unit_of_another_tier_is_no_import(province: Province, administrator: Actor) -> None:
    listed = dict(official_directory().units("62").by_code)
    listed["23473"] = type(listed["23473"])("23473", "Huyện Lạ", Tier.DISTRICT, "62")
    with pytest.raises(Unfit, match="of another tier"):
        import_units(administrator, Units(listed), Taking())
    assert UnitRecord.objects.count() == 15


def test_changes_that_cannot_be_undo_the_whole_import(province: Province, administrator: Actor) -> None:
    listed = official_directory().units("62")
    kept = {code: unit for code, unit in listed.items() if code != "613" and unit.parent != "613"}
    kept["23473"] = listed["23473"]  # a commune whose district is not listed any more
    with pytest.raises(Unsound):
        import_units(administrator, Units(kept), Taking(ended=True, on=DAY, instrument=ACT))
    assert UnitRecord.objects.count() == 15


def test_a_cycle_under_another_version_of_the_rulebook_knows_nothing_of_the_one_beside_it(
    province: Province, administrator: Actor
) -> None:
    text = bytes(province.rulebook.content).decode()
    other, new = keep_rulebook(text.replace('version: "1.0"', 'version: "1.1"').encode(), "1.1")
    assert new
    beside = open_year(administrator, evolve(opening(province, province.cycle.year), rulebook=other))
    assert not any(assessment_of(beside).facts.values())
    assert all(result.levels.claimed_level <= 1 for result in results_of(beside).values())
    row = FactRecord.objects.filter(dossier__cycle=province.cycle, criterion="I.2", status="verified")[0]
    theirs = Dossier.objects.get(cycle=beside, unit=row.dossier.unit)
    FactRecord.objects.create(dossier=theirs, criterion="I.2", status="self_reported", numerator=0, denominator=7)
    for cycle, value in ((beside, Amount(0, 7)), (province.cycle, amount_of(row.numerator, row.denominator))):
        assert assessment_of(cycle).facts[row.dossier.unit.code]["I.2"].amount == value
