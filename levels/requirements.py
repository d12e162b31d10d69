"""Reads a cell of the decision's table, in its own words, into a requirement.

The grammar is closed and matches whole cells only: a cell that it cannot read is an error and
never a guess. Its wordings are those of Phụ lục 01 and 02 of 121/QĐ-UBND.
"""

import re
from collections.abc import Iterable
from fractions import Fraction

from levels.faults import Text
from levels.framework import Count, LevelName, Members, NotApplicable, Presence, Ratio, Requirement, Tier

# Mục I.2.b: «các huyện, thành phố (gọi chung là cấp huyện)», «các xã, phường, thị trấn (gọi chung là cấp xã)».
MEMBERS = {"xã, phường, thị trấn": Tier.COMMUNE, "huyện, thành phố": Tier.DISTRICT}

# A thing that is said to be there is named in a few plain words. One of these would deny it, doubt it,
# quantify it or make it conditional, and that is more than a presence or a count says.
_MORE_THAN_PLAIN = re.compile(
    r"\b(?:không|chưa|chẳng|đừng|thể|lẽ|nên|sẽ|sắp|dự kiến|nếu|khi|tùy|trừ|ngoài|hoặc|hay|khoảng|chừng|tầm|gần|hầu"
    r"|nhiều|ít|đủ|đa số|tối thiểu|tối đa|vài|mấy|mọi|mỗi|từng|các|toàn bộ|tất cả|nửa|trăm|hơn|kém|trở lên|trở xuống"
    r"|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\b"
)

_NUMBER = r"(?P<number>0?[1-9][0-9]{0,5})"
_PERCENT = r"(?P<whole>100|[1-9]?[0-9])(?:,(?P<decimals>[0-9]{1,4}))?%"
_WORD = r"[^\W\d_]+"
_THING = rf"{_WORD}(?:,? {_WORD}){{0,11}}"
_MEMBERS = rf"(?P<members>{'|'.join(MEMBERS)}) đạt mức độ chuyển đổi số"

_NOTHING = re.compile("Không áp dụng")
_RATIO = re.compile(_PERCENT)
_COUNT = re.compile(rf"(?:Tối thiểu|Có) {_NUMBER} (?P<thing>{_THING})")
_COUNT_OR_ALL = re.compile(rf"Có {_NUMBER} (?P<thing>{_THING}) trở lên hoặc 100% (?P<all>{_THING}?)(?: trên địa bàn)?")
_PRESENCE = re.compile(rf"Có(?: (?P<thing>{_THING}))?|(?P<bearer>{_THING}) có ứng dụng")
_EVERY = re.compile(rf"100% {_MEMBERS} mức (?P<every>{_THING})")
_EVERY_AND_SHARE = re.compile(
    rf"100% {_MEMBERS} từ mức (?P<every>{_THING}) trở lên, trong đó tối thiểu {_PERCENT} đạt mức (?P<at>{_THING})"
)

EXPECTED = Text(
    "cần đúng một trong các cách ghi: «Không áp dụng», «50%», «12,5%», «Có», «Có …», «… có ứng dụng», "
    "«Tối thiểu 02 …», «Có 1 …», «Có 3 … trở lên hoặc 100% …», "
    "«100% xã, phường, thị trấn đạt mức độ chuyển đổi số …»",
    "expected is exactly one of the wordings: «Không áp dụng», «50%», «12,5%», «Có», «Có …», «… có ứng dụng», "
    "«Tối thiểu 02 …», «Có 1 …», «Có 3 … trở lên hoặc 100% …», "
    "«100% xã, phường, thị trấn đạt mức độ chuyển đổi số …»",
)


class UnreadableCell(ValueError):
    """A cell that says nothing the grammar knows: ``found`` and ``expected`` tell what and why."""

    def __init__(self, found: Text, expected: Text = EXPECTED) -> None:
        self.found, self.expected = found, expected
        super().__init__(f"{found.en}; {expected.en}")


