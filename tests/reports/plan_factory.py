"""Work plans for the tests of this room: of a district, of a province over two years, of an index."""

import datetime
from fractions import Fraction

from attrs import evolve

from evidence.costs import Money
from evidence.units import Unit
from levels.faults import Text
from levels.framework import Tier
from levels.loader import load_rulebook
from reports.work_plan import Rise, WorkItem, WorkPlan
from tests.reports import factory

CULTURE, HEALTH = "Phòng Văn hóa, Khoa học và Thông tin", "Trung tâm Y tế huyện"
TOWNS = tuple(factory.commune(str(23500 + place), f"Xã Đắk {place}") for place in range(3))


def item(
    unit: Unit, code: str, cost: Money | None = 5_000_000, office: str = "", *, year: int | None = None
) -> WorkItem:
    """Ten dossiers more on a criterion of the real rulebook."""
    name = factory.framework().sets[unit.tier].by_code[code].name
    purpose = "mức 3 yêu cầu “50%” (Phụ lục 01)"
    return WorkItem(unit, code, name, "40/100 (40%)", "50/100 (50%)", "10 hồ sơ", cost, office, year, purpose)


def district_plan() -> WorkPlan:
    """Three pieces of work of a district and two of its communes, one of them only to be appraised."""
    district = factory.DISTRICT
    waiting = evolve(
        item(TOWNS[1], "I.2", 0, CULTURE),
        start="60/100 (60%) (tự báo cáo, chưa thẩm định)",
        to="60/100 (60%), được Hội đồng thẩm định chấp nhận",
        missing="",
        to_appraise=True,
    )
    return WorkPlan(
        factory.framework(),
        district,
        factory.CYCLE,
        Text(
            vi="Nâng mức độ chuyển đổi số của huyện Đắk Hà lên mức 3 (Cơ bản) năm 2025",
            en="Raise Huyện Đắk Hà to level 3 in 2025",
        ),
        (
            item(district, "IV.3", 12_500_000, HEALTH),
            item(district, "II.2", 128_500_000),
            item(TOWNS[0], "I.2", Fraction(13_000_001, 2), CULTURE),
            waiting,
        ),
        priced=True,
        synthetic=False,
        rises=(
            Rise(district, "2 (Kết nối)", "3 (Cơ bản)"),
            Rise(TOWNS[0], "2 (Kết nối)", "3 (Cơ bản)"),
            Rise(TOWNS[1], "chưa đạt mức nào", "2 (Kết nối)"),
        ),
        demands=(Text(vi="Mọi kết quả chỉ được tính khi có tài liệu kiểm chứng.", en="Only what is proven counts."),),
        notes=(Text(vi="1 việc tính từ đầu vì chưa có số liệu.", en="1 step starts from nothing."),),
        proof=(Text(vi="Không có kế hoạch nào khác tốt bằng.", en="No other plan is as good."),),
        superior=factory.PROVINCE,
    )


def signed(plan: WorkPlan) -> WorkPlan:
    return evolve(plan, number="15/KH-UBND", signed_on=datetime.date(2025, 2, 3), signer="Nguyễn Văn An")


def province_plan() -> WorkPlan:
    """Two years with a budget each, a platform bought once for all communes, and a curve."""
    province = factory.PROVINCE
    platform = WorkItem(
        province, "I.4", "Hệ thống báo cáo dùng chung của tỉnh", "không có", "có", "", 2_000_000_000,
        "Sở Khoa học và Công nghệ", 2025, "mức 3 yêu cầu “Có hệ thống” (Phụ lục 01)", TOWNS,
    )  # fmt: skip
    return evolve(
        district_plan(),
        unit=province,
        superior=None,
        goal=Text(vi="Nâng 2 huyện của tỉnh Kon Tum lên mức 3 (Cơ bản) trong các năm 2025, 2026", en="Raise 2"),
        items=(
            item(factory.CITY, "II.2", 7_000_000, year=2026),
            platform,
            item(factory.DISTRICT, "IV.3", 12_500_000, HEALTH, year=2025),
        ),
        rises=(
            Rise(factory.DISTRICT, "2 (Kết nối)", "3 (Cơ bản)", 2025),
            Rise(factory.CITY, "2 (Kết nối)", "3 (Cơ bản)", 2026),
        ),
        budgets=((2025, 3_000_000_000), (2026, 10_000_000)),
        curve=((0, 0), (1, 12_500_000), (2, 19_500_000), (3, 5_019_500_000)),
        curve_of="huyện đạt mức 3",
    )


def index_plan() -> WorkPlan:
    """A plan of points under an index with a window of days."""
    index = load_rulebook("bac-ninh-1187-2023")
    unit = Unit("27", "Sở Tư pháp", Tier.DEPARTMENT, "62")
    work = WorkItem(unit, "1.1", "Số lãnh đạo chỉ đạo", "2", "5", "3 văn bản", None, purpose="thêm 2,5 điểm")
    return evolve(
        district_plan(),
        rulebook=index,
        unit=unit,
        goal=Text(vi="Nâng điểm chuyển đổi số của Sở Tư pháp lên 700 điểm năm 2025", en="Raise to 700 points"),
        items=(work,),
        priced=False,
        rises=(Rise(unit, "612,5 điểm, hạng 4", "700 điểm"),),
    )


def many(count: int, units: int = 40) -> WorkPlan:
    """A plan of ``count`` pieces of work in ``units`` communes."""
    towns = [factory.commune(str(24000 + place), f"Xã số {place}") for place in range(units)]
    codes = [line.code for line in factory.framework().sets[Tier.COMMUNE].criteria]
    offices = (CULTURE, HEALTH, "")
    items = tuple(
        item(towns[at * units // count], codes[at % len(codes)], 1_000_000 + at, offices[at % 3]) for at in range(count)
    )
    rises = tuple(Rise(town, "2 (Kết nối)", "3 (Cơ bản)") for town in towns)
    return evolve(district_plan(), items=items, rises=rises)
