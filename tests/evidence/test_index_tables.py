"""Facts of an index: rows name inputs, rounds stand one upon another, parts fit into their wholes."""

import datetime
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.asked import Asked, catalogue
from evidence.dossiers import Evidence
from evidence.facts import Amount, Document, Fact, Status
from evidence.inputs import AskedInput
from evidence.tables import read_evidence, write_evidence, write_facts
from levels.faults import Faulty
from levels.framework import Tier
from levels.index import Index
from levels.loader import load_framework, load_index
from tests.evidence.indexes import CYCLE, INDEX, UNITS, WITHOUT_ROUNDS, shorten

HEADER = "unit,criterion,numerator,denominator,value,status,document,cycle,round,note,reported"
LETTER = "45/BC-UBND"
OF_TIER = "expected an indicator of tier district"
RATIO = "1.4:a (Tổng số hồ sơ), 1.4:b (Hồ sơ một phần), 1.4:c (Hồ sơ toàn trình)"


def read(folder: Path, *rows: str, index: Index = INDEX, cycle: int | None = CYCLE) -> Evidence:
    path = folder / "evidence.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return read_evidence(path, index, UNITS, cycle)


def refuse(folder: Path, *rows: str, index: Index = INDEX, cycle: int | None = CYCLE) -> list[str]:
    with pytest.raises(Faulty) as refusal:
        read(folder, *rows, index=index, cycle=cycle)
    return [fault.line("en").removeprefix(f"{folder / 'evidence.csv'}:") for fault in refusal.value.faults]


def warnings(evidence: Evidence) -> list[str]:
    return [fault.line("en").partition("evidence.csv:")[2] for fault in evidence.warnings]


def row(criterion: str, value: str, round_: str = "", **more: str) -> str:
    cells = {"unit": "001", "criterion": criterion, "value": value, "round": round_, **more}
    return ",".join(cells.get(column, "") for column in HEADER.split(","))


# What a row names


def test_a_row_names_an_input_and_the_fact_its_canonical_code(tmp_path: Path) -> None:
    rows = [row("1.1", "7.5"), row("1.2:1", "có"), row("1.3", "2"), row("1.4:a", "10"), row("1.4:b", "3")]
    rows += [row("1.5:b", "1.25"), row("1.6:2", "no"), row("KK:1", "2", note="Sáng kiến"), row("1.8:1", "3")]
    facts = read(tmp_path, *rows).facts["001"]
    assert {code: fact.amount for code, fact in facts.items()} == {
        "1.1": Amount(75, 10), "1.2": Amount(1), "1.3": Amount(2), "1.4:a": Amount(10), "1.4:b": Amount(3),
        "1.5:b": Amount(125, 100), "1.6:2": Amount(0), "KK": Amount(2, 1), "1.8": Amount(3),
    }  # fmt: skip
    assert all(code == fact.criterion for code, fact in facts.items())


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("1.4", f"2:criterion: 1.4 has several inputs; expected one of {RATIO}"),
        ("1.4:d", f"2:criterion: 1.4 has no input “d”; expected one of {RATIO}"),
        ("1.4:", f"2:criterion: 1.4 has no input “”; expected one of {RATIO}"),
        ("1.1:2", "2:criterion: 1.1 has no input “2”; expected one of 1.1 (Chỉ số 1.1)"),
        ("1.11", "2:criterion: there is no indicator “1.11”; did you mean 1.1?"),
        ("D.1", f"2:criterion: D.1 is an indicator of tier department, but 001 is a district; {OF_TIER}"),
        ("I.1", "2:criterion: I.1 is general information, worth no points; leave this row out"),
        ("", "2:criterion: there is no indicator “”; expected one of 1.1, 1.2, 1.3, 1.4:a, 1.4:b, 1.4:c …"),
    ],
)  # fmt: skip
def test_what_names_no_input_is_refused_with_what_there_is(tmp_path: Path, code: str, fault: str) -> None:
    assert refuse(tmp_path, row(code, "1")) == [fault]


def test_a_percentage_without_a_key_is_told_the_inputs(tmp_path: Path) -> None:
    assert refuse(tmp_path, row("1.4", "70%")) == [f"2:criterion: 1.4 has several inputs; expected one of {RATIO}"]
    assert refuse(tmp_path, row("1.4:b", "70%")) == [
        f"2:value: 1.4:b of 001: “70%” is a percentage; the ratio is computed from its parts; enter {RATIO}"
    ]


