"""The words of a plan: every obstacle and every kind of start has a sentence of its own, in both languages."""

import datetime

import pytest
from attrs import evolve

from evidence.facts import Amount, Fact, Status
from levels.faults import Language
from reports.plan import money_text, obstacle_sentence, plan_text
from rules.decide import decide
from rules.improvement import improve
from rules.plans import Choice, Hindrance, Obstacle, Plan, Step, Way
from rules.verdict import Levels, Recognition, Verdict
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting, members

SETTLED = Recognition("23281", Levels(3, 3, 3), "sha256:x", False, "12/QĐ-UBND", datetime.date(2025, 12, 19))


def verdict(**changed: Fact | None) -> Verdict:
    return decide(kon_tum(), commune(), meeting(commune(), 3, **changed), CYCLE)


def plan(level: int = 4, **changed: Fact | None) -> Plan:
    found = verdict(**changed)
    steps = [step for each in found.criteria if isinstance(step := improve(found, each, level, None), Step)]
    wanted = {name.replace("_", ".") for name in changed}
    return Plan(Way(found, level, tuple(step for step in steps if step.criterion.code in wanted)), priced=False)


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        (Hindrance.ZERO_BASE, {}, ("mẫu số bằng 0 (0/0)", "only the appraisal council can exempt it")),
        (Hindrance.NO_BASE, {}, ("chưa có số liệu của năm 2025", "report it first")),
        (Hindrance.TOTAL, {"needed": 2, "able": 1}, ("cần 2 nhưng tổng số chỉ có 1", "needs 2, but there are only 1")),
        (Hindrance.NO_COST, {}, ("không có giá", "no price")),
        (Hindrance.NO_MEMBERS, {}, ("không có đơn vị trực thuộc", "there is no member unit")),
        (Hindrance.TOO_FEW, {"needed": 4, "able": 3}, ("chỉ 3 đơn vị có thể đạt", "only 3 of them can be")),
    ],
)
def test_every_obstacle_says_whose_on_what_and_why(
    kind: Hindrance, more: dict[str, int], said: tuple[str, str]
) -> None:
    found = verdict()
    obstacle = Obstacle(found, 4, kind, found.criteria[1], **more)
    for language, words in zip(("vi", "en"), said, strict=True):
        sentence = obstacle_sentence(obstacle, language)  # type: ignore[arg-type]
        assert sentence.startswith("Xã Đắk Hà (23281), ")
        assert words in sentence
        assert sentence.endswith("(Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)).")


def test_a_decision_or_a_registration_that_stands_in_the_way_is_cited() -> None:
    settled = Obstacle(verdict(), 4, Hindrance.RECOGNISED, recognition=SETTLED)
    assert "Quyết định số 12/QĐ-UBND ngày 19 tháng 12 năm 2025 đã công nhận mức 3" in obstacle_sentence(settled, "vi")
    assert "decision 12/QĐ-UBND of 2025-12-19 has recognised level 3" in obstacle_sentence(settled, "en")
    registered = evolve(verdict(), unit=evolve(commune(), registered=3))
    obstacle = Obstacle(registered, 4, Hindrance.REGISTERED)
    assert "đã đăng ký mức 3" in obstacle_sentence(obstacle, "vi")
    assert "level 3 is registered" in obstacle_sentence(obstacle, "en")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (fact(commune(), "I.2", Amount(74, 104)), "từ 74/104 (71,15%) lên 84/104 (80,76%), thêm 10 hồ sơ"),
        (fact(commune(), "I.2", Amount(74, 104), Status.SELF_REPORTED), "mới tự báo cáo, chưa thẩm định"),
        (
            fact(commune(), "I.2", Amount(90, 104), Status.SELF_REPORTED),
            "Chỉ chờ thẩm định (số liệu tự báo cáo đã đủ): I.2.",
        ),
        (fact(commune(), "I.2", Amount(90, 104), Status.REJECTED, note="Sai"), "không chấp nhận số liệu “90/104"),
    ],
)
def test_where_a_step_starts_is_said(changed: Fact, said: str) -> None:
    assert said in plan_text(plan(I_2=changed), "vi")


def test_what_starts_from_nothing_is_said_to() -> None:
    text = plan_text(plan(5, I_7=None, I_5=fact(commune(), "I.5", Amount(0))), "vi")
    assert "chưa có số liệu của năm 2025, tính như chưa có gì; cần 2, thêm 2 nhân sự" in text
    assert "từ “không có” thành “có”" in text
    assert "1 việc tính từ đầu" in text
    assert "Không có chi phí" in text


def test_a_unit_that_is_already_recognised_is_told_so() -> None:
    assert "Quyết định số 12/QĐ-UBND đã công nhận mức 3" in plan_text(Plan(Way(verdict(), 3), True, SETTLED), "vi")


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "đã so sánh mọi cách chọn"), ("en", "every combination of counts")]
)
def test_a_choice_says_who_rises_and_why_these(language: Language, said: str) -> None:
    top = decide(kon_tum(), district(), meeting(district(), 3), CYCLE, members(4, 3))
    below = plan(I_2=fact(commune(), "I.2", Amount(74, 104))).way
    several = Choice(4, 1, (), (commune(),), exhaustive=True)
    enough = Choice(3, 1, (commune(),), ())
    left = Obstacle(top, 4, Hindrance.RECOGNISED, recognition=SETTLED)
    way = Way(top, 4, below=(below,), choices=(several, enough), left_out=(left,), missing=10, equally_good=3)
    text = plan_text(Plan(way, priced=False), language)
    assert said in text
    assert {"vi": "nâng xã Đắk Hà", "en": "xã Đắk Hà rise"}[language] in text
    assert {"vi": "Có 3 kế hoạch tốt như nhau", "en": "3 plans are equally good"}[language] in text
    assert {"vi": "Không được đưa vào lựa chọn", "en": "Not among those to choose from"}[language] in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "vi",
            "Mọi đơn vị trực thuộc phải đạt từ mức 3 trở lên, trong đó 1 đơn vị đạt từ mức 4 trở lên: không cần",
        ),
        (
            "en",
            "All member units must be at level 3 or above, 1 of them at level 4 or above: no more work: xã Đắk Hà.",
        ),
    ],
)
def test_who_rises_by_the_work_of_all_is_not_said_to_be_there(language: Language, said: str) -> None:
    top = decide(kon_tum(), district(), meeting(district(), 3), CYCLE, members(2, 3))
    along, there = (member.unit for member in top.members)
    choices = (Choice(4, 1, (along,), (), every=3), Choice(3, 1, (along, there), ()))
    text = plan_text(Plan(Way(top, 4, choices=choices), priced=False), language)
    assert said in text
    assert {"vi": "đã đạt: xã Đắk Hà; không", "en": "there already: xã Đắk Hà; no more"}[language] in text


def test_sums_are_exact_with_their_thousands_set_apart() -> None:
    assert money_text(45_200_000, "vi") == "45.200.000"
    assert money_text(45_200_000, "en") == "45,200,000"
