"""Simulation: the closed form is the oracle; what is certain equals the evaluation; the same wherever it runs."""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from pathlib import Path

import pytest
from attrs import evolve

from certification.cli.simulation_pages import simulation_as_json
from certification.cluster.executor import InProcess, executor
from certification.hierarchy import Assessment, evaluate
from certification.simulation import levels, prospects
from certification.simulation.levels import pieces, simulate
from certification.simulation.prospects import Prospect
from evidence.assumptions import DEFAULTS, ZERO_BASE, Assumption, Assumptions, Model
from evidence.facts import Amount, Fact, Status
from evidence.samples import sample_paths
from evidence.tables import read_evidence, read_units
from evidence.uncertainty import read_uncertainty
from levels.faults import Faulty
from levels.framework import LEVELS
from reports.simulation import simulation_text
from reports.words import in_sentence
from rules.chances import Chances, certain, criterion_chances, members_chances, unit_chances
from rules.outlook import Outlook, Simulation
from rules.verdict import Levels, Recognition, Verdict
from tests.certification.test_hierarchy import province
from tests.rules.dossiers import fact, kon_tum

HALF = Fraction(1, 2)
EVERYTHING = """tier,unit,criterion,status,model,p,low,high,size
,,,self_reported,audit,0.3,0.4,1,
commune,,,verified,audit,0.02,0.8,1,
commune,,I.2,,range,,30 %,95 %,
district,,II.1,verified,survey,,,,60
commune,,I.8,verified,survey,,,,
,,,unknown,peers,,,,
,,,zero_base,chance,0.5,,,
,,,rejected,chance,0.25,,,
"""


@pytest.fixture(scope="module")
def sample() -> Assessment:
    paths = sample_paths()
    units = read_units(paths.units)
    evidence = read_evidence(paths.evidence, kon_tum(), units, None)
    return Assessment(kon_tum(), units, evidence.facts, evidence.cycle)


@pytest.fixture(scope="module")
def verdicts(sample: Assessment) -> dict[str, Verdict]:
    return {verdict.unit.code: verdict for verdict in evaluate(sample)}


def assumed(folder: Path, sample: Assessment, text: str) -> Assumptions:
    path = folder / "uncertainty.csv"
    path.write_text(text, encoding="utf-8")
    return read_uncertainty(path, sample.framework, sample.units)


def told(found: Simulation) -> dict[str, Outlook]:
    return {outlook.unit.code: outlook for outlook in found.units}


def closed_form(prospect: Prospect, verdicts: dict[str, Verdict]) -> dict[str, Chances]:
    """The exact chances of every unit: the levels of what stays as the rule base decided them."""
    found: dict[str, Chances] = {}
    for code in prospect.codes:
        cells = prospect.cells[code]
        tier = verdicts[code].unit.tier
        chances = []
        for each in verdicts[code].criteria:
            if each.criterion.kind == "members" and verdicts[code].members:
                below = [found[member.unit.code] for member in verdicts[code].members]
                chances.append(members_chances(each.criterion, below))
            elif each.code in cells:
                cell = cells[each.code]
                base = cell.base if cell.base is not None else prospect.columns[tier].rules.scales.get(each.code)
                chances.append(criterion_chances(each.criterion, cell.law, base))
            else:
                chances.append(certain(each.levels.claimed_level))
        found[code] = unit_chances(chances)
    return found


def within_six_deviations(outlook: Outlook, exact: Chances) -> bool:
    """Of a binomial count: a fixed seed then fails with a probability below 10^-8, and never by chance again."""
    for level, chance in zip(LEVELS, exact, strict=True):
        seen, draws = sum(outlook.counts[level:]), outlook.draws
        variance = chance * (1 - chance) * draws
        if abs(seen - chance * draws) > 6 * (isqrt(int(variance)) + 1) * (variance > 0):
            return False
    return True


def test_the_closed_form_is_approached(sample: Assessment, verdicts: dict[str, Verdict], tmp_path: Path) -> None:
    assumptions = assumed(tmp_path, sample, EVERYTHING)
    exact = closed_form(Prospect(sample, assumptions, sample.order), verdicts)
    found = told(simulate(sample, assumptions, sample.order, 20_000, 121))
    wrong = [code for code, outlook in found.items() if not within_six_deviations(outlook, exact[code])]
    assert wrong == []
    open_ones = [code for code, chances in exact.items() if any(0 < chance < 1 for chance in chances)]
    assert len(open_ones) > 100
    assert any(code in open_ones for code in sample.units if len(code) == 3)


