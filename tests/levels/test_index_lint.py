"""The linter names exactly the one thing that is spoilt in an index, and what is odd in the decisions themselves."""

import functools
import importlib.resources
from pathlib import Path

import attrs
import pytest

from levels.framework import Tier
from levels.index import Index, RankingGroup
from levels.index_lint import lint_index
from levels.lint import lint
from levels.loader import load_index, load_with_positions
from levels.source import Positions
from tests.levels.files import faults_of

CHU_PRONG, BAC_NINH, DAK_LAK, HA_NOI = "chu-prong-2023", "bac-ninh-1187-2023", "dak-lak-2534-2022", "ha-noi-2024"
STEP = "an odd step, kept literally"
STEPS = [
    ("II.4.8", "70%", "70%"), ("II.7.1", "10%", "10%"), ("II.7.2", "50%", "50%"), ("II.7.3", "80%", "80%"),
    ("II.7.6", "5%", "5%"), ("II.7.7", "0.25%", "0.25%"),
]  # fmt: skip


def said(index_id: str) -> list[str]:
    return [fault.line("en").partition(": ")[2] for fault in lint(*load_with_positions(index_id))]


def test_the_odd_steps_of_chu_prong_are_flagged_and_nothing_else_is() -> None:
    assert said(CHU_PRONG) == [
        f"warning: indicator {code}: from {bound} the whole maximum, just below only {share} of it: {STEP};"
        " as «cliff-literal» reads it"
        for code, bound, share in STEPS
    ]


def test_dak_lak_states_65_indicators_and_prints_64() -> None:
    (warning,) = said(DAK_LAK)
    assert warning.startswith("warning: the decision states 65 indicators, its tables add up to 64; both are kept")


def test_ha_noi_states_33_and_27_indicators_under_its_headings_and_prints_32_and_28() -> None:
    assert [line.partition(";")[0] for line in said(HA_NOI)] == [
        "warning: the decision states 33 indicators, its tables add up to 32",
        "warning: the decision states 27 indicators, its tables add up to 28",
    ]


def test_the_decision_of_bac_ninh_agrees_with_itself() -> None:
    assert said(BAC_NINH) == []


@functools.cache
def text_of(index_id: str) -> str:
    return (importlib.resources.files("levels") / "frameworks" / index_id / "framework.yaml").read_text("utf-8")


def spoil(text: str, after: str, old: str, new: str) -> str:
    """``text`` with every ``old`` replaced in the entry that ``after`` begins."""
    start = text.index(after)
    end = text.find("\n          - code:", start)
    block = text[start:end]
    assert old in block
    return text[:start] + block.replace(old, new) + text[end:]


