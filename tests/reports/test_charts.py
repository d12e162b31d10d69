"""The charts: every level and every kind of not-knowing is printed, not only coloured."""

import io
import itertools
import struct

import pytest
from attrs import evolve

from evidence.facts import Status
from evidence.units import Unit
from levels.framework import Tier
from reports.charts import MARKS, ROWS_PER_PAGE, draw_heat_maps, draw_ladder
from reports.documents import environment, render_summary
from reports.drawing import Drawing, Label, as_png
from rules.verdict import Levels, Standing
from tests.reports import factory
from tests.reports.looking import need, pdf_pages


def texts(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.labels]


def above(drawing: Drawing, level: int) -> list[str]:
    """What stands over one step of a ladder, from the step upwards."""
    box = drawing.boxes[level]
    middle = box.x + box.width // 2
    return [label.text for label in drawing.labels if label.x == middle and label.text.startswith("▲")]


@pytest.fixture(scope="module")
def ladder() -> Drawing:
    verdict = factory.every_kind(factory.commune())
    return draw_ladder(evolve(verdict, levels=Levels(2, 3, 5)), "vi")


def test_the_ladder_marks_accepted_claimed_possible_and_registered(ladder: Drawing) -> None:
    assert [above(ladder, level) for level in range(6)] == [
        [],
        [],
        ["▲ Được chấp nhận"],
        ["▲ Đăng ký", "▲ Tự đánh giá"],
        [],
        ["▲ Còn có thể đạt"],
    ]
    assert "Được chấp nhận: 2 (Kết nối); Tự đánh giá: 3 (Cơ bản)" in ladder.description
    assert [box.dashed for box in ladder.boxes] == [False, False, False, True, True, True]
    assert ladder.strokes  # what is only claimed is hatched


def test_four_marks_on_one_step_do_not_overlap_and_stay_inside() -> None:
    verdict = factory.verdict(factory.commune(registered=5), factory.dossier(factory.commune(), 5))
    drawing = draw_ladder(verdict, "en")
    marks = [label for label in drawing.labels if label.text.startswith("▲")]
    assert [mark.text for mark in marks] == ["▲ Registered", "▲ Possible", "▲ Claimed", "▲ Accepted"]
    heights = [mark.y for mark in marks]
    assert heights == sorted(heights, reverse=True)
    assert all(earlier - later >= marks[0].size for earlier, later in itertools.pairwise(heights))
    assert min(heights) > marks[0].size
    assert all(box.y + box.height < drawing.height for box in drawing.boxes)


def test_a_unit_without_target_or_level_has_a_ladder_too() -> None:
    unit = factory.commune(registered=None)
    drawing = draw_ladder(factory.verdict(unit, {}), "vi")
    assert above(drawing, 0) == ["▲ Tự đánh giá", "▲ Được chấp nhận"]
    assert above(drawing, 5) == ["▲ Còn có thể đạt"]
    assert "Đăng ký" not in drawing.description


@pytest.fixture(scope="module")
def heat_map() -> Drawing:
    [drawing] = draw_heat_maps([factory.every_kind(factory.commune())], "vi")
    return drawing


def cell(drawing: Drawing, column: int) -> Label:
    cells = [label for label in drawing.labels if label.size == 32 and label.anchor == "middle" and not label.bold]
    return cells[column]


@pytest.mark.parametrize(
    ("code", "text"),
    [("I.2", "3"), ("I.3", "0*"), ("I.8", "0×"), ("I.10", "2?"), ("I.11", "1!"), ("III.7", "1÷"), ("II.3", "–")],
)
def test_every_cell_bears_its_number_and_its_mark(heat_map: Drawing, code: str, text: str) -> None:
    codes = [criterion.code for criterion in factory.framework().sets[Tier.COMMUNE].criteria]
    assert cell(heat_map, codes.index(code)).text == text


