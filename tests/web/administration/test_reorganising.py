"""Merges, splits and moves in the store: history stays with the old unit, the new one knows from whom it descends."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.store.accounts import actor_of
from certification.store.appointing import posts_of
from certification.store.assessments import assessment_of
from certification.store.audit import verify
from certification.store.decisions import next_number
from certification.store.loading import Province
from certification.store.models import (
    Account,
    AuditEntry,
    Cycle,
    Dossier,
    NumberSeries,
    Succession,
    UnitChange,
    UnitRecord,
)
from certification.store.reorganising import make_changes, plan_changes
from certification.store.units import history_of, records_on, search_units, tree_of, units_from
from evidence.succession import Change, Kind, Unsound
from levels.framework import Tier

DAY = datetime.date(2026, 7, 1)
EVE = datetime.date(2026, 6, 30)
ACT = "1677/NQ-UBTVQH15"


def merge(before: str, to: str, name: str, on: datetime.date = DAY) -> Change:
    return Change(Kind.MERGE, on, ACT, tuple(before.split("|")), to, name)


@pytest.fixture
def administrator(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.ADMINISTRATOR)


def current(code: str) -> UnitRecord:
    return UnitRecord.objects.get(code=code, valid_until=None)


def test_the_old_units_keep_their_rows_and_dossiers_and_the_new_one_has_a_row_of_its_own(
    province: Province, administrator: Actor
) -> None:
    old = current("23473")
    dossiers = old.dossiers.count()
    make_changes(administrator, [merge("23473|23476", "23473", "Xã Măng Đen")])
    old.refresh_from_db()
    new = current("23473")
    assert (old.valid_until, new.valid_from) == (EVE, DAY)
    assert old.pk != new.pk
    assert (old.dossiers.count(), new.dossiers.count()) == (dossiers, 0)
    assert units_from(records_on(EVE))["23473"].name == old.name
    assert units_from(records_on(DAY))["23473"].name == "Xã Măng Đen"
    assert "23476" not in units_from(records_on(DAY))


def test_a_new_unit_is_shown_with_those_it_came_from(province: Province, administrator: Actor) -> None:
    make_changes(administrator, [merge("23473|23476", "23473", "Xã Măng Đen")])
    history = history_of(current("23473"))
    assert [(origin.unit.code, origin.whole, origin.change.instrument) for origin in history.origins] == [
        ("23473", True, ACT),
        ("23476", True, ACT),
    ]
    gone = UnitRecord.objects.get(code="23476")
    assert [origin.unit.name for origin in history_of(gone).heirs] == ["Xã Măng Đen"]


def test_the_cycles_of_earlier_years_read_the_tree_as_it_was(province: Province, administrator: Actor) -> None:
    before = assessment_of(province.cycle)
    make_changes(
        administrator,
        [
            Change(Kind.ABOLISH, DAY, "203/2025/QH15", ("613", "618"), parent="62"),
            merge("23473|23476", "23473", "Xã Măng Đen"),
        ],
    )
    after = assessment_of(province.cycle)
    assert after.units == before.units
    assert after.facts == before.facts
    assert {unit.parent for unit in units_from(records_on(DAY)).values() if unit.tier is Tier.COMMUNE} == {"62"}


def test_a_unit_that_goes_on_elsewhere_takes_its_people_along(
    province: Province, administrator: Actor, person: Callable[..., Account]
) -> None:
    moved, merged = person(Role.COMMUNE_OFFICER, "23470"), person(Role.COMMUNE_OFFICER, "23476")
    planned = plan_changes([merge("23473|23476", "23473", "Xã Măng Đen")])
    assert planned.appointments == 1
    make_changes(
        administrator,
        [merge("23473|23476", "23473", "Xã Măng Đen"), Change(Kind.MOVE, DAY, ACT, ("23470",), parent="618")],
    )
    assert [held.unit for held in posts_of(moved)] == ["23470"]
    assert moved.appointments.filter(valid_until=None).get().unit == current("23470")
    assert posts_of(merged) == ()


def test_a_unit_that_only_moved_keeps_what_lasts_two_years(province: Province, administrator: Actor) -> None:
    make_changes(administrator, [Change(Kind.MOVE, DAY, ACT, ("23470",), parent="618")])
    following = Cycle.objects.create(
        rulebook=province.cycle.rulebook, root=province.cycle.root, year=province.cycle.year + 1
    )
    Dossier.objects.create(cycle=following, unit=current("23470"), state="open")
    was = assessment_of(province.cycle).facts["23470"]["I.11"]
    now = assessment_of(following).facts["23470"]["I.11"]
    assert (now.amount, now.cycle) == (was.amount, province.cycle.year)
    assert set(assessment_of(following).facts["23470"]) == {"I.11"}


def test_a_body_that_moved_goes_on_with_its_register(province: Province, administrator: Actor) -> None:
    UnitRecord.objects.create(code="51", name="Tỉnh Quảng Ngãi", tier="province")
    NumberSeries.objects.create(body=current("613"), year=2026, last=7)
    make_changes(administrator, [merge("62|51", "51", "Tỉnh Quảng Ngãi")])
    make_changes(
        administrator, [Change(Kind.RENAME, DAY + datetime.timedelta(1), ACT, ("613",), name="Huyện Kon Plong")]
    )
    assert next_number(current("613"), 2026) == "08/QĐ-UBND"
    assert next_number(current("51"), 2026) == "01/QĐ-UBND"


def test_a_rename_goes_on_in_the_same_row_and_says_what_the_name_was(province: Province, administrator: Actor) -> None:
    row = current("23473")
    was = row.name
    [made] = make_changes(administrator, [Change(Kind.RENAME, DAY, ACT, ("23473",), name="Xã Đăk Long")])
    row.refresh_from_db()
    assert (row.name, row.version) == ("Xã Đăk Long", 2)
    assert made.details == {"name": [was, "Xã Đăk Long"]}
    assert [change.kind for change in history_of(row).altered] == ["rename"]
    assert list(search_units(UnitRecord.objects.all(), "dak long 23473")) == [row]


def test_codes_may_be_exchanged(province: Province, administrator: Actor) -> None:
    first, second = current("23473"), current("23476")
    make_changes(
        administrator,
        [
            Change(Kind.RECODE, DAY, ACT, ("23473",), "23476"),
            Change(Kind.RECODE, DAY, ACT, ("23476",), "23473"),
        ],
    )
    assert current("23476").pk == first.pk
    assert current("23473").pk == second.pk


def test_the_reform_of_a_whole_province_moves_what_is_below(province: Province, administrator: Actor) -> None:
    UnitRecord.objects.create(code="51", name="Tỉnh Quảng Ngãi", tier="province")
    made = make_changes(administrator, [merge("62|51", "51", "Tỉnh Quảng Ngãi")])
    assert units_from(records_on(DAY))["613"].parent == "51"
    assert [change.details for change in made if change.kind == "move"] == [{"follows": True}]
    assert UnitRecord.objects.filter(valid_until=None).count() == 1 + 2 + 12
    tree = tree_of(records_on(DAY))
    assert [branch.unit.code for branch in tree] == ["51"]
    assert tree[0].size == 14


def test_a_code_that_is_kept_by_the_successor_of_a_parent_moves_the_rows_below(
    province: Province, administrator: Actor
) -> None:
    make_changes(administrator, [merge("613|618", "613", "Huyện Kon Plông mới")])
    communes = UnitRecord.objects.filter(valid_until=None, tier="commune")
    assert {commune.parent for commune in communes} == {current("613")}
    assert communes.count() == 12


def test_splits_and_abolitions_have_lines(province: Province, administrator: Actor) -> None:
    split = [
        Change(Kind.SPLIT, DAY, ACT, ("23473",), code, name) for code, name in (("23473", "Xã A"), ("23999", "Xã B"))
    ]
    made = make_changes(administrator, [*split, Change(Kind.ABOLISH, DAY, ACT, ("23476",))])
    assert [change.kind for change in made] == ["split", "abolish"]
    assert made[0].lines.count() == 2
    assert history_of(current("23999")).origins[0].whole is False
    gone = UnitRecord.objects.get(code="23476")
    assert [change.kind for change in history_of(gone).ended_by] == ["abolish"]
    established = Change(Kind.ESTABLISH, DAY + datetime.timedelta(1), ACT, (), "23998", "Xã C", Tier.COMMUNE, "613")
    make_changes(administrator, [established])
    assert Succession.objects.get(successor__code="23998").predecessor is None


def test_every_change_is_in_the_log_and_the_log_stays_whole(province: Province, administrator: Actor) -> None:
    make_changes(administrator, [merge("23473|23476", "23473", "Xã Măng Đen")], "sắp xếp đơn vị")
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.action, entry.object_kind, entry.why) == ("manage_units", "units", "sắp xếp đơn vị")
    assert "23476" in str(entry.after)
    assert list(verify()) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PLANNER])
def test_only_the_administrator_may(province: Province, person: Callable[..., Account], role: Role) -> None:
    with pytest.raises(Refused):
        make_changes(actor_of(person(role)), [merge("23473|23476", "23473", "Xã Măng Đen")])
    assert not UnitChange.objects.exists()


def test_what_cannot_be_changes_nothing(province: Province, administrator: Actor) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    for wrong in (
        [merge("23473|1", "23473", "X")],
        [merge("23473|23476", "23473", "X", on=tomorrow)],
        [merge("23473|23476", "613", "X")],
    ):
        with pytest.raises(Unsound):
            make_changes(administrator, wrong)
    make_changes(administrator, [merge("23473|23476", "23473", "Xã Măng Đen")])
    with pytest.raises(Unsound, match="was last changed on 01/07/2026"):
        make_changes(administrator, [Change(Kind.RENAME, EVE, ACT, ("23473",), name="Y")])
    assert UnitChange.objects.count() == 1
