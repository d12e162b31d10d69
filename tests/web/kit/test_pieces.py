"""The design kit: every macro renders in both languages, and says without colour what it shows."""

import datetime
import re
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation

import certification.web
from levels.loader import load_framework
from rules.verdict import levels_of

FRAMEWORK = load_framework("kon-tum-121-2025")
TEMPLATES = Path(certification.web.__file__).parent / "templates"

PAGE = """
{% extends "base.html" %}
{% from "parts/pieces.html" import alert, card, crumbs, day, definitions, empty, files, moment, more,
   progress, steps, tabs %}
{% from "parts/forms.html" import button, checkbox, confirm, fields, input, kept_version, link_button, post_button,
   radios, reason, row, select, textarea %}
{% from "parts/tables.html" import frame %}
{% from "parts/marks.html" import badge, ladder, level_badge, three_levels %}
{% block heading %}Bộ thiết kế{% endblock %}
{% block breadcrumbs %}{{ crumbs([("Tỉnh Kon Tum", "/"), ("Xã Ngọc Réo", "")]) }}{% endblock %}
{% block actions %}{{ link_button("Tải", "/x", icon_name="download") }}{% endblock %}
{% block content %}
{{ alert("Đã lưu.", "good") }}{{ alert("Sắp hết hạn.", "warn", "Chú ý") }}
{% call alert(kind="bad") %}<p>Lỗi</p>{% endcall %}
{{ steps([("Đăng ký", "done", "15/01"), ("Nộp", "current", ""),
   ("Thẩm định", "late", "quá 2 ngày"), ("Ký", "todo", "")], "Tiến trình") }}
{{ three_levels(levels, framework, 4) }}{{ ladder(levels, framework, 5) }}
{{ level_badge(none) }}{{ level_badge(0, framework) }}{{ badge("quá hạn", "bad") }}
{{ tabs([("Tổng quan", "/", true), ("Tiêu chí", "/a", false)], "Các phần") }}
{% call card("Chi tiết", id="details") %}
{{ definitions([("Ngày", today | day), ("Số", 1234567 | number)]) }}{% endcall %}
{{ progress(24, 38, "Tiêu chí đã nhập") }}{{ progress(0, 0, "Trống") }}
{{ files([{"name": "<b>.pdf", "href": "/f", "size": 1234567, "media_type": "PDF", "sha256": "ab" * 32}]) }}
{{ empty("Chưa có gì.", "Hãy tải lên.") }}
{% call more("Cách hiểu") %}<p>…</p>{% endcall %}
{{ moment(now) }}{{ day(today) }}{{ day(none) }}
{% call frame("Bảng", "t") %}<tbody><tr><td>1</td></tr></tbody>{% endcall %}
<form method="post">{{ csrf_input }}{{ fields(form) }}{{ kept_version(3) }}
{{ input("q", "Tìm", errors=["Thiếu"], help="Gõ tên") }}
{{ textarea("note", "Ghi chú", "<script>") }}{{ select("level", "Mức", [(1, "Một"), (2, "Hai")], 2) }}
{{ radios("ruling", "Kết luận", [("a", "Chấp nhận", "Đúng"), ("b", "Bác bỏ", "")], "b") }}
{{ checkbox("c", "Đồng ý", checked=true) }}
{{ reason(errors=["Cần có lý do"]) }}{% call row() %}{{ button("Lưu") }}{% endcall %}</form>
{{ post_button("Xóa", "/x", csrf_input, "danger", {"id": 1}) }}
{% call confirm("/x", csrf_input, "Thu hồi", "/", danger=true) %}{{ reason("why_not") }}{% endcall %}
{% endblock %}
"""


