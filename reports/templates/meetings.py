"""The Word template of a council's minutes: Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.10."""

from typing import Any

from docx.shared import Pt

from reports.templates.blocks import CENTRE, JUSTIFY, blank, grid, grid_table, letterhead, line, mark, rule


def minutes() -> Any:
    document = blank()
    letterhead(document)
    line(document.add_paragraph(), "BIÊN BẢN", CENTRE, bold=True, before=10)
    line(document.add_paragraph(), "{{ subject }}", CENTRE, bold=True)
    rule(document, 61)
    line(document.add_paragraph(), "{%p if draft_mark %}")
    line(document.add_paragraph(), "({{ draft_mark }})", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p endif %}")
    _lines(document, "opening", before=6)
    _heading(document, "Thành phần tham dự:")
    _lines(document, "present")
    line(document.add_paragraph(), "{%p if absent %}")
    _heading(document, "Vắng mặt:")
    _lines(document, "absent")
    line(document.add_paragraph(), "{%p endif %}")
    led = line(document.add_paragraph(), "Chủ trì: ", JUSTIFY, bold=True, indent=12.7, after=4)
    line(led, "{{ chair or '……' }}. ", JUSTIFY, indent=12.7, after=4)
    line(led, "Thư ký: ", JUSTIFY, bold=True, indent=12.7, after=4)
    line(led, "{{ secretary or '……' }}.", JUSTIFY, indent=12.7, after=4)
    _heading(document, "Nội dung:")
    _lines(document, "course")
    grid_table(document, "votes")
    _lines(document, "remarks", before=4, dash="- ")
    line(document.add_paragraph(), "{%p if discussion %}")
    _heading(document, "Ý kiến thảo luận, kết luận:")
    line(document.add_paragraph(), "{%p endif %}")
    _lines(document, "discussion")
    line(document.add_paragraph(), "{{ ending }}", JUSTIFY, indent=12.7, after=4)
    row = grid(document, (80, 80), borders=False).rows[0]
    mark(row, "cantSplit")
    for cell, capacity, name in zip(row.cells, ("THƯ KÝ", "CHỦ TỌA"), ("secretary", "chair"), strict=True):
        signed = line(cell.paragraphs[0], capacity, CENTRE, bold=True, before=6)
        signed.paragraph_format.space_after = Pt(72)
        line(cell.add_paragraph(), f"{{{{ {name} }}}}", CENTRE, bold=True)
    line(document.add_paragraph(), "Nơi nhận:", bold=True, italic=True, size=12, before=6)
    line(document.add_paragraph(), "{%p for recipient in recipients %}", size=11)
    line(document.add_paragraph(), "{{ recipient }}", size=11)
    line(document.add_paragraph(), "{%p endfor %}", size=11)
    return document


def _heading(document: Any, text: str) -> None:
    shown = line(document.add_paragraph(), text, JUSTIFY, bold=True, indent=12.7, after=4)
    shown.paragraph_format.keep_with_next = True


def _lines(document: Any, name: str, *, before: float = 0, dash: str = "") -> None:
    line(document.add_paragraph(), f"{{%p for line in {name} %}}")
    line(document.add_paragraph(), f"{dash}{{{{ line }}}}", JUSTIFY, indent=12.7, before=before, after=4)
    line(document.add_paragraph(), "{%p endfor %}")
