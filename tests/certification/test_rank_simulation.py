"""Rank simulation: every draw has the points and ranks of its facts; the same wherever it runs; faults by their row."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from certification.cluster.executor import executor
from certification.rating import Rating
from certification.simulation import ranks
from certification.simulation.rank_prospects import RankProspect
from certification.simulation.ranks import rank_pieces, simulate_ranks
from evidence.assumptions import Assumption, Assumptions, Model
from evidence.dossiers import Evidence
from evidence.facts import Amount, Document, Fact, Status
from evidence.samples import sample_paths
from evidence.tables import read_evidence, read_units
from evidence.uncertainty import read_uncertainty
from levels.faults import Faulty
from levels.index import (
    Bonus,
    Choice,
    Gate,
    Index,
    Input,
    NoneDetected,
    Option,
    Part,
    Peers,
    Quantity,
    Scale,
    Segment,
    Sum,
)
from levels.loader import load_index
from rules.draws import draw
from rules.outlook import RankOutlook, RankSimulation
from rules.rank_trials import Field, count_ranks
from rules.ranking import rank
from rules.scoring import score_all
from tests.rules.indexes import CYCLE, index, indicator, score_fact, units

HEADER = "tier,unit,criterion,status,model,p,low,high,size\n"
BUNDLED = ("bac-ninh-1187-2023", "chu-prong-2023", "dak-lak-2534-2022", "ha-noi-2024")
UNSETTLED = """,,,self_reported,audit,0.4,0.5,1,
,,,verified,audit,0.05,0.5,1,
,,,rejected,peers,,,,
"""
HALF = Fraction(1, 2)


def sample(name: str) -> Rating:
    rulebook, paths = load_index(name), sample_paths(name)
    known = read_units(paths.units)
    return Rating(rulebook, known, read_evidence(paths.evidence, rulebook, known, None))


def assumed(folder: Path, rating: Rating, rows: str) -> Assumptions:
    path = folder / "u.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return read_uncertainty(path, rating.index, rating.units)


def by_code(found: RankSimulation) -> dict[str, RankOutlook]:
    return {outlook.unit.code: outlook for group in found.groups for outlook in group.units}


def drawn_facts(rating: Rating, field: Field, seed: int, number: int) -> dict[str, Mapping[str, Fact]]:
    """The facts as a council would have found them in one draw."""
    facts = {code: dict(rating.facts.get(code, {})) for code in rating.units}
    for line in (line for joint in field.joints for line in joint):
        unit = field.units[line.place]
        for each in line.drawn:
            drawn = int(draw(each.law, seed, each.name, range(number, number + 1))[0])
            for place, value in zip(each.places, each.values(drawn), strict=True):
                bonus = rating.index.sets[rating.units[unit].tier].bonus
                assert line.indicator is not None or bonus is not None
                if line.indicator is None:
                    code, kind = bonus.code if bonus else "", "score"
                else:
                    asked = line.indicator.inputs[place]
                    code, kind = line.indicator.fact_code(asked.key), asked.kind
                known = facts[unit].pop(code, None)
                if value is None:
                    continue
                exact = Fraction(value)
                amount = Amount(exact.numerator, exact.denominator if kind in ("score", "amount") else None)
                documents = known.documents if known and known.amount else (Document("x"),)
                facts[unit][code] = Fact(unit, code, Status.VERIFIED, amount, documents=documents)
    return facts


def check_draws(rating: Rating, assumptions: Assumptions, numbers: range, seed: int = 5) -> int:
    """Compare every draw with the points and ranks of its facts; how many differ from the recorded ones."""
    moved = 0
    for field in RankProspect(rating, assumptions).fields():
        for number in numbers:
            tally = count_ranks((field, seed), range(number, number + 1))
            scores = score_all(
                rating.index, rating.units, drawn_facts(rating, field, seed, number), rating.cycle, explain=False
            )
            assert list(tally.points) == [scores[code].points for code in field.units]
            ranking = rank(rating.index, rating.units, scores, rating.cycle)
            for members, counts in zip(field.groups, tally.ranks, strict=True):
                found = {
                    field.units[place]: row.tolist().index(1) + 1 for place, row in zip(members, counts, strict=True)
                }
                assert found == {code: ranking.place_of[code].rank for code in found}
            moved += any(scores[code].points != rating.scores()[code].points for code in field.units)
    return moved


@pytest.mark.parametrize("name", BUNDLED)
def test_every_draw_has_the_points_and_ranks_of_its_facts(name: str, tmp_path: Path) -> None:
    rating = sample(name)
    assert check_draws(rating, assumed(tmp_path, rating, UNSETTLED), range(2)) >= 1


@pytest.mark.parametrize("name", BUNDLED)
def test_where_all_is_certain_points_and_ranks_are_the_recorded_ones(name: str) -> None:
    rating = sample(name)
    codes = [unit.code for unit in rating.rated]
    found = by_code(simulate_ranks(rating, Assumptions("", (Assumption(Model.CERTAIN, row=2),)), codes, 3, 1))
    for code, outlook in found.items():
        assert outlook.expected == outlook.points == rating.scores()[code].points
        assert outlook.counts[outlook.rank - 1] == 3


# Every kind of scoring


def rating_of(rulebook: Index, *facts: Fact, codes: tuple[str, ...] = ("1", "2", "3")) -> Rating:
    dossiers: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        dossiers.setdefault(fact.unit, {})[fact.criterion] = fact
    return Rating(rulebook, units(*codes), Evidence(dossiers, CYCLE, {}, ()))


def value(unit: str, code: str, number: int, status: Status = Status.VERIFIED, **more: object) -> Fact:
    return Fact(unit, code, status, Amount(number), **more)  # type: ignore[arg-type]


QUOTIENT = Quantity(("a",), ("b",), part=True, text="a/b")
RATIO = Scale(QUOTIENT, (Segment("Tỷ lệ*Điểm tối đa", slope=Fraction(1)),))
COUNTS = (Input("a", "count", "A"), Input("b", "count", "B"))
OPTIONS = Choice(
    (
        Option("Chủ tịch", "Chủ tịch", Fraction(1)),
        Option("Phó Chủ tịch", "Phó Chủ tịch", HALF),
        Option("Khác", "Khác", Fraction(0)),
    )
)
YES = Choice((Option("Đã có: Điểm tối đa", "Đã có", Fraction(1)), Option("Chưa có: 0 điểm", "Chưa có", Fraction(0))))
PEERS = Peers("min_max", QUOTIENT, "so với cao nhất")


def test_a_measure_against_the_peers_is_taken_in_every_draw_anew(tmp_path: Path) -> None:
    rulebook = index(indicator("1.1", 10, PEERS, COUNTS), indicator("1.2", 10))
    facts = [value(unit, f"1.1:{key}", number) for unit, key, number in (
        ("1", "a", 5), ("1", "b", 10), ("2", "a", 9), ("2", "b", 10), ("3", "a", 1), ("3", "b", 10))]  # fmt: skip
    rating = rating_of(rulebook, *facts)
    assumptions = assumed(tmp_path, rating, ",2,1.1:a,,range,,0,10,\n,1,1.2,,chance,0.5,,,\n")
    assert check_draws(rating, assumptions, range(25)) > 20
    # The others' points move although they themselves are certain.
    found = by_code(simulate_ranks(rating, assumptions, ["3"], 200, 5))
    assert found["3"].expected != found["3"].points


def test_choices_presences_sums_and_gates_are_drawn(tmp_path: Path) -> None:
    gate = Gate("g", "Có chuyên mục", RATIO)
    both = Sum((Part("1/2", HALF, evolve(YES, key="x")), Part("1/2", HALF, evolve(OPTIONS, key="y"))))
    none = NoneDetected("n", "Không phát hiện", Scale(Quantity(("a",), ("b",)), RATIO.segments))
    rulebook = index(
        indicator("1.1", 10, OPTIONS, (Input("1", "choice", "Ai", ("Chủ tịch", "Phó Chủ tịch", "Khác")),)),
        indicator("1.2", 10, gate, (Input("g", "presence", "G"), *COUNTS)),
        indicator("1.3", 10, both, (Input("x", "presence", "X"), Input("y", "choice", "Y", ("1", "2", "3")))),
        indicator("1.4", 10, none, (Input("n", "presence", "N"), *COUNTS)),
        indicator("1.5", 10),
    )
    reported = Status.SELF_REPORTED
    rating = rating_of(
        rulebook,
        value("1", "1.1", 1, reported), value("2", "1.1", 3, reported),
        value("1", "1.2:g", 1, reported), value("1", "1.2:a", 7, reported), value("1", "1.2:b", 10, reported),
        value("2", "1.2:g", 0, reported),
        value("1", "1.3:x", 1, reported), value("1", "1.3:y", 2, reported), value("2", "1.3:x", 1, reported),
        value("1", "1.4:n", 1, reported, documents=(Document("x"),)), value("2", "1.4:n", 1, reported),
        value("3", "1.4:a", 3, reported), value("3", "1.4:b", 4, reported),
        score_fact("1", "1.5", 7, reported),
    )  # fmt: skip
    rows = ",,,self_reported,audit,0.5,0.1,0.9,\n,,,unknown,chance,0.5,,,\n"
    assert check_draws(rating, assumed(tmp_path, rating, rows), range(40)) == 40
    assert check_draws(rating, Assumptions(), range(20)) > 5


def test_what_comes_from_peers_comes_from_one_of_them_and_contradicts_nothing() -> None:
    rulebook = index(indicator("1.1", 100, RATIO, COUNTS))
    rating = rating_of(
        rulebook,
        value("1", "1.1:a", 5), value("1", "1.1:b", 10), value("2", "1.1:a", 1), value("2", "1.1:b", 2),
        value("4", "1.1:a", 7),
        codes=("1", "2", "3", "4"),
    )  # fmt: skip
    found = by_code(simulate_ranks(rating, Assumptions(), ["3", "4"], 100, 5))
    # Both peers are at 50 %: whoever it is, the unit is at 50 too, never at 5/2 or 1/10.
    assert found["3"].expected == 50
    # Its own 7 can be part of ten, but not of two.
    assert found["4"].expected == 70


def test_without_a_peer_what_is_missing_earns_nothing() -> None:
    rulebook = index(indicator("1.1", 100, RATIO, COUNTS))
    found = simulate_ranks(rating_of(rulebook, value("1", "1.1:a", 5)), Assumptions(), ["1"], 10, 5)
    assert by_code(found)["1"].expected == 0
    assert {used.assumption.model for used in found.used} == {Model.CERTAIN}


def test_a_whole_is_not_audited_for_that_would_win_points(tmp_path: Path) -> None:
    rulebook = index(indicator("1.1", 100, RATIO, COUNTS))
    reported = Status.SELF_REPORTED
    rating = rating_of(rulebook, value("1", "1.1:a", 5, reported), value("1", "1.1:b", 10, reported))
    found = by_code(simulate_ranks(rating, assumed(tmp_path, rating, ",,,,audit,1,0.4,0.4,\n"), ["1"], 10, 5))
    assert found["1"].expected == 20  # 2 of 10


def test_expected_points_are_those_of_the_closed_form(tmp_path: Path) -> None:
    rating = rating_of(index(indicator("1.1", 10)), score_fact("1", "1.1", 8, Status.SELF_REPORTED))
    assumptions = assumed(tmp_path, rating, ",1,1.1,,audit,0.5,0.5,0.5,\n")
    outlook = by_code(simulate_ranks(rating, assumptions, ["1"], 40_000, 5))["1"]
    assert outlook.points == 8
    assert abs(outlook.expected - 6) < Fraction(6 * 2, 200)  # six deviations of 2 / √40,000


def test_a_bonus_is_drawn_only_where_it_is_proposed_or_named(tmp_path: Path) -> None:
    rulebook = index(indicator("1.1", 10), bonus=Bonus("KK", "Điểm khuyến khích", "mục 6", 10))
    rating = rating_of(
        rulebook, score_fact("1", "KK", 4, Status.SELF_REPORTED), score_fact("2", "KK", 6), score_fact("1", "1.1", 1),
        score_fact("2", "1.1", 1), score_fact("3", "1.1", 1),
    )  # fmt: skip
    found = by_code(
        simulate_ranks(rating, assumed(tmp_path, rating, ",,,self_reported,audit,1,0.5,0.5,\n"), ["1", "3"], 10, 5)
    )
    assert found["1"].expected == 3
    assert found["3"].expected == 1  # nobody proposes one for the third
    named = assumed(tmp_path, rating, ",3,KK,,range,,2,2,\n,1,KK,,chance,1,,,\n")
    found = by_code(simulate_ranks(rating, named, ["1", "3"], 10, 5))
    assert (found["1"].expected, found["3"].expected) == (11, 3)
    assert check_draws(rating, named, range(3)) == 3


def test_units_that_can_reach_nothing_stand_behind_all_others() -> None:
    exempt = Fact("3", "1.1", Status.EXEMPT)
    rating = rating_of(index(indicator("1.1", 10)), score_fact("1", "1.1", 0), exempt)
    found = by_code(simulate_ranks(rating, Assumptions(), ["1", "2", "3"], 10, 5))
    assert found["3"].counts == (0, 0, 10)


def test_where_nobody_s_quantity_is_known_nobody_is_measured(tmp_path: Path) -> None:
    rating = rating_of(index(indicator("1.1", 10, PEERS, COUNTS)), value("1", "1.1:a", 5))
    assumptions = assumed(tmp_path, rating, ",1,1.1:a,,range,,1,5,\n,1,1.1:b,,certain,,,,\n")
    assert by_code(simulate_ranks(rating, assumptions, ["1"], 10, 5))["1"].expected == 0


# The same wherever


def test_spans_processes_and_other_units_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rating = sample("chu-prong-2023")
    codes = [unit.code for unit in rating.rated]
    first = simulate_ranks(rating, Assumptions(), codes, 300, 5)
    assert by_code(simulate_ranks(rating, Assumptions(), ["635"], 300, 5)) == {"635": by_code(first)["635"]}
    monkeypatch.setattr(ranks, "rows_of", lambda units: 70)
    done: list[int] = []
    assert simulate_ranks(rating, Assumptions(), codes, 300, 5, progress=done.append) == first
    assert sum(done) == rank_pieces(rating, 300) == 5
    with executor(2) as works:
        assert simulate_ranks(rating, Assumptions(), codes, 300, 5, executor=works) == first
    assert by_code(simulate_ranks(rating, Assumptions(), codes, 300, 6))["635"] != by_code(first)["635"]


# Faults


def test_every_fact_that_a_row_cannot_speak_of_is_told_at_once(tmp_path: Path) -> None:
    rulebook = index(
        indicator("1.1", 100, RATIO, COUNTS), indicator("1.2", 5), bonus=Bonus("KK", "Điểm khuyến khích", "mục 6")
    )
    rating = rating_of(rulebook, value("1", "1.1:a", 5), value("1", "1.1:b", 10))
    rows = ",1,1.2,,audit,0.1,0.5,1,\n,1,1.1:a,,range,,4,11,\n,1,KK,,chance,0.5,,,\n,2,1.1:b,,range,,4,5,\n"
    with pytest.raises(Faulty) as refused:
        simulate_ranks(rating, assumed(tmp_path, rating, rows), ["1"], 5, 1)
    assert [fault.line("en").removeprefix(f"{tmp_path}/") for fault in refused.value.faults] == [
        "u.csv:2:model: 1.2 of 1 has no value (unknown); use chance, peers or range",
        "u.csv:3:high: this range makes a part of 1.1 of 1 larger than its whole; narrow the range",
        "u.csv:4:model: KK has no maximum; use range",
    ]


def test_a_range_against_the_peers_is_looked_at_too(tmp_path: Path) -> None:
    rating = rating_of(index(indicator("1.1", 10, PEERS, COUNTS)), value("1", "1.1:a", 5), value("1", "1.1:b", 10))
    with pytest.raises(Faulty, match="larger than its whole"):
        simulate_ranks(rating, assumed(tmp_path, rating, ",1,1.1:a,,range,,4,11,\n"), ["1"], 5, 1)
