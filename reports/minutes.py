"""The minutes of an appraisal council's meeting as HTML, PDF and Word, in Vietnamese only.

Form: Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.10 (biên bản). What the secretary did not write down, the hours of
the meeting, is left open.
"""

import datetime
from collections.abc import Collection, Iterator

from attrs import frozen

from reports.documents import KINDS, render
from reports.tables import PORTRAIT, Column, Table, row, table
from reports.view import BLANK, Letterhead, committee, committee_lines
from reports.words import NOTHING, SYNTHETIC_MARK, date_text, in_sentence

DRAFT = "DỰ THẢO – chưa chốt"


@frozen
class Attendee:
    """A member of the council."""

    name: str
    position: str  # chức vụ, đơn vị
    seat: str  # Chủ tịch Hội đồng


@frozen
class Vote:
    """What the council voted on one unit."""

    unit: str
    proposed: str  # «mức độ 3 – Cơ bản»; "" where no level is proposed
    in_favour: int
    against: int
    abstaining: int
    barred: tuple[str, ...]  # «Lê Văn Viên: anh trai là Chủ tịch xã»
    dissent: tuple[str, ...]  # who voted otherwise than for, and how
    adopted: bool | None  # None: not closed yet
    remark: str
    recorded: tuple[str, ...] = ()  # votes that the members did not cast in person, and who wrote them down


@frozen
class Meeting:
    """One meeting as its minutes state it."""

    body: str  # the unit whose council met: Huyện Đắk Hà
    subject: str  # Họp thẩm định mức độ chuyển đổi số năm 2025
    number: str
    held_on: datetime.date
    place: str
    decided_by: str
    quorum: str  # ít nhất hai phần ba số thành viên
    present: tuple[Attendee, ...]
    absent: tuple[Attendee, ...]
    chair: Attendee | None
    secretary: Attendee | None
    votes: tuple[Vote, ...]
    discussion: str
    closed: bool
    synthetic: bool = False


@frozen
class MinutesView:
    """The minutes, ready to print."""

    title: str
    letterhead: Letterhead
    subject: str
    draft_mark: str  # "" once they are closed
    synthetic_mark: str  # "" where the facts are real
    opening: tuple[str, ...]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    course: tuple[str, ...]
    votes: Table
    remarks: tuple[str, ...]
    discussion: tuple[str, ...]
    ending: str
    secretary: str
    chair: str
    recipients: tuple[str, ...]
    date: str  # ISO, for the file's properties

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order of the document."""
        return (self.votes,)


def render_minutes(meeting: Meeting, *, kinds: Collection[str] = KINDS) -> dict[str, bytes]:
    """The minutes as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``."""
    return render(view_minutes(meeting), "minutes", kinds)


def view_minutes(meeting: Meeting) -> MinutesView:
    """The view of one meeting's minutes."""
    number = meeting.number if "/" in meeting.number else f"{meeting.number or BLANK}/BB-HĐTĐ"
    members = len(meeting.present) + len(meeting.absent)
    day = date_text(meeting.held_on, "vi")
    return MinutesView(
        title=f"Biên bản {meeting.subject[:1].lower()}{meeting.subject[1:]}",
        letterhead=Letterhead(
            superior=committee_lines(meeting.body), issuer=("HỘI ĐỒNG THẨM ĐỊNH",), number=f"Số: {number}",
            place_and_date="",
        ),
        subject=meeting.subject,
        draft_mark="" if meeting.closed else DRAFT,
        synthetic_mark=SYNTHETIC_MARK.vi if meeting.synthetic else "",
        opening=(
            f"Thời gian bắt đầu: {BLANK} giờ {BLANK} phút, {day}.",
            f"Địa điểm: {meeting.place or BLANK}.",
            f"Hội đồng thẩm định được thành lập theo {meeting.decided_by}, gồm {members} thành viên.",
        ),
        present=tuple(_listed(meeting.present)),
        absent=tuple(_listed(meeting.absent)),
        course=(
            f"Có mặt {len(meeting.present)}/{members} thành viên; phiên họp hợp lệ khi có mặt {meeting.quorum}.",
            (f"Hội đồng xem xét kết quả thẩm định {len(meeting.votes)} hồ sơ và biểu quyết như sau "
            "(thông qua khi quá nửa số thành viên có mặt, có quyền biểu quyết tán thành):"),
        ),
        votes=_votes(meeting),
        remarks=tuple(_remarks(meeting)),
        discussion=tuple(line.strip() for line in meeting.discussion.splitlines() if line.strip()),
        ending=f"Cuộc họp kết thúc vào {BLANK} giờ {BLANK} phút, {day}./.",
        secretary=_name(meeting.secretary),
        chair=_name(meeting.chair),
        recipients=(
            f"- {committee(meeting.body)} (b/c);",
            "- Các thành viên Hội đồng thẩm định;",
            "- Lưu: VT, hồ sơ Hội đồng.",
        ),
        date=meeting.held_on.isoformat(),
    )  # fmt: skip


def _listed(attendees: tuple[Attendee, ...]) -> Iterator[str]:
    for number, each in enumerate(attendees, start=1):
        yield f"{number}. {', '.join(part for part in (each.name, each.position, each.seat) if part)}."


def _name(attendee: Attendee | None) -> str:
    return "" if attendee is None else attendee.name


def _votes(meeting: Meeting) -> Table:
    outcomes = {True: "Thông qua", False: "Không thông qua", None: NOTHING}
    columns = (
        Column("STT", 10, centred=True),
        Column("Đơn vị", 0),
        Column("Mức đề nghị", 32, centred=True),
        Column("Tán thành", 16, centred=True),
        Column("Không tán thành", 16, centred=True),
        Column("Không có ý kiến", 16, centred=True),
        Column("Không biểu quyết", 18, centred=True),
        Column("Kết quả", 22, centred=True),
    )
    rows = (
        row(
            str(number), vote.unit, vote.proposed or NOTHING, str(vote.in_favour), str(vote.against),
            str(vote.abstaining), str(len(vote.barred)), outcomes[vote.adopted],
        )
        for number, vote in enumerate(meeting.votes, start=1)
    )  # fmt: skip
    return table(columns, rows, width=PORTRAIT)


def _remarks(meeting: Meeting) -> Iterator[str]:
    for vote in meeting.votes:
        unit = in_sentence(vote.unit)
        unit = unit[:1].upper() + unit[1:]
        if vote.barred:
            yield f"{unit}: không biểu quyết do xung đột lợi ích: {'; '.join(vote.barred)}."
        if vote.dissent:
            yield f"{unit}: ý kiến khác: {'; '.join(vote.dissent)}."
        if vote.recorded:
            yield f"{unit}: {'; '.join(vote.recorded)}."
        if vote.remark:
            yield f"{unit}: {vote.remark.rstrip('.')}."
