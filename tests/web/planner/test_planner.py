"""The planner's screens say what the command line says, keep scenarios and prices, and record no fact."""

from html import unescape
from importlib.resources import as_file

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certification.planning.ways import plan
from certification.procedure.roles import Role
from certification.store.assessments import assessment_of
from certification.store.models import AuditEntry, FactRecord, PriceList, Scenario
from certification.store.results import results_of, verdicts_of
from evidence.costs import read_costs
from evidence.samples import sample_paths
from reports.plan import view_plan

COSTS = "tier,criterion,fixed,per_unit\ncommune,I.2,1000000,50000\ncommune,II.1,0,10\n"


@pytest.fixture
def planner(province, browser):
    return browser(Role.PLANNER, province.cycle.root.code)


@pytest.fixture
def prices(province):
    with as_file(sample_paths().costs) as path:
        return PriceList.objects.create(
            cycle=province.cycle, unit=province.cycle.root, name="costs.csv", content=path.read_bytes()
        )


def dossier_of(province, code):
    return province.cycle.dossiers.select_related("unit").get(unit__code=code)


def test_the_first_page_lists_the_units_and_finds_them_without_tones(planner, province):
    page = planner.get(reverse("planner:home"), {"q": "kon plong"})
    assert page.status_code == 200
    assert "Kon Plông" in page.content.decode()
    assert "Ia H" not in page.content.decode().split("<table")[-1]


def test_a_plan_is_that_of_the_command_line(planner, province, prices):
    district = next(each for each in province.cycle.dossiers.all() if each.unit.tier == "district")
    code = district.unit.code
    assessment = assessment_of(province.cycle)
    verdicts = verdicts_of(province.cycle, assessment.resting_on([code]))
    with as_file(sample_paths().costs) as path:
        found = plan(assessment, verdicts, code, 4, read_costs(path, assessment.framework))
    page = unescape(planner.get(reverse("planner:plan", args=[district.pk]), {"level": "4"}).content.decode())
    view = view_plan(found, "vi")
    assert view.headline in page
    for unit in view.units:
        assert unit.heading in page


def test_a_plan_is_had_as_word_and_excel(planner, province, prices):
    district = next(each for each in province.cycle.dossiers.all() if each.unit.tier == "district")
    for kind in ("docx", "xlsx"):
        answer = planner.get(reverse("planner:plan", args=[district.pk]), {"level": "4", "format": kind})
        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"
        assert f".{kind}" in answer["Content-Disposition"]


def test_what_if_shows_the_level_that_deciding_edited_facts_gives_and_records_nothing(planner, province):
    results = results_of(province.cycle)
    dossier = province.cycle.dossiers.filter(unit__tier="commune").first()
    before = list(FactRecord.objects.order_by("pk").values())
    recorded = results[dossier.unit.code].by_code["I.2"]
    page = planner.get(reverse("planner:effect", args=[dossier.pk]), {"v.I.2": "0/50"}).content.decode()
    assert "Điều sẽ đổi" in page
    assert dossier.unit.name in page or recorded.levels.level == 0
    assert list(FactRecord.objects.order_by("pk").values()) == before


def test_what_cannot_be_read_is_told_beside_its_field_and_kept(planner, province):
    dossier = province.cycle.dossiers.filter(unit__tier="commune").first()
    page = planner.get(reverse("planner:what_if", args=[dossier.pk]), {"v.I.2": "9/3"})
    assert page.status_code == 200
    assert 'value="9/3"' in page.content.decode()
    assert "aria-invalid" in page.content.decode()


def test_a_scenario_is_kept_opened_again_compared_and_deleted(planner, province):
    dossier = province.cycle.dossiers.filter(unit__tier="commune").first()
    url = reverse("planner:what_if", args=[dossier.pk])
    assert planner.post(url, {"v.I.2": "50/50", "name": "Phủ kín"}).status_code == 303
    kept = Scenario.objects.get()
    assert "50/50" in planner.get(url, {"scenario": kept.pk}).content.decode()
    compared = planner.get(reverse("planner:compare", args=[province.cycle.pk]), {"pick": kept.pk})
    assert "Phủ kín" in compared.content.decode()
    listed = planner.get(reverse("planner:scenarios", args=[province.cycle.pk])).content.decode()
    assert "Phủ kín" in listed
    planner.post(reverse("planner:delete_scenario", args=[province.cycle.pk, kept.pk]))
    assert not Scenario.objects.exists()
    assert AuditEntry.objects.filter(object_kind="scenario").count() == 2


