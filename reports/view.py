"""Views: what a template may see. One plain frozen value per document, made here from a verdict or decision.

A template loops and prints; whatever has to be chosen, worded or counted is done here.
"""

import datetime
import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from evidence.units import Unit
from levels.framework import Act, Framework, Interpretation, Tier
from reports.sentences import member_source, short_reason
from reports.words import (
    NO_LEVEL,
    NOTHING,
    PROVISIONAL,
    SYNTHETIC_MARK,
    TIER_NAMES,
    date_text,
    in_sentence,
    kind_of,
    level_name,
    place_of,
    year_end,
)
from rules.explain import explain
from rules.verdict import Decision, Verdict

BLANK = "……"
MAIN_REASONS = 5
"""How many reasons an annex gives for one unit; the appraisal sheet gives them all."""

_ORDER = ("huyện", "quận", "thị xã", "thành phố", "xã", "phường", "thị trấn", "đặc khu")  # as the law lists them
_PARTY = {"tỉnh": "Tỉnh ủy", "thành phố": "Thành ủy", "thị xã": "Thị ủy", "quận": "Quận ủy"}


@frozen
class Letterhead:
    """The first lines of an official document, Nghị định 30/2020/NĐ-CP."""

    superior: tuple[str, ...]  # lines; empty where the issuer has no body above it
    issuer: tuple[str, ...]
    number: str
    place_and_date: str


@frozen
class RecognisedRow:
    index: int
    code: str
    name: str
    level: int
    level_name: str
    registered: str


@frozen
class UnrecognisedRow:
    index: int
    code: str
    name: str
    reasons: tuple[str, ...]


@frozen
class ReadingRow:
    """A recorded interpretation that the decision rests on."""

    index: int
    clause: str
    reading: str
    alternative: str


@frozen
class MemberRow:
    """A unit whose level counted for the unit above it."""

    index: int
    above: str
    name: str
    level: str
    source: str


@frozen
class Annex:
    """The heading of one annex."""

    numeral: str
    title: str


@frozen
class Annexes:
    """The annexes that a decision has; None: it has none of that kind."""

    recognised: Annex
    unrecognised: Annex | None
    readings: Annex | None
    members: Annex | None
    provisional: Annex | None


@frozen
class Article:
    number: int
    paragraphs: tuple[str, ...]


@frozen
class DecisionView:
    """One recognition decision, ready to print."""

    title: str  # for the file's properties
    letterhead: Letterhead
    subject: str
    authority: str
    grounds: tuple[str, ...]
    articles: tuple[Article, ...]
    recipients: tuple[str, ...]
    signer: str
    enclosed: str  # «Kèm theo Quyết định số …», beneath every annex title
    annexes: Annexes
    recognised: tuple[RecognisedRow, ...]
    unrecognised: tuple[UnrecognisedRow, ...]
    readings: tuple[ReadingRow, ...]
    members: tuple[MemberRow, ...]
    provisional: tuple[str, ...]
    provisional_mark: str  # "" where the decision is final
    synthetic_mark: str  # "" where the facts are real
    date: str  # ISO, for the file's properties
    year: int


def view_decision(decision: Decision) -> DecisionView:
    """The view of a recognition decision. It is a legal act, so it is in Vietnamese only."""
    level_of = {verdict.unit.code: verdict.recognised_level for verdict in decision.verdicts}
    recognised = [verdict for verdict in decision.verdicts if level_of[verdict.unit.code] > 0]
    unrecognised = [verdict for verdict in decision.verdicts if level_of[verdict.unit.code] == 0]
    readings = tuple(_readings(decision))
    members = tuple(_members(decision.verdicts))
    annexes = _annexes(
        decision.cycle,
        unrecognised=bool(unrecognised),
        readings=bool(readings),
        members=bool(members),
        provisional=bool(decision.provisional),
    )
    date = decision.signed_on or year_end(decision.cycle)
    subject = f"Về việc công nhận mức độ chuyển đổi số {_tier(decision.tier)} năm {decision.cycle}"
    subject += f" trên địa bàn {in_sentence(decision.issuer.name)}"
    number = _number(decision.number)
    return DecisionView(
        title=f"Quyết định {subject[:1].lower()}{subject[1:]}",
        letterhead=Letterhead(
            superior=committee_lines(decision.superior.name) if decision.superior else (),
            issuer=committee_lines(decision.issuer.name),
            number=f"Số: {number}",
            place_and_date=f"{place_of(decision.issuer.name)}, {date_or_blank(decision.signed_on, decision.cycle)}",
        ),
        subject=subject,
        authority=f"{committee(decision.issuer.name)}".upper(),
        grounds=tuple(_grounds(decision)),
        articles=tuple(
            Article(number, paragraphs)
            for number, paragraphs in enumerate(_articles(decision, recognised, unrecognised, annexes), start=1)
        ),
        recipients=tuple(_recipients(decision)),
        signer=decision.signer,
        enclosed=f"(Kèm theo Quyết định số {number} {date_or_blank(decision.signed_on, decision.cycle)} "
        f"của {committee(decision.issuer.name)})",
        annexes=annexes,
        recognised=tuple(_recognised(recognised)),
        unrecognised=tuple(_unrecognised(unrecognised)),
        readings=readings,
        members=members,
        provisional=tuple(text.vi for text in decision.provisional),
        provisional_mark=PROVISIONAL.vi if decision.provisional else "",
        synthetic_mark=SYNTHETIC_MARK.vi if decision.synthetic else "",
        date=date.isoformat(),
        year=date.year,
    )


