"""The framework's own terms in the two languages, for the sentences of linter and diff."""

from levels.faults import Text
from levels.framework import Tier

TIERS = {
    Tier.PROVINCE: Text("cấp tỉnh", "province"),
    Tier.DISTRICT: Text("cấp huyện", "district"),
    Tier.COMMUNE: Text("cấp xã", "commune"),
    Tier.DEPARTMENT: Text("cấp sở, ngành", "department"),
}
KINDS = {
    "ratio": Text("tỷ lệ", "ratio"),
    "count": Text("số lượng", "count"),
    "presence": Text("có/không", "presence"),
    "members": Text("mức của đơn vị trực thuộc", "levels of members"),
}
STEPS = {
    "registration": Text("đăng ký", "registration"),
    "self_assessment": Text("tự đánh giá", "self-assessment"),
    "appraisal": Text("thẩm định", "appraisal"),
    "recognition": Text("công nhận", "recognition"),
    "summary": Text("tổng hợp, báo cáo", "summary"),
}
FIELDS = {
    "id": Text("mã định danh", "id"),
    "version": Text("phiên bản", "version"),
    "recognise": Text("cách công nhận", "recognise"),
    "number": Text("số", "number"),
    "title": Text("tên", "title"),
    "citation": Text("cách viện dẫn", "citation"),
    "issuer": Text("cơ quan ban hành", "issuer"),
    "signed_on": Text("ngày ký", "date of signing"),
    "in_force": Text("ngày có hiệu lực", "date in force"),
    "replaces": Text("văn bản bị thay thế", "replaced instrument"),
    "basis": Text("căn cứ", "legal basis"),
    "name": Text("tên", "name"),
    "description": Text("mô tả", "description"),
    "annex": Text("phụ lục", "annex"),
    "stated_count": Text("số tiêu chí văn bản nêu", "stated number of criteria"),
    "appraised_by": Text("cấp thẩm định", "appraising tier"),
    "code": Text("mã", "code"),
    "measure": Text("đơn vị tính", "unit of measure"),
    "method": Text("phương pháp tính/nguồn số liệu", "method or source"),
    "valid_cycles": Text("số kỳ được tính", "cycles a fact counts"),
    "exemption": Text("miễn", "exemption"),
    "clause": Text("điều khoản", "clause"),
    "late": Text("khi quá hạn", "lateness"),
    "reading": Text("cách hiểu", "reading"),
    "alternative": Text("cách hiểu khác", "alternative"),
    "criteria": Text("tiêu chí áp dụng", "criteria"),
    "proposed_by": Text("người đề nghị", "proposer"),
    "responsible": Text("trách nhiệm thi hành", "those responsible"),
    "recipients": Text("nơi nhận", "recipients"),
    "archive": Text("nơi lưu", "archive"),
    "wording": Text("câu chữ", "wording"),
}
