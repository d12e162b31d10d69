"""Scores and rankings for the tests of this room, by hand: a small index of two tiers in which everything occurs."""

import datetime
import functools
from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve

from evidence.facts import SYNTHETIC, Amount, Document, Fact, Status
from evidence.units import Unit
from levels.framework import Interpretation, Tier
from levels.index import (
    Choice,
    CouncilScore,
    Gate,
    Index,
    IndexInstrument,
    Indicator,
    IndicatorSet,
    Input,
    Option,
    Part,
    Pillar,
    Quantity,
    RankingGroup,
    Role,
    Round,
    Scale,
    Segment,
    Sum,
    UnitList,
)
from rules.publication import Publication
from rules.rounds import PUBLISHED
from rules.scores import (
    Applied,
    Gain,
    GroupRanking,
    IndicatorScore,
    InputValue,
    PillarScore,
    Place,
    Ranking,
    Reading,
    RoundChange,
    RoundScore,
    Score,
    State,
)

CYCLE = 2023
PROVINCE = Unit("27", "Tỉnh Bắc Ninh", Tier.PROVINCE)
NAMES = (
    "Thành phố Bắc Ninh", "Thành phố Từ Sơn", "Thị xã Quế Võ", "Thị xã Thuận Thành", "Huyện Yên Phong",
    "Huyện Tiên Du", "Huyện Gia Bình", "Huyện Lương Tài",
)  # fmt: skip
OFFICES = ("Sở Thông tin và Truyền thông", "Sở Nội vụ", "Sở Kế hoạch và Đầu tư", "Thanh tra tỉnh")
HALF = Fraction(1, 2)
DOCUMENT = Document("Báo cáo số 21/BC-UBND")

_FULL_OR_NONE = Choice(
    (
        Option("Đã ban hành: Điểm tối đa", "Đã ban hành", Fraction(1)),
        Option("Chưa ban hành: 0 điểm", "Chưa ban hành", Fraction(0)),
    )
)
_LEADER = Choice(
    (
        Option("Chủ tịch UBND cấp huyện: Điểm tối đa", "Chủ tịch UBND cấp huyện", Fraction(1)),
        Option("Phó Chủ tịch UBND cấp huyện: 1/2*Điểm tối đa", "Phó Chủ tịch UBND cấp huyện", HALF),
        Option("Chưa có Ban chỉ đạo: 0 điểm", "Chưa có Ban chỉ đạo", Fraction(0)),
    )
)
_NEWS = Gate(
    "1",
    "Đã có chuyên mục",
    Scale(
        Quantity(("2",)),
        (
            Segment("Từ 10 trở lên: điểm tối đa", Fraction(1), low=Fraction(10)),
            Segment("Từ 5 đến 10: 1/2 *Điểm tối đa", HALF, low=Fraction(5), high=Fraction(10)),
            Segment("Dưới 5: 1/4* Điểm tối đa", Fraction(1, 4), high=Fraction(5), high_included=False),
        ),
    ),
    "Chưa có chuyên mục: 0 điểm",
)
_CAPPED = Scale(
    Quantity(("c", "d"), ("a", "b"), part=True, text="Tỷ lệ=(c+d)/(a+b)"),
    (
        Segment("Tỷ lệ≥80%: Điểm tối đa", Fraction(1), low=Fraction(4, 5)),
        Segment("Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa", slope=Fraction(5, 4), high=Fraction(4, 5), high_included=False),
    ),
)
_TWO = Sum(
    (
        Part("Đã chuyển đổi sang công nghệ IPv6: 4/5*Điểm tối đa", Fraction(4, 5), _FULL_OR_NONE),
        Part("Có hệ thống dự phòng: 1/5 *Điểm tối đa", Fraction(1, 5), _FULL_OR_NONE),
    )
)
_CAPPED_METHOD = (
    "a=Số lượng hồ sơ của cấp huyện; b=Số lượng hồ sơ của cấp xã; c=Số hồ sơ trực tuyến của cấp huyện; "
    "d=Số hồ sơ trực tuyến của cấp xã; - Tỷ lệ=(c+d)/(a+b) - Tỷ lệ≥80%: Điểm tối đa; "
    "- Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa"
)
_LETTERS = (
    Input("a", "count", "Số lượng hồ sơ của cấp huyện"),
    Input("b", "count", "Số lượng hồ sơ của cấp xã"),
    Input("c", "count", "Số hồ sơ trực tuyến của cấp huyện"),
    Input("d", "count", "Số hồ sơ trực tuyến của cấp xã"),
)


