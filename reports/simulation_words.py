"""The words of uncertainty: probabilities, how far draws may mislead, and what was taken for granted."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import isqrt

from evidence.assumptions import ZERO_BASE, Assumption, Model
from evidence.values import STATUS_NAMES
from levels.faults import Fault, Language, Text
from levels.framework import Tier
from reports.words import TIER_NAMES, decimal_text, in_sentence, join
from rules.outlook import Simulation, Used
from rules.verdict import Member

_LANGUAGES: tuple[Language, ...] = ("vi", "en")
_STATUSES = {str(status): name for status, name in STATUS_NAMES.items()} | {
    ZERO_BASE: Text(vi="mẫu số bằng 0", en="zero base")
}


def chance_text(chance: Fraction, language: Language) -> str:
    """A probability as a percentage with one decimal; what is not impossible never reads 0 %, nor certain 100 %."""
    tenth = Fraction(1, 1000)
    least, most = {"vi": ("<0,1%", ">99,9%"), "en": ("<0.1%", ">99.9%")}[language]
    if 0 < chance < tenth:
        return least
    if 1 - tenth < chance < 1:
        return most
    return f"{decimal_text(chance * 100, language, 1)}%"


def points_of_percent(chance: Fraction, language: Language) -> str:
    """A difference of probabilities, in percentage points."""
    text = chance_text(chance, language).removesuffix("%")
    return Text(vi=f"{text} điểm %", en=f"{text} points").say(language)


def precision_sentence(draws: int, language: Language) -> str:
    """How far the number of draws may mislead, at most: the standard error of a half."""
    # 1 / (2 √draws), in hundredths of a percentage point and rounded up: it decides nothing.
    hundredths = isqrt(25_000_000 // draws)
    hundredths += hundredths**2 * draws < 25_000_000
    error = decimal_text(Fraction(hundredths, 100), language, 2)
    return Text(
        vi=f"Sai số chuẩn của mỗi xác suất do số lần mô phỏng hữu hạn không quá {error} điểm phần trăm; sai số này"
        " không nói gì về việc các giả định có đúng hay không.",
        en=f"The standard error of every probability from so many draws is at most {error} percentage points; it does"
        " not speak of whether the assumptions hold.",
    ).say(language)


def plain_precision(draws: int, language: Language) -> str:
    """The same for readers who are no statisticians: twice the standard error."""
    # 1 / √draws, in tenths of a percentage point and rounded up: it decides nothing.
    tenths = isqrt(1_000_000 // draws)
    tenths += tenths**2 * draws < 1_000_000
    off = decimal_text(Fraction(tenths, 10), language, 1)
    return Text(
        vi=f"Mô phỏng {decimal_text(draws, language)} lần: các xác suất dưới đây thường lệch không quá {off} điểm %.",
        en=f"From {decimal_text(draws, language)} draws: the probabilities below are usually off by no more than"
        f" {off} points.",
    ).say(language)


def seed_sentence(seed: int, language: Language) -> str:
    """How to get the same answer again."""
    return Text(
        vi=f"Số khởi tạo {seed}: cùng số này thì cùng kết quả.", en=f"Seed {seed}: the same seed gives the same answer."
    ).say(language)


TECHNICAL = Text(vi="Ghi chú kỹ thuật", en="Technical notes")

INTERVALS = Text(
    vi="Khoảng in trong ngoặc là khoảng tin cậy 95% theo Wilson.", en="The intervals in brackets are Wilson's of 95%."
)


def assumption_sentences(used: Iterable[Used], file: str, language: Language) -> tuple[str, ...]:
    """What was taken for granted, the rows of the file first in their order, then our defaults."""
    ordered = sorted(used, key=lambda each: (each.assumption.row == 0, each.assumption.row))
    return tuple(_assumption(each, file).say(language) for each in ordered)


def idle_faults(idle: Iterable[Assumption], file: str) -> list[Fault]:
    """Warnings of the rows of ``file`` that had no effect."""
    found = Text(
        vi="dòng này không áp dụng cho số liệu nào được mô phỏng", en="this row speaks of no fact that is simulated"
    )
    expected = Text(
        vi="hãy xem lại đơn vị, tiêu chí, trạng thái và mô hình", en="look at its unit, criterion, status and model"
    )
    return [Fault(file, each.row, "model", found, expected, "warning") for each in idle]


def idle_sentences(idle: Sequence[Assumption], file: str, language: Language) -> tuple[str, ...]:
    """That rows of the file had no effect; none where all had."""
    if not idle:
        return ()
    rows = join([str(each.row) for each in idle], language)
    return (
        Text(
            vi=f"Dòng {rows} của {file} không áp dụng cho số liệu nào được mô phỏng.",
            en=f"Row{'' if len(idle) == 1 else 's'} {rows} of {file}: of no fact that is simulated.",
        ).say(language),
    )


def _assumption(used: Used, file: str) -> Text:
    assumption = used.assumption
    source = (
        Text(vi="giả định mặc định", en="our default")
        if assumption.row == 0
        else Text(vi=f"dòng {assumption.row} của {file}", en=f"row {assumption.row} of {file}")
    )
    what, says = _scope(assumption), _says(assumption)
    return Text(
        vi=f"{used.facts} số liệu ({', '.join(part.vi for part in what)}): {says.vi} ({source.vi}).",
        en=f"{used.facts} fact{'' if used.facts == 1 else 's'} ({', '.join(part.en for part in what)}): {says.en}"
        f" ({source.en}).",
    )


def _scope(assumption: Assumption) -> list[Text]:
    return list(_parts(assumption)) or [Text(vi="còn lại", en="others")]


def _parts(assumption: Assumption) -> Iterator[Text]:
    if assumption.unit:
        yield Text(vi=f"đơn vị {assumption.unit}", en=f"unit {assumption.unit}")
    elif assumption.tier:
        yield TIER_NAMES[Tier(assumption.tier)]
    if assumption.criterion:
        yield Text(vi=f"tiêu chí {assumption.criterion}", en=f"criterion {assumption.criterion}")
    if assumption.status:
        yield _STATUSES[assumption.status]
    elif not assumption.names_fact and assumption.row == 0:
        yield Text(vi="chưa biết và không có đơn vị cùng cấp nào có số liệu", en="unknown, and known of no peer")


def _says(assumption: Assumption) -> Text:
    match assumption.model:
        case Model.AUDIT:
            return _audit(assumption)
        case Model.SURVEY:
            size = Text(vi="mẫu số của số liệu", en="its denominator")
            if assumption.size:
                size = Text(vi=str(assumption.size), en=str(assumption.size))
            return Text(
                vi=f"tỷ lệ từ khảo sát mẫu, rút nhị thức với cỡ mẫu là {size.vi}",
                en=f"a share found in a sample: a binomial draw, the sample being {size.en}",
            )
        case Model.CHANCE:
            p = _percent(assumption.p)
            return Text(
                vi=f"đạt ở mọi mức với xác suất {p.vi}, không thì chưa đạt",
                en=f"met at every level with probability {p.en}, else not met",
            )
        case Model.PEERS:
            return Text(
                vi="lấy ngẫu nhiên từ giá trị đã biết của cùng tiêu chí ở các đơn vị cùng cấp",
                en="drawn from the known values of the same criterion among the units of its tier",
            )
        case Model.RANGE:
            low, high = (_number(value, assumption.ratio) for value in (assumption.low, assumption.high))
            return Text(vi=f"lấy đều từ {low.vi} đến {high.vi}", en=f"drawn evenly from {low.en} to {high.en}")
    return Text(vi="giữ nguyên như đã có", en="certain, as it stands")


def _audit(assumption: Assumption) -> Text:
    p = _percent(assumption.p)
    if assumption.low is None:
        return Text(
            vi=f"với xác suất {p.vi}, thẩm định kết luận là không có",
            en=f"with probability {p.en} an audit finds that it is not there",
        )
    low, high = _percent(assumption.low), _percent(assumption.high)
    return Text(
        vi=f"với xác suất {p.vi}, thẩm định điều chỉnh giảm, chỉ còn {low.vi} đến {high.vi} số đã báo cáo (lấy đều, làm"
        " tròn xuống); “có” thành “không”",
        en=f"with probability {p.en} an audit corrects them downward, to {low.en} to {high.en} of what was reported"
        " (evenly, rounded down); a yes becomes a no",
    )


def _percent(share: Fraction | None) -> Text:
    return _number(share, True)


def _number(value: Fraction | None, percent: bool) -> Text:
    assert value is not None
    vi, en = (decimal_text(value * 100 if percent else value, language, 12) for language in _LANGUAGES)
    return Text(vi=f"{vi}%", en=f"{en}%") if percent else Text(vi=vi, en=en)


def common_sentences(simulation: Simulation) -> tuple[Text, ...]:
    """What every simulation of levels takes for granted, and which decisions it rests on."""
    final = [member for member in simulation.stated if not member.provisional]
    drafts = [member for member in simulation.stated if member.provisional]
    return (_OTHERS, _independent(final), *([_drafts(drafts)] if drafts else []))


_OTHERS = Text(
    vi="Mọi số liệu khác được giữ nguyên: tự đánh giá thì theo số đã báo cáo, chưa biết hoặc không được chấp nhận"
    " thì chưa đạt, được miễn thì không xét.",
    en="All other facts stay as they are: self-reported ones at their word, unknown and rejected ones unmet, exempt"
    " ones without effect.",
)


def _independent(final: Sequence[Member]) -> Text:
    vi, en = "", ""
    if final:
        named = {language: join([_decided(each, language) for each in final], language) for language in _LANGUAGES}
        vi = f", trừ nơi đã có quyết định chính thức của kỳ này thì đọc mức đã công nhận, không rút: {named['vi']}"
        en = f", but where a final decision of this cycle stands its level is read and nothing drawn: {named['en']}"
    return Text(
        vi=f"Các số liệu được rút độc lập với nhau; cấp huyện đọc mức của các xã trong cùng một lần rút{vi}.",
        en=f"Facts are drawn independently of each other; districts read their communes in the same draw{en}.",
    )


def _decided(member: Member, language: Language) -> str:
    unit, recognition = member.unit, member.recognition
    level = member.levels.level
    number = recognition.number if recognition is not None else ""
    vi, en = (f", Quyết định số {number}", f", decision {number}") if number else ("", "")
    return Text(
        vi=f"{in_sentence(unit.name)} ({unit.code}; mức {level}{vi})",
        en=f"{unit.name} ({unit.code}; level {level}{en})",
    ).say(language)


def _drafts(members: Sequence[Member]) -> Text:
    vi = join([f"{in_sentence(each.unit.name)} ({each.unit.code})" for each in members], "vi")
    en = join([f"{each.unit.name} ({each.unit.code})" for each in members], "en")
    return Text(
        vi=f"Quyết định tạm thời không được dùng, mức vẫn được rút: {vi}.",
        en=f"A provisional decision is not used, the level is drawn all the same: {en}.",
    )
