"""What a new unit inherits: drafts with their origin, added up only where that is exact."""

from pathlib import Path

import pytest

from evidence.asked import catalogue
from evidence.dossiers import DRAFT
from evidence.drafts import Draft, write_drafts
from evidence.facts import Amount, Document, Fact, Status
from evidence.inheritance import Predecessor, inherit_facts
from evidence.units import Unit
from levels.framework import Tier
from levels.loader import load_rulebook

FRAMEWORK = catalogue(load_rulebook("kon-tum-121-2025")).asked[Tier.COMMUNE]
INDEX = catalogue(load_rulebook("chu-prong-2023")).asked[Tier.DISTRICT]
NEW = Unit("23500", "Xã Đắk Hà", Tier.COMMUNE, "51")
OLD = [Unit(code, name, Tier.COMMUNE, "615") for code, name in (("23500", "Thị trấn Đắk Hà"), ("23509", "Xã Hà Mòn"))]
RATIO, COUNT, PRESENCE = (
    next(code for code, asked in FRAMEWORK.items() if asked.kind == kind) for kind in ("ratio", "count", "presence")
)


def drafts(code: str, *values: "Amount | Status | None", whole: bool = True, new: Unit = NEW) -> dict[str, Draft]:
    """What the old units' facts on ``code`` offer; None: no fact; a status: a fact of that status without a value."""
    predecessors = []
    for unit, value in zip(OLD, values, strict=False):
        status = value if isinstance(value, Status) else Status.VERIFIED
        amount = value if isinstance(value, Amount) else None
        fact = Fact(unit.code, code, status, amount, documents=(Document(f"{unit.code}.pdf"),))
        predecessors.append(Predecessor(unit, {} if value is None else {code: fact}, 2025, whole))
    asked = FRAMEWORK if code in FRAMEWORK else INDEX
    return {draft.code: draft for draft in inherit_facts(new, predecessors, asked, 2026)}


def test_shares_and_counts_add_up_exactly() -> None:
    assert drafts(RATIO, Amount(1, 3), Amount(74, 104))[RATIO].amount == Amount(75, 107)
    assert drafts(COUNT, Amount(2), Amount(3))[COUNT].amount == Amount(5)
    assert drafts(COUNT, Amount(2, 4), Amount(3, 3))[COUNT].amount == Amount(5, 7)
    assert drafts(COUNT, Amount(2, 4), Amount(3))[COUNT].amount == Amount(5), (
        "a total that is not known is not half known"
    )


def test_a_draft_says_where_it_comes_from_and_carries_the_documents() -> None:
    draft = drafts(RATIO, Amount(1, 3), Amount(74, 104))[RATIO]
    assert draft.origin.vi == "Kế thừa: Thị trấn Đắk Hà (2025) 1/3 đã thẩm định; Xã Hà Mòn (2025) 74/104 đã thẩm định"
    assert draft.note.en == "The sum of the units before. The new unit checks, confirms or deletes it."
    assert [document.reference for document in draft.documents] == ["23500.pdf", "23509.pdf"]
    assert (draft.unit, draft.cycle) == ("23500", 2026)


def test_even_a_confirmed_draft_is_only_self_reported_and_an_unreviewed_one_no_evidence(tmp_path: Path) -> None:
    draft = drafts(RATIO, Amount(1, 3), Amount(74, 104))[RATIO]
    assert draft.adopt().status is Status.SELF_REPORTED
    write_drafts(tmp_path / "drafts.csv", [draft])
    assert f",{DRAFT}," in (tmp_path / "drafts.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("values", "whole", "why"),
    [
        ((Amount(1, 3), None), True, "No usable fact of Xã Hà Mòn."),
        ((Amount(1, 3), Status.REJECTED), True, "No usable fact of Xã Hà Mòn."),
        ((Status.EXEMPT, Amount(1, 3)), True, "No usable fact of Thị trấn Đắk Hà."),
        ((Amount(1, 3), Amount(1, 2)), False, "Thị trấn Đắk Hà, Xã Hà Mòn was divided: nothing follows."),
        ((Amount(6996, 10000), Amount(1, 2)), True, "Bare percentages do not add up."),
    ],
)
def test_what_does_not_follow_exactly_has_no_value_but_is_shown(values: "tuple[Amount]", whole: bool, why: str) -> None:
    draft = drafts(RATIO, *values, whole=whole)[RATIO]
    assert draft.amount is None
    assert draft.note.en.startswith(why)
    assert "Thị trấn Đắk Hà (2025)" in draft.origin.vi


def test_yes_and_no_follow_only_where_all_agree() -> None:
    assert drafts(PRESENCE, Amount(1), Amount(1))[PRESENCE].amount == Amount(1)
    assert drafts(PRESENCE, Amount(0), Amount(0))[PRESENCE].amount == Amount(0)
    assert drafts(PRESENCE, Amount(1), Amount(0))[PRESENCE].amount is None


def test_one_predecessor_alone_is_taken_over_as_it_was() -> None:
    assert drafts(RATIO, Amount(6996, 10000))[RATIO].amount == Amount(6996, 10000)


def test_nothing_is_inherited_where_nothing_was_known_or_something_else_was_asked() -> None:
    assert drafts(RATIO, None, Status.UNKNOWN) == {}
    assert drafts(RATIO, Amount(1, 3), new=Unit("615", "Huyện", Tier.DISTRICT, "62")) == {}


def test_sums_of_money_add_up_as_decimals() -> None:
    code = next(code for code, asked in INDEX.items() if asked.kind == "amount")
    new = Unit("615", "Huyện Mới", Tier.DISTRICT, "27")
    old = [Unit(c, c, Tier.DISTRICT, "27") for c in ("256", "258")]
    made = [
        Predecessor(unit, {code: Fact(unit.code, code, Status.VERIFIED, amount)}, 2025)
        for unit, amount in zip(old, (Amount(125, 100), Amount(5, 1)), strict=True)
    ]
    assert [draft.amount for draft in inherit_facts(new, made, INDEX, 2026)] == [Amount(625, 100)]


def test_a_councils_score_is_not_inherited() -> None:
    index = catalogue(load_rulebook("ha-noi-2024")).asked[Tier.DISTRICT]
    code = next(code for code, asked in index.items() if asked.kind == "score")
    unit = Unit("001", "Quận", Tier.DISTRICT, "01")
    was = Predecessor(unit, {code: Fact("001", code, Status.VERIFIED, Amount(5, 1))}, 2025)
    assert inherit_facts(unit, [was], index, 2026) == ()