def _council(code: str, name: str, maximum: int, **more: str) -> Indicator:
    return Indicator(code, name, maximum, CouncilScore(), (Input("1", "score", name),), **more)  # type: ignore[arg-type]


def _districts() -> IndicatorSet:
    culture, office = "Phòng Văn hóa và Thông tin", "Văn phòng HĐND&UBND huyện"
    pillars = (
        Pillar("1", "Nhận thức số", 40, (
            Indicator("1.1", "Phân công lãnh đạo phụ trách chỉ đạo về chuyển đổi số", 15, _LEADER,
                      (Input("1", "choice", "", tuple(option.label for option in _LEADER.options)),),
                      method="Chủ tịch UBND cấp huyện: Điểm tối đa; Phó Chủ tịch UBND cấp huyện: 1/2*Điểm tối đa; "
                      "Chưa có Ban chỉ đạo: 0 điểm", proof="Văn bản, tài liệu chứng minh", lead=culture,
                      support=(office,)),
            Indicator("1.2", "Trang TTĐT của UBND cấp huyện có chuyên mục, các bài viết tuyên truyền về chuyển đổi số",
                      15, _NEWS, (Input("1", "presence", "Đã có chuyên mục"), Input("2", "count", "Số lượng tin, bài")),
                      method="- Đã có chuyên mục và số lượng tin, bài về chuyển đổi số trong năm đạt: "
                      "+ Từ 10 trở lên: điểm tối đa; + Từ 5 đến 10: 1/2 *Điểm tối đa; + Dưới 5: 1/4* Điểm tối đa; "
                      "- Chưa có chuyên mục: 0 điểm", lead=culture),
            _council("1.3", "Hệ thống truyền thanh cơ sở có chuyên mục riêng về chuyển đổi số", 10, lead=culture),
        ), 3),
        Pillar("2", "Thể chế số", 20, (
            Indicator("2.1", "Kế hoạch hành động hằng năm của cấp huyện về chuyển đổi số", 20, _FULL_OR_NONE,
                      (Input("1", "presence", "", ("Đã ban hành", "Chưa ban hành")),),
                      method="Đã ban hành: Điểm tối đa; Chưa ban hành: 0 điểm", lead=office),
        ), 1),
        Pillar("3", "Hạ tầng số", 30, (
            Indicator("3.1", "Mức độ hoàn thành chuyển đổi IPv6", 20, _TWO,
                      (Input("1", "presence", "Đã chuyển đổi sang công nghệ IPv6"),
                       Input("2", "presence", "Có hệ thống dự phòng")),
                      method="Đã chuyển đổi sang công nghệ IPv6: 4/5*Điểm tối đa; Có hệ thống dự phòng: "
                      "1/5 *Điểm tối đa", lead=office),
            _council("3.2", "Tỷ lệ hộ gia đình có kết nối Internet băng rộng cáp quang", 10, lead=culture),
        ), 2),
        Pillar("4", "An toàn thông tin mạng", 50, tuple(
            _council(f"4.{n}", f"Nội dung bảo đảm an toàn thông tin mạng thứ {n} của cơ quan, đơn vị", 10)
            for n in range(1, 6)
        ), 5),
        Pillar("5", "Hoạt động chính quyền số", 60, (
            Indicator("5.1", "Tỷ lệ hồ sơ thủ tục hành chính được xử lý trực tuyến", 40, _CAPPED, _LETTERS,
                      method=_CAPPED_METHOD, lead=office, support=(culture, "UBND các xã, thị trấn")),
            _council("5.2", "Mức độ hài lòng của người dân, doanh nghiệp khi sử dụng dịch vụ công", 20, lead=office),
        ), 2),
    )  # fmt: skip
    return IndicatorSet(Tier.DISTRICT, "Phụ lục III", "BỘ CHỈ SỐ DTI CẤP HUYỆN", 5, 13, 200, Tier.PROVINCE, pillars)


