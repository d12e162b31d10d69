"""The list of units, the map, the comparison, the search: what they find, and whom they show what."""

import datetime
import io
import re
from urllib.parse import urljoin

import openpyxl
from django.utils import timezone

from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.models import Act, ActUnit, Dossier, FactProof, FactRecord, UnitRecord
from certification.store.results import results_of
from tests.web.conftest import dossier_of
from tests.web.workbooks import sheets_of

COMMUNE, DISTRICT = "23473", "613"
OTHER_DISTRICT = "618"


def text_of(answer):
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def rows_of(page):
    return re.findall(r'<th scope="row"[^>]*><a [^>]*>([^<]+)</a>', page)


def recognise(province, unit, level):
    """A signed act on a unit, and its publication in the dossier's state."""
    dossier = dossier_of(province, unit)
    act = Act.objects.create(
        cycle=province.cycle,
        body=dossier.unit.parent,
        kind="recognise",
        year=2025,
        sequence=12,
        number="12/QĐ-UBND",
        signed_on=datetime.date(2025, 12, 18),
        signed_at=timezone.now(),
        signer="Lê Quang Minh",
        search_key="12/qd-ubnd",
    )
    ActUnit.objects.create(act=act, dossier=dossier, level=level)
    Dossier.objects.filter(pk=dossier.pk).update(state=State.PUBLISHED.value)
    return act


def test_a_search_without_tones_and_case_finds_a_name(province, browser):
    page = text_of(browser(Role.DEPARTMENT, "62").get("/units/", {"q": "MANG den"}))
    assert rows_of(page) == ["Thị trấn Măng Đen"]
    assert rows_of(text_of(browser(Role.AUDITOR).get("/units/", {"q": "23473"}))) == ["Thị trấn Măng Đen"]


def test_names_stand_in_the_vietnamese_order(province, browser):
    listed = rows_of(text_of(browser(Role.DEPARTMENT, "62").get("/units/")))
    expected = UnitRecord.objects.filter(dossiers__cycle=province.cycle).order_by("sort_key")
    assert listed == [unit.name.replace("'", "&#39;") for unit in expected]