HEAD, BLOCK_1, READINGS = "stated_pillars: 8", "code: II.1\n", "  - id: points-missing"
MUTATIONS: list[tuple[str, str, str, str, str, str]] = [
    # what is spoilt; in which entry; replaced; by; in whose row the fault is shown; what is said
    ("an indicator's number", "code: II.1.5\n", "code: II.1.5\n", "code: II.1.7\n", "code: II.1.7",
     "the code «II.1.7» is out of order; «II.1.5» is expected here"),
    ("a pillar's number", "code: II.2\n", "code: II.2\n", "code: II.9\n", "code: II.9",
     "the code «II.9» is out of order; «II.2» is expected here"),
    ("the number of pillars", HEAD, "stated_pillars: 8", "stated_pillars: 9", "stated_pillars: 9",
     "the decision states 9 pillars, its tables add up to 8; both must be equal, or"),
    ("the number of indicators", HEAD, "stated_count: 74", "stated_count: 73", "stated_count: 73",
     "the decision states 73 indicators, its tables add up to 74"),
    ("the points in all", HEAD, "stated_max: 1000", "stated_max: 999", "stated_max: 999",
     "the decision states 999 points, its tables add up to 1000"),
    ("a pillar's indicators", BLOCK_1, "max: 80", "max: 80\n        stated_count: 7", "stated_count: 7",
     "the decision states 7 indicators, its tables add up to 6"),
    ("who rates", HEAD, "rated_by: province", "rated_by: district", "rated_by: district",
     "district is rated by district; the rating tier must stand above"),
    ("a quote", "code: II.1.4\n", "text: Đã có chuyên mục", "text: Có chuyên mục", "text: Có",
     "indicator II.1.4: the method does not say «Có chuyên mục»"),
    ("a ratio", "code: II.6.5\n", "ratio: Tỷ lệ=(c+d)/(a+b)", "ratio: Tỷ lệ=(a+b)/(c+d)", "ratio:",
     "indicator II.6.5: the method does not say «Tỷ lệ=(a+b)/(c+d)»"),
    ("a line left out", "code: II.1.1\n", '\n                - "Phó Chủ tịch UBND cấp huyện: 1/2*Điểm tối đa"', "",
     "method:", "warning: indicator II.1.1: «Phó Chủ tịch UBND cấp huyện: 1/2*Điểm tối đa» speaks of points"),
    ("words on points", "code: II.6.12\n", "Giải thích:", "Điểm = số nền tảng; Giải thích:", "method:",
     "warning: indicator II.6.12: «Điểm = số nền tảng» speaks of points and is not quoted; a quote is expected"),
    ("a label", "code: II.4.6\n", "label: Số lượng công chức", "label: Số công chức", "label: Số công chức",
     "indicator II.4.6 does not say «a= Số công chức, viên chức được bồi dưỡng"),
    ("another letter's label", "code: II.3.1\n", "label: Số lượng người dân trưởng thành có điện thoại thông minh",
     "label: Tổng dân số của cấp huyện", "label: Tổng",
     "indicator II.3.1 does not say «a= Tổng dân số của cấp huyện»; the words as printed"),
    ("an unlettered label", "code: II.8.5\n", "label: hoạt động hiệu quả", "label: hoạt động tốt", "label:",
     "indicator II.8.5 does not say «hoạt động tốt»"),
    ("a letter left out", "code: II.6.5\n", "có phát sinh hồ sơ trực tuyến; - Tỷ lệ",
     "có phát sinh hồ sơ trực tuyến; e= Tổng số DVCTT; - Tỷ lệ", "key: a", "the method says «e=», no input does"),
    ("keys out of order", "code: II.4.2\n", 'key: "2"', 'key: "3"', 'key: "1"',
     "the keys 1, 3 are out of order; 1, 2 is expected"),
    ("no option for the maximum", "code: II.2.1\n", "Đã ban hành: Điểm tối đa", "Đã ban hành: 1/2 Điểm tối đa",
     '- "Đã ban hành', "warning: indicator II.2.1: at best 1/2 of the maximum is earned"),
    ("parts that are too much", "code: II.6.1\n", "4/5*Điểm tối đa", "5/5*Điểm tối đa", '- "Đáp ứng',
     ": indicator II.6.1: at best 6/5 of the maximum is earned; the whole maximum is expected"),
    ("a gap between numbers", "code: II.1.4\n", "Từ 5 đến 10", "Từ 5 đến 8", '- "Từ 10', "no line says what 9 earns"),
    ("a gap between ratios", "code: II.6.6\n", "Tỷ lệ<80%: ", "Tỷ lệ<79%: ", '- "Tỷ lệ≥80%',
     "indicator II.6.6: no line says what 79% earns; every value needs a line"),
    ("a gap above the whole", "code: II.6.3\n", "part: true\n              ", "", '- "Tỷ lệ=100%',
     "no line says what 200% earns"),
    ("an overlap", "code: II.6.3\n", "Tỷ lệ<100%: ", "Tỷ lệ≤100%: ", '- "Tỷ lệ=100%',
     "indicator II.6.3: two lines say different things of 100%; the interpretation «boundary-first» is expected"),
    ("a fall", "code: II.1.4\n", "Dưới 5: 1/4* Điểm tối đa", "Dưới 5: 3/4* Điểm tối đa", '- "Từ 10',
     "indicator II.1.4: points fall as the quantity rises past 5; more must not earn less"),
    ("a bound without %", "code: II.7.2\n", "Tỷ lệ <50%", "Tỷ lệ <50", '- "Tỷ lệ <50',
     "indicator II.7.2: «Tỷ lệ <50: điểm = Điểm tối đa * tỷ lệ» can be read in more than one way (a number or a"),
    ("a cliff that nobody reads", "code: II.7.5\n", "Điểm = Tỷ lệ/5% *", "Điểm = Tỷ lệ *", '- "Tỷ lệ ≥5%',
     f"of it: {STEP}; the interpretation «cliff-literal» is expected to name district/II.7.5"),
    ("a place that is not there", "  - id: joint-lead", "district/II.5.8", "district/II.5.18", "criteria:",
     "there is no indicator «district/II.5.18»; a place like district/6.5 is expected"),
    ("words that are not there", "  - id: first-pillar-code", "wording: Nhận thức số", "wording: Thể chế số",
     "criteria: [district/II.1]", "the words «Thể chế số» do not occur in district/II.1"),
    ("a reading without an alternative", "  - id: ratio-one", "Còn một tỷ lệ thứ hai mà bản sao bỏ sót.",
     "«Tỷ lệ 1» là tỷ lệ duy nhất của chỉ số, (a+b)/(c+d).", "alternative: «Tỷ lệ 1»", "it is the reading itself"),
    ("ties that nobody reads", "  - id: ranking-ties", "id: ranking-ties", "id: ties", READINGS,
     "it is left open: how ties are ranked; the interpretation «ranking-ties» is expected"),
    ("peers that nobody reads", "  - id: peers-equal", "id: peers-equal", "id: peers", READINGS,
     "it is left open: what of equal peers"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "old", "new", "shown", "message"), [case[1:] for case in MUTATIONS], ids=[case[0] for case in MUTATIONS]
)
def test_one_thing_spoilt_is_one_fault_at_its_place(
    tmp_path: Path, after: str, old: str, new: str, shown: str, message: str
) -> None:
    text = text_of(CHU_PRONG)
    spoilt = spoil(text, after, old, new)
    path = tmp_path / "draft.yaml"
    told = set(said(CHU_PRONG))
    (fault,) = [f for f in faults_of(path, spoilt) if f.line("en").partition(": ")[2] not in told]
    line = fault.line("en")
    assert message in line
    assert fault.line("vi") != line
    at = spoilt.index(shown, 0 if shown == READINGS else text.index(after))
    assert fault.row == spoilt.count("\n", 0, at) + 1


