"""Tables: one definition gives the page, its order and pages, and the workbook."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from attrs import frozen
from django.template import engines
from django.test import RequestFactory

from certification.web.tables import Column, Table, arrange, badge, lay_out, level_badge, workbook
from levels.faults import Text


@frozen
class Unit:
    name: str
    level: int | None
    day: datetime.date | None


UNITS = [
    Unit("Xã Đắk Hà", 3, datetime.date(2026, 1, 5)),
    Unit("Xã Dak Ui", None, None),
    Unit("Xã Ấp Mới", 5, datetime.date(2025, 12, 31)),
    Unit("Xã An Bình", 0, datetime.date(2026, 2, 1)),
]
TABLE = Table(
    name="units",
    caption=Text(vi="Các đơn vị", en="The units"),
    sort="name",
    size=3,
    columns=[
        Column[Unit](key="name", title=Text(vi="Đơn vị", en="Unit"), value=lambda unit: unit.name, names_row=True),
        Column[Unit](
            key="level",
            title=Text(vi="Mức", en="Level"),
            value=lambda unit: unit.level,
            show=lambda unit: level_badge(unit.level),
        ),
        Column[Unit](key="day", title=Text(vi="Ngày", en="Day"), value=lambda unit: unit.day),
        Column[Unit](key="note", title=Text(vi="Ghi chú", en="Note"), value=lambda _: "=1+1", only_excel=True),
    ],
)


def names(rows: Any) -> list[str]:
    return [row.name for row in rows]


def test_names_stand_in_the_order_of_a_vietnamese_dictionary() -> None:
    assert names(arrange(TABLE, UNITS, "")) == ["Xã An Bình", "Xã Ấp Mới", "Xã Dak Ui", "Xã Đắk Hà"]


def test_what_is_unknown_comes_last_in_either_direction() -> None:
    assert names(arrange(TABLE, UNITS, "level"))[-1] == "Xã Dak Ui"
    assert names(arrange(TABLE, UNITS, "-level")) == ["Xã Ấp Mới", "Xã Đắk Hà", "Xã An Bình", "Xã Dak Ui"]


def test_an_order_nobody_offers_becomes_the_tables_own() -> None:
    assert arrange(TABLE, UNITS, "password") == arrange(TABLE, UNITS, "name")


def test_another_order_begins_at_its_first_page_and_keeps_the_filter(rf: RequestFactory) -> None:
    view = lay_out(TABLE, UNITS, rf.get("/?page=2&q=dak"))
    assert [unit.name for unit in view.page] == ["Xã Đắk Hà"]
    assert view.headings[1].href == "?q=dak&sort=level"
    assert view.headings[0].direction == "ascending"
    assert view.headings[0].href == "?q=dak&sort=-name"


@pytest.mark.parametrize("page", ["99", "0", "-1", "abc", ""])
def test_a_page_that_is_not_there_becomes_one_that_is(rf: RequestFactory, page: str) -> None:
    assert lay_out(TABLE, UNITS, rf.get("/", {"page": page})).page.number in (1, 2)


def test_the_workbook_holds_all_rows_with_numbers_days_and_text_that_stays_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(TABLE, arrange(TABLE, UNITS, "")))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Các đơn vị"
    assert rows[2] == ("Đơn vị", "Mức", "Ngày", "Ghi chú")
    assert rows[3] == ("Xã An Bình", 0, datetime.datetime(2026, 2, 1), "=1+1")  # noqa: DTZ001 - a day in Excel has no zone
    assert len(rows) == 7
    assert sheet["D4"].data_type == "s"


def test_a_table_shows_its_page_its_order_and_the_way_to_excel(rf: RequestFactory) -> None:
    source = '{% from "parts/tables.html" import table as show, filters %}'
    source += "{{ show(view) }}{% call filters(view) %}{% endcall %}"
    view = lay_out(TABLE, UNITS, rf.get("/?sort=-level"))
    page = str(engines["jinja2"].from_string(source).render({"view": view}))
    assert "4 dòng, đang xem 1–3" in page
    assert 'aria-sort="descending"' in page
    assert '<th scope="row"' in page
    assert "?sort=-level&amp;format=xlsx" in page
    assert '<input type="hidden" name="sort" value="-level">' in page
    assert "Ghi chú" not in page


def test_an_empty_table_says_so(rf: RequestFactory) -> None:
    source = '{% from "parts/tables.html" import table as show %}{{ show(view) }}'
    page = str(engines["jinja2"].from_string(source).render({"view": lay_out(TABLE, [], rf.get("/"))}))
    assert "Không có dòng nào phù hợp." in page


def test_a_cell_escapes_what_it_shows() -> None:
    assert badge("<b>") == '<span class="badge neutral">&lt;b&gt;</span>'
    column = Column[Unit](key="x", title=Text(vi="", en=""), value=lambda _: "<b>", href=lambda _: '/"')
    assert column.cell(UNITS[0]) == '<a href="/&#34;">&lt;b&gt;</a>'
