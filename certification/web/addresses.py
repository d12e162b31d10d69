"""Addresses: the page on which a dossier's next step is taken."""

from django.urls import NoReverseMatch, reverse

from certification.procedure.actions import Action
from certification.store.models import Dossier

_ENTERING = frozenset({Action.ENTER_FACT, Action.ATTACH_PROOF, Action.EXPLAIN})
_APPRAISING = frozenset({Action.APPRAISE, Action.CLOSE_ROUND, Action.CLOSE_APPRAISAL})


def dossier_href(dossier: Dossier, action: Action | None = None) -> str:
    """The page of ``dossier`` where ``action`` is done; without one, or without such a page here, the dossier's own."""
    views = ["procedure:dossier"]
    if action in _ENTERING:
        views.insert(0, "facts:dossier")
    elif action in _APPRAISING:
        views.insert(0, "appraisal:dossier")
    for view in views:
        try:
            return reverse(view, args=[dossier.pk])
        except NoReverseMatch:
            continue
    return f"{reverse('looking:unit', args=[dossier.unit_id])}?cycle={dossier.cycle_id}"
