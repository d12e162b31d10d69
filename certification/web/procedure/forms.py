"""The forms of a dossier's steps: what is worth knowing before each, and which use case each calls."""

from collections.abc import Callable, Mapping

from attrs import frozen

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.reasons import reason_for
from certification.procedure.states import State
from certification.procedure.subjects import Subject
from certification.store.councils import declare_conflict
from certification.store.dossiers import (
    STEPS,
    complain,
    dismiss_complaint,
    lateness,
    register,
    reopen,
    take_step,
)
from certification.store.models import Dossier
from certification.web.speech import tell
from levels.faults import Text


@frozen
class Form:
    """One thing that the reader may do now: what it is, what is worth knowing before, and what must be said."""

    action: Action
    danger: bool
    help: str
    wanted: str  # what the reason must say; "": a remark is welcome
    days_late: int
    why: str = ""  # as it was typed before it was refused
    error: str = ""
    target: int | None = None


FORMS = (*STEPS, Action.REGISTER, Action.COMPLAIN, Action.DISMISS_COMPLAINT, Action.REOPEN, Action.DECLARE_CONFLICT)


_DANGER = frozenset({Action.REFUSE_LATE, Action.WITHDRAW, Action.SEND_BACK, Action.DISMISS_COMPLAINT})


HELP: Mapping[Action, Text] = {
    Action.SUBMIT: Text(
        "Sau khi nộp, số liệu không sửa được nữa, trừ khi cơ quan tiếp nhận trả lại.",
        "Once handed in, the facts cannot be changed unless the office returns the dossier.",
    ),
    Action.WITHDRAW: Text(
        "Chỉ rút được khi cơ quan chuyên môn chưa tiếp nhận; nộp lại sau hạn là nộp muộn.",
        "Possible until the office has received it; handing it in again after the last day is late.",
    ),
    Action.RECEIVE: Text(
        "Hồ sơ đủ thành phần, chuyển Hội đồng thẩm định.", "The dossier is complete and goes to the council."
    ),
    Action.REFUSE_LATE: Text(
        "Quyền của cơ quan tiếp nhận, không phải nghĩa vụ; lý do được lưu cùng hồ sơ.",
        "The office may refuse, it need not; the reason is kept with the dossier.",
    ),
    Action.RETURN: Text(
        "Đơn vị sửa, bổ sung rồi nộp lại; ngày nộp lần đầu được giữ nguyên khi xét đúng hạn.",
        "The unit mends it and hands it in again; the first day it was handed in stays the one that counts.",
    ),
    Action.CLOSE_ROUND: Text(
        "Đơn vị thấy kết quả vòng 1 và được giải trình, bổ sung tài liệu trước vòng 2.",
        "The unit sees the first round and may explain and add documents before the second.",
    ),
    Action.OPEN_SECOND_ROUND: Text(
        "Hội đồng xem lại hồ sơ với giải trình đã có.", "The council looks at it again with the explanations given."
    ),
    Action.CLOSE_APPRAISAL: Text(
        "Khi mọi tiêu chí đã được thẩm định; tiếp theo là phiên họp và biên bản của Hội đồng.",
        "Once every criterion is ruled on; the council's meeting and its minutes follow.",
    ),
    Action.PROPOSE: Text(
        "Tổng hợp kết quả thẩm định, trình Ủy ban nhân dân phê duyệt, công nhận.",
        "The outcome is submitted to the people's committee for recognition.",
    ),
    Action.SEND_BACK: Text(
        "Hồ sơ trở lại Hội đồng thẩm định; biên bản đã chốt vẫn giữ nguyên.",
        "The dossier goes back to the council; closed minutes stay as they are.",
    ),
    Action.REOPEN: Text(
        "Quyết định đã ký vẫn có hiệu lực cho đến khi có quyết định khác thay thế hoặc thu hồi.",
        "The signed decision stays in force until another replaces or revokes it.",
    ),
    Action.DECLARE_CONFLICT: Text(
        "Từ đó bạn không thẩm định, không biểu quyết về hồ sơ này.",
        "From then on you neither appraise this dossier nor vote on it.",
    ),
}


def act_on(actor: Actor, action: Action, dossier: Dossier, version: int | None, typed: Form) -> None:
    """Call the use case of ``action``; raises what it raises."""
    key, why = dossier.pk, typed.why
    special: dict[Action, Callable[[], object]] = {
        Action.REGISTER: lambda: register(actor, key, typed.target or 0, version=version, why=why),
        Action.COMPLAIN: lambda: complain(actor, key, why, version=version),
        Action.DISMISS_COMPLAINT: lambda: dismiss_complaint(actor, key, why, version=version),
        Action.REOPEN: lambda: reopen(actor, key, why, version=version),
        Action.DECLARE_CONFLICT: lambda: declare_conflict(actor, key, why),
    }
    special.get(action, lambda: take_step(actor, action, key, version=version, why=why))()


def form_for(action: Action, subject: Subject, dossier: Dossier, refused: Form | None) -> Form:
    """The form of ``action`` as the dossier stands; ``refused``: what was typed, and why it could not be done."""
    state = State(dossier.state)
    wanted = reason_for(action, state, late=subject.late)
    typed = refused if refused is not None and refused.action is action else None
    return Form(
        action,
        action in _DANGER,
        tell(HELP[action]) if action in HELP else "",
        "" if wanted is None else tell(wanted),
        lateness(dossier, action),
        "" if typed is None else typed.why,
        "" if typed is None else typed.error,
        dossier.target if typed is None else typed.target,
    )
