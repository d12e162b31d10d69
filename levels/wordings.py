"""The words of a decision that can be read in more than one way, as data.

Every framework that uses such words must say by a cited interpretation how it reads them, and
every framework must say how it reads what no decision spells out.
"""

import re
from collections.abc import Callable, Iterator

from attrs import frozen

from levels.faults import Text
from levels.framework import Criterion, Framework
from levels.requirements import MEMBERS


@frozen
class Ambiguity:
    """Words (``pattern``) of some columns of the table, and the question they leave open."""

    pattern: re.Pattern[str]
    columns: tuple[str, ...]
    question: Text


@frozen
class OpenPoint:
    """A question on which the text is silent; the interpretation with ``id`` must answer it."""

    id: str
    asked_by: Callable[[Framework], bool]
    question: Text


_TEXTS = ("name", "method")
_METHOD = ("method",)
_CELLS = ("cells",)

AMBIGUITIES = (
    Ambiguity(
        re.compile(r"\(nếu có\)"),
        _TEXTS,
        Text("nơi không có thì được miễn hay không đạt", "is a place that has none exempt or does it fail"),
    ),
    Ambiguity(
        re.compile(r"được tính cho [0-9]+ năm"),
        _TEXTS,
        Text("tính theo kỳ đánh giá hay theo tháng", "is it counted in cycles or in months"),
    ),
    Ambiguity(
        re.compile(r"hoặc 100%"),
        _CELLS,
        Text(
            "tổng số bằng 0 thì sao, mức dưới còn ràng buộc không", "what of a total of 0, do lower levels still bind"
        ),
    ),
    Ambiguity(
        re.compile(r"tối thiểu [0-9,]+%"),
        _CELLS,
        Text("số lẻ làm tròn thế nào", "how is a fraction of a unit rounded"),
    ),
    Ambiguity(
        re.compile(r"trở lên"),
        (*_TEXTS, *_CELLS),
        Text("có gồm chính giá trị được nêu không", "is the value itself included"),
    ),
    Ambiguity(
        re.compile(r"đạt mức(?! độ)"),
        _CELLS,
        Text("đúng mức đó hay từ mức đó", "exactly that level, or that level and above"),
    ),
    Ambiguity(
        re.compile(r"đạt mức độ chuyển đổi số"),
        _CELLS,
        Text("mức đã công nhận hay mức tính được", "the recognised level or the computed one"),
    ),
    Ambiguity(
        re.compile(f"100% (?:{'|'.join(MEMBERS)})"),
        _CELLS,
        Text("huyện không có xã thì sao", "what of a unit without members"),
    ),
    Ambiguity(
        re.compile(r"^Có(?! [0-9])|có ứng dụng$"),
        _CELLS,
        Text("có một là đủ hay phải có ở mọi nơi", "is one enough, or must it be everywhere"),
    ),
    Ambiguity(
        re.compile(r"^Có [0-9]"),
        _CELLS,
        Text("đúng số đó hay từ số đó", "exactly that number, or that number and more"),
    ),
    Ambiguity(
        re.compile(r"^Không áp dụng$"),
        _CELLS,
        Text("không ràng buộc hay không xét", "does it not bind, or is it not assessed"),
    ),
    Ambiguity(
        re.compile(r"trưởng thành"),
        _TEXTS,
        Text("từ bao nhiêu tuổi", "from which age"),
    ),
    Ambiguity(
        re.compile(r"độ tuổi lao động"),
        _TEXTS,
        Text("từ bao nhiêu đến bao nhiêu tuổi", "from which age to which"),
    ),
    Ambiguity(
        re.compile(r"được phủ"),
        _TEXTS,
        Text("có thể dùng dịch vụ hay đã kết nối", "is service available, or connected"),
    ),
    Ambiguity(
        re.compile(r"thành viên của"),
        _TEXTS,
        Text("những ai được đếm", "who is counted"),
    ),
    Ambiguity(
        re.compile(r"giải quyết hiệu quả"),
        _TEXTS,
        Text("có phải chứng minh hiệu quả không", "must the effect be shown"),
    ),
    Ambiguity(
        re.compile(r"ít nhất [0-9]+"),
        _METHOD,
        Text("điều kiện này có ràng buộc không", "does this condition bind"),
    ),
)


