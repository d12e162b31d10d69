"""Impact: equal to evaluating under each text separately; what cannot be carried over is said and unknown."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from certification.hierarchy import Assessment
from certification.impact import Carrier, assess_impact, rate_impact
from certification.rating import Rating
from evidence.asked import catalogue
from evidence.dossiers import Evidence
from evidence.facts import Amount, Fact, Facts, Status
from evidence.tables import read_evidence, write_evidence
from evidence.units import Unit, Units
from levels.diff import successors
from levels.framework import Framework, Tier
from levels.index import Index
from levels.loader import load_framework, load_index
from reports.impact import view_impact
from reports.impact_points import view_ranked_impact
from rules.verdict import Levels, Recognition
from tests.certification.test_hierarchy import decided, province
from tests.certification.test_what_if import places, plain, rated, sample
from tests.evidence import indexes
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting
from tests.rules.indexes import index, indicator

FRAMEWORKS = Path(__file__).parents[2] / "levels" / "frameworks"


def edit(name: str, folder: Path, *edits: tuple[str, str, str]) -> str:
    """A draft: the bundled file with some words changed after a marker; its path."""
    text = (FRAMEWORKS / name / "framework.yaml").read_text("utf-8")
    for marker, old, new in edits:
        at = text.index(marker)
        assert old in text[at:]
        text = text[:at] + text[at:].replace(old, new, 1)
    path = folder / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


CELLS_I_2 = '["20%", "30%", "50%", "80%", "90%"]'
LOOSENED = ("code: I.2\n", CELLS_I_2, '["20%", "30%", "50%", "70%", "90%"]')
TIGHTENED = (
    "name: Tỷ lệ xử lý văn bản, hồ sơ",
    '["60%", "70%", "80%", "90%", "100%"]',
    '["70%", "80%", "95%", "99%", "100%"]',
)


@cache
def tightened() -> Framework:
    """A draft that asks more of I.3 of the communes."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return load_framework(edit("kon-tum-121-2025", Path(folder), LOOSENED, TIGHTENED))


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """The facts as they would be read from their file under another text."""

    def again(facts: Facts, text: Framework | Index, units: Units, cycle: int, own: Framework | Index) -> Evidence:
        write_evidence(tmp_path / "evidence.csv", facts, own if isinstance(own, Index) else None)
        return read_evidence(tmp_path / "evidence.csv", text, units, cycle)

    return again


def test_on_the_sample_it_is_evaluating_under_each_text_separately(read: Any) -> None:
    assessment, draft = sample(), tightened()
    found = assess_impact(assessment, draft)
    facts = read(assessment.facts, draft, assessment.units, assessment.cycle, kon_tum()).facts
    before, after = decided(assessment), decided(Assessment(draft, assessment.units, facts, assessment.cycle))
    assert [each.unit.code for each in found.units] == [code for code in assessment.units if code in before]
    for each in found.units:
        assert each.before == before[each.unit.code]
        assert plain(each.after) == plain(after[each.unit.code])
    assert found.dropped == ()
    assert found.synthetic
    fallen = [each for each in found.units if each.climbed < 0]
    assert fallen
    communes = [each for each in fallen if each.unit.tier is Tier.COMMUNE]
    assert all(d.criterion.code == "I.3" and d.changes for each in communes for d in each.decisive)
    districts = [each for each in fallen if each.unit.tier is Tier.DISTRICT]
    assert districts
    assert all([d.criterion.code for d in each.decisive] == ["I.1"] and each.decisive[0].members for each in districts)


