"""The Word templates of the papers about levels: the recognition, the appraisal sheet, the summary."""

from collections.abc import Sequence
from typing import Any

from reports.templates.blocks import (
    CENTRE,
    JUSTIFY,
    act,
    blank,
    council,
    letterhead,
    line,
    listing,
    opening,
    pictures,
    rule,
)


def annex(document: Any, name: str) -> None:
    heading = line(document.add_paragraph(), f"PHỤ LỤC {{{{ annexes.{name}.numeral }}}}", CENTRE, bold=True)
    heading.paragraph_format.page_break_before = True
    line(document.add_paragraph(), f"{{{{ annexes.{name}.title }}}}", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p if provisional_mark %}")
    line(document.add_paragraph(), "({{ provisional_mark }})", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{{ enclosed }}", CENTRE, italic=True, size=13)
    rule(document, 61, after=6)


def decision() -> Any:
    document = act(
        "provisional_mark",
        "({{ provisional_mark }}; lý do tại Phụ lục {{ annexes.provisional.numeral }})",
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    )
    annex(document, "recognised")
    listing(
        document,
        (
            ("STT", 13, "{{ row.index }}", True),
            ("Mã", 20, "{{ row.code }}", True),
            ("Tên đơn vị", 53, "{{ row.name }}", False),
            ("Mức độ được công nhận", 25, "{{ row.level }}", True),
            ("Tên mức độ", 27, "{{ row.level_name }}", True),
            ("Mức độ đã đăng ký", 22, "{{ row.registered }}", True),
        ),
        "recognised",
        none="Không có đơn vị nào.",
    )
    optional(
        document,
        "unrecognised",
        (
            ("STT", 13, "{{ row.index }}", True),
            ("Mã", 20, "{{ row.code }}", True),
            ("Tên đơn vị", 37, "{{ row.name }}", False),
            ("Lý do chính", 90, "{%p for reason in row.reasons %}|- {{ reason }}.|{%p endfor %}", False),
        ),
    )
    optional(
        document,
        "readings",
        (
            ("STT", 13, "{{ row.index }}", True),
            ("Điều, khoản", 35, "{{ row.clause }}", False),
            ("Cách hiểu được áp dụng", 65, "{{ row.reading }}", False),
            ("Cách hiểu khác", 47, "{{ row.alternative }}", False),
        ),
        size=10.5,
    )
    optional(
        document,
        "members",
        (
            ("STT", 12, "{{ row.index }}", True),
            ("Đơn vị được xét", 37, "{{ row.above }}", False),
            ("Đơn vị trực thuộc", 40, "{{ row.name }}", False),
            ("Mức độ", 25, "{{ row.level }}", True),
            ("Nguồn", 46, "{{ row.source }}", False),
        ),
    )
    line(document.add_paragraph(), "{%p if provisional %}")
    annex(document, "provisional")
    line(document.add_paragraph(), "{%p for reason in provisional %}")
    line(document.add_paragraph(), "{{ loop.index }}. {{ reason }}", JUSTIFY, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p endif %}")
    return document


def optional(document: Any, name: str, columns: Sequence[tuple[str, float, str, bool]], *, size: float = 12) -> None:
    """An annex that a decision may lack."""
    line(document.add_paragraph(), f"{{%p if annexes.{name} %}}")
    annex(document, name)
    listing(document, columns, name, size=size)
    line(document.add_paragraph(), "{%p endif %}")


def appraisal() -> Any:
    document = blank(wide=True)
    letterhead(document, width=247)
    opening(document, "{{ labels.appraisal }}")
    line(document.add_paragraph(), "{{ citation }}", italic=True, size=11, before=4, after=4)
    line(document.add_paragraph(), "{{ levels }}", bold=True, size=13, after=4)
    pictures(document)
    levels = [(f"{{{{ level_names[{n}] }}}}", 16.0, f"{{{{ row.cells[{n}] }}}}", True) for n in range(5)]
    listing(
        document,
        (
            ("{{ labels.code }}", 11, "{{ row.code }}", True),
            ("{{ labels.criterion }}", 43, "{{ row.name }}", False),
            *levels,
            ("{{ labels.reported }}", 19, "{{ row.reported }}", True),
            ("{{ labels.accepted }}", 19, "{{ row.accepted }}", True),
            ("{{ labels.level }}", 13, "{{ row.level }}", True),
            ("{{ labels.reason }}", 38, "{{ row.reason }}", False),
            ("{{ labels.documents }}", 24, "{{ row.documents }}", False),
        ),
        "groups",
        size=9,
        heading="{{ group.heading }}",
    )
    line(document.add_paragraph(), "{{ labels.truncated }}", italic=True, size=11, before=4)
    line(document.add_paragraph(), "{{ headline }}", bold=True, size=13, before=6)
    council(document)
    return document


def summary() -> Any:
    document = blank(wide=True)
    letterhead(document, width=247)
    opening(document, "{{ labels.summary }}")
    line(document.add_paragraph(), "{{ sentence }}", JUSTIFY, size=13, before=6, after=6)
    line(document.add_paragraph(), "{{ labels.distribution }}", bold=True, size=13, before=6, after=4)
    listing(
        document,
        (
            ("{{ labels.level }}", 70, "{{ row.level }}", False),
            ("{{ labels.registered }}", 40, "{{ row.registered }}", True),
            ("{{ labels.recognised }}", 40, "{{ row.recognised }}", True),
            ("{{ labels.claimed }}", 40, "{{ row.claimed }}", True),
            ("{{ labels.possible }}", 40, "{{ row.possible }}", True),
        ),
        "distribution",
    )
    line(document.add_paragraph(), "{{ labels.units }}", bold=True, size=13, before=8, after=4)
    listing(
        document,
        (
            ("{{ labels.number }}", 13, "{{ row.index }}", True),
            ("{{ labels.code }}", 18, "{{ row.code }}", True),
            ("{{ labels.unit }}", 58, "{{ row.name }}", False),
            ("{{ labels.registered }}", 22, "{{ row.registered }}", True),
            ("{{ labels.recognised }}", 27, "{{ row.recognised }}", True),
            ("{{ labels.claimed }}", 27, "{{ row.claimed }}", True),
            ("{{ labels.possible }}", 27, "{{ row.possible }}", True),
            ("{{ labels.blockers }}", 55, "{{ row.blockers }}", False),
        ),
        "rows",
    )
    line(document.add_paragraph(), "{%p if blocking %}")
    line(document.add_paragraph(), "{{ labels.blocking }}", bold=True, size=13, before=8, after=4)
    listing(
        document,
        (
            ("{{ labels.code }}", 20, "{{ row.code }}", True),
            ("{{ labels.criterion }}", 180, "{{ row.name }}", False),
            ("{{ labels.blocked }}", 47, "{{ row.count }}", True),
        ),
        "blocking",
    )
    line(document.add_paragraph(), "{%p endif %}")
    pictures(document)
    return document
