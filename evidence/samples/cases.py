"""Cases: what the bundled province shows on purpose, laid over the facts that ``make.py`` draws.

A case replaces cells of the row of one unit and criterion; None takes the row away.
"""

_MINUTES = "Biên bản số 03/BB-HĐTĐ ngày 10/12/2025"
_NO_VALUE = {"numerator": "", "denominator": "", "value": ""}

CASES: dict[tuple[str, str], dict[str, str] | None] = {
    # At exactly the threshold of 80 % and one dossier below it.
    ("23284", "I.2"): {"numerator": "416", "denominator": "520"},
    ("23290", "I.2"): {"numerator": "415", "denominator": "520"},
    # 69,96 % is not 70 %; typed as a percentage, so that nobody can see of how many.
    ("23545", "III.1"): {**_NO_VALUE, "value": "69,96 %"},
    # Exempt: no product «(nếu có)», and a zero base on which the council has ruled.
    ("23293", "II.3"): {
        **_NO_VALUE,
        "status": "exempt",
        "note": f"Phường không có sản phẩm chủ lực, đặc trưng, sản phẩm OCOP ({_MINUTES})",
    },
    ("618", "III.5"): {
        **_NO_VALUE,
        "status": "exempt",
        "note": f"Huyện chưa có sản phẩm chủ lực, đặc trưng, sản phẩm OCOP ({_MINUTES})",
    },
    ("23284", "III.7"): {
        "numerator": "0",
        "denominator": "0",
        "status": "exempt",
        "note": f"Phường không có nhà văn hóa tổ dân phố ({_MINUTES})",
    },
    # A zero base on which the council has still to rule.
    ("23536", "III.7"): {"numerator": "0", "denominator": "0"},
    # I.11 «được tính cho 02 năm»: made in 2023 it has expired, once kept from then and once handed in again;
    # made in 2024 it still counts.
    ("23530", "I.11"): {
        "cycle": "2023",
        "measured_on": "2023-10-17",
        "document": "Biên bản kiểm tra an toàn thông tin số 41/BB-KTATTT ngày 17/10/2023 (xã Rơ Kơi)",
    },
    ("23534", "I.11"): {
        "measured_on": "2023-08-21",
        "document": "Biên bản kiểm tra an toàn thông tin số 36/BB-KTATTT ngày 21/8/2023 (xã Hơ Moong)",
    },
    ("23533", "I.11"): {
        "cycle": "2024",
        "measured_on": "2024-09-12",
        "document": "Biên bản kiểm tra an toàn thông tin số 58/BB-KTATTT ngày 12/9/2024 (xã Sa Nhơn)",
    },
    # Not known: said so, and no row at all.
    ("23539", "I.12"): {**_NO_VALUE, "status": "unknown", "document": "", "measured_on": ""},
    ("23542", "I.14"): None,
    ("23535", "I.14"): None,
    # Reported, not appraised yet.
    ("23548", "I.14"): {"status": "self_reported"},
    ("23551", "I.14"): {"status": "self_reported"},
    ("23551", "II.3"): {"status": "self_reported", "document": ""},
    # Rejected, with the council's reason.
    ("23404", "III.6"): {
        "status": "rejected",
        "note": f"Danh sách hồ sơ sức khỏe không khớp với dữ liệu của Trạm Y tế xã ({_MINUTES})",
    },
    ("23413", "I.12"): {
        "value": "có",
        "status": "rejected",
        "note": f"Camera tại trụ sở, không phải hệ thống giám sát an ninh, trật tự xã hội ({_MINUTES})",
    },
    ("610", "II.20"): {
        "value": "có",
        "status": "rejected",
        "note": f"Mới có chủ trương, chưa vận hành ({_MINUTES})",
    },
    # Corrected by the council; both values are kept.
    ("23401", "I.7"): {
        "value": "1",
        "reported": "2",
        "status": "adjusted",
        "note": f"Một người đã chuyển công tác từ tháng 10/2025 ({_MINUTES})",
    },
    # Two communes hand in the same list.
    ("23344", "I.6"): {"document": "Danh sách lớp tập huấn chuyển đổi số năm 2025.pdf"},
    ("23347", "I.6"): {"document": "Danh sách lớp tập huấn chuyển đổi số năm 2025.pdf"},
    # The district counts far more than its communes do.
    ("615", "III.1"): {"numerator": "401", "denominator": "412"},
}

LAST_YEAR: dict[tuple[str, str], dict[str, str]] = {
    # From almost nothing in one year.
    ("23341", "I.2"): {"numerator": "31", "denominator": "902"},
}
