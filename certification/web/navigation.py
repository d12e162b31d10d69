"""Navigation: the entries at the head of every page, those that the reader may use and that there are."""

from attrs import frozen
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from levels.faults import Text


@frozen
class Entry:
    """One entry: the view it leads to and, where that is not the whole address, the part that it stands for."""

    view: str
    label: Text
    public: bool = False  # also for readers who have not signed in


@frozen
class Link:
    """An entry as a page shows it."""

    href: str
    label: Text
    current: bool


ENTRIES = (
    Entry("looking:home", Text(vi="Bàn làm việc", en="Desk")),
    Entry("looking:units", Text(vi="Đơn vị", en="Units")),
    Entry("looking:map", Text(vi="Bản đồ nhiệt", en="Heat map")),
    Entry("procedure:calendar", Text(vi="Lịch năm", en="Calendar")),
    Entry("planner:home", Text(vi="Lập kế hoạch", en="Planning")),
    Entry("indexes:home", Text(vi="Bộ chỉ số", en="Indices")),
    Entry("decisions:home", Text(vi="Quyết định", en="Decisions")),
    Entry("administration:home", Text(vi="Quản trị", en="Administration")),
    Entry("portal:home", Text(vi="Cổng công khai", en="Public portal"), public=True),
)


def navigation(request: HttpRequest) -> list[Link]:
    """The entries for whoever makes this request; the one that the page belongs to is marked."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    links = []
    for entry in ENTRIES:
        if not (signed_in or entry.public):
            continue
        try:
            href = reverse(entry.view)
        except NoReverseMatch:
            continue
        links.append((href, entry.label))
    # The longest address that the page's own begins with; "/" is only itself.
    here = max(
        (href for href, _ in links if request.path == href or (href != "/" and request.path.startswith(href))),
        key=len,
        default=None,
    )
    return [Link(href, label, href == here) for href, label in links]
