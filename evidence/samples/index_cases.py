"""Cases: what the samples of the indexes show on purpose, laid over what ``make_indexes.py`` draws.

A case replaces cells of the row of one unit, criterion and round of the assessed cycle, or adds a row
where none was drawn; None takes the row away.
"""

from collections.abc import Mapping

Case = Mapping[str, str] | None

_BAC_NINH = "Biên bản số 12/BB-HĐĐG ngày 27/10/2023"
_HA_NOI = "Biên bản số 05/BB-HĐTĐ ngày 29/11/2024"
_DAK_LAK = "Biên bản số 09/BB-TGV ngày 24/12/2022"
_GIA_LAI = "Biên bản số 07/BB-HĐTĐ ngày 22/12/2023"
_UNKNOWN = {"value": "", "status": "unknown", "document": "", "measured_on": "", "reported": "", "note": ""}


def _exempt(reason: str) -> Case:
    return {"value": "", "reported": "", "status": "exempt", "note": reason}


def _rejected(reason: str) -> Case:
    return {"reported": "", "status": "rejected", "note": reason}


def _adjusted(reported: str, value: str, reason: str) -> Case:
    return {"value": value, "reported": reported, "status": "adjusted", "note": reason}


def _bonus(points: str, reason: str) -> Case:
    return {"value": points, "status": "verified", "note": reason}


# What there is to count at Chư Prông and Chư Sê, so that shares fall on a boundary of the annex and just below it.
_ROUND_BASES = {
    "people": 118_000, "people15": 80_000, "files": 5_000, "small": 400, "enterprises": 410, "firms": 410,
    "sellers": 12_000, "parcels": 30_000, "budget": 100_000, "technology": 100_000, "schools": 50, "services": 240,
    "officials": 2_000,
}  # fmt: skip
FIXED_BASES: Mapping[str, Mapping[str, int]] = {"632": _ROUND_BASES, "633": _ROUND_BASES}

# At exactly the boundary, and the next value below it.
_BOUNDARIES = {
    "II.1.4:2": ("10", "9"), "II.4.8:a": ("35", "34"), "II.5.11:a": ("100", "99.99"), "II.6.3:a": ("240", "239"),
    "II.6.6:b": ("1200", "1200"), "II.6.6:c": ("2800", "2799"), "II.6.17:a": ("10", "9.99"),
    "II.6.20:1": ("2000", "1999"), "II.7.1:a": ("40", "39"), "II.7.2:a": ("200", "199"), "II.7.3:a": ("328", "327"),
    "II.7.5:a": ("600", "599"), "II.7.6:a": ("1500", "1499"), "II.7.7:a": ("2.5", "2.49"),
    "II.8.2:a": ("64000", "63999"), "II.8.5": ("30", "29"),
}  # fmt: skip

