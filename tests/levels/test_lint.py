"""The linter has nothing against the real rulebook, and names exactly the one thing that is spoilt in it."""

from pathlib import Path

import attrs
import pytest

from levels.faults import Severity
from levels.findings import lines
from levels.framework import Framework, Interpretation, Tier
from levels.lint import lint
from levels.loader import load_with_positions
from levels.readings import check_open_points, check_wordings
from levels.source import Positions
from levels.wordings import OPEN_POINTS, differing_base
from tests.levels.files import ID, TEXT, changed, faults_of, kon_tum, kon_tum_content, replaced


def test_the_real_rulebook_has_no_errors_and_no_warnings() -> None:
    assert lint(*load_with_positions(ID)) == []


COMMUNE, DISTRICT, READINGS = "  commune:\n", "  district:\n", "interpretations:\n"
I_2, I_5, I_7, I_11 = (f"code: I.{number}\n" for number in (2, 5, 7, 11))
II_3, II_4 = "name: Có sản phẩm chủ lực", "name: Doanh nghiệp, hợp tác xã ứng"
DECISION_942 = "Quyết định số 942/QĐ-TTg ngày 15 tháng 6 năm 2021 của Thủ tướng Chính phủ."
DATE = "{day: 15, month: 12}"

MUTATIONS: list[tuple[str, str, str, str, str, str]] = [
    # what is spoilt; behind which words; replaced; by; where the fault is shown (at |, else at once); what is said
    ("a share that falls", I_2, '"50%", "80%"', '"50%", "49%"', '"49%"',
     "criterion I.2: level 4 «49%» demands less than level 3 «50%»"),
    ("a demand taken back", I_2, '"50%", "80%"', '"50%", "Không áp dụng"', '"Không áp dụng"',
     "criterion I.2: level 4 «Không áp dụng» demands less than level 3 «50%»"),
    ("a presence that falls", I_5, "Có triển khai nền tảng\n            method", "Không áp dụng\n            method",
     "Không áp dụng\n            method", "level 5 «Không áp dụng» demands less than level 4 «Có triển khai nền tảng»"),
    ("a count that falls", II_4, "Có 2 doanh nghiệp, hợp tác xã", "Có 4 doanh nghiệp, hợp tác xã", "Có 3 doanh",
     "demands less than level 4 «Có 4 doanh nghiệp, hợp tác xã»"),
    ("members of whom fewer are high", DISTRICT, "từ mức cơ bản trở lên, trong đó tối thiểu 50% đạt mức nâng cao",
     "từ mức kết nối trở lên, trong đó tối thiểu 40% đạt mức toàn diện",
     '"100% xã, phường, thị trấn đạt mức độ chuyển đổi số từ mức kết nối trở lên, trong đó tối thiểu 40%',
     "criterion I.1: level 4"),
    ("a set's count", COMMUNE, "stated_count: 38", "stated_count: 39", "39",
     "the text states 39 criteria, there are 38"),
    ("a group's count", COMMUNE, "stated_count: 24", "stated_count: 23", "23",
     "the text states 23 criteria, there are 24"),
    ("a measure without %", I_2, 'measure: "%"', "measure: Hồ sơ", "Hồ sơ",
     "measure «Hồ sơ» does not fit requirements of kind ratio"),
    ("a % that measures people", I_7, "measure: Nhân sự", 'measure: "%"', '"%"',
     "measure «%» does not fit requirements of kind count"),
    ("a yes or no that counts", I_7, "measure: Nhân sự", "measure: Có/ không", "Có/ không",
     "does not fit requirements of kind count"),
    ("an appraiser of the same tier", COMMUNE, "appraised_by: district", "appraised_by: commune", "commune\n",
     "commune is appraised by commune"),
    ("an inspection for one year", I_11, "valid_cycles: 2", "valid_cycles: 1", "valid_cycles: |1\n",
     "facts count for 1 cycles, the table says 2"),
    ("a number that is kept for years", I_2, "basis:\n", "valid_cycles: 3\n            basis:\n", "valid_cycles: |3\n",
     "facts count for 3 cycles, the table says 1"),
    ("an exemption by other words", II_3, 'wording: "(nếu có)"', "wording: khi cần", "khi cần",
     "does not say «khi cần»"),
    ("an exemption that cites nothing", II_3, "interpretation: exemption-if-any", "interpretation: none-such",
     "none-such", "there is no interpretation «none-such»"),
    ("a reading of no criterion", READINGS, "criteria: [commune/II.4]", "criteria: [commune/II.4, commune/II.9]",
     "commune/II.9", "there is no criterion «commune/II.9»"),
    ("a reading of words not there", READINGS, "district/II.11]", "district/II.11, commune/I.12]",
     "II.11, |commune/I.12",
     "the words «được tính cho 02 năm» do not occur in commune/I.12"),
    ("two readings of one name", READINGS, "id: base-schools", "id: base-computers",
     "base-computers\n    wording: tổng số cơ",
     "the interpretation «base-computers» occurs twice"),
    ("a step before its turn", "deadlines:", DATE, "{day: 15, month: 11}", "step: appraisal",
     "the deadline «Hoàn thành thẩm định» is out of order"),
    ("a step twice", "deadlines:", "step: summary", "step: recognition", "step: recognition\n    name: Tổng hợp",
     "the deadline «Tổng hợp, báo cáo Bộ Khoa học và Công nghệ» is out of order"),
    ("force before signing", "instrument:", 'in_force: "2025-03-10"', 'in_force: "2025-03-09"', '"2025-03-09"',
     "warning: in force before it was signed"),
    ("no legal basis", I_2, f"basis:\n              - {DECISION_942}\n", "basis: []\n", "[]",
     "warning: criterion I.2 has no basis"),
    ("no method", I_2, "method: Hệ thống giám sát, đo lường mức độ cung cấp và sử dụng dịch vụ Chính phủ số.",
     'method: ""', '""', "warning: criterion I.2 has no method"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "old", "new", "shown", "message"), [case[1:] for case in MUTATIONS], ids=[case[0] for case in MUTATIONS]
)
def test_one_thing_spoilt_is_one_fault_at_its_place(
    tmp_path: Path, after: str, old: str, new: str, shown: str, message: str
) -> None:
    spoilt = replaced(old, new, after)
    before, _, value = shown.rpartition("|")
    index = spoilt.index(before + value, TEXT.index(after)) + len(before)
    row, column = spoilt.count("\n", 0, index) + 1, index - spoilt.rfind("\n", 0, index)
    path = tmp_path / "draft.yaml"
    (fault,) = faults_of(path, spoilt)
    line = fault.line("en")
    assert line.startswith(f"{path}:{row}:{column}: ")
    assert message in line
    assert fault.line("vi") != line