def test_a_loosened_threshold_lifts_the_commune_that_it_alone_held_back(tmp_path: Path) -> None:
    draft = load_framework(edit("kon-tum-121-2025", tmp_path, LOOSENED))
    assessment = province([4, 4])
    assessment.facts["23000"]["I.2"] = fact(assessment.units["23000"], "I.2", Amount(70, 100))
    found = {each.unit.code: each for each in assess_impact(assessment, draft).units}
    assert {code: each.climbed for code, each in found.items()} == {"610": 0, "23000": 1, "23001": 0}
    [decisive] = found["23000"].decisive
    [change] = decisive.changes
    assert (decisive.criterion.code, change.kind, change.before, change.after) == ("I.2", "loosened", "80%", "70%")
    assessment.facts["23000"]["I.2"] = fact(assessment.units["23000"], "I.2", Amount(69, 100))
    assert not any(each.climbed for each in assess_impact(assessment, draft).units)  # 69 % is no 70 %


def test_both_sides_are_computed_whatever_has_been_recognised() -> None:
    recognition = Recognition("23000", Levels(1, 1, 1), "sha256:x", provisional=False)
    found = assess_impact(evolve(province([4, 4]), recognitions={"23000": recognition}), kon_tum())
    assert [each.before.levels.level for each in found.units] == [4, 4, 4]
    assert not any(each.moved for each in found.units)
    assert not found.synthetic


def test_units_of_which_one_text_says_nothing_are_left_out_and_that_is_said() -> None:
    communes = evolve(kon_tum(), sets={Tier.COMMUNE: kon_tum().sets[Tier.COMMUNE]}, digest="sha256:communes")
    found = assess_impact(province([4]), communes)
    assert [each.unit.code for each in found.units] == ["23000"]
    assert [unit.code for unit in found.left_out] == ["610"]
    page = view_impact(found, "vi")
    assert any("1 đơn vị chỉ có trong một văn bản" in said for section in page.sections for said in section.sentences)
    facts = {"001": {"1.1": Fact("001", "1.1", Status.VERIFIED, Amount(8, 1))}}
    departments = index(indicator("1.1"), tier=Tier.DEPARTMENT, groups=())
    ranked = rate_impact(rating(index(indicator("1.1")), facts), departments)
    assert (ranked.units, [unit.code for unit in ranked.left_out]) == ((), ["001", "002"])
    assert view_ranked_impact(ranked, "vi").sections[0].table is None


def carried(
    old: Framework | Index, new: Framework | Index, units: Units, facts: Facts, last: Facts | None = None
) -> Any:
    carrier = Carrier(catalogue(old), catalogue(new), successors(old, new), units)
    return carrier.carry(facts, last or {}), {(each.code, each.became): each for each in carrier.told}


def changed_criterion(code: str, **fields: Any) -> Framework:
    whole = kon_tum().sets[Tier.COMMUNE]
    criteria = tuple(evolve(each, **fields) if each.code == code else each for each in whole.criteria)
    return evolve(
        kon_tum(), sets={**kon_tum().sets, Tier.COMMUNE: evolve(whole, criteria=criteria)}, digest=str(fields)
    )


COMMUNES = Units({"615": district(), "23281": commune()})


def test_a_fact_of_another_kind_is_of_no_use_and_that_is_said() -> None:
    presence = kon_tum().sets[Tier.COMMUNE].by_code["I.4"]
    new = changed_criterion("I.2", kind="presence", requirements=presence.requirements, cells=presence.cells)
    facts, told = carried(kon_tum(), new, COMMUNES, {"23281": meeting(commune(), 4)})
    assert "I.2" not in facts["23281"]
    assert told["I.2", "I.2"].why.en == "measured otherwise: ratio → presence"
    assert told["I.2", "I.2"].units == ("23281",)
    assert "I.3" in facts["23281"]


def test_a_renumbered_criterion_takes_its_facts_along_and_a_removed_one_needs_none() -> None:
    whole = kon_tum().sets[Tier.COMMUNE]
    criteria = tuple(
        evolve(each, code="I.99") if each.code == "I.2" else each for each in whole.criteria if each.code != "I.3"
    )
    new = evolve(kon_tum(), sets={**kon_tum().sets, Tier.COMMUNE: evolve(whole, criteria=criteria)})
    facts, told = carried(kon_tum(), new, COMMUNES, {"23281": meeting(commune(), 4)})
    assert facts["23281"]["I.99"].amount == meeting(commune(), 4)["I.2"].amount
    assert facts["23281"]["I.99"].criterion == "I.99"
    assert {"I.2", "I.3"}.isdisjoint(facts["23281"])
    assert told == {}


