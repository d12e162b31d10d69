"""The Word templates of the papers about points: the publication, score sheets, work lists, the report."""

from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK

from reports.templates.blocks import (
    CENTRE,
    JUSTIFY,
    act,
    blank,
    council,
    grid_table,
    letterhead,
    line,
    opening,
    page,
    pictures,
    rule,
    titled,
)


def publication() -> Any:
    document = act(
        "draft_mark", "({{ draft_mark }})", ("{%p for line in capacity %}", "{{ line }}", "{%p endfor %}", "")
    )
    section = document.add_section(WD_SECTION.NEW_PAGE)
    page(section, wide=True)
    section.different_first_page_header_footer = False
    line(document.add_paragraph(), "{%p for annex in annexes %}")
    line(document.add_paragraph(), "PHỤ LỤC {{ annex.numeral }}", CENTRE, bold=True)
    line(document.add_paragraph(), "{{ annex.title }}", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p if annex.heading %}")
    line(document.add_paragraph(), "{{ annex.heading }}", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{%p if draft_mark %}")
    line(document.add_paragraph(), "(DỰ THẢO)", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{{ enclosed }}", CENTRE, italic=True, size=13)
    rule(document, 105, after=6)
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
    return document


def score_sheet() -> Any:
    document = blank(wide=True)
    letterhead(document, width=247)
    opening(document, "{{ labels.sheet }}")
    line(document.add_paragraph(), "{{ citation }}", italic=True, size=11, before=4, after=4)
    line(document.add_paragraph(), "{{ total }}", bold=True, size=13, after=4)
    line(document.add_paragraph(), "{%p if gaps %}")
    line(document.add_paragraph(), "{{ gaps }}", size=13, after=4)
    line(document.add_paragraph(), "{%p endif %}")
    titled(document, "{{ labels.pillars }}", "pillars")
    pictures(document)
    line(document.add_paragraph(), "{%p if rounds %}")
    titled(document, "{{ labels.rounds }}", "rounds")
    line(document.add_paragraph(), "{%p endif %}")
    titled(document, "{{ labels.lines }}", "lines")
    line(document.add_paragraph(), "{%p for note in notes %}")
    line(document.add_paragraph(), "{{ note }}", italic=True, size=11, before=2)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p if readings %}")
    line(document.add_paragraph(), "{{ labels.readings }}", bold=True, size=13, before=8, after=4)
    line(document.add_paragraph(), "{%p for reading in readings %}")
    line(document.add_paragraph(), "{{ loop.index }}. {{ reading }}", JUSTIFY, size=12, after=2)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p endif %}")
    council(document)
    return document


def work_list() -> Any:
    document = blank(wide=True)
    letterhead(document, width=247)
    opening(document, "{{ labels.list }}")
    line(document.add_paragraph(), "{{ citation }}", italic=True, size=11, before=4, after=4)
    line(document.add_paragraph(), "{{ summary }}", bold=True, size=13, after=4)
    for name in ("lead", "units", "support", "general"):
        line(document.add_paragraph(), f"{{%p if {name} %}}")
        titled(document, f"{{{{ labels.{name} }}}}", name)
        line(document.add_paragraph(), "{%p endif %}")
    return document


def ranking_report() -> Any:
    document = blank(wide=True)
    letterhead(document, width=247)
    opening(document, "{{ labels.report }}")
    line(document.add_paragraph(), "{{ citation }}", italic=True, size=11, before=4, after=4)
    line(document.add_paragraph(), "{%p for group in groups %}")
    line(document.add_paragraph(), "{{ group.heading }}", bold=True, before=10, after=4)
    line(document.add_paragraph(), "{{ group.sentence }}", JUSTIFY, size=13, after=4)
    grid_table(document, "group.places")
    line(document.add_paragraph(), "{%p for note in group.notes %}")
    line(document.add_paragraph(), "{{ note }}", italic=True, size=11, before=2)
    line(document.add_paragraph(), "{%p endfor %}")
    titled(document, "{{ labels.losses }}", "group.losses")
    line(document.add_paragraph(), "{%p if group.gaps %}")
    titled(document, "{{ labels.gaps }}", "group.gaps")
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{%p endfor %}")
    pictures(document)
    return document
