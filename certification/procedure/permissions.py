"""Who may do what: one table, and the one function that judges by it.

Nothing is allowed that no line of the table allows. What a line allows still fails where the dossier's
state does not know the action, where the actor entered what he would judge, or declared a conflict of
interest.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import frozen

from certification.procedure.actions import Action
from certification.procedure.actors import Actor, Appointment
from certification.procedure.refusals import find_way, tell_state
from certification.procedure.roles import Duty, Role
from certification.procedure.states import NOT_HANDED_IN, PROCEDURAL, UNTOLD, next_state, states_for
from certification.procedure.subjects import Place, Subject
from levels.faults import Text


class Where(StrEnum):
    """Where the appointment must be, seen from the subject."""

    OWN = "own"  # at the unit itself
    REVIEWED = "reviewed"  # at the unit whose council appraises the unit
    WITHIN = "within"  # at the unit or any unit above it
    ABOVE = "above"  # at any unit above it
    TOLD = "told"  # at the unit itself, while nothing that was ruled is untold
    ANYWHERE = "anywhere"  # at any unit: the subject belongs to the whole installation, or is public
    PUBLISHED = "published"  # at any unit, once the result is published


@frozen
class Rule:
    """One line of the table: whoever has one of ``duties`` in the place may do ``actions``, because of ``clause``."""

    actions: tuple[Action, ...]
    duties: tuple[Duty, ...]
    where: Where
    clause: Text


_ASSESSING = (Duty.ASSESS,)
_OFFICIAL = (Duty.ASSESS, Duty.RECEIVE, Duty.APPRAISE, Duty.SIGN)

RULES = (
    Rule(
        (
            Action.ENTER_FACT, Action.ATTACH_PROOF, Action.SUBMIT, Action.WITHDRAW, Action.EXPLAIN, Action.COMPLAIN,
        ),
        _ASSESSING, Where.OWN,
        Text(
            "Mục II.3 và III.4: đơn vị tự đánh giá, nộp tài liệu kiểm chứng và chịu trách nhiệm về kết quả",
            "Section II.3 and III.4: the unit assesses itself, hands in the proof and answers for the result",
        ),
    ),
    Rule(
        (Action.REGISTER,), _ASSESSING, Where.OWN,
        Text("Mục II.3, điểm a và b: đơn vị đăng ký mức độ", "Section II.3 a, b: the unit registers its target"),
    ),
    Rule(
        (Action.REGISTER,), (Duty.RECEIVE,), Where.REVIEWED,
        Text(
            "Mục II.3, điểm a và b: đăng ký gửi đến cơ quan chuyên môn, nơi ghi nhận văn bản đăng ký",
            "Section II.3 a, b: registrations go to the specialised office, which may record the letters",
        ),
    ),
    Rule(
        (Action.RECEIVE, Action.REFUSE_LATE, Action.RETURN, Action.PROPOSE, Action.PUBLISH),
        (Duty.RECEIVE,), Where.REVIEWED,
        Text(
            "Mục II.3: cơ quan chuyên môn tiếp nhận, xác minh, tổng hợp và trình công nhận",
            "Section II.3: the specialised office receives, checks, sums up and proposes",
        ),
    ),
    Rule(
        (Action.SET_UP_COUNCIL,), (Duty.RECEIVE,), Where.OWN,
        Text(
            "Mục II.3: cơ quan chuyên môn tham mưu thành lập Hội đồng thẩm định",
            "Section II.3: the specialised office prepares the setting up of the council",
        ),
    ),
    Rule(
        (
            Action.APPRAISE, Action.CLOSE_ROUND, Action.OPEN_SECOND_ROUND, Action.CLOSE_APPRAISAL, Action.VOTE,
            Action.KEEP_MINUTES, Action.DECLARE_CONFLICT,
        ),
        (Duty.APPRAISE,), Where.REVIEWED,
        Text(
            "Mục II.3: Hội đồng thẩm định tổ chức thẩm định",
            "Section II.3: the appraisal council appraises",
        ),
    ),
    Rule(
        (
            Action.SIGN, Action.RESTATE, Action.REFUSE_RECOGNITION, Action.SEND_BACK, Action.PUBLISH,
            Action.DISMISS_COMPLAINT, Action.REOPEN, Action.REVOKE,
        ),
        (Duty.SIGN,), Where.REVIEWED,
        Text(
            "Mục II.3 và III.3: Ủy ban nhân dân phê duyệt, công nhận",
            "Section II.3 and III.3: the people's committee recognises",
        ),
    ),
    Rule(
        (Action.SUMMARISE,), (Duty.RECEIVE,), Where.OWN,
        Text(
            "Mục III.1: cơ quan chuyên môn tổng hợp, báo cáo kết quả hằng năm",
            "Section III.1: the specialised office sums up and reports the year",
        ),
    ),
    Rule(
        (Action.READ_DOSSIER, Action.READ_RESULT, Action.READ_REPORTS, Action.PLAN),
        (*_OFFICIAL, Duty.PLAN, Duty.AUDIT), Where.WITHIN,
        Text(
            "Mục III: chỉ đạo, kiểm tra, đôn đốc trong phạm vi quản lý",
            "Section III: directs, checks and urges within its territory",
        ),
    ),
    Rule(
        (Action.READ_RULINGS,), (*_OFFICIAL, Duty.PLAN), Where.ABOVE,
        Text(
            "Mục II.3: thẩm định là việc của cấp trên của đơn vị",
            "Section II.3: the appraisal belongs to the authority above the unit",
        ),
    ),
    Rule(
        (Action.READ_RULINGS,), (*_OFFICIAL, Duty.PLAN), Where.TOLD,
        Text(
            "Mục II.3: đơn vị nhận kết quả khi Hội đồng yêu cầu giải trình và khi Hội đồng đã thông qua",
            "Section II.3: the unit is told when the council asks for explanations and when it has adopted the result",
        ),
    ),
    Rule(
        (Action.READ_RULINGS,), (Duty.AUDIT,), Where.WITHIN,
        Text("Thanh tra, kiểm toán xem mọi thứ", "The auditor reads everything"),
    ),
    Rule(
        (Action.SAVE_SCENARIO,), (Duty.ASSESS, Duty.RECEIVE, Duty.PLAN), Where.WITHIN,
        Text("Mục III: xây dựng kế hoạch trong phạm vi quản lý", "Section III: plans within its territory"),
    ),
    Rule(
        (Action.READ_RESULT,), tuple(Duty), Where.PUBLISHED,
        Text("Kết quả đã công bố là thông tin công khai", "Published results are public"),
    ),
    Rule(
        (Action.READ_UNIT,), tuple(Duty), Where.ANYWHERE,
        Text("Danh mục hành chính là thông tin công khai", "The list of units is public"),
    ),
    Rule(
        (Action.READ_AUDIT,), (Duty.AUDIT,), Where.WITHIN,
        Text("Thanh tra, kiểm toán xem mọi thứ", "The auditor reads everything"),
    ),
    Rule(
        (Action.VOUCH,), (Duty.RECEIVE, Duty.APPRAISE, Duty.SIGN), Where.WITHIN,
        Text(
            "Người cùng cơ quan hoặc cấp trên nhận diện người dùng thay cho quản trị hệ thống",
            "People of the same office or above identify a person, not the administrator",
        ),
    ),
    Rule(
        (Action.MANAGE_ACCOUNTS, Action.MANAGE_UNITS, Action.MANAGE_CYCLES), (Duty.ADMINISTER,), Where.WITHIN,
        Text(
            "Quản trị hệ thống quản lý tài khoản, đơn vị, kỳ đánh giá, không xem xét kết quả",
            "The administrator keeps accounts, units and cycles, never verdicts",
        ),
    ),
    Rule(
        (Action.MANAGE_RULEBOOKS,), (Duty.ADMINISTER,), Where.ANYWHERE,
        Text(
            "Quản trị hệ thống nạp bộ tiêu chí; kỳ đã mở giữ nguyên bộ tiêu chí của nó",
            "The administrator loads rulebooks; an open cycle keeps the one it was opened with",
        ),
    ),
    Rule(
        (Action.ISSUE_TOKEN,), (*_OFFICIAL, Duty.PLAN, Duty.AUDIT), Where.WITHIN,
        Text(
            "Khóa truy cập không bao giờ được nhiều quyền hơn chính người cấp",
            "A token never may more than the person who issues it",
        ),
    ),
)  # fmt: skip
"""Everything that anybody may do."""

_ENTERING = frozenset({Action.ENTER_FACT, Action.ATTACH_PROOF, Action.EXPLAIN, Action.SUBMIT})
_JUDGING = frozenset(
    {
        Action.RECEIVE, Action.REFUSE_LATE, Action.RETURN, Action.APPRAISE, Action.CLOSE_ROUND,
        Action.OPEN_SECOND_ROUND, Action.CLOSE_APPRAISAL, Action.VOTE, Action.KEEP_MINUTES, Action.PROPOSE,
        Action.SEND_BACK, Action.SIGN, Action.RESTATE, Action.REFUSE_RECOGNITION, Action.DISMISS_COMPLAINT,
        Action.REOPEN, Action.REVOKE,
    }
)  # fmt: skip
"""What somebody does to judge the unit's own facts: never by who entered them."""
_IN_COUNCIL = frozenset(
    {
        Action.APPRAISE, Action.CLOSE_ROUND, Action.OPEN_SECOND_ROUND, Action.CLOSE_APPRAISAL, Action.VOTE,
        Action.KEEP_MINUTES, Action.DECLARE_CONFLICT,
    }
)  # fmt: skip
_READING = frozenset({Where.WITHIN, Where.ABOVE, Where.TOLD})
_UNIVERSAL = frozenset({Duty.PLAN, Duty.AUDIT, Duty.ADMINISTER})
"""Duties that may be held at every unit of the installation at once."""


