"""The decision that revokes an earlier one for some units: HTML, PDF, Word; a legal act, so in Vietnamese only."""

import datetime
from collections.abc import Collection, Iterator

from attrs import frozen

from evidence.units import Unit
from levels.framework import Act, Framework, Tier
from levels.index import Index
from reports.documents import KINDS, render
from reports.publication import DRAFT, AnnexPage, PublicationView, publisher_of
from reports.tables import LANDSCAPE, Column, row, table
from reports.view import BLANK, Article, Letterhead, act_for, committee, committee_lines, date_or_blank, level_words
from reports.words import NO_LEVEL, NOTHING, TIER_NAMES, in_sentence, place_of, year_end


@frozen
class Revoked:
    """One unit and what the earlier decision stated of it: its level, 0 for none, None where it was ranked."""

    unit: Unit
    level: int | None


@frozen
class Revocation:
    """The draft of the act by which ``issuer`` takes back what its earlier decision stated of ``units``."""

    rulebook: Framework | Index
    cycle: int
    issuer: Unit
    superior: Unit | None
    tier: Tier
    units: tuple[Revoked, ...]
    earlier: str  # the number of the earlier decision: 12/QĐ-UBND
    earlier_on: datetime.date
    why: str
    number: str = ""
    signed_on: datetime.date | None = None
    signer: str = ""


def render_revocation(revocation: Revocation, kinds: Collection[str] = KINDS) -> dict[str, bytes]:
    """The decision as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``."""
    return render(view_revocation(revocation), "publication", kinds)


def view_revocation(revocation: Revocation) -> PublicationView:
    """The view of a revoking decision."""
    levels = isinstance(revocation.rulebook, Framework)
    what = "kết quả công nhận mức độ chuyển đổi số" if levels else "kết quả xếp hạng chỉ số chuyển đổi số"
    tier, issuer = TIER_NAMES[revocation.tier].vi, in_sentence(revocation.issuer.name)
    subject = f"Về việc thu hồi {what} {tier} năm {revocation.cycle} trên địa bàn {issuer}"
    signed = date_or_blank(revocation.signed_on, revocation.cycle)
    number = revocation.number or f"{BLANK}/QĐ-UBND"
    whose = committee(revocation.issuer.name)
    named = _named(revocation)
    date = revocation.signed_on or year_end(revocation.cycle)
    return PublicationView(
        title=f"Quyết định {subject[:1].lower()}{subject[1:]}",
        letterhead=Letterhead(
            superior=committee_lines(revocation.superior.name) if revocation.superior else (),
            issuer=committee_lines(revocation.issuer.name),
            number=f"Số: {number}",
            place_and_date=f"{place_of(revocation.issuer.name)}, {signed}",
        ),
        subject=subject,
        draft_mark="" if revocation.number and revocation.signed_on else DRAFT,
        authority=whose.upper(),
        grounds=tuple(_grounds(revocation, named)),
        articles=tuple(
            Article(place, paragraphs) for place, paragraphs in enumerate(_articles(revocation, what, named), start=1)
        ),
        recipients=("- Như Điều 3;", *(f"- {text};" for text in named.recipients), f"- Lưu: {named.archive}."),
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        signer=revocation.signer,
        enclosed=f"(Kèm theo Quyết định số {number} {signed} của {whose})",
        annexes=(_annex(revocation),),
        provisional_mark="",
        synthetic_mark="",
        date=date.isoformat(),
    )


def _named(revocation: Revocation) -> Act:
    """Whom the act names; left open for the clerk where the rulebook does not say."""
    rulebook, issuer = revocation.rulebook, revocation.issuer
    nobody = Act(issuer.tier, BLANK, "Thủ trưởng các đơn vị có liên quan", (), "VT")
    if isinstance(rulebook, Framework):
        names = [each.unit.name for each in revocation.units]
        return act_for(rulebook, issuer, revocation.superior, names, revocation.tier) or nobody
    publisher = publisher_of(rulebook, issuer.tier)
    return nobody if publisher is None else Act(issuer.tier, publisher.proposed_by, nobody.responsible, (), "VT")


def _grounds(revocation: Revocation, named: Act) -> Iterator[str]:
    instrument = revocation.rulebook.instrument
    for ground in instrument.basis:
        law = ground.removeprefix("Căn cứ ").rstrip(" ;.")
        if law.startswith("Luật "):
            yield f"Căn cứ {law};"
    yield f"Căn cứ {instrument.citation.rstrip(' ;.')};"
    yield f"Căn cứ {_earlier(revocation)};"
    yield f"Theo đề nghị của {named.proposed_by}."


def _earlier(revocation: Revocation) -> str:
    day = date_or_blank(revocation.earlier_on, revocation.cycle)
    return f"Quyết định số {revocation.earlier} {day} của {committee(revocation.issuer.name)}"


def _articles(revocation: Revocation, what: str, named: Act) -> Iterator[tuple[str, ...]]:
    count, tier = len(revocation.units), TIER_NAMES[revocation.tier].vi
    kind = "đơn vị" if isinstance(revocation.rulebook, Index) else "đơn vị hành chính"
    earlier = _earlier(revocation)
    whom = f"{count:02d} {kind} {tier} (danh sách tại Phụ lục I kèm theo)"
    first = f"Thu hồi {what} năm {revocation.cycle} của {whom} đã được nêu tại {earlier}."
    yield (first, f"Lý do: {revocation.why.strip().rstrip('.')}.")
    force = "Quyết định này có hiệu lực thi hành kể từ ngày ký."
    yield (f"{force} {earlier} hết hiệu lực đối với các đơn vị nêu tại Điều 1.",)
    yield (f"{named.responsible} chịu trách nhiệm thi hành Quyết định này./.",)


def _annex(revocation: Revocation) -> AnnexPage:
    columns = (
        Column("STT", 16, centred=True),
        Column("Mã", 24, centred=True),
        Column("Tên đơn vị", 0),
        Column("Kết quả bị thu hồi", 80, centred=True),
    )
    rows = [
        row(str(place), each.unit.code, each.unit.name, _told(revocation.rulebook, each.level))
        for place, each in enumerate(revocation.units, start=1)
    ]
    title = f"DANH SÁCH ĐƠN VỊ BỊ THU HỒI KẾT QUẢ NĂM {revocation.cycle}"
    return AnnexPage("I", title, "", table(columns, rows, width=LANDSCAPE))


def _told(rulebook: Framework | Index, level: int | None) -> str:
    if isinstance(rulebook, Index):
        return "Điểm và thứ hạng đã công bố"
    if level is None:
        return NOTHING
    told = level_words(rulebook, level) if level else NO_LEVEL.vi
    return f"{told[:1].upper()}{told[1:]}"
