"""An index loads whole, keeps every word, and says every fault of its file with its place."""

import datetime
import json
from fractions import Fraction
from pathlib import Path

import pytest

from levels import index_content
from levels.faults import Faulty
from levels.framework import Tier
from levels.index import Choice, CouncilScore, Gate, Index, NoneDetected, Peers, Scale, Sum
from levels.loader import (
    framework_from_content,
    framework_ids,
    load_framework,
    load_index,
    load_rulebook,
    rulebook_from_content,
)

SMALL_PATH = Path(__file__).with_name("small_index.yaml")
SMALL = SMALL_PATH.read_text("utf-8")


def faults_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "draft.yaml"
    path.write_text(text, "utf-8", newline="")
    with pytest.raises(Faulty) as caught:
        load_index(path)
    assert all(fault.line("vi") != fault.line("en") for fault in caught.value.faults)
    return [fault.line("en").removeprefix(f"{path}:") for fault in caught.value.faults]


def small() -> Index:
    return load_index(SMALL_PATH)


def test_every_way_of_scoring_is_read_from_its_words() -> None:
    kinds = [indicator.scoring.as_json()["kind"] for indicator in small().sets[Tier.DISTRICT].indicators]
    assert kinds == [
        "full_or_none", "choice", "capped_ratio", "gate", "sum", "none_detected", "per_item", "highest", "score",
    ]  # fmt: skip
    types = [type(indicator.scoring) for indicator in small().sets[Tier.DISTRICT].indicators]
    assert types == [Choice, Choice, Scale, Gate, Sum, NoneDetected, Scale, Peers, CouncilScore]


def test_the_inputs_are_lettered_as_printed_and_else_numbered() -> None:
    keys = {i.code: [entry.key for entry in i.inputs] for i in small().sets[Tier.DISTRICT].indicators}
    assert keys["1.3"] == ["a", "b", "c"]
    assert keys["1.5"] == ["1", "2"]
    assert keys["2"] == ["1"]


def test_a_choice_between_everything_and_nothing_is_answered_by_yes_or_no() -> None:
    indicators = small().sets[Tier.DISTRICT].by_code
    assert [indicators[code].inputs[0].kind for code in ("1.1", "1.2", "2")] == ["presence", "choice", "score"]
    assert indicators["1.2"].inputs[0].options == ("Chủ tịch", "Phó Chủ tịch", "Chưa có")


def test_evidence_names_an_input_by_code_and_key_unless_it_is_the_only_one() -> None:
    indicators = small().sets[Tier.DISTRICT].by_code
    assert indicators["1.3"].fact_code("b") == "1.3:b"
    assert indicators["1.1"].fact_code("1") == "1.1"
    assert list(indicators["1.3"].by_key) == ["a", "b", "c"]


def test_a_pillar_without_indicators_is_scored_whole() -> None:
    first, second = small().sets[Tier.DISTRICT].pillars
    assert (first.whole, second.whole) == (False, True)
    assert second.indicators[0].code == "2"
    assert small().sets[Tier.DISTRICT].pillar_of["1.3"] is not second


def test_an_index_is_the_index_of_its_own_content() -> None:
    index = small()
    again = rulebook_from_content(index_content.content(index), "bundle")
    assert isinstance(again, Index)
    assert (again, again.digest) == (index, index.digest)


def test_the_shown_json_names_scoring_and_inputs() -> None:
    shown = json.loads(json.dumps(index_content.index_as_json(small())))
    indicator = shown["sets"]["district"]["pillars"][0]["indicators"][2]
    assert indicator["scoring"]["kind"] == "capped_ratio"
    assert indicator["inputs"][0] == {"key": "a", "kind": "count", "label": "Tổng số hồ sơ", "options": [], "unit": ""}
    assert shown["window"]["from"] == {"day": 1, "month": 10, "year": -1}
    assert shown["sets"]["district"]["pillars"][1]["whole"] is True


def test_dates_fall_into_the_rated_year_or_the_next() -> None:
    index = small()
    assert [step.last_day(2023) for step in index.calendar] == [
        datetime.date(2023, 10, 10),
        datetime.date(2024, 4, 30),
        None,
    ]
    assert index.window is not None
    assert index.window.days(2023) == (datetime.date(2022, 10, 1), datetime.date(2023, 9, 30))


