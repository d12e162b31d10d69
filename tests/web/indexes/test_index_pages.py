"""The index screens as their readers meet them."""

from collections.abc import Callable

import pytest
from django.test import Client

from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.loading import Province
from certification.store.models import Account, Dossier
from tests.web.conftest import Person, dossier_of
from tests.web.indexes.conftest import AGENCY
from tests.web.workbooks import sheets_of

SignIn = Callable[[Account], Client]


def test_the_home_shows_each_index_with_what_the_reader_may_see(
    ha_noi: Province, scorer: Account, sign_in: SignIn
) -> None:
    page = sign_in(scorer).get("/indexes/").content.decode()
    assert "Chủ tịch Ủy ban nhân dân thành phố Hà Nội, năm 2024" in page
    assert "Chủ tịch Ủy ban nhân dân thành phố Hà Nội, năm 2023" in page
    assert "3 đơn vị" in page


def test_the_ranking_shows_rounds_last_years_rank_and_pictures(
    ha_noi: Province, scorer: Account, sign_in: SignIn
) -> None:
    page = sign_in(scorer).get(f"/indexes/ranking/?cycle={ha_noi.cycle.pk}").content.decode()
    for words in (
        "Ban Dân tộc",
        "Văn phòng UBND Thành phố",
        "Hạng năm trước",
        "Đánh giá vòng 1",
        "Đánh giá vòng 2",
        "<svg",
    ):
        assert words in page


def test_the_ranking_is_an_excel_file_with_every_pillar(ha_noi: Province, scorer: Account, sign_in: SignIn) -> None:
    answer = sign_in(scorer).get(f"/indexes/ranking/?cycle={ha_noi.cycle.pk}&format=xlsx")
    assert answer.content.startswith(b"PK")


def test_the_ranking_is_a_report_in_word_for_who_sees_all_of_it(
    ha_noi: Province, scorer: Account, person: Person, sign_in: SignIn
) -> None:
    path = f"/indexes/ranking/?cycle={ha_noi.cycle.pk}&format=docx"
    answer = sign_in(scorer).get(path)
    assert answer.content.startswith(b"PK")
    assert "xep-hang-ha-noi-2024-2024.docx" in answer["Content-Disposition"]
    assert "text/html" in sign_in(person(Role.AGENCY_OFFICER, AGENCY)).get(path)["Content-Type"]


def test_an_agency_sees_its_own_rank_and_nobody_elses_points(ha_noi: Province, person: Person, sign_in: SignIn) -> None:
    officer = sign_in(person(Role.AGENCY_OFFICER, AGENCY))
    page = officer.get(f"/indexes/ranking/?cycle={ha_noi.cycle.pk}").content.decode()
    assert "Ban Dân tộc" in page
    assert "Văn phòng UBND Thành phố" not in page
    assert "trong cả nhóm 3 đơn vị" in page
    assert officer.get(f"/indexes/units/{dossier_of(ha_noi, '01-VP').pk}/").status_code == 403


def test_what_is_published_counts_only_what_the_council_accepted_for_others(
    ha_noi: Province, person: Person, sign_in: SignIn
) -> None:
    Dossier.objects.filter(cycle=ha_noi.cycle).update(state=State.PUBLISHED.value)
    stranger = sign_in(person(Role.AGENCY_OFFICER, "01-VP"))
    page = stranger.get(f"/indexes/units/{dossier_of(ha_noi, AGENCY).pk}/").content.decode()
    assert "Chỉ tính số liệu mà Hội đồng đã chấp nhận" in page
    assert "261,75" in page
    assert "Vì sao" not in page


def test_the_page_of_a_unit_says_why_and_shows_radar_and_rounds(
    ha_noi: Province, scorer: Account, sign_in: SignIn
) -> None:
    page = sign_in(scorer).get(f"/indexes/units/{dossier_of(ha_noi, AGENCY).pk}/").content.decode()
    for words in (
        "268,75",
        "<svg",
        "Cao nhất nhóm",
        "Kết quả công bố",
        "Chưa có tài liệu kiểm chứng",
        "Vì sao",
        "Căn cứ",
    ):
        assert words in page


def test_a_dossier_of_levels_has_no_page_of_points(province: Province, person: Person, sign_in: SignIn) -> None:
    auditor = sign_in(person(Role.AUDITOR))
    assert auditor.get(f"/indexes/units/{dossier_of(province, '23452').pk}/").status_code == 404


def test_the_appraisal_of_an_indicator_shows_every_round_and_the_effect_in_points(
    ha_noi: Province, scorer: Account, sign_in: SignIn
) -> None:
    page = sign_in(scorer).get(f"/appraisal/{dossier_of(ha_noi, AGENCY).pk}/at/2.2/").content.decode()
    for words in ("Điểm của chỉ số qua các vòng", "Bổ sung giải trình", "Kết quả công bố", "268,75/380"):
        assert words in page


def test_units_are_compared_indicator_by_indicator(ha_noi: Province, scorer: Account, sign_in: SignIn) -> None:
    client = sign_in(scorer)
    path = f"/indexes/compare/?cycle={ha_noi.cycle.pk}&unit=01-BDT&unit=01-VP"
    page = client.get(path).content.decode()
    assert "Chênh lệch" in page
    assert "1. Nhận thức số" in page
    assert client.get(path + "&format=xlsx").content.startswith(b"PK")
    assert len(client.get(path + "&only=differ").content) <= len(page.encode())


def test_every_office_in_charge_has_a_work_list_as_a_page_and_as_papers(
    chu_prong: Province, person: Person, sign_in: SignIn
) -> None:
    client = sign_in(person(Role.AUDITOR))
    page = client.get(f"/indexes/offices/?cycle={chu_prong.cycle.pk}").content.decode()
    assert "Phòng Văn hóa và Thông tin" in page
    path = f"/indexes/offices/list/?cycle={chu_prong.cycle.pk}&office=cong+an+huyen&tier=district"
    office = client.get(path).content.decode()
    assert set(sheets_of(client.get(f"{path}&format=xlsx&table=work-lead").content)) == {"work-lead"}
    assert "<h1>Công an huyện</h1>" in office
    assert "II." in office
    for kind in ("xlsx", "docx"):
        answer = client.get(f"{path}&format={kind}")
        assert answer.content.startswith(b"PK")
        assert "attachment" in answer["Content-Disposition"]
    assert client.get(path.replace("cong", "khong")).status_code == 404


def test_where_the_decision_names_no_office_that_is_said(ha_noi: Province, scorer: Account, sign_in: SignIn) -> None:
    page = sign_in(scorer).get(f"/indexes/offices/?cycle={ha_noi.cycle.pk}").content.decode()
    assert "không giao chỉ số cho cơ quan nào" in page


@pytest.mark.parametrize("path", ["", "ranking/", "units/{}/", "compare/"])
def test_index_pages_ask_the_database_a_bounded_number_of_times(
    ha_noi: Province, scorer: Account, sign_in: SignIn, path: str, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = sign_in(scorer)
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        client.get("/indexes/" + path.format(dossier_of(ha_noi, AGENCY).pk))
