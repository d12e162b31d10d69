"""The actions that somebody may or may not be allowed to do."""

from enum import StrEnum

from levels.faults import Text


class Action(StrEnum):
    """Everything that is judged before it is shown or done."""

    READ_UNIT = "read_unit"
    READ_RESULT = "read_result"
    READ_DOSSIER = "read_dossier"
    READ_RULINGS = "read_rulings"
    READ_REPORTS = "read_reports"
    READ_AUDIT = "read_audit"
    PLAN = "plan"
    SAVE_SCENARIO = "save_scenario"
    REGISTER = "register"
    ENTER_FACT = "enter_fact"
    ATTACH_PROOF = "attach_proof"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RECEIVE = "receive"
    REFUSE_LATE = "refuse_late"
    RETURN = "return"
    SET_UP_COUNCIL = "set_up_council"
    DECLARE_CONFLICT = "declare_conflict"
    APPRAISE = "appraise"
    CLOSE_ROUND = "close_round"
    EXPLAIN = "explain"
    OPEN_SECOND_ROUND = "open_second_round"
    CLOSE_APPRAISAL = "close_appraisal"
    VOTE = "vote"
    KEEP_MINUTES = "keep_minutes"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    SIGN = "sign"
    RESTATE = "restate"
    REFUSE_RECOGNITION = "refuse_recognition"
    PUBLISH = "publish"
    COMPLAIN = "complain"
    DISMISS_COMPLAINT = "dismiss_complaint"
    REOPEN = "reopen"
    REVOKE = "revoke"
    SUMMARISE = "summarise"
    VOUCH = "vouch"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_RULEBOOKS = "manage_rulebooks"
    MANAGE_UNITS = "manage_units"
    MANAGE_CYCLES = "manage_cycles"
    ISSUE_TOKEN = "issue_token"  # noqa: S105 - the name of an action

    @property
    def label(self) -> Text:
        """What is done, as a verb, in both languages."""
        return _TITLES[self]


_TITLES = {
    Action.READ_UNIT: Text("xem thông tin đơn vị", "read about the unit"),
    Action.READ_RESULT: Text("xem kết quả", "read the result"),
    Action.READ_DOSSIER: Text("xem hồ sơ", "read the dossier"),
    Action.READ_RULINGS: Text("xem kết luận của hội đồng", "read the council's rulings"),
    Action.READ_REPORTS: Text("xem báo cáo", "read reports"),
    Action.READ_AUDIT: Text("xem nhật ký", "read the audit log"),
    Action.PLAN: Text("lập phương án, mô phỏng", "plan and simulate"),
    Action.SAVE_SCENARIO: Text("lưu kịch bản", "save a scenario"),
    Action.REGISTER: Text("đăng ký mức độ", "register the target level"),
    Action.ENTER_FACT: Text("nhập số liệu", "enter facts"),
    Action.ATTACH_PROOF: Text("đính kèm tài liệu kiểm chứng", "attach proof"),
    Action.SUBMIT: Text("nộp hồ sơ", "hand in the dossier"),
    Action.WITHDRAW: Text("rút lại hồ sơ", "withdraw the dossier"),
    Action.RECEIVE: Text("tiếp nhận hồ sơ", "receive the dossier"),
    Action.REFUSE_LATE: Text("từ chối hồ sơ nộp muộn", "refuse the late dossier"),
    Action.RETURN: Text("trả lại để hoàn thiện", "return for completion"),
    Action.SET_UP_COUNCIL: Text("thành lập hội đồng thẩm định", "set up the appraisal council"),
    Action.DECLARE_CONFLICT: Text("khai báo xung đột lợi ích", "declare a conflict of interest"),
    Action.APPRAISE: Text("thẩm định", "appraise"),
    Action.CLOSE_ROUND: Text("kết thúc vòng 1, yêu cầu giải trình", "close the first round and ask for explanations"),
    Action.EXPLAIN: Text("giải trình", "explain"),
    Action.OPEN_SECOND_ROUND: Text("mở vòng thẩm định 2", "open the second round"),
    Action.CLOSE_APPRAISAL: Text("kết thúc thẩm định", "close the appraisal"),
    Action.VOTE: Text("biểu quyết", "vote"),
    Action.KEEP_MINUTES: Text("lập biên bản hội đồng", "keep the council's minutes"),
    Action.PROPOSE: Text("trình công nhận", "propose for signature"),
    Action.SEND_BACK: Text("trả lại để thẩm định lại", "send back to the council"),
    Action.SIGN: Text("ký quyết định công nhận", "sign the recognition"),
    Action.RESTATE: Text("ghi lại trong quyết định xếp hạng thay thế", "state again in a replacing ranking"),
    Action.REFUSE_RECOGNITION: Text("quyết định không công nhận", "refuse the recognition"),
    Action.PUBLISH: Text("công bố", "publish"),
    Action.COMPLAIN: Text("khiếu nại", "complain"),
    Action.DISMISS_COMPLAINT: Text("bác khiếu nại", "dismiss the complaint"),
    Action.REOPEN: Text("mở lại để thẩm định lại", "reopen for re-appraisal"),
    Action.REVOKE: Text("thu hồi quyết định", "revoke the decision"),
    Action.SUMMARISE: Text("tổng hợp, báo cáo Bộ", "sum up the year for the ministry"),
    Action.VOUCH: Text("xác nhận người dùng", "vouch for a person"),
    Action.MANAGE_ACCOUNTS: Text("quản lý tài khoản", "manage accounts"),
    Action.MANAGE_RULEBOOKS: Text("quản lý bộ tiêu chí", "manage rulebooks"),
    Action.MANAGE_UNITS: Text("quản lý đơn vị", "manage units"),
    Action.MANAGE_CYCLES: Text("quản lý kỳ đánh giá", "manage cycles"),
    Action.ISSUE_TOKEN: Text("cấp khóa truy cập cho phần mềm khác", "issue an access token"),
}