def read_requirement(cell: str, levels: Iterable[LevelName]) -> Requirement:
    """The requirement that ``cell`` states; ``levels`` are the framework's own level names.

    Raises ``UnreadableCell`` for every other wording.
    """
    if _NOTHING.fullmatch(cell):
        return NotApplicable()
    if match := _RATIO.fullmatch(cell):
        return _ratio(cell, match)
    if match := _COUNT_OR_ALL.fullmatch(cell):
        if match["all"] == match["thing"] and _is_plain(match["thing"]):
            return Count(int(match["number"]), or_all=True)
    elif match := _EVERY_AND_SHARE.fullmatch(cell) or _EVERY.fullmatch(cell):
        return _members(cell, match, {level.name.casefold(): level.number for level in levels})
    elif match := _COUNT.fullmatch(cell):
        if _is_plain(match["thing"]):
            return Count(int(match["number"]))
    elif (match := _PRESENCE.fullmatch(cell)) and _is_plain(match["thing"] or match["bearer"] or ""):
        return Presence()
    raise UnreadableCell(Text(f"không đọc được ô «{cell}»", f"the cell «{cell}» cannot be read"))


def _is_plain(thing: str) -> bool:
    return not _MORE_THAN_PLAIN.search(thing.casefold())


def _ratio(cell: str, match: re.Match[str]) -> Ratio:
    """``12,5%`` → 125/1000: exact, with as many digits as printed."""
    decimals = match["decimals"] or ""
    ratio = Ratio(int(match["whole"] + decimals), 100 * 10 ** len(decimals))
    if not 0 < ratio.at_least <= Fraction(1):
        raise UnreadableCell(
            Text(f"ô «{cell}» nêu tỷ lệ không thể có", f"the cell «{cell}» states an impossible share"),
            Text("cần tỷ lệ lớn hơn 0% và không quá 100%", "a share above 0% and up to 100% is expected"),
        )
    return ratio


def _members(cell: str, match: re.Match[str], numbers: dict[str, int]) -> Members:
    """District I.1: ``mức …`` names a level of the framework; reaching it means that level or higher."""
    named = match.groupdict()
    unknown = [name for name in (named["every"], named.get("at")) if name and name.casefold() not in numbers]
    if unknown:
        known = ", ".join(numbers)
        raise UnreadableCell(
            Text(f"ô «{cell}» nêu mức «{unknown[0]}»", f"the cell «{cell}» names a level «{unknown[0]}»"),
            Text(f"cần tên một mức của khung: {known}", f"a level of the framework is expected: {known}"),
        )
    tier, every = MEMBERS[named["members"]], numbers[named["every"].casefold()]
    if named.get("at") is None:
        return Members(tier, every)
    at = numbers[named["at"].casefold()]
    if at <= every:
        raise UnreadableCell(
            Text(
                f"ô «{cell}»: mức «{named['at']}» không cao hơn mức «{named['every']}»",
                f"the cell «{cell}»: level «{named['at']}» is not above level «{named['every']}»",
            ),
            Text("mức nêu sau phải cao hơn mức nêu trước", "the second level must be the higher one"),
        )
    return Members(tier, every, _ratio(cell, match), at)


def implies(one: Requirement, other: Requirement) -> bool:
    """Whether everything that meets ``one`` also meets ``other``: it demands as much or more."""
    match one, other:
        case _, NotApplicable():
            return True
        case Ratio(), Ratio():
            return one.at_least >= other.at_least
        case Presence(), Presence():
            return True
        case Count(), Count():
            # All of a total above 0 is at least one, and of a total of one it is no more.
            surely = 1 if one.or_all and not other.or_all else one.at_least
            return surely >= other.at_least
        case Members(), Members():
            return one.tier == other.tier and one.every >= other.every and _implies_share(one, other)
    return False


def _implies_share(one: Members, other: Members) -> bool:
    if other.share is None or other.at is None or one.every >= other.at:
        return True
    if one.share is None or one.at is None:
        return False
    return one.at >= other.at and one.share.at_least >= other.share.at_least
