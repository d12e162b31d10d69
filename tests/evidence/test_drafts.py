"""Drafts: a fact entered once is offered to other rulebooks, exactly, and never taken unreviewed."""

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from evidence.drafts import MAX_DOCUMENTS, Draft, Drafts, draft_facts, write_drafts
from evidence.facts import SYNTHETIC, Amount, Document, Fact, Facts, Status
from evidence.tables import read_evidence
from evidence.units import Unit, Units
from levels.crosswalk import Answer, Crosswalk, load_crosswalk
from levels.faults import Faulty
from levels.framework import Tier
from levels.loader import load_rulebook
from tests.levels.crosswalks import BAC_NINH, CHU_PRONG, HA_NOI, KON_TUM, relation_of, with_link, with_relation

CYCLE = 2025
DISTRICT, FIRST, SECOND = "615", "23500", "23503"
UNITS = Units(
    {
        unit.code: unit
        for unit in (
            Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE),
            Unit(DISTRICT, "Huyện Đắk Hà", Tier.DISTRICT, "62"),
            Unit(FIRST, "Thị trấn Đắk Hà", Tier.COMMUNE, DISTRICT),
            Unit(SECOND, "Xã Đắk PXi", Tier.COMMUNE, DISTRICT),
        )
    }
)


def fact(unit: str, criterion: str, *amount: int, status: Status = Status.VERIFIED, **more: Any) -> Fact:
    return evolve(Fact(unit, criterion, status, Amount(*amount) if amount else None), **more)


def of(*facts: Fact) -> Facts:
    gathered: dict[str, dict[str, Fact]] = {}
    for each in facts:
        gathered.setdefault(each.unit, {})[each.criterion] = each
    return gathered


def draft(facts: Facts, target: str = CHU_PRONG, source: str = KON_TUM, crosswalk: Crosswalk | None = None) -> Drafts:
    return draft_facts(
        crosswalk or load_crosswalk(), facts, load_rulebook(source), load_rulebook(target), UNITS, CYCLE
    )  # fmt: skip


def amounts(found: Drafts) -> dict[str, str]:
    return {each.code: str(each.amount) for each in found.drafts}


def only(found: Drafts, code: str) -> Draft:
    [each] = [each for each in found.drafts if each.code == code]
    return each


# Numbers.


def test_numerator_and_denominator_become_the_inputs_they_are() -> None:
    found = draft(of(fact(DISTRICT, "III.1", 120, 300)))
    assert amounts(found) == {"II.7.2:a": "120", "II.7.2:b": "300", "II.7.1:b": "300"}
    assert found.withheld == ()


def test_a_condition_stands_in_the_draft_it_holds_for_and_in_no_other() -> None:
    found = draft(of(fact(DISTRICT, "III.1", 120, 300)))
    assert "Chỉ dùng nếu mọi nền tảng số được tính đều phục vụ sản xuất, kinh doanh." in only(found, "II.7.2:a").note.vi
    assert "Chỉ dùng nếu" not in only(found, "II.7.2:b").note.vi


def test_inputs_may_come_from_two_criteria() -> None:
    found = draft(of(fact(DISTRICT, "II.9", 7, 9), fact(DISTRICT, "II.10", 5, 9)))
    assert amounts(found) == {
        "II.5.1:a": "7", "II.5.1:b": "9", "II.5.2:a": "5", "II.5.2:b": "7", "II.5.6:b": "9", "II.5.7:b": "9",
    }  # fmt: skip


def test_a_percentage_without_its_counts_is_no_count() -> None:
    found = draft(of(fact(DISTRICT, "III.1", 6996, 10000)))
    assert found.drafts == ()
    assert {held.reason.en for held in found.withheld} == {
        "The fact is a percentage without its counts; numerator and denominator are not known."
    }


def test_the_indicator_flows_back_as_a_whole_ratio_with_its_condition() -> None:
    found = draft(of(fact(DISTRICT, "II.7.2:a", 120), fact(DISTRICT, "II.7.2:b", 300)), KON_TUM, CHU_PRONG)
    back = only(found, "III.1")
    assert back.amount == Amount(120, 300)
    assert "mọi nền tảng số" in back.note.vi
    assert back.origin.en == "chu-prong-2023 II.7.2:a = 120 (verified); chu-prong-2023 II.7.2:b = 300 (verified)"


def test_half_a_ratio_does_not_flow_back() -> None:
    assert draft(of(fact(DISTRICT, "II.7.2:b", 300)), KON_TUM, CHU_PRONG) == Drafts((), ())


