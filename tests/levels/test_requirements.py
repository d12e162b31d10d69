"""Every wording of the decision is read; every other wording is an error."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from levels.framework import Count, LevelName, Members, NotApplicable, Presence, Ratio, Requirement, Tier
from levels.requirements import UnreadableCell, implies, read_requirement

NAMES = ("Khởi động", "Kết nối", "Cơ bản", "Nâng cao", "Toàn diện")
LEVELS = tuple(LevelName(number, name, "") for number, name in enumerate(NAMES, start=1))
ALL_COMMUNES = "100% xã, phường, thị trấn đạt mức độ chuyển đổi số"
HALF = Ratio(50, 100)

READABLE = [
    ("Không áp dụng", NotApplicable()),
    ("50%", Ratio(50, 100)),
    ("5%", Ratio(5, 100)),
    ("100%", Ratio(100, 100)),
    ("12,5%", Ratio(125, 1000)),
    ("0,25%", Ratio(25, 10000)),
    ("99,9999%", Ratio(999999, 1000000)),
    ("100,00%", Ratio(10000, 10000)),
    ("Có", Presence()),
    ("Có hệ thống", Presence()),
    ("Có sử dụng hệ thống", Presence()),
    ("Có triển khai nền tảng", Presence()),
    ("Có ứng dụng hệ thống", Presence()),
    ("Có điểm phục vụ", Presence()),
    ("Có trang thông tin điện tử", Presence()),
    ("Có Trang TTĐT", Presence()),
    ("Có diễn đàn, nhóm công tác", Presence()),
    ("Đài truyền thanh, truyền hình có ứng dụng", Presence()),
    ("Tối thiểu 01 nhân sự", Count(1)),
    ("Tối thiểu 02 nhân sự", Count(2)),
    ("Tối thiểu 03 hệ thống", Count(3)),
    ("Có 1 doanh nghiệp, hợp tác xã", Count(1)),
    ("Có 2 doanh nghiệp, hợp tác xã", Count(2)),
    (
        "Có 3 doanh nghiệp, hợp tác xã trở lên hoặc 100% doanh nghiệp, hợp tác xã trên địa bàn",
        Count(3, or_all=True),
    ),
    (f"{ALL_COMMUNES} mức khởi động", Members(Tier.COMMUNE, every=1)),
    (
        f"{ALL_COMMUNES} từ mức khởi động trở lên, trong đó tối thiểu 50% đạt mức kết nối",
        Members(Tier.COMMUNE, every=1, share=HALF, at=2),
    ),
    (
        f"{ALL_COMMUNES} từ mức kết nối trở lên, trong đó tối thiểu 50% đạt mức cơ bản",
        Members(Tier.COMMUNE, every=2, share=HALF, at=3),
    ),
    (
        f"{ALL_COMMUNES} từ mức cơ bản trở lên, trong đó tối thiểu 50% đạt mức nâng cao",
        Members(Tier.COMMUNE, every=3, share=HALF, at=4),
    ),
    (
        f"{ALL_COMMUNES} từ mức nâng cao trở lên, trong đó tối thiểu 50% đạt mức toàn diện",
        Members(Tier.COMMUNE, every=4, share=HALF, at=5),
    ),
    (
        "100% huyện, thành phố đạt mức độ chuyển đổi số mức cơ bản",
        Members(Tier.DISTRICT, every=3),
    ),
]


@pytest.mark.parametrize(("cell", "requirement"), READABLE, ids=[cell for cell, _ in READABLE])
def test_a_wording_of_the_decision_is_read(cell: str, requirement: Requirement) -> None:
    assert read_requirement(cell, LEVELS) == requirement


UNREADABLE = [
    "", " ", "-", "?", "n/a", "Không", "không áp dụng", "Không áp dụng.", "Không áp dụng hoặc 50%",
    "50", "50 %", " 50%", "50% ", "50%\n", "%", "50%%", "050%", "5 0%", "50.5%", "50,%", ",5%", "50,55555%", "1e1%",
    "0%", "0,0%", "101%", "100,1%", "150%", "1000%", "-5%", "+5%", "~50%", "５０%", "50％", "٥٠%",
    "50% hoặc", "50% hoặc 60%", "50%-60%", "khoảng 50%", "Khoảng 50%", "trên 50%", "dưới 50%", "Tối thiểu 50%",
    "Có thể", "Có thể không", "Có/không", "Có/ không", "Có hoặc không", "Có, không", "có", "CÓ", "Co", "Có ",
    "Có  hệ thống", "Có hệ thống.", "Có hệ thống?", "Có hệ thống (nếu có)", "Có nếu cần", "Có nhiều hệ thống",
    "Có ít hệ thống", "Có vài hệ thống", "Có một hệ thống", "Có hai hệ thống", "Có đa số hệ thống", "Có các hệ thống",
    "Có khoảng 3 doanh nghiệp", "Có toàn bộ hệ thống", "Có tối thiểu hệ thống", "Có hệ thống trở lên",
    "Có 0 doanh nghiệp", "Có 00 doanh nghiệp", "Có 001 doanh nghiệp", "Có 1", "Có 1,5 doanh nghiệp",
    "Có 1.000 hộ", "Có 10000000 hộ", "Có -1 doanh nghiệp", "Có 1 doanh nghiệp hoặc hợp tác xã",
    "Có 1 đến 3 doanh nghiệp", "Có 3 doanh nghiệp trở lên", "Có 1 doanh nghiệp 2 hợp tác xã",
    "Có 3 doanh nghiệp trở lên hoặc 50% doanh nghiệp", "Có 3 doanh nghiệp trở lên hoặc 100% hợp tác xã",
    "Có 3 nhiều trở lên hoặc 100% nhiều", "Có 3 doanh nghiệp trở lên hoặc 100%",
    "Tối thiểu nhiều", "Tối thiểu", "Tối thiểu 02", "Tối thiểu hai nhân sự", "Tối thiểu 00 nhân sự",
    "Tối thiểu 2 hoặc 3 nhân sự", "Tối đa 02 nhân sự", "tối thiểu 02 nhân sự", "Tối thiểu ٢ nhân sự",
    "Không có ứng dụng", "Chưa có ứng dụng", "Đài có thể có ứng dụng", "có ứng dụng", "Đài có ứng dụng một phần",
    ALL_COMMUNES, f"{ALL_COMMUNES} mức", f"{ALL_COMMUNES} mức trung bình", f"{ALL_COMMUNES} mức 1",
    f"{ALL_COMMUNES} mức khởi động trở lên", f"50% {ALL_COMMUNES[5:]} mức khởi động",
    f"{ALL_COMMUNES} từ mức kết nối trở lên", "100% xã đạt mức độ chuyển đổi số mức khởi động",
    f"{ALL_COMMUNES} từ mức kết nối trở lên, trong đó tối thiểu 50% đạt mức kết nối",
    f"{ALL_COMMUNES} từ mức nâng cao trở lên, trong đó tối thiểu 50% đạt mức cơ bản",
    f"{ALL_COMMUNES} từ mức cơ bản trở lên, trong đó tối thiểu 0% đạt mức nâng cao",
    f"{ALL_COMMUNES} từ mức cơ bản trở lên, trong đó tối thiểu 150% đạt mức nâng cao",
    f"{ALL_COMMUNES} từ mức cơ bản trở lên, trong đó tối thiểu một nửa đạt mức nâng cao",
    f"{ALL_COMMUNES} từ mức cơ bản trở lên, trong đó tối thiểu 50% đạt mức xuất sắc",
    "Co\u0301 hệ thống", "Có\u00a0hệ thống", "Có\u200bhệ thống", "C\u0443 hệ thống", "<b>Có</b>", "=50%",
    "Có_", "Có h\x00",
]  # fmt: skip


@pytest.mark.parametrize("cell", UNREADABLE)
def test_any_other_wording_is_an_error(cell: str) -> None:
    with pytest.raises(UnreadableCell) as caught:
        read_requirement(cell, LEVELS)
    assert cell in caught.value.found.vi
    assert cell in caught.value.found.en
    assert caught.value.expected.vi
    assert caught.value.expected.en


def test_a_level_is_named_by_the_framework_itself() -> None:
    renamed = (LevelName(1, "Sơ khai", ""), *LEVELS[1:])
    assert read_requirement(f"{ALL_COMMUNES} mức sơ khai", renamed) == Members(Tier.COMMUNE, every=1)
    with pytest.raises(UnreadableCell, match="khởi động"):
        read_requirement(f"{ALL_COMMUNES} mức khởi động", renamed)


@given(st.integers(1, 100), st.integers(0, 9999), st.integers(0, 4))
def test_a_percentage_is_exact_to_the_last_digit(whole: int, decimals: int, digits: int) -> None:
    fraction = str(decimals)[:digits]
    cell = f"{whole},{fraction}%" if fraction else f"{whole}%"
    if whole == 100 and fraction.strip("0"):
        with pytest.raises(UnreadableCell):
            read_requirement(cell, LEVELS)
    else:
        requirement = read_requirement(cell, LEVELS)
        assert isinstance(requirement, Ratio)
        assert requirement.numerator * 100 * 10 ** len(fraction) == int(f"{whole}{fraction}") * requirement.denominator


@given(st.text())
@example("Có " + "a " * 5000)
@example("a" * 100_000 + "!")
def test_any_text_is_read_or_refused_and_nothing_else_happens(cell: str) -> None:
    try:
        requirement = read_requirement(cell, LEVELS)
    except UnreadableCell:
        return
    assert requirement.kind in {"none", "ratio", "presence", "count", "members"}


@given(st.sampled_from([cell for cell, _ in READABLE]), st.sampled_from("0123456789%,.;?-/()+hoặc không"), st.data())
def test_a_stray_sign_never_makes_a_cell_ask_for_another_kind_of_value(
    cell: str, sign: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(cell)))
    try:
        spoiled = read_requirement(cell[:at] + sign + cell[at:], LEVELS)
    except UnreadableCell:
        return
    assert spoiled.kind == read_requirement(cell, LEVELS).kind


DEMANDS = [
    NotApplicable(), Ratio(1, 2), Ratio(50, 100), Ratio(2, 3), Ratio(1, 1), Presence(), Count(1), Count(3),
    Count(3, or_all=True), Count(4, or_all=True), Members(Tier.COMMUNE, 1), Members(Tier.COMMUNE, 1, HALF, 2),
    Members(Tier.COMMUNE, 2), Members(Tier.COMMUNE, 1, Ratio(2, 3), 2), Members(Tier.COMMUNE, 1, HALF, 3),
    Members(Tier.DISTRICT, 5),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Ratio(50, 100), NotApplicable(), True),
        (NotApplicable(), Presence(), False),
        (Ratio(2, 3), Ratio(50, 100), True),
        (Ratio(50, 100), Ratio(2, 3), False),
        (Ratio(1, 2), Ratio(50, 100), True),
        (Ratio(1, 1), Presence(), False),
        (Presence(), Presence(), True),
        (Count(2), Count(1), True),
        (Count(1), Count(2), False),
        (Count(3), Count(3, or_all=True), True),
        (Count(3, or_all=True), Count(1), True),  # all of a total above 0 is at least one
        (Count(3, or_all=True), Count(2), False),  # one of one is all and not two
        (Count(4, or_all=True), Count(3, or_all=True), True),
        (Count(3, or_all=True), Count(4, or_all=True), False),
        (Members(Tier.COMMUNE, 2), Members(Tier.COMMUNE, 1, HALF, 2), True),
        (Members(Tier.COMMUNE, 1, HALF, 2), Members(Tier.COMMUNE, 1), True),
        (Members(Tier.COMMUNE, 1), Members(Tier.COMMUNE, 1, HALF, 2), False),
        (Members(Tier.COMMUNE, 1, HALF, 3), Members(Tier.COMMUNE, 1, HALF, 2), True),
        (Members(Tier.COMMUNE, 1, HALF, 2), Members(Tier.COMMUNE, 1, Ratio(2, 3), 2), False),
        (Members(Tier.COMMUNE, 1, Ratio(2, 3), 2), Members(Tier.COMMUNE, 1, HALF, 3), False),
        (Members(Tier.COMMUNE, 1, HALF, 2), Members(Tier.COMMUNE, 2), False),
        (Members(Tier.DISTRICT, 5), Members(Tier.COMMUNE, 1), False),
    ],
)
def test_one_demand_implies_another(one: Requirement, other: Requirement, expected: bool) -> None:
    assert implies(one, other) is expected


@given(st.sampled_from(DEMANDS), st.sampled_from(DEMANDS), st.sampled_from(DEMANDS))
def test_implication_is_an_order(one: Requirement, two: Requirement, three: Requirement) -> None:
    assert implies(one, one)
    assert not (implies(one, two) and implies(two, three)) or implies(one, three)
