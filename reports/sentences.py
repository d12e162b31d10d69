"""Reasons and explanations as sentences that a chairman can read aloud, in Vietnamese and English.

What the law says (criterion names, cells, clauses) is quoted in its own words in both languages.
Every kind of not-knowing has a sentence of its own, so that «chưa có số liệu» is never read as 0.
"""

import re

from evidence.facts import Amount, Document, Fact, Status
from levels.faults import Language, Text
from levels.framework import Criterion, Members, NotApplicable
from reports.words import NO_LEVEL, collation_key, date_text, in_sentence, join, level_text, value_text
from rules.verdict import CriterionVerdict, Explanation, Member, Reason, Standing, Verdict

# What a ratio counts: read from the decision's own words, the method first, since it says what the
# numerator is (the framework's interpretation base-as-in-method), then the criterion's name. The
# longest that fits wins; where none fits the number stands alone.
_LEAD = re.compile(r"tỷ lệ (?:phần trăm (?:của )?)?(?:số )?(?:các )?")
_COUNTED = (
    Text(vi="thủ tục hành chính", en="administrative procedures"),
    Text(vi="hồ sơ", en="dossiers"),
    Text(vi="văn bản", en="documents"),
    Text(vi="máy tính", en="computers"),
    Text(vi="cán bộ, công chức", en="officials"),
    Text(vi="công chức", en="officials"),
    Text(vi="hệ thống thông tin", en="information systems"),
    Text(vi="doanh nghiệp nhỏ và vừa", en="small and medium enterprises"),
    Text(vi="doanh nghiệp, hợp tác xã", en="enterprises and cooperatives"),
    Text(vi="hộ kinh doanh cá thể, hợp tác xã", en="household businesses and cooperatives"),
    Text(vi="thành viên", en="members"),
    Text(vi="tổ chức, doanh nghiệp", en="organisations and enterprises"),
    Text(vi="dân số", en="people"),
    Text(vi="người dân", en="people"),
    Text(vi="hộ gia đình", en="households"),
    Text(vi="nhà văn hóa", en="cultural houses"),
    Text(vi="trạm y tế", en="health stations"),
    Text(vi="cơ sở", en="institutions"),
    Text(vi="tổ công nghệ số cộng đồng", en="community digital teams"),
    Text(vi="điểm phục vụ bưu chính", en="postal points"),
    Text(vi="sản phẩm", en="products"),
    Text(vi="xã, phường, thị trấn", en="communes"),
)
_SPOKEN = {"dân số": "người", "người dân": "người"}
_ONE = {
    "people": "person",
    "enterprises and cooperatives": "enterprise or cooperative",
    "household businesses and cooperatives": "household business or cooperative",
    "organisations and enterprises": "organisation or enterprise",
}


def counted(criterion: Criterion, language: Language, number: int) -> str:
    """What the criterion counts («hồ sơ», "dossiers"), for «còn thiếu 10 hồ sơ»; ``""`` if it cannot be said."""
    if criterion.kind in {"ratio", "members"}:
        for words in (criterion.method, criterion.name):
            said = _LEAD.sub("", words.lower(), count=1)
            fitting = [noun for noun in _COUNTED if said.startswith(noun.vi)]
            if fitting:
                noun = max(fitting, key=lambda text: len(text.vi))
                if language == "vi":
                    return _SPOKEN.get(noun.vi, noun.vi)
                return noun.en if number != 1 else _ONE.get(noun.en, noun.en.removesuffix("s"))
    if criterion.kind == "count" and language == "vi":
        return criterion.measure[:1].lower() + criterion.measure[1:]
    return ""


def missing_text(criterion: Criterion, missing: int | None, language: Language) -> str:
    """``còn thiếu 10 hồ sơ``; ``""`` where it cannot be said how many."""
    if not missing or criterion.kind == "presence":
        return ""
    noun = counted(criterion, language, missing)
    if language == "vi":
        return f"còn thiếu {missing} {noun}".rstrip()
    return f"{missing} more {noun} needed" if noun else f"{missing} more needed"


def levels_sentence(verdict: Verdict, language: Language) -> str:
    """The three levels side by side, and the registered target."""
    say = {
        name: level_text(verdict.framework, level, language)
        for name, level in (
            ("level", verdict.levels.level),
            ("claimed", verdict.levels.claimed_level),
            ("possible", verdict.levels.possible_level),
        )
    }
    text = Text(
        vi=f"Mức theo số liệu đã được chấp nhận: {say['level']}; theo tự đánh giá: {say['claimed']}; "
        f"còn có thể đạt trong năm {verdict.cycle}: {say['possible']}",
        en=f"Level on accepted facts: {say['level']}; as self-assessed: {say['claimed']}; "
        f"still attainable in {verdict.cycle}: {say['possible']}",
    ).say(language)
    if verdict.unit.registered is not None:
        target = level_text(verdict.framework, verdict.unit.registered, language)
        text += Text(vi=f"; mức đã đăng ký: {target}", en=f"; registered target: {target}").say(language)
    return text + "."


