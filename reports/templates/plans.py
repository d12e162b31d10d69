"""The Word templates of papers in sections: the work plan (kế hoạch), the yearly report (báo cáo)."""

from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK

from reports.templates.blocks import (
    CENTRE,
    JUSTIFY,
    blank,
    closing,
    grid_table,
    letterhead,
    line,
    page,
    pictures,
    rule,
)


def work_plan() -> Any:
    return _paper("KẾ HOẠCH")


def year_report() -> Any:
    return _paper("BÁO CÁO", addressed=True)


def _paper(kind: str, *, addressed: bool = False) -> Any:
    """A paper of ``kind`` in sections, with annexes on wide pages."""
    document = blank()
    letterhead(document)
    line(document.add_paragraph(), kind, CENTRE, bold=True, before=10)
    line(document.add_paragraph(), "{{ subject }}", CENTRE, bold=True)
    rule(document, 61)
    line(document.add_paragraph(), "{%p if draft_mark %}")
    line(document.add_paragraph(), "({{ draft_mark }})", CENTRE, bold=True, after=4)
    line(document.add_paragraph(), "{%p endif %}")
    if addressed:
        line(document.add_paragraph(), "{{ addressed }}", CENTRE, before=6, after=8)
    line(document.add_paragraph(), "{%p for ground in grounds %}")
    line(document.add_paragraph(), "{{ ground }}", JUSTIFY, italic=True, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{{ opens }}", JUSTIFY, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p for section in sections %}")
    heading = line(
        document.add_paragraph(), "{{ section.heading }}", JUSTIFY, bold=True, indent=12.7, before=4, after=4
    )
    heading.paragraph_format.keep_with_next = True
    line(document.add_paragraph(), "{%p for part in section.parts %}")
    line(document.add_paragraph(), "{%p if part.heading %}")
    heading = line(document.add_paragraph(), "{{ part.heading }}", JUSTIFY, bold=True, indent=12.7, after=4)
    heading.paragraph_format.keep_with_next = True
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{%p for paragraph in part.paragraphs %}")
    line(document.add_paragraph(), "{{ paragraph }}", JUSTIFY, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p if part.table %}")
    grid_table(document, "part.table")
    line(document.add_paragraph(), " ", size=6)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p endfor %}")
    last = line(document.add_paragraph(), "{{ ends }}", JUSTIFY, indent=12.7, after=4)
    last.paragraph_format.keep_with_next = True
    closing(document, ("{%p for line in capacity %}", "{{ line }}", "{%p endfor %}", ""))
    section = document.add_section(WD_SECTION.NEW_PAGE)
    page(section, wide=True)
    section.different_first_page_header_footer = False
    _annexes(document)
    return document


def _annexes(document: Any) -> None:
    line(document.add_paragraph(), "{%p for annex in annexes %}")
    line(document.add_paragraph(), "PHỤ LỤC {{ annex.numeral }}", CENTRE, bold=True)
    line(document.add_paragraph(), "{{ annex.title }}", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p if draft_mark %}")
    line(document.add_paragraph(), "(DỰ THẢO)", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{{ enclosed }}", CENTRE, italic=True, size=13)
    rule(document, 105, after=6)
    line(document.add_paragraph(), "{%p if annex.drawing %}")
    pictures(document)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{%p if annex.table %}")
    grid_table(document, "annex.table")
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{%p for entry in annex.entries %}")
    line(document.add_paragraph(), "{{ loop.index }}. {{ entry }}", JUSTIFY, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p for note in annex.notes %}")
    line(document.add_paragraph(), "{{ note }}", italic=True, size=11, before=2)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p if not loop.last %}")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{%p endfor %}")