def test_a_unit_of_a_tier_without_indicators_and_an_unknown_unit_are_refused(tmp_path: Path) -> None:
    assert refuse(tmp_path, row("1.1", "1", unit="00001"), row("9.9", "1", unit="009")) == [
        "2:unit: 00001 is a commune, for which there are no indicators; there are indicators for: district, department",
        "3:unit: there is no unit “009”; did you mean 002?",
        "3:criterion: there is no indicator “9.9”; expected one of 1.1, 1.2, 1.3, 1.4:a, 1.4:b, 1.4:c …",
    ]


def test_the_same_input_written_in_two_ways_is_there_twice(tmp_path: Path) -> None:
    assert refuse(tmp_path, row("1.1", "5"), row("1.1:1", "6")) == [
        "3:criterion: 1.1 of 001 is already in row 2; expected one row for each indicator in one cycle and round"
    ]
    twice = refuse(tmp_path, row("1.1", "5"), row("1.1", "6", cycle="2025"), index=WITHOUT_ROUNDS)
    assert twice == ["3:criterion: 1.1 of 001 is already in row 2; expected one row for each indicator in one cycle"]


def test_a_fact_of_an_indicator_that_is_not_for_the_unit_is_kept_with_a_warning(tmp_path: Path) -> None:
    evidence = read(tmp_path, row("2", "50"), row("2", "50", unit="002"))
    assert evidence.facts["001"]["2"].amount == Amount(50, 1)
    assert warnings(evidence) == [
        (
            "2:criterion: warning: 2 of 001: the unit is not subject to it (Phụ lục II); "
            "it earns no points; leave the row out"
        )
    ]


# Statuses


def test_a_council_may_exempt_a_unit_from_any_indicator_for_a_reason(tmp_path: Path) -> None:
    rows = [row("1.1", "", status="exempt", note="Không có"), row("1.4:a", "", status="exempt", note="Không có")]
    assert {fact.status for fact in read(tmp_path, *rows).facts["001"].values()} == {Status.EXEMPT}
    reason = "expected the appraising council's reason"
    assert refuse(tmp_path, row("1.1", "", status="exempt")) == [
        f"2:note: 1.1 of 001: exempt without a reason; {reason}"
    ]
    assert refuse(tmp_path, row("1.1", "", status="exempt", note="x", reported="3")) == [
        (
            "2:reported: 1.1 of 001: a reported value 3 but the status is exempt; "
            "column reported goes only with status adjusted"
        )
    ]


def test_an_adjustment_keeps_what_was_reported_and_a_rejection_asks_for_its_reason(tmp_path: Path) -> None:
    adjusted = row("1.1", "5", status="adjusted", reported="7.5", document=LETTER)
    chosen = row("1.3", "Công chức", status="adjusted", reported="Chủ tịch UBND", document=LETTER)
    evidence = read(tmp_path, adjusted, chosen, row("1.2", "có", status="rejected"))
    facts = evidence.facts["001"]
    assert (facts["1.1"].amount, facts["1.1"].reported) == (Amount(5, 1), Amount(75, 10))
    assert (facts["1.3"].amount, facts["1.3"].reported) == (Amount(3), Amount(1))
    assert warnings(evidence) == [
        "4:note: warning: 1.2 of 001: rejected without a reason; expected the appraising council's reason"
    ]
    assert refuse(tmp_path, row("1.1", "5", status="adjusted", reported="16"))[0].startswith("2:reported: 1.1 of 001")


def test_a_status_and_its_value_go_together(tmp_path: Path) -> None:
    assert refuse(tmp_path, row("1.4:a", ""), row("1.1", "1.25", status="unknown")) == [
        (
            "2:value: 1.4:a of 001: status self_reported but there is no value; "
            "expected a value; where nothing is known, write status unknown"
        ),
        "3:status: 1.1 of 001: status unknown but the value is 1.25; remove the value, or write another status",
    ]


