"""Makes the Word templates beside this file: ``python -m reports.templates.make``.

An office may open them in Word and edit them; these scripts are how ours came about, so that a
change of layout can be read in a diff. Layout: Nghị định 30/2020/NĐ-CP, Appendix I.
"""

from pathlib import Path

from reports.documents import save
from reports.templates import levels, meetings, plans, points

HERE = Path(__file__).parent

MAKERS = {
    "minutes": meetings.minutes,
    "decision": levels.decision,
    "appraisal": levels.appraisal,
    "summary": levels.summary,
    "publication": points.publication,
    "score_sheet": points.score_sheet,
    "work_list": points.work_list,
    "ranking_report": points.ranking_report,
    "work_plan": plans.work_plan,
    "year_report": plans.year_report,
}


def make(folder: Path) -> None:
    """Write every template into ``folder``."""
    for name, maker in MAKERS.items():
        document = maker()
        properties = document.core_properties
        properties.author, properties.title, properties.comments = "", "{{ title }}", ""
        (folder / f"{name}.docx").write_bytes(save(document))


if __name__ == "__main__":
    make(HERE)
