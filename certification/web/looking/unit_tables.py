"""The tables of a unit's pages (its criteria, its documents), and the columns that they share with other tables."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from markupsafe import Markup

from certification.store.assessments import framework_of
from certification.store.models import ActUnit, Cycle, Dossier, UnitRecord
from certification.store.results import Result
from certification.web.addresses import address_of
from certification.web.looking.documents import DocumentRow
from certification.web.speech import language
from certification.web.tables import Column, Table, badge, level_badge
from certification.web.words import mark_of
from levels.faults import Text
from levels.framework import LEVELS, Criterion, Framework
from reports.overview import reported_and_accepted
from reports.sentences import standing_text
from rules.verdict import CriterionVerdict, Standing


@frozen
class Year:
    """One year of a unit: what was computed and what was recognised."""

    dossier: Dossier
    result: Result | None  # None: not for this reader, or a year of points
    act: ActUnit | None  # of a recognition in force


def criteria_table(dossier: Dossier) -> Table[CriterionVerdict]:
    """The table of a unit's criteria."""
    cycle, unit = dossier.cycle, dossier.unit

    def href(found: CriterionVerdict) -> str:
        return f"{address_of('looking:criterion', unit.pk, found.code)}?cycle={cycle.pk}"

    columns: Sequence[Column[CriterionVerdict]] = (
        Column(
            key="code",
            title=Text(vi="Mã", en="Code"),
            value=lambda found: found.code,
            href=href,
            rank=lambda found: _order(framework_of(cycle), dossier, found.criterion),
            names_row=True,
            width=8,
        ),
        criterion_column(),
        Column(
            key="reported",
            title=Text(vi="Báo cáo", en="Reported"),
            value=lambda found: reported_and_accepted(found, language())[0],
            sortable=False,
            align="end",
            width=18,
        ),
        Column(
            key="accepted",
            title=Text(vi="Thẩm định", en="Accepted"),
            value=lambda found: reported_and_accepted(found, language())[1],
            sortable=False,
            align="end",
            width=18,
        ),
        Column(
            key="level",
            title=Text(vi="Mức", en="Level"),
            value=lambda found: None if found.standing is Standing.EXEMPT else found.levels.level,
            show=_level,
            align="middle",
            width=8,
        ),
        Column(
            key="claimed",
            title=Text(vi="Tự đánh giá", en="Claimed"),
            value=lambda found: None if found.standing is Standing.EXEMPT else found.levels.claimed_level,
            align="middle",
            width=10,
        ),
        Column(
            key="possible",
            title=Text(vi="Còn có thể", en="Possible"),
            value=lambda found: None if found.standing is Standing.EXEMPT else found.levels.possible_level,
            align="middle",
            width=10,
        ),
        Column(
            key="standing",
            title=Text(vi="Tình trạng", en="Status"),
            value=lambda found: standing_text(found, language()),
            show=standing_badge,
            width=22,
        ),
        Column(
            key="documents",
            title=Text(vi="Tài liệu", en="Documents"),
            value=lambda found: len(found.fact.documents) if found.fact else 0,
            align="end",
            width=10,
        ),
    )
    return Table(
        name=f"tieu-chi-{unit.code}-{cycle.year}",
        caption=Text(vi=f"Tiêu chí của {unit.name}, năm {cycle.year}", en=f"Criteria of {unit.name} in {cycle.year}"),
        columns=columns,
        sort="code",
        size=len(LEVELS) * 20,  # all of them on one page
    )


def _order(framework: Framework, dossier: Dossier, criterion: Criterion) -> int:
    criteria = next(each.criteria for tier, each in framework.sets.items() if tier == dossier.unit.tier)
    return [each.code for each in criteria].index(criterion.code)


def _level(found: CriterionVerdict) -> Markup:
    if found.standing is Standing.EXEMPT:
        return badge(mark_of(found.standing))
    return level_badge(found.levels.level)


def standing_badge(found: CriterionVerdict) -> Markup:
    """How a criterion stands, in words."""
    text = standing_text(found, language())
    match found.standing:
        case Standing.ACCEPTED | Standing.DERIVED:
            return badge(text, "good")
        case Standing.SELF_REPORTED:
            return badge(text, "info")
        case Standing.REJECTED | Standing.EXPIRED:
            return badge(text, "bad")
        case Standing.UNKNOWN | Standing.ZERO_BASE:
            return badge(text, "warn")
        case _:
            return badge(text)


def unit_column(cycle: Cycle) -> Column[Any]:
    """The unit of a row (``.unit``), which leads to its page in ``cycle``; in the order of names."""
    return Column(
        key="name",
        title=Text(vi="Đơn vị", en="Unit"),
        value=lambda row: row.unit.name,
        rank=lambda row: row.unit.sort_key,
        href=lambda row: f"{address_of('looking:unit', row.unit.pk)}?cycle={cycle.pk}",
        names_row=True,
        width=30,
    )


def criterion_column() -> Column[Any]:
    """What the criterion of a row (``.criterion``) is called."""
    return Column(
        key="name",
        title=Text(vi="Tiêu chí", en="Criterion"),
        value=lambda row: row.criterion.name,
        sortable=False,
        width=46,
    )


def documents_table(unit: UnitRecord) -> Table[DocumentRow]:
    """The documents of a unit, for Excel."""
    columns: Sequence[Column[DocumentRow]] = (
        Column(key="text", title=Text(vi="Tài liệu", en="Document"), value=lambda row: row.text, width=60),
        Column(
            key="criteria",
            title=Text(vi="Tiêu chí", en="Criteria"),
            value=lambda row: ", ".join(row.criteria),
            width=30,
        ),
        Column(key="type", title=Text(vi="Loại tệp", en="File type"), value=lambda row: row.media_type, width=24),
        Column(key="size", title=Text(vi="Số byte", en="Bytes"), value=lambda row: row.size),
        Column(key="sha256", title=Text(vi="SHA-256", en="SHA-256"), value=lambda row: row.sha256, width=66),
    )
    caption = Text(vi=f"Tài liệu kiểm chứng của {unit.name}", en=f"Documents of {unit.name}")
    return Table(name=f"tai-lieu-{unit.code}", caption=caption, columns=columns)
