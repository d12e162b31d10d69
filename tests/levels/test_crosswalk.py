"""The crosswalk: argued from the words of both sides, complete for Kon Tum, and loud where it drifts."""

import importlib.resources
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from levels.coverage import Coverage, Standing, coverage
from levels.crosswalk import (
    Answer,
    Crosswalk,
    Remark,
    links_back,
    load_crosswalk,
    load_crosswalk_with_positions,
)
from levels.crosswalk_lint import lint_crosswalk
from levels.faults import Faulty, Text
from levels.framework import Framework, Tier
from levels.index import Index
from levels.loader import load_framework, load_index, load_rulebook
from levels.source import Positions
from tests.levels.crosswalks import (
    BAC_NINH,
    CHU_PRONG,
    DAK_LAK,
    HA_NOI,
    KON_TUM,
    entry_of,
    relation_of,
    rulebooks,
    with_entry,
    with_link,
    with_relation,
)

TEXT = (importlib.resources.files("levels") / "crosswalk.yaml").read_text("utf-8")
REASON = Text("vì", "because")
SMALL = """id: small
version: "1.0"
silent: []
apart: []
unmatched: []
conditions: {}
entries:
  - {framework: kon-tum-121-2025, tier: district, code: I.1, name: A}
"""


def found(crosswalk: Crosswalk) -> list[str]:
    return [fault.line("en") for fault in lint_crosswalk(crosswalk, rulebooks(), Positions("x.yaml"))]


def covered(source: str, target: str, tier: Tier) -> Coverage:
    parts = coverage(load_crosswalk(), load_rulebook(source), load_rulebook(target))
    return next(part for part in parts if part.tier is tier)


def standing_of(source: str, target: str, tier: Tier, code: str) -> Standing:
    return next(line.standing for line in covered(source, target, tier).lines if line.code == code)


def test_the_bundled_crosswalk_agrees_with_every_rulebook_word_for_word() -> None:
    crosswalk, positions = load_crosswalk_with_positions()
    assert [fault.line("en") for fault in lint_crosswalk(crosswalk, rulebooks(), positions)] == []


def test_every_criterion_of_kon_tum_is_spoken_of() -> None:
    spoken = [entry for entry in load_crosswalk().entries if entry.framework == KON_TUM]
    assert sum(entry.tier is Tier.COMMUNE for entry in spoken) == 38
    assert sum(entry.tier is Tier.DISTRICT for entry in spoken) == 33


def test_every_line_has_a_counterpart_with_a_reason_or_a_reason_why_there_is_none() -> None:
    for target in (CHU_PRONG, BAC_NINH, HA_NOI, DAK_LAK):
        for part in coverage(load_crosswalk(), load_rulebook(KON_TUM), load_rulebook(target)):
            for line in part.lines:
                reasons = [counterpart.reason for counterpart in line.counterparts] or [line.unmatched]
                assert all(reason.vi and reason.en for reason in reasons)


def test_online_dossiers_are_not_the_same_since_chu_prong_counts_partial_services_too() -> None:
    relation = relation_of("district/II.2", CHU_PRONG, "II.6.6")
    assert relation.kind == "different"
    assert "một phần" in relation.reason.vi


def test_the_base_of_protected_systems_is_the_numerator_of_the_approved_ones() -> None:
    first, second = relation_of("district/II.10", CHU_PRONG, "II.5.2").links
    assert (first.take, first.of, first.input) == ("numerator", "II.10", "a")
    assert (second.take, second.of, second.input) == ("numerator", "II.9", "b")


def test_smartphones_are_not_comparable_over_another_base_but_people_over_15_are_a_shared_base() -> None:
    assert relation_of("commune/III.1", CHU_PRONG, "II.3.1").kind == "different"
    [link] = relation_of("commune/III.1", CHU_PRONG, "II.8.2").links
    assert (link.take, link.input, link.label) == ("denominator", "b", "Tổng dân số từ 15 tuổi trở lên")


