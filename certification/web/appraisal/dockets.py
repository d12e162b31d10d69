"""One dossier before the council: all its criteria with what is claimed, ruled and still open."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from markupsafe import Markup

from certification.procedure.actions import Action
from certification.store.appraisal import acceptable
from certification.store.effects import Levelled
from certification.store.matters import Matter
from certification.store.models import Dossier
from certification.web.addresses import address_of
from certification.web.appraisal.reading import Bench, amount_words, sit, standing_words
from certification.web.gate import gate
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, badge, level_badge, lines, show_table
from evidence.facts import Status
from evidence.rulings import RULINGS, Ruling
from evidence.values import STATUS_NAMES
from levels.faults import Text
from reports.words import NOTHING
from rules.scores import IndicatorScore
from rules.verdict import CriterionVerdict

KINDS: Mapping[Ruling, str] = {
    Ruling.ACCEPT: "good",
    Ruling.ADJUST: "info",
    Ruling.REJECT: "bad",
    Ruling.EXEMPT: "neutral",
}


@frozen
class Row:
    """One matter with what follows from it."""

    matter: Matter
    doubts: int
    verdict: CriterionVerdict | None  # of levels
    line: IndicatorScore | None  # of points


@frozen
class Filter:
    """One way to narrow the table."""

    key: str
    label: Text
    holds: Callable[[Row], bool]


FILTERS = (
    Filter("", Text(vi="Tất cả", en="All"), lambda _: True),
    Filter(
        "open",
        Text(vi="Chưa kết luận", en="Open"),
        lambda row: not row.matter.ruled and not row.matter.derived,
    ),
    Filter("doubtful", Text(vi="Có điều cần xem lại", en="Doubtful"), lambda row: row.doubts > 0),
    Filter(
        "unproven",
        Text(vi="Thiếu tài liệu", en="Unproven"),
        lambda row: not row.matter.proven and not row.matter.derived,
    ),
    Filter(
        "unknown",
        Text(vi="Không có số liệu", en="No value"),
        lambda row: not row.matter.claimed and not row.matter.derived,
    ),
    Filter(
        "changed",
        Text(vi="Khác báo cáo", en="Not as reported"),
        lambda row: row.matter.ruling in (Ruling.ADJUST, Ruling.REJECT, Ruling.EXEMPT),
    ),
)


@gate(Action.READ_RULINGS, Dossier)
@require_GET
def show_docket(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """All criteria in a table; ``?show=`` narrows it."""
    bench = sit(request, dossier)
    rows = rows_of(bench)
    chosen = next((each for each in FILTERS if each.key == request.GET.get("show", "")), FILTERS[0])
    tabs = [
        (
            f"{tell(each.label)} ({sum(map(each.holds, rows))})",
            address_of("appraisal:dossier", dossier.pk) + (f"?show={each.key}" if each.key else ""),
            each is chosen,
        )
        for each in FILTERS
    ]
    waiting = next((row.matter for row in rows if FILTERS[1].holds(row)), None)
    context = {
        "bench": bench,
        "dossier": dossier,
        "tabs": tabs,
        "acceptable": len(acceptable(bench.docket, bench.doubts)),
        "waiting": waiting,
        "standing": standing_of(bench),
    }
    table = _table(dossier, isinstance(bench.weighed, Levelled))
    return show_table(request, "appraisal/docket.html", table, [row for row in rows if chosen.holds(row)], context)


def standing_of(bench: Bench) -> dict[str, object]:
    """The levels, or points and rank, that stand now; what every page of the appraisal shows at its head."""
    weighed = bench.weighed
    if isinstance(weighed, Levelled):
        above = [
            (weighed.assessment.units[code], weighed.results[code].levels)
            for code in weighed.readers
            if code in bench.above
        ]
        framework = weighed.assessment.framework
        return {
            "levels": weighed.verdict.levels,
            "framework": framework,
            "above": above,
            "place": None,
            "ranked": False,
        }
    return {"levels": None, "framework": None, "above": [], "place": weighed.place, "ranked": bench.ranked}


def rows_of(bench: Bench) -> list[Row]:
    """Every matter of the dossier with what follows from it, in printed order."""
    weighed = bench.weighed
    verdicts: dict[str, CriterionVerdict] = {}
    scored: dict[str, IndicatorScore] = {}
    if isinstance(weighed, Levelled):
        verdicts = {each.code: each for each in weighed.verdict.criteria}
    elif weighed.place is not None:
        scored = weighed.place.score.by_code
    return [
        Row(matter, len(bench.doubts.get(matter.code, ())), verdicts.get(matter.code), scored.get(matter.code))
        for matter in bench.docket.matters
    ]


def claimed_words(matter: Matter) -> str:
    """What the unit reports, of several facts each with its name."""
    if matter.derived:
        return say("theo các đơn vị trực thuộc", "from the member units")
    return "; ".join(_named(matter, [amount_words(part.asked, part.claim.amount) for part in matter.parts]))


def ruled_words(matter: Matter) -> str:
    """What the council has made of it."""
    if not any(part.ruled for part in matter.parts):
        return ""
    return "; ".join(_named(matter, [standing_words(part) or NOTHING for part in matter.parts]))


def _named(matter: Matter, values: list[str]) -> list[str]:
    if len(values) == 1:
        return values
    return [f"{part.asked.code.rpartition(':')[2]}: {value}" for part, value in zip(matter.parts, values, strict=True)]


def ruling_name(matter: Matter) -> str:
    """The ruling that stands, in words; what is open by what is known."""
    if matter.derived and not matter.ruled:
        return say("tính theo đơn vị trực thuộc", "derived")
    if matter.ruling is not None:
        return tell(RULINGS[matter.ruling])
    if any(part.ruled for part in matter.parts):
        return say("mới kết luận một phần", "ruled in part")
    known = Status.SELF_REPORTED if matter.claimed else Status.UNKNOWN
    return tell(STATUS_NAMES[known])


def ruling_badge(matter: Matter) -> Markup:
    """The same as a badge."""
    kind = KINDS.get(matter.ruling, "warn") if matter.ruling else "neutral" if matter.derived else "warn"
    return badge(ruling_name(matter), kind)  # type: ignore[arg-type]  # mypy widens the literals to str


def _table(dossier: Dossier, levels: bool) -> Table[Row]:
    columns: list[Column[Row]] = [
        Column(
            key="code",
            title=Text(vi="Mã", en="Code"),
            value=lambda row: row.matter.code,
            href=lambda row: address_of("appraisal:matter", dossier.pk, row.matter.code),
            sortable=False,
            width=9,
        ),
        Column(
            key="name",
            title=Text(vi="Tiêu chí", en="Criterion") if levels else Text(vi="Chỉ số", en="Indicator"),
            value=lambda row: row.matter.name,
            names_row=True,
            sortable=False,
            width=60,
        ),
        Column(
            key="claimed",
            title=Text(vi="Báo cáo", en="Reported"),
            value=lambda row: claimed_words(row.matter),
            show=lambda row: lines(claimed_words(row.matter).split("; ")),
            sortable=False,
            align="end",
            width=24,
        ),
        Column(
            key="council",
            title=Text(vi="Hội đồng", en="Council"),
            value=lambda row: ruled_words(row.matter),
            show=lambda row: lines(ruled_words(row.matter).split("; ")),
            sortable=False,
            align="end",
            width=24,
        ),
        Column(
            key="ruling",
            title=Text(vi="Kết luận", en="Ruling"),
            value=lambda row: ruling_name(row.matter),
            show=lambda row: ruling_badge(row.matter),
            width=20,
        ),
        Column(
            key="documents",
            title=Text(vi="Tài liệu", en="Documents"),
            value=lambda row: sum(len(part.claim.documents) for part in row.matter.parts),
            align="end",
        ),
        Column(
            key="doubts",
            title=Text(vi="Cần xem lại", en="Doubts"),
            value=lambda row: row.doubts,
            show=lambda row: badge(str(row.doubts), "warn") if row.doubts else Markup("–"),
            align="end",
        ),
    ]
    columns += _level_columns() if levels else _point_columns()
    columns.append(
        Column(
            key="by",
            title=Text(vi="Người kết luận", en="Ruled by"),
            value=lambda row: row.matter.appraiser,
            width=24,
        )
    )
    return Table(
        name="criteria",
        caption=Text(vi="Các tiêu chí của hồ sơ", en="The criteria of the dossier"),
        columns=columns,
        size=200,
    )


def _level_columns() -> list[Column[Row]]:
    return [
        Column(
            key="level",
            title=Text(vi="Mức chấp nhận", en="Accepted level"),
            value=lambda row: None if row.verdict is None else row.verdict.levels.level,
            show=lambda row: level_badge(None if row.verdict is None else row.verdict.levels.level),
            align="middle",
        ),
        Column(
            key="claimed_level",
            title=Text(vi="Mức tự đánh giá", en="Self-assessed level"),
            value=lambda row: None if row.verdict is None else row.verdict.levels.claimed_level,
            show=lambda row: level_badge(None if row.verdict is None else row.verdict.levels.claimed_level),
            align="middle",
        ),
    ]


def _point_columns() -> list[Column[Row]]:
    return [
        Column(
            key="points",
            title=Text(vi="Điểm", en="Points"),
            value=lambda row: None if row.line is None else row.line.points,
            align="end",
        ),
        Column(
            key="max",
            title=Text(vi="Tối đa", en="Maximum"),
            value=lambda row: None if row.line is None else Fraction(row.line.reachable),
            align="end",
        ),
    ]
