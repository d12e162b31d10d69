"""The decision that publishes a ranking, as a view and as HTML, PDF and Word; a legal act, so in Vietnamese only.

Who publishes is read from the roles of the index («… trình Chủ tịch UBND tỉnh ký, ban hành Quyết định công
bố …»); where it does not say, the office is asked, and until it answers the place is left open.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from attrs import frozen

from levels.framework import Interpretation, Tier
from levels.index import Index, Role
from reports.documents import KINDS, render
from reports.ranking_table import GAPS_TITLE, NOTES_TITLE, gaps_table, group_name, notes_of_group, ranking_table
from reports.tables import LANDSCAPE, Column, Table, row, table
from reports.view import BLANK, Article, Letterhead, committee, committee_lines, concerns, date_or_blank, left_open
from reports.words import PROVISIONAL, SYNTHETIC_MARK, decimal_text, in_sentence, join, place_of, year_end
from rules.publication import Publication
from rules.scores import GroupRanking

DRAFT = "DỰ THẢO"
_PUBLISHES = re.compile(
    r"(?P<chairman>Chủ tịch )?UBND (?P<place>tỉnh|thành phố|cấp huyện|huyện) "
    r"(?:ký, |xem xét, )?(?:ban hành quyết định công bố|quyết định, công bố)",
    re.IGNORECASE,
)
_PLACES = {Tier.PROVINCE: {"tỉnh", "thành phố"}, Tier.DISTRICT: {"cấp huyện", "huyện"}}
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@frozen
class Publisher:
    """Who signs by the words of the index, and on whose proposal."""

    chairman: bool  # in his own name; else for the people's committee
    proposed_by: str


@frozen
class AnnexPage:
    """One annex: a table with notes beneath, or a numbered list."""

    numeral: str
    title: str
    heading: str  # what the table is of; "" where the title says it
    table: Table | None
    notes: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@frozen
class PublicationView:
    """One decision that publishes a ranking, ready to print."""

    title: str  # for the file's properties
    letterhead: Letterhead
    subject: str
    draft_mark: str  # "" where it is an act
    authority: str
    grounds: tuple[str, ...]
    articles: tuple[Article, ...]
    recipients: tuple[str, ...]
    capacity: tuple[str, ...]  # the lines above the signature
    signer: str
    enclosed: str
    annexes: tuple[AnnexPage, ...]
    provisional_mark: str  # "" where the ranking is final
    synthetic_mark: str  # "" where the facts are real
    date: str  # ISO, for the file's properties

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order of the document."""
        return tuple(annex.table for annex in self.annexes if annex.table is not None)


def render_publication(
    publication: Publication, *, template: Path | None = None, kinds: Collection[str] = KINDS
) -> dict[str, bytes]:
    """The decision as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``.

    ``template`` is an office's own Word template in place of ours; raises ``Faulty`` where it cannot be used.
    """
    return render(view_publication(publication), "publication", kinds, template)


def publisher_of(index: Index, tier: Tier) -> Publisher | None:
    """Who publishes the ranking at ``tier`` by the roles of the index; None where they do not say."""
    for role in index.roles:
        found = _PUBLISHES.search(role.does)
        own = "UBND" in role.who  # nobody proposes to himself
        if found and not own and found["place"].lower() in _PLACES.get(tier, ()):
            return Publisher(found["chairman"] is not None, _head_of(role))
    return None


def _head_of(role: Role) -> str:
    """Who makes a proposal in an office's name: ``Giám đốc Sở …``, ``Trưởng phòng …``."""
    if role.who.startswith("Sở "):
        return f"Giám đốc {role.who}"
    if role.who.startswith("Phòng "):
        return f"Trưởng phòng {role.who.removeprefix('Phòng ').removeprefix('phòng ')}"
    return role.who


