"""The rule base is plain, exclusive and exhaustive; the engine never concludes half a unit."""

import threading

import pytest
from attrs import evolve

from evidence.facts import Amount
from levels.framework import Count, Framework, Presence, Tier
from rules import engine
from rules.compile import FREE, UNMET, Band, NotCompilable, RuleBase, compile_set
from rules.decide import decide, rule_base
from rules.engine import EngineFailure, FactMessage, conclude
from rules.verdict import as_triple
from tests.rules.dossiers import CYCLE, commune, fact, kon_tum, meeting


def commune_rules() -> RuleBase:
    return rule_base(kon_tum(), Tier.COMMUNE)


def messages(amount: int = 0) -> list[FactMessage]:
    whole = {c.code: False if c.needs_total else None for c in kon_tum().sets[Tier.COMMUNE].criteria}
    return [FactMessage(code, amount, (0,), whole[code]) for code in commune_rules().criteria]


def covers(band: Band, amount: int) -> bool:
    return (band.low is None or band.low <= amount) and (band.high is None or amount < band.high)


def test_every_amount_of_every_criterion_lies_in_exactly_one_band() -> None:
    edges = {b.low for b in commune_rules().bands} | {b.high for b in commune_rules().bands}
    amounts = {edge + step for edge in edges if edge is not None for step in (-1, 0, 1)} | {UNMET, FREE}
    for code in commune_rules().criteria:
        bands = [band for band in commune_rules().bands if band.criterion == code]
        for whole in {band.whole for band in bands} - {None} or {None}:
            for amount in amounts:
                fitting = [b.rule for b in bands if b.whole in (None, whole) and covers(b, amount)]
                assert len(fitting) == 1, (code, amount, fitting)


def test_a_value_out_of_the_exact_integers_is_refused() -> None:
    with pytest.raises(NotCompilable, match=r"I\.7: 4503599627370496/None"):
        commune_rules().amount("I.7", FREE, None)
    with pytest.raises(NotCompilable, match=r"I\.1: 1/0"):
        commune_rules().amount("I.1", 1, 0)


def changed(code: str, **changes: object) -> Framework:
    criteria_set = kon_tum().sets[Tier.COMMUNE]
    criteria = tuple(evolve(c, **changes) if c.code == code else c for c in criteria_set.criteria)
    new = evolve(criteria_set, criteria=criteria)
    return evolve(kon_tum(), sets={**kon_tum().sets, Tier.COMMUNE: new}, digest=f"sha256:{code}{len(changes)}")


def test_a_threshold_out_of_the_exact_integers_is_refused() -> None:
    framework = changed("I.7", requirements=(Count(FREE),) * 5)
    with pytest.raises(NotCompilable, match="too large to compare exactly"):
        compile_set(framework, framework.sets[Tier.COMMUNE])


def test_a_requirement_that_no_rule_is_known_for_stops_the_compilation() -> None:
    framework = changed("I.7", requirements=(object(),) * 5)
    with pytest.raises(NotCompilable, match="no rule is known"):
        compile_set(framework, framework.sets[Tier.COMMUNE])


def test_a_members_criterion_must_speak_of_members_at_every_level() -> None:
    framework = changed("I.7", kind="members", requirements=(Presence(),) * 5)
    with pytest.raises(NotCompilable, match="does not speak of member units"):
        compile_set(framework, framework.sets[Tier.COMMUNE])


def test_a_session_with_a_criterion_missing_does_not_conclude() -> None:
    with pytest.raises(EngineFailure, match="concluded"):
        conclude(commune_rules(), messages()[:-1], 1)


def test_a_session_with_a_criterion_twice_does_not_conclude() -> None:
    with pytest.raises(EngineFailure, match="stands twice"):
        conclude(commune_rules(), [*messages()[:-1], messages()[0]], 1)


def test_a_criterion_with_two_values_does_not_stand_for_the_one_that_is_missing() -> None:
    with pytest.raises(EngineFailure, match=r"without, or twice over, \[.I\.1.\]"):
        conclude(commune_rules(), [*messages()[1:], messages()[1]._replace(amount=FREE)], 1)


def test_two_conclusions_of_one_run_are_an_error() -> None:
    with pytest.raises(EngineFailure, match="concluded twice"):
        conclude(commune_rules(), [*messages(), *messages(FREE)], 1)


def test_a_message_that_no_rule_matches_stops_the_verdict() -> None:
    with pytest.raises(EngineFailure, match="has no rule"):
        conclude(commune_rules(), [*messages()[:-1], FactMessage("IX.9", 0, (0,))], 1)


def test_after_a_failure_the_next_unit_is_decided_as_ever() -> None:
    with pytest.raises(EngineFailure):
        conclude(commune_rules(), messages()[:-1], 1)
    assert as_triple(decide(kon_tum(), commune(), meeting(commune(), 3), CYCLE).levels) == (3, 3, 3)


def test_two_rulebooks_can_be_evaluated_side_by_side() -> None:
    softer = changed("I.2", requirements=(Presence(),) * 5, kind="presence")
    facts = meeting(commune(), 4, I_2=fact(commune(), "I.2", Amount(1)))
    assert decide(softer, commune(), facts, CYCLE).levels.level == 4
    assert decide(kon_tum(), commune(), meeting(commune(), 4), CYCLE).levels.level == 4


def test_threads_do_not_mix_their_units() -> None:
    answers: dict[int, set[int]] = {level: set() for level in range(1, 6)}

    def work(level: int) -> None:
        for _ in range(20):
            answers[level].add(decide(kon_tum(), commune(), meeting(commune(), level), CYCLE).levels.level)

    threads = [threading.Thread(target=work, args=(level,)) for level in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {level: {level} for level in answers}


def test_the_engine_s_host_runs_no_threads() -> None:
    decide(kon_tum(), commune(), meeting(commune(), 1), CYCLE)
    assert engine._host is not None
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
