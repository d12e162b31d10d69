"""Rankings as Excel and CSV: figures as figures, nothing from outside as a formula."""

import csv
import io
import zipfile
from typing import Any

import pytest
from attrs import evolve
from openpyxl import load_workbook

from evidence.units import Unit
from levels.framework import Tier
from reports.ranking_sheets import CSV_COLUMNS, ranking_csv, ranking_workbook
from reports.work_list import work_list_workbook
from rules.scores import Ranking
from rules.worklists import work_lists
from tests.reports import index_factory as factory


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return factory.ranking()


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def parts(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels")))


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_csv_has_one_row_for_every_unit_with_exact_decimals(ranking: Ranking) -> None:
    rows = list(csv.DictReader(io.StringIO(ranking_csv(ranking))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == 12
    [row] = [row for row in rows if row["name"] == "Huyện Tiên Du"]
    assert (row["group"], row["rank"], row["points"], row["reachable"], row["percent"]) == (
        "huyen",
        "8",
        "121.5769",
        "190",
        "63.9879",
    )
    assert (row["missing"], row["last_rank"], row["provisional"], row["synthetic"]) == ("1", "2", "yes", "no")
    assert [row["tied"] for row in rows if row["rank"] == "3" and row["group"] == "huyen"] == ["yes", "yes"]


def test_the_workbook_has_places_points_and_facts_of_every_group(ranking: Ranking) -> None:
    book = opened(ranking_workbook(ranking))
    assert book.sheetnames == ["Xếp hạng 1", "Điểm 1", "Số liệu 1", "Xếp hạng 2", "Điểm 2", "Số liệu 2"]
    places = rows_of(book["Xếp hạng 2"])
    assert places[0][0] == "Các huyện, thị xã, thành phố"
    assert any(row[0] == 8 and row[1] == "Huyện Tiên Du" for row in places)
    points = rows_of(book["Điểm 2"])
    head = next(row for row in points if row[0] == "Mã đơn vị")
    [row] = [row for row in points if row[1] == "Huyện Tiên Du"]
    cells = dict(zip(head, row, strict=True))
    assert (cells["Hạng"], cells["Tổng điểm"], cells["Tối đa"]) == (8, 121.5769, 190)
    assert (cells["1.1"], cells["1.2"], cells["2.1"], cells["4.1"], cells["4.2"]) == (7.5, "7,5*", "×", "?", "–")
    assert ["?", "chưa có số liệu, tính 0 điểm"] in [row[:2] for row in points]
    facts = [row for row in rows_of(book["Số liệu 2"]) if row[1] == "Huyện Tiên Du"]
    by_code = {row[2]: row for row in facts}
    assert by_code["5.1:c"][3:6] == ["Số hồ sơ trực tuyến của cấp huyện", "50", "Hội đồng điều chỉnh từ số báo cáo 58"]
    assert by_code["4.1"][4:6] == ["–", "chưa có số liệu"]
    assert by_code["4.2"][5] == "không thuộc diện đánh giá"
    assert len(facts) == 18


def test_one_group_needs_no_number_and_a_parent_is_named(ranking: Ranking) -> None:
    group = evolve(factory.districts(synthetic=True), parent=factory.PROVINCE)
    book = opened(ranking_workbook(evolve(ranking, groups=(group,)), "en"))
    assert book.sheetnames == ["Ranking", "Points", "Facts"]
    heads = [row[0] for row in rows_of(book["Ranking"])[:4]]
    assert heads[:3] == [
        "Các huyện, thị xã, thành phố – Tỉnh Bắc Ninh",
        "SYNTHETIC DATA",
        "PROVISIONAL – not an official result",
    ]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x";"y")', "+1+1", "-1", "@SUM(1)", "'=1"])
def test_names_and_notes_never_become_formulas(name: str) -> None:
    unit = Unit("1", name, Tier.DISTRICT)
    score = factory.every_kind(unit)
    lines = [
        evolve(line, inputs=tuple(evolve(v, fact=evolve(v.fact, note=name) if v.fact else None) for v in line.inputs))
        for line in score.indicators
    ]
    group = factory.ranked(factory.index().groups[1], [factory.score(unit, lines)])
    ranking = Ranking(factory.index(), factory.CYCLE, (group,))
    for row in list(csv.reader(io.StringIO(ranking_csv(ranking))))[1:]:
        assert row[1].lstrip()[:1] not in ("=", "+", "-", "@"), "a spreadsheet would compute it"
    works = work_lists(factory.index(), Tier.DISTRICT, {"1": group.places[0].score})
    for content in (ranking_workbook(ranking), work_list_workbook(works, factory.index(), factory.CYCLE)):
        assert "<f>" not in parts(content)
        assert "hyperlink" not in parts(content)
        for sheet in opened(content):
            assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)


def test_work_lists_are_one_workbook_with_an_overview(ranking: Ranking) -> None:
    scores = {place.score.unit.code: place.score for place in ranking.groups[1].places}
    works = work_lists(factory.index(), Tier.DISTRICT, scores)
    content = work_list_workbook(works, factory.index(), factory.CYCLE)
    assert content == work_list_workbook(works, factory.index(), factory.CYCLE)
    book = opened(content)
    assert book.sheetnames[0] == "Tổng hợp"
    assert all(len(name) <= 31 for name in book.sheetnames)
    overview = rows_of(book["Tổng hợp"])
    assert [row[0] for row in overview[-len(works) :]] == [work.office for work in works]
    lead = rows_of(book[book.sheetnames[1]])
    assert any(row[0] == "1.1" and row[2] == 15 for row in lead)


def test_the_same_ranking_gives_the_same_bytes(ranking: Ranking) -> None:
    assert ranking_workbook(ranking) == ranking_workbook(ranking)
