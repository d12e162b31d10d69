"""Documents: decisions, appraisal sheets, summaries and explanations as HTML, PDF and Word.

Guarantees the same bytes for the same input and the same versions of the libraries, all text in
NFC and escaped, and a PDF in one font family or none at all. WeasyPrint, docxtpl and matplotlib
are imported when first needed; what cannot be made on a machine is named by ``unavailable``.
"""

import datetime
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError, select_autoescape

from evidence.units import Unit
from levels.faults import Fault, Faulty, Language, Text
from reports.charts import Drawing, as_png
from reports.overview import (
    AppraisalSheetView,
    SummaryView,
    is_provisional,
    view_appraisal_sheet,
    view_explanation,
    view_summary,
)
from reports.view import DecisionView, view_decision
from reports.words import printable
from rules.verdict import Decision, Explanation, Verdict

FONT = "Liberation Serif"
"""The family with Times metrics and all Vietnamese letters (Debian's fonts-liberation2; version 1 lacks some)."""

TEMPLATES = Path(__file__).parent / "templates"


PICTURE_WIDTH = 245
"""Millimetres: the text width of a landscape page."""


class FontMissing(RuntimeError):
    """The PDF would mix font families: the prescribed one is missing or lacks letters."""


@cache
def unavailable() -> Mapping[str, Text]:
    """The formats that cannot be made on this machine, each with what is missing, in plain words."""
    missing = {}
    try:
        _weasyprint()
    except (ImportError, OSError) as error:
        missing["pdf"] = Text(
            vi=f"Không tạo được PDF trên máy này vì thiếu WeasyPrint hoặc Pango ({_first_line(error)}); "
            "hãy cài các gói libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 và fonts-liberation2",
            en=f"PDF cannot be made on this machine: WeasyPrint or Pango is missing ({_first_line(error)}); "
            "install the packages libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 and fonts-liberation2",
        )
    else:
        try:
            _pdf(f"<p style='font-family: {FONT}'>ơ ư ạ ỹ Đ</p>")
        except FontMissing as error:
            missing["pdf"] = Text(
                vi=f"Không tạo được PDF trên máy này vì thiếu phông chữ {FONT} bản 2 ({error}); "
                "hãy cài gói fonts-liberation2",
                en=f"PDF cannot be made on this machine: the font {FONT}, version 2, is missing ({error}); "
                "install the package fonts-liberation2",
            )
    return missing


def render_decision(decision: Decision, template: Path | None = None) -> dict[str, bytes]:
    """The decision as ``html``, ``docx`` and, unless ``unavailable``, ``pdf``.

    ``template`` is an office's own Word template in place of ours; it runs in Jinja's sandbox.
    Raises ``Faulty`` where it cannot be used.
    """
    return _render(view_decision(decision), "decision", template)


def render_appraisal_sheet(
    verdict: Verdict, explanation: Explanation, language: Language, *, provisional: bool | None = None
) -> dict[str, bytes]:
    """One unit's appraisal sheet as ``html``, ``docx`` and, unless ``unavailable``, ``pdf``.

    ``provisional`` None: judged from the verdict alone (``reports.overview.is_provisional``).
    """
    draft = is_provisional([verdict]) if provisional is None else provisional
    return _render(view_appraisal_sheet(verdict, explanation, language, provisional=draft), "appraisal")


def render_summary(
    issuer: Unit,
    verdicts: Sequence[Verdict],
    language: Language,
    own: Verdict | None = None,
    *,
    provisional: bool | None = None,
) -> dict[str, bytes]:
    """The summary of ``issuer``'s units (one tier, at least one) as ``html``, ``docx`` and ``pdf``.

    ``own`` is the verdict on the issuer itself, whose ladder then opens the charts;
    ``provisional`` as for the appraisal sheet.
    """
    draft = is_provisional(verdicts) if provisional is None else provisional
    return _render(view_summary(issuer, verdicts, language, own, provisional=draft), "summary")