def test_community_teams_show_that_all_communes_have_one_only_at_100_percent() -> None:
    assert standing_of(KON_TUM, CHU_PRONG, Tier.DISTRICT, "IV.1") is Standing.PARTLY
    assert [link.take for link in relation_of("district/IV.1", CHU_PRONG, "II.4.1").links] == ["complete"]


def test_a_council_that_scores_is_only_informed() -> None:
    for target in (BAC_NINH, HA_NOI):
        for tier in (Tier.COMMUNE, Tier.DISTRICT):
            part = covered(KON_TUM, target, tier)
            assert part.count(Standing.OFFERED) == part.count(Standing.PARTLY) == 0
            assert part.count(Standing.INFORMS) > 0


@pytest.mark.parametrize("source", [BAC_NINH, HA_NOI, DAK_LAK])
def test_scores_are_never_handed_on(source: str) -> None:
    for target in (KON_TUM, CHU_PRONG):
        for part in coverage(load_crosswalk(), load_rulebook(source), load_rulebook(target)):
            assert part.reason is not None
            assert part.count(Standing.NONE) == len(part.lines)


def test_nothing_goes_to_dak_lak_whose_indicators_are_left_out_and_the_reason_is_said() -> None:
    part = covered(KON_TUM, DAK_LAK, Tier.COMMUNE)
    assert part.reason is not None
    assert "Phụ lục I, II, III" in part.reason.vi
    assert part.reached == 0


def test_departments_are_set_apart() -> None:
    bundled = load_crosswalk()
    [spoken] = [
        part
        for part in coverage(evolve(bundled, silent=()), load_index(BAC_NINH), load_index(CHU_PRONG))
        if part.tier is Tier.DEPARTMENT
    ]
    assert spoken.reason == next(r.reason for r in bundled.apart if r.framework == BAC_NINH)


def test_what_can_be_inverted_flows_both_ways() -> None:
    assert standing_of(KON_TUM, CHU_PRONG, Tier.DISTRICT, "III.1") is Standing.OFFERED
    assert standing_of(CHU_PRONG, KON_TUM, Tier.DISTRICT, "II.7.2") is Standing.OFFERED


def test_of_an_assistant_yes_follows_from_options_and_the_last_option_from_no() -> None:
    assert standing_of(KON_TUM, CHU_PRONG, Tier.DISTRICT, "II.5") is Standing.PARTLY
    assert standing_of(CHU_PRONG, KON_TUM, Tier.DISTRICT, "II.6.14") is Standing.PARTLY


def test_a_sum_over_communes_and_half_a_ratio_do_not_flow_back() -> None:
    assert standing_of(CHU_PRONG, KON_TUM, Tier.DISTRICT, "II.3.4") is Standing.DIFFERENT
    assert standing_of(CHU_PRONG, KON_TUM, Tier.DISTRICT, "II.5.2") is Standing.DIFFERENT
    teams = load_framework(KON_TUM).sets[Tier.COMMUNE].by_code["I.15"]
    assert links_back(entry_of("commune/I.15"), relation_of("commune/I.15", CHU_PRONG, "II.3.4"), teams) == ()


def test_a_count_flows_back_with_its_total_where_that_is_needed() -> None:
    entry = entry_of("commune/II.4")
    criterion = load_framework(KON_TUM).sets[Tier.COMMUNE].by_code["II.4"]
    relation = relation_of("district/III.1", CHU_PRONG, "II.7.2")
    part, whole = (evolve(link, of="II.4") for link in relation.links)
    count = evolve(part, take="count")
    assert links_back(entry, evolve(relation, links=(count,)), criterion) == ()
    assert links_back(entry, evolve(relation, links=(whole, count)), criterion) == (count, whole)
    lamps = load_framework(KON_TUM).sets[Tier.DISTRICT].by_code["II.13"]
    lamp = evolve(count, of="II.13")
    assert links_back(entry_of("district/II.13"), evolve(relation, links=(lamp,)), lamps) == (lamp,)