def test_a_bonus_is_given_for_a_reason_and_exempts_nobody(tmp_path: Path) -> None:
    assert refuse(tmp_path, row("KK", "2"), row("KK", "", status="exempt", note="x", unit="S1")) == [
        "2:note: KK of 001: a bonus without a reason; expected the reason in column note",
        "3:status: KK of S1: there is nothing to exempt from in a bonus; leave this row out",
    ]
    assert read(tmp_path, row("KK", "", status="unknown")).facts["001"]["KK"].amount is None


# Parts and wholes


def test_the_parts_of_a_ratio_cannot_exceed_its_whole(tmp_path: Path) -> None:
    rows = [row("1.4:b", "6"), row("1.4:a", "10"), row("1.4:c", "5")]
    assert refuse(tmp_path, *rows) == [
        (
            "4:value: 1.4:c of 001: 1.4:b + 1.4:c = 11 (row 2, 4) is more than 1.4:a = 10 (row 3); "
            "a part cannot exceed its whole"
        )
    ]
    assert refuse(tmp_path, rows[0], row("1.4:a", "5")) == [
        "3:value: 1.4:a of 001: 1.4:b = 6 (row 2) is more than 1.4:a = 5 (row 3); a part cannot exceed its whole"
    ]
    assert read(tmp_path, rows[0], row("1.4:c", "5")).facts["001"].keys() == {"1.4:b", "1.4:c"}
    assert read(tmp_path, *rows[:2], row("1.4:c", "4"))
    assert read(tmp_path, *rows[:2], row("1.4:c", "5", status="rejected", note="Sai"))
    assert read(tmp_path, *rows[:2], row("1.4:c", "5", unit="002"), row("1.4:c", "5", cycle="2024"))


def test_decimals_are_compared_exactly_and_wherever_the_ratio_stands_in_a_formula(tmp_path: Path) -> None:
    assert refuse(tmp_path, row("1.5:a", "10.01"), row("1.5:b", "10")) == [
        "3:value: 1.5:b of 001: 1.5:a = 10.01 (row 2) is more than 1.5:b = 10 (row 3); a part cannot exceed its whole"
    ]
    assert read(tmp_path, row("1.5:a", "10.00"), row("1.5:b", "10"))
    for inside in ("1.7", "1.9"):  # a gate, and «none detected»
        part, total = ("b", "a") if inside == "1.7" else ("a", "b")
        (fault,) = refuse(tmp_path, row(f"{inside}:{part}", "2"), row(f"{inside}:{total}", "1"))
        assert fault.startswith(f"3:value: {inside}:{total} of 001")


def test_parts_and_wholes_are_compared_as_each_round_leaves_them_and_told_once(tmp_path: Path) -> None:
    base = [row("1.4:a", "10"), row("1.4:b", "6", "self")]
    assert refuse(tmp_path, *base, row("1.4:b", "12", "round1"), row("1.1", "5", "round2")) == [
        "4:value: 1.4:b of 001: 1.4:b = 12 (row 4) is more than 1.4:a = 10 (row 2); a part cannot exceed its whole"
    ]
    assert read(tmp_path, *base, row("1.4:b", "12", "round1"), row("1.4:a", "20", "round1"))
    assert refuse(tmp_path, row("1.4:a", "1", cycle="2024"), row("1.4:b", "2", cycle="2024"), row("1.1", "5"))


# Rounds


def test_a_later_round_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    evidence = read(
        tmp_path,
        row("1.1", "9", "round2"),
        row("1.1", "8", "self"),
        row("1.1", "5", "Round1"),
        row("1.2", "có", "self"),
        row("1.3", "1"),
        row("1.3", "2", "round1", unit="002"),
    )

    def known(round_: str) -> dict[str, str]:
        return {code: str(fact.amount) for code, fact in sorted(evidence.rounds[round_]["001"].items())}

    assert list(evidence.rounds) == ["self", "round1", "round2"]
    assert known("self") == {"1.1": "8/1", "1.2": "1", "1.3": "1"}
    assert known("round1") == {"1.1": "5/1", "1.2": "1", "1.3": "1"}
    assert known("round2") == {"1.1": "9/1", "1.2": "1", "1.3": "1"}
    assert evidence.facts == evidence.rounds["round2"]
    assert evidence.facts["002"]["1.3"].round == "round1"
    assert evidence.rounds["self"]["002"] == {}
    assert sorted(evidence.stated[CYCLE]["001"]) == ["1.1@round1", "1.1@round2", "1.1@self", "1.2@self", "1.3"]