def reason_sentence(reason: Reason, verdict: Verdict, language: Language) -> str:
    """One failing requirement aloud: what is required, what there is, what is missing, by which clause.

    ``verdict`` is that of ``reason.unit``; it supplies the council's notes and the members' names.
    """
    criterion, level = reason.criterion, reason.at_level
    required = _quoted(reason.required)
    return Text(
        vi=f"Tiêu chí {criterion.code} – {criterion.name}: mức {level} yêu cầu {required}; "
        f"{_state(reason, verdict, 'vi')}. Căn cứ: {reason.clause}.",
        en=f"Criterion {criterion.code} ({criterion.name}): level {level} requires {required}; "
        f"{_state(reason, verdict, 'en')}. Legal basis: {reason.clause}.",
    ).say(language)


def short_reason(reason: Reason, verdict: Verdict, language: Language) -> str:
    """The same in few words, for a table: ``I.2: chưa có số liệu (yêu cầu 20%)``."""
    required = _quoted(reason.required)
    return Text(
        vi=f"{reason.criterion.code}: {_state(reason, verdict, 'vi')} (mức {reason.at_level} yêu cầu {required})",
        en=f"{reason.criterion.code}: {_state(reason, verdict, 'en')} (level {reason.at_level} requires {required})",
    ).say(language)


def _quoted(cell: str) -> str:
    return cell if cell.endswith("%") else f"“{cell}”"


def _state(reason: Reason, verdict: Verdict, language: Language) -> str:
    criterion = reason.criterion
    found = {each.code: each for each in verdict.criteria}.get(criterion.code)
    fact = None if found is None else found.fact
    value = _actual(reason, language)
    missing = missing_text(criterion, reason.missing, language)
    and_missing = f", {missing}" if missing else ""
    match reason.standing:
        case Standing.UNKNOWN:
            text = Text(vi="chưa có số liệu", en="no fact has been reported")
        case Standing.EXPIRED:
            text = _expired(criterion, fact, verdict.cycle)
        case Standing.REJECTED:
            text = _rejected(value, fact)
        case Standing.ZERO_BASE:
            text = _ZERO_MEMBERS if criterion.kind == "members" else _ZERO_BASE
        case Standing.DERIVED:
            text = _derived(reason, verdict)
        case Standing.SELF_REPORTED:
            text = _self_reported(value, and_missing, enough=reason.missing == 0)
        case Standing.EXEMPT:
            text = _exempt(fact)
        case Standing.ACCEPTED:
            text = Text(
                vi=f"thực tế {value}{_adjusted(criterion, fact, 'vi')}{and_missing}",
                en=f"actual {value}{_adjusted(criterion, fact, 'en')}{and_missing}",
            )
    return text.say(language)


_ZERO_MEMBERS = Text(
    vi="không có đơn vị trực thuộc nào để xét nên chưa xác định được, Hội đồng thẩm định phải quyết định",
    en="there is no member unit to read, so it is undetermined until the appraisal council rules",
)
_ZERO_BASE = Text(
    vi="mẫu số bằng 0 (0/0) nên chưa xác định được; Hội đồng thẩm định phải miễn (nêu lý do) hoặc để là chưa đạt",
    en="the base is zero (0/0), so it is undetermined; the appraisal council must exempt it with a reason "
    "or leave it unmet",
)


def _self_reported(value: str, and_missing: str, *, enough: bool) -> Text:
    if enough:
        return Text(
            vi=f"đơn vị tự báo cáo {value}, đủ cho mức này nhưng Hội đồng thẩm định chưa chấp nhận",
            en=f"self-reported as {value}, which would suffice but is not yet accepted by the appraisal council",
        )
    return Text(
        vi=f"đơn vị mới tự báo cáo {value}{and_missing}, Hội đồng thẩm định chưa chấp nhận",
        en=f"only self-reported as {value}{and_missing}, not yet accepted by the appraisal council",
    )


def _actual(reason: Reason, language: Language) -> str:
    if reason.actual is None:
        return Text(vi="chưa rõ", en="not known").say(language)
    numerator, _, denominator = reason.actual.partition("/")
    amount = Amount(int(numerator), int(denominator) if denominator else None)
    return value_text(reason.criterion.kind, amount, language)


