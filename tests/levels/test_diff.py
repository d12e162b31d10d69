"""Two versions of a rulebook: every difference is named, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from levels.changes import Place, compare_fields
from levels.diff import Change, diff
from levels.faults import Text
from levels.framework import Interpretation, Tier
from levels.loader import framework_from_content
from tests.levels.files import criterion_content, kon_tum, kon_tum_content


def changes(change: Callable[[dict[str, Any]], object]) -> tuple[Change, ...]:
    """What ``diff`` says after ``change`` was made to the real rulebook."""
    data = kon_tum_content()
    change(data)
    return diff(kon_tum(), framework_from_content(data, "new"))


def test_a_rulebook_does_not_differ_from_itself() -> None:
    assert diff(kon_tum(), kon_tum()) == ()


CELLS = [
    # criterion, level, new cell, what became of it
    ("commune/I.2", 1, "21%", "tightened"),
    ("commune/I.2", 1, "19,9%", "loosened"),
    ("commune/I.2", 1, "20,0%", "reworded"),
    ("commune/I.2", 1, "Không áp dụng", "loosened"),
    ("commune/I.9", 2, "50%", "tightened"),
    ("commune/I.4", 3, "Có hệ thống", "reworded"),
    ("commune/I.4", 2, "Có hệ thống", "tightened"),
    ("commune/I.7", 5, "Tối thiểu 03 nhân sự", "tightened"),
    ("commune/I.7", 5, "Tối thiểu 01 nhân sự", "loosened"),
    ("commune/I.7", 5, "Tối thiểu 2 nhân sự", "reworded"),
    ("commune/II.4", 5, "Có 3 doanh nghiệp, hợp tác xã", "tightened"),
    ("commune/II.4", 4, "Có 3 xã trở lên hoặc 100% xã", "changed"),
    ("district/I.1", 2, "100% xã, phường, thị trấn đạt mức độ chuyển đổi số mức kết nối", "tightened"),
    ("district/I.1", 3, "100% xã, phường, thị trấn đạt mức độ chuyển đổi số mức kết nối", "loosened"),
]


@pytest.mark.parametrize(("place", "level", "cell", "kind"), CELLS)
def test_a_changed_cell_is_tightened_or_loosened_or_reworded(place: str, level: int, cell: str, kind: str) -> None:
    before = criterion_content(kon_tum_content(), place)["cells"][level - 1]

    def change(data: dict[str, Any]) -> None:
        criterion_content(data, place)["cells"][level - 1] = cell

    (found,) = changes(change)
    tier, code = place.split("/")
    assert (found.subject, found.kind, found.tier, found.code, found.level) == ("cell", kind, tier, code, level)
    assert (found.before, found.after) == (before, cell)
    assert f"level {level}" in found.text.en
    assert f"«{before}» → «{cell}»" in found.text.vi


def _groups(data: dict[str, Any]) -> list[Any]:
    groups: list[Any] = data["sets"]["commune"]["groups"]
    return groups


def _renumber(data: dict[str, Any]) -> None:
    for group in _groups(data):
        for number, criterion in enumerate(group["criteria"], start=1):
            criterion["code"] = f"{group['code']}.{number}"


def test_a_removed_criterion_is_removed_and_those_behind_it_move_up() -> None:
    def change(data: dict[str, Any]) -> None:
        del _groups(data)[1]["criteria"][1]
        _renumber(data)

    found = changes(change)
    assert [(c.kind, c.code) for c in found] == [
        ("removed", "II.2"), ("renamed", "II.2"), ("renamed", "II.3"), ("renamed", "II.4"),
    ]  # fmt: skip
    assert [(c.before, c.after) for c in found[1:]] == [("II.3", "II.2"), ("II.4", "II.3"), ("II.5", "II.4")]
    assert found[0].after is None
    assert found[0].before is not None
    assert found[0].before.startswith("Tỷ lệ thành viên của hợp tác xã")


def test_an_added_criterion_is_added_and_those_behind_it_move_down() -> None:
    def change(data: dict[str, Any]) -> None:
        new = {**_groups(data)[1]["criteria"][0], "name": "Tỷ lệ hộ có máy tính", "method": "Khảo sát"}
        _groups(data)[1]["criteria"].insert(4, new)
        _renumber(data)

    found = changes(change)
    assert [(c.kind, c.code, c.before, c.after) for c in found] == [
        ("added", "II.5", None, "Tỷ lệ hộ có máy tính"),
        ("renamed", "II.6", "II.5", "II.6"),
    ]


def test_a_criterion_with_another_name_and_the_same_content_is_renamed() -> None:
    def change(data: dict[str, Any]) -> None:
        criterion_content(data, "commune/III.6")["name"] = "Tỷ lệ công dân được theo dõi sức khỏe"

    (found,) = changes(change)
    assert (found.subject, found.kind, found.code) == ("criterion", "renamed", "III.6")
    assert (found.before, found.after) == (
        "Tỷ lệ người dân có hồ sơ sức khỏe điện tử",
        "Tỷ lệ công dân được theo dõi sức khỏe",
    )


def test_a_criterion_with_a_like_name_at_its_code_is_renamed_even_if_more_changed() -> None:
    def change(data: dict[str, Any]) -> None:
        criterion = criterion_content(data, "commune/III.6")
        criterion["name"] = "Tỷ lệ người dân có sổ sức khỏe điện tử"
        criterion["cells"][0] = "50%"
        criterion["method"] = "Ngành y tế cung cấp."

    assert [(c.subject, c.kind) for c in changes(change)] == [
        ("criterion", "renamed"), ("cell", "loosened"), ("criterion", "reworded"),
    ]  # fmt: skip


def test_another_criterion_at_the_same_code_is_not_a_renamed_one() -> None:
    def change(data: dict[str, Any]) -> None:
        criterion = criterion_content(data, "commune/III.6")
        criterion["name"], criterion["method"] = "Số trạm sạc", "Khảo sát"

    assert [(c.kind, c.code) for c in changes(change)] == [("removed", "III.6"), ("added", "III.6")]


def _set(path: tuple[Any, ...], value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = value

    return change


def _drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    return change


I_11 = ("sets", "commune", "groups", 0, "criteria", 10)
II_3 = ("sets", "commune", "groups", 1, "criteria", 2)
OTHER = {"wording": "(nếu có)", "interpretation": "zero-base"}
READING = {"id": "new-reading", "clause": "Mục II", "reading": "Thế này.", "alternative": "Thế kia."}
SINGLE = [
    # what changed, how; subject, kind, before, after
    ("version", _set(("version",), "1.1"), "framework", "changed", "1.0", "1.1"),
    ("recognise", _set(("recognise",), "at_most_registered"), "framework", "changed", "highest_met",
     "at_most_registered"),
    ("issuer", _set(("instrument", "issuer"), "UBND"), "instrument", "changed", "Ủy ban nhân dân tỉnh Kon Tum", "UBND"),
    ("in force", _set(("instrument", "in_force"), "2025-04-01"), "instrument", "changed", "2025-03-10", "2025-04-01"),
    ("level name", _set(("levels", 4, "name"), "Toàn Diện"), "level name", "changed", "Toàn diện", "Toàn Diện"),
    ("earlier", _set(("deadlines", 1, "before", "day"), 15), "deadline", "tightened", "30/11", "15/11"),
    ("later", _set(("deadlines", 1, "before"), {"day": 1, "month": 12}), "deadline", "loosened", "30/11", "01/12"),
    ("clause", _set(("deadlines", 4, "clause"), "Mục III"), "deadline", "reworded", "Mục III.1", "Mục III"),
    ("no deadline", _drop("deadlines", 4), "deadline", "removed", "25/12", None),
    ("appraiser", _set(("sets", "commune", "appraised_by"), "province"), "set", "changed", "district", "province"),
    ("group", _set(("sets", "commune", "groups", 1, "name"), "Kinh tế"), "group", "changed", "Kinh tế số", "Kinh tế"),
    ("measure", _set((*I_11, "measure"), "Hệ thống"), "criterion", "reworded", "%", "Hệ thống"),
    ("basis", _set((*I_11, "basis"), ["A", "B"]), "criterion", "reworded", None, "A; B"),
    ("fewer cycles", _drop(*I_11, "valid_cycles"), "validity", "tightened", "2", "1"),
    ("more cycles", _set((*I_11, "valid_cycles"), 3), "validity", "loosened", "2", "3"),
    ("no exemption", _drop(*II_3, "exemption"), "exemption", "tightened", "(nếu có) [exemption-if-any]", None),
    ("exemption", _set((*I_11, "exemption"), OTHER), "exemption", "loosened", None, "(nếu có) [zero-base]"),
    ("another exemption", _set((*II_3, "exemption"), OTHER), "exemption", "changed", "(nếu có) [exemption-if-any]",
     "(nếu có) [zero-base]"),
    ("archive", _set(("acts", "province", "archive"), "VT"), "act", "changed", "VT, KGVX", "VT"),
    ("no act", _drop("acts", "district"), "act", "removed", "district", None),
    ("no reading", _drop("interpretations", 0), "interpretation", "removed", "criterion-level-cumulative", None),
    ("new reading", lambda d: d["interpretations"].append(READING), "interpretation", "added", None, "new-reading"),
    ("reading", _set(("interpretations", 0, "clause"), "Mục II"), "interpretation", "changed", None, "Mục II"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "subject", "kind", "before", "after"), [c[1:] for c in SINGLE], ids=[c[0] for c in SINGLE]
)
def test_one_change_is_one_difference(
    change: Callable[[dict[str, Any]], object], subject: str, kind: str, before: str | None, after: str | None
) -> None:
    (found,) = changes(change)
    assert (found.subject, found.kind, found.after) == (subject, kind, after)
    assert before is None or found.before == before
    assert found.text.vi != found.text.en


def test_a_new_deadline_is_added() -> None:
    data = kon_tum_content()
    del data["deadlines"][0]
    (found,) = diff(framework_from_content(data, "old"), kon_tum())
    assert (found.kind, found.before, found.after) == ("added", None, "20/01")


def test_a_set_that_comes_or_goes_takes_its_criteria_with_it() -> None:
    data = kon_tum_content()
    del data["sets"]["district"]
    without = framework_from_content(data, "without")
    gone, come = diff(kon_tum(), without), diff(without, kon_tum())
    assert [c.kind for c in gone] == ["removed"] * 34
    assert [c.kind for c in come] == ["added"] * 34
    assert {c.tier for c in (*gone, *come)} == {Tier.DISTRICT}
    assert gone[0].before == "BỘ TIÊU CHÍ ĐÁNH GIÁ MỨC ĐỘ CHUYỂN ĐỔI SỐ CẤP HUYỆN"


def test_the_difference_as_json_says_everything() -> None:
    (found,) = changes(_set(("recognise",), "at_most_registered"))
    plain = json.loads(json.dumps(found.as_json()))
    assert set(plain) == {"subject", "kind", "before", "after", "tier", "code", "level", "text"}
    assert set(plain["text"]) == {"vi", "en"}


@pytest.mark.parametrize(
    ("codes", "vi", "en"),
    [
        (["commune/II.4"], "thêm «commune/II.4»", "added «commune/II.4»"),
        (["commune/II.1", "commune/II.4"], "bỏ «commune/II.2»; thêm «commune/II.4»",
         "removed «commune/II.2»; added «commune/II.4»"),
        (["commune/II.2", "commune/II.1"], "thay đổi «commune/II.1; commune/II.2» → «commune/II.2; commune/II.1»",
         "changed «commune/II.1; commune/II.2» → «commune/II.2; commune/II.1»"),
        (["commune/II.5"], "thay đổi «commune/II.1; commune/II.2» → «commune/II.5»",
         "changed «commune/II.1; commune/II.2» → «commune/II.5»"),
    ],
)  # fmt: skip
def test_of_a_list_only_what_has_come_and_gone_is_told(codes: list[str], vi: str, en: str) -> None:
    old = Interpretation("base", "Mục II", "Thế này.", "Thế kia.", ("commune/II.1", "commune/II.2"))
    after = (*old.criteria, *codes) if codes == ["commune/II.4"] else tuple(codes)
    place = Place(Text("cách hiểu base", "interpretation base"))
    (found,) = compare_fields("interpretation", place, old, attrs.evolve(old, criteria=after))
    assert found.text.vi == f"cách hiểu base, tiêu chí áp dụng: {vi}"
    assert found.text.en.endswith(f": {en}")
    assert (found.before, found.after) == ("commune/II.1; commune/II.2", "; ".join(after))  # whole, for scripts