def test_a_plain_yes_or_no_is_offered_in_full_both_ways() -> None:
    answers = (Answer(True, 1, "x", "both"), Answer(False, 2, "x", "both"))
    crosswalk = with_link("district/II.5", CHU_PRONG, "II.6.14", 0, answers=answers)
    there, back = load_rulebook(KON_TUM), load_rulebook(CHU_PRONG)
    district = next(part for part in coverage(crosswalk, there, back) if part.tier is Tier.DISTRICT)
    assert {line.code: line.standing for line in district.lines}["II.5"] is Standing.OFFERED
    [district] = coverage(crosswalk, back, there)
    assert {line.code: line.standing for line in district.lines}["II.6.14"] is Standing.OFFERED


def test_an_answer_that_only_follows_back_offers_nothing_there() -> None:
    back = tuple(a for a in relation_of("district/II.5", CHU_PRONG, "II.6.14").links[0].answers if a.way == "back")
    crosswalk = with_link("district/II.5", CHU_PRONG, "II.6.14", 0, answers=back)
    parts = coverage(crosswalk, load_rulebook(KON_TUM), load_rulebook(CHU_PRONG))
    district = next(part for part in parts if part.tier is Tier.DISTRICT)
    assert {line.code: line.standing for line in district.lines}["II.5"] is Standing.DIFFERENT


def test_the_best_counterpart_comes_first_and_conditions_are_told() -> None:
    line = next(line for line in covered(KON_TUM, CHU_PRONG, Tier.DISTRICT).lines if line.code == "II.9")
    assert line.standing is Standing.OFFERED
    assert [c.standing for c in line.counterparts] == [Standing.OFFERED, Standing.PARTLY, Standing.PARTLY]
    assert "phải bảo đảm" in line.counterparts[0].conditions[0].vi


def test_between_indexes_the_rest_has_its_own_reason() -> None:
    line = next(line for line in covered(CHU_PRONG, HA_NOI, Tier.DISTRICT).lines if line.code == "II.5.9")
    assert line.standing is Standing.NONE
    assert "không liệt kê hết" in line.unmatched.vi
    assert "does not say that the other has none" in line.unmatched.en


@pytest.mark.parametrize(
    ("target", "informs", "different", "reached"), [(BAC_NINH, 23, 1, 23), (HA_NOI, 26, 2, 26)]
)  # fmt: skip
def test_between_indexes_what_has_the_same_words_is_listed(
    target: str, informs: int, different: int, reached: int
) -> None:
    part = covered(CHU_PRONG, target, Tier.DISTRICT)
    assert (part.count(Standing.INFORMS), part.count(Standing.DIFFERENT), part.reached) == (informs, different, reached)


def test_no_indicator_of_chu_prong_misses_its_namesake() -> None:
    for target in (BAC_NINH, HA_NOI):
        theirs = {line.name.casefold(): line.code for line in load_index(target).sets[Tier.DISTRICT].indicators}
        for line in covered(CHU_PRONG, target, Tier.DISTRICT).lines:
            if line.name.casefold() in theirs:
                assert theirs[line.name.casefold()] in {counterpart.code for counterpart in line.counterparts}


# What the linter notices.