def test_the_defaults_too_are_approached(sample: Assessment, verdicts: dict[str, Verdict]) -> None:
    exact = closed_form(Prospect(sample, Assumptions(), sample.order), verdicts)
    found = simulate(sample, Assumptions(), sample.order, 20_000, 1)
    assert all(within_six_deviations(outlook, exact[outlook.unit.code]) for outlook in found.units)
    assert found.synthetic
    assert {used.assumption for used in found.used} == set(DEFAULTS)


def test_where_all_is_certain_every_draw_is_what_the_units_claim(
    sample: Assessment, verdicts: dict[str, Verdict]
) -> None:
    found = simulate(sample, Assumptions("", (Assumption(Model.CERTAIN, row=2),)), sample.order, 3, 1)
    for outlook in found.units:
        assert outlook.counts[verdicts[outlook.unit.code].levels.claimed_level] == 3
        assert outlook.levels == verdicts[outlook.unit.code].levels
        assert outlook.worth == ()
    assert found.used == ()


@pytest.mark.parametrize("p", [0, 1])
def test_an_audit_that_never_or_always_corrects_is_no_chance(
    p: int, sample: Assessment, verdicts: dict[str, Verdict]
) -> None:
    nothing_left = Assumption(
        Model.AUDIT, status=Status.SELF_REPORTED, p=Fraction(p), low=Fraction(0), high=Fraction(0), row=2
    )
    unmet = [Assumption(Model.CHANCE, status=status, p=Fraction(0), row=3) for status in (Status.UNKNOWN, ZERO_BASE)]
    found = simulate(sample, Assumptions("", (nothing_left, *unmet)), sample.order, 4, 9)
    for outlook in found.units:
        levels = verdicts[outlook.unit.code].levels
        # Corrected down to nothing, what a unit claims is worth no more than what the council has accepted.
        assert outlook.counts[levels.level if p else levels.claimed_level] == 4


# The same wherever and beside whatever


def test_a_seed_gives_the_same_answer_again_and_another_one_another(sample: Assessment) -> None:
    codes = ["618", "23538"]
    first = simulate(sample, Assumptions(), codes, 2000, 5)
    assert first == simulate(sample, Assumptions(), codes, 2000, 5)
    assert told(first)["23538"].counts != told(simulate(sample, Assumptions(), codes, 2000, 6))["23538"].counts