def committee(name: str) -> str:
    """``Ủy ban nhân dân huyện Đắk Hà``."""
    return f"Ủy ban nhân dân {in_sentence(name)}"


def committee_lines(name: str) -> tuple[str, str]:
    """The people's committee in capitals, on the two lines of a letterhead."""
    return "ỦY BAN NHÂN DÂN", name.upper()


def date_or_blank(date: datetime.date | None, year: int) -> str:
    """The date of signing; left open for the clerk where it is not known yet."""
    return date_text(date, "vi") if date else f"ngày {BLANK} tháng {BLANK} năm {year}"


def left_open(citation: str) -> str:
    """A citation whose copy leaves number or day blank, with dots for the clerk: ``số ……/QĐ-BCĐ ngày ……/……/2023``."""
    return _NO_DAY.sub(rf"\1{BLANK}/{BLANK}/", _NO_NUMBER.sub(rf"\1{BLANK}/", citation))


_NO_NUMBER = re.compile(r"(\bsố )\s*/")
_NO_DAY = re.compile(r"(\bngày )\s*/\s*/\s*")


def level_words(framework: Framework, level: int) -> str:
    """``mức độ 3 – Cơ bản``."""
    return f"mức độ {level} – {level_name(framework, level)}"


def _tier(tier: Tier) -> str:
    return TIER_NAMES[tier].vi


def _number(number: str) -> str:
    if "/" in number:
        return number
    return f"{number or BLANK}/QĐ-UBND"


def _annexes(year: int, *, unrecognised: bool, readings: bool, members: bool, provisional: bool) -> Annexes:
    numerals = iter(("I", "II", "III", "IV", "V"))

    def annex(title: str, wanted: bool) -> Annex | None:
        return Annex(next(numerals), title) if wanted else None

    return Annexes(
        Annex(next(numerals), f"DANH SÁCH ĐƠN VỊ ĐƯỢC CÔNG NHẬN MỨC ĐỘ CHUYỂN ĐỔI SỐ NĂM {year}"),
        annex(f"ĐƠN VỊ CHƯA ĐƯỢC CÔNG NHẬN Ở MỨC ĐỘ NÀO NĂM {year}", unrecognised),
        annex("CÁC CÁCH HIỂU ĐÃ GHI NHẬN LÀM CĂN CỨ CÔNG NHẬN", readings),
        annex("MỨC ĐỘ CỦA CÁC ĐƠN VỊ TRỰC THUỘC ĐƯỢC DÙNG ĐỂ XÉT", members),
        annex("LÝ DO KẾT QUẢ CÒN LÀ TẠM TÍNH", provisional),
    )


def _grounds(decision: Decision) -> Iterator[str]:
    instrument = decision.framework.instrument
    laws = [ground.removeprefix("Căn cứ ").rstrip(" ;.") for ground in instrument.basis]
    for law in laws:
        if law.startswith("Luật "):
            yield f"Căn cứ {law};"
    yield f"Căn cứ {instrument.citation.rstrip(' ;.')};"
    council = f"Hội đồng thẩm định {_tier(decision.issuer.tier)}"
    minutes = decision.minutes.rstrip(" ;.") or (
        f"Biên bản họp {council} số {BLANK} ngày {BLANK} tháng {BLANK} năm {decision.cycle}"
    )
    yield f"Căn cứ {minutes};"
    yield f"Theo đề nghị của {_act(decision).proposed_by}."


def _act(decision: Decision) -> Act:
    """Whom the act names; left open for the clerk where nobody says."""
    names = [verdict.unit.name for verdict in decision.verdicts]
    act = act_for(decision.framework, decision.issuer, decision.superior, names, decision.tier)
    return act or Act(decision.issuer.tier, BLANK, "Thủ trưởng các đơn vị có liên quan", (), "VT")


def act_for(framework: Framework, issuer: Unit, superior: Unit | None, names: Iterable[str], tier: Tier) -> Act | None:
    """Whom an act of ``issuer`` names by the framework, with every placeholder filled in; None where it does not say.

    ``names``: of the units of ``tier`` that the act is about.
    """
    act = framework.act_of(issuer.tier)
    if act is None:
        return None
    place = kind_of(issuer.name) or {Tier.PROVINCE: "tỉnh"}.get(issuer.tier, "huyện")
    kinds = {kind_of(name) for name in names}
    words = {
        "{place}": place,
        "{party}": _PARTY.get(place, "Huyện ủy"),
        "{superior}": in_sentence(superior.name) if superior else "",
        "{units}": ", ".join(kind for kind in _ORDER if kind in kinds) or _tier(tier),
    }

    def fill(text: str) -> str:
        return re.sub(r"\{\w+\}", lambda placeholder: words[placeholder[0]], text)

    recipients = [text for text in act.recipients if superior or "{superior}" not in text]
    return Act(act.tier, fill(act.proposed_by), fill(act.responsible), tuple(map(fill, recipients)), fill(act.archive))


