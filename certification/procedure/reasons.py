"""Which steps need a reason, and what it should say: every choice that the law leaves to somebody is justified."""

from collections.abc import Mapping
from types import MappingProxyType

from certification.procedure.actions import Action
from certification.procedure.states import State
from levels.faults import Text

_ALWAYS: Mapping[Action, Text] = MappingProxyType(
    {
        Action.WITHDRAW: Text("Vì sao rút lại hồ sơ đã nộp", "Why the dossier is withdrawn"),
        Action.REFUSE_LATE: Text(
            "Vì sao từ chối, và thời điểm nhận ghi trên hệ thống quản lý văn bản",
            "Why it is refused, and when the document system recorded its receipt",
        ),
        Action.RETURN: Text("Những gì còn thiếu hoặc phải sửa", "What is missing or must be mended"),
        Action.CLOSE_ROUND: Text("Những nội dung đơn vị cần giải trình", "What the unit has to explain"),
        Action.OPEN_SECOND_ROUND: Text("Vì sao mở vòng thẩm định 2", "Why the second round is opened"),
        Action.SEND_BACK: Text("Hội đồng phải xem lại điều gì", "What the council has to look at again"),
        Action.REFUSE_RECOGNITION: Text("Vì sao không công nhận", "Why the recognition is refused"),
        Action.COMPLAIN: Text("Nội dung khiếu nại và căn cứ", "What is complained of, and on what grounds"),
        Action.DISMISS_COMPLAINT: Text("Vì sao bác khiếu nại", "Why the complaint is dismissed"),
        Action.REOPEN: Text("Vì sao thẩm định lại", "Why it is appraised again"),
        Action.REVOKE: Text("Vì sao thu hồi quyết định", "Why the decision is revoked"),
        Action.DECLARE_CONFLICT: Text("Xung đột lợi ích là gì", "What the conflict of interest is"),
    }
)


def reason_for(action: Action, state: State, *, late: bool = False) -> Text | None:
    """What the reason of ``action`` in ``state`` must say; None where a remark is welcome but not needed.

    ``late``: the dossier was handed in after the last day.
    """
    if action is Action.RECEIVE and state is State.REFUSED_LATE:
        return Text("Vì sao nhận hồ sơ đã từ chối", "Why a refused dossier is received after all")
    if action is Action.RECEIVE and late:
        # Mục II.3: the office may refuse what is late. That it did not is a choice too, and is recorded.
        return Text("Vì sao vẫn nhận hồ sơ nộp muộn", "Why the late dossier is received all the same")
    if action is Action.REGISTER and state is not State.OPEN:
        return Text("Vì sao đổi mức đã đăng ký", "Why the registered target is changed")
    return _ALWAYS.get(action)