CASES: Mapping[str, Mapping[tuple[str, str, str], Case]] = {
    "bac-ninh": {
        ("256", "6.13", ""): None,
        ("256", "7.6", ""): _UNKNOWN,
        ("27-SKHCN", "5.5", ""): None,
        # A 0 that the council has given is not a missing value.
        ("262", "3.7", ""): {"value": "0", "reported": "", "status": "verified"},
        ("261", "1.1", ""): {"value": "20", "reported": "", "status": "verified", "note": ""},
        ("27-SKHDT", "6.4", ""): {"value": "27,5", "reported": "", "status": "verified", "note": ""},
        ("259", "3.4", ""): _rejected(f"Danh sách camera không kèm biên bản nghiệm thu ({_BAC_NINH})"),
        ("27-SYT", "6.9", ""): _adjusted("30", "22.5", f"Kết quả khảo sát có phiếu trùng lặp ({_BAC_NINH})"),
        ("260", "7.6", ""): _exempt(f"Trên địa bàn không có hợp tác xã thuộc diện đánh giá ({_BAC_NINH})"),
        ("27-BQLKCN", "6.18", ""): _exempt(f"Đơn vị không có hồ sơ TTHC lịch sử còn hiệu lực ({_BAC_NINH})"),
    },
    "ha-noi": {
        # Not subject: the self score is withdrawn and nothing is left to appraise.
        **{("01-TTr", "6.7", step): None for step in ("self", "explanation", "round2")},
        ("01-TTr", "6.7", "round1"): _exempt(f"Thanh tra Thành phố không có dịch vụ công trực tuyến ({_HA_NOI})"),
        **{("281", "8.6", step): None for step in ("self", "round1", "explanation", "round2")},
        **{("281", "7.3", step): None for step in ("round1", "explanation", "round2")},
        ("281", "7.3", "self"): _UNKNOWN,
        **{("018", "6.9", step): {"value": "4,5"} for step in ("self", "round1")},
        ("005", "KK", "round2"): _bonus("3", f"Sáng kiến trợ lý ảo tiếp dân, đã nhân rộng tại các phường ({_HA_NOI})"),
        ("017", "KK", "round2"): _bonus("1.5", f"Mô hình «chợ không tiền mặt» tại 03 xã ({_HA_NOI})"),
        ("01-SKHDT", "KK", "round2"): _bonus("2", f"Rút ngắn 30 % thời gian đăng ký kinh doanh trực tuyến ({_HA_NOI})"),
    },
    "dak-lak": {
        ("24301", "4", ""): None,
        ("649", "8", ""): _UNKNOWN,
        ("647", "7", ""): _rejected(f"Số liệu doanh nghiệp không có tài liệu kiểm chứng ({_DAK_LAK})"),
        ("66-TTr", "3", ""): {"value": "0", "reported": "", "status": "verified", "note": ""},
        ("66-STP", "6", ""): _adjusted("455", "412.5", f"Trừ hồ sơ trực tuyến tính hai lần ({_DAK_LAK})"),
        ("24298", "7", ""): _exempt(f"Xã không có doanh nghiệp, hợp tác xã đang hoạt động ({_DAK_LAK})"),
    },
    "chu-prong": {
        **{
            (unit, code, ""): {"value": values[number]}
            for code, values in _BOUNDARIES.items()
            for number, unit in enumerate(("632", "633"))
        },
        **{(unit, "II.1.4:1", ""): {"value": "có"} for unit in ("632", "633", "634")},
        # 10 stands in two lines, «Từ 10 trở lên» and «Từ 5 đến 10»; then 5 and «Dưới 5», and no column at all.
        ("634", "II.1.4:2", ""): {"value": "5"},
        ("627", "II.1.4:1", ""): {"value": "có"},
        ("627", "II.1.4:2", ""): {"value": "4"},
        ("628", "II.1.4:1", ""): {"value": "không"},
        ("628", "II.1.4:2", ""): {"value": "0"},
        ("634", "II.5.11:a", ""): {"value": "70"},
        ("634", "II.5.11:b", ""): {"value": "1000"},
        ("627", "II.5.11:a", ""): {"value": "30"},
        ("627", "II.5.11:b", ""): {"value": "1000"},
        ("628", "II.5.11:a", ""): {"value": "29,99"},
        ("628", "II.5.11:b", ""): {"value": "1000"},
        ("632", "II.1.1", ""): {"value": "Chủ tịch UBND cấp huyện"},
        ("634", "II.1.1", ""): {"value": "Phó Chủ tịch UBND cấp huyện"},
        ("630", "II.1.1", ""): {"value": "3"},
        # More than 100 %, and more activities than the maximum: held there.
        ("632", "II.3.7:1", ""): {"value": "2080"},
        ("634", "II.8.5", ""): {"value": "34"},
        # None detected: with its proof the maximum, without it nothing.
        ("624", "II.5.9:1", ""): {"value": "0"},
        ("624", "II.5.9:2", ""): {"value": "có", "document": "Biên bản rà soát an toàn thông tin số 31/BB-CA.pdf"},
        ("624", "II.5.10:a", ""): {"value": "0"},
        ("624", "II.5.10:b", ""): {"value": "0"},
        ("624", "II.5.10:1", ""): {"value": "có", "document": "Biên bản rà soát an toàn thông tin số 31/BB-CA.pdf"},
        ("639", "II.5.9:1", ""): {"value": "0"},
        ("639", "II.5.9:2", ""): {"value": "có", "status": "self_reported", "document": ""},
        # Nothing to divide by: not ruled on yet, and exempt.
        ("623", "II.5.5:a", ""): {"value": "0"},
        ("623", "II.5.5:b", ""): {"value": "0"},
        ("625", "II.5.5:a", ""): _exempt(f"Không có địa chỉ IP nào trong danh sách cảnh báo ({_GIA_LAI})"),
        ("625", "II.5.5:b", ""): None,
        ("628", "II.2.9", ""): _rejected(f"Văn bản ban hành sau kỳ đánh giá ({_GIA_LAI})"),
        ("629", "II.4.6:a", ""): _adjusted("1388", "1204", f"Trừ các lượt tập huấn trùng người ({_GIA_LAI})"),
        ("630", "II.8.3:a", ""): _UNKNOWN,
        ("631", "II.6.18:b", ""): None,
    },
}

# Why the council of Hà Nội takes points away in its first round, what the unit answers, and how that ends:
# accepted as reported, accepted in part, or left as it was.
LOWERED = (
    "Tài liệu kiểm chứng không thuộc năm đánh giá",
    "Số liệu báo cáo không khớp với số liệu trên hệ thống của Thành phố",
    "Văn bản do cấp phó ký, chưa đáp ứng yêu cầu của chỉ số",
    "Chưa có tài liệu kiểm chứng cho một phần nội dung",
    "Tỷ lệ tính trên số đơn vị báo cáo, chưa tính đủ số đơn vị trực thuộc",
)
EXPLAINED = (
    "Bổ sung văn bản ban hành trong năm đánh giá",
    "Bổ sung số liệu trích xuất từ hệ thống, có xác nhận của đơn vị quản lý",
    "Bổ sung văn bản do người đứng đầu ký",
    "Bổ sung danh sách và biên bản nghiệm thu",
    "Bổ sung số liệu của các đơn vị trực thuộc",
)
OUTCOMES = {
    "verified": "Chấp nhận giải trình: tài liệu bổ sung đáp ứng yêu cầu",
    "adjusted": "Chấp nhận một phần giải trình: tài liệu bổ sung chứng minh được một phần nội dung",
    "kept": "Giữ nguyên kết quả vòng 1: tài liệu bổ sung chưa chứng minh được nội dung báo cáo",
}
