"""Navigation: the entries at the head of every page, those that the reader may use and that there are."""

import contextlib

from attrs import frozen
from django.http import HttpRequest
from django.urls import NoReverseMatch

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.web.addresses import address_of
from certification.web.gate import actor_in
from levels.faults import Text


@frozen
class Entry:
    """One entry: the view it leads to, and the action that whoever sees it may do somewhere (None: everybody)."""

    view: str
    label: Text
    action: Action | None = None


@frozen
class Link:
    """An entry as a page shows it."""

    href: str
    label: Text
    current: bool


ENTRIES = (
    Entry("looking:home", Text(vi="Bàn làm việc", en="Desk"), Action.READ_UNIT),
    Entry("looking:units", Text(vi="Đơn vị", en="Units"), Action.READ_RESULT),
    Entry("looking:map", Text(vi="Bản đồ nhiệt", en="Heat map"), Action.READ_DOSSIER),
    Entry("procedure:calendar", Text(vi="Lịch năm", en="Calendar"), Action.READ_UNIT),
    Entry("appraisal:home", Text(vi="Thẩm định", en="Appraisal"), Action.APPRAISE),
    Entry("planner:home", Text(vi="Lập kế hoạch", en="Planning"), Action.PLAN),
    Entry("indexes:home", Text(vi="Bộ chỉ số", en="Indices"), Action.READ_DOSSIER),
    Entry("decisions:home", Text(vi="Quyết định", en="Decisions"), Action.READ_RESULT),
    Entry("administration:home", Text(vi="Quản trị", en="Administration"), Action.MANAGE_UNITS),
    Entry("accounts:list", Text(vi="Tài khoản", en="Accounts"), Action.MANAGE_ACCOUNTS),
    Entry("audit:home", Text(vi="Nhật ký", en="Log"), Action.READ_AUDIT),
    Entry("portal:home", Text(vi="Cổng công khai", en="Public portal")),
)


def navigation(request: HttpRequest) -> list[Link]:
    """The entries for whoever makes this request; the one that the page belongs to is marked."""
    actor = actor_in(request)
    links = []
    for entry in ENTRIES:
        if entry.action is not None and not may(actor, entry.action):
            continue
        with contextlib.suppress(NoReverseMatch):  # a part of the application that this installation leaves out
            links.append((address_of(entry.view), entry.label))
    # The longest address that the page's own begins with; "/" is only itself.
    here = max(
        (href for href, _ in links if request.path == href or (href != "/" and request.path.startswith(href))),
        key=len,
        default=None,
    )
    return [Link(href, label, href == here) for href, label in links]