class Refused(Exception):
    """The action is not allowed; ``text`` says why and who may, in plain words."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


def permit(actor: Actor, action: Action, subject: Subject | None = None) -> Appointment:
    """The appointment by which ``actor`` may do ``action`` to ``subject``.

    ``subject`` None asks whether he may do it anywhere at all (a menu, a list that is then limited to
    ``appointments_for``); it allows no change of a dossier.

    Raises:
        Refused: he may not; says whether it is the role, the unit, the state or his own part in it.
    """
    if actor.account is None:
        raise Refused(Text("Hãy đăng nhập để tiếp tục.", "Sign in to go on."))
    able = appointments_for(actor, action)
    if not able:
        raise Refused(_wrong_role(action))
    if subject is None:
        return able[0]
    placed = [appointment for appointment in able if concerns(appointment, action, subject)]
    if not placed:
        untold = action is Action.READ_RULINGS and _is_of(able, subject)
        raise Refused(_UNTOLD if untold else _wrong_unit(action, subject))
    for refusal in _refusals(actor.account, action, subject):
        raise Refused(refusal)
    return placed[0]


def may(actor: Actor, action: Action, subject: Subject | None = None) -> bool:
    """Whether ``permit`` would allow it."""
    try:
        permit(actor, action, subject)
    except Refused:
        return False
    return True


def allowed_actions(actor: Actor, subject: Subject) -> tuple[Action, ...]:
    """Everything that ``actor`` may do to ``subject`` now, in the order of the year."""
    return tuple(action for action in Action if may(actor, action, subject))


def appointments_for(actor: Actor, action: Action) -> tuple[Appointment, ...]:
    """Those appointments of ``actor`` whose role may do ``action`` somewhere; lists are limited to their units."""
    return tuple(
        appointment
        for appointment in actor.appointments
        if any(appointment.role.duty in rule.duties for rule in RULES if action in rule.actions)
        and (appointment.unit is not None or appointment.role.duty in _UNIVERSAL)
    )


def roles_for(action: Action) -> tuple[Role, ...]:
    """The roles that may do ``action`` somewhere."""
    return tuple(role for role in Role if any(role.duty in rule.duties for rule in RULES if action in rule.actions))


def concerns(appointment: Appointment, action: Action, subject: Subject) -> bool:
    """Whether ``action`` on ``subject`` is among the tasks of ``appointment``, whatever the state it is in."""
    return any(
        appointment.role.duty in rule.duties and _stands(appointment, rule.where, subject)
        for rule in RULES
        if action in rule.actions
    )


def _stands(appointment: Appointment, where: Where, subject: Subject) -> bool:
    if where is Where.ANYWHERE or where is Where.PUBLISHED:
        return where is Where.ANYWHERE or subject.published
    if where in (Where.WITHIN, Where.ABOVE) and appointment.unit is None:
        return appointment.role.duty in _UNIVERSAL
    if where is Where.TOLD and subject.state in UNTOLD:
        return False
    reviewer = subject.reviewer
    places = {
        Where.OWN: (subject.unit,),
        Where.REVIEWED: () if reviewer is None else (reviewer,),
        Where.WITHIN: (subject.unit, *subject.ancestors),
        Where.ABOVE: subject.ancestors,
        Where.TOLD: (subject.unit,),
    }[where]
    # A role counts only at a unit of its own tier: an appointment that was made wrongly opens nothing.
    return any(
        _is_at(appointment, place, reading=where in _READING) and appointment.role.tier in (None, place.tier)
        for place in places
    )


def _is_at(appointment: Appointment, place: Place, *, reading: bool) -> bool:
    """Whether ``place`` is the unit of ``appointment``: another unit that bore its code is not.

    Whoever came out of a merge or a split keeps the files of those before and reads them; he never acts for them.
    """
    if place.record is None or not appointment.stands_for:
        return place.code == appointment.unit
    return place.record in appointment.stands_for or (reading and place.record in appointment.heir_of)


def _refusals(account: int, action: Action, subject: Subject) -> Iterator[Text]:
    if action in PROCEDURAL:
        if subject.state is None or next_state(subject.kind, subject.state, action) is None:
            yield _wrong_state(action, subject)
        if subject.ended_by_closing and action is not Action.REFUSE_RECOGNITION:
            yield Text("Kỳ đánh giá này đã đóng.", "This cycle is closed.")
        if action is Action.REFUSE_RECOGNITION and subject.state in NOT_HANDED_IN and not subject.late:
            yield Text(
                "Chưa hết hạn nộp hồ sơ nên chưa thể quyết định không công nhận.",
                "The dossier may still be handed in; its recognition cannot be refused yet.",
            )
        if action is Action.REFUSE_LATE and not subject.late:
            yield Text(
                "Hồ sơ nộp đúng hạn nên không thể bị từ chối vì nộp muộn.",
                "The dossier came in time; it cannot be refused as late.",
            )
    if action in _JUDGING and account in subject.entered:
        yield Text(
            "Bạn đã nhập số liệu hoặc tài liệu của hồ sơ này; không ai được thẩm định điều chính mình đã nhập.",
            "You entered facts or proof of this dossier; nobody appraises what he entered.",
        )
    if action in _ENTERING and account in subject.appraised:
        yield Text(
            "Bạn đã thẩm định hồ sơ này nên không được nhập số liệu, tài liệu cho nó.",
            "You appraised this dossier, so you may not enter facts or proof for it.",
        )
    if action in _IN_COUNCIL:
        yield from _council_refusals(account, action, subject)


def _council_refusals(account: int, action: Action, subject: Subject) -> Iterator[Text]:
    if subject.council is None:
        yield Text(
            "Hội đồng thẩm định của kỳ này chưa được thành lập.",
            "The appraisal council of this cycle is not set up yet.",
        )
    elif account not in subject.council:
        yield Text(
            "Bạn không có tên trong Hội đồng thẩm định của kỳ này.",
            "You are no member of this cycle's appraisal council.",
        )
    if action is not Action.DECLARE_CONFLICT and account in subject.conflicts:
        yield Text(
            "Bạn đã khai báo xung đột lợi ích với hồ sơ này.", "You declared a conflict of interest with this dossier."
        )


_UNTOLD = Text(
    "Hội đồng đang thẩm định hồ sơ này: đơn vị được xem kết luận khi Hội đồng yêu cầu giải trình hoặc đã thông qua "
    "kết quả.",
    "The council is appraising this dossier: its unit sees the rulings when it is asked to explain them, or when the "
    "council has adopted the result.",
)


def _is_of(appointments: Iterable[Appointment], subject: Subject) -> bool:
    """Whether any of ``appointments`` is at the unit itself, whatever it is there for."""
    return any(_is_at(appointment, subject.unit, reading=True) for appointment in appointments)


def _wrong_role(action: Action) -> Text:
    roles = roles_for(action)
    return Text(
        f"Bạn không có vai trò được phép {action.label.vi}. Việc này thuộc: {'; '.join(r.label.vi for r in roles)}.",
        f"None of your roles may {action.label.en}. This belongs to: {'; '.join(r.label.en for r in roles)}.",
    )


def _wrong_unit(action: Action, subject: Subject) -> Text:
    return Text(
        f"Đơn vị {subject.unit.code} không thuộc phạm vi mà bạn được phép {action.label.vi}.",
        f"Unit {subject.unit.code} is not among those for which you may {action.label.en}.",
    )


def _wrong_state(action: Action, subject: Subject) -> Text:
    found = subject.state
    needed = states_for(subject.kind, action)
    if not needed:
        vi, en = (
            ("Bộ chỉ số xếp hạng", "An index")
            if subject.kind == "index"
            else ("Bộ tiêu chí công nhận mức độ", "A framework of levels")
        )
        return Text(f"{vi} không có bước {action.label.vi}.", f"{en} has no such step: {action.label.en}.")
    way = find_way(subject.kind, found, needed)
    duty = next((role.duty for role in roles_for(way[0])), None) if way else None
    return tell_state(action, subject.kind, found, needed, way, duty)