def findings(index: Index) -> list[str]:
    return [fault.found.en for fault in lint_index(index, Positions("draft.yaml")) if fault.severity == "error"]


def test_an_index_without_errors_stays_without_them_when_only_values_are_copied() -> None:
    assert findings(load_index(CHU_PRONG)) == []


def test_the_decisions_contradiction_is_an_error_where_no_reading_tells_both_numbers() -> None:
    index = load_index(DAK_LAK)
    silent = tuple(i for i in index.interpretations if i.id != "district-count-65")
    contradiction = "the decision states 65 indicators, its tables add up to 64"
    assert contradiction in findings(attrs.evolve(index, interpretations=silent))
    other = tuple(
        attrs.evolve(i, reading="Giữ cả hai số.") if i.id == "district-count-65" else i for i in index.interpretations
    )
    assert contradiction in findings(attrs.evolve(index, interpretations=other))


def test_thousands_are_read_with_their_point() -> None:
    index = load_index(DAK_LAK)
    wrong = attrs.evolve(index.sets[Tier.COMMUNE], stated_max=1100)
    reading = attrs.evolve(
        index.interpretations[0], id="commune-max", wording="thang điểm 1.100", reading="Các bảng cộng được 1.000."
    )
    changed = attrs.evolve(
        index,
        sets={**index.sets, Tier.COMMUNE: wrong},
        interpretations=(*index.interpretations, reading),
    )
    assert findings(changed) == []