def said(framework: Framework, severity: Severity = "error") -> list[str]:
    faults = lint(framework, Positions("draft.yaml"))
    return [fault.found.en for fault in faults if fault.severity == severity]


def test_a_gap_in_the_codes_is_told_once_and_not_for_all_that_follow() -> None:
    data = kon_tum_content()
    criteria = data["sets"]["commune"]["groups"][2]["criteria"]
    for number, criterion in enumerate(criteria[6:], start=8):
        criterion["code"] = f"III.{number}"
    assert [text for text in said(changed(sets=data["sets"])) if "order" in text] == [
        "the code «III.8» is out of order"
    ]


def test_groups_are_numbered_without_a_gap() -> None:
    data = kon_tum_content()
    group = data["sets"]["district"]["groups"][3]
    group["code"] = "V"
    for number, criterion in enumerate(group["criteria"], start=1):
        criterion["code"] = f"V.{number}"
    assert "the code «V» is out of order" in said(changed(sets=data["sets"]))


def test_a_missing_criterion_shows_in_both_counts() -> None:
    data = kon_tum_content()
    del data["sets"]["commune"]["groups"][2]["criteria"][8]
    texts = said(changed(sets=data["sets"]))
    assert "the text states 38 criteria, there are 37" in texts
    assert "the text states 9 criteria, there are 8" in texts


def test_a_district_cannot_read_communes_that_have_no_table() -> None:
    data = kon_tum_content()
    texts = said(changed(sets={"district": data["sets"]["district"]}))
    assert texts.count("criterion I.1 reads levels of tier commune, which has no table") == 5


@pytest.mark.parametrize(("reader", "read"), [("district", "huyện, thành phố"), ("commune", "huyện, thành phố")])
def test_no_level_may_rest_on_itself_or_on_a_level_above(reader: str, read: str) -> None:
    data = kon_tum_content()
    criterion = data["sets"][reader]["groups"][0]["criteria"][0]
    criterion["cells"] = [f"100% {read} đạt mức độ chuyển đổi số mức khởi động"] * 5
    texts = said(changed(sets=data["sets"]))
    assert sum("rest on each other in a circle" in text for text in texts) == 5


def test_it_must_be_said_whom_the_act_of_every_recognising_tier_names() -> None:
    acts = kon_tum_content()["acts"]
    assert said(changed(acts={"province": acts["province"]})) == [
        "it is not said who proposes and receives the act of the district"
    ]
    assert len(said(changed(acts={}))) == 2


