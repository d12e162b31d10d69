"""Form guide: the sheet that tells the officer how to fill in the form."""

from typing import Any

from evidence.form_layout import GUIDE_SHEET
from evidence.form_style import INK, Pen, count_lines
from levels.index import Index
from levels.loader import Rulebook

_ONLY = "Chỉ nhập vào các ô có nền màu. Không thêm, xóa, di chuyển dòng, cột; không gộp ô; không dùng công thức."
_PROOF = (
    "Tài liệu kiểm chứng: số, ký hiệu văn bản, tên tệp hoặc đường dẫn; mỗi tài liệu một dòng (Alt+Enter) hoặc "
    "ngăn cách bằng dấu “|”."
)
_COUNCIL = (
    "Phần “Kết quả thẩm định” (nếu có) do hội đồng thẩm định nhập. “đã xác minh”: chấp nhận số báo cáo; “điều "
    "chỉnh”: ghi giá trị của hội đồng; “không chấp nhận” và “được miễn”: ghi lý do."
)
_GREY = "Ô màu xám không áp dụng cho tiêu chí đó, hoặc do hệ thống tự tính."
_OWN = "Biểu này chỉ dùng cho đơn vị, năm và phiên bản bộ tiêu chí đã ghi; không dùng lại cho đơn vị hoặc năm khác."

_RECOGNITION = (
    _ONLY,
    (
        "Tiêu chí tính bằng tỷ lệ: nhập số thực hiện (tử số) và tổng số (mẫu số), là các số nguyên. Nếu chỉ có tỷ "
        "lệ phần trăm thì để trống hai ô đó và nhập tỷ lệ vào ô “Giá trị”, ví dụ 69,96%. Số liệu được lấy chính "
        "xác, không làm tròn: 69,96% không đạt ngưỡng 70%."
    ),
    "Tiêu chí tính bằng số lượng: nhập số lượng vào ô “Giá trị”; ô “Tổng số” chỉ nhập khi có nền màu.",
    "Tiêu chí có/không: chọn “Có” hoặc “Không” trong danh sách.",
    (
        "Không có số liệu thì để trống; không ghi số 0 thay cho chưa biết. Không có đối tượng để tính (ví dụ "
        "không có hệ thống thông tin nào) thì ghi 0 trên 0; hội đồng thẩm định sẽ xem xét."
    ),
    _PROOF,
    (
        "Ngày chốt số liệu: ngày/tháng/năm. Riêng việc kiểm tra, đánh giá an toàn thông tin theo cấp độ: ghi ngày "
        "kiểm tra; 01 lần kiểm tra, đánh giá được tính cho 02 năm."
    ),
    _COUNCIL,
    _GREY,
    _OWN,
)
_INDEX = (
    _ONLY,
    (
        "Mỗi dòng là một số liệu. Chỉ số tính bằng tỷ lệ có nhiều dòng (a, b, c …): nhập số liệu gốc, không nhập tỷ lệ "
        "phần trăm; điểm do hệ thống tính."
    ),
    "Số lượng: số nguyên không âm. Số tiền và điểm: số thập phân, ví dụ 1,25; điểm không vượt quá điểm tối đa.",
    "Có/không và lựa chọn: chọn trong danh sách.",
    "Không có số liệu thì để trống; không ghi số 0 thay cho chưa biết. Thiếu số liệu thì được 0 điểm và được đánh dấu.",
    _PROOF,
    "Ngày chốt số liệu: ngày/tháng/năm, trong kỳ lấy số liệu của bộ chỉ số.",
    "Điểm khuyến khích (nếu có): ghi điểm ở cột “Giá trị” và lý do ở cột “Ghi chú”.",
    _COUNCIL,
    "Trang “Thông tin chung” (nếu có) không tính điểm; nhập tự do ở cột “Nội dung”.",
    _OWN,
)


def write_guide(book: Any, pen: Pen, rulebook: Rulebook) -> None:
    """Add the sheet «Hướng dẫn» to ``book``."""
    guide = book.add_worksheet(GUIDE_SHEET)
    guide.set_column(0, 0, 5)
    guide.set_column(1, 1, 100)
    guide.hide_gridlines(2)
    guide.set_paper(9)
    guide.fit_to_pages(1, 0)
    title = pen.plain(bold=True, font_size=14, font_color=INK, text_wrap=False)
    guide.write_string(0, 0, "HƯỚNG DẪN NHẬP BIỂU", title)
    guide.set_row(0, 28)
    text = pen.plain(font_size=12, valign="top")
    for number, rule in enumerate(_INDEX if isinstance(rulebook, Index) else _RECOGNITION, start=1):
        guide.write_string(number, 0, f"{number}.", text)
        guide.write_string(number, 1, rule, text)
        guide.set_row(number, 17 * count_lines(rule, 100, 12) + 6)
    guide.protect()
