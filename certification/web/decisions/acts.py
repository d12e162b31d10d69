"""One act: what it states, its files, what became of it; published by the office or the committee."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from certification.bundle import SUFFIX, bundles_in
from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.procedure.states import State
from certification.ranking_bundle import SUFFIX as RANKING_SUFFIX
from certification.ranking_verification import verify_ranking
from certification.store.assessments import rulebook_of
from certification.store.decisions import governed_by, publish
from certification.store.models import Act, ActFile
from certification.store.subjects import outline_of
from certification.store.unfit import Unfit
from certification.verification import Finding, verify
from certification.web.decisions.register import ACT_KINDS, standing_of
from certification.web.decisions.scope import act_for, send_document
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from levels.faults import printable
from levels.framework import Framework


@gate(Action.READ_RESULT, anywhere=True)
@require_GET
def show_act(request: HttpRequest, act: int) -> HttpResponse:
    """One act; ``?verify=1`` recomputes its sealed bundle."""
    found = act_for(request, act)
    governed = governed_by(found)
    actor = actor_in(request)
    kind, standing = standing_of(found)
    rulebook = rulebook_of(found.cycle)
    revocable = [row for row in governed if may(actor, Action.REVOKE, outline_of(row))]
    waiting = [row for row in governed if row.state in (State.RECOGNISED, State.NOT_RECOGNISED)]
    entries = found.units.select_related("dossier__unit").order_by("dossier__unit__sort_key")
    context = {
        "act": found,
        "kind": tell(ACT_KINDS[found.kind]),
        "standing_kind": kind,
        "standing": tell(standing),
        "later": list(found.replaced_by.select_related("body").order_by("signed_at")),
        "entries": entries,
        "governed": {row.pk for row in governed},
        "files": found.files.defer("content").order_by("name"),
        "framework": rulebook if isinstance(rulebook, Framework) else None,
        "may_publish": bool(waiting)
        and not hasattr(found, "publication")
        and all(may(actor, Action.PUBLISH, outline_of(row)) for row in waiting),
        "may_revoke": bool(revocable),
        "findings": _verify(found) if "verify" in request.GET else None,
    }
    return render(request, "decisions/act.html", context)


def _verify(act: Act) -> list[tuple[bool | None, str]]:
    """What ``certify verify`` says of the stored bundle, with the bundles it rests on; a revocation has none."""
    with tempfile.TemporaryDirectory(prefix="certify-") as name:
        folder = Path(name)
        _write(act, folder)
        trusted = {act.cycle.rulebook.digest}
        ranking = next(folder.glob(f"*{RANKING_SUFFIX}"), None)
        findings: list[Finding] = []
        if act.kind == "ranking" and ranking is not None:
            findings = list(verify_ranking(ranking, ranking.name, trusted))
        elif (bundle := next(folder.glob(f"*{SUFFIX}"), None)) is not None:
            findings = list(verify(bundle, bundle.name, bundles_in(_below(act, folder / "below")), trusted))
        return [(finding.agrees, printable(tell(finding.text))) for finding in findings]


def _write(act: Act, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in act.files.all():
        (folder / file.name).write_bytes(bytes(file.content))


def _below(act: Act, folder: Path) -> list[Path]:
    """The folders of the acts whose levels this one reads."""
    seals = {
        member["seal"]
        for result in act.units.values_list("result", flat=True)
        for member in result.get("members", {}).values()
        if member["seal"]
    }
    folders = []
    for other in Act.objects.filter(seal__in=seals):
        _write(other, folder / str(other.pk))
        folders.append(folder / str(other.pk))
    return folders


@gate(Action.READ_RESULT, anywhere=True)
@require_GET
@xframe_options_sameorigin
def send_file(request: HttpRequest, act: int, file: int) -> HttpResponse:
    """One file of an act, byte for byte as it was sealed; ``?download=1`` to keep it."""
    found = get_object_or_404(ActFile, pk=file, act=act_for(request, act))
    answer = send_document(bytes(found.content), found.name, download="download" in request.GET)
    answer.headers["ETag"] = f'"{found.sha256}"'
    return answer


@gate(Action.PUBLISH, anywhere=True)
@require_POST
def publish_act(request: HttpRequest, act: int) -> HttpResponse:
    """Make an act public, with the results it states. Raises ``Refused``."""
    found = act_for(request, act)
    try:
        publish(actor_in(request), found)
    except Unfit as unfit:
        messages.warning(request, tell(unfit.text))
    else:
        told = say(f"Đã công bố quyết định {found.number}.", f"The decision {found.number} is public.")
        messages.success(request, told)
    return redirect("decisions:act", act=found.pk)
