"""The words of a plan of points: every start, every obstacle, every kind of proof, in both languages."""

from fractions import Fraction

import pytest
from attrs import evolve

from certification.planning.points import plan_points
from evidence.costs import Price
from evidence.facts import Fact, Status
from evidence.units import Unit
from levels.faults import Language
from levels.framework import Tier
from levels.index import Input
from reports.point_plan import _from_nothing, _price_text, barrier_sentence, of_points, point_plan_text, view_point_plan
from rules.point_plans import Bar, Barrier, PointGoal, PointPlan
from tests.certification.test_point_planning import chu_prong_sample, priced, ranked, rating, rivals
from tests.rules.indexes import index, indicator
from tests.rules.test_frontiers import chu_prong


def plan(**goal: object) -> PointPlan:
    known, costs = chu_prong_sample()
    return plan_points(known, "632", PointGoal(**goal), costs)  # type: ignore[arg-type]


def both(found: PointPlan) -> str:
    return point_plan_text(found, "vi") + point_plan_text(found, "en")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Bar.NO_BASE, ("chưa biết mẫu số (II.3.1:a)", "report it first")),
        (Bar.ZERO_BASE, ("bằng 0, chỉ Hội đồng", "only the council can rule on")),
        (Bar.NO_COST, ("không có giá của II.3.1:a", "no price for II.3.1:a")),
        (Bar.SETTLED, ("đã định là không thay đổi", "settled not to change")),
        (Bar.OWN_BASE, ("nằm cả ở mẫu số", "below the line as well")),
        (Bar.INCIDENTS, ("sự cố đã xảy ra", "nothing to do more of")),
        (Bar.Z_SCORE, ("Z-score", "standard score")),
        (Bar.SEVERAL, ("nhiều đại lượng", "more than one way")),
    ],
)
def test_every_obstacle_says_on_what_how_much_is_lost_and_why(kind: Bar, said: tuple[str, str]) -> None:
    score = rating(index(chu_prong("II.3.1")), {"II.3.1:a": 3, "II.3.1:b": 10}).scores()["u0"]
    barrier = Barrier(score.indicators[0], kind, ("a",))
    for language, words, start in zip(("vi", "en"), said, ("Chỉ số II.3.1 – ", "Indicator II.3.1 ("), strict=True):
        sentence = barrier_sentence(barrier, language)  # type: ignore[arg-type]
        assert sentence.startswith(start)
        assert words in sentence
    assert "đang mất 7 điểm" in barrier_sentence(barrier, "vi")


def test_a_budget_says_what_it_buys_and_that_nothing_buys_more() -> None:
    found = plan(budget=100_000_000)
    text = both(found)
    assert "Với 100.000.000 đồng, huyện Chư Prông đạt được nhiều nhất 634,76 điểm, hạng 12/17 năm 2023" in text
    assert "không kế hoạch nào trong ngân sách được hơn 634,76 điểm" in text
    assert "no plan within the budget reaches more than 634.76 points" in text
    assert "Vì sao không thể nhiều hơn" in text
    assert "Why no more is possible" in text
    assert "ít hơn" not in text
    assert "Vì sao không thể ít hơn" in both(plan(points=Fraction(600)))
    early = evolve(found, optimal=False, points_bound=found.points_bound and found.points_bound + 1)
    assert "Hết thời gian tìm: không kế hoạch nào trong ngân sách được hơn 635,76 điểm" in both(early)
    nothing = plan(budget=1)
    assert "không thêm được điểm nào" in both(nothing)
    assert of_points(nothing).items == ()
    assert of_points(found).budgets == ((2023, 100_000_000),)


def test_a_search_that_was_stopped_says_how_far_from_the_best_it_can_be() -> None:
    found = evolve(plan(points=Fraction(600)), optimal=False, bound=40_000_000, equally_good=None)
    text = both(found)
    assert "Để huyện Chư Prông đạt 600 điểm năm 2023 (đang có 571,35 điểm, hạng 14/17) cần 40.500.000" in text
    assert "không kế hoạch nào ít hơn 40.000.000 đồng; kế hoạch này nhiều hơn mức đó 500.000 đồng" in text
    assert "this one is 500,000 đồng above that" in text
    assert "tốt bằng" not in text


@pytest.mark.parametrize(
    ("good", "said"),
    [
        (1, ("Không có kế hoạch nào khác tốt bằng", "No other plan is as good")),
        (2, ("Có 2 kế hoạch cùng chi phí", "2 plans have the same cost")),
        (5000, ("Có hơn 1000 kế hoạch", "Over 1000 plans")),
    ],
)
def test_how_many_plans_are_as_good_is_said(good: int, said: tuple[str, str]) -> None:
    text = both(evolve(plan(points=Fraction(600)), equally_good=good))
    assert all(words in text for words in said)


