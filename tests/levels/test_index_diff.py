"""Two versions of an index: every difference is named, and nothing else."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from levels import index_content
from levels.changes import Change
from levels.diff import diff
from levels.framework import Tier
from levels.index import Index
from levels.loader import load_framework, load_index, rulebook_from_content

CHU_PRONG, BAC_NINH, DAK_LAK, HA_NOI = "chu-prong-2023", "bac-ninh-1187-2023", "dak-lak-2534-2022", "ha-noi-2024"
Path = tuple[str | int, ...]


def made(data: dict[str, Any]) -> Index:
    rulebook = rulebook_from_content(data, "new")
    assert isinstance(rulebook, Index)
    return rulebook


def changes(index_id: str, change: Callable[[dict[str, Any]], object]) -> tuple[Change, ...]:
    """What ``diff`` says after ``change`` was made to the content of a bundled index."""
    data = copy.deepcopy(index_content.content(load_index(index_id)))
    change(data)
    return diff(load_index(index_id), made(data))


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def put(path: Path, value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        at(data, path[:-1])[path[-1]] = value

    return change


def drop(path: Path) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        del at(data, path[:-1])[path[-1]]

    return change


def add(path: Path, value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        at(data, path).append(value)

    return change


@pytest.mark.parametrize("index_id", [CHU_PRONG, BAC_NINH, DAK_LAK, HA_NOI])
def test_an_index_does_not_differ_from_itself(index_id: str) -> None:
    assert diff(load_index(index_id), load_index(index_id)) == ()


DISTRICT: Path = ("sets", "district")


def indicator(code: str) -> Path:
    """Where an indicator of Chư Prông stands in the content."""
    _, pillar, number = code.split(".")
    return (*DISTRICT, "pillars", int(pillar) - 1, "indicators", int(number) - 1)


ROLE = {"who": "UBND tỉnh", "does": "công bố", "clause": "Điều 5"}
LIST = {"id": "a", "title": "A", "clause": "Điều 1", "tier": "district", "units": ["UBND huyện Một"]}
READING = {"id": "new-reading", "clause": "Điều 1", "reading": "Thế này.", "alternative": "Thế kia."}
WINDOW: Path = ("window", "to", "day")
SINGLE: list[tuple[str, str, Callable[[dict[str, Any]], object], str, str, str | None, str | None]] = [
    # what changed; in which index; how; subject, kind, before, after
    ("version", CHU_PRONG, put(("version",), "1.1"), "framework", "changed", "1.0", "1.1"),
    ("year", CHU_PRONG, put(("instrument", "year"), 2024), "instrument", "changed", "2023", "2024"),
    ("rater", CHU_PRONG, put((*DISTRICT, "rated_by"), "department"), "set", "changed", "province", "department"),
    ("total", CHU_PRONG, put((*DISTRICT, "stated_max"), 900), "set", "changed", "1000", "900"),
    ("general", CHU_PRONG, drop((*DISTRICT, "general", 0)), "general", "removed", "1 Tên cấp huyện", None),
    ("repeated general", CHU_PRONG, drop((*DISTRICT, "general", 27)), "general", "removed", "Họ tên (2)", None),
    ("heading's count", HA_NOI, put((*DISTRICT, "stated_groups", 0, "count"), 32), "set", "changed", "33", "32"),
    ("bonus", HA_NOI, put((*DISTRICT, "bonus", "max"), 10), "bonus", "changed", None, "10"),
    ("no bonus", HA_NOI, drop((*DISTRICT, "bonus")), "bonus", "removed", None, None),
    ("pillar's name", DAK_LAK, put((*DISTRICT, "pillars", 1, "name"), "Thể chế"), "pillar", "changed", "Thể chế số",
     "Thể chế"),
    ("pillar's maximum", DAK_LAK, put((*DISTRICT, "pillars", 1, "max"), 90), "maximum", "changed", "100", "90"),
    ("no pillar", DAK_LAK, drop((*DISTRICT, "pillars", 7)), "pillar", "removed", "8 Hoạt động xã hội số", None),
    ("maximum", CHU_PRONG, put((*indicator("II.8.5"), "max"), 40), "maximum", "changed", "30", "40"),
    ("renamed", CHU_PRONG, put((*indicator("II.2.1"), "name"), "Nghị quyết"), "indicator", "renamed", None,
     "Nghị quyết"),
    ("proof", CHU_PRONG, put((*indicator("II.2.1"), "proof"), "Tờ trình"), "indicator", "reworded",
     "Văn bản, tài liệu chứng minh", "Tờ trình"),
    ("support", CHU_PRONG, put((*indicator("II.5.2"), "support"), ["A", "B"]), "indicator", "reworded",
     "Phòng Văn hóa và Thông tin; Công an huyện", "A; B"),
    ("list", CHU_PRONG, put((*indicator("II.2.1"), "applies_to"), "a"), "indicator", "changed", "", "a"),
    ("a part", CHU_PRONG, drop((*indicator("II.6.5"), "scoring", "part")), "scoring", "changed", "part=True", None),
    ("a line's points", CHU_PRONG, put((*indicator("II.6.6"), "scoring", "points", 0), "Tỷ lệ≥90%: Điểm tối đa"),
     "scoring", "changed", "Tỷ lệ≥80%: Điểm tối đa", "Tỷ lệ≥90%: Điểm tối đa"),
    ("a line's words", CHU_PRONG, put((*indicator("II.6.6"), "scoring", "points", 0), "+ Tỷ lệ ≥ 80%: điểm tối đa"),
     "scoring", "reworded", "Tỷ lệ≥80%: Điểm tối đa", "+ Tỷ lệ ≥ 80%: điểm tối đa"),
    ("an option's words", CHU_PRONG, put((*indicator("II.2.1"), "scoring", "options", 1), "Không có: 0 điểm"),
     "scoring", "reworded", "Chưa ban hành: 0 điểm", "Không có: 0 điểm"),
    ("peers", CHU_PRONG, put((*indicator("II.8.4"), "scoring", "method"), "min_max"), "scoring", "changed",
     "method=highest", "method=min_max"),
    ("an input", CHU_PRONG, put((*indicator("II.8.4"), "inputs", 0, "unit"), "đồng"), "input", "changed", "tỷ đồng",
     "đồng"),
    ("group", DAK_LAK, put(("groups", 2, "within"), "all"), "group", "changed", "parent", "all"),
    ("units", HA_NOI, put(("lists", 2, "units"), ["Sở Y tế"]), "list", "changed", None, "Sở Y tế"),
    ("new list", BAC_NINH, add(("lists",), LIST), "list", "added", None, "a"),
    ("window", BAC_NINH, put(WINDOW, 29), "window", "changed", "30", "29"),
    ("no window", BAC_NINH, drop(("window",)), "window", "removed", None, None),
    ("step", BAC_NINH, put(("calendar", 1, "day"), 15), "step", "changed", "10", "15"),
    ("round", HA_NOI, drop(("rounds", 3)), "round", "removed", "round2", None),
    ("role", CHU_PRONG, add(("roles",), ROLE), "role", "added", None, "UBND tỉnh: công bố"),
    ("omission", CHU_PRONG, drop(("omissions", 1)), "omission", "removed", "Căn cứ ban hành", None),
    ("reading", CHU_PRONG, add(("interpretations",), READING), "interpretation", "added", None, "new-reading"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("index_id", "change", "subject", "kind", "before", "after"), [c[1:] for c in SINGLE], ids=[c[0] for c in SINGLE]
)
def test_one_change_is_one_difference(
    index_id: str,
    change: Callable[[dict[str, Any]], object],
    subject: str,
    kind: str,
    before: str | None,
    after: str | None,
) -> None:
    (found,) = changes(index_id, change)
    assert (found.subject, found.kind, found.after) == (subject, kind, after)
    assert before is None or found.before == before
    assert found.text.vi != found.text.en


def test_what_comes_is_added() -> None:
    index = load_index(HA_NOI)
    data = copy.deepcopy(index_content.content(index))
    del data["sets"]["district"]["bonus"], data["sets"]["district"]["pillars"][8]
    found = diff(made(data), index)
    assert [(c.subject, c.kind, c.code) for c in found] == [
        ("bonus", "added", None),
        ("pillar", "added", None),
        ("indicator", "added", "9.1"),
        ("indicator", "added", "9.2"),
    ]


def test_a_removed_indicator_is_removed_and_those_behind_it_move_up() -> None:
    def change(data: dict[str, Any]) -> None:
        lines = at(data, (*DISTRICT, "pillars", 3, "indicators"))
        del lines[5]
        lines[5]["code"], lines[6]["code"] = "II.4.6", "II.4.7"

    found = changes(CHU_PRONG, change)
    assert [(c.kind, c.code, c.before, c.after) for c in found] == [
        ("removed", "II.4.6", "Tỷ lệ công chức, viên chức được bồi dưỡng, tập huấn về chuyển đổi số", None),
        ("renamed", "II.4.6", "II.4.7", "II.4.6"),
        ("renamed", "II.4.7", "II.4.8", "II.4.7"),
    ]
    assert found[0].tier is Tier.DISTRICT


def test_a_formula_that_the_council_loses_is_a_changed_scoring() -> None:
    def change(data: dict[str, Any]) -> None:
        for key in ("scoring", "inputs"):
            del at(data, indicator("II.7.4"))[key]

    scoring, *inputs = changes(CHU_PRONG, change)
    assert (scoring.subject, scoring.kind, scoring.after) == ("scoring", "changed", "Hội đồng chấm điểm")
    assert scoring.before is not None
    assert "Điểm = Tỷ lệ * Điểm tối đa" in scoring.before
    assert [(c.subject, c.kind, c.before) for c in inputs] == [("input", "removed", "a"), ("input", "removed", "b")]


def test_a_renamed_indicator_without_a_method_is_known_by_its_code_if_its_name_is_alike() -> None:
    first: Path = (*DISTRICT, "pillars", 0, "indicators", 0)
    name = load_index(BAC_NINH).sets[Tier.DISTRICT].indicators[0].name
    (found,) = changes(BAC_NINH, put((*first, "name"), f"{name} huyện"))
    assert (found.kind, found.before, found.after) == ("renamed", name, f"{name} huyện")
    assert [c.kind for c in changes(BAC_NINH, put((*first, "name"), "Số trạm sạc"))] == ["removed", "added"]


def test_a_set_that_comes_or_goes_takes_its_indicators_with_it() -> None:
    data = copy.deepcopy(index_content.content(load_index(HA_NOI)))
    del data["sets"]["department"]
    without = made(data)
    gone, come = diff(load_index(HA_NOI), without), diff(without, load_index(HA_NOI))
    assert [c.kind for c in gone] == ["removed"] * 47
    assert [c.kind for c in come] == ["added"] * 47
    assert {c.tier for c in (*gone, *come)} == {Tier.DEPARTMENT}


def test_a_whole_pillar_is_compared_once() -> None:
    (found,) = changes(DAK_LAK, put((*DISTRICT, "pillars", 7, "max"), 200))
    assert found.text.en == "district set, pillar 8, maximum: changed «150» → «200»"


def test_levels_and_points_cannot_be_compared() -> None:
    (found,) = diff(load_framework("kon-tum-121-2025"), load_index(CHU_PRONG))
    assert (found.subject, found.before, found.after) == ("framework", "recognition", "index")
    (back,) = diff(load_index(CHU_PRONG), load_framework("kon-tum-121-2025"))
    assert (back.before, back.after) == ("index", "recognition")


def test_the_difference_as_json_says_everything() -> None:
    (found,) = changes(CHU_PRONG, put((*indicator("II.8.5"), "max"), 40))
    plain = json.loads(json.dumps(found.as_json()))
    assert (plain["subject"], plain["tier"], plain["code"]) == ("maximum", "district", "II.8.5")
