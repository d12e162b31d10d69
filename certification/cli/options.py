"""What the commands share: their options, their help, how they print and refuse."""

import datetime
import json
import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from certification.cli.speech import say

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.hierarchy import Assessment
    from certification.rating import Rating


DEFAULT_FRAMEWORK = "kon-tum-121-2025"


class Shape(StrEnum):
    """How ``evaluate`` prints."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Tabular(StrEnum):
    """How ``rounds``, ``crosswalk`` and ``standing`` print."""

    TABLE = "table"
    JSON = "json"


class SignedBy(StrEnum):
    """In whose name a ranking is published."""

    COMMITTEE = "committee"
    CHAIRMAN = "chairman"


class Normalisation(StrEnum):
    """How points of different groups are made comparable, for a look only."""

    Z_SCORE = "z-score"
    MIN_MAX = "min-max"


class Telling(StrEnum):
    """How ``why`` prints."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


class Plain(StrEnum):
    """How the other commands print."""

    TEXT = "text"
    JSON = "json"


def describe(vi: str, en: str, example: str) -> str:
    """A command's help: what it does, and an example."""
    return f"{say(vi, en)}\n\n{say('Ví dụ', 'Example')}: {example}"


FrameworkOption = Annotated[
    str,
    typer.Option(
        "--framework", metavar="ID|FILE", help=say("Bộ tiêu chí: mã hoặc tệp YAML.", "The rulebook: id or YAML file.")
    ),
]
UnitsOption = Annotated[str | None, typer.Option("--units", help=say("Tệp đơn vị.", "The units file."))]
EvidenceOption = Annotated[str | None, typer.Option("--evidence", help=say("Tệp số liệu.", "The facts file."))]
CycleOption = Annotated[
    int | None, typer.Option("--cycle", min=2000, max=2999, help=say("Năm đánh giá.", "The assessment year."))
]
SampleOption = Annotated[
    bool,
    typer.Option("--sample", help=say("Dùng tỉnh mẫu (số liệu mô phỏng).", "Use the sample province (synthetic).")),
]
DecisionsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--decisions",
        help=say(
            "Gói quyết định (hoặc thư mục) đã công nhận cấp dưới.", "Bundles (or a folder) that recognised units below."
        ),
    ),
]
DocumentsOption = Annotated[
    str | None,
    typer.Option(
        "--documents",
        metavar="DIR",
        help=say("Thư mục tài liệu kiểm chứng: ghi mã băm của từng tệp.", "The folder of proofs: each file is hashed."),
    ),
]
OutOption = Annotated[Path, typer.Option("--out", help=say("Thư mục nhận kết quả.", "The folder for the results."))]
OptionalOutOption = Annotated[
    Path | None, typer.Option("--out", help=say("Thư mục nhận kết quả.", "The folder for the results."))
]
BelowOption = Annotated[
    bool, typer.Option("--with-below", help=say("Kể cả mọi đơn vị cấp dưới.", "Also every unit below."))
]
OnlyBelowOption = Annotated[
    bool, typer.Option("--only-below", help=say("Chỉ các đơn vị cấp dưới.", "Only the units below."))
]
ExcelOption = Annotated[
    str | None, typer.Option("--excel", metavar="FILE", help=say("Ghi thêm bảng Excel.", "Also write a workbook."))
]
HtmlOption = Annotated[
    str | None, typer.Option("--html", metavar="FILE", help=say("Ghi thêm trang HTML.", "Also write a web page."))
]
TableOrJson = Annotated[Tabular, typer.Option("--format", help=say("Dạng in.", "How to print."))]
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help=say("Thay tệp đã có.", "Replace files that are already there."))
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=64, help=say("Số tiến trình trên máy này.", "Processes of this machine.")),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help=say("Dùng cụm máy của bộ điều phối Dask này.", "Use the machines of this Dask scheduler."),
    ),
]
LevelOption = Annotated[int | None, typer.Option("--level", min=1, max=5, help=say("Mức cần xét.", "The level asked."))]
IndicatorOption = Annotated[
    str | None,
    typer.Option("--indicator", metavar="CODE", help=say("Chỉ số cần xét.", "The indicator asked.")),
]
IndexOption = Annotated[
    str,
    typer.Option(
        "--framework",
        metavar="ID|FILE",
        help=say("Bộ chỉ số: mã hoặc tệp YAML.", "The index: id or YAML file."),
    ),
]
IssuerOption = Annotated[
    list[str] | None,
    typer.Option("--issuer", metavar="UNIT", help=say("Chỉ công bố của đơn vị này.", "Only what this unit publishes.")),
]
NormaliseOption = Annotated[
    Normalisation | None,
    typer.Option(
        "--normalise",
        help=say("Thêm điểm chuẩn hóa trong nhóm (bộ chỉ số).", "Also the points normalised in the group (index)."),
    ),
]
GroupOption = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="ID", help=say("Chỉ nhóm xếp hạng này.", "Only this ranking group.")),
]
SheetsOption = Annotated[bool, typer.Option("--sheets", help=say("Kèm phiếu từng đơn vị.", "Also each unit's sheet."))]