def view_publication(publication: Publication) -> PublicationView:
    """The view of a decision that publishes a ranking."""
    publisher = publisher_of(publication.index, publication.issuer.tier)
    known = publication.signed_by is not None or publisher is not None
    chairman = publication.signed_by == "chairman" or (
        publication.signed_by is None and publisher is not None and publisher.chairman
    )
    annexes = tuple(_annexes(publication))
    signed = date_or_blank(publication.signed_on, publication.cycle)
    number = publication.number if "/" in publication.number else f"{publication.number or BLANK}/QĐ-UBND"
    issuer = committee(publication.issuer.name)
    whose = (f"Chủ tịch {issuer}" if chairman else issuer) if known else BLANK
    subject = _subject(publication)
    date = publication.signed_on or year_end(publication.cycle)
    return PublicationView(
        title=f"Quyết định {subject[:1].lower()}{subject[1:]}",
        letterhead=Letterhead(
            superior=committee_lines(publication.superior.name) if known and publication.superior else (),
            issuer=committee_lines(publication.issuer.name) if known else (BLANK,),
            number=f"Số: {number}",
            place_and_date=f"{place_of(publication.issuer.name)}, {signed}",
        ),
        subject=subject,
        draft_mark=_draft_mark(publication, known=known),
        authority=whose.upper(),
        grounds=tuple(_grounds(publication, publisher)),
        articles=tuple(
            Article(number, paragraphs) for number, paragraphs in enumerate(_articles(publication, annexes), start=1)
        ),
        recipients=("- Như Điều 3;", *(f"- {text};" for text in publication.recipients), "- Lưu: VT."),
        capacity=(("CHỦ TỊCH",) if chairman else ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")) if known else (BLANK,),
        signer=publication.signer,
        enclosed=f"(Kèm theo Quyết định số {number} {signed} của {whose})",
        annexes=annexes,
        provisional_mark=PROVISIONAL.vi if publication.provisional else "",
        synthetic_mark=SYNTHETIC_MARK.vi if publication.synthetic else "",
        date=date.isoformat(),
    )


def _subject(publication: Publication) -> str:
    names = [in_words(group_name(group.group)) for group in publication.groups]
    return (
        f"Về việc công bố kết quả xếp hạng chỉ số chuyển đổi số năm {publication.cycle} của "
        f"{', '.join(dict.fromkeys(names))} trên địa bàn {in_sentence(publication.issuer.name)}"
    )


def in_words(name: str) -> str:
    """A group's name inside a sentence."""
    return name[:1].lower() + name[1:]


def _draft_mark(publication: Publication, *, known: bool) -> str:
    lacking = [
        what
        for what, there in (
            ("cơ quan công bố", known),
            ("số", bool(publication.number)),
            ("ngày ký", publication.signed_on is not None),
            ("người ký", bool(publication.signer)),
        )
        if not there
    ]
    reasons = [f"chưa có {join(lacking, 'vi')}"] if lacking else []
    if publication.provisional:
        reasons.insert(0, "kết quả còn là tạm tính")
    return f"{DRAFT} – {'; '.join(reasons)}" if reasons else ""


def _grounds(publication: Publication, publisher: Publisher | None) -> Iterator[str]:
    instrument = publication.index.instrument
    for ground in instrument.basis:
        law = ground.removeprefix("Căn cứ ").rstrip(" ;.")
        if law.startswith("Luật "):
            yield f"Căn cứ {law};"
    yield f"Căn cứ {left_open(instrument.citation).rstrip(' ;.')};"
    minutes = publication.minutes.rstrip(" ;.") or (
        f"Biên bản số {BLANK} ngày {BLANK} tháng {BLANK} năm {BLANK} của Hội đồng đánh giá, thẩm định chỉ số "
        f"chuyển đổi số năm {publication.cycle}"
    )
    yield f"Căn cứ {minutes};"
    proposed_by = publication.proposed_by or (publisher.proposed_by if publisher else BLANK)
    yield f"Theo đề nghị của {proposed_by}."


def _articles(publication: Publication, annexes: tuple[AnnexPage, ...]) -> Iterator[tuple[str, ...]]:
    instrument = publication.index.instrument
    by = f"theo {instrument.short_citation}" if instrument.number else "theo Bộ chỉ số đã ban hành"
    first = [f"Công bố kết quả xếp hạng chỉ số chuyển đổi số năm {publication.cycle} {by}, cụ thể như sau:"]
    first += [
        f"- {group_name(group.group)}: {len(group.places):02d} đơn vị{_best(group)} (chi tiết tại Phụ lục "
        f"{annex.numeral} kèm theo);"
        for group, annex in zip(publication.groups, annexes, strict=False)
    ]
    first[-1] = first[-1].rstrip(";") + "."
    for annex in annexes:
        if annex.title == GAPS_TITLE:
            first.append(
                "Chỉ số thiếu số liệu, không được chấp nhận tính 0 điểm; chỉ số mà đơn vị không thuộc diện đánh giá "
                f"không tính vào điểm tối đa của đơn vị đó (danh sách tại Phụ lục {annex.numeral} kèm theo)."
            )
    if publication.closed:
        first.append("Hồ sơ đã được Hội đồng chốt; nội dung chưa được chứng minh tính 0 điểm.")
    yield tuple(first)
    second = ["Quyết định này có hiệu lực thi hành kể từ ngày ký."]
    if publication.replaces:
        second[0] += f" Quyết định này thay thế {publication.replaces}."
    second += [
        f"Kết quả xếp hạng căn cứ vào các cách hiểu đã được ghi nhận khi áp dụng bộ chỉ số, nêu tại Phụ lục "
        f"{annex.numeral} kèm theo."
        for annex in annexes
        if annex.title == NOTES_TITLE
    ]
    yield tuple(second)
    responsible = publication.responsible or "Thủ trưởng các đơn vị được xếp hạng và các cơ quan, đơn vị có liên quan"
    yield (f"{responsible} chịu trách nhiệm thi hành Quyết định này./.",)


def _best(group: GroupRanking) -> str:
    first = [place for place in group.places if place.rank == 1]
    if not first:
        return ""
    names = join([place.score.unit.name for place in first], "vi")
    score = first[0].score
    result = f"{decimal_text(score.points, 'vi')} điểm"
    if group.by_percent:
        result = f"{decimal_text(score.percent, 'vi')}% điểm tối đa được tính"
    return f"; xếp thứ nhất: {names} ({result})"


def _annexes(publication: Publication) -> Iterator[AnnexPage]:
    numerals = annex_numerals()
    title = f"KẾT QUẢ XẾP HẠNG CHỈ SỐ CHUYỂN ĐỔI SỐ NĂM {publication.cycle}"
    for group in publication.groups:
        yield AnnexPage(
            next(numerals), title, group_name(group.group), ranking_table(group, "vi"), notes_of_group(group, "vi")
        )
    gaps = gaps_table(publication.groups, "vi")
    if gaps.rows:
        yield AnnexPage(next(numerals), GAPS_TITLE, "", gaps)
    tiers = {group.group.tier for group in publication.groups}
    readings = [reading for reading in publication.index.interpretations if concerns(reading, tiers)]
    if readings:
        yield AnnexPage(next(numerals), NOTES_TITLE, "", readings_table(readings))
    if publication.provisional:
        entries = tuple(text.vi for text in publication.provisional)
        yield AnnexPage(next(numerals), "LÝ DO KẾT QUẢ CÒN LÀ TẠM TÍNH", "", None, entries=entries)


def readings_table(readings: Iterable[Interpretation]) -> Table:
    """The recorded readings that an act rests on, each with its alternative."""
    columns = (
        Column("STT", 12, centred=True),
        Column("Điều, khoản", 50),
        Column("Cách hiểu được áp dụng", 0),
        Column("Cách hiểu khác", 65),
    )
    rows = (
        row(str(number), reading.clause, reading.reading, reading.alternative)
        for number, reading in enumerate(readings, start=1)
    )
    return table(columns, rows, width=LANDSCAPE)


def annex_numerals() -> Iterator[str]:
    for tens in ("", "X", "XX", "XXX"):
        yield from (tens + numeral for numeral in _NUMERALS)
