"""The gate: who may see which page. Every view has one; a test walks all addresses and finds any that has none.

``@gate(Action.READ_DOSSIER, Dossier)`` on a view of ``<int:dossier>`` loads the dossier, judges the reader by
``certification.procedure`` and hands the view the row instead of its number: ``def view(request, dossier): …``.
``@gate(Action.READ_UNIT, UnitRecord)`` does the same with ``<int:unit>``; ``@gate(Action.PLAN, Cycle)`` with
``<int:cycle>`` (judged at the cycle's root); ``@gate(Action.MANAGE_UNITS)`` concerns the whole installation;
``@gate(Action.MANAGE_ACCOUNTS, anywhere=True)`` asks for it at any unit, for a view that limits its rows.
``@signed_in`` lets everybody in who has an account, for pages that show only what is his; ``@public`` everybody.

What a view changes is judged again by ``store.changes`` on the locked rows.
"""

import functools
from collections.abc import Callable
from typing import Any, Concatenate

from attrs import frozen
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import permit
from certification.procedure.subjects import Subject
from certification.store.accounts import actor_of
from certification.store.models import Account, Cycle, Dossier, UnitRecord
from certification.store.subjects import INSTALLATION, outline_of, subject_of_unit

_View = Callable[Concatenate[HttpRequest, ...], HttpResponseBase]

NOBODY = Actor(None)


@frozen
class Gate:
    """What a view asks of its reader: an action on what its address names; without one only to be signed in."""

    action: Action | None
    about: type[Dossier] | type[UnitRecord] | type[Cycle] | None
    anonymous: bool = False
    anywhere: bool = False  # at any unit: the view itself limits what it shows


def actor_in(request: HttpRequest) -> Actor:
    """Who makes this request, with his appointments as they hold now; read once per request."""
    known = getattr(request, "actor", None)
    if isinstance(known, Actor):
        return known
    user = getattr(request, "user", None)
    actor = actor_of(user) if isinstance(user, Account) and user.is_active else NOBODY
    request.actor = actor  # type: ignore[attr-defined]  # ours, for the rest of the request
    return actor


def gate(
    action: Action, about: type[Dossier] | type[UnitRecord] | type[Cycle] | None = None, *, anywhere: bool = False
) -> Callable[[Callable[..., HttpResponseBase]], _View]:
    """The decorator for a view; see above. Raises ``Refused`` in the view's place, which becomes the page 403."""
    name = {None: "", Dossier: "dossier", UnitRecord: "unit", Cycle: "cycle"}[about]

    def wrap(view: Callable[..., HttpResponseBase]) -> _View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_in(request)
            if actor.account is None:
                return redirect_to_login(request.get_full_path())
            if about is None:
                permit(actor, action, None if anywhere else INSTALLATION)
            else:
                kwargs[name], subject = _find(about, kwargs[name])
                permit(actor, action, subject)
            return view(request, *args, **kwargs)

        guarded.gate = Gate(action, about, anywhere=anywhere)  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return guarded

    return wrap


def _find(about: type[Dossier] | type[UnitRecord] | type[Cycle], key: Any) -> tuple[Any, Subject]:
    if about is Dossier:
        rows = Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
        rows = rows.defer("result", "cycle__rulebook__content")  # a rulebook is read once per process
        dossier = get_object_or_404(rows, pk=key)
        return dossier, outline_of(dossier)
    if about is Cycle:
        cycle = get_object_or_404(
            Cycle.objects.select_related("rulebook", "root__parent__parent").defer("rulebook__content"), pk=key
        )
        return cycle, subject_of_unit(cycle.root)
    unit = get_object_or_404(UnitRecord.objects.select_related("parent__parent"), pk=key)
    return unit, subject_of_unit(unit)


def signed_in(view: Callable[..., HttpResponseBase]) -> _View:
    """For pages that show whoever is signed in only what is his."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if actor_in(request).account is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.gate = Gate(None, None)  # type: ignore[attr-defined]  # as above
    return guarded


def public(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages that everybody may see; says so, for the test that walks all addresses."""
    view.gate = Gate(None, None, anonymous=True)  # type: ignore[attr-defined]  # as above
    return view


def require(request: HttpRequest, action: Action, subject: Subject) -> None:
    """Judge a reader inside a view, where the address alone does not say what it is about. Raises ``Refused``."""
    permit(actor_in(request), action, subject)