def _adjusted(criterion: Criterion, fact: Fact | None, language: Language) -> str:
    if fact is None or fact.status is not Status.ADJUSTED or fact.reported is None:
        return ""
    reported = value_text(criterion.kind, fact.reported, language)
    return Text(
        vi=f" (Hội đồng thẩm định điều chỉnh từ số báo cáo {reported})",
        en=f" (adjusted by the appraisal council from the reported {reported})",
    ).say(language)


def _expired(criterion: Criterion, fact: Fact | None, cycle: int) -> Text:
    made = Text(vi="", en="")
    if fact is not None and fact.measured_on is not None:
        made = Text(
            vi=f" thực hiện {date_text(fact.measured_on, 'vi')}", en=f" made on {date_text(fact.measured_on, 'en')}"
        )
    elif fact is not None and fact.cycle is not None:
        made = Text(vi=f" của năm {fact.cycle}", en=f" of {fact.cycle}")
    if criterion.valid_cycles > 1:
        return Text(
            vi=f"lần kiểm tra, đánh giá{made.vi} đã hết hạn, không được tính cho năm {cycle} "
            f"(chỉ được tính cho {criterion.valid_cycles:02d} năm)",
            en=f"the inspection{made.en} has expired and does not count in {cycle} "
            f"(it counts for {criterion.valid_cycles} years)",
        )
    return Text(
        vi=f"số liệu{made.vi} không được tính cho năm {cycle}", en=f"the fact{made.en} does not count in {cycle}"
    )


def _rejected(value: str, fact: Fact | None) -> Text:
    note = fact.note if fact else ""
    return Text(
        vi=f"Hội đồng thẩm định không chấp nhận số liệu {value}{f' vì: {note}' if note else ''}, tính là chưa đạt",
        en=f"the appraisal council rejected {value}{f' because: {note}' if note else ''}, so it counts as unmet",
    )


def _exempt(fact: Fact | None) -> Text:
    note = fact.note if fact else ""
    return Text(
        vi=f"được Hội đồng thẩm định miễn{f', lý do: {note}' if note else ''}",
        en=f"exempted by the appraisal council{f', reason: {note}' if note else ''}",
    )


def _derived(reason: Reason, verdict: Verdict) -> Text:
    requirement = reason.criterion.requirements[reason.at_level - 1]
    return Text(
        vi=_members_standing(requirement, verdict, reason, "vi"),
        en=_members_standing(requirement, verdict, reason, "en"),
    )


def _members_standing(requirement: object, verdict: Verdict, reason: Reason, language: Language) -> str:
    parts = []
    if isinstance(requirement, Members):
        parts = [members_at(verdict, level, language) for level in (requirement.every, requirement.at) if level]
    missing = missing_text(reason.criterion, reason.missing, language)
    if missing:
        parts.append(missing)
    back = members_named(verdict, reason.holding_back, language)
    if back and reason.missing is not None and reason.missing < len(reason.holding_back):
        some = Text(
            vi=f"cần nâng mức ít nhất {reason.missing} trong số: {back}",
            en=f"at least {reason.missing} of these must rise: {back}",
        )
        parts.append(some.say(language))
    elif back:
        parts.append(Text(vi=f"còn phải nâng mức: {back}", en=f"still to rise: {back}").say(language))
    return "; ".join(parts) or Text(vi="chưa đạt", en="not met").say(language)


def members_at(verdict: Verdict, level: int, language: Language) -> str:
    """How many members have reached ``level``: ``9/11 đơn vị đạt từ mức 3 trở lên``."""
    reached = sum(member.levels.level >= level for member in verdict.members)
    of = f"{reached}/{len(verdict.members)}"
    return Text(vi=f"{of} đơn vị đạt từ mức {level} trở lên", en=f"{of} units are at level {level} or above").say(
        language
    )


def members_named(verdict: Verdict, codes: tuple[str, ...], language: Language) -> str:
    """The members with these codes and their levels, in Vietnamese alphabetical order."""
    by_code = {member.unit.code: member for member in verdict.members}
    names = [
        f"{in_sentence(member.unit.name)} ({_level_of(member, language)})"
        for member in sorted(
            (by_code[code] for code in codes if code in by_code), key=lambda member: collation_key(member.unit.name)
        )
    ]
    return join(names + [code for code in codes if code not in by_code], language)


def _level_of(member: Member, language: Language) -> str:
    level = member.levels.level
    return (Text(vi=f"mức {level}", en=f"level {level}") if level else NO_LEVEL).say(language)


