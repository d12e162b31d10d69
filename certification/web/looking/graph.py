"""The graph of a unit and the units whose levels it reads: which of them hold it back, and by what."""

from collections.abc import Mapping

from attrs import frozen
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from certification.procedure.actions import Action
from certification.store.assessments import framework_of
from certification.store.models import UnitRecord
from certification.store.subjects import outline_of
from certification.web.exports import exporting
from certification.web.gate import gate, require
from certification.web.looking.places import chosen, level_in, places_of, verdicts_about
from certification.web.speech import language
from reports.sentences import headline, member_source, short_reason
from reports.words import collation_key
from rules.explain import explain
from rules.verdict import Explanation, Member

DRAWN = 60
"""How many members the drawing shows; the table beneath lists them all."""
_REASONS = 3

ROW, TOP, NODE_X, NODE_WIDTH, HEAD_WIDTH, HEIGHT = 40, 20, 430, 460, 250, 30


@frozen
class Node:
    """One member: its level, whether it holds the unit above back, what it would have to reach, and why it has not."""

    member: Member
    key: int  # of its record, for the link; 0: none
    wanted: int  # the level it must rise to; 0: it does not hold back
    source: str
    every: tuple[str, ...]  # reason
    y: int

    @property
    def reasons(self) -> tuple[str, ...]:
        """The first reasons; in a workbook all of them."""
        return self.every if exporting("members") else self.every[:_REASONS]

    @property
    def more(self) -> int:
        """How many reasons the page does not show."""
        return len(self.every) - len(self.reasons)

    @property
    def middle(self) -> int:
        return self.y + HEIGHT // 2


@frozen
class Picture:
    """Where everything stands in the drawing."""

    nodes: tuple[Node, ...]
    height: int

    @property
    def centre(self) -> int:
        return self.height // 2

    def edge(self, node: Node) -> str:
        """The line from the unit to one of its members."""
        start, bend = 10 + HEAD_WIDTH, (10 + HEAD_WIDTH + NODE_X) // 2
        return f"M{start} {self.centre}C{bend} {self.centre} {bend} {node.middle} {NODE_X} {node.middle}"


@gate(Action.READ_UNIT, UnitRecord)
def show_graph(request: HttpRequest, unit: UnitRecord) -> HttpResponse:
    """A district with its communes; ``?level=`` is the level asked about, by default the next."""
    place = chosen(request, places_of(request, unit))
    if place is None:
        raise Http404
    require(request, Action.READ_DOSSIER, outline_of(place.dossier))
    verdict, verdicts = verdicts_about(place.dossier)
    if not verdict.members:
        raise Http404
    asked = level_in(request, verdict)
    explanation = explain(verdict, asked, verdicts)
    records = dict(
        UnitRecord.objects.filter(dossiers__cycle=place.dossier.cycle_id, parent=unit).values_list("code", "pk")
    )
    nodes = nodes_of(explanation, records)
    context = {
        "unit": unit,
        "dossier": place.dossier,
        "framework": framework_of(place.dossier.cycle),
        "verdict": verdict,
        "asked": asked,
        "headline": headline(explanation, language()),
        "nodes": nodes,
        "picture": Picture(tuple(nodes[:DRAWN]), TOP * 2 + ROW * min(len(nodes), DRAWN)),
        "own": [
            short_reason(reason, verdict, language()) for reason in explanation.blockers if not reason.holding_back
        ],
        "node_x": NODE_X,
        "node_width": NODE_WIDTH,
        "head_width": HEAD_WIDTH,
        "node_height": HEIGHT,
    }
    return render(request, "looking/graph.html", context)


def nodes_of(explanation: Explanation, records: Mapping[str, int]) -> list[Node]:
    """The members, those that hold back first, each group in the order of names."""
    children = {child.verdict.unit.code: child for child in explanation.children}
    members = sorted(
        explanation.verdict.members,
        key=lambda member: (member.unit.code not in children, collation_key(member.unit.name)),
    )
    return [
        _node(member, children.get(member.unit.code), records.get(member.unit.code, 0), TOP + ROW * at)
        for at, member in enumerate(members)
    ]


def _node(member: Member, child: Explanation | None, key: int, y: int) -> Node:
    source = member_source(member, language())
    if child is None:
        return Node(member, key, 0, source, (), y)
    reasons = tuple(short_reason(reason, child.verdict, language()) for reason in child.blockers)
    return Node(member, key, child.asked, source, reasons, y)