def test_filters_narrow_and_go_together(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    results = results_of(province.cycle)
    wanted = {
        dossier.unit.name.replace("'", "&#39;")
        for dossier in province.cycle.dossiers.select_related("unit__parent")
        if dossier.unit.tier == "commune"
        and dossier.unit.parent.code == DISTRICT
        and results[dossier.unit.code].levels.level == 1
    }
    parent = province.units[DISTRICT].pk
    page = text_of(client.get("/units/", {"tier": "commune", "parent": parent, "level": "1"}))
    assert set(rows_of(page)) == wanted
    assert "Không có đơn vị nào phù hợp" in text_of(client.get("/units/", {"q": "không có tên này"}))


def test_only_what_waits_only_what_is_late(province, browser):
    Dossier.objects.filter(cycle=province.cycle).update(state=State.PUBLISHED.value)
    Dossier.objects.filter(cycle=province.cycle, unit__code=COMMUNE).update(state=State.SUBMITTED.value)
    client = browser(Role.DISTRICT_OFFICE, DISTRICT)
    assert rows_of(text_of(client.get("/units/", {"only": "mine"}))) == ["Thị trấn Măng Đen"]
    assert "Thị trấn Măng Đen" in rows_of(text_of(client.get("/units/", {"only": "late"})))


def test_the_workbook_holds_every_row_the_filter_leaves(province, browser):
    answer = browser(Role.DEPARTMENT, "62").get("/units/", {"tier": "commune", "format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    said, rows = sheet["A2"].value, list(sheet.iter_rows(min_row=5, values_only=True))
    assert said == "Bản này có dữ liệu mô phỏng; số liệu mô phỏng không phải số liệu thật."
    assert len(rows) == province.cycle.dossiers.filter(unit__tier="commune").count()
    results = results_of(province.cycle)
    assert {row[1]: row[5] for row in rows} == {row[1]: results[row[1]].levels.level for row in rows}


def test_a_commune_officer_sees_his_own_commune_and_of_others_only_what_is_published(province, browser):
    client = browser(Role.COMMUNE_OFFICER, COMMUNE)
    assert rows_of(text_of(client.get("/units/"))) == ["Thị trấn Măng Đen"]
    other = province.cycle.dossiers.filter(unit__parent__code=OTHER_DISTRICT).first().unit
    recognise(province, other.code, 2)
    page = text_of(client.get("/units/"))
    assert set(rows_of(page)) == {"Thị trấn Măng Đen", other.name.replace("'", "&#39;")}
    assert "Đơn vị ngoài phạm vi của bạn chỉ hiện kết quả đã công bố." in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/units/", {"format": "xlsx"}).content)).active
    outside = next(row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1] == other.code)
    assert outside[5:8] == ("", "", "")  # accepted, claimed, possible: nobody's business
    assert outside[8] == 2


def test_an_administrator_who_judges_nothing_sees_no_list_of_levels(province, browser):
    page = browser(Role.ADMINISTRATOR).get("/map/")
    assert page.status_code == 403


def test_a_cycle_that_is_not_there_is_not_found(province, browser):
    assert browser(Role.AUDITOR).get("/units/", {"cycle": "999"}).status_code == 404
    assert browser(Role.AUDITOR).get("/map/", {"cycle": "x"}).status_code == 404


def test_the_map_has_a_cell_for_every_criterion_and_leads_to_it(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    page = text_of(client.get("/map/", {"tier": "commune"}))
    cells = re.findall(r'<a class="heat ([^"]+)" href="([^"]+)">(?:<data[^>]*>)?[^<]+<', page)
    communes = province.cycle.dossiers.filter(unit__tier="commune").count()
    assert len(cells) == communes * 38
    assert client.get(urljoin("/map/", cells[0][1].replace("&amp;", "&"))).status_code == 200


def test_the_map_tells_what_is_not_known_by_a_mark_and_not_by_colour_alone(province, browser):
    page = text_of(browser(Role.DEPARTMENT, "62").get("/map/", {"tier": "commune"}))
    assert "unsure" in page
    assert re.search(r'unsure" href="[^"]+">\d[*?!×÷]</a>', page)
    assert "chưa có số liệu" in page


def test_the_map_counts_whom_a_criterion_holds_back(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    page = text_of(client.get("/map/", {"tier": "commune"}))
    counts = re.findall(r'<td class="middle">(?:<data[^>]*>)?(\d*)<', page.split("<tfoot>")[1])
    results = [
        result
        for code, result in results_of(province.cycle).items()
        if UnitRecord.objects.get(code=code, valid_until=None).tier == "commune"
    ]
    first = sum(r.criteria[0].levels.level == r.levels.level < 5 for r in results)
    assert int(counts[0] or 0) == first
    assert "bị giữ lại" in text_of(client.get("/map/", {"tier": "commune", "by": "place"}))


def test_the_map_as_a_workbook_writes_levels_as_numbers(province, browser):
    answer = browser(Role.DEPARTMENT, "62").get("/map/", {"tier": "district", "format": "xlsx"})
    ((groups, head, *units, held),) = sheets_of(answer.content).values()
    assert groups[3].startswith("I")
    assert head[:3] == ("Đơn vị", "Mã", "Mức")
    assert len(head) == 3 + 33
    results = results_of(province.cycle)
    assert {row[1]: row[2] for row in units} == {code: results[code].levels.level for code in ("613", "618")}
    assert held[0].startswith("Giữ lại")


def test_units_are_compared_beside_each_other_and_what_differs_is_marked_in_words(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    communes = list(province.cycle.dossiers.filter(unit__tier="commune").values_list("unit", flat=True)[:3])
    page = text_of(client.get("/units/compare/", {"unit": communes, "cycle": province.cycle.pk}))
    assert page.count('class="button small quiet"') == 3
    assert "≠" in page
    assert "khác nhau" in page
    fewer = text_of(client.get("/units/compare/", {"unit": communes, "only": "differ"}))
    assert fewer.count('<th scope="row">') < page.count('<th scope="row">')


def test_a_unit_of_another_tier_or_territory_is_not_compared(province, browser):
    district, commune = province.units[DISTRICT].pk, province.units[COMMUNE].pk
    page = text_of(browser(Role.DEPARTMENT, "62").get("/units/compare/", {"unit": [commune, district]}))
    assert "thuộc cấp khác" in page
    outside = UnitRecord.objects.filter(parent__code=OTHER_DISTRICT).first()
    page = text_of(browser(Role.DISTRICT_OFFICE, DISTRICT).get("/units/compare/", {"unit": [commune, outside.pk]}))
    assert outside.name not in page


def test_a_unit_to_compare_is_found_by_name_without_tones(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    page = text_of(client.get("/units/compare/", {"add": "mang den"}))
    assert "Thị trấn Măng Đen" in page
    assert "Thêm ít nhất một đơn vị nữa" in page
    assert "Chọn một đơn vị" in text_of(client.get("/units/compare/", {"add": "xa"}))


def test_the_search_finds_units_criteria_and_decisions(province, browser):
    client = browser(Role.DISTRICT_OFFICE, DISTRICT)
    assert "Thị trấn Măng Đen" in text_of(client.get("/search/", {"q": "mang den"}))
    assert "dịch vụ công" in text_of(client.get("/search/", {"q": "dich vu cong"}))
    recognise(province, COMMUNE, 3)
    assert "12/QĐ-UBND" in text_of(client.get("/search/", {"q": "12/qđ"}))
    assert "Không tìm thấy gì" in text_of(client.get("/search/", {"q": "zzzz"}))


def test_a_decision_of_another_district_that_is_not_published_is_not_found(province, browser):
    recognise(province, COMMUNE, 3)
    client = browser(Role.DISTRICT_OFFICE, OTHER_DISTRICT)
    assert "12/QĐ-UBND" not in text_of(client.get("/search/", {"q": "12/qđ"}))


def test_why_a_result_is_stale_is_told_only_to_those_who_may_look_into_it(province, browser):
    recognise(province, DISTRICT, 3)
    Dossier.objects.filter(pk=dossier_of(province, DISTRICT).pk).update(stale="tính lại: mức 2")
    neighbour = browser(Role.COMMUNE_OFFICER, "23535")
    book = openpyxl.load_workbook(io.BytesIO(neighbour.get("/units/", {"format": "xlsx"}).content))
    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row}
    assert "Huyện Kon Plông" in cells
    assert "tính lại: mức 2" not in cells
    own = browser(Role.DISTRICT_OFFICER, DISTRICT)
    book = openpyxl.load_workbook(io.BytesIO(own.get("/units/", {"format": "xlsx"}).content))
    assert "tính lại: mức 2" in {str(cell.value) for row in book.active.iter_rows() for cell in row}


def test_a_result_is_decided_again_when_last_years_inspection_changes(province):
    dossier = dossier_of(province, COMMUNE)
    FactRecord.objects.filter(dossier=dossier, criterion="I.11").delete()
    last = Dossier.objects.get(unit=dossier.unit, cycle__root=dossier.cycle.root, cycle__year=dossier.cycle.year - 1)
    FactRecord.objects.filter(dossier=last, criterion="I.11").delete()
    inspection = FactRecord.objects.create(
        dossier=last, criterion="I.11", status="verified", numerator=1, denominator=1
    )
    FactProof.objects.create(fact=inspection, reference="Kết luận kiểm tra số 3")
    counted = results_of(dossier.cycle)[COMMUNE].by_code["I.11"].levels.level
    assert counted == 5  # one inspection counts for two years
    FactRecord.objects.filter(pk=inspection.pk).update(status="rejected", note="không có kiểm tra")
    Dossier.objects.filter(pk=last.pk).update(revision=last.revision + 1)
    assert results_of(dossier.cycle)[COMMUNE].by_code["I.11"].levels.level < counted