def test_free_work_that_is_not_needed_is_left_out_and_that_is_said() -> None:
    known, _ = chu_prong_sample()
    free = {(Tier.DISTRICT, "II.2.4"): Price(0, 0), (Tier.DISTRICT, "II.2.9"): Price(0, 0)}
    found = plan_points(known, "632", PointGoal(points=Fraction(580)), free)
    within = plan_points(known, "632", PointGoal(budget=0), free)
    assert found.after is not None
    assert within.after is not None
    assert found.after.score.points < within.after.score.points
    text = both(found)
    assert "Có 3 kế hoạch cùng chi phí: đã chọn kế hoạch được nhiều điểm nhất" in text
    assert "rồi bỏ việc không tốn gì mà mục tiêu không cần" in text
    assert "left out of it where the goal does not need it" in text
    assert [marginal.taken for marginal in found.marginals].count("all") == 1


def test_why_a_rank_is_out_of_reach_is_said() -> None:
    costs = {(Tier.DISTRICT, "1.1"): Price(0, 1)}
    top = plan_points(ranked(9, 5), "u0", PointGoal(climb=1), costs)
    assert "đơn vị đã đứng đầu" in both(top)
    assert "it is at the top already" in both(top)
    far = plan_points(ranked(5, 9), "u0", PointGoal(climb=3), costs)
    assert "there are only 1 ranks above it" in both(far)
    dear = plan_points(ranked(5, 9), "u0", PointGoal(climb=1), {})
    assert "cần 9 điểm, mọi cải thiện cộng lại chỉ đạt 5 điểm" in both(dear)
    there = plan_points(ranked(5, 9), "u0", PointGoal(points=Fraction(4)), {})
    assert "To reach 4 points in 2025, Đơn vị u0 has nothing to do" in both(there)


def test_totals_that_would_print_alike_are_told_apart() -> None:
    known = ranked(5, 9)
    found = plan_points(known, "u0", PointGoal(points=Fraction(5) + Fraction(1, 1000)), {})
    assert "đạt 5,001 điểm" in both(found)


def test_a_goal_is_said_as_it_was_asked_and_the_work_plan_tells_it_from_what_is_expected() -> None:
    assert "đạt 700,00005 điểm" in both(plan(points=Fraction("700.00005")))
    assert "reach 700.00005 points" in both(plan(points=Fraction("700.00005")))
    assert "đạt 1000,0001 điểm" in both(plan(points=Fraction("1000.0001")))
    for goal, said in (
        ({"points": Fraction(600)}, "600 điểm (dự kiến 600,08 điểm, hạng "),
        ({"climb": 2}, "hạng 12/17 (dự kiến "),
        ({"budget": 100_000_000}, "dự kiến 634,76 điểm, hạng 12/17"),
    ):
        [rise] = of_points(plan(**goal)).rises
        assert rise.then.startswith(said)


def test_what_a_point_costs_is_rounded_half_up() -> None:
    assert _price_text(Fraction(3_033_333, 2), "en") == "1,516,667 a point"
    assert _price_text(Fraction(6_666_666) + Fraction(2, 3), "vi") == "6.666.667 mỗi điểm"
    assert _price_text(Fraction(1, 8), "vi") == "0,13 mỗi điểm"


def test_where_nothing_is_reported_and_nothing_is_needed_reporting_is_enough() -> None:
    assert "chưa có số liệu được tính; cần 0" not in both(plan(points=Fraction(750)))
    [step, *_] = plan(points=Fraction(750)).steps
    nothing = evolve(step, start=None, fact=None, to=Fraction(0))
    assert _from_nothing(nothing, "0").vi == "chưa có số liệu được tính; chỉ cần báo cáo, kể cả khi là 0"
    assert _from_nothing(nothing, "0").en == "no value counts yet; to report it is enough, even 0"
    assert _from_nothing(evolve(nothing, to=Fraction(3)), "3").vi == "chưa có số liệu được tính; cần 3"


def test_whom_the_plan_moves_is_said() -> None:
    known = rivals(10, 16)
    found = plan_points(
        known, "u0", PointGoal(climb=1), priced(known.index, {"1.1": Price(0, 100), "P.1": Price(0, 1)})
    )
    text = both(found)
    assert "đơn vị u1 (36 → 29,33)" in text.replace("Đơn vị", "đơn vị")
    assert "change the points of" in text
    many = evolve(found, moved=found.moved * 20)
    assert "và 5 đơn vị nữa" in both(many)