def test_unknowns_are_not_carried_and_not_said_and_an_exemption_only_where_it_may_be() -> None:
    exempt = fact(commune(), "II.3", None, Status.EXEMPT, note="Không có")
    given = meeting(commune(), 4, II_3=exempt, I_2=fact(commune(), "I.2", None, Status.UNKNOWN))
    facts, told = carried(kon_tum(), changed_criterion("II.3", exemption=None), COMMUNES, {"23281": given})
    assert {"II.3", "I.2"}.isdisjoint(facts["23281"])
    assert list(told) == [("II.3", "II.3")]
    assert "cannot be exempted" in told["II.3", "II.3"].why.en


def test_a_count_keeps_its_total_only_where_the_new_text_asks_for_it() -> None:
    given = {"23281": {"II.4": fact(commune(), "II.4", Amount(2, 2))}}
    assert kon_tum().sets[Tier.COMMUNE].by_code["II.4"].needs_total
    facts, _ = carried(kon_tum(), kon_tum(), COMMUNES, given)
    assert facts["23281"]["II.4"].amount == Amount(2, 2)
    requirements = tuple(
        evolve(each, or_all=False) if each.kind == "count" else each
        for each in kon_tum().sets[Tier.COMMUNE].by_code["II.4"].requirements
    )
    facts, _ = carried(kon_tum(), changed_criterion("II.4", requirements=requirements), COMMUNES, given)
    assert facts["23281"]["II.4"].amount == Amount(2)


def test_where_the_new_text_lets_an_inspection_last_longer_last_year_s_counts() -> None:
    new = changed_criterion("I.2", valid_cycles=2)
    old_fact = fact(commune(), "I.2", Amount(9, 10), cycle=CYCLE - 1)
    last: Facts = {"23281": {"I.2": old_fact, "I.3": fact(commune(), "I.3", Amount(9, 10), cycle=CYCLE - 1)}}
    facts, _ = carried(kon_tum(), new, COMMUNES, {}, last)
    assert facts["23281"] == {"I.2": old_fact}
    own = {"23281": {"I.2": fact(commune(), "I.2", Amount(1, 10))}}
    facts, _ = carried(kon_tum(), new, COMMUNES, own, last)
    assert facts["23281"]["I.2"].amount == Amount(1, 10)
    rejected: Facts = {"23281": {"I.2": evolve(old_fact, status=Status.REJECTED)}}
    assert carried(kon_tum(), new, COMMUNES, {}, rejected)[0]["23281"] == {}


# Points and ranks.

UNIT = Units({"001": Unit("001", "Quận Một", Tier.DISTRICT), "002": Unit("002", "Quận Hai", Tier.DISTRICT)})


def rating(of: Index, facts: Facts) -> Rating:
    return Rating(of, UNIT, Evidence(facts, CYCLE, {}, ()))


def test_on_the_sample_of_an_index_it_is_scoring_under_each_text_separately(tmp_path: Path, read: Any) -> None:
    own = rated("chu-prong-2023")
    draft = load_index(
        edit(
            "chu-prong-2023",
            tmp_path,
            ("code: II.6.5\n", "max: 20", "max: 10"),
            ("code: II.6.6\n", "max: 20", "max: 30"),
        )
    )
    found = rate_impact(own, draft)
    after = Rating(draft, own.units, read(own.facts, draft, own.units, own.cycle, own.index))
    was, will = places(own.ranking()), places(after.ranking())
    assert len(found.units) == len(was)
    for each in found.units:
        code, place = each.place.unit.code, each.place
        assert (place.before.score.points, place.before.rank) == (was[code][0], was[code][2])
        assert (place.after.score.points, place.after.rank) == (will[code][0], will[code][2])
        assert {line.code for line, _ in each.lines} == {"II.6.5", "II.6.6"}
        percent = place.after.score.percent - place.before.score.percent
        assert sum(share for _, share in each.lines) == percent
    assert any(each.place.climbed for each in found.units)
    assert found.dropped == ()
    assert found.synthetic


