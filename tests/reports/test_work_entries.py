"""The rows of a work plan: what only awaits appraisal stands together, offices refer to rows and name districts."""

import datetime
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from evidence.units import Unit
from levels.framework import Tier
from reports.tables import LANDSCAPE, PORTRAIT
from reports.work_entries import entries_of, groups_of, numbers_of, office_name, places_text, ranges_text
from reports.work_paper import view_work_plan
from reports.work_schedule import schedules_of
from reports.work_tables import items_table, timeline_table
from tests.reports import factory
from tests.reports.plan_factory import CULTURE, HEALTH, TOWNS, district_plan, item, province_plan


def test_what_only_awaits_appraisal_is_one_row_of_its_unit_and_comes_last() -> None:
    plan = district_plan()
    waiting = plan.items[3]
    plan = evolve(plan, items=(waiting, evolve(waiting, code="I.3"), item(waiting.unit, "II.3"), *plan.items[:3]))
    [town, *_] = groups_of(plan)
    assert [[each.code for each in entry.items] for entry in town.entries] == [["II.3"], ["I.2", "I.3"]]
    assert [entry.number for entry in entries_of(plan)] == [1, 2, 3, 4, 5]
    told = [" ".join(line.text for cell in row.cells for line in cell) for row in items_table(plan, 247).rows]
    assert [text for text in told if "I.2, I.3" in text] == [
        f"2 Chỉ chờ thẩm định: I.2, I.3 Số liệu tự báo cáo đã đủ 0 {CULTURE} trước 30/11/2025"
    ]
    assert numbers_of(plan)[2025, CULTURE] == (2, 5)


def test_of_many_offices_that_wait_none_is_named() -> None:
    waiting = district_plan().items[3]
    several = [evolve(waiting, office=office, code=f"I.{place}") for place, office in enumerate(("A", "B", "C"))]
    told = [str(items_table(evolve(district_plan(), items=tuple(several[:count])), 247)) for count in (2, 3)]
    assert ["A; B" in text for text in told] == [True, False]
    assert "Các cơ quan phụ trách từng tiêu chí" in told[1]


def test_the_annex_of_work_is_printed_large_enough_to_read() -> None:
    wide, narrow = (items_table(district_plan(), width) for width in (LANDSCAPE, PORTRAIT))
    assert (wide.size, wide.width, narrow.width) == (12, LANDSCAPE, PORTRAIT)


@given(st.sets(st.integers(min_value=1, max_value=60)))
def test_ranges_name_just_the_numbers(numbers: set[int]) -> None:
    said = ranges_text(sorted(numbers))
    ends = [[int(end) for end in part.split("-")] for part in said.split(", ") if part]
    assert [number for part in ends for number in range(part[0], part[-1] + 1)] == sorted(numbers)
    assert all(after[0] - before[-1] > 1 for before, after in pairwise(ends))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Huyện Kon Plông", "Huyện Ia H' Drai"], "các huyện Kon Plông và Ia H' Drai"),
        (["Huyện Đắk Hà", "Thành phố Kon Tum"], "huyện Đắk Hà, thành phố Kon Tum"),
        ([], ""),
    ],
)
def test_places_of_a_kind_are_named_together(names: list[str], said: str) -> None:
    assert places_text([Unit(name, name, Tier.DISTRICT) for name in names]) == said


def test_an_office_that_every_district_has_is_told_with_its_districts() -> None:
    plan = evolve(province_plan(), known=(factory.DISTRICT, factory.CITY))
    both = (item(factory.CITY, "II.2"), item(TOWNS[0], "I.2"))  # a commune counts for the district above it
    assert office_name(plan, HEALTH, both) == f"{HEALTH} thành phố Kon Tum, huyện Đắk Hà"
    assert office_name(plan, "Công an", both[:1]) == "Công an thành phố Kon Tum"
    assert office_name(plan, "Sở Y tế", both) == "Sở Y tế"
    assert office_name(plan, "Văn phòng UBND tỉnh", both) == "Văn phòng UBND tỉnh"
    assert office_name(plan, HEALTH, ()) == HEALTH
    assert office_name(district_plan(), HEALTH, both) == HEALTH


def test_duties_refer_to_the_rows_of_the_list_and_name_the_districts() -> None:
    parts = view_work_plan(province_plan()).sections[3].parts
    assert [part.heading for part in parts][:2] == [
        "1. Sở Khoa học và Công nghệ", f"2. {HEALTH} huyện Đắk Hà",
    ]  # fmt: skip
    assert parts[1].paragraphs == (
        "Thực hiện năm 2025: 1 việc (STT 2 của danh mục tại mục II), kinh phí 12.500.000 đồng.",
    )


def test_the_months_show_one_row_for_an_office_and_one_for_work_that_has_its_own_days() -> None:
    plan = district_plan()
    [schedule] = schedules_of(plan)
    names = [row.cells[0][0].text for row in timeline_table(plan, schedule).rows[1:]]
    assert names == [CULTURE, HEALTH, "(chưa phân công)"]
    own = evolve(plan.items[0], starts=datetime.date(2025, 3, 1), ends=datetime.date(2025, 4, 30))
    timed = evolve(plan, items=(own, *plan.items[1:]))
    rows = timeline_table(timed, schedules_of(timed)[0]).rows[1:]
    assert [row.cells[0][0].text for row in rows][2] == f"{own.code} – {own.name}"
    assert sum(cell[0].style == "bar" for cell in rows[2].cells if cell) == 2
