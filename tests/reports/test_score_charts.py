"""The charts of points: readable with thirty units and seventy-six indicators, in grey, and inside the page."""

import itertools
import struct
from fractions import Fraction

import pytest
from attrs import evolve

from evidence.units import Unit
from levels.framework import Tier
from levels.index import CouncilScore, Indicator, Input, Pillar
from reports.documents import as_svg
from reports.drawing import INK, PAPER, SHADES, Drawing, Label, as_png
from reports.score_charts import draw_bars, draw_radar, draw_rounds
from reports.score_map import COLUMNS_PER_PAGE, ROWS_PER_PAGE, draw_score_maps
from reports.score_words import MARKS
from rules.scores import GroupRanking, Ranking, State
from tests.reports import index_factory as factory

WIDTH, HEIGHT = 2470, 1620
"""Tenths of a millimetre: the text of a landscape page, less the line beneath a picture."""


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return factory.ranking()


@pytest.fixture(scope="module")
def thirty() -> GroupRanking:
    return factory.districts(count=30)


def texts(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.labels]


def extent(label: Label) -> tuple[int, int]:
    """From where to where a label that reads across reaches, generously."""
    wide = label.size * len(label.text) * 48 // 100
    start = {"start": label.x, "middle": label.x - wide // 2, "end": label.x - wide}[label.anchor]
    return start, start + wide


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    flat = [label for label in drawing.labels if not label.turned]
    found = []
    for one, other in itertools.combinations(flat, 2):
        if abs(one.y - other.y) < min(one.size, other.size) * 3 // 4:
            (a, b), (c, d) = extent(one), extent(other)
            if a < d and c < b:
                found.append((one.text, other.text))
    return found


def wide_group(indicators: int, pillars: int) -> GroupRanking:
    """Units under an index of so many indicators."""
    sizes = [indicators // pillars + (number < indicators % pillars) for number in range(pillars)]
    made = tuple(
        Pillar(
            str(number),
            f"Hoạt động chuyển đổi số thứ {number} của đơn vị",
            10 * size,
            tuple(
                Indicator(f"{number}.{n}", "Nội dung", 10, CouncilScore(), (Input("1", "score", ""),))
                for n in range(size)
            ),
            size,
        )
        for number, size in enumerate(sizes, start=1)
    )  # fmt: skip
    index = factory.index()
    criteria = evolve(index.sets[Tier.DISTRICT], pillars=made)
    scores = []
    for number in range(8):
        unit = factory.district(number)
        lines = [factory.scored(unit, entry, Fraction(number, 8)) for pillar in made for entry in pillar.indicators]
        score = factory.score(unit, lines, criteria=criteria)
        scores.append(evolve(score, index=evolve(index, sets={Tier.DISTRICT: criteria})))
    return factory.ranked(index.groups[1], scores)


# Radar


def test_the_radar_shows_the_unit_against_average_and_best_without_colour(ranking: Ranking) -> None:
    drawing = draw_radar(factory.place(ranking), ranking.groups[1], "vi")
    assert {"Huyện Tiên Du", "Trung bình nhóm", "Cao nhất nhóm"} <= set(texts(drawing))
    lines = [outline for outline in drawing.outlines if len(outline.points) == 5 and outline.width > 2]
    assert len({outline.dash for outline in lines}) == 3  # solid, dashed, dotted
    markers = {len(outline.points) for outline in drawing.outlines if outline.width == 3}
    assert markers == {3, 4}
    assert "2. Thể chế số: Huyện Tiên Du 0%, Trung bình nhóm 69,69%, Cao nhất nhóm 87,5%" in drawing.description
    assert "84,29%" in texts(drawing)


def test_a_pillar_that_a_unit_is_not_subject_to_is_no_axis(ranking: Ranking) -> None:
    drawing = draw_radar(factory.place(ranking, "Thanh tra tỉnh"), ranking.groups[0], "en")
    assert not [text for text in texts(drawing) if "kinh tế" in text]
    assert "Average of the group" in texts(drawing)
    assert "4. Hạ tầng số" in texts(drawing)


@pytest.mark.parametrize("pillars", [3, 6, 8, 9])
def test_labels_of_a_radar_neither_overlap_nor_leave_the_picture(pillars: int) -> None:
    group = wide_group(pillars * 2, pillars)
    drawing = draw_radar(group.places[0], group, "vi")
    assert overlapping(drawing) == []
    for label in drawing.labels:
        assert extent(label)[0] >= 0
        assert extent(label)[1] <= drawing.width
        assert label.size < label.y < drawing.height


# Bars


def test_every_bar_bears_rank_name_points_and_the_numbers_of_its_pillars(ranking: Ranking) -> None:
    [drawing] = draw_bars(ranking.groups[1], "vi")
    said = texts(drawing)
    assert said.count("3") >= 2  # shared rank
    assert "63,99% (121,58/190)" in said
    assert {"1", "2", "3", "4", "5"} <= set(said)
    assert any(text.startswith("Số trong thanh là trụ cột: 1. Nhận thức số; 2. Thể chế số") for text in said)
    assert "hạng 8: Huyện Tiên Du, 121,58 điểm" in drawing.description
    hatched = [box for box in drawing.boxes if box.dashed]
    assert len(hatched) == 2  # what the unit without data lacks, and the legend
    assert len(drawing.strokes) > 6


def test_where_all_can_reach_the_same_the_points_stand_alone() -> None:
    group = factory.districts(special=False)
    [drawing] = draw_bars(group, "en")
    assert "179.63" in texts(drawing)
    assert not [text for text in texts(drawing) if "/200" in text]
    assert not [box for box in drawing.boxes if box.dashed]


def test_a_bonus_lengthens_the_bar_and_never_leaves_the_picture() -> None:
    group = factory.districts(special=False)
    first = group.places[0]
    score = evolve(first.score, points=first.score.points + 60, bonus=Fraction(60))
    [drawing] = draw_bars(evolve(group, places=(evolve(first, score=score), *group.places[1:])), "vi")
    assert "+" in texts(drawing)
    assert any("+: điểm khuyến khích" in text for text in texts(drawing))
    assert max(box.x + box.width for box in drawing.boxes) < drawing.width - 300


def test_thirty_bars_stay_on_one_page_and_a_hundred_go_over_several(thirty: GroupRanking) -> None:
    [drawing] = draw_bars(thirty, "vi")
    assert drawing.width <= WIDTH
    assert drawing.height <= HEIGHT
    assert overlapping(drawing) == []
    many = evolve(thirty, places=(thirty.places * 4)[:100])
    drawings = draw_bars(many, "vi")
    assert len(drawings) == 4
    assert drawings[0].title.endswith("(1/4)")


# Heat map


def test_every_cell_tells_its_share_or_why_it_has_none(ranking: Ranking) -> None:
    [drawing] = draw_score_maps(ranking.groups[1], "vi")
    cells = [label for label in drawing.labels if label.anchor == "middle" and not label.bold and label.size <= 28]
    last = [
        label.text for label in cells if label.y == max(c.y for c in cells if c.x > 400 and c.y < drawing.height - 150)
    ]
    assert last == ["50", "50*", "75", "×", "80", "75", "?", "–", "100", "75", "75", "88", "75"]
    assert {"1.1", "5.2", "Tổng điểm", *MARKS.values()} <= set(texts(drawing))
    for words in ("mới tự báo cáo", "chưa có số liệu, tính 0 điểm", "không thuộc diện đánh giá"):
        assert words in texts(drawing)
    assert set(MARKS) == set(State) - {State.ACCEPTED}


def test_figures_on_dark_cells_are_light(ranking: Ranking) -> None:
    [drawing] = draw_score_maps(ranking.groups[1], "vi")
    hundred = [label for label in drawing.labels if label.text == "100"]
    assert hundred
    assert {label.colour for label in hundred} == {PAPER}
    pale = [label for label in drawing.labels if label.text == "50"]
    assert {label.colour for label in pale} == {INK}


def test_shades_grow_darker_in_grey() -> None:
    def grey(shade: str) -> int:
        red, green, blue = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
        return 299 * red + 587 * green + 114 * blue

    greys = [grey(shade) for shade in SHADES]
    assert greys == sorted(greys, reverse=True)
    assert all(light - dark > 10_000 for light, dark in itertools.pairwise(greys))


@pytest.mark.parametrize(
    ("indicators", "pillars", "parts"), [(13, 5, 1), (45, 6, 2), (76, 8, 2), (60, 9, 2), (6, 6, 1)]
)
def test_many_indicators_go_over_pages_that_can_be_read(indicators: int, pillars: int, parts: int) -> None:
    drawings = draw_score_maps(wide_group(indicators, pillars), "vi")
    assert len(drawings) == parts
    shown = 0
    for drawing in drawings:
        codes = [label for label in drawing.labels if label.turned and not label.bold]
        assert len(codes) <= COLUMNS_PER_PAGE
        shown += len(codes)
        assert drawing.width <= WIDTH
        assert overlapping(drawing) == []
    assert shown == indicators


def test_thirty_units_fit_one_page_and_more_go_over(thirty: GroupRanking) -> None:
    [drawing] = draw_score_maps(thirty, "vi")
    assert drawing.height <= HEIGHT
    more = evolve(thirty, places=(thirty.places * 2)[: ROWS_PER_PAGE + 1])
    assert [each.title[-5:] for each in draw_score_maps(more, "vi")] == ["(1/2)", "(2/2)"]


# Rounds


def test_rounds_stand_side_by_side_with_points_and_rank(ranking: Ranking) -> None:
    drawing = draw_rounds(factory.rounds(ranking), "vi")
    assert [text for text in texts(drawing) if "hạng" in text] == [
        "146,58 điểm – hạng 3",
        "119,58 điểm – hạng 7",
        "121,58 điểm – hạng 6",
        "121,58 điểm – hạng 8",
        "121,58 điểm – hạng 8",
    ]
    assert "Đánh giá vòng 1: 119,58 điểm, hạng 7" in drawing.description


def test_a_round_without_points_has_its_words_beside_the_bar(ranking: Ranking) -> None:
    unit = factory.district(1)
    nothing = factory.score(unit, [factory.without(entry) for entry in factory.index().sets[Tier.DISTRICT].indicators])
    each = factory.rounds(ranking)[0]
    drawing = draw_rounds([evolve(each, place=evolve(each.place, score=nothing))], "en")
    [label] = [label for label in drawing.labels if "rank" in label.text]
    assert label.text == "0 points – rank 3"
    assert label.anchor == "start"


# As files


@pytest.mark.whole
def test_svg_and_png_show_the_same_shape(ranking: Ranking) -> None:
    place = factory.place(ranking)
    hostile = evolve(place, score=evolve(place.score, unit=Unit("1", "<b>&$\\frac{$", Tier.DISTRICT)))
    drawing = draw_radar(hostile, ranking.groups[1], "vi")
    svg = as_svg(drawing)
    assert svg.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"')
    assert "<b>" not in svg
    assert svg.count("stroke-dasharray") == 4  # two lines and their legends
    picture = as_png(drawing)
    assert picture == as_png(drawing)
    width, height = struct.unpack(">II", picture[16:24])
    assert abs(width / height - drawing.width / drawing.height) < 0.01