def _departments() -> IndicatorSet:
    pillars = tuple(
        Pillar(str(number), name, 50, tuple(_council(f"{number}.{n}", f"Nội dung {number}.{n}", 10)
               for n in range(1, 6)), 5, applies_to="kinh-te-so" if number == 3 else "")
        for number, name in enumerate(("Nhận thức số", "Thể chế số", "Hoạt động kinh tế số", "Hạ tầng số"), start=1)
    )  # fmt: skip
    return IndicatorSet(Tier.DEPARTMENT, "Phụ lục II", "BỘ CHỈ SỐ DTI CẤP SỞ", 4, 20, 200, Tier.PROVINCE, pillars)


@functools.cache
def index() -> Index:
    return Index(
        "mau-2023",
        "1.0",
        IndexInstrument(
            "1187/QĐ-UBND",
            "BAN HÀNH BỘ CHỈ SỐ ĐÁNH GIÁ CHUYỂN ĐỔI SỐ",
            "Quyết định số 1187/QĐ-UBND ngày 06 tháng 10 năm 2023 của Chủ tịch UBND tỉnh Bắc Ninh ban hành Bộ chỉ số "
            "đánh giá chuyển đổi số của các sở, ban, ngành, các huyện, thị xã, thành phố trên địa bàn tỉnh Bắc Ninh",
            "Chủ tịch UBND tỉnh Bắc Ninh",
            2023,
            (
                "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;",
                "Căn cứ Luật Công nghệ thông tin ngày 29/6/2006;",
                "Căn cứ Quyết định số 922/QĐ-BTTTT ngày 20/5/2022;",
            ),
            datetime.date(2023, 10, 6),
        ),
        {Tier.DEPARTMENT: _departments(), Tier.DISTRICT: _districts()},
        (
            RankingGroup("so", "Các sở, ban, ngành thuộc UBND tỉnh", Tier.DEPARTMENT, "Mục III.2.d"),
            RankingGroup("huyen", "Các huyện, thị xã, thành phố", Tier.DISTRICT, "Mục III.2.d"),
        ),
        (
            Interpretation("ties", "Mục III.2.d", "Bằng điểm thì cùng hạng.", "Xét điểm trụ cột 6."),
            Interpretation(
                "boundary", "Phụ lục III, 1.2", "10 tin, bài được tính từ 10 trở lên.", "Một nửa.", ("district/1.2",)
            ),
        ),
        rounds=tuple(
            Round(id_, name, by, "Điều 5")  # type: ignore[arg-type]
            for id_, name, by in (
                ("self", "Tự đánh giá, chấm điểm", "Đơn vị"),
                ("round1", "Đánh giá vòng 1", "Hội đồng thẩm định"),
                ("explanation", "Bổ sung giải trình", "Đơn vị"),
                ("round2", "Đánh giá vòng 2", "Hội đồng thẩm định"),
            )
        ),
        roles=(
            Role(
                "Ban chỉ đạo chuyển đổi số tỉnh",
                "trình Chủ tịch UBND tỉnh ký, ban hành Quyết định công bố kết quả xếp loại chỉ số DTI tỉnh Bắc Ninh "
                "trong tháng 11 hằng năm",
                "Mục III.2.đ",
            ),
        ),
        lists=(UnitList("kinh-te-so", "Đơn vị có nhiệm vụ kinh tế số", "Phụ lục II", Tier.DEPARTMENT, OFFICES[:2]),),
    )


