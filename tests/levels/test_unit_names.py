"""One unit is the same unit however an office writes it; another unit never is."""

import unicodedata

import pytest

from levels.loader import load_index
from levels.unit_names import absent, same_unit


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("UBND huyện Gia Bình", "Huyện Gia Bình"),
        ("UBND Thành phố Bắc Ninh", "Thành phố Bắc Ninh"),
        ("UBND quận Ba Đình", "Ủy ban nhân dân quận Ba Đình"),
        ("Uỷ ban nhân dân huyện Ứng Hoà", "Huyện Ứng Hòa"),
        ("Sở Lao động –Thương binh và Xã hội", "Sở Lao động - Thương binh và Xã hội"),
        ("Sở Lao động –Thương binh và Xã hội", "Sở Lao động, Thương binh và Xã hội"),
        ("Sở Văn hoá, Thể thao và Du lịch", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở Thông Tin và Truyền Thông", "Sở Thông tin và Truyền thông"),
        ("Sở Quy hoạch Kiến trúc", "Sở Quy hoạch - Kiến trúc"),
        ("Sở Y tế", unicodedata.normalize("NFD", "SỞ Y TẾ")),
        ("Sở  Tư pháp", "Sở Tư\N{NO-BREAK SPACE}pháp"),
    ],
)
def test_case_tone_place_dashes_spaces_and_the_committee_make_no_other_unit(printed: str, name: str) -> None:
    assert same_unit(printed, name)
    assert same_unit(name, printed)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("UBND Thị xã Quế Võ", "Huyện Quế Võ"),
        ("Sở Y tế", "Sở Y tề"),
        ("Sở Tài chính", "Sở Tai chính"),
        ("Sở Văn hóa và Thể thao", "Sở Văn hóa, Thể thao và Du lịch"),
        ("UBND huyện Đan Phượng", "Huyện Đan Phương"),
        ("UBND", ""),
    ],
)
def test_another_letter_tone_or_kind_is_another_unit(printed: str, name: str) -> None:
    assert not same_unit(printed, name)


def test_the_units_of_a_list_that_are_not_there_are_named_as_printed() -> None:
    listed = ("UBND quận Ba Đình", "UBND huyện Ứng Hòa", "Sở Y tế")
    assert absent(listed, ["Huyện Ứng Hoà", "Sở Y Tế", "Sở Nội vụ"]) == ("UBND quận Ba Đình",)
    assert absent(listed, []) == listed


@pytest.mark.parametrize("index_id", ["bac-ninh-1187-2023", "ha-noi-2024", "dak-lak-2534-2022"])
def test_no_two_units_of_a_decisions_list_are_the_same(index_id: str) -> None:
    for entry in load_index(index_id).lists:
        assert all(sum(same_unit(one, other) for other in entry.units) == 1 for one in entry.units)