class Form(forms.Form):
    name = forms.CharField(label="Họ tên", help_text="Như trong quyết định")
    kind = forms.ChoiceField(label="Cách làm", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Đã đọc")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def page(rf: RequestFactory) -> str:
    return render(rf, "vi")


def render(rf: RequestFactory, language: str) -> str:
    context = {
        "levels": levels_of(2, 3, 4),
        "framework": FRAMEWORK,
        "form": Form({"name": ""}),
        "today": datetime.date(2026, 11, 26),
        "now": datetime.datetime(2026, 11, 26, 7, 5, tzinfo=datetime.UTC),
    }
    with translation.override(language):
        return str(engines["jinja2"].from_string(PAGE).render(context, rf.get("/kit")))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_macro_renders_in_both_languages(rf: RequestFactory, language: str) -> None:
    page = render(rf, language)
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1


def test_nothing_is_inline_that_the_content_security_policy_forbids(page: str) -> None:
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert "<script>" not in page.replace("&lt;script&gt;", "")


def test_no_template_holds_inline_styles_or_scripts_or_links_to_other_hosts() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for forbidden in (" style=", "<style", "javascript:", 'src="http', 'href="//', " onclick=", " onchange="):
            assert forbidden not in text, f"{path}: {forbidden}"


def test_a_state_is_said_in_words_and_not_by_colour_alone(page: str) -> None:
    for words in ("(đã xong)", "(đang ở bước này)", "(quá hạn)", "(chưa đến)"):
        assert words in page
    assert "tự đánh giá đạt, chờ thẩm định" in page
    assert "mức đăng ký" in page


def test_an_error_is_named_at_its_field_and_at_the_head_with_a_link_to_it(page: str) -> None:
    assert '<a href="#id_name">Họ tên</a>: Trường này là bắt buộc.' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_error"' in page
    assert 'id="id_why_error"' in page


def test_text_from_outside_is_escaped(page: str) -> None:
    assert "&lt;b&gt;.pdf" in page
    assert "&lt;script&gt;" in page


def test_numbers_and_days_are_written_as_the_language_writes_them(rf: RequestFactory, page: str) -> None:
    assert "1.234.567" in page
    assert "26/11/2026" in page
    assert "14:05 ngày 26/11/2026" in page  # 7:05 in Greenwich
    english = render(rf, "en")
    assert "1,234,567" in english
    assert "2026-11-26 14:05" in english


def test_a_page_weighs_little() -> None:
    static = TEMPLATES.parent / "static"
    first_load = [static / name for name in ("app.css", "app.js", "mark.svg", "vendor/htmx.min.js")]
    assert sum(path.stat().st_size for path in first_load) < 100_000


def test_english_is_chosen_by_the_switch_and_not_by_the_browser(client: Client) -> None:
    english_browser = {"accept-language": "en-GB,en;q=0.9"}
    assert '<html lang="vi">' in client.get("/nowhere", headers=english_browser).content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/nowhere"})
    assert answer.headers["Location"] == "/nowhere"
    page = client.get("/nowhere")
    assert '<html lang="en">' in page.content.decode()
    assert page.headers["Content-Language"] == "en"


def test_the_switch_leads_to_no_other_host(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_a_language_nobody_offers_is_not_kept(client: Client) -> None:
    client.post("/language/", {"language": "xx", "next": "/"})
    assert '<html lang="vi">' in client.get("/nowhere").content.decode()


def test_a_page_that_is_not_there_says_so_in_both_languages(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Không có trang này." in page
    assert "There is no such page." in page
    assert "Traceback" not in page


def test_a_form_without_its_secret_is_refused_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "Chưa có gì được lưu" in answer.content.decode()


def test_the_forms_of_a_page_share_one_mask_of_the_secret_that_no_other_page_has() -> None:
    client = Client(enforce_csrf_checks=True)
    pages = [client.get("/help/").content.decode() for _ in range(2)]
    first, second = (set(re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page)) for page in pages)
    assert len(first) == len(second) == 1
    assert first != second
    answer = client.post("/language/", {"language": "en", "csrfmiddlewaretoken": first.pop()})
    assert answer.status_code == 303


def test_a_failure_page_needs_neither_database_nor_session(rf: RequestFactory) -> None:
    from certification.web.failures import broken, busy

    assert broken(rf.get("/")).status_code == 500
    answer = busy(rf.get("/"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "120"


def test_the_page_of_help_is_there_for_everybody_and_linked_from_every_page(client: Client) -> None:
    assert 'href="/help/"' in client.get("/nowhere").content.decode()
    page = client.get("/help/").content.decode()
    assert "Còn có thể đạt" in page
    client.cookies["django_language"] = "en"
    assert "Still possible" in client.get("/help/").content.decode()
