"""The tables of a page as a workbook: numbers only where they are exact, text that stays text, spans, columns apart."""

import datetime
import io
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import engines
from django.test import Client, RequestFactory

from certification.web.exports import ExportMiddleware
from certification.web.files import media_type_of, send_file
from certification.web.formats import as_decimal, figure
from certification.web.page_tables import Cell, PageTable, read_page, write_tables
from tests.web.workbooks import Row, sheets_of


def read(inside: str) -> PageTable:
    _, (table,) = read_page(f"<h1>Trang</h1><table id='x'><caption>Bảng</caption>{inside}</table>".encode())
    return table


def rows(inside: str) -> list[Row]:
    (found,) = sheets_of(write_tables([read(inside)], [])).values()
    return found


def cell(inside: str) -> object:
    return rows(f"<tbody><tr><td>{inside}</td></tr></tbody>")[0][0]


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ('<data value="1234">1.234</data>', 1234),
        ('<span class="level"><data value="0">0</data></span>', 0),
        ('<data value="85.75">85,75</data>', 85.75),
        ('<data value="3">3</data> Cơ bản', "3 Cơ bản"),
        ("0613", "0613"),
        ("2.025", "2.025"),
        ('<time datetime="2025-12-18">18/12/2025</time>', datetime.datetime(2025, 12, 18)),  # noqa: DTZ001 - as Excel has it
        ('<time datetime="2025-12-18T08:00:00+07:00">08:00 ngày 18/12/2025</time>', "08:00 ngày 18/12/2025"),
        ('=HYPERLINK("http://x")', '=HYPERLINK("http://x")'),
        ("<a href='/'>Xã  Măng\n Cành</a> <span class='note'>Kon Plông</span>", "Xã Măng Cành\nKon Plông"),
        ("một<br>hai<svg><title>hình</title></svg><span class='unseen'>ẩn</span>", "một\nhai"),
        ("<label><input type='checkbox' checked> có</label><input type='hidden' value='9'>", "☑ có"),
        ("<select><option value='1'>một</option><option selected>hai</option></select>", "hai"),
        ("<input value='đã gõ'><button>Lưu</button>", "đã gõ"),
        ("việc <form><input value='bí mật'><button>Xóa</button></form>", "việc"),
    ],
)
def test_a_cell_is_what_is_seen_and_a_number_only_where_one_is_stated(inside: str, value: object) -> None:
    assert cell(inside) == value


def test_no_text_of_a_page_becomes_a_formula() -> None:
    content = write_tables([read("<tbody><tr><td>=1+1</td><td>+84</td><td>@x</td></tr></tbody>")], [])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert [each.data_type for each in next(sheet.iter_rows(min_row=3))] == ["s", "s", "s"]
    assert all(each.quotePrefix for each in next(sheet.iter_rows(min_row=3)))


def test_cells_that_span_rows_and_columns_stay_where_they_stand() -> None:
    head = "<thead><tr><th rowspan='2'>A</th><th colspan='2'>B</th></tr><tr><th>b</th><th>c</th></tr></thead>"
    table = read(head + "<tbody><tr><th>x</th><td colspan='2'>không áp dụng</td></tr></tbody>")
    assert table.heads == 2
    assert [(each.row, each.column, each.down, each.across) for each in table.cells] == [
        (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 1, 1, 2),
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(write_tables([table], []))).active
    assert book is not None
    assert {str(each) for each in book.merged_cells.ranges} == {"A3:A4", "B3:C3", "B5:C5"}


def test_a_code_beside_a_name_is_a_column_of_its_own() -> None:
    head = "<thead><tr><th>Đơn vị</th><th>Số</th></tr></thead>"
    first = "<tr><th>Xã A <span data-column='Mã'>01</span></th><td>1</td></tr>"
    assert rows(f"{head}<tbody>{first}<tr><th>Xã B</th><td>2</td></tr></tbody>") == [
        ("Đơn vị", "Mã", "Số"),
        ("Xã A", "01", "1"),
        ("Xã B", "", "2"),
    ]


def test_a_column_that_is_only_there_to_be_pressed_or_looked_at_is_left_out() -> None:
    head = "<thead><tr><th>Tên</th><th>Việc</th><th>Hình</th></tr></thead>"
    body = "<tbody><tr><th>a</th><td><button>Xóa</button></td><td><svg></svg></td></tr></tbody>"
    assert rows(head + body) == [("Tên",), ("a",)]


