"""The words and pictures of uncertainty: what is not impossible never reads 0 %, every assumption has a sentence."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve

import reports
from evidence.assumptions import CERTAIN, DEFAULTS, WITHOUT_PEERS, Assumption, Model
from levels.faults import Language
from levels.framework import Tier
from levels.index import RankingGroup
from reports.documents import as_svg
from reports.drawing import ink_on
from reports.rank_simulation import central, rank_simulation_text, view_rank_simulation
from reports.simulation import all_moves, asked_text, below_text, simulation_text, view_simulation
from reports.simulation_charts import (
    BAR_SHADES,
    BARS_PER_PAGE,
    PAGE,
    SCREEN,
    Bar,
    Key,
    Part,
    Pictures,
    draw_bars,
    shorten_name,
)
from reports.simulation_words import (
    assumption_sentences,
    chance_text,
    plain_precision,
    points_of_percent,
    precision_sentence,
)
from rules.outlook import Below, Binding, GroupOutlook, Outlook, RankOutlook, RankSimulation, Simulation, Used, Worth
from rules.verdict import Levels
from tests.rules.dossiers import CYCLE, commune, district, kon_tum
from tests.rules.indexes import index, indicator

CRITERIA = kon_tum().sets[Tier.COMMUNE].criteria


@pytest.mark.parametrize(
    ("chance", "vi", "en"),
    [
        (Fraction(0), "0%", "0%"),
        (Fraction(1, 10_000_000), "<0,1%", "<0.1%"),
        (Fraction(1, 1000), "0,1%", "0.1%"),
        (Fraction(1, 3), "33,3%", "33.3%"),
        (Fraction(9995, 10_000), ">99,9%", ">99.9%"),
        (Fraction(9_999_999, 10_000_000), ">99,9%", ">99.9%"),
        (Fraction(1), "100%", "100%"),
    ],
)
def test_only_what_never_happened_reads_nothing(chance: Fraction, vi: str, en: str) -> None:
    assert (chance_text(chance, "vi"), chance_text(chance, "en")) == (vi, en)


def test_differences_are_percentage_points() -> None:
    assert points_of_percent(Fraction(1, 8), "vi") == "12,5 điểm %"
    assert points_of_percent(Fraction(1, 8), "en") == "12.5 points"


@pytest.mark.parametrize(("draws", "error"), [(1, "50"), (400, "2.5"), (10_000, "0.5"), (10_000_000, "0.02")])
def test_the_standard_error_is_never_told_too_small(draws: int, error: str) -> None:
    assert f"at most {error} percentage points" in precision_sentence(draws, "en")


ROWS = (
    Assumption(Model.SURVEY, tier=Tier.COMMUNE, status="verified", size=400, row=2),
    Assumption(Model.SURVEY, unit="23500", criterion="I.2", row=3),
    Assumption(Model.RANGE, unit="23500", criterion="I.2", low=Fraction(2, 5), high=Fraction(1), ratio=True, row=4),
    Assumption(Model.RANGE, tier=Tier.COMMUNE, criterion="II.4", low=Fraction(2), high=Fraction(5), row=5),
    Assumption(Model.AUDIT, unit="23500", criterion="I.4", p=Fraction(1, 8), row=6),
    Assumption(Model.CERTAIN, row=7),
)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_assumption_has_a_sentence_rows_before_defaults(language: Language) -> None:
    used = [Used(each, place) for place, each in enumerate((*DEFAULTS, WITHOUT_PEERS, CERTAIN, *ROWS), start=1)]
    sentences = assumption_sentences(used, "u.csv", language)
    assert len(set(sentences)) == len(used)
    rows = [{"vi": f"(dòng {row} của u.csv).", "en": f"(row {row} of u.csv)."}[language] for row in range(2, 8)]
    assert [sentence.endswith(row) for sentence, row in zip(sentences, rows, strict=False)] == [True] * 6
    ours = {"vi": "(giả định mặc định).", "en": "(our default)."}[language]
    assert all(sentence.endswith(ours) for sentence in sentences[6:])
    told = " ".join(sentences)
    for words in {
        "vi": ("cỡ mẫu là 400", "cỡ mẫu là mẫu số", "lấy đều từ 40% đến 100%", "lấy đều từ 2 đến 5", "12,5%"),
        "en": ("the sample being 400", "its denominator", "evenly from 40% to 100%", "evenly from 2 to 5", "12.5%"),
    }[language]:
        assert words in told


# Pictures


def bars(count: int) -> list[Bar]:
    parts = (
        Part(0, Fraction(1, 1000), "0,1%", now=True),
        Part(1, Fraction(599, 1000), "59,9%"),
        Part(2, Fraction(4, 10), "40%"),
    )
    return [Bar(f"Xã {number} với một cái tên rất dài không thể in hết", parts) for number in range(count)]


KEYS = [Key(str(level), f"{level} (một mức có tên dài)", level) for level in range(6)]


@pytest.mark.parametrize("sheet", [PAGE, SCREEN])
def test_bars_are_whole_numbered_and_framed_where_the_unit_is_now(sheet: object) -> None:
    drawings = draw_bars(bars(BARS_PER_PAGE + 1), KEYS, int, "Xác suất", "hiện nay", sheet)  # type: ignore[arg-type]
    assert [drawing.title for drawing in drawings] == ["Xác suất (1/2)", "Xác suất (2/2)"]
    one = drawings[1]
    assert "0: 0,1%, 1: 59,9%, 2: 40%" in one.description
    assert any(label.text == "1: 59,9%" for label in one.labels)
    assert len(one.outlines) == 2  # one bar's and the legend's
    assert max(box.x + box.width for box in one.boxes) <= one.width
    assert max(label.y for label in one.labels) <= one.height
    assert "<title" in as_svg(one)


def test_a_page_and_a_telephone_have_drawings_of_their_own() -> None:
    pictures = Pictures.of(bars(2), KEYS, int, "Xác suất", "hiện nay", "")
    assert pictures.wide[0].width == PAGE.width
    assert pictures.slim[0].width == SCREEN.width


def test_a_long_name_keeps_its_code() -> None:
    assert shorten_name("Xã Đăk PXi (23503)", 36) == "Xã Đăk PXi (23503)"
    long = shorten_name("Xã có một cái tên rất dài không vừa một dòng (23503)", 36)
    assert long == "Xã có một cái tên rất dài k… (23503)"
    assert len(long) == 36
    assert shorten_name("x" * 40, 36) == "x" * 35 + "…"
    [drawing] = draw_bars([Bar("Xã có một cái tên rất dài không vừa một dòng (23503)", ())], KEYS, int, "", "")
    assert long in [label.text for label in drawing.labels]


def test_on_a_telephone_columns_do_not_keep_the_widths_of_paper() -> None:
    style = (Path(reports.__file__).parent / "templates" / "screen.css").read_text(encoding="utf-8")
    assert ".scroll col { width: auto !important; }" in style.partition("@media (max-width: 700px)")[2]


# Reports


def outlook(*counts: int, worth: tuple[Worth, ...] = ()) -> Outlook:
    binding = tuple(Binding(each, 3) for each in CRITERIA[:8])
    return Outlook(commune(), Levels(1, 2, 3), 3, counts, binding, worth)


def simulation(*outlooks: Outlook) -> Simulation:
    draws = outlooks[0].draws
    return Simulation(kon_tum(), CYCLE, draws, 1, (Used(DEFAULTS[0], 3),), outlooks, synthetic=False)


def test_a_single_unit_and_nothing_worth_verifying_are_said_so() -> None:
    text = simulation_text(simulation(outlook(0, 0, 9, 0, 0, 0)), "", "en")
    assert "1 unit in 2025. From 9 draws" in text
    assert "No single fact, once known for certain" in text
    assert "SYNTHETIC" not in text
    assert view_simulation(simulation(outlook(0, 0, 9, 0, 0, 0)), "", "vi").pictures is None
    assert "Certain: the same level in every draw:\n  - level 2 (Kết nối) (1 unit): Xã Đắk Hà (23281).\n" in text
    assert "3 others" in simulation_text(simulation(outlook(0, 1, 8, 0, 0, 0)), "", "en")  # eight criteria tie


def test_whose_fact_moves_which_chance_is_told() -> None:
    own = Worth(commune(), CRITERIA[1], Fraction(1, 3), Fraction(0), Fraction(1, 2))
    still = Worth(commune(), CRITERIA[2], Fraction(1, 9), Fraction(1, 3), Fraction(1, 3))
    found = simulation(
        outlook(0, 3, 3, 3, 0, 0, worth=(own, still)),
        Outlook(district(), Levels(2, 2, 2), 3, (0, 0, 5, 4, 0, 0), (), (own,)),
    )
    view = view_simulation(found, "u.csv", "vi")
    assert view.verify[0].startswith("Xã Đắk Hà (23281): I.2 – ")
    assert view.verify[0].endswith(
        "khả năng đạt mức 3 (Cơ bản), nay 33,3%, thành 0% hoặc 50%; đoán đúng thêm 33,3 điểm %."
    )
    assert "(của Xã Đắk Hà, 23281)" in view.verify[1]
    assert view.verify[2].endswith("đoán đúng thêm 11,1 điểm %.")  # the chance of the level asked stays
    assert view.pictures is not None
    assert view.pictures.note == ""


def test_results_come_first_and_those_that_are_uncertain_before_the_certain_ones() -> None:
    certain = [evolve(outlook(9, 0, 0, 0, 0, 0), unit=commune(str(number))) for number in range(2)]
    found = simulation(*certain, outlook(0, 3, 3, 3, 0, 0))
    text = simulation_text(found, "", "vi")
    heads = ["Xác suất của từng mức", "Chắc chắn", "chưa đạt mức nào (2 đơn vị)", "Nên xác minh trước"]
    heads += ["Được giả định", "Ghi chú kỹ thuật", "Số khởi tạo 1", "Sai số chuẩn", "Wilson"]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)
    view = view_simulation(found, "", "vi")
    assert view.chances is not None
    assert len(view.chances.rows) == 1  # the certain ones are told in one line


@pytest.mark.parametrize(("draws", "off"), [(1, "100"), (9, "33.4"), (400, "5"), (10_000, "1"), (10_000_000, "0.1")])
def test_plain_words_never_tell_too_small_an_error(draws: int, off: str) -> None:
    assert f"off by no more than {off} points" in plain_precision(draws, "en")


def test_neighbouring_levels_are_told_apart_in_grey() -> None:
    greys = [grey(shade) for shade in BAR_SHADES]
    assert all(lighter - darker >= 30 for lighter, darker in pairwise(greys))
    for number, shade in enumerate(greys):
        assert abs(shade - grey(ink_on(number))) >= 100  # what stands on it can be read


def grey(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_what_changes_no_guess_is_ranked_by_how_much_it_moves_the_chance() -> None:
    little, much, unseen = (
        Worth(commune(), criterion, Fraction(0), Fraction(0), highest)
        for criterion, highest in zip(CRITERIA, (Fraction(1, 4), Fraction(1, 2), Fraction(1, 10**9)), strict=False)
    )
    same = Worth(commune(), CRITERIA[3], Fraction(0), Fraction(1, 3), Fraction(100_001, 300_000))
    found = simulation(outlook(0, 3, 3, 3, 0, 0, worth=(little, much, unseen, same)))
    assert [worth for _, worth in all_moves(found)] == [much, little, unseen]  # the last one reads alike on both sides
    view = view_simulation(found, "", "vi")
    assert view.verify[0].endswith("khả năng đạt mức 3 (Cơ bản), nay 33,3%, thành 0% hoặc 50%.")
    assert "Mức có xác suất lớn nhất vẫn như vậy" in view.worth_note
    assert "Đoán đúng thêm" not in view.worth_note


def test_communes_that_hold_a_district_back_are_named_the_first_five_of_them() -> None:
    below = [Below(commune(str(number)), CRITERIA[0], 2, 2, 3, 3) for number in range(7)]
    told = below_text(evolve(outlook(0, 3, 3, 3, 0, 0), below=(evolve(below[0], below_every=0), *below[1:])), "vi")
    lead, *rest = told.split("; ")
    assert lead.startswith(f"Thường dưới mức mà {CRITERIA[0].code} đòi hỏi: ")
    assert lead.endswith("(dưới mức 3: 33,3%)")
    assert rest[0].endswith("(dưới mức 2: 22,2%, dưới mức 3: 33,3%)")
    assert rest[-1] == "2 đơn vị khác"
    assert below_text(outlook(9, 0, 0, 0, 0, 0), "vi") == ""


def test_the_level_looked_at_is_called_what_it_is() -> None:
    nobody = outlook(0, 3, 3, 3, 0, 0)
    registered = evolve(nobody, unit=evolve(nobody.unit, registered=3))
    found = simulation(evolve(nobody, unit=evolve(nobody.unit, registered=None)), registered)
    assert asked_text(found, found.units[:1], "vi") == "Ít nhất mức tiếp theo"
    assert asked_text(found, found.units[1:], "vi") == "Ít nhất mức đăng ký"
    assert asked_text(found, found.units, "en") == "At least the level registered / the next level"
    assert asked_text(evolve(found, level=3), found.units, "vi") == "Ít nhất mức được hỏi"


def test_a_rank_report_tells_groups_and_who_keeps_his_rank() -> None:
    units = (
        RankOutlook(commune(), Fraction(800), 1, Fraction(790), (100, 0, 0)),
        RankOutlook(commune("2"), Fraction(700), 2, Fraction(650), (0, 4, 96)),
    )
    parent = district()
    group = GroupOutlook(RankingGroup("g", "Nhóm 1: Các xã", Tier.COMMUNE, "mục 1", "parent"), parent, 3, units)
    found = RankSimulation(index(indicator("1.1")), CYCLE, 100, 1, (), (group,), synthetic=True)
    text = rank_simulation_text(found, "", "en")
    assert "“Các xã – Huyện Đắk Hà” (3 units)" in text
    assert "SYNTHETIC DATA" in text
    [view] = view_rank_simulation(found, "", "vi").groups
    assert view.pictures is not None
    assert view.pictures.note == "1 đơn vị khác có cùng một hạng trong mọi lần mô phỏng, xem bảng."
    settled = GroupOutlook(group.group, None, 3, units[:1])
    [view] = view_rank_simulation(RankSimulation(found.index, CYCLE, 100, 1, (), (settled,), False), "", "vi").groups
    assert view.pictures is None


@pytest.mark.parametrize(
    ("counts", "within"),
    [((100, 0, 0), (1, 1)), ((5, 90, 5), (2, 2)), ((6, 88, 6), (1, 3)), ((0, 0, 1), (3, 3)), ((1, 1, 18), (2, 3))],
)
def test_nine_tenths_of_the_draws_lie_within_the_ranks_told(counts: tuple[int, ...], within: tuple[int, int]) -> None:
    found = central(RankOutlook(commune(), Fraction(1), 1, Fraction(1), counts))
    low, high = found
    assert sum(counts[low - 1 : high]) * 10 >= 9 * sum(counts)
    assert found == within
