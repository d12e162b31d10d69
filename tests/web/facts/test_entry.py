"""Entering facts: typed cells become facts, what they come to shows before, nobody's change is lost."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.store.audit import verify
from certification.store.changes import Overtaken
from certification.store.facts import Cells, enter_fact
from certification.store.loading import Province
from certification.store.models import AuditEntry, Dossier, FactRecord
from certification.store.results import results_of
from certification.store.unfit import Unfit
from evidence.values import Unreadable
from tests.web.conftest import dossier_of
from tests.web.facts.conftest import COMMUNE, Entering, fact

pytestmark = pytest.mark.django_db


def version(dossier: Dossier, criterion: str) -> int:
    found = fact(dossier, criterion)
    return found.version if found else 0


# What may be typed


def test_every_group_has_a_page_with_a_form_for_each_fact(officer: Client, dossier: Dossier) -> None:
    assert officer.get(f"/dossiers/{dossier.pk}/facts/").status_code == 200
    for group, criteria in (("I", 24), ("II", 5), ("III", 9)):
        page = officer.get(f"/dossiers/{dossier.pk}/facts/groups/{group}/")
        assert page.status_code == 200
        assert page.content.decode().count("data-fact") == criteria
    assert officer.get(f"/dossiers/{dossier.pk}/facts/groups/IX/").status_code == 404
    assert officer.post(f"/dossiers/{dossier.pk}/facts/enter/IX.9/").status_code == 404


def test_without_a_script_saving_leads_back_to_the_fact_and_says_so(entering: Entering, dossier: Dossier) -> None:
    answer = entering.save("I.1", numerator="118", denominator="118", version=version(dossier, "I.1"))
    assert answer.status_code == 303
    assert answer["Location"] == f"/dossiers/{dossier.pk}/facts/groups/I/#fact-I-1"
    found = fact(dossier, "I.1")
    assert found is not None
    assert (found.numerator, found.denominator, found.status) == (118, 118, "self_reported")
    assert "Đã lưu I.1" in entering.page("I")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"numerator": "119", "denominator": "118"}, "tử số không được lớn hơn mẫu số"),
        ({"numerator": "74"}, "cần cả tử số và mẫu số"),
        ({"numerator": "-1", "denominator": "5"}, "là số âm"),
        ({"numerator": "1.250", "denominator": "2000"}, "có hai cách đọc"),
        ({"numerator": "=1+1", "denominator": "5"}, "là công thức"),
        ({"value": "0,7"}, "có hai cách đọc"),
        ({"value": "101 %"}, "lớn hơn 100 %"),
        ({"numerator": "9" * 16, "denominator": "9" * 16}, "quá nhiều chữ số"),
        ({"numerator": "1" * 101, "denominator": "5"}, "tối đa 100 ký tự"),
        ({"numerator": "1", "denominator": "2", "measured_on": "30/02/2025"}, "không phải là một ngày"),
        ({"numerator": "1", "denominator": "2", "measured_on": "01/01/2026"}, "cần ngày đã qua"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_as_it_was_typed(
    entering: Entering, dossier: Dossier, cells: dict[str, str], said: str
) -> None:
    before = fact(dossier, "I.1")
    answer = entering.save("I.1", version=version(dossier, "I.1"), **cells)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert all(f'value="{text}"' in page for text in cells.values())
    assert fact(dossier, "I.1") == before
    assert not AuditEntry.objects.filter(action="enter_fact").exists()


def test_every_flaw_of_a_fact_is_told_at_once(entering: Entering, dossier: Dossier) -> None:
    page = entering.save("I.1", numerator="x", denominator="y", measured_on="hôm qua", version=1).content.decode()
    assert page.count("không phải là số") >= 2
    assert "không phải là một ngày" in page


def test_a_percentage_is_the_exact_fraction_that_was_typed(entering: Entering, dossier: Dossier) -> None:
    entering.save("I.1", value="69,96 %", version=version(dossier, "I.1"))
    found = fact(dossier, "I.1")
    assert found is not None
    assert (found.numerator, found.denominator) == (6996, 10000)
    assert results_of(dossier.cycle)[COMMUNE].by_code["I.1"].levels.claimed_level == 2  # 69,96 % is not 70 %


def test_empty_cells_take_a_value_back_and_what_is_not_known_is_no_zero(entering: Entering, dossier: Dossier) -> None:
    entering.save("I.1", version=version(dossier, "I.1"))
    found = fact(dossier, "I.1")
    assert found is not None
    assert (found.status, found.numerator) == ("unknown", None)
    assert results_of(dossier.cycle)[COMMUNE].by_code["I.1"].actual is None


def test_the_same_content_once_more_changes_nothing(me: Actor, dossier: Dossier) -> None:
    cells = Cells(numerator="5", denominator="10")
    first = enter_fact(me, dossier.pk, "I.1", cells, version=version(dossier, "I.1"))
    entries = AuditEntry.objects.count()
    again = enter_fact(me, dossier.pk, "I.1", cells, version=0)  # the answer to the first was lost on a slow line
    assert first.changed
    assert not again.changed
    assert AuditEntry.objects.count() == entries


def test_a_saved_fact_moves_the_result_and_stands_in_the_log_with_before_and_after(me: Actor, dossier: Dossier) -> None:
    assert results_of(dossier.cycle)[COMMUNE].by_code["I.1"].actual == "106/118"
    enter_fact(me, dossier.pk, "I.1", Cells(numerator="1", denominator="118"), version=version(dossier, "I.1"))
    assert results_of(dossier.cycle)[COMMUNE].by_code["I.1"].actual == "1/118"
    entry = AuditEntry.objects.get(action="enter_fact")
    assert (entry.name, entry.role, entry.object_id) == ("A Biu", "commune_officer", str(dossier.pk))
    assert (entry.before["value"], entry.after["value"]) == ("106/118", "1/118")
    assert list(verify()) == []


def test_the_first_fact_begins_the_self_assessment(province: Province, actor: Callable[..., Actor]) -> None:
    dossier = dossier_of(province, COMMUNE)
    FactRecord.objects.filter(dossier=dossier).delete()
    Dossier.objects.filter(pk=dossier.pk).update(state="registered")
    enter_fact(actor(Role.COMMUNE_OFFICER, COMMUNE), dossier.pk, "I.1", Cells(numerator="1", denominator="2"))
    dossier.refresh_from_db()
    assert dossier.state == "assessing"
    assert list(dossier.transitions.values_list("before", "after")) == [("registered", "assessing")]


def test_a_criterion_that_follows_from_the_communes_takes_no_value(
    province: Province, actor: Callable[..., Actor]
) -> None:
    district = dossier_of(province, "618")
    Dossier.objects.filter(pk=district.pk).update(state="assessing")
    with pytest.raises(Unreadable, match="follows from the levels"):
        enter_fact(actor(Role.DISTRICT_OFFICER, "618"), district.pk, "I.1", Cells(numerator="1", denominator="3"))


def test_what_the_council_has_ruled_on_is_no_longer_the_units(me: Actor, dossier: Dossier) -> None:
    FactRecord.objects.filter(dossier=dossier, criterion="I.1").update(status="rejected", note="thiếu căn cứ")
    with pytest.raises(Unfit, match="ruled on"):
        enter_fact(me, dossier.pk, "I.1", Cells(numerator="1", denominator="2"))


# Live feedback


def test_what_is_typed_shows_what_it_comes_to_and_saves_nothing(entering: Entering, dossier: Dossier) -> None:
    before, entries = fact(dossier, "I.1"), AuditEntry.objects.count()
    said = entering.attempt("I.1", numerator="118", denominator="118", version=version(dossier, "I.1"))
    assert "mức 3 (Cơ bản) → mức 5 (Toàn diện)" in said
    assert "Chưa lưu" in said
    assert fact(dossier, "I.1") == before
    assert AuditEntry.objects.count() == entries


def test_what_is_missing_for_the_registered_level_is_said_in_things(entering: Entering, dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(target=4)
    said = entering.attempt("I.2", numerator="74", denominator="104", version=version(dossier, "I.2"))
    assert "còn thiếu 10 hồ sơ" in said


def test_feedback_tells_that_somebody_else_was_quicker_and_offers_both_values(
    entering: Entering, me: Actor, dossier: Dossier
) -> None:
    seen = version(dossier, "I.1")
    enter_fact(me, dossier.pk, "I.1", Cells(numerator="100", denominator="118"), version=seen)
    said = entering.attempt("I.1", numerator="99", denominator="118", version=seen)
    assert f'name="version" value="{seen}"' in said
    assert "người khác vừa lưu số liệu khác" in said
    assert "100/118 (84,74%)" in said
    assert f'name="over" value="{seen + 1}"' in said
    said = entering.attempt("I.1", numerator="119", denominator="118", version=seen)
    assert "100/118 (84,74%)" in said
    assert "không được lớn hơn mẫu số" in said


def test_an_index_answers_with_points(index_province: Province, browser: Callable[..., Client]) -> None:
    dossier = dossier_of(index_province, "01-VP")
    Dossier.objects.filter(pk=dossier.pk).update(state="assessing")
    FactRecord.objects.filter(dossier=dossier, round="self", criterion="1.2").update(numerator=None, status="unknown")
    entering = Entering(browser(Role.AGENCY_OFFICER, "01-VP"), dossier)
    said = entering.attempt("1.2", value="1,5", version=1)
    assert "điểm" in said
    assert "Cả hồ sơ" in said
    page = entering.page("1")
    assert 'name="value"' in page
    assert "Tài liệu kiểm chứng" in page


# Two at once


def test_the_second_saver_sees_both_values_and_nothing_is_lost(entering: Entering, me: Actor, dossier: Dossier) -> None:
    seen = version(dossier, "I.1")
    enter_fact(me, dossier.pk, "I.1", Cells(numerator="100", denominator="118", source="báo cáo A"), version=seen)
    answer = entering.save("I.1", numerator="99", denominator="118", version=seen)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "100/118 (84,74%)" in page
    assert "A Biu" in page
    assert 'value="99"' in page
    found = fact(dossier, "I.1")
    assert found is not None
    assert found.numerator == 100
    over = entering.save("I.1", numerator="99", denominator="118", version=seen, over=found.version)
    assert over.status_code == 303
    changed = fact(dossier, "I.1")
    assert changed is not None
    assert changed.numerator == 99


def test_writing_over_what_has_changed_once_more_is_a_new_conflict(me: Actor, dossier: Dossier) -> None:
    first = enter_fact(me, dossier.pk, "I.1", Cells(numerator="1", denominator="9"), version=version(dossier, "I.1"))
    enter_fact(me, dossier.pk, "I.1", Cells(numerator="2", denominator="9"), version=first.record.version)
    with pytest.raises(Overtaken) as raised:
        enter_fact(me, dossier.pk, "I.1", Cells(numerator="3", denominator="9"), version=first.record.version)
    assert raised.value.current.numerator == 2


def test_a_fact_that_was_taken_back_and_entered_anew_is_no_old_version(me: Actor, dossier: Dossier) -> None:
    seen = version(dossier, "I.1")
    emptied = enter_fact(me, dossier.pk, "I.1", Cells(), version=seen)
    enter_fact(me, dossier.pk, "I.1", Cells(numerator="4", denominator="9"), version=emptied.record.version)
    with pytest.raises(Overtaken):
        enter_fact(me, dossier.pk, "I.1", Cells(numerator="5", denominator="9"), version=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_wins_and_the_other_is_told(
    province: Province, actor: Callable[..., Actor]
) -> None:
    dossier = dossier_of(province, COMMUNE)
    seen = version(dossier, "I.1")
    people = [actor(Role.COMMUNE_OFFICER, COMMUNE) for _ in range(6)]
    ready, told, failed = threading.Barrier(len(people)), list[Overtaken](), list[Exception]()

    def run(number: int, who: Actor) -> None:
        try:
            ready.wait(timeout=20)
            enter_fact(who, dossier.pk, "I.1", Cells(numerator=str(number), denominator="50"), version=seen)
        except Overtaken as overtaken:
            told.append(overtaken)
        except Exception as error:  # noqa: BLE001 - shown below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(people, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(told) == len(people) - 1
    assert version(dossier, "I.1") == seen + 1
    assert AuditEntry.objects.filter(action="enter_fact").count() == 1


# Who


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.COMMUNE_OFFICER, "23458"),
        (Role.DISTRICT_OFFICE, "613"),
        (Role.DISTRICT_OFFICER, "613"),
        (Role.DISTRICT_COUNCIL, "613"),
        (Role.DISTRICT_COMMITTEE, "613"),
        (Role.DEPARTMENT, "62"),
        (Role.PLANNER, None),
        (Role.AUDITOR, None),
        (Role.ADMINISTRATOR, None),
    ],
)
def test_nobody_but_the_units_officer_enters_its_facts(
    dossier: Dossier, browser: Callable[..., Client], actor: Callable[..., Actor], role: Role, unit: str | None
) -> None:
    before = fact(dossier, "I.1")
    entering = Entering(browser(role, unit), dossier)
    assert entering.save("I.1", numerator="1", denominator="2", version=1).status_code == 403
    assert entering.attach("I.1", reference="Công văn 5").status_code == 403
    with pytest.raises(Refused):
        enter_fact(actor(role, unit), dossier.pk, "I.1", Cells(numerator="1", denominator="2"))
    assert fact(dossier, "I.1") == before


def test_who_only_reads_sees_the_facts_without_a_form(dossier: Dossier, browser: Callable[..., Client]) -> None:
    page = Entering(browser(Role.DISTRICT_OFFICE, "613"), dossier).page("I")
    assert "data-fact" not in page
    assert "106/118" in page
    assert browser(Role.COMMUNE_OFFICER, "23458").get(f"/dossiers/{dossier.pk}/facts/").status_code == 403
    assert Client().get(f"/dossiers/{dossier.pk}/facts/").status_code == 302


def test_after_handing_in_nothing_is_entered_any_more(entering: Entering, dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(state="submitted")
    assert entering.save("I.1", numerator="1", denominator="2", version=1).status_code == 403
    page = entering.page("I")
    assert "data-fact" not in page
    assert "Chỉ xem" in page


def test_a_page_of_facts_asks_a_bounded_number_of_questions(
    officer: Client, dossier: Dossier, django_assert_max_num_queries: Callable[..., object]
) -> None:
    officer.get(f"/dossiers/{dossier.pk}/facts/groups/I/")
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        officer.get(f"/dossiers/{dossier.pk}/facts/groups/I/")