@pytest.mark.parametrize(
    ("crosswalk", "said"),
    [
        (with_entry("district/I.1", framework="no-such"), "there is no rulebook «no-such»"),
        (with_entry("district/I.1", code="I.9"), "has no district/I.9"),
        (with_entry("district/I.1", name="Khác"), "the name is not that of kon-tum-121-2025 I.1"),
        (with_entry("district/I.1", code="II.13"), "«II.13» is compared twice"),
        (with_entry("district/I.1", tier=Tier.PROVINCE), "has no province/I.1"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", name="Khác"), "the name is not that of chu-prong-2023"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", code="II.5.99"), "has no district/II.5.99"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.6", code="II.5.7"), "«II.5.7» is compared twice"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", kind="informs"), "«informs» of II.5.1"),
        (with_relation("district/II.9", HA_NOI, "5.1", kind="same"), "«same» of 5.1"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", links=()), "takes does not fit kind"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", kind="different"), "takes does not fit kind"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", inputs=("a",)), "these are no inputs"),
        (with_relation(f"{CHU_PRONG}/district/II.1.2", BAC_NINH, "1.2", inputs=("9",)), "these are no inputs"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", readings=("x",)), "no reading «x» of district/II.9"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", readings=("age-groups",)), "no reading «age-groups»"),
        (with_relation("district/II.9", CHU_PRONG, "II.5.1", summed=True), "district against district"),
        (with_relation("commune/I.15", CHU_PRONG, "II.3.4", summed=False), "commune against district"),
        (with_relation("district/II.9", HA_NOI, "5.1", index=DAK_LAK), "it contradicts what stands under"),
        (with_entry(f"{CHU_PRONG}/district/II.8.2", framework=HA_NOI), "it contradicts what stands under"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 0, input="z"), "the input «z»"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 1, input="a"), "the input «a»"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 0, label="Khác"), "the input «a» (Khác)"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 0, words="không có"), "II.9 does not say this"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 0, of="II.99"), "II.99 does not say this"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 0, take="answer"), "answer of a ratio for a count"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 0, take="yeses"), "yeses of a ratio for a count"),
        (with_link("district/II.9", CHU_PRONG, "II.5.1", 0, take="complete"), "complete of a ratio for a count"),
        (with_link("commune/I.15", CHU_PRONG, "II.3.4", 0, take="answer"), "answer of a presence for a count"),
        (with_link("district/II.5", CHU_PRONG, "II.6.14", 0, answers=()), "answer of a presence for a choice"),
    ],
)  # fmt: skip
def test_a_relation_that_does_not_fit_is_an_error(crosswalk: Crosswalk, said: str) -> None:
    assert any(said in line for line in found(crosswalk))


def test_a_count_without_a_total_has_no_denominator() -> None:
    crosswalk = with_link(
        "district/II.9", CHU_PRONG, "II.5.7", 0,
        of="II.13", take="denominator", words="hệ thống chiếu sáng thông minh nơi công cộng",
    )  # fmt: skip
    [line] = found(crosswalk)
    assert "denominator of a count for a count" in line


@pytest.mark.parametrize(
    "answers",
    [
        (Answer(False, 2, "Chưa triển khai", "there"),),
        (Answer(False, 9, "Chưa triển khai", "there"),),
        (Answer(False, 3, "Chưa triển khai", "both"), Answer(True, 3, "Chưa triển khai", "back")),
        (
            Answer(False, 3, "Chưa triển khai", "there"),
            Answer(False, 2, "Đã triển khai và chưa cá thể hóa theo nhu cầu của cá nhân", "there"),
        ),
    ],
)
def test_options_are_cited_by_number_and_words_and_answer_one_thing(answers: tuple[Answer, ...]) -> None:
    assert len(found(with_link("district/II.5", CHU_PRONG, "II.6.14", 0, answers=answers))) == 1


@pytest.mark.parametrize(("fact", "way"), [(False, "there"), (True, "both")])
def test_less_than_all_is_no_answer(fact: bool, way: str) -> None:
    text = relation_of("district/IV.1", CHU_PRONG, "II.4.1").links[0].answers[0].text
    answers = (Answer(fact, 1, text, way),)  # type: ignore[arg-type]  # the ways come from the parameters
    [line] = found(with_link("district/IV.1", CHU_PRONG, "II.4.1", 0, answers=answers))
    assert "two answers contradict each other" in line


def test_an_answer_for_an_input_that_is_not_there_is_told_with_the_input() -> None:
    lines = found(with_link("district/II.5", CHU_PRONG, "II.6.14", 0, input="9"))
    assert any("the input «9»" in line for line in lines)
    assert any("no option 3 reads so" in line for line in lines)