def test_a_part_that_exceeds_its_whole_does_not_flow_back() -> None:
    found = draft(of(fact(DISTRICT, "II.7.2:a", 301), fact(DISTRICT, "II.7.2:b", 300)), KON_TUM, CHU_PRONG)
    assert [held.reason.en for held in found.withheld] == ["The numerator exceeds the denominator."]


def test_a_count_flows_back_alone() -> None:
    link = evolve(relation_of("district/III.1", CHU_PRONG, "II.7.1").links[0], take="count", of="II.13")
    crosswalk = with_relation("district/II.9", CHU_PRONG, "II.5.7", code="II.7.1", links=(link,))
    crosswalk = evolve(
        crosswalk, entries=tuple(evolve(e, code="II.13") if e.code == "II.9" else e for e in crosswalk.entries)
    )
    found = draft(of(fact(DISTRICT, "II.7.1:b", 3)), KON_TUM, CHU_PRONG, crosswalk)
    assert only(found, "II.13").amount == Amount(3)


# Yes and no.


def test_no_assistant_is_the_last_option_but_yes_does_not_say_which() -> None:
    assert amounts(draft(of(fact(DISTRICT, "II.5", 0)))) == {"II.6.14": "3"}
    found = draft(of(fact(DISTRICT, "II.5", 1)))
    assert found.drafts == ()
    assert [held.target for held in found.withheld] == ["II.6.14"]


@pytest.mark.parametrize(("option", "offered"), [(1, {"II.5": "1"}), (2, {"II.5": "1"}), (3, {})])
def test_an_assistant_of_either_kind_is_a_yes(option: int, offered: dict[str, str]) -> None:
    found = draft(of(fact(DISTRICT, "II.6.14", option)), KON_TUM, CHU_PRONG)
    assert amounts(found) == offered
    assert len(found.withheld) == (not offered)


def test_an_option_is_cited_in_its_words() -> None:
    found = draft(of(fact(DISTRICT, "II.6.14", 2)), KON_TUM, CHU_PRONG)
    assert "= Đã triển khai và chưa cá thể hóa theo nhu cầu của cá nhân (đã xác minh)" in only(found, "II.5").origin.vi


@pytest.mark.parametrize(("amount", "offered"), [((40, 40), {"II.4.1": "1"}), ((39, 40), {}), ((0, 0), {})])
def test_only_all_teams_together_are_a_yes(amount: tuple[int, int], offered: dict[str, str]) -> None:
    found = draft(of(fact(DISTRICT, "IV.1", *amount)))
    assert amounts(found) == offered
    assert len(found.withheld) == (not offered)


@pytest.mark.parametrize(("says", "amount"), [(1, 1), (0, 0)])
def test_full_or_none_takes_a_yes_and_a_no_both_ways(says: int, amount: int) -> None:
    answers = (Answer(True, 1, "x", "both"), Answer(False, 2, "x", "both"))
    link = evolve(relation_of("district/II.5", CHU_PRONG, "II.6.14").links[0], answers=answers)
    crosswalk = with_relation("district/II.5", CHU_PRONG, "II.6.14", code="II.4.1", links=(link,))
    assert only(draft(of(fact(DISTRICT, "II.5", says)), crosswalk=crosswalk), "II.4.1").amount == Amount(amount)
    found = draft(of(fact(DISTRICT, "II.4.1", says)), KON_TUM, CHU_PRONG, crosswalk)
    assert only(found, "II.5").amount == Amount(amount)


def test_the_recorded_reading_that_a_draft_rests_on_is_cited() -> None:
    found = draft(of(fact(DISTRICT, "IV.1", 40, 40)))
    assert "(Cách hiểu: base-community-teams.)" in only(found, "II.4.1").note.vi


# Sums over communes.


def test_communes_are_summed_and_counted() -> None:
    found = draft(of(fact(FIRST, "I.15", 1), fact(SECOND, "I.15", 0, status=Status.SELF_REPORTED)))
    assert amounts(found) == {"II.3.4:a": "1", "II.3.4:b": "2"}
    connected = only(found, "II.3.4:a")
    assert connected.unit == DISTRICT
    assert connected.origin.vi == "kon-tum-121-2025 I.15, cộng 2 xã = 1/2 (đã xác minh 1, tự đánh giá 1)"
    assert "xã trả lời «không» là xã chưa kết nối" in connected.note.vi