def test_an_exemption_is_neither_forgotten_nor_invented() -> None:
    data = kon_tum_content()
    products = data["sets"]["commune"]["groups"][1]["criteria"]
    exemption = products[2].pop("exemption")
    assert said(changed(sets=data["sets"])) == ["criterion II.3 says «(nếu có)»"]
    products[2]["exemption"] = products[0]["exemption"] = exemption
    assert said(changed(sets=data["sets"])) == ["the criterion does not say «(nếu có)»"]


WORDED = [i for i in kon_tum().interpretations if i.wording and i.criteria]
READ_BY_LAWYERS_ONLY = {
    "base-documents", "base-cultural-houses", "base-postal-points", "base-schools", "virtual-assistant-users",
    "website-integrated",
}  # fmt: skip


@pytest.mark.parametrize("interpretation", WORDED, ids=[i.id for i in WORDED])
def test_an_ambiguous_wording_without_its_interpretation_is_an_error(interpretation: Interpretation) -> None:
    rest = tuple(i for i in kon_tum().interpretations if i != interpretation)
    findings = list(check_wordings(attrs.evolve(kon_tum(), interpretations=rest)))
    if interpretation.id in READ_BY_LAWYERS_ONLY:
        assert findings == []
        return
    named = {place for place in interpretation.criteria if any(place in finding.expected.en for finding in findings)}
    assert named == set(interpretation.criteria)
    assert all(finding.severity == "error" for finding in findings)


def test_an_interpretation_covers_only_the_criteria_it_names() -> None:
    narrowed = tuple(
        attrs.evolve(i, criteria=("district/II.8",)) if i.id == "base-computers" else i
        for i in kon_tum().interpretations
    )
    (finding,) = check_wordings(attrs.evolve(kon_tum(), interpretations=narrowed))
    assert "commune/I.8" in finding.expected.vi
    assert "tổng số máy tính" in finding.found.vi


def test_not_applicable_is_read_once_for_all_criteria() -> None:
    rest = tuple(i for i in kon_tum().interpretations if i.id != "not-applicable")
    findings = list(check_wordings(attrs.evolve(kon_tum(), interpretations=rest)))
    blank = [line for line in lines(kon_tum()) if "Không áp dụng" in line.criterion.cells]
    assert len(findings) == len(blank) > 30


@pytest.mark.parametrize("point", OPEN_POINTS, ids=[point.id for point in OPEN_POINTS])
def test_what_the_decision_leaves_open_must_be_answered(point: object) -> None:
    assert point in OPEN_POINTS
    rest = tuple(i for i in kon_tum().interpretations if i.id != getattr(point, "id", None))
    (finding,) = check_open_points(attrs.evolve(kon_tum(), interpretations=rest))
    assert getattr(point, "id", "?") in finding.expected.en


def test_a_framework_need_not_answer_what_it_does_not_ask() -> None:
    data = kon_tum_content()
    commune = data["sets"]["commune"]
    commune["groups"] = [{**commune["groups"][0], "criteria": [commune["groups"][0]["criteria"][3]]}]
    small = changed(sets={"commune": commune}, interpretations=[], deadlines=[])
    asked = {finding.expected.en.split("«")[1].split("»")[0] for finding in check_open_points(small)}
    assert asked == {
        "criterion-level-cumulative", "unit-level-lowest", "level-zero", "accepted-facts-only", "registered-level",
        "fact-one-cycle", "ruling-one-cycle", "unproven-facts", "closed-dossiers",
    }  # fmt: skip


def test_a_name_and_a_method_that_count_different_things_are_noticed() -> None:
    differing = {line.place: differing_base(line.criterion) for line in lines(kon_tum())}
    assert {place: base for place, base in differing.items() if base} == {
        "commune/I.8": "tổng số máy tính",
        "district/II.8": "tổng số máy tính",
        "district/IV.1": "tổng số xã, phường",
    }


def test_faults_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    spoilt = replaced("stated_count: 38", "stated_count: 39").replace("id: level-zero\n", "id: level-none\n")
    faults = faults_of(
        tmp_path / "draft.yaml", spoilt.replace("before: {day: 20, month: 1}", "before: {day: 20, month: 12}")
    )
    assert len(faults) == 3
    assert [fault.row for fault in faults] == sorted(fault.row for fault in faults)


def test_every_finding_stands_somewhere_in_the_file() -> None:
    _, positions = load_with_positions(ID)
    assert {line.tier for line in lines(kon_tum())} == {Tier.COMMUNE, Tier.DISTRICT}
    for line in lines(kon_tum()):
        row, column = positions.of(*line.path, "code")
        assert TEXT.splitlines()[row - 1][column - 1 :] == line.criterion.code