def test_a_count_that_the_decision_does_not_state_for_every_whole_pillar_is_not_compared() -> None:
    index = load_index(DAK_LAK)
    commune = index.sets[Tier.COMMUNE]
    pillars = (attrs.evolve(commune.pillars[0], stated_count=None), *commune.pillars[1:])
    unknown = attrs.evolve(commune, pillars=pillars, stated_count=1)
    assert findings(attrs.evolve(index, sets={**index.sets, Tier.COMMUNE: unknown})) == []


def test_every_rated_tier_is_ranked_in_one_group() -> None:
    index = load_index(HA_NOI)
    department, district = index.groups
    assert findings(attrs.evolve(index, groups=(department,))) == ["the tier district is in no ranking group"]
    assert findings(attrs.evolve(index, groups=(department, district, district))) == [
        "a second ranking group of tier district"
    ]
    commune = RankingGroup("xa", "Cấp xã", Tier.COMMUNE, "Điều 1")
    assert findings(attrs.evolve(index, groups=(*index.groups, commune))) == ["the tier commune has no indicators"]


def test_what_applies_to_some_units_finds_their_list() -> None:
    index = load_index(HA_NOI)
    others, economy = index.lists[:-1], index.lists[-1]
    assert findings(attrs.evolve(index, lists=others)) == ["there is no list «phu-luc-ii» of tier department"]
    of_districts = attrs.evolve(economy, tier=Tier.DISTRICT)
    assert findings(attrs.evolve(index, lists=(*others, of_districts))) == [
        "there is no list «phu-luc-ii» of tier department"
    ]
    of_communes = attrs.evolve(economy, id="xa", tier=Tier.COMMUNE)
    assert findings(attrs.evolve(index, lists=(*index.lists, of_communes))) == ["the tier commune has no indicators"]
    twice = attrs.evolve(economy, units=(*economy.units, economy.units[0]))
    assert findings(attrs.evolve(index, lists=(*others, twice))) == ["«Sở Công Thương» occurs twice"]


def test_one_indicator_too_can_apply_to_some_units_only() -> None:
    index = load_index(HA_NOI)
    department = index.sets[Tier.DEPARTMENT]
    first = department.pillars[0]
    line = attrs.evolve(first.indicators[0], applies_to="mot-so")
    pillar = attrs.evolve(first, indicators=(line, *first.indicators[1:]))
    changed = attrs.evolve(department, pillars=(pillar, *department.pillars[1:]))
    assert findings(attrs.evolve(index, sets={**index.sets, Tier.DEPARTMENT: changed})) == [
        "there is no list «mot-so» of tier department"
    ]


def test_steps_and_rounds_follow_one_another() -> None:
    index = load_index(DAK_LAK)
    *earlier, last = index.calendar
    assert findings(attrs.evolve(index, calendar=(*earlier, attrs.evolve(last, year=0)))) == [
        "the step «Công bố kết quả đánh giá cấp xã» is out of order"
    ]
    assert findings(attrs.evolve(index, rounds=index.rounds[::-1])) == ["the rounds are out of order"]


def test_the_window_is_usually_one_whole_year() -> None:
    index = load_index(BAC_NINH)
    assert index.window is not None
    backwards = attrs.evolve(index, window=attrs.evolve(index.window, from_year=1))
    assert findings(backwards) == ["it ends before it begins"]
    (shorter,) = lint_index(attrs.evolve(index, window=attrs.evolve(index.window, from_month=11)), Positions("x"))
    assert (shorter.severity, shorter.found.en) == ("warning", "from 01/11 to 30/09")


def test_an_index_is_signed_in_its_year() -> None:
    index = load_index(BAC_NINH)
    assert findings(attrs.evolve(index, instrument=attrs.evolve(index.instrument, year=2024))) == [
        "signed in 2023, dated 2024"
    ]
