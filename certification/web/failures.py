"""Failures: what a reader is told when a page cannot be given, in plain words and never with a traceback."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from levels.faults import Text

BAD_REQUEST = Text(
    vi="Yêu cầu gửi lên không đọc được. Có thể địa chỉ đã bị cắt bớt khi sao chép; xin mở lại trang từ trình đơn.",
    en="The request could not be read. Its address may have been cut when it was copied; open the page from the menu.",
)
FORBIDDEN = Text(
    vi="Tài khoản của bạn không có quyền xem trang này hoặc làm việc này. Nếu công việc cần đến, "
    "xin liên hệ người quản trị để được giao vai trò.",
    en="Your account may not see this page or do this. If your work needs it, ask the administrator for the role.",
)
NOT_FOUND = Text(
    vi="Không có trang này. Có thể địa chỉ bị gõ sai, hoặc nội dung đã được chuyển đi nơi khác.",
    en="There is no such page. Its address may be mistyped, or what stood here has moved.",
)
BROKEN = Text(
    vi="Phần mềm gặp lỗi và đã dừng việc đang làm; không có gì được lưu nửa chừng. Lỗi đã được ghi lại. "
    "Xin thử lại; nếu vẫn lỗi, báo cho người quản trị kèm giờ xảy ra.",
    en="The program failed and stopped what it was doing; nothing was saved half-way. The failure has been recorded. "
    "Please try again; if it fails again, tell the administrator and give the time.",
)
STALE_FORM = Text(
    vi="Trang này đã mở quá lâu hoặc trình duyệt chặn cookie, nên không chắc yêu cầu do chính bạn gửi. "
    "Chưa có gì được lưu. Xin bấm «Quay lại» của trình duyệt, tải lại trang rồi gửi lại.",
    en="This page was open for too long, or the browser blocks cookies, so it is not certain that you sent the "
    "request yourself. Nothing was saved. Please go back with your browser, reload the page and send it again.",
)
BUSY = Text(
    vi="Hệ thống đang được bảo trì hoặc đang bận. Số liệu đã xác nhận vẫn được giữ nguyên. Xin thử lại sau ít phút.",
    en="The system is being maintained or is busy. What was confirmed is kept. Please try again in a few minutes.",
)

TITLES = {
    400: Text(vi="Yêu cầu không hợp lệ", en="The request is not valid"),
    403: Text(vi="Không có quyền", en="Not permitted"),
    404: Text(vi="Không tìm thấy trang", en="Page not found"),
    422: Text(vi="Chưa lưu được", en="Not saved"),
    500: Text(vi="Phần mềm gặp lỗi", en="The program failed"),
    503: Text(vi="Tạm dừng để bảo trì", en="Closed for maintenance"),
}


def show_failure(request: HttpRequest, status: int, text: Text) -> HttpResponse:
    """The page of a failure with this status, saying ``text``."""
    context = {"status": status, "title": TITLES[status], "text": text}
    return render(request, "failure.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, for Django's ``handler400``."""
    return show_failure(request, 400, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, for ``handler403``: the reason of whoever refused, where it is a sentence of ours, else why this can be."""
    reason = exception.args[0] if exception.args else None
    return show_failure(request, 403, reason if isinstance(reason, Text) else FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for ``handler404``: the reason of whoever looked in vain, where it is a sentence of ours."""
    reason = exception.args[0] if exception.args else None
    return show_failure(request, 404, reason if isinstance(reason, Text) else NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """500, for ``handler500``: a page that needs neither the database nor the session, for they may be what failed."""
    return HttpResponse(render_bare(500, BROKEN), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the protection against forged requests, for ``CSRF_FAILURE_VIEW``."""
    return show_failure(request, 403, STALE_FORM)


def too_many(request: HttpRequest) -> HttpResponse:
    """429, for ``handler429`` of allauth: what is counted by the minute may be tried again after one."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """503: maintenance, or a database that does not answer."""
    response = HttpResponse(render_bare(503, BUSY), status=503)
    response.headers["Retry-After"] = "120"
    return response


def render_bare(status: int, text: Text) -> str:
    """The page of a failure without the head that depends on the reader."""
    from django.template.loader import render_to_string

    return render_to_string("failure.html", {"status": status, "title": TITLES[status], "text": text})