def test_what_is_left_out_is_noticed() -> None:
    bundled = load_crosswalk()
    without = evolve(bundled, entries=tuple(e for e in bundled.entries if e.code != "I.22"))
    assert any("nothing is said of kon-tum-121-2025 commune/I.22" in line for line in found(without))
    assert any("no reason for kon-tum-121-2025 commune" in line for line in found(evolve(bundled, unmatched=())))
    forgotten = evolve(bundled, silent=(), apart=tuple(r for r in bundled.apart if r.framework != DAK_LAK))
    assert any("nothing is said of dak-lak-2534-2022" in line for line in found(forgotten))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"silent": (Remark("no-such", (), REASON),)}, "there is no such rulebook or tier"),
        ({"silent": (Remark(CHU_PRONG, (), REASON),)}, "has facts besides scores"),
        ({"silent": (Remark(KON_TUM, (), REASON),)}, "has facts besides scores"),
        ({"apart": (Remark(DAK_LAK, (Tier.PROVINCE,), REASON),)}, "there is no such rulebook or tier"),
    ],
)
def test_remarks_on_whole_instruments_must_be_true(changes: dict[str, Any], said: str) -> None:
    assert any(said in line for line in found(evolve(load_crosswalk(), **changes)))


def test_between_indexes_no_numbers_are_handed_over() -> None:
    relation = relation_of("district/II.9", CHU_PRONG, "II.5.1")
    crosswalk = with_relation(f"{CHU_PRONG}/district/II.5.1", HA_NOI, "5.1", kind="same", links=relation.links)
    assert any("takes does not fit kind" in line for line in found(crosswalk))


def test_a_fault_of_agreement_is_placed_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.yaml"
    name = "Hệ thống chiếu sáng thông minh công cộng"
    path.write_text(TEXT.replace(name, "Đèn"), encoding="utf-8")
    [fault] = lint_crosswalk(*_in_order(load_crosswalk_with_positions(path)))
    row = TEXT[: TEXT.index(f'"{name}"')].count("\n") + 1
    assert fault.line("en").startswith(f"{path}:{row}:11: the name is not that of kon-tum-121-2025 II.13; «{name}»")


def _in_order(loaded: tuple[Crosswalk, Positions]) -> tuple[Crosswalk, list[Framework | Index], Positions]:
    return loaded[0], rulebooks(), loaded[1]


# What the loader refuses.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("[]", "keys with values is expected"),
        (SMALL.replace("version", "vers"), "the key «version» is missing"),
        (SMALL.replace("district", "village"), "expected is one of"),
        (SMALL.replace("name: A", "name: ' A'"), "stray spaces"),
        (SMALL.replace("name: A", "nom: A"), "unknown key «nom»"),
        (SMALL.replace("name: A", "name: &x A"), "a YAML anchor"),
        (SMALL.replace("tier: district", "tier: &x village"), "a YAML anchor"),
        (SMALL.replace("conditions: {}", "conditions: {c: {vi: nếu, en: if}}"), "the condition «c» is not used"),
        (SMALL.replace("conditions: {}", "conditions: {c: if}"), "keys with values is expected"),
        ("id: [", "broken YAML"),
    ],
)
def test_a_broken_file_says_where_and_what(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "crosswalk.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Faulty) as refused:
        load_crosswalk(path)
    assert any(said in fault.line("en") for fault in refused.value.faults)


def test_a_condition_must_be_stated(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.yaml"
    path.write_text(TEXT.replace("condition: svc", "condition: svd", 1), encoding="utf-8")
    with pytest.raises(Faulty) as refused:
        load_crosswalk(path)
    [fault] = refused.value.faults
    assert "there is no condition «svd»" in fault.line("en")
    assert fault.row == TEXT[: TEXT.index("condition: svc")].count("\n") + 1


def test_a_small_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert load_crosswalk(str(path)).entries[0].code == "I.1"


@pytest.mark.parametrize("name", ["no-such.yaml", "."])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(Faulty) as refused:
        load_crosswalk(tmp_path / name)
    assert "cannot be read" in refused.value.faults[0].line("en")
