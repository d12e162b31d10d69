"""The minutes of a council's meeting, as they are printed and signed."""

import datetime

from attrs import evolve

from reports.minutes import Attendee, Meeting, Vote, render_minutes, view_minutes

CHAIR = Attendee("Nguyễn Văn Chủ", "Phó Chủ tịch UBND huyện", "Chủ tịch Hội đồng")
SECRETARY = Attendee("Trần Thị Thư", "", "Ủy viên, Thư ký")
MEETING = Meeting(
    body="Huyện Kon Plông",
    subject="Họp thẩm định mức độ chuyển đổi số năm 2025",
    number="",
    held_on=datetime.date(2025, 2, 5),
    place="",
    decided_by="Quyết định số 15/QĐ-UBND",
    quorum="ít nhất hai phần ba số thành viên",
    present=(CHAIR, SECRETARY),
    absent=(Attendee("Lê Văn Viên", "", "Ủy viên"),),
    chair=CHAIR,
    secretary=SECRETARY,
    votes=(
        Vote(
            "Xã Măng Cành", "mức độ 3 – Cơ bản", 1, 0, 0, ("Trần Thị Thư: quê ở xã",), (), True, "Đủ tài liệu"
        ),
        Vote("Thị trấn Măng Đen", "", 1, 1, 0, (), ("Trần Thị Thư: không tán thành",), None, ""),
    ),
    discussion="Thống nhất.\n\nĐề nghị công nhận.",
    closed=True,
)  # fmt: skip


def test_what_nobody_wrote_down_is_left_open_for_the_clerk() -> None:
    view = view_minutes(MEETING)
    assert view.letterhead.number == "Số: ……/BB-HĐTĐ"
    assert view.opening[0] == "Thời gian bắt đầu: …… giờ …… phút, ngày 05 tháng 02 năm 2025."
    assert view.opening[1] == "Địa điểm: ……."
    assert view_minutes(evolve(MEETING, number="7")).letterhead.number == "Số: 7/BB-HĐTĐ"
    assert view_minutes(evolve(MEETING, number="7/BB")).letterhead.number == "Số: 7/BB"


def test_conflicts_dissent_and_remarks_are_told_by_name() -> None:
    view = view_minutes(MEETING)
    assert view.remarks == (
        "Xã Măng Cành: không biểu quyết do xung đột lợi ích: Trần Thị Thư: quê ở xã.",
        "Xã Măng Cành: Đủ tài liệu.",
        "Thị trấn Măng Đen: ý kiến khác: Trần Thị Thư: không tán thành.",
    )
    assert view.course[0].startswith("Có mặt 2/3 thành viên")
    assert view.discussion == ("Thống nhất.", "Đề nghị công nhận.")


def test_a_draft_says_that_it_is_one_and_made_up_facts_mark_every_page() -> None:
    made = render_minutes(evolve(MEETING, closed=False, synthetic=True, chair=None), kinds=("html", "docx"))
    page = made["html"].decode()
    assert "DỰ THẢO – chưa chốt" in page
    assert "DỮ LIỆU MÔ PHỎNG" in page
    assert made["docx"][:2] == b"PK"
    assert "DỰ THẢO" not in render_minutes(MEETING, kinds=("html",))["html"].decode()