def test_a_base_is_summed_for_every_indicator_that_shares_it() -> None:
    found = draft(of(fact(FIRST, "III.2", 90, 120), fact(SECOND, "III.2", 30, 85)))
    assert amounts(found) == {"II.3.3:b": "205", "II.3.2:b": "205", "II.8.3:b": "205"}


def test_a_sum_with_a_gap_is_no_sum() -> None:
    found = draft(of(fact(FIRST, "I.15", 1), fact(SECOND, "I.15", status=Status.UNKNOWN)))
    assert found.drafts == ()
    assert {held.reason.en for held in found.withheld} == {"Only 1 of 2 communes have a usable fact."}


def test_where_no_commune_has_a_fact_nothing_is_said() -> None:
    assert draft({}) == Drafts((), ())


def test_where_the_council_has_rejected_all_of_them_that_is_said() -> None:
    found = draft(of(fact(FIRST, "I.15", 1, status=Status.REJECTED)))
    assert {held.reason.en for held in found.withheld} == {"The council has rejected this fact."}


def test_a_sum_of_percentages_is_no_sum() -> None:
    found = draft(of(fact(FIRST, "III.2", 50, 100), fact(SECOND, "III.2", 30, 85)))
    assert found.drafts == ()
    assert len(found.withheld) == 3


def test_a_sum_of_counts_needs_their_totals_only_where_they_are_taken() -> None:
    facts = of(fact(FIRST, "II.4", 2, 5), fact(SECOND, "II.4", 1))
    count = evolve(relation_of("commune/III.2", CHU_PRONG, "II.3.3").links[0], take="count", of="II.4")
    crosswalk = with_relation("commune/III.2", CHU_PRONG, "II.3.3", links=(count,))
    counted = only(draft(facts, crosswalk=crosswalk), "II.3.3:b")
    assert counted.amount == Amount(3)
    assert "cộng 2 xã = 3 (" in counted.origin.vi
    crosswalk = with_relation("commune/III.2", CHU_PRONG, "II.3.3", links=(evolve(count, take="denominator"),))
    assert draft(facts, crosswalk=crosswalk) == Drafts((), ())


# What may be handed on.


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": Status.REJECTED}, "The council has rejected this fact."),
        ({"status": Status.EXEMPT}, "The council has exempted the unit."),
        ({"cycle": 2024}, "The fact is of 2024, not of 2025."),
        ({"measured_on": datetime.date(2024, 11, 3)}, "The fact is of 2024, not of 2025."),
    ],
)
def test_what_was_ruled_out_or_is_of_another_year_is_held_back(changes: dict[str, Any], said: str) -> None:
    found = draft(of(fact(DISTRICT, "II.9", 7, 9, **changes)))
    assert found.drafts == ()
    assert {held.reason.en for held in found.withheld} == {said}
    assert {(held.unit, held.source) for held in found.withheld} == {(DISTRICT, "II.9"), (DISTRICT, "II.10")}


def test_the_councils_own_value_is_handed_on_where_it_has_adjusted() -> None:
    found = draft(of(fact(DISTRICT, "II.9", 6, 9, status=Status.ADJUSTED, reported=Amount(7, 9))))
    assert amounts(found)["II.5.1:a"] == "6"
    assert "điều chỉnh" in only(found, "II.5.1:a").origin.vi


def test_what_is_different_is_not_offered() -> None:
    assert draft(of(fact(DISTRICT, "II.2", 40, 90), fact(DISTRICT, "II.3", 40, 90))) == Drafts((), ())


# What informs a council.


def test_a_scorer_is_shown_the_fact_and_gets_no_value() -> None:
    shown = only(draft(of(fact(DISTRICT, "II.9", 7, 9)), HA_NOI), "5.1")
    assert shown.informs
    assert shown.amount is None
    assert "kon-tum-121-2025 II.9 = 7/9 (đã xác minh)" in shown.origin.vi


def test_a_scorer_is_shown_a_yes_in_words_and_a_sum_in_numbers() -> None:
    assert "II.17 = không" in only(draft(of(fact(DISTRICT, "II.17", 0)), BAC_NINH), "3.7").origin.vi
    assert "II.17 = yes" in only(draft(of(fact(DISTRICT, "II.17", 1)), BAC_NINH), "3.7").origin.en
    people = of(fact(FIRST, "III.6", 900, 1200), fact(SECOND, "III.6", 100, 300))
    assert "cộng 2 xã = 1000/1500" in only(draft(people, HA_NOI), "8.5").origin.vi