def member_source(member: Member, language: Language) -> str:
    """Which level of a member was used: that of a recognition, or the computed one."""
    recognition = member.recognition
    if recognition is None:
        return Text(vi="tính toán, chưa có quyết định công nhận", en="computed, not recognised yet").say(language)
    if recognition.signed_on is None:
        draft = Text(vi="tính toán (mới có dự thảo)", en="computed (there is a draft)")
        return draft.say(language)
    day = date_text(recognition.signed_on, language)
    return Text(vi=f"Quyết định số {recognition.number} {day}", en=f"decision {recognition.number} of {day}").say(
        language
    )


def standing_text(found: CriterionVerdict, language: Language) -> str:
    """The kind of knowing or not-knowing in two or three words."""
    if found.standing is Standing.ZERO_BASE and found.criterion.kind == "members":
        return NO_MEMBERS.say(language)
    adjusted = found.standing is Standing.ACCEPTED and found.status is Status.ADJUSTED
    return (_ADJUSTED if adjusted else STANDINGS[found.standing]).say(language)


NO_MEMBERS = Text(vi="không có đơn vị trực thuộc", en="no member unit")
_ADJUSTED = Text(vi="Hội đồng điều chỉnh", en="adjusted by the council")
STANDINGS = {
    Standing.ACCEPTED: Text(vi="đã thẩm định", en="accepted"),
    Standing.SELF_REPORTED: Text(vi="mới tự báo cáo", en="self-reported only"),
    Standing.UNKNOWN: Text(vi="chưa có số liệu", en="unknown"),
    Standing.EXPIRED: Text(vi="hết hạn", en="expired"),
    Standing.REJECTED: Text(vi="không chấp nhận", en="rejected"),
    Standing.ZERO_BASE: Text(vi="mẫu số bằng 0", en="zero base"),
    Standing.EXEMPT: Text(vi="được miễn", en="exempt"),
    Standing.DERIVED: Text(vi="từ mức của đơn vị trực thuộc", en="from the members' levels"),
}


def fact_sentence(found: CriterionVerdict, verdict: Verdict, level: int, language: Language) -> str:
    """One link of the chain to a level that is reached: requirement, value, and how far it is proven."""
    criterion = found.criterion
    required = _quoted(criterion.cells[level - 1])
    if found.standing is Standing.EXEMPT:
        state = _exempt(found.fact).say(language)
    elif found.standing is Standing.DERIVED:
        requirement = criterion.requirements[level - 1]
        wanted = [at for at in (requirement.every, requirement.at) if at] if isinstance(requirement, Members) else []
        state = "; ".join(members_at(verdict, at, language) for at in wanted) or standing_text(found, language)
    else:
        amount = found.fact.amount if found.fact else None
        value = (
            value_text(criterion.kind, amount, language) if amount else Text(vi="chưa rõ", en="not known").say(language)
        )
        state = value + (_adjusted(criterion, found.fact, language) or f", {standing_text(found, language)}")
    return Text(
        vi=f"Tiêu chí {criterion.code} – {criterion.name}: mức {level} yêu cầu {required}; {state}.",
        en=f"Criterion {criterion.code} ({criterion.name}): level {level} requires {required}; {state}.",
    ).say(language)


def document_text(document: Document) -> str:
    """A proof as it is cited; the hash shortened, the whole one stands in the sealed bundle."""
    return document.reference + (f" (SHA-256 {document.sha256[:12]}…)" if document.sha256 else "")


def documents_text(fact: Fact | None) -> str:
    """All proofs of a fact; ``""`` where there is none."""
    return "; ".join(document_text(document) for document in fact.documents) if fact else ""


def demands(found: CriterionVerdict, level: int) -> bool:
    """Whether the criterion demands anything at ``level``."""
    return not isinstance(found.criterion.requirements[level - 1], NotApplicable)


def headline(explanation: Explanation, language: Language) -> str:
    """The answer in one sentence."""
    verdict, asked = explanation.verdict, explanation.asked
    name, level = verdict.unit.name, level_text(verdict.framework, asked, language)
    if explanation.reached:
        return Text(
            vi=f"{name} đã đáp ứng mọi yêu cầu của mức {level} năm {verdict.cycle}.",
            en=f"{name} meets every requirement of level {level} in {verdict.cycle}.",
        ).say(language)
    count = len(explanation.blockers)
    return Text(
        vi=f"{name} chưa đạt mức {level} năm {verdict.cycle}: còn {count} yêu cầu chưa được đáp ứng.",
        en=f"{name} has not reached level {level} in {verdict.cycle}: "
        f"{count} requirement{'' if count == 1 else 's'} not met.",
    ).say(language)