def test_without_rounds_in_the_rows_there_are_none(tmp_path: Path) -> None:
    evidence = read(tmp_path, row("1.1", "9"))
    assert evidence.rounds == {}
    assert evidence.stated == {CYCLE: {"001": evidence.facts["001"]}}


def test_the_base_of_another_year_is_not_that_of_this_one(tmp_path: Path) -> None:
    evidence = read(tmp_path, row("1.1", "3", cycle="2024"), row("1.1", "4", "round1", cycle="2024"), row("1.1", "9"))
    assert evidence.facts["001"]["1.1"].amount == Amount(9, 1)
    assert evidence.history[2024]["001"]["1.1"].amount == Amount(4, 1)
    assert evidence.rounds == {}
    assert sorted(evidence.stated[2024]["001"]) == ["1.1", "1.1@round1"]


def test_rows_with_and_without_a_cycle_are_of_one_round(tmp_path: Path) -> None:
    rows = [row("1.1", "3", "self", cycle="2025"), row("1.2", "có", "self")]
    assert read(tmp_path, *rows).rounds["self"]["001"].keys() == {"1.1", "1.2"}
    assert refuse(tmp_path, *rows, row("1.1", "4", "self"))[0].startswith("4:criterion: 1.1 of 001 is already in row 2")


def test_a_round_that_is_none_of_the_rulebook_is_refused(tmp_path: Path) -> None:
    assert refuse(tmp_path, row("1.1", "3", "round3"), row("1.1", "3", "x")) == [
        "2:round: there is no round “round3”; did you mean round2?",
        "3:round: there is no round “x”; expected one of self, round1, explanation, round2",
    ]
    none = "this rulebook has no rounds of scoring; leave this cell empty"
    assert refuse(tmp_path, row("1.1", "3", "self"), index=WITHOUT_ROUNDS) == [f"2:round: {none}"]


def test_a_recognition_framework_has_no_rounds(tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    path.write_text(f"{HEADER}\n{row('II.2', '70%', 'self')}\n", encoding="utf-8")
    with pytest.raises(Faulty) as refusal:
        read_evidence(path, load_framework("kon-tum-121-2025"), UNITS, CYCLE)
    assert "round: this rulebook has no rounds of scoring" in str(refusal.value)


# Files


def test_json_lines_hold_the_same_values(tmp_path: Path) -> None:
    path = tmp_path / "evidence.jsonl"
    lines = [
        '{"unit": "001", "criterion": "1.1", "numerator": "", "denominator": null, "value": 7.50, "status": ""}',
        '{"unit": "001", "criterion": "1.2", "numerator": "", "denominator": null, "value": true, "status": ""}',
        '{"unit": "001", "criterion": "1.3", "value": 2, "round": "self"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    facts = read_evidence(path, INDEX, UNITS, CYCLE).facts["001"]
    assert {code: fact.amount for code, fact in facts.items()} == {
        "1.1": Amount(75, 10), "1.2": Amount(1), "1.3": Amount(2)
    }  # fmt: skip


def test_every_bundled_index_can_be_asked_for_all_it_asks(tmp_path: Path) -> None:
    counts = {}
    for name in ("chu-prong-2023", "bac-ninh-1187-2023", "dak-lak-2534-2022", "ha-noi-2024"):
        index = load_index(name)
        for tier, asked in catalogue(index).asked.items():
            own = catalogue(index).codes(tier)
            assert all(asked[code].code == code for code in own)
            entry = index.sets[tier]
            assert len(own) == sum(len(i.inputs) for i in entry.indicators) + (entry.bonus is not None)
            counts[name, str(tier)] = len(own)
    assert counts["chu-prong-2023", "district"] > 74
    assert counts["ha-noi-2024", "department"] == 47  # 46 indicators and the bonus


_WORDS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="|"), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", " ".join(text.split())).strip()
)
_ASKED = [asked for code, asked in catalogue(INDEX).asked[Tier.DISTRICT].items() if code == asked.code]


