"""The API itself: its operations, its schema, and the words of its documentation."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI

from certification.web.api import reading, writing
from certification.web.api.calling import Problem, TokenAuth, TokenThrottle, add_handlers
from levels.faults import Text

api = NinjaAPI(
    title="certify",
    version="1",
    description="Levels of digital transformation: facts in, results out. Every call carries a token.",
    docs_url=None,  # ours has no foreign scripts
    openapi_url=None,  # served by our own view, so that it passes the gate like every page
    urls_namespace="api",
    auth=TokenAuth(),
    throttle=[TokenThrottle()],
)
api.add_router("", reading.router)
api.add_router("", writing.router)
add_handlers(api)


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """The body is larger than any that is taken."""
    return Problem("too_large", Text(vi="Nội dung quá lớn.", en="The content is too large.")).answer(413)


@api.exception_handler(SuspiciousOperation)
def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    """Not HTTP as it should be: broken multipart, too many fields."""
    return Problem("bad_request", Text(vi="Yêu cầu không đúng dạng.", en="The request is malformed.")).answer(400)


SUMMARIES = {
    "list_units": Text(vi="Danh mục đơn vị", en="Units"),
    "read_unit": Text(vi="Một đơn vị theo mã, cả những đơn vị trước đây mang mã đó", en="A unit by its code"),
    "list_cycles": Text(vi="Các kỳ đánh giá", en="Cycles"),
    "list_rulebooks": Text(vi="Các bộ tiêu chí, bộ chỉ số đang lưu", en="Rulebooks"),
    "read_rulebook": Text(vi="Toàn bộ bộ tiêu chí của một kỳ", en="The rulebook of a cycle"),
    "list_dossiers": Text(vi="Các hồ sơ được phép xem", en="Dossiers"),
    "read_dossier": Text(vi="Một hồ sơ", en="One dossier"),
    "read_facts": Text(vi="Số liệu của một hồ sơ", en="Facts of a dossier"),
    "results": Text(vi="Kết quả tính của một kỳ", en="Results of a cycle"),
    "result": Text(vi="Kết quả tính của một hồ sơ", en="Result of a dossier"),
    "why": Text(vi="Vì sao đạt hay chưa đạt", en="Why a level or points were or were not reached"),
    "list_acts": Text(vi="Quyết định, xếp hạng đã công bố", en="Published decisions and rankings"),
    "read_act": Text(vi="Một quyết định đã công bố", en="One published act"),
    "import_facts": Text(vi="Nhập số liệu", en="Import facts"),
    "attach_proof": Text(vi="Nộp tài liệu kiểm chứng", en="Attach proof"),
    "read_proof": Text(vi="Nội dung một tài liệu", en="The content of a document"),
}
"""What each operation is called."""


DETAILS = {
    "list_units": "Các đơn vị hiện có (all_times: cả trước đây), tìm theo tên hoặc mã, không phân biệt dấu và chữ hoa.",
    "read_unit": "Mọi đơn vị đang hoặc từng mang mã này, đơn vị hiện tại đứng đầu.",
    "list_cycles": "Mọi kỳ đánh giá, kỳ mới nhất đứng đầu.",
    "list_rulebooks": "Các bộ tiêu chí, bộ chỉ số đang lưu, từng phiên bản.",
    "read_rulebook": "Toàn văn dạng dữ liệu, như «certify framework show --format json».",
    "list_dossiers": "Các hồ sơ mà khóa được xem: của đơn vị mình và cấp dưới.",
    "read_dossier": "Trạng thái, mức đăng ký, số lần thay đổi của một hồ sơ.",
    "read_facts": "Số liệu kèm tài liệu; dòng có draft là bản nháp chưa xác nhận, tính như chưa biết.",
    "results": "Mức, hoặc điểm và hạng, tính tại thời điểm gọi; không phải quyết định.",
    "result": "Như kết quả của kỳ, cho một đơn vị.",
    "why": "Mọi lý do đạt hay chưa đạt một mức (mặc định: mức kế tiếp); với bộ chỉ số: lý do của điểm.",
    "list_acts": "Quyết định và bảng xếp hạng đã công bố, mới nhất đứng đầu.",
    "read_act": "Nội dung một quyết định đã công bố và các tệp của nó.",
    "import_facts": "Nhập JSON, CSV, JSON lines hoặc biểu Excel: tất cả hoặc không gì cả. Cột và giá trị như "
    "evidence.csv; mọi lỗi được báo cùng lúc với dòng và cột. Giá trị khác với số liệu đang có là "
    "xung đột (409), trừ khi overwrite; điều Hội đồng đã kết luận thì giữ nguyên và nêu ở settled. "
    "Phải có Idempotency-Key: cùng khóa, cùng nội dung thì trả lời như cũ và không ghi lại; cùng "
    "khóa, khác nội dung là 409.",
    "attach_proof": "Tệp PDF, DOCX, XLSX, PNG, JPEG (files), hoặc đường dẫn, số văn bản (reference). Gọi lại không tạo "
    "tài liệu thứ hai. Trả lời mọi tài liệu của số liệu đó.",
    "read_proof": "Nội dung tệp như đã nộp.",
}
"""What each operation does, in Vietnamese; in English it says so itself."""


def schema() -> dict[str, Any]:
    """The OpenAPI document, with the Vietnamese names beside the English ones."""
    document: dict[str, Any] = dict(api.get_openapi_schema())
    for methods in document["paths"].values():
        for operation in methods.values():
            words = SUMMARIES[operation["operationId"]]
            operation["summary"] = words.en
            operation["x-summary-vi"] = words.vi
            operation["x-description-vi"] = DETAILS[operation["operationId"]]
    return document


def schema_answer() -> JsonResponse:
    """The OpenAPI document as it is served."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})
