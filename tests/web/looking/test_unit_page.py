"""A unit's page says what the command line says, to those who may know it."""

import datetime
import itertools
from html import unescape

import pytest
from django.utils import timezone

from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.assessments import assessment_of
from certification.store.models import Act, ActUnit, Dossier, FactProof, FactRecord, Proof, UnitRecord
from certification.store.results import verdicts_of
from reports.explanation import view_explanation
from rules.explain import explain
from tests.web.conftest import dossier_of
from tests.web.workbooks import rows_of

COMMUNE, DISTRICT = "23473", "613"
OTHER_DISTRICT = "618"


def text_of(answer):
    assert answer.status_code == 200, answer
    return unescape(" ".join(answer.content.decode().split()))


@pytest.fixture
def office(province, browser):
    return browser(Role.DISTRICT_OFFICE, DISTRICT)


def explanation_of(province, code, level):
    assessment = assessment_of(province.cycle)
    verdicts = verdicts_of(province.cycle, assessment.resting_on([code]))
    return view_explanation(explain(verdicts[code], level, verdicts), "vi")


def test_why_and_why_not_of_any_level_are_the_sentences_of_the_command_line(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    for unit, level in itertools.product((COMMUNE, DISTRICT), (1, 3, 5)):
        page = text_of(client.get(f"/units/{province.units[unit].pk}/", {"level": level}))
        view = explanation_of(province, unit, level)
        assert view.headline in page
        for group in view.groups:
            for sentence in group.sentences:
                assert " ".join(sentence.split()) in page
        for link in view.chain:
            assert " ".join(link.sentence.split()) in page
        for child in view.children:
            assert child.headline in page


def test_without_a_level_the_page_asks_about_the_next_one(province, office):
    verdict = verdicts_of(province.cycle, [COMMUNE])[COMMUNE]
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/"))
    assert explanation_of(province, COMMUNE, min(verdict.levels.level + 1, 5)).headline in page


def test_there_is_no_such_level(province, office):
    for level in ("0", "6", "x", "3.0"):
        assert office.get(f"/units/{province.units[COMMUNE].pk}/", {"level": level}).status_code == 404


def test_the_page_bears_the_marks_of_made_up_and_provisional_facts(province, office):
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/"))
    assert "DỮ LIỆU MÔ PHỎNG" in page


def test_the_three_levels_and_the_target_stand_side_by_side(province, office):
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/"))
    for words in ("Được chấp nhận", "Tự đánh giá", "Còn có thể đạt", "Đăng ký"):
        assert words in page


def test_another_district_sees_nothing_of_a_dossier_but_what_is_published(province, browser):
    client = browser(Role.DISTRICT_OFFICE, OTHER_DISTRICT)
    unit = province.units[COMMUNE].pk
    page = text_of(client.get(f"/units/{unit}/"))
    assert "Không có hồ sơ nào của đơn vị này mà bạn được xem." in page
    assert "Vì sao?" not in page
    dossier = dossier_of(province, COMMUNE)
    act = Act.objects.create(
        cycle=province.cycle,
        body=province.units[DISTRICT],
        kind="recognise",
        year=2025,
        sequence=7,
        number="7/QĐ-UBND",
        signed_on=datetime.date(2025, 12, 18),
        signed_at=timezone.now(),
        signer="Lê Quang Minh",
    )
    ActUnit.objects.create(act=act, dossier=dossier, level=2)
    Dossier.objects.filter(pk=dossier.pk).update(state=State.PUBLISHED.value)
    page = text_of(client.get(f"/units/{unit}/"))
    assert "Kết quả đã công bố" in page
    assert "Quyết định số 7/QĐ-UBND" in page
    for hidden in ("Vì sao?", "minh-chung", "Tài liệu kiểm chứng", "Còn có thể đạt"):
        assert hidden not in page
    assert client.get(f"/units/{unit}/criteria/I.2/").status_code == 403
    ((year, *_, level, number, _, _),) = rows_of(client.get(f"/units/{unit}/", {"format": "xlsx"}).content)
    assert (year, level, number) == (2025, 2, "7/QĐ-UBND")


def test_an_administrator_reads_no_verdict(province, browser):
    page = text_of(browser(Role.ADMINISTRATOR).get(f"/units/{province.units[COMMUNE].pk}/"))
    assert "Vì sao?" not in page


def test_a_criterion_shows_the_decisions_words_the_fact_and_what_is_missing(province, office):
    verdict = verdicts_of(province.cycle, [COMMUNE])[COMMUNE]
    found = next(each for each in verdict.criteria if each.code == "I.2")
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/criteria/I.2/"))
    assert found.criterion.name in page
    for cell in found.criterion.cells:
        assert cell in page
    assert found.actual in page
    assert "Phụ lục 01, tiêu chí I.2 (121/QĐ-UBND)" in page
    assert office.get(f"/units/{province.units[COMMUNE].pk}/criteria/I.99/").status_code == 404


def test_neighbours_on_a_criterion_are_those_the_reader_may_look_into(province, browser):
    officer = browser(Role.COMMUNE_OFFICER, COMMUNE)
    page = text_of(officer.get(f"/units/{province.units[COMMUNE].pk}/criteria/I.2/"))
    assert "Các đơn vị cùng cấp trên tiêu chí này" not in page


def test_a_document_that_was_uploaded_is_named_with_its_size_and_hash(province, office):
    record = FactRecord.objects.get(dossier=dossier_of(province, COMMUNE), criterion="I.2")
    proof = Proof.objects.create(sha256="ab" * 32, size=1_234_567, media_type="application/pdf")
    FactProof.objects.create(fact=record, proof=proof, reference="Báo cáo dịch vụ công.pdf")
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/"))
    assert "Báo cáo dịch vụ công.pdf" in page
    assert "1,2\N{NO-BREAK SPACE}MB" in page or "1,2 MB" in page
    assert "abababababab" in page


def test_the_years_of_a_unit_stand_in_one_table(province, office):
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/"))
    years = page.split('id="years"')[1].split("</table>")[0]
    for year in {cycle.year for cycle in (province.cycle, *province.earlier)}:
        assert str(year) in years


def test_an_earlier_year_can_be_opened(province, office):
    earlier = province.earlier[0]
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/", {"cycle": earlier.pk}))
    assert f"năm {earlier.year}" in page


def test_a_province_without_a_dossier_shows_what_stands_under_it(province, browser):
    page = text_of(browser(Role.DEPARTMENT, "62").get(f"/units/{province.units['62'].pk}/"))
    assert "Huyện Kon Plông" in page


def test_a_unit_that_is_not_there_is_not_found(province, office):
    assert office.get("/units/999999/").status_code == 404


def test_the_graph_shows_who_holds_a_district_back_in_a_drawing_and_in_a_table(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    page = text_of(client.get(f"/units/{province.units[DISTRICT].pk}/graph/", {"level": 4}))
    verdicts = verdicts_of(province.cycle, assessment_of(province.cycle).resting_on([DISTRICT]))
    explanation = explain(verdicts[DISTRICT], 4, verdicts)
    assert page.count("✕ cần mức") >= len(explanation.children)
    table = page.split('id="members"')[1]
    assert table.count("có, cần mức") == len(explanation.children)
    for member in verdicts[DISTRICT].members:
        assert member.unit.name in table


def test_a_unit_that_reads_no_other_has_no_graph(province, office):
    assert office.get(f"/units/{province.units[COMMUNE].pk}/graph/").status_code == 404


def test_a_final_decision_below_is_what_the_graph_says_was_used(province, browser):
    dossier = dossier_of(province, COMMUNE)
    act = Act.objects.create(
        cycle=province.cycle,
        body=province.units[DISTRICT],
        kind="recognise",
        year=2025,
        sequence=9,
        number="9/QĐ-UBND",
        signed_on=datetime.date(2025, 12, 18),
        signed_at=timezone.now(),
        signer="Lê Quang Minh",
    )
    ActUnit.objects.create(act=act, dossier=dossier, level=5)
    page = text_of(browser(Role.DEPARTMENT, "62").get(f"/units/{province.units[DISTRICT].pk}/graph/"))
    assert "Quyết định số 9/QĐ-UBND" in page


def test_a_unit_that_ended_says_since_when(province, office):
    UnitRecord.objects.filter(code=COMMUNE).update(valid_until=datetime.date(2025, 6, 30))
    page = text_of(office.get(f"/units/{province.units[COMMUNE].pk}/"))
    assert "không còn từ sau 30/06/2025" in page


def test_a_merged_unit_tells_from_whom_it_descends_and_inherits_no_level(province, browser, actor):
    from certification.store.reorganising import make_changes
    from evidence.succession import Change, Kind

    day = datetime.date(2026, 7, 1)
    merge = Change(Kind.MERGE, day, "1677/NQ-UBTVQH15", (COMMUNE, "23476"), COMMUNE, "Xã Măng Đen")
    make_changes(actor(Role.ADMINISTRATOR), [merge])
    new = UnitRecord.objects.get(code=COMMUNE, valid_until=None)
    client = browser(Role.DEPARTMENT, "62")
    page = text_of(client.get(f"/units/{new.pk}/"))
    origin = page.split('id="origin"')[1].split("</section>")[0]
    assert "Thị trấn Măng Đen" in origin
    assert "1677/NQ-UBTVQH15" in origin
    assert "không phải là mức của đơn vị mới" in origin
    old = text_of(client.get(f"/units/{province.units[COMMUNE].pk}/"))
    assert "Trở thành" in old
    assert "không còn từ sau 30/06/2026" in old


def test_every_table_of_a_unit_goes_to_excel(province, browser):
    client = browser(Role.DEPARTMENT, "62")

    def rows(address, **asked):
        answer = client.get(address, {**asked, "format": "xlsx"})
        assert answer.status_code == 200
        return rows_of(answer.content)

    page = f"/units/{province.units[DISTRICT].pk}/"
    verdict = verdicts_of(province.cycle, [DISTRICT])[DISTRICT]
    assert len(rows(page)) == 33
    assert [row[0] for row in rows(page, table="years")] == [2025, 2024, 2023]
    assert {row[0] for row in rows(page, table="documents")} == {
        document.reference for found in verdict.criteria if found.fact for document in found.fact.documents
    }
    assert {row[1] for row in rows(f"{page}graph/", table="members")} == {each.unit.code for each in verdict.members}
    assert {row[1] for row in rows(f"{page}criteria/II.1/", table="beside")} == {"613", "618"}
