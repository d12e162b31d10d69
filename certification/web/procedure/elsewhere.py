"""Where the steps of a dossier are taken that have a page of their own."""

from collections.abc import Mapping

from attrs import frozen
from django.urls import reverse

from certification.procedure.actions import Action
from certification.store.models import Act, Dossier, UnitRecord
from certification.web.environment import can_link
from certification.web.speech import tell
from levels.faults import Text


@frozen
class Elsewhere:
    """Something the reader may do now on another page."""

    label: str
    href: str
    main: bool  # what the dossier waits for; else something that may be done besides


_PAGES: Mapping[Action, Text] = {
    Action.ENTER_FACT: Text("Nhập số liệu, tài liệu", "Enter facts and proof"),
    Action.EXPLAIN: Text("Giải trình", "Explain"),
    Action.APPRAISE: Text("Thẩm định từng tiêu chí", "Appraise the criteria"),
    Action.KEEP_MINUTES: Text("Biên bản, biểu quyết của Hội đồng", "Minutes and votes of the council"),
    Action.SIGN: Text("Xem trước và ký quyết định", "Preview and sign the decision"),
    Action.REFUSE_RECOGNITION: Text("Quyết định không công nhận", "Decide that it is not recognised"),
    Action.PUBLISH: Text("Công bố quyết định", "Publish the decision"),
    Action.REVOKE: Text("Thu hồi quyết định", "Revoke the decision"),
}
"""What is done on a page of its own; ``_address`` says where."""


_BESIDES = frozenset({Action.REVOKE, Action.REFUSE_RECOGNITION})


def elsewhere(
    dossier: Dossier, allowed: tuple[Action, ...], body: UnitRecord | None, act: Act | None
) -> list[Elsewhere]:
    """What of ``allowed`` is done on another page; ``body`` reviews the dossier, ``act`` is the one in force."""
    found = []
    for action, label in _PAGES.items():
        if action is Action.REFUSE_RECOGNITION and Action.SIGN in allowed:
            continue  # the same page: what is proposed says which of the two it is
        voting = action is Action.KEEP_MINUTES and Action.VOTE in allowed
        address = _address(action, dossier, body, act) if action in allowed or voting else None
        if address is not None:
            found.append(Elsewhere(tell(label), address, action not in _BESIDES))
    return found


def _address(action: Action, dossier: Dossier, body: UnitRecord | None, act: Act | None) -> str | None:
    places: dict[Action, tuple[str, tuple[object, ...] | None]] = {
        Action.ENTER_FACT: ("facts:dossier", (dossier.pk,)),
        Action.EXPLAIN: ("appraisal:explanations", (dossier.pk,)),
        Action.APPRAISE: ("appraisal:dossier", (dossier.pk,)),
        Action.KEEP_MINUTES: ("procedure:council", (body.pk, dossier.cycle_id) if body else None),
        Action.SIGN: ("decisions:draft", (dossier.cycle_id, body.pk, dossier.unit.tier) if body else None),
        Action.REFUSE_RECOGNITION: (
            "decisions:draft",
            (dossier.cycle_id, body.pk, dossier.unit.tier) if body else None,
        ),
        Action.PUBLISH: ("decisions:act", (act.pk,) if act else None),
        Action.REVOKE: ("decisions:revoke", (act.pk,) if act else None),
    }
    view, parts = places[action]
    return None if parts is None or not can_link(view, *parts) else reverse(view, args=parts)