def test_a_scenario_that_assumes_nothing_is_not_kept(planner, province):
    dossier = province.cycle.dossiers.filter(unit__tier="commune").first()
    page = planner.post(reverse("planner:what_if", args=[dossier.pk]), {"name": "Trống"})
    assert page.status_code == 422
    assert not Scenario.objects.exists()


def test_prices_with_faults_are_refused_with_row_and_column(planner, province):
    url = reverse("planner:prices", args=[province.cycle.pk, province.cycle.root.pk])
    bad = SimpleUploadedFile("giá của tôi.csv", COSTS.replace("50000", "-1").encode())
    page = planner.post(url, {"file": bad})
    assert page.status_code == 422
    assert "giá của tôi.csv:2:per_unit" in page.content.decode()
    assert not PriceList.objects.exists()
    good = SimpleUploadedFile("costs.csv", COSTS.encode())
    assert planner.post(url, {"file": good}).status_code == 303
    assert PriceList.objects.get().unit == province.cycle.root


def test_a_budget_is_planned_for_a_province(planner, province, prices):
    url = reverse("planner:budget", args=[province.cycle.pk, province.cycle.root.pk])
    page = planner.post(url, {"budgets": "5.000.000.000"})
    assert page.status_code == 200, page.content.decode()
    assert "Kết luận" in page.content.decode()
    wrong = planner.post(url, {"budgets": "năm tỷ"})
    assert wrong.status_code == 422
    assert "năm tỷ" in wrong.content.decode()


def test_the_chances_of_a_district_are_told_with_what_to_verify(planner, province):
    dossier = province.cycle.dossiers.filter(unit__tier="district").first()
    url = reverse("planner:chances", args=[dossier.pk])
    page = planner.get(url, {"draws": "1000", "seed": "3"})
    assert page.status_code == 200
    assert "Giả định" in page.content.decode()
    again = planner.get(url, {"draws": "1000", "seed": "3"})
    assert page.content.decode().split("<main")[1] == again.content.decode().split("<main")[1]
    assert planner.get(url, {"draws": "-5", "seed": "x" * 50}).status_code == 200
    assert planner.get(url, {"draws": "1000", "format": "xlsx"}).content[:2] == b"PK"


def test_whoever_may_not_plan_for_a_unit_is_told_so(province, browser):
    dossier = province.cycle.dossiers.filter(unit__tier="commune").first()
    stranger = province.cycle.dossiers.filter(unit__tier="commune").exclude(unit__parent=dossier.unit.parent).first()
    officer = browser(Role.COMMUNE_OFFICER, stranger.unit.code)
    assert officer.get(reverse("planner:plan", args=[dossier.pk])).status_code == 403


@pytest.mark.parametrize("page", ["plan", "what_if", "chances"])
def test_ranks_among_the_units_one_may_know_are_said_to_be_no_official_ranks(index_province, browser, page):
    dossier = index_province.cycle.dossiers.filter(unit__tier="district").first()
    for place, told in ((dossier.unit.code, True), (index_province.cycle.root.code, False)):
        answer = browser(Role.PLANNER, place).get(reverse(f"planner:{page}", args=[dossier.pk]))
        assert ("chỉ so các đơn vị mà bạn được biết" in answer.content.decode()) is told


def test_a_plan_in_points_is_asked_for_and_answered(index_province, browser):
    planner = browser(Role.PLANNER, index_province.cycle.root.code)
    dossier = index_province.cycle.dossiers.filter(unit__tier="district").first()
    url = reverse("planner:plan", args=[dossier.pk])
    assert planner.get(url).status_code == 200
    page = planner.get(url, {"goal": "climb", "amount": "1"})
    assert page.status_code == 200, page.content.decode()
    assert "Kết luận" in page.content.decode()
    assert planner.get(url, {"goal": "points", "amount": "nhiều"}).status_code == 422
    effect = planner.get(reverse("planner:what_if", args=[dossier.pk]))
    assert effect.status_code == 200


def test_who_supposes_something_of_his_commune_is_not_told_the_level_of_the_district(province, browser):
    dossier = province.cycle.dossiers.get(unit__code="23455")
    supposed = {"v.I.2": "1/100"}
    url = reverse("planner:what_if", args=[dossier.pk])
    officer = browser(Role.COMMUNE_OFFICER, "23455").get(url, supposed).content.decode().split("<main")[1]
    assert "Xã Đắk Ring" in officer
    assert "Huyện Kon Plông" not in officer.split("Điều sẽ đổi")[1]
    assert browser(Role.PLANNER, "613").get(url, supposed).status_code == 200