def test_another_period_is_said() -> None:
    shown = only(draft(of(fact(DISTRICT, "II.17", 1)), BAC_NINH), "3.7")
    assert "bac-ninh-1187-2023 lấy từ 01/10/2024 đến 30/09/2025" in shown.note.vi
    assert "Kỳ số liệu khác" not in only(draft(of(fact(DISTRICT, "II.9", 7, 9)), HA_NOI), "5.1").note.vi


def test_an_index_informs_another_with_the_inputs_that_matter() -> None:
    meetings = of(fact(DISTRICT, "II.1.2:1", 1), fact(DISTRICT, "II.1.2:2", 0))
    found = draft(meetings, HA_NOI, CHU_PRONG)
    assert only(found, "1.2").origin.en == "chu-prong-2023 II.1.2:1 = yes (verified)"
    assert only(found, "1.3").origin.en == "chu-prong-2023 II.1.2:2 = no (verified)"


def test_an_index_informs_with_money_as_an_exact_decimal() -> None:
    money = of(fact(DISTRICT, "II.6.17:a", 125, 100), fact(DISTRICT, "II.6.17:b", 90, 1))
    shown = only(draft(money, HA_NOI, CHU_PRONG), "6.10").origin
    assert (shown.vi, shown.en) == (
        "chu-prong-2023 II.6.17:a = 1,25 (đã xác minh)",
        "chu-prong-2023 II.6.17:a = 1.25 (verified)",
    )


def test_several_facts_inform_one_scorer_in_one_row() -> None:
    found = draft(of(fact(DISTRICT, "II.2.1", 1), fact(DISTRICT, "II.2.2", 0)), HA_NOI, CHU_PRONG)
    assert (
        only(found, "2.1").origin.en == "chu-prong-2023 II.2.1 = yes (verified); chu-prong-2023 II.2.2 = no (verified)"
    )


# Several sources of one input.


def test_facts_that_agree_make_one_draft() -> None:
    found = draft(
        of(fact(DISTRICT, "III.1", 120, 300), fact(FIRST, "II.1", 20, 100 + 1), fact(SECOND, "II.1", 100, 199))
    )
    agreed = only(found, "II.7.2:a")
    assert agreed.amount == Amount(120)
    assert len(agreed.sources) == 3
    assert "cộng 2 xã" in agreed.origin.vi
    assert "III.1 = 120/300" in agreed.origin.vi


def test_facts_that_disagree_stay_apart_and_say_so() -> None:
    found = draft(of(fact(DISTRICT, "III.1", 120, 300), fact(FIRST, "II.1", 20, 51), fact(SECOND, "II.1", 90, 249)))
    two = [each for each in found.drafts if each.code == "II.7.2:a"]
    assert [str(each.amount) for each in two] == ["110", "120"]
    assert "Bản nháp khác cho giá trị 120" in two[0].note.vi
    assert "Another draft says 110: choose one." in two[1].note.en


# What is written.


def write(tmp_path: Path, found: Drafts) -> Path:
    path = tmp_path / "drafts.csv"
    write_drafts(path, found.drafts)
    return path


def test_drafts_are_refused_until_somebody_has_reviewed_them(tmp_path: Path) -> None:
    path = write(tmp_path, draft(of(fact(DISTRICT, "II.9", 7, 9))))
    with pytest.raises(Faulty) as refused:
        read_evidence(path, load_rulebook(CHU_PRONG), UNITS)
    assert len(refused.value.faults) == 5
    assert refused.value.faults[0].line("en") == (
        f"{path}:2:status: this row is a draft; "
        "check it, then clear the word draft to take the fact over, or delete the row"
    )


def test_a_reviewed_draft_is_the_units_own_report_with_the_documents_carried_over(tmp_path: Path) -> None:
    proof = Document("bao-cao.pdf", "ab" * 32)
    day = datetime.date(2025, 11, 20)
    source = fact(DISTRICT, "II.9", 7, 9, documents=(proof,), measured_on=day, source="Sở TTTT")
    path = write(tmp_path, draft(of(source)))
    path.write_text(path.read_text("utf-8").replace(",draft,", ",,"), encoding="utf-8")
    taken = read_evidence(path, load_rulebook(CHU_PRONG), UNITS).facts[DISTRICT]["II.5.1:a"]
    assert (taken.status, taken.amount, taken.documents) == (Status.SELF_REPORTED, Amount(7), (proof,))
    assert (taken.measured_on, taken.cycle) == (day, 2025)
    assert taken.source == "kon-tum-121-2025 II.9 = 7/9 (đã xác minh, nguồn: Sở TTTT)"


