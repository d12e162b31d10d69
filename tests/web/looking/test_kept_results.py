"""What is kept of results and plans holds only for what it was made from: this release, this target, these years."""

import pytest
from attrs import evolve
from django.db.models import F

from certification.store import assessments, results
from certification.store.assessments import frame_of, framework_of
from certification.store.loading import Province
from certification.store.models import Cycle, Dossier, FactRecord, UnitRecord
from certification.store.results import results_of
from certification.web.planner.scope import decided, revision_of
from levels.framework import Framework
from tests.web.conftest import dossier_of

COMMUNE = "23473"


def test_what_another_release_has_kept_is_decided_again(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    true = results_of(province.cycle)[COMMUNE]
    dossier = dossier_of(province, COMMUNE)
    assert dossier.result is not None
    Dossier.objects.filter(pk=dossier.pk).update(result={**dossier.result, "recognised": true.recognised + 1})
    assert results_of(province.cycle)[COMMUNE].recognised == true.recognised + 1  # kept by this one
    monkeypatch.setattr(results, "software", lambda: "certify 99.0")
    assert results_of(province.cycle)[COMMUNE] == true


def test_a_target_that_changes_while_a_result_is_decided_leaves_nothing_wrong_behind(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    def capped(cycle: Cycle) -> Framework:
        return evolve(framework_of(cycle), recognise="at_most_registered")

    monkeypatch.setattr(assessments, "framework_of", capped)
    mine = Dossier.objects.filter(pk=dossier_of(province, COMMUNE).pk)
    mine.update(target=5, revision=F("revision") + 1)
    frame = frame_of(province.cycle)
    mine.update(target=1, revision=F("revision") + 1)
    assert results_of(province.cycle, frame)[COMMUNE].recognised > 1
    assert results_of(province.cycle)[COMMUNE].recognised == 1


@pytest.mark.parametrize("years", [1, 2])
def test_a_plan_begins_with_what_earlier_years_show_now(province: Province, years: int) -> None:
    dossier = dossier_of(province, COMMUNE)
    FactRecord.objects.filter(dossier__unit=dossier.unit, criterion="I.11").delete()
    before = Dossier.objects.get(
        unit=dossier.unit, cycle__year=dossier.cycle.year - years, cycle__root=province.cycle.root
    )
    row = FactRecord.objects.create(dossier=before, criterion="I.11", status="verified", numerator=1, denominator=1)
    known = decided(province.cycle, [COMMUNE])[0].facts[COMMUNE]["I.11"]
    assert known.note == ""
    FactRecord.objects.filter(pk=row.pk).update(note="kết luận số 3")
    Dossier.objects.filter(pk=before.pk).update(revision=F("revision") + 1)
    known = decided(province.cycle, [COMMUNE])[0].facts[COMMUNE]["I.11"]
    assert known.note == "kết luận số 3"


def test_a_plan_calls_the_province_as_it_is_called_now(province: Province) -> None:
    def name() -> str:
        return decided(Cycle.objects.get(pk=province.cycle.pk), [COMMUNE])[0].units["62"].name

    assert name() == "Tỉnh Kon Tum"
    UnitRecord.objects.filter(code="62").update(name="Tỉnh Quảng Ngãi")
    assert name() == "Tỉnh Quảng Ngãi"


def test_a_step_of_an_earlier_year_that_tells_its_unit_more_makes_plans_anew(province: Province) -> None:
    before = revision_of(province.cycle)
    Dossier.objects.filter(cycle=province.earlier[-1], unit__code=COMMUNE).update(version=F("version") + 1)
    assert revision_of(province.cycle) != before
