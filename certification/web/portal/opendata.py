"""Open data: what was published of a cycle as CSV and JSON, for whoever wants to reckon with it."""

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from certification.store.models import Cycle
from certification.store.published import Stated, simulated, sort_stated, stated_in
from certification.web.files import send_file
from certification.web.gate import public
from certification.web.portal.pages import find_cycle

COLUMNS = (
    "unit",
    "name",
    "tier",
    "parent",
    "level",
    "points",
    "percent",
    "rank",
    "decision",
    "signed_on",
    "revoked",
    "simulated",
)


def _rows(cycle: Cycle) -> list[dict[str, Any]]:
    """A row for every unit; ``simulated``: the cycle holds made-up facts."""
    made_up = cycle.pk in simulated([cycle])
    return [_row(each) | {"simulated": made_up} for each in sort_stated(stated_in(cycle).values())]


def _row(each: Stated) -> dict[str, Any]:
    unit, result = each.entry.dossier.unit, each.entry.result
    return {
        "unit": unit.code,
        "name": unit.name,
        "tier": unit.tier,
        "parent": unit.parent.code if unit.parent else None,
        "level": each.level,
        "points": result.get("points"),
        "percent": result.get("percent"),
        "rank": result.get("rank"),
        "decision": each.act.number,
        "signed_on": each.act.signed_on.isoformat(),
        "revoked": each.revoked,
    }


def _inert(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"  # as in the JSON
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


@public
@require_GET
def send_csv(request: HttpRequest, cycle: int) -> HttpResponse:
    """A row for every unit of which something was published; UTF-8 with a mark, so that spreadsheets read the tones."""
    of = find_cycle(cycle)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(of):
        # A cell that begins like a formula is one for a spreadsheet.
        writer.writerow({key: _inert(value) for key, value in row.items()})
    answer = send_file(b"\xef\xbb\xbf" + text.getvalue().encode(), f"{of.rulebook.framework}-{of.year}.csv")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public
@require_GET
def send_json(request: HttpRequest, cycle: int) -> JsonResponse:
    """The same as JSON, with the rulebook that it rests on."""
    of = find_cycle(cycle)
    rulebook = of.rulebook
    content = {
        "framework": {"id": rulebook.framework, "version": rulebook.version, "digest": rulebook.digest},
        "cycle": of.year,
        "root": of.root.code,
        "units": _rows(of),
    }
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "sort_keys": True, "indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