def _numbered_like(form: str) -> Callable[[str], str]:
    """What checks the number of an act."""

    def check(number: str) -> str:
        # Nghị định 30/2020/NĐ-CP, Appendix I: Arabic numerals, a stroke, the signs of the type and the body.
        if number and not re.fullmatch(r"\d+[0-9A-Za-zĐ./-]{0,39}", number):
            raise typer.BadParameter(say(f"«{number}»: cần dạng {form}", f"«{number}»: it has the form {form}"))
        return number

    return check


def one_line(limit: int) -> Callable[[Any], Any]:
    """What checks a text, or each of several, that goes into an act as it is typed: a line, its spaces single."""

    def check(given: Any) -> Any:
        from evidence.scenario_files import is_line

        if not isinstance(given, str):  # an option that may be given several times
            return given and [check(text) for text in given]
        line = " ".join(word for word in unicodedata.normalize("NFC", given).split(" ") if word)
        if given and not is_line(line, limit):
            raise typer.BadParameter(
                say(
                    f"cần chữ trên một dòng, không có ký tự điều khiển, tối đa {limit} ký tự",
                    f"expected one line without control characters, of at most {limit} characters",
                )
            )
        return line

    return check


NumberOption = Annotated[
    str,
    typer.Option(
        "--number", callback=_numbered_like("12/QĐ-UBND"), help=say("Số quyết định.", "The decision's number.")
    ),
]
PlanNumberOption = Annotated[
    str,
    typer.Option("--number", callback=_numbered_like("12/KH-UBND"), help=say("Số kế hoạch.", "The plan's number.")),
]
DateOption = Annotated[
    datetime.datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d", "%d/%m/%Y"], help=say("Ngày ký.", "Date of signing.")),
]
SignerOption = Annotated[str, typer.Option("--signer", callback=one_line(100), help=say("Người ký.", "Who signs."))]
MinutesOption = Annotated[
    str,
    typer.Option("--minutes", callback=one_line(300), help=say("Biên bản của Hội đồng.", "The council's minutes.")),
]
ClosedOption = Annotated[
    bool,
    typer.Option(
        "--closed",
        help=say(
            "Hội đồng đã khóa hồ sơ: điều chưa chứng minh là chưa đạt.",
            "The council has closed the dossiers: what is not shown is unmet.",
        ),
    ),
]
TemplateOption = Annotated[
    Path | None, typer.Option("--template", help=say("Mẫu Word riêng của cơ quan.", "The office's own Word template."))
]
UnitsArgument = Annotated[
    list[str], typer.Argument(metavar="UNIT...", help=say("Mã đơn vị.", "Codes of units."), show_default=False)
]


def no_criteria(assessment: "Assessment | Rating", code: str) -> str:
    """That the rulebook says nothing of a unit's tier."""
    unit = assessment.units[code]
    return say(
        f"{unit.name} ({code}): bộ tiêu chí không có bảng cho cấp này",
        f"{unit.name} ({code}): the rulebook has no criteria for this tier",
    )


def only_with_an_index(option: str) -> str:
    """That an option asks for points where the rulebook gives levels."""
    return say(
        f"{option} chỉ dùng với bộ chỉ số tính điểm; hãy chỉ ra một bộ chỉ số bằng --framework.",
        f"{option} is for an index of points only; name one with --framework.",
    )


def only_with_levels(option: str) -> str:
    """That an option is of no use where points are asked for."""
    return say(
        f"{option} chỉ dùng với bộ tiêu chí công nhận mức, không dùng với bộ chỉ số tính điểm.",
        f"{option}: only with a framework of levels, not with an index of points.",
    )


def watch(title: str, total: int | None) -> Any:
    """A progress bar, as a context that yields the function to call with the steps done."""
    from certification.cli.progress import progress_bar

    return progress_bar(title, total)


def print_json(value: Any) -> None:
    """The only thing on standard output under ``--format json``: UTF-8, keys sorted."""
    print(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