def district(place: int = 0, name: str | None = None) -> Unit:
    return Unit(str(256 + place), name or NAMES[place % len(NAMES)], Tier.DISTRICT, PROVINCE.code)


def fact(unit: Unit, indicator: Indicator, key: str, amount: Amount | None, status: Status = Status.VERIFIED,
         **more: object) -> Fact:  # fmt: skip
    more = {"documents": (DOCUMENT,), "source": "Cổng dịch vụ công", "cycle": CYCLE, **more}
    return Fact(unit.code, indicator.fact_code(key), status, amount, **more)  # type: ignore[arg-type]


def scored(unit: Unit, indicator: Indicator, share: Fraction, *, source: str = "Báo cáo") -> IndicatorScore:
    """A line that the council has scored at ``share`` of the maximum."""
    points = share * indicator.max
    amount = Amount(points.numerator, points.denominator)
    value = InputValue(
        indicator.inputs[0], fact(unit, indicator, indicator.inputs[0].key, amount, source=source), points
    )
    gains = () if share == 1 else (Gain(indicator.inputs[0].key, "", indicator.max - points),)
    return IndicatorScore(indicator, State.ACCEPTED, share, (value,), (Applied("", share),), gains)


def without(indicator: Indicator, state: State = State.MISSING) -> IndicatorScore:
    """A line of which nothing is known, or to which the unit is not subject."""
    gains = (Gain(indicator.inputs[0].key, "", Fraction(indicator.max)),) if state is not State.NOT_SUBJECT else ()
    return IndicatorScore(
        indicator, state, Fraction(0), tuple(InputValue(entry, None, None) for entry in indicator.inputs), (), gains
    )