def test_citations_name_annex_indicator_and_number() -> None:
    index = small()
    assert index.clause(Tier.DISTRICT, "1.3") == "Phụ lục, chỉ số 1.3 (1/QĐ-UBND)"
    assert index.instrument.short_citation == "Quyết định số 1/QĐ-UBND"
    assert index.group_of(Tier.DISTRICT) is index.groups[0]
    assert index.group_of(Tier.COMMUNE) is None
    assert index.list_by_id["danh-sach"].rated


def test_a_copy_without_number_is_cited_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(
        SMALL.replace("number: 1/QĐ-UBND", 'number: ""').replace('  signed_on: "2023-01-02"\n', ""), "utf-8"
    )
    index = load_index(path)
    assert index.instrument.signed_on is None
    assert index.clause(Tier.DISTRICT, "1.3") == "Phụ lục, chỉ số 1.3"
    assert index.instrument.short_citation == index.instrument.citation
    other = SMALL.replace("number: 1/QĐ-UBND", "number: 2/QĐ-UBND")
    path.write_text(other, "utf-8")
    assert load_index(path).instrument.short_citation == "2/QĐ-UBND"


def test_bounds_hold_as_written() -> None:
    scoring = small().sets[Tier.DISTRICT].by_code["1.3"].scoring
    assert isinstance(scoring, Scale)
    full, below = scoring.segments
    assert (full.holds(Fraction(4, 5)), below.holds(Fraction(4, 5))) == (True, False)
    assert below.holds(Fraction(0))


def test_an_index_is_no_framework_of_levels_and_the_other_way_round() -> None:
    with pytest.raises(Faulty, match=r"small_index\.yaml:4:7: this is an index of points"):
        load_framework(SMALL_PATH)
    with pytest.raises(Faulty, match="framework of levels, it knows no points"):
        load_index("kon-tum-121-2025")
    with pytest.raises(Faulty, match="bundle:1:kind: this is an index"):
        framework_from_content(index_content.content(small()), "bundle")


def test_every_bundled_rulebook_loads_and_is_the_rulebook_of_its_content() -> None:
    for name in framework_ids():
        rulebook = load_rulebook(name)
        assert rulebook.id == name
        if isinstance(rulebook, Index):
            assert rulebook_from_content(index_content.content(rulebook), name) == rulebook


INPUTS = "inputs: [{key: a, kind: count, label: x}]"

