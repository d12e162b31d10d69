"""The table of the log, and its terms in words."""

from typing import Any

from certification.procedure.actions import Action
from certification.procedure.roles import Role
from certification.store.models import AuditEntry
from certification.web.audit.differences import compare
from certification.web.speech import say, tell
from certification.web.tables import Column, Table
from levels.faults import Text

KINDS = {
    "account": Text(vi="Tài khoản", en="Account"),
    "act": Text(vi="Quyết định", en="Act"),
    "council": Text(vi="Hội đồng", en="Council"),
    "cycle": Text(vi="Kỳ đánh giá", en="Cycle"),
    "dossier": Text(vi="Hồ sơ", en="Dossier"),
    "fact": Text(vi="Số liệu", en="Fact"),
    "complaint": Text(vi="Khiếu nại", en="Complaint"),
    "numbers": Text(vi="Sổ số", en="Numbers"),
    "report": Text(vi="Báo cáo năm", en="Yearly report"),
    "units": Text(vi="Danh mục đơn vị", en="Units"),
    "minutes": Text(vi="Biên bản", en="Minutes"),
    "prices": Text(vi="Bảng giá", en="Prices"),
    "rulebook": Text(vi="Bộ tiêu chí", en="Rulebook"),
    "scenario": Text(vi="Kịch bản", en="Scenario"),
    "token": Text(vi="Khóa truy cập", en="Token"),
    "unit": Text(vi="Đơn vị", en="Unit"),
}

# What no person does: the program notes it by itself.
_OWN = {
    "flag_stale": Text(vi="đánh dấu cần xem lại", en="flagged to be looked at again"),
    "load": Text(vi="nạp dữ liệu", en="loaded"),
}
_ACTIONS = {action.value: action.label for action in Action} | _OWN
_ROLES = {role.value: role.label for role in Role}


def action_name(action: str) -> str:
    """An action of the log in words; one that this version does not know as it stands."""
    return tell(_ACTIONS[action]) if action in _ACTIONS else action


def kind_name(kind: str) -> str:
    """A kind of object in words; one that this page does not know as it stands."""
    return tell(KINDS[kind]) if kind in KINDS else kind


def role_name(role: str) -> str:
    """A role in words; none: the system itself."""
    if not role:
        return say("Hệ thống", "The system")
    return tell(_ROLES[role]) if role in _ROLES else role


TABLE: Table[AuditEntry] = Table(
    name="nhat-ky",
    caption=Text(vi="Nhật ký thay đổi", en="The log of changes"),
    sort="-sequence",
    columns=(
        Column(
            key="sequence",
            title=Text(vi="Mục", en="Entry"),
            value=lambda row: row.sequence,
            show=lambda row: str(row.sequence),
            href=lambda row: f"{row.sequence}/",
            order="sequence",
            align="end",
            width=8,
            names_row=True,
        ),
        Column(key="at", title=Text(vi="Lúc", en="At"), value=lambda row: row.at, order="at", width=22),
        Column(
            key="name",
            title=Text(vi="Ai", en="Who"),
            value=lambda row: row.name or role_name(""),
            order="name",
            width=24,
        ),
        Column(
            key="role",
            title=Text(vi="Vai trò", en="Role"),
            value=lambda row: role_name(row.role),
            order="role",
            width=26,
        ),
        Column(
            key="unit",
            title=Text(vi="Tại đơn vị", en="At the unit"),
            value=lambda row: row.unit,
            order="unit",
            width=10,
        ),
        Column(
            key="action",
            title=Text(vi="Việc", en="Action"),
            value=lambda row: action_name(row.action),
            order="action",
            width=26,
        ),
        Column(
            key="object",
            title=Text(vi="Đối tượng", en="Object"),
            value=lambda row: f"{kind_name(row.object_kind)}: {row.object_label}",
            order="object_label",
            width=36,
        ),
        Column(key="why", title=Text(vi="Lý do", en="Why"), value=lambda row: row.why, sortable=False, width=40),
        *(
            Column(key=key, title=title, value=value, only_excel=True, sortable=False, width=30)
            for key, title, value in (
                ("before", Text(vi="Trước", en="Before"), lambda row: _one_line(row.before)),
                ("after", Text(vi="Sau", en="After"), lambda row: _one_line(row.after)),
                ("hash", Text(vi="Mã băm", en="Hash"), lambda row: row.hash),
            )
        ),
    ),
)


def _one_line(value: Any) -> str:
    return "; ".join(f"{each.name}: {each.after}" if each.name else each.after for each in compare(None, value))