def score(
    unit: Unit, lines: Sequence[IndicatorScore], *, criteria: IndicatorSet | None = None, **more: object
) -> Score:
    criteria = criteria or index().sets[unit.tier]
    by_code = {line.indicator.code: line for line in lines}
    pillars = tuple(
        PillarScore(
            pillar,
            sum((by_code[indicator.code].points for indicator in pillar.indicators), Fraction(0)),
            sum(by_code[indicator.code].reachable for indicator in pillar.indicators),
        )
        for pillar in criteria.pillars
    )
    bonus = more.get("bonus", Fraction(0))
    assert isinstance(bonus, Fraction)
    return Score(
        index(), unit, CYCLE, Reading.ACCEPTED, tuple(lines), pillars,
        sum((pillar.points for pillar in pillars), bonus), sum(pillar.reachable for pillar in pillars),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def every_kind(unit: Unit) -> Score:
    """One district in whose sheet every kind of scoring and of not-knowing occurs."""
    by_code = index().sets[Tier.DISTRICT].by_code
    lines = {
        code: scored(unit, entry, Fraction(3, 4)) for code, entry in by_code.items() if entry.inputs[0].kind == "score"
    }
    lines |= {
        "1.1": _line(unit, by_code["1.1"], State.ACCEPTED, HALF, {"1": Amount(2)},
                     (Applied(_LEADER.options[1].text, HALF),),
                     (Gain("1", _LEADER.options[0].text, Fraction(15, 2)),)),
        "1.2": _line(unit, by_code["1.2"], State.SELF_REPORTED, HALF, {"1": Amount(1), "2": Amount(7)},
                     (Applied("Từ 5 đến 10: 1/2 *Điểm tối đa", HALF, Fraction(7)),),
                     (Gain("2", "Từ 10 trở lên: điểm tối đa", Fraction(15, 2), Fraction(3)),),
                     status=Status.SELF_REPORTED, readings=("boundary",)),
        "2.1": _line(unit, by_code["2.1"], State.REJECTED, Fraction(0), {"1": Amount(1)}, (),
                     (Gain("1", "Đã ban hành: Điểm tối đa", Fraction(20)),), status=Status.REJECTED,
                     note="Kế hoạch ban hành sau ngày 30/9"),
        "3.1": _line(unit, by_code["3.1"], State.ACCEPTED, Fraction(4, 5), {"1": Amount(1), "2": Amount(0)},
                     (Applied(_TWO.parts[0].text, Fraction(4, 5)),), (Gain("2", _TWO.parts[1].text, Fraction(4)),)),
        "4.1": without(by_code["4.1"]),
        "4.2": without(by_code["4.2"], State.NOT_SUBJECT),
        "4.3": scored(unit, by_code["4.3"], Fraction(1)),
        "5.1": _capped(unit),
    }  # fmt: skip
    return score(unit, [lines[code] for code in by_code])


def _capped(unit: Unit) -> IndicatorScore:
    indicator = index().sets[Tier.DISTRICT].by_code["5.1"]
    values = {"a": Amount(60), "b": Amount(44), "c": Amount(50), "d": Amount(24)}
    share = Fraction(74, 104) / Fraction(4, 5)
    line = _line(unit, indicator, State.ACCEPTED, share, values,
                 (Applied("Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa", share, Fraction(74, 104)),),
                 (Gain("c", "Tỷ lệ≥80%: Điểm tối đa", indicator.max * (1 - share), Fraction(10)),))  # fmt: skip
    inputs = list(line.inputs)
    adjusted = fact(unit, indicator, "c", Amount(50), Status.ADJUSTED, reported=Amount(58), note="08 hồ sơ tính trùng")
    inputs[2] = evolve(inputs[2], fact=adjusted)
    return evolve(line, inputs=tuple(inputs))


def _line(unit: Unit, indicator: Indicator, state: State, share: Fraction, values: Mapping[str, Amount],
          applied: tuple[Applied, ...], gains: tuple[Gain, ...], *, status: Status = Status.VERIFIED, note: str = "",
          readings: tuple[str, ...] = ()) -> IndicatorScore:  # fmt: skip
    inputs = tuple(
        InputValue(entry, fact(unit, indicator, entry.key, values[entry.key], status, note=note),
                   None if status is Status.REJECTED else Fraction(values[entry.key].numerator))
        for entry in indicator.inputs
    )  # fmt: skip
    return IndicatorScore(indicator, state, share, inputs, applied, gains, readings)


def even(unit: Unit, step: int, *, source: str = "Báo cáo") -> Score:
    """A complete score whose shares wander around; the higher ``step``, the lower."""
    lines = [
        scored(unit, indicator, max(Fraction(0), 1 - Fraction((7 * n + 5 * step) % (8 + 2 * step), 40)), source=source)
        for n, indicator in enumerate(index().sets[unit.tier].indicators)
    ]
    return score(unit, lines)


def ranked(group: RankingGroup, scores: Sequence[Score], last: Mapping[str, Place] | None = None) -> GroupRanking:
    """Places by percentage, ties sharing a rank."""
    order = sorted(scores, key=lambda each: -each.percent)
    places = []
    for each in order:
        rank = 1 + sum(other.percent > each.percent for other in order)
        tied = sum(other.percent == each.percent for other in order) > 1
        places.append(Place(each, rank, tied, (last or {}).get(each.unit.code)))
    return GroupRanking(group, None, tuple(places))


def districts(*, synthetic: bool = False, special: bool = True, count: int = 8) -> GroupRanking:
    """The districts' group; one of them with every kind of not-knowing, two of them tied, all with last year's rank."""
    source = f"{SYNTHETIC}; Báo cáo" if synthetic else "Báo cáo"
    units = [district(n, None if count == 8 else f"Huyện {NAMES[n % 8].split(' ', 1)[1]} {n}") for n in range(count)]
    scores = [even(unit, n % 8, source=source) for n, unit in enumerate(units)]
    scores[3] = evolve(scores[2], unit=units[3])
    if special:
        scores[5] = every_kind(units[5])
    before = ranked(
        index().groups[1], [evolve(even(unit, (n * 3 + 2) % 8), cycle=CYCLE - 1) for n, unit in enumerate(units)]
    )
    return ranked(
        index().groups[1], scores, {place.score.unit.code: place for place in before.places if place.rank < 8}
    )


def departments() -> GroupRanking:
    """The departments' group: two of the four are not subject to pillar 3."""
    units = [Unit(f"S{n:02d}", name, Tier.DEPARTMENT, PROVINCE.code) for n, name in enumerate(OFFICES, start=1)]
    scores = []
    for n, unit in enumerate(units):
        lines = even(unit, n).indicators
        if n >= 2:
            lines = tuple(
                without(line.indicator, State.NOT_SUBJECT) if line.indicator.code.startswith("3.") else line
                for line in lines
            )
        scores.append(score(unit, lines))
    return ranked(index().groups[0], scores)


def ranking(**more: bool) -> Ranking:
    return Ranking(index(), CYCLE, (departments(), districts(**more)))


def place(ranking_: Ranking, name: str = "Huyện Tiên Du") -> Place:
    return next(place for place in ranking_.place_of.values() if place.score.unit.name == name)


def rounds(ranking_: Ranking, name: str = "Huyện Tiên Du") -> tuple[RoundScore, ...]:
    """The unit's rounds and what can be published: it scored itself higher, lost points and won some back."""
    published = place(ranking_, name)
    by_code = {line.indicator.code: line.indicator for line in published.score.indicators}
    plan, survey = by_code["2.1"], by_code["5.2"]
    made = []
    for id_, points, rank, changes in (
        ("self", {"2.1": 20, "5.2": 20}, 3, ()),
        (
            "round1",
            {"2.1": 0, "5.2": 13},
            7,
            (
                RoundChange(plan, Fraction(20), Fraction(0), "Kế hoạch ban hành sau ngày 30/9", 3, 6),
                RoundChange(survey, Fraction(20), Fraction(13), "", 3, 4),
            ),
        ),
        (
            "explanation",
            {"2.1": 0, "5.2": 15},
            6,
            (RoundChange(survey, Fraction(13), Fraction(15), "Bổ sung phiếu khảo sát", 7, 6),),
        ),
        ("round2", {"2.1": 0, "5.2": 15}, published.rank, ()),
        ("published", {"2.1": 0, "5.2": 15}, published.rank, ()),
    ):
        lines = [
            evolve(line, share=Fraction(points[line.indicator.code], line.indicator.max))
            if line.indicator.code in points
            else line
            for line in published.score.indicators
        ]
        round_ = next(entry for entry in (*index().rounds, PUBLISHED) if entry.id == id_)
        made.append(RoundScore(round_, evolve(published, score=score(published.score.unit, lines), rank=rank), changes))
    return tuple(made)


def publication(*, final: bool = False, synthetic: bool = False, **more: object) -> Publication:
    groups = (departments(), districts(synthetic=synthetic, special=not final))
    fields = {
        "index": index(),
        "cycle": CYCLE,
        "issuer": PROVINCE,
        "superior": None,
        "groups": groups,
        "provisional": (),
        "number": "1500/QĐ-UBND" if final else "",
        "signed_on": datetime.date(2023, 11, 20) if final else None,
        "signer": "Nguyễn Văn Đông" if final else "",
        "minutes": "Biên bản số 05/BB-HĐĐG ngày 10 tháng 11 năm 2023 của Hội đồng đánh giá" if final else "",
        "synthetic": synthetic,
        **more,
    }
    return Publication(**fields)  # type: ignore[arg-type]
