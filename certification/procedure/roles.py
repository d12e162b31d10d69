"""The roles of the procedure and at which tier each is held (Quyết định 121, mục II.3 và III)."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from levels.faults import Text
from levels.framework import Tier


class Duty(StrEnum):
    """What a role is there for, whatever its tier."""

    ASSESS = "assess"  # registers, self-assesses, proves: the assessed unit itself
    RECEIVE = "receive"  # receives, checks, sets up the council, proposes: the specialised office
    APPRAISE = "appraise"  # appraises, votes, keeps the minutes: a member of the council
    SIGN = "sign"  # recognises: the people's committee
    PLAN = "plan"
    AUDIT = "audit"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What an account is appointed to be, at one unit."""

    COMMUNE_OFFICER = "commune_officer"
    DISTRICT_OFFICER = "district_officer"
    AGENCY_OFFICER = "agency_officer"
    DISTRICT_OFFICE = "district_office"
    DISTRICT_COUNCIL = "district_council"
    DISTRICT_COMMITTEE = "district_committee"
    DEPARTMENT = "department"
    PROVINCIAL_COUNCIL = "provincial_council"
    PROVINCIAL_COMMITTEE = "provincial_committee"
    PLANNER = "planner"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def duty(self) -> Duty:
        """What the role is there for."""
        return _POSTS[self].duty

    @property
    def tier(self) -> Tier | None:
        """The tier of the units at which the role is held; None: of any."""
        return _POSTS[self].tier

    @property
    def label(self) -> Text:
        """The role's name in both languages."""
        return _POSTS[self].label

    @property
    def does(self) -> Text:
        """What the role does, in one sentence, for whoever appoints."""
        return _POSTS[self].does


@frozen
class _Post:
    duty: Duty
    tier: Tier | None
    label: Text
    does: Text


_POSTS = {
    Role.COMMUNE_OFFICER: _Post(
        Duty.ASSESS,
        Tier.COMMUNE,
        Text("Cán bộ cấp xã", "Commune officer"),
        Text(
            "Đăng ký mức độ, tự đánh giá và nộp tài liệu kiểm chứng của xã",
            "Registers the commune's target, assesses it and hands in the proof",
        ),
    ),
    Role.DISTRICT_OFFICER: _Post(
        Duty.ASSESS,
        Tier.DISTRICT,
        Text("Cán bộ cấp huyện (hồ sơ của huyện)", "District officer (the district's own dossier)"),
        Text(
            "Đăng ký mức độ, tự đánh giá và nộp tài liệu kiểm chứng của huyện",
            "Registers the district's target, assesses it and hands in the proof",
        ),
    ),
    Role.AGENCY_OFFICER: _Post(
        Duty.ASSESS,
        Tier.DEPARTMENT,
        Text("Cán bộ sở, ban, ngành (hồ sơ của cơ quan)", "Agency officer (the agency's own dossier)"),
        Text(
            "Tự đánh giá, chấm điểm và nộp tài liệu kiểm chứng của sở, ban, ngành",
            "Scores the agency and hands in the proof",
        ),
    ),
    Role.DISTRICT_OFFICE: _Post(
        Duty.RECEIVE,
        Tier.DISTRICT,
        Text("Phòng Văn hóa, Khoa học và Thông tin", "District office of culture, science and information"),
        Text(
            "Tiếp nhận, kiểm tra hồ sơ cấp xã, tham mưu thành lập Hội đồng thẩm định cấp huyện, trình công nhận",
            "Receives and checks the communes' dossiers, sets up the district council, proposes the recognition",
        ),
    ),
    Role.DISTRICT_COUNCIL: _Post(
        Duty.APPRAISE,
        Tier.DISTRICT,
        Text("Thành viên Hội đồng thẩm định cấp huyện", "Member of the district appraisal council"),
        Text("Thẩm định hồ sơ cấp xã", "Appraises the communes' dossiers"),
    ),
    Role.DISTRICT_COMMITTEE: _Post(
        Duty.SIGN,
        Tier.DISTRICT,
        Text("Ủy ban nhân dân cấp huyện", "District people's committee"),
        Text("Ký quyết định công nhận cấp xã", "Signs the recognition of communes"),
    ),
    Role.DEPARTMENT: _Post(
        Duty.RECEIVE,
        Tier.PROVINCE,
        Text("Sở Khoa học và Công nghệ", "Department of Science and Technology"),
        Text(
            "Tiếp nhận, kiểm tra hồ sơ, tham mưu thành lập Hội đồng thẩm định cấp tỉnh, trình công nhận, tổng hợp",
            "Receives and checks dossiers, sets up the provincial council, proposes the recognition, sums up the year",
        ),
    ),
    Role.PROVINCIAL_COUNCIL: _Post(
        Duty.APPRAISE,
        Tier.PROVINCE,
        Text("Thành viên Hội đồng thẩm định cấp tỉnh", "Member of the provincial appraisal council"),
        Text(
            "Thẩm định hồ sơ cấp huyện, của sở, ngành và của xã trực thuộc tỉnh",
            "Appraises the dossiers of districts, agencies, and communes directly under the province",
        ),
    ),
    Role.PROVINCIAL_COMMITTEE: _Post(
        Duty.SIGN,
        Tier.PROVINCE,
        Text("Ủy ban nhân dân tỉnh", "Provincial people's committee"),
        Text("Ký quyết định công nhận, công bố kết quả", "Signs the recognition and the published results"),
    ),
    Role.PLANNER: _Post(
        Duty.PLAN,
        None,
        Text("Cán bộ lập kế hoạch", "Planner"),
        Text("Xem và mô phỏng, không thay đổi hồ sơ", "Reads and simulates, changes no dossier"),
    ),
    Role.AUDITOR: _Post(
        Duty.AUDIT,
        None,
        Text("Thanh tra, kiểm toán", "Auditor"),
        Text("Xem mọi thứ kể cả nhật ký, không thay đổi gì", "Reads everything with the log, changes nothing"),
    ),
    Role.ADMINISTRATOR: _Post(
        Duty.ADMINISTER,
        None,
        Text("Quản trị hệ thống", "Administrator"),
        Text(
            "Quản lý tài khoản, bộ tiêu chí, đơn vị và kỳ đánh giá, không bao giờ xem xét kết quả",
            "Keeps accounts, rulebooks, units and cycles, never verdicts",
        ),
    ),
}


def fits(role: Role, tier: Tier) -> bool:
    """Whether ``role`` can be held at a unit of ``tier``."""
    return role.tier is None or role.tier is tier


def clash(roles: Iterable[Role]) -> Text | None:
    """Why one account may not hold all of ``roles``; None where it may.

    Who gives out the roles must not act in them, and who watches must not do what he watches.
    """
    held = set(roles)
    for lone in (Role.ADMINISTRATOR, Role.AUDITOR):
        if lone in held and len(held) > 1:
            return Text(
                f"tài khoản có vai trò «{lone.label.vi}» không được giữ thêm vai trò nào khác",
                f"an account with the role “{lone.label.en}” may hold no other role",
            )
    return None