def _amounts(asked: Asked) -> st.SearchStrategy[Amount]:
    assert isinstance(asked, AskedInput)
    kind = asked.input.kind
    if kind in ("amount", "score"):
        most = 10**15 - 1 if asked.most is None else asked.most
        places = st.integers(0, 6)
        decimals = st.tuples(st.integers(0, most), places)
        return decimals.map(lambda pair: shorten(pair[0], pair[1]))
    most = {"presence": 1, "choice": len(asked.input.options)}.get(kind, 10**15 - 1)
    return st.integers(int(kind == "choice"), most).map(Amount)


@st.composite
def _facts(draw: st.DrawFn) -> Iterable[Fact]:
    def build(asked: Asked, round_: str) -> Fact:
        status = draw(st.sampled_from([s for s in Status if s is not Status.EXEMPT]))
        source, note, reference = (draw(_WORDS) for _ in range(3))
        return Fact(
            unit="001",
            criterion=asked.code,
            status=status,
            amount=None if status is Status.UNKNOWN else draw(_amounts(asked)),
            reported=draw(st.none() | _amounts(asked)) if status is Status.ADJUSTED else None,
            documents=(Document(reference, draw(st.none() | st.just("0f" * 32))),) if reference else (),
            source=source,
            measured_on=draw(st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2025, 12, 31))),
            cycle=draw(st.sampled_from([None, 2025])),
            note=note or "x",
            round=round_,
        )

    # Parts and wholes drawn at random would not fit: what belongs to a ratio is left to its own tests.
    free = [asked for asked in _ASKED if asked.code[:3] not in ("1.4", "1.5", "1.7", "1.9")]
    names = st.tuples(st.sampled_from(free), st.sampled_from(["", "self", "round1", "explanation", "round2"]))
    chosen = draw(st.lists(names, unique_by=lambda pair: (pair[0].code, pair[1]), min_size=1, max_size=6))
    return [build(*pair) for pair in chosen]


@settings(max_examples=60, deadline=None)
@given(_facts())
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_written_facts_of_an_index_read_back_in_all_their_rounds(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, facts: list[Fact]
) -> None:
    path = tmp_path_factory.mktemp("trip") / f"evidence{suffix}"
    write_facts(path, facts, INDEX)
    evidence = read_evidence(path, INDEX, UNITS, CYCLE)
    assert evidence.stated[CYCLE]["001"] == {fact.row: fact for fact in facts}
    again = path.with_name(f"again{suffix}")
    write_facts(again, evidence.stated[CYCLE]["001"].values(), INDEX)
    assert read_evidence(again, INDEX, UNITS, CYCLE).rounds == evidence.rounds


def test_only_an_index_with_rounds_has_a_column_for_them(tmp_path: Path) -> None:
    facts = {"001": {"1.1": Fact("001", "1.1", Status.SELF_REPORTED, Amount(1234, 1000))}}
    for index, end in ((INDEX, "sha256,round"), (WITHOUT_ROUNDS, "sha256")):
        path = tmp_path / f"{len(end)}.csv"
        write_evidence(path, facts, index)
        header, line = path.read_text(encoding="utf-8").splitlines()
        assert header.endswith(f"reported,{end}")
        assert line.startswith("001,1.1,,,1.2340,self_reported,")
        assert read_evidence(path, index, UNITS, CYCLE).facts["001"] == facts["001"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["001", "S1", "1.1", "1.4:a", "1.4:b", "KK", "2", "1", "1,5", "yes", "exempt", "self", "2025", ""]
        )
        | st.text(max_size=5),
        min_size=11,
        max_size=11,
    )
)
def test_any_row_is_a_fact_or_named_faults(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "any.jsonl"
    path.write_text(json.dumps(dict(zip(HEADER.split(","), cells, strict=True))))
    try:
        evidence = read_evidence(path, INDEX, UNITS, CYCLE)
    except Faulty as faulty:
        lines = [fault.line("en").removeprefix(f"{path}:") for fault in faulty.faults]
    else:
        lines = ["1:"]
        stated = [fact for year in evidence.stated.values() for of in year.values() for fact in of.values()]
        write_facts(path, stated, INDEX)
        assert read_evidence(path, INDEX, UNITS, CYCLE).stated == evidence.stated
    assert all(line.startswith("1:") for line in lines)