def _articles(
    decision: Decision, recognised: list[Verdict], unrecognised: list[Verdict], annexes: Annexes
) -> Iterator[tuple[str, ...]]:
    framework, issuer = decision.framework, in_sentence(decision.issuer.name)
    units = f"đơn vị hành chính {_tier(decision.tier)}"
    opening = (
        f"Công nhận mức độ chuyển đổi số năm {decision.cycle} đối với {len(recognised):02d} {units} "
        f"trên địa bàn {issuer} (danh sách tại Phụ lục {annexes.recognised.numeral} kèm theo), trong đó:"
    )
    first = [opening]
    for level in sorted({verdict.recognised_level for verdict in recognised}, reverse=True):
        count = sum(verdict.recognised_level == level for verdict in recognised)
        first.append(f"- {count:02d} đơn vị đạt {level_words(framework, level)};")
    if recognised:
        first[-1] = first[-1].rstrip(";") + "."
    else:
        first = [
            f"Năm {decision.cycle} không có {units} nào trên địa bàn {issuer} được công nhận mức độ chuyển đổi số."
        ]
    if annexes.unrecognised:
        first.append(
            f"Có {len(unrecognised):02d} {units} chưa được công nhận ở mức độ nào "
            f"(danh sách và lý do chính tại Phụ lục {annexes.unrecognised.numeral} kèm theo)."
        )
    if decision.closed:
        first.append("Hồ sơ đã được Hội đồng thẩm định chốt; nội dung chưa được chứng minh tính là chưa đạt.")
    yield tuple(first)
    second = ["Quyết định này có hiệu lực thi hành kể từ ngày ký."]
    if decision.replaces:
        second[0] += f" Quyết định này thay thế {decision.replaces} đối với các đơn vị nêu tại Điều 1."
    if annexes.readings:
        second.append(
            "Kết quả công nhận căn cứ vào các cách hiểu đã được ghi nhận khi áp dụng "
            f"{framework.instrument.short_citation}, nêu tại Phụ lục {annexes.readings.numeral} kèm theo."
        )
    yield tuple(second)
    yield (f"{_act(decision).responsible} chịu trách nhiệm thi hành Quyết định này./.",)


def _recipients(decision: Decision) -> Iterator[str]:
    act = _act(decision)
    yield "- Như Điều 3;"
    yield from (f"- {recipient};" for recipient in act.recipients)
    yield f"- Lưu: {act.archive}."


def _recognised(verdicts: list[Verdict]) -> Iterator[RecognisedRow]:
    for index, verdict in enumerate(verdicts, start=1):
        level, unit = verdict.recognised_level, verdict.unit
        registered = NOTHING if unit.registered is None else str(unit.registered)
        yield RecognisedRow(index, unit.code, unit.name, level, level_name(verdict.framework, level), registered)


def _unrecognised(verdicts: list[Verdict]) -> Iterator[UnrecognisedRow]:
    for index, verdict in enumerate(verdicts, start=1):
        blockers = explain(verdict, 1, {}).blockers
        reasons = [short_reason(reason, verdict, "vi") for reason in blockers[:MAIN_REASONS]]
        if len(blockers) > MAIN_REASONS:
            reasons.append(f"và {len(blockers) - MAIN_REASONS} yêu cầu khác (xem phiếu thẩm định)")
        yield UnrecognisedRow(index, verdict.unit.code, verdict.unit.name, tuple(reasons))


def _readings(decision: Decision) -> Iterator[ReadingRow]:
    tiers = {decision.tier} | {member.unit.tier for verdict in decision.verdicts for member in verdict.members}
    concerned = (reading for reading in decision.framework.interpretations if concerns(reading, tiers))
    for index, reading in enumerate(concerned, start=1):
        yield ReadingRow(index, reading.clause, reading.reading, reading.alternative)


def concerns(reading: Interpretation, tiers: set[Tier]) -> bool:
    """Whether a recorded reading bears on criteria of one of these tiers."""
    return not reading.criteria or any(place.partition("/")[0] in tiers for place in reading.criteria)


def _members(verdicts: tuple[Verdict, ...]) -> Iterator[MemberRow]:
    index = 0
    for verdict in verdicts:
        for member in verdict.members:
            index += 1
            level = str(member.levels.level or NO_LEVEL.vi)
            yield MemberRow(index, verdict.unit.name, member.unit.name, level, member_source(member, "vi"))