def explain_text(explanation: Explanation, language: Language) -> str:
    """Why a level has, or has not, been reached, as plain text that can be read aloud."""
    page = printable(attrs.asdict(view_explanation(explanation, language)))
    return environment().get_template("explanation.txt").render(page=page)


def explain_html(explanation: Explanation, language: Language) -> str:
    """The same as a page of its own, without anything from elsewhere."""
    page = printable(attrs.asdict(view_explanation(explanation, language)))
    return environment().get_template("explanation.html").render(page, page=page)


def _render(
    view: DecisionView | AppraisalSheetView | SummaryView, name: str, template: Path | None = None
) -> dict[str, bytes]:
    context = printable(attrs.asdict(view))
    page = environment().get_template(f"{name}.html").render(context)
    files = {"html": page.encode()}
    if "pdf" not in unavailable():
        files["pdf"] = _pdf(page)
    drawings = () if isinstance(view, DecisionView) else view.drawings
    files["docx"] = _docx(template or TEMPLATES / f"{name}.docx", context, drawings)
    return files


@cache
def environment() -> Environment:
    """Jinja for our own templates: undefined names are errors, markup is escaped."""
    return Environment(
        loader=PackageLoader("reports"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html", "svg"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _weasyprint() -> Any:
    import weasyprint

    return weasyprint


def _pdf(page: str) -> bytes:
    weasyprint = _weasyprint()

    def refuse(url: str, *_: object, **__: object) -> dict[str, Any]:
        raise ValueError(f"a document loads nothing from elsewhere: {url}")

    families: set[str] = set()
    content: bytes = weasyprint.HTML(string=page, url_fetcher=refuse).write_pdf(
        finisher=lambda _, pdf: families.update(_families(pdf)),
        pdf_identifier=hashlib.sha256(page.encode()).digest()[:16],
        pdf_tags=True,
    )
    strange = [family for family in families if not family.startswith(FONT.replace(" ", "-"))]
    if strange:
        raise FontMissing(", ".join(sorted(strange)))
    return content


def _families(pdf: Any) -> set[str]:
    names = {item["BaseFont"].decode() for item in pdf.objects if isinstance(item, dict) and "BaseFont" in item}
    return {name.partition("+")[2] for name in names}


def _docx(path: Path, context: dict[str, Any], drawings: Sequence[Drawing]) -> bytes:
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        document = DocxTemplate(path)
        context["pictures"] = [
            {
                "title": drawing.title,
                "image": InlineImage(
                    document, io.BytesIO(as_png(drawing)), width=Mm(min(drawing.width // 10, PICTURE_WIDTH))
                ),
            }
            for drawing in drawings
        ]
        document.render(context, ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
        _describe_pictures(document, drawings)
        signed = datetime.datetime.fromisoformat(f"{context['date']}T00:00:00+00:00")
        document.docx.core_properties.created = document.docx.core_properties.modified = signed
        return save(document)
    except (TemplateError, OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _unusable(path, error) from error


def _describe_pictures(document: Any, drawings: Sequence[Drawing]) -> None:
    """Give every chart the words that a screen reader says in its place."""
    from docx.oxml.ns import qn

    places = document.docx.element.body.iter(qn("wp:docPr"))
    for place, drawing in zip(places, drawings, strict=False):
        place.set("descr", printable(f"{drawing.title}. {drawing.description}"))


def _unusable(path: Path, error: Exception) -> Faulty:
    return Faulty(
        [
            Fault(
                str(path),
                getattr(error, "lineno", None) or 1,
                1,
                found=Text(
                    vi=f"không dùng được mẫu Word này ({_first_line(error)})",
                    en=f"this Word template cannot be used ({_first_line(error)})",
                ),
                expected=Text(
                    vi=f"cần một tệp .docx chỉ dùng các trường có trong {TEMPLATES.name}/decision.docx",
                    en=f"a .docx file that uses only the fields of {TEMPLATES.name}/decision.docx is expected",
                ),
            )
        ]
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def save(document: Any) -> bytes:
    """A Word document as bytes, with fixed times in the package: equal content gives equal bytes."""
    loose, package = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(package, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED, 6)
    return package.getvalue()