def test_the_legend_explains_every_level_and_mark(heat_map: Drawing) -> None:
    said = texts(heat_map)
    for name in ("Chưa đạt", "Khởi động", "Kết nối", "Cơ bản", "Nâng cao", "Toàn diện"):
        assert name in said
    for name in ("mới tự báo cáo", "chưa có số liệu", "hết hạn", "không chấp nhận", "mẫu số bằng 0", "được miễn"):
        assert name in said
    assert {*MARKS.values(), "–"} <= set(said)
    assert set(MARKS) | {Standing.ACCEPTED, Standing.DERIVED, Standing.EXEMPT} == set(Standing)


def test_dark_cells_carry_light_figures() -> None:
    unit = factory.commune()
    [drawing] = draw_heat_maps([factory.verdict(unit, factory.dossier(unit, 5))], "vi")
    fives = [label for label in drawing.labels if label.text == "5"]
    assert len(fives) == 38 + 1 + 1  # cells, unit, legend
    assert {label.colour for label in fives} == {"#ffffff"}


def test_a_hundred_and_two_communes_go_over_pages() -> None:
    verdict = factory.every_kind(factory.commune())
    verdicts = [
        evolve(verdict, unit=Unit(f"{code:05d}", f"Xã {code} có một cái tên rất dài", Tier.COMMUNE))
        for code in range(102)
    ]
    drawings = draw_heat_maps(verdicts, "en")
    assert len(drawings) == -(-102 // ROWS_PER_PAGE)
    assert drawings[0].title.endswith("(1/5)")
    assert all(drawing.width <= 2470 and drawing.height <= 1700 for drawing in drawings)  # A4 landscape, inside margins
    names = [text for drawing in drawings for text in texts(drawing) if text.startswith("Xã ")]
    assert len(names) == 102
    assert max(map(len, names)) <= 27


def test_labels_stay_inside_the_picture(heat_map: Drawing, ladder: Drawing) -> None:
    for drawing in (heat_map, ladder):
        for label in drawing.labels:
            assert 0 <= label.x <= drawing.width
            assert label.size // 2 < label.y <= drawing.height


@pytest.mark.whole
def test_every_heat_map_fits_one_page_of_the_pdf() -> None:
    need("pdftotext")
    verdict = factory.every_kind(factory.commune())
    verdicts = [
        evolve(verdict, unit=Unit(f"{code:05d}", f"Xã {code}", Tier.COMMUNE)) for code in range(ROWS_PER_PAGE + 3)
    ]
    pages = pdf_pages(render_summary(factory.DISTRICT, verdicts, "vi", kinds=("pdf",))["pdf"])
    shown = [page for page in pages if "mới tự báo cáo" in page]
    assert len(shown) == 2
    assert all("Mức đạt của từng tiêu chí theo đơn vị" in page for page in shown)
    assert all(page.split() for page in pages)


def test_svg_has_a_title_and_a_description_and_escapes_names() -> None:
    unit = Unit("1", "<b>&\"'", Tier.COMMUNE)
    drawing = draw_ladder(factory.verdict(unit, {}), "vi")
    svg = environment().from_string('{% from "drawing.html" import draw %}{{ draw(d, 7) }}').render(d=drawing)
    assert 'role="img" aria-labelledby="drawing-7-title drawing-7-description"' in svg
    assert '<desc id="drawing-7-description">Được chấp nhận: chưa đạt mức nào' in svg
    assert "<b>" not in svg


@pytest.mark.whole
def test_the_png_for_word_has_the_same_shape_and_the_same_bytes_each_time(ladder: Drawing) -> None:
    picture = as_png(ladder)
    assert picture == as_png(ladder)
    width, height = struct.unpack(">II", picture[16:24])
    assert abs(width / height - ladder.width / ladder.height) < 0.01
    assert b"tEXtSoftware" not in picture


@pytest.mark.whole
def test_names_are_drawn_as_text_and_not_as_formulas() -> None:
    unit = Unit("1", "Xã $\\frac{$", Tier.COMMUNE)
    facts = factory.dossier(unit, 2) | {"I.2": factory.fact(unit, "I.2", Status.REJECTED)}
    [drawing] = draw_heat_maps([factory.verdict(unit, facts)], "vi")
    assert io.BytesIO(as_png(drawing)).read(4) == b"\x89PNG"