def test_every_start_has_words_of_its_own() -> None:
    owner = index(chu_prong("II.3.1"), chu_prong("II.5.9"), chu_prong("II.1.4"), indicator("1.9", 10))
    known = rating(owner, {"II.3.1:a": 3, "II.3.1:b": 10, "1.9": 4, "II.1.4:1": 1}, {"1.9": 5})
    facts = {unit: dict(dossier) for unit, dossier in known.facts.items()}
    facts["u0"]["II.5.9:2"] = Fact("u0", "II.5.9:2", Status.VERIFIED, known.facts["u0"]["II.1.4:1"].amount)
    facts["u0"]["II.1.4:2"] = Fact("u0", "II.1.4:2", Status.REJECTED, known.facts["u0"]["1.9"].amount, note="sai")
    known = evolve(known, evidence=evolve(known.evidence, facts=facts))
    found = plan_points(known, "u0", PointGoal(points=Fraction(39)))
    text = point_plan_text(found, "vi")
    assert "từ 4 điểm lên" in text
    assert "đã báo cáo có, cần bổ sung tài liệu kiểm chứng" in text
    assert "số liệu đã báo cáo không được chấp nhận, tính lại từ đầu; cần 10" in text
    assert "Không có chi phí: đây là kế hoạch ít thay đổi nhất" in text
    paper = of_points(found, Unit("64", "Tỉnh Gia Lai", Tier.PROVINCE))
    assert {item.start for item in paper.items} == {
        "3", "đã báo cáo có", "số liệu đã báo cáo không được chấp nhận", "4 điểm",
    }  # fmt: skip
    assert paper.superior is not None
    assert paper.total is None


def test_what_nobody_has_told_starts_from_nothing() -> None:
    known = rating(index(chu_prong("II.1.5"), chu_prong("II.1.1")), {})
    text = both(plan_points(known, "u0", PointGoal(points=Fraction(25))))
    assert "chưa có số liệu được tính; cần có" in text
    assert "no value counts yet; needed: “Chủ tịch UBND cấp huyện”" in text
    assert "2 việc tính từ đầu" in text


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (
            {"points": Fraction(600)},
            "Nâng điểm chỉ số đánh giá chuyển đổi số của huyện Chư Prông lên 600 điểm năm 2023",
        ),
        ({"climb": 1}, "Nâng thứ hạng chỉ số đánh giá chuyển đổi số của huyện Chư Prông lên 1 hạng năm 2023"),
        ({"budget": 50_000_000}, "Nâng điểm chỉ số đánh giá chuyển đổi số của huyện Chư Prông trong phạm vi ngân sách"),
    ],
)
def test_a_plan_becomes_a_work_plan_with_every_step(goal: dict[str, object], said: str) -> None:
    found = plan(**goal)
    paper = of_points(found)
    assert paper.goal.vi.startswith(said)
    assert [item.code for item in paper.items] == [step.code for step in found.steps]
    assert paper.total == found.effort
    assert all(item.office and item.purpose.startswith("được thêm ") for item in paper.items)
    assert paper.rises[0].now == "571,35 điểm, hạng 14/17"
    assert paper.synthetic
    assert paper.proof


def test_a_part_of_two_steps_says_that_both_belong_together() -> None:
    known = rating(index(chu_prong("II.6.1")), {"II.6.1:1": 0, "II.6.1:2": 0})
    paper = of_points(plan_points(known, "u0", PointGoal(points=Fraction(10))))
    assert all("(cả 2 việc của chỉ số)" in item.purpose for item in paper.items)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_printed_holds_no_control_characters(language: Language) -> None:
    known = rating(index(evolve(chu_prong("II.1.5"), name="Tên\u202elạ\x07")), {"II.1.5": 0})
    text = point_plan_text(plan_points(known, "u0", PointGoal(points=Fraction(10))), language)
    assert "\u202e" not in text
    assert "\x07" not in text


def test_what_is_not_made_up_bears_no_mark_and_settled_inputs_are_named() -> None:
    owner = index(indicator("1.1", 10, inputs=[Input("1", "score", "Điểm của Hội đồng")]))
    known = rating(owner, {"1.1": 3}, {"1.1": 4})
    found = plan_points(known, "u0", PointGoal(points=Fraction(5)), settled=frozenset({"9.9"}))
    view = view_point_plan(found, "vi")
    assert view.synthetic_mark == ""
    assert "Không thay đổi: 9.9." in view.notes
    assert "Điểm của Hội đồng: từ 3 điểm lên 5 điểm" in view.steps[0]