def test_the_same_text_changes_nothing_in_any_index() -> None:
    for name in ("chu-prong-2023", "bac-ninh-1187-2023", "dak-lak-2534-2022", "ha-noi-2024"):
        found = rate_impact(rated(name), rated(name).index)
        assert not any(each.moved for each in found.units)
        assert (found.changes, found.dropped) == ((), ())


def test_a_score_above_the_new_maximum_is_not_cut_but_of_no_use() -> None:
    facts = {"001": {"1.1": Fact("001", "1.1", Status.VERIFIED, Amount(8, 1))}}
    found = rate_impact(rating(index(indicator("1.1")), facts), index(indicator("1.1", 5)))
    [dropped] = found.dropped
    assert (dropped.code, dropped.units, dropped.why.en) == ("1.1", ("001",), "more than the new maximum (5)")
    assert found.units[0].place.after.score.points == 0
    kept = rate_impact(rating(index(indicator("1.1")), facts), index(indicator("1.1", 8)))
    assert (kept.dropped, kept.units[0].place.after.score.points) == ((), 8)


def test_inputs_are_followed_by_their_indicator_and_key_and_must_mean_the_same() -> None:
    old = indexes.WITHOUT_ROUNDS
    pillar = old.sets[Tier.DISTRICT].pillars[0]

    def changed(**by_code: Any) -> Index:
        lines = tuple(by_code.get(each.code.replace(".", "_"), each) for each in pillar.indicators)
        first = evolve(pillar, indicators=tuple(line for line in lines if line is not None))
        whole = evolve(old.sets[Tier.DISTRICT], pillars=(first, *old.sets[Tier.DISTRICT].pillars[1:]))
        return evolve(old, sets={**old.sets, Tier.DISTRICT: whole})

    facts = {
        "001": {
            "1.3": Fact("001", "1.3", Status.VERIFIED, Amount(2)),
            "1.4:a": Fact("001", "1.4:a", Status.VERIFIED, Amount(9)),
            "1.5:a": Fact("001", "1.5:a", Status.VERIFIED, Amount(1, 1)),
            "KK": Fact("001", "KK", Status.VERIFIED, Amount(3, 1), note="vì"),
        }
    }
    codes = {each.code: each for each in pillar.indicators}
    swapped = evolve(codes["1.3"].inputs[0], options=tuple(reversed(codes["1.3"].inputs[0].options)))
    million = tuple(evolve(each, unit="triệu đồng") for each in codes["1.5"].inputs)
    new = changed(
        **{
            "1_3": evolve(codes["1.3"], inputs=(swapped,)),
            "1_4": evolve(codes["1.4"], inputs=codes["1.4"].inputs[1:]),
            "1_5": evolve(codes["1.5"], inputs=million),
        }
    )
    carried_, told = carried(old, new, indexes.UNITS, facts)
    assert set(carried_["001"]) == {"KK"}
    assert {key: each.why.en for key, each in told.items()} == {
        ("1.3", "1.3"): "the options are not the same",
        ("1.4:a", "1.4"): "the new text does not ask for it any more",
        ("1.5:a", "1.5"): "another unit of measure: tỷ đồng → triệu đồng",
    }
    whole = evolve(old.sets[Tier.DISTRICT], bonus=None)
    without = evolve(old, sets={**old.sets, Tier.DISTRICT: whole})
    carried_, told = carried(old, without, indexes.UNITS, facts)
    assert set(carried_["001"]) == {"1.3", "1.4:a", "1.5:a"}
    assert told == {}
    gone, _ = carried(old, changed(**{"1_3": None}), indexes.UNITS, facts)
    assert set(gone["001"]) == {"1.4:a", "1.5:a", "KK"}
