"""Addresses: of the views, each put together once, and the page on which a dossier's next step is taken."""

from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse

from certification.procedure.actions import Action
from certification.store.models import Dossier

_ENTERING = frozenset({Action.ENTER_FACT, Action.ATTACH_PROOF, Action.EXPLAIN})
_APPRAISING = frozenset({Action.APPRAISE, Action.CLOSE_ROUND, Action.CLOSE_APPRAISAL})


def address_of(name: str, *args: object, **kwargs: object) -> str:
    """The address of the view ``name`` (``group:view``) with these parts. Raises ``NoReverseMatch``.

    A page has hundreds of them, mostly those that the page before had.
    """
    return _address(get_script_prefix(), settings.ROOT_URLCONF, name, *args, **kwargs)


@lru_cache(maxsize=8192, typed=True)  # typed: 1 and True are one key, but two addresses
def _address(prefix: str, urlconf: str, name: str, *args: object, **kwargs: object) -> str:
    del prefix, urlconf  # what an address rests on beside its parts
    return reverse(name, args=args or None, kwargs=kwargs or None)


def dossier_href(dossier: Dossier, action: Action | None = None) -> str:
    """The page of ``dossier`` where ``action`` is done; without one, or without such a page here, the dossier's own."""
    views = ["procedure:dossier"]
    if action in _ENTERING:
        views.insert(0, "facts:dossier")
    elif action in _APPRAISING:
        views.insert(0, "appraisal:dossier")
    for view in views:
        try:
            return address_of(view, dossier.pk)
        except NoReverseMatch:
            continue
    return f"{address_of('looking:unit', dossier.unit_id)}?cycle={dossier.cycle_id}"