def test_units_and_pieces_beside_it_change_nothing(sample: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(simulate(sample, Assumptions(), sample.order, 2000, 5))
    assert told(simulate(sample, Assumptions(), ["618", "23538"], 2000, 5)) == {c: whole[c] for c in ("618", "23538")}
    monkeypatch.setattr(levels, "SPAN", 300)
    monkeypatch.setattr(prospects, "UNITS", 1)
    done: list[int] = []
    again = simulate(sample, Assumptions(), sample.order, 2000, 5, progress=done.append)
    assert told(again) == whole
    assert len(done) == 10 * 7  # ten districts with their communes, seven spans
    assert pieces(sample, sample.order, 2000) == 10 * 7


def test_a_million_draws_are_cut_so_small_that_progress_is_seen(sample: Assessment) -> None:
    """A piece is at most so many draws of so many units; the bar ends where the work does."""
    batches = list(prospects.drawn_together(sample, sample.order))
    assert sorted(code for batch in batches for code in batch) == sorted(sample.order)
    assert pieces(sample, sample.order, 1_000_000) >= 1_000_000 * len(sample.order) // levels.WORK
    assert pieces(sample, ["618"], 1_000_000) >= 1_000_000 // levels.SPAN
    done: list[int] = []
    with executor(2) as works:
        simulate(sample, Assumptions(), ["618"], 70_000, 5, executor=works, progress=done.append)
    assert done == [1, 1]
    assert pieces(sample, ["618"], 70_000) == 2


def test_processes_and_threads_change_nothing(sample: Assessment) -> None:
    codes = list(sample.order)
    alone = simulate(sample, Assumptions(), codes, 500, 5)
    with executor(2) as works:
        assert simulate(sample, Assumptions(), codes, 500, 5, executor=works) == alone
    assert simulate(sample, Assumptions(), codes, 500, 5, executor=InProcess(threads=3)) == alone


def test_a_unit_s_draws_do_not_hang_on_the_order_of_the_file(sample: Assessment) -> None:
    turned = evolve(sample, units=evolve(sample.units, by_code=dict(reversed(sample.units.by_code.items()))))
    first, second = (told(simulate(each, Assumptions(), ["618"], 700, 5))["618"] for each in (sample, turned))
    assert first.counts == second.counts


# Decisions, worth, what binds


def small(*levels: Sequence[int]) -> Assessment:
    return province(*map(list, levels))


def doubt(unit: str, criterion: str, p: Fraction = HALF) -> Assumption:
    return Assumption(Model.CHANCE, unit=unit, criterion=criterion, p=p, row=2)


def test_a_final_decision_on_a_commune_stands_whatever_is_drawn() -> None:
    assessment = small([4, 4])
    unsure = Assumptions("", (doubt("23000", "I.4"), doubt("23001", "I.4")))
    recognised = {"23000": Recognition("23000", Levels(4, 4, 4), "sha256:x", provisional=False)}
    found = simulate(evolve(assessment, recognitions=recognised), unsure, ["610"], 4000, 3)
    # One commune of two at 4 is half; the other one is at 4 or, without I.4, at 2.
    [outlook] = found.units
    assert outlook.counts[4] + outlook.counts[3] == 4000
    assert {worth.unit.code for worth in outlook.worth} == {"23001"}
    open_found = simulate(assessment, unsure, ["610"], 4000, 3)
    assert open_found.units[0].counts != outlook.counts


def test_which_members_were_read_from_a_decision_and_which_drafts_were_not_is_said() -> None:
    assessment = small([4, 4])
    recognised = {
        "23000": Recognition("23000", Levels(3, 3, 3), "sha256:x", provisional=False, number="12/QĐ-UBND"),
        "23001": Recognition("23001", Levels(5, 5, 5), "sha256:y", provisional=True),
    }
    decided = evolve(assessment, recognitions=recognised)
    found = simulate(decided, Assumptions(), ["610"], 50, 3)
    names = {code: assessment.units[code].name for code in recognised}
    text = simulation_text(found, "", "vi")
    exception = "trừ nơi đã có quyết định chính thức của kỳ này thì đọc mức đã công nhận, không rút: "
    assert f"{exception}{in_sentence(names['23000'])} (23000; mức 3, Quyết định số 12/QĐ-UBND)." in text
    assert f"Quyết định tạm thời không được dùng, mức vẫn được rút: {in_sentence(names['23001'])} (23001)." in text
    assert "where a final decision of this cycle stands" in simulation_text(found, "", "en")
    answer = simulation_as_json(found, "", "vi")
    assert answer["members_recognised"] == [
        {"unit": "23000", "level": 3, "decision": "12/QĐ-UBND", "sha256": "sha256:x"}
    ]
    assert [each["unit"] for each in answer["members_provisional"]] == ["23001"]
    of_commune = simulate(decided, Assumptions(), ["23000"], 50, 3)  # nobody reads it here
    assert of_commune.stated == ()
    assert "cùng một lần rút." in simulation_text(of_commune, "", "vi")


def test_knowing_the_only_doubt_makes_every_guess_right() -> None:
    [outlook] = simulate(small([4]), Assumptions("", (doubt("23000", "I.4"),)), ["23000"], 4000, 3).units
    low, high = outlook.counts[2], outlook.counts[4]  # I.4 is asked for from level 3 on
    assert low + high == 4000
    [worth] = outlook.worth
    assert (worth.unit.code, worth.criterion.code) == ("23000", "I.4")
    assert worth.right == Fraction(min(low, high), 4000)
    assert outlook.asked == 5
    assert worth.lowest == worth.highest == 0  # whatever is found, level 5 is out of reach


def test_what_moves_only_the_chance_of_the_level_asked_is_told_too() -> None:
    unsure = Assumptions("", (doubt("23000", "I.4", Fraction(9, 10)),))
    [outlook] = simulate(small([4]), unsure, ["23000"], 4000, 3, level=4).units
    [worth] = outlook.worth
    assert outlook.asked == 4
    assert (worth.lowest, worth.highest) == (0, 1)
    assert worth.right == Fraction(outlook.counts[2], 4000)


def test_a_fact_that_is_one_of_two_doubts_is_worth_what_the_exact_chances_say() -> None:
    """Presences of probability 3/5 and 9/10: the unit is at 4 with 27/50, else at 2."""
    unsure = Assumptions("", (doubt("23000", "I.4", Fraction(3, 5)), doubt("23000", "I.12", Fraction(9, 10))))
    [outlook] = simulate(small([4]), unsure, ["23000"], 100_000, 3, level=4).units
    worth = {each.criterion.code: each for each in outlook.worth}
    near = Fraction(1, 100)
    # Knowing I.4: with it the unit is at 4 in 9 of 10 cases, without it never: right in 47/50 instead of 27/50.
    assert abs(worth["I.4"].right - Fraction(20, 50)) < near
    assert abs(worth["I.4"].highest - Fraction(9, 10)) < near
    assert worth["I.4"].lowest == 0
    # Knowing I.12: with it 3 of 5, without it never at 4: right in 32/50.
    assert abs(worth["I.12"].right - Fraction(5, 50)) < near


def test_a_fact_of_a_commune_is_worth_something_to_its_district() -> None:
    """Of two communes at 4 the district needs one at 4 and the other from 3: both doubts decide together."""
    unsure = Assumptions("", (doubt("23000", "I.4"), doubt("23001", "I.4")))
    [outlook] = simulate(small([4, 4]), unsure, ["610"], 100_000, 3, level=4).units
    near = Fraction(1, 100)
    # At 4 only with both (1/4), else at 3 with one (1/2), at 2 with none (1/4); knowing one: 3 or 4, or 2 or 3.
    assert abs(outlook.at_least(4) - Fraction(1, 4)) < near
    for worth in outlook.worth:
        assert abs(worth.highest - HALF) < near
        assert worth.lowest == 0
        assert worth.right < near
    assert {worth.unit.code for worth in outlook.worth} == {"23000", "23001"}


def test_what_can_change_nothing_is_worth_nothing_whatever_the_draws() -> None:
    """I.2 is met at 4 or 5 and never holds the unit, which is at 3 for another reason: no noise is told as worth."""
    assessment = small([3, 3])
    ranged = Assumption(Model.RANGE, unit="23000", criterion="I.2", low=Fraction(8, 10), high=Fraction(1), row=2)
    unsure = Assumptions("", (ranged, doubt("23000", "I.4"), doubt("23001", "I.4")))
    found = told(simulate(assessment, unsure, ["23000", "610"], 999, 3, level=3))
    for outlook in found.values():
        assert "I.2" not in {worth.criterion.code for worth in outlook.worth}
        assert "I.4" in {worth.criterion.code for worth in outlook.worth}


def test_the_criterion_that_binds_is_told_with_its_ties() -> None:
    [outlook] = simulate(small([4]), Assumptions("", (doubt("23000", "I.4"),)), ["23000"], 1000, 3).units
    by_code = {each.criterion.code: each.count for each in outlook.binding}
    assert by_code["I.4"] == outlook.counts[2]
    most = outlook.binding_most
    assert {each.count for each in most} == {outlook.counts[4]}
    assert len(most) > 1
    [best] = simulate(small([5]), Assumptions(), ["23000"], 10, 3).units
    assert best.binding == ()  # at the highest level nothing holds a unit back


def test_the_communes_that_hold_their_district_back_are_counted() -> None:
    """For level 4 every commune must be at 3 and half of them at 4; without I.4 a commune is at 2."""
    assessment = small([4, 4, 4])
    unsure = Assumptions("", (doubt("23000", "I.4", Fraction(9, 10)), doubt("23001", "I.4", Fraction(1, 10))))
    district, first, second = simulate(assessment, unsure, ["610", "23000", "23001"], 2000, 3, level=4).units
    assert [(each.unit.code, each.criterion.code) for each in district.below] == [("23001", "I.1"), ("23000", "I.1")]
    for below, own in zip(district.below, (second, first), strict=True):
        assert (below.every, below.at) == (3, 4)
        assert below.below_every == sum(own.counts[:3])
        assert below.below_at == sum(own.counts[:4])
    assert first.below == ()
    stated = {"23002": Recognition("23002", Levels(3, 3, 3), "sha256:x", provisional=False)}
    [district] = simulate(evolve(assessment, recognitions=stated), unsure, ["610"], 2000, 3, level=4).units
    decided = {each.unit.code: (each.below_every, each.below_at) for each in district.below}
    assert decided["23002"] == (0, 2000)  # whatever is drawn, the decision stands
    [district] = simulate(assessment, unsure, ["610"], 2000, 3, level=1).units
    assert district.below == ()  # level 1 asks only that every commune is at 1


def test_the_level_asked_is_the_registered_one_else_the_next() -> None:
    assessment = small([3])
    [outlook] = simulate(assessment, Assumptions(), ["23000"], 5, 3).units
    assert outlook.asked == 4
    by_code = dict(assessment.units.by_code)
    by_code["23000"] = evolve(by_code["23000"], registered=2)
    registered = evolve(assessment, units=evolve(assessment.units, by_code=by_code))
    assert simulate(registered, Assumptions(), ["23000"], 5, 3).units[0].asked == 2
    assert simulate(registered, Assumptions(), ["23000"], 5, 3, level=5).units[0].asked == 5


# Every model on the facts it can speak of


def with_fact(assessment: Assessment, changed: Fact) -> Assessment:
    facts = {**assessment.facts, changed.unit: {**assessment.facts.get(changed.unit, {}), changed.criterion: changed}}
    return evolve(assessment, facts=facts)


def test_without_a_peer_that_is_known_an_unknown_is_met_every_other_time() -> None:
    assessment = small([0])
    found = simulate(assessment, Assumptions(), ["23000"], 10, 3)
    [used] = found.used
    assert (used.assumption.model, used.assumption.p) == (Model.CHANCE, HALF)
    assert used.facts == len(kon_tum().sets[assessment.units["23000"].tier].criteria)


def test_a_peer_that_has_all_there_is_gives_what_it_is_worth() -> None:
    assessment = small([5, 0])
    commune = assessment.units["23000"]
    code = next(c.code for c in kon_tum().sets[commune.tier].criteria if c.needs_total)
    whole = with_fact(assessment, fact(commune, code, Amount(2, 2), Status.VERIFIED))
    found = told(simulate(whole, Assumptions(), ["23000", "23001"], 50, 3))
    assert found["23000"].counts[5] == 50
    assert found["23001"].counts[5] == 50  # the only peer is at level 5 in everything


@pytest.mark.parametrize(("low", "high", "total"), [(2, 2, 2), (0, 1, 1), (0, 0, 1)])
def test_a_range_of_a_count_may_go_up_to_its_total(low: int, high: int, total: int) -> None:
    [outlook] = ranged_count(low, high, total)
    assert sum(outlook.counts) == 50


@pytest.mark.parametrize(("low", "high", "total"), [(3, 5, 2), (0, 2, 1)])
def test_a_range_of_a_count_beyond_its_total_is_a_fault(low: int, high: int, total: int) -> None:
    with pytest.raises(Faulty) as refused:
        ranged_count(low, high, total)
    assert [fault.line("vi") for fault in refused.value.faults] == [
        f"u.csv:2:high: khoảng này làm cho II.4 của 23000 có phần lớn hơn tổng ({total}); hãy thu hẹp khoảng"
    ]


def ranged_count(low: int, high: int, total: int) -> tuple[Outlook, ...]:
    assessment = small([5])
    commune = assessment.units["23000"]
    code = next(c.code for c in kon_tum().sets[commune.tier].criteria if c.needs_total)
    assessment = with_fact(assessment, fact(commune, code, Amount(total, total), Status.VERIFIED))
    ranged = Assumption(Model.RANGE, unit="23000", criterion=code, low=Fraction(low), high=Fraction(high), row=2)
    return simulate(assessment, Assumptions("u.csv", (ranged,)), ["23000"], 50, 3).units


def test_every_fact_that_a_row_cannot_speak_of_is_told_at_once(tmp_path: Path, sample: Assessment) -> None:
    rejected = [
        (unit, its.criterion)
        for unit, facts in sample.facts.items()
        for its in facts.values()
        if its.status is Status.REJECTED
    ]
    rows = "".join(f",{unit},{code},,audit,0.5,0.5,1,\n" for unit, code in rejected if code in ("I.1", "I.2", "I.3"))
    rows = rows or f",{rejected[0][0]},{rejected[0][1]},,audit,0.5,,,\n"
    with pytest.raises(Faulty) as refused:
        simulate(sample, assumed(tmp_path, sample, EVERYTHING.split("\n")[0] + "\n" + rows), sample.order, 5, 1)
    lines = [fault.line("en").removeprefix(f"{tmp_path}/") for fault in refused.value.faults]
    assert lines[0].startswith("uncertainty.csv:2:model: ")
    assert "has no value (rejected); use chance, peers or range" in lines[0]
    assert len(lines) == rows.count("\n")


def test_a_denominator_too_large_for_a_sample_asks_for_its_size() -> None:
    assessment = small([5])
    commune = assessment.units["23000"]
    assessment = with_fact(assessment, fact(commune, "I.2", Amount(10**12, 10**12), Status.VERIFIED))
    survey = Assumption(Model.SURVEY, unit="23000", criterion="I.2", row=2)
    with pytest.raises(Faulty, match="too large for a sample; give the size"):
        simulate(assessment, Assumptions("u.csv", (survey,)), ["23000"], 5, 1)
    sized = evolve(survey, size=50)
    assert simulate(assessment, Assumptions("u.csv", (sized,)), ["23000"], 5, 1).units[0].counts[5] == 5