BROKEN = [
    (
        "words nobody can read",
        'Đã có: Điểm tối đa"',
        'Đã có: khá nhiều điểm"',
        "38:47: «Đã có: khá nhiều điểm» cannot be read",
    ),
    (
        "an option without a label",
        'options: ["Đã có: Điểm',
        'options: [": Điểm',
        "38:47: «: Điểm tối đa» cannot be read",
    ),
    (
        "a fraction of nothing",
        '1/2*Điểm tối đa", "Chưa',
        '1/0*Điểm tối đa", "Chưa',
        "45:50: «Phó Chủ tịch: 1/0*Điểm tối đa» cannot be read",
    ),
    ("a part nobody can read", 'parts: ["Đáp ứng: 4/5*Điểm', 'parts: ["Đáp ứng: nhiều * Điểm', "cannot be read"),
    (
        "a line nobody can read",
        'Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa"]',
        'Tỷ lệ<80%: Tỷ lệ/0%*Điểm tối đa"]',
        "cannot be read",
    ),
    (
        "a condition nobody can read",
        'Tỷ lệ≥80%: Điểm tối đa",',
        'Khi nào tốt: Điểm tối đa",',
        "«Khi nào tốt: Điểm tối đa» cannot be read",
    ),
    ("a ratio nobody can read", "ratio: Tỷ lệ=(b+c)/a", "ratio: Tỷ lệ=(b-c)/a", "«Tỷ lệ=(b-c)/a» cannot be read"),
    ("a letter without an input", "ratio: Tỷ lệ=(b+c)/a", "ratio: Tỷ lệ=(b+d)/a", "cannot be read"),
    ("an input of no use", "ratio: Tỷ lệ=(b+c)/a", "ratio: Tỷ lệ=b/a", "the inputs c are in no formula"),
    (
        "a gate without its key",
        'key: "1"\n              text',
        'key: "3"\n              text',
        "there is no such input «3»",
    ),
    ("a gate on a number", 'key: "1"\n              text', 'key: "2"\n              text', "an input of kind presence"),
    (
        "a letter of an answer",
        "label: Hồ sơ toàn trình}",
        "label: Hồ sơ toàn trình, unit: hồ sơ, key: x}",
        "occurs twice",
    ),
    (
        "two inputs of one letter",
        "{key: b, kind: count, label: Hồ sơ một phần}",
        "{key: a, kind: count, label: Hồ sơ một phần}",
        "the code «a» occurs twice",
    ),
    (
        "inputs of a choice",
        'max: 10\n            method: "- Chủ',
        f'max: 10\n            {INPUTS}\n            method: "- Chủ',
        "this scoring takes no inputs",
    ),
    (
        "inputs of a sum",
        'max: 10\n            method: "- Đáp',
        f'max: 10\n            {INPUTS}\n            method: "- Đáp',
        "this scoring takes no inputs",
    ),
    (
        "inputs without a scoring",
        'scoring: {kind: scale, count: "1", points: ["Mỗi hoạt động hiệu quả: 1 điểm"]}',
        "",
        "this scoring takes no inputs",
    ),
    (
        "another way of scoring",
        "{kind: choice, options",
        "{kind: guess, options",
        "«guess»; expected is one of: choice, scale",
    ),
    (
        "count and ratio at once",
        "ratio: Tỷ lệ=a/b, part",
        "count: a, ratio: Tỷ lệ=a/b, part",
        "expected is exactly one of: count, ratio",
    ),
    ("a day without a month", "day: 10, month: 10}", "day: 10}", "these go together: day, month"),
    ("a day that no year has", "day: 30, month: 4,", "day: 31, month: 4,", "not every year has a 31/4"),
    ("a flag that is text", "part: true\n", "part: có\n", "«có»; true or false is expected"),
    ("a code twice", 'code: "1.2"', 'code: "1.1"', "the code «1.1» occurs twice"),
    ("a pillar twice", 'code: "2"', 'code: "1"', "the code «1» occurs twice"),
    ("a bonus with a pillar's code", "code: KK", 'code: "2"', "the code «2» occurs twice"),
    (
        "a list twice",
        "interpretations:\n",
        "interpretations:\n  - {id: points-missing, clause: a, reading: b, alternative: c}\n",
        "occurs twice",
    ),
    ("a maximum that is no number", "max: 15", "max: nhiều", "«nhiều»; a whole number is expected"),
    (
        "an indicator that is no mapping",
        '          - code: "1.7"',
        '          - 17\n          - code: "1.7"',
        "keys with values is expected",
    ),
    ("a code that is no text", 'code: "1.4"', "code: 4", "«4»; text is expected"),
    ("a pillar without a code", '      - code: "2"\n        name', "      - name", "the key «code» is missing"),
    ("a key that is no text", 'key: "1", kind: presence', "key: 1, kind: presence", "«1»; text is expected"),
    ("an id that is no text", "id: points-missing", "id: 7", "«7»; text is expected"),
]


@pytest.mark.parametrize(("old", "new", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_fault_of_an_index_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert SMALL.count(old) >= 1
    lines = faults_of(tmp_path, SMALL.replace(old, new, 1))
    assert any(message in line for line in lines), lines


def test_all_faults_of_an_index_are_told_at_once(tmp_path: Path) -> None:
    text = SMALL.replace('Đã có: Điểm tối đa"', 'Đã có: khá"').replace('code: "1.3"', 'code: "1.1"')
    lines = faults_of(tmp_path, text.replace("max: 5\n", "max: 0\n"))
    assert len(lines) == 3


def test_data_count_in_the_window_else_in_the_calendar_year(tmp_path: Path) -> None:
    assert small().days(2023) == (datetime.date(2022, 10, 1), datetime.date(2023, 9, 30))
    start, end = SMALL.index("window:\n"), SMALL.index("calendar:\n")
    path = tmp_path / "draft.yaml"
    path.write_text(SMALL[:start] + SMALL[end:], "utf-8")
    assert load_index(path).days(2023) == (datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