def _always(_: Framework) -> bool:
    return True


def _has(kind: str) -> Callable[[Framework], bool]:
    return lambda framework: any(c.kind == kind for s in framework.sets.values() for c in s.criteria)


def _has_differing_base(framework: Framework) -> bool:
    return any(differing_base(c) for s in framework.sets.values() for c in s.criteria)


OPEN_POINTS = (
    OpenPoint("criterion-level-cumulative", _always, Text("mức dưới còn ràng buộc không", "do lower levels bind too")),
    OpenPoint("unit-level-lowest", _always, Text("mức của đơn vị tính thế nào", "how a unit's level follows")),
    OpenPoint("level-zero", _always, Text("chưa đạt mức 1 thì sao", "what of a unit below level 1")),
    OpenPoint("accepted-facts-only", _always, Text("số liệu nào được dùng", "which facts count")),
    OpenPoint("registered-level", _always, Text("mức đăng ký có giới hạn không", "does the registered level cap")),
    OpenPoint("fact-one-cycle", _always, Text("số liệu dùng được mấy năm", "for how long a fact counts")),
    OpenPoint("ruling-one-cycle", _always, Text("miễn, bác bỏ có giá trị mấy kỳ", "for how long a ruling holds")),
    OpenPoint("unproven-facts", _always, Text("thiếu tài liệu kiểm chứng thì sao", "what of facts without a document")),
    OpenPoint("closed-dossiers", _always, Text("chốt hồ sơ có hệ quả gì", "what closing the dossiers means")),
    OpenPoint("draft-no-decision", _has("members"), Text("dự thảo có được dùng không", "whether a draft counts")),
    OpenPoint("exact-percentage", _has("ratio"), Text("có làm tròn tỷ lệ không", "are shares rounded")),
    OpenPoint("zero-base", _has("ratio"), Text("mẫu số bằng 0 thì sao", "what of a zero base")),
    OpenPoint("zero-base-exemption", _has("ratio"), Text("ai được miễn", "who may exempt")),
    OpenPoint("provisional-until-recognised", _has("members"), Text("khi nào là cuối cùng", "when it is final")),
    OpenPoint(
        "base-as-in-method",
        _has_differing_base,
        Text("theo tên hay theo phương pháp tính", "the name or the method"),
    ),
    OpenPoint(
        "before-date", lambda f: bool(f.deadlines), Text("«trước ngày» là đến ngày nào", "what «trước ngày» means")
    ),
    OpenPoint("late-dossier", lambda f: any(d.late for d in f.deadlines), Text("nộp muộn thì sao", "what of lateness")),
)

_BASE = re.compile(r"trên (tổng số (?:các )?(\w+,? \w+))")
_SUBJECT = re.compile(r"Tỷ lệ (?:các )?((?:[\w]+,? ?){1,4})")


def differing_base(criterion: Criterion) -> str | None:
    """The base in the method's words where the criterion's name speaks of another thing, else None.

    Commune I.8 is named a share of civil servants and computed as a share of computers: the first
    words of the method's base are not among the first words of what the name counts.
    """
    base, subject = _BASE.search(criterion.method), _SUBJECT.match(criterion.name)
    if base is None or subject is None or base[2].casefold() in subject[1].casefold():
        return None
    return base[1]


def texts_of(criterion: Criterion) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of the criterion's line in the table, with its place in the line."""
    yield ("name",), criterion.name
    yield from ((("cells", index), cell) for index, cell in enumerate(criterion.cells))
    yield ("method",), criterion.method