def test_a_page_gives_a_sheet_for_every_table_under_its_heading() -> None:
    page = (
        "<h1>Trang</h1><aside class='made-up'>Dữ liệu mô phỏng</aside>"
        "<table id='a/b'><caption>Một</caption><tbody><tr><td>1</td></tr></tbody></table>"
        "<table><caption>Hai</caption><tbody><tr><td>2</td></tr></tbody></table>"
    ).encode()
    heading, tables = read_page(page)
    book = openpyxl.load_workbook(io.BytesIO(write_tables(tables, heading)))
    assert book.sheetnames == ["a-b", "table-2"]
    assert [book["a-b"].cell(row, 1).value for row in (1, 2, 3)] == ["Trang", "Một", "Dữ liệu mô phỏng"]


def test_names_that_a_workbook_could_not_tell_apart_are_told_apart() -> None:
    long = [PageTable("t" * 40 + end, "", (Cell(0, 0, "x"),), 0) for end in "ab"]
    names = list(sheets_of(write_tables(long, ["h"])))
    assert len(set(names)) == 2
    assert max(map(len, names)) <= 31


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (3, 3),
        (Fraction(343, 4), Decimal("85.75")),
        (Decimal("1.50"), Decimal("1.5")),
        (Fraction(1, 3), None),
        (Fraction(10**15), None),
        (Fraction(10**15 - 1), 10**15 - 1),
        (Decimal("-0.000001"), Decimal("-0.000001")),
        (Decimal("0.1234567890123456"), None),
    ],
)
def test_a_number_goes_into_a_workbook_only_where_it_is_not_rounded_there(
    value: int | Fraction | Decimal, exact: int | Decimal | None
) -> None:
    assert as_decimal(value) == exact


def test_a_figure_carries_its_exact_value_and_a_third_carries_none() -> None:
    assert figure(Fraction(343, 4), 1) == '<data value="85.75">85,8</data>'
    assert figure("5/3") == "1,67"
    assert figure(None) == "–"


def served(answer: HttpResponseBase, method: str = "get", address: str = "/p/?format=xlsx") -> HttpResponseBase:
    request: HttpRequest = getattr(RequestFactory(), method)(address)
    return ExportMiddleware(lambda _: answer)(request)


PAGE = b"<h1>P</h1><table id='a'><tbody><tr><td>1</td></tr></tbody></table>"


def test_a_page_asked_for_as_a_workbook_becomes_one_and_nothing_else_does() -> None:
    assert served(HttpResponse(PAGE)).headers["Content-Disposition"] == 'attachment; filename="p.xlsx"'
    for other in (
        HttpResponse(PAGE, status=422),
        HttpResponse(b"{}", content_type="application/json"),
        send_file(PAGE, "quyet-dinh.html", shown=True),
    ):
        assert served(other) is other
    page = HttpResponse(PAGE)
    assert served(page, "post") is page
    assert served(page, address="/p/?format=docx") is page


def test_a_link_is_on_a_page_that_was_got_and_keeps_what_was_asked(rf: RequestFactory) -> None:
    source = '{% from "parts/tables.html" import frame %}{% call frame("Bảng <1>", "b") %}<tbody></tbody>{% endcall %}'

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(engines["jinja2"].from_string(source).render({}))

    page = ExportMiddleware(answer)(rf.get("/p/?q=dak&page=3"))
    assert isinstance(page, HttpResponse)
    assert 'href="/p/?q=dak&amp;format=xlsx&amp;table=b" download>' in page.content.decode()
    assert '<span class="unseen">: Bảng &lt;1&gt;</span>' in page.content.decode()
    posted = ExportMiddleware(answer)(rf.post("/p/"))
    assert isinstance(posted, HttpResponse)
    assert "xlsx" not in posted.content.decode()


@pytest.mark.django_db
def test_a_table_that_a_page_has_not_is_said_to_be_missing(client: Client) -> None:
    answer = client.get("/help/", {"format": "xlsx", "table": "khong-co"})
    assert answer.status_code == 404
    assert "Trang này không có bảng đó" in answer.content.decode()


def test_what_a_page_says_of_caches_holds_for_its_workbook() -> None:
    page = HttpResponse(PAGE)
    page.headers["Cache-Control"] = "private, no-store"
    answer = served(page)
    assert answer.headers["Content-Type"] == media_type_of("p.xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"
