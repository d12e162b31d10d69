"""The list of accounts that an administrator keeps, as a table."""

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.permissions import appointments_for
from certification.procedure.roles import Role
from certification.store.models import Account, Appointment, UnitRecord
from certification.store.search import fold
from certification.web.gate import actor_in
from certification.web.speech import language, tell
from certification.web.tables import Column, Table, badge, lines
from levels.faults import Text

ACTIVE, WAITING, SHUT = (
    Text(vi="Đang hoạt động", en="Active"),
    Text(vi="Chưa đăng nhập lần nào", en="Never signed in"),
    Text(vi="Đã khóa", en="Deactivated"),
)
STATES = {"active": ACTIVE, "waiting": WAITING, "shut": SHUT}


def kept_accounts(request: HttpRequest) -> QuerySet[Account]:
    """The accounts within the units that the reader administers, with the roles that they hold or will hold."""
    now = timezone.now()
    lasting = Appointment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now)).select_related("unit")
    rows = Account.objects.prefetch_related(Prefetch("appointments", queryset=lasting, to_attr="roles"))
    units = [each.unit for each in appointments_for(actor_in(request), Action.MANAGE_ACCOUNTS)]
    if None in units:
        return rows
    return rows.filter(
        Q(appointments__unit__code__in=units)
        | Q(appointments__unit__parent__code__in=units)
        | Q(appointments__unit__parent__parent__code__in=units)
    ).distinct()


def kept_units(request: HttpRequest) -> QuerySet[UnitRecord]:
    """The units that exist, within those that the reader administers."""
    rows = UnitRecord.objects.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))
    units = [each.unit for each in appointments_for(actor_in(request), Action.MANAGE_ACCOUNTS)]
    if None in units:
        return rows
    return rows.filter(Q(code__in=units) | Q(parent__code__in=units) | Q(parent__parent__code__in=units))


def filter_accounts(rows: QuerySet[Account], query: str, role: str, state: str) -> QuerySet[Account]:
    """Those whose name is found under ``query`` whatever its tones, with a role and in a state where one is asked."""
    if query.strip():
        rows = rows.filter(search_key__contains=fold(query))
    if role in set(Role):
        holding = Appointment.objects.holding().filter(role=role)
        rows = rows.filter(pk__in=holding.values("account"))
    if state == "active":
        rows = rows.filter(is_active=True).exclude(last_login=None)
    elif state == "waiting":
        rows = rows.filter(is_active=True, last_login=None)
    elif state == "shut":
        rows = rows.filter(is_active=False)
    return rows


def state_of(account: Account) -> Text:
    """Whether an account works, waits for its holder, or is shut."""
    if not account.is_active:
        return SHUT
    return WAITING if account.last_login is None else ACTIVE


def role_text(row: Appointment) -> str:
    """«Cán bộ cấp xã – Xã Đăk Hà»."""
    where = row.unit.name if row.unit else tell(Text(vi="toàn hệ thống", en="whole installation"))
    return f"{Role(row.role).label.say(language())} – {where}"


def _roles(account: Account) -> list[str]:
    return [role_text(row) for row in account.roles]  # type: ignore[attr-defined]  # prefetched by kept_accounts


TABLE: Table[Account] = Table(
    name="accounts",
    caption=Text(vi="Tài khoản", en="Accounts"),
    columns=(
        Column(
            key="name",
            title=Text(vi="Họ và tên", en="Name"),
            value=lambda row: row.full_name,
            href=lambda row: reverse("accounts:account", args=[row.pk]),
            order="sort_key",
            width=30,
            names_row=True,
        ),
        Column(
            key="username",
            title=Text(vi="Tên đăng nhập", en="User name"),
            value=lambda row: row.username,
            order="username",
            width=20,
        ),
        Column(
            key="roles",
            title=Text(vi="Vai trò", en="Roles"),
            value=lambda row: "; ".join(_roles(row)),
            show=lambda row: lines(_roles(row)) if _roles(row) else "–",
            sortable=False,
            width=50,
        ),
        Column(key="email", title=Text(vi="Thư điện tử", en="E-mail"), value=lambda row: row.email, only_excel=True),
        Column(
            key="seen",
            title=Text(vi="Đăng nhập gần nhất", en="Last sign-in"),
            value=lambda row: row.last_login and timezone.localtime(row.last_login),
            order="last_login",
            width=20,
        ),
        Column(
            key="state",
            title=Text(vi="Trạng thái", en="State"),
            value=state_of,
            show=lambda row: badge(
                tell(state_of(row)),
                {ACTIVE: "good", WAITING: "info", SHUT: "neutral"}[state_of(row)],  # type: ignore[arg-type]  # mypy widens the literals of a dict to str
            ),
            sortable=False,
        ),
    ),
    sort="name",
    empty=Text(vi="Không có tài khoản nào phù hợp.", en="No account matches."),
)
