"""A plan of levels turned into work: every kind of start has its words, sums stay exact, nothing is invented."""

from fractions import Fraction

import pytest
from attrs import evolve

from evidence.costs import Price
from evidence.facts import SYNTHETIC, Amount, Fact, Status
from levels.framework import Tier
from reports.plan import PROVEN
from reports.work_plan import WorkItem, item_of_step, of_plan, total_of
from rules.decide import decide
from rules.improvement import improve
from rules.plans import Hindrance, Obstacle, Plan, Step, Way
from rules.verdict import Verdict
from tests.reports.plan_factory import district_plan, province_plan
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting


def verdict(**changed: Fact | None) -> Verdict:
    return decide(kon_tum(), commune(), meeting(commune(), 3, **changed), CYCLE)


def step(code: str, known: Fact | None) -> Step:
    found = verdict(**{code.replace(".", "_"): known})
    [each] = [each for each in found.criteria if each.code == code]
    made = improve(found, each, 4, {(Tier.COMMUNE, code): Price(100, Fraction(1, 2), "Văn phòng")})
    assert isinstance(made, Step)
    return made


@pytest.mark.parametrize(
    ("known", "start", "to", "missing"),
    [
        (fact(commune(), "I.2", Amount(74, 104)), "74/104 (71,15%)", "84/104 (80,76%)", "10 hồ sơ"),
        (
            fact(commune(), "I.2", Amount(74, 104), Status.SELF_REPORTED),
            "74/104 (71,15%) (tự báo cáo, chưa thẩm định)",
            "84/104 (80,76%)",
            "10 hồ sơ",
        ),
        (
            fact(commune(), "I.2", Amount(90, 104), Status.SELF_REPORTED),
            "90/104 (86,53%) (tự báo cáo, chưa thẩm định)",
            "90/104 (86,53%), được Hội đồng thẩm định chấp nhận",
            "",
        ),
        (
            fact(commune(), "I.2", Amount(90, 104), Status.REJECTED, note="Sai"),
            "90/104 (86,53%) (không được chấp nhận, tính lại từ đầu)",
            "84/104 (80,76%)",
            "84 hồ sơ",
        ),
    ],
)
def test_every_start_has_its_words(known: Fact, start: str, to: str, missing: str) -> None:
    item = item_of_step(step("I.2", known))
    assert (item.start, item.to, item.missing) == (start, to, missing)
    assert item.to_appraise is (not missing)
    assert (item.code, item.office, item.year) == ("I.2", "Văn phòng", None)


def test_what_is_not_known_is_planned_from_nothing_and_a_presence_counts_nothing() -> None:
    item = item_of_step(step("I.4", None), year=2026)
    assert (item.start, item.to, item.missing) == ("chưa có số liệu, tính từ đầu", "có", "")
    assert item.year == 2026
    assert item.cost == Fraction(201, 2)
    assert item.purpose.endswith("(Phụ lục 01)")


def test_a_plan_tells_its_goal_its_units_and_its_superior() -> None:
    made = step("I.2", fact(commune(), "I.2", Amount(74, 104), source=SYNTHETIC))
    plan = Plan(Way(made.verdict, 4, (made,), effort=made.cost or 0), priced=True)
    work = of_plan(plan, district())
    assert work.goal.vi == "Nâng mức độ chuyển đổi số của xã Đắk Hà lên mức 4 (Nâng cao) năm 2025"
    assert work.goal.en == "Raise Xã Đắk Hà to level 4 (Nâng cao) of digital transformation in 2025"
    assert [(rise.unit, rise.now, rise.then) for rise in work.rises] == [(commune(), "3 (Cơ bản)", "4 (Nâng cao)")]
    assert (work.superior, work.cycle, work.priced, work.synthetic) == (district(), 2025, True, True)
    assert work.total == made.cost == 105
    assert work.demands == (PROVEN,)
    assert work.proof


def test_a_plan_that_cannot_be_or_asks_for_nothing_has_no_work() -> None:
    found = verdict()
    hindered = Plan(Way(found, 4, obstacles=(Obstacle(found, 4, Hindrance.NO_MEMBERS),)), priced=False)
    nothing = Plan(Way(found, 3), priced=False)
    for plan in (hindered, nothing):
        work = of_plan(plan)
        assert (work.items, work.rises, work.proof) == ((), (), ())


def test_sums_are_exact_and_unknown_where_one_cost_is() -> None:
    items = district_plan().items
    assert total_of(items) == Fraction(295_000_001, 2)
    assert total_of([evolve(items[2], cost=Fraction(1, 3))] * 3) == 1
    assert isinstance(total_of([evolve(items[2], cost=Fraction(1, 2))] * 2), int)
    assert total_of([*items, evolve(items[0], cost=None)]) is None
    assert district_plan().total == Fraction(295_000_001, 2)
    assert evolve(district_plan(), priced=False).total is None


def test_the_years_are_those_of_the_work_and_of_the_budgets() -> None:
    assert district_plan().years == (2025,)
    assert province_plan().years == (2025, 2026)
    assert evolve(district_plan(), budgets=((2027, 5),)).years == (2025, 2027)


def test_work_needs_no_more_than_its_first_fields() -> None:
    bare = WorkItem(commune(), "I.2", "Tên", "1", "2")
    assert (bare.missing, bare.cost, bare.office, bare.serves) == ("", None, "", ())