def test_a_reviewed_ratio_reads_back_under_the_framework_of_levels(tmp_path: Path) -> None:
    found = draft(of(fact(DISTRICT, "II.7.2:a", 120), fact(DISTRICT, "II.7.2:b", 300)), KON_TUM, CHU_PRONG)
    path = write(tmp_path, found)
    path.write_text(path.read_text("utf-8").replace(",draft,", ",,"), encoding="utf-8")
    facts = read_evidence(path, load_rulebook(KON_TUM), UNITS).facts
    assert facts[DISTRICT]["III.1"].amount == Amount(120, 300)


def test_whoever_clears_a_row_that_only_informs_is_asked_for_the_score(tmp_path: Path) -> None:
    path = write(tmp_path, draft(of(fact(DISTRICT, "II.9", 7, 9)), HA_NOI))
    path.write_text(path.read_text("utf-8").replace(",draft,", ",,"), encoding="utf-8")
    with pytest.raises(Faulty) as refused:
        read_evidence(path, load_rulebook(HA_NOI), UNITS)
    assert "there is no value" in refused.value.faults[0].line("en")


def test_two_values_of_one_input_cannot_both_be_taken(tmp_path: Path) -> None:
    found = draft(of(fact(DISTRICT, "III.1", 120, 300), fact(FIRST, "II.1", 20, 51), fact(SECOND, "II.1", 90, 249)))
    path = write(tmp_path, found)
    path.write_text(path.read_text("utf-8").replace(",draft,", ",,"), encoding="utf-8")
    with pytest.raises(Faulty) as refused:
        read_evidence(path, load_rulebook(CHU_PRONG), UNITS)
    assert any("is already in row" in fault.line("en") for fault in refused.value.faults)


def test_a_draft_of_made_up_facts_says_so() -> None:
    found = draft(of(fact(DISTRICT, "II.9", 7, 9, source=SYNTHETIC)))
    assert all(each.adopt().synthetic for each in found.drafts)


def test_a_score_is_given_on_a_day_of_its_own_and_different_days_are_none() -> None:
    days = [datetime.date(2025, 11, day) for day in (20, 21)]
    facts = of(*(fact(unit, "I.15", 1, measured_on=day) for unit, day in zip((FIRST, SECOND), days, strict=True)))
    assert only(draft(facts), "II.3.4:a").measured_on is None
    assert only(draft(of(fact(DISTRICT, "II.9", 7, 9, measured_on=days[0])), HA_NOI), "5.1").measured_on is None


def test_long_sources_and_many_documents_are_cut_so_that_the_row_can_be_read_again(tmp_path: Path) -> None:
    documents = tuple(Document(f"{number}.pdf", "ab" * 32) for number in range(MAX_DOCUMENTS + 5))
    long = fact(DISTRICT, "II.9", 7, 9, documents=documents, source="x" * 9000)
    wide = fact(FIRST, "I.15", 1, documents=(Document("y" * 6000), Document("z" * 6000)))
    other = fact(SECOND, "I.15", 1)
    found = draft(of(long, wide, other))
    path = write(tmp_path, found)
    path.write_text(path.read_text("utf-8").replace(",draft,", ",,"), encoding="utf-8")
    facts = read_evidence(path, load_rulebook(CHU_PRONG), UNITS).facts[DISTRICT]
    assert len(facts["II.5.1:a"].documents) == MAX_DOCUMENTS
    assert "5 tài liệu khác" in facts["II.5.1:a"].note
    assert facts["II.5.1:a"].source.endswith("x…)")
    assert [document.reference[0] for document in facts["II.3.4:a"].documents] == ["y"]


def test_nothing_that_a_spreadsheet_would_run_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, draft(of(fact(DISTRICT, "II.9", 7, 9, documents=(Document("=cmd|calc"[:4]),)))))
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert rows[0]["document"] == "'=cmd"


def test_a_link_without_an_answer_for_what_is_said_offers_nothing() -> None:
    answers = tuple(a for a in relation_of("district/II.5", CHU_PRONG, "II.6.14").links[0].answers if a.way == "back")
    crosswalk = with_link("district/II.5", CHU_PRONG, "II.6.14", 0, answers=answers)
    assert draft(of(fact(DISTRICT, "II.5", 1)), crosswalk=crosswalk).drafts == ()
