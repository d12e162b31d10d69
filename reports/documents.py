"""Documents: decisions, appraisal sheets, summaries and explanations as HTML, PDF and Word.

Guarantees the same bytes for the same input and the same versions of the libraries, all text in
NFC and escaped, and a PDF in one font family or none at all. WeasyPrint, docxtpl and matplotlib
are imported when first needed; what cannot be made on a machine is named by ``unavailable``.
"""

import datetime
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from evidence.units import Unit
from levels.faults import Fault, Faulty, Language, Text
from reports.drawing import Drawing, as_png
from reports.explanation import view_explanation
from reports.labels import judge
from reports.overview import view_appraisal_sheet, view_summary
from reports.tables import Table
from reports.view import view_decision
from reports.word_tables import fit_tables
from reports.words import printable
from rules.verdict import Decision, Explanation, Verdict

FONT = "Liberation Serif"
"""The family with Times metrics and all Vietnamese letters (Debian's fonts-liberation2; version 1 lacks some)."""

TEMPLATES = Path(__file__).parent / "templates"


KINDS = ("html", "pdf", "docx")

MAX_TEMPLATE = 10 * 2**20
MAX_PROPERTY = 255
"""How many characters a property of a Word file may have."""

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
            _pdf(f"<html lang='vi'><p style='font-family: {FONT}'>ơ ư ạ ỹ Đ</p>")
        except FontMissing as error:
            missing["pdf"] = Text(
                vi=f"Không tạo được PDF trên máy này vì thiếu phông chữ {FONT} bản 2 ({error}); "
                "hãy cài gói fonts-liberation2",
                en=f"PDF cannot be made on this machine: the font {FONT}, version 2, is missing ({error}); "
                "install the package fonts-liberation2",
            )
    return missing


def render_decision(
    decision: Decision, template: Path | None = None, kinds: Collection[str] = KINDS
) -> dict[str, bytes]:
    """The decision as ``html``, ``docx`` and, unless ``unavailable``, ``pdf``; of these only ``kinds``.

    ``template`` is an office's own Word template in place of ours; it runs in Jinja's sandbox.
    Raises ``Faulty`` where it cannot be used.
    """
    return render(view_decision(decision), "decision", kinds, template)


def render_appraisal_sheet(
    verdict: Verdict,
    explanation: Explanation,
    language: Language,
    *,
    provisional: bool | None = None,
    synthetic: bool = False,
    kinds: Collection[str] = KINDS,
) -> dict[str, bytes]:
    """One unit's appraisal sheet as ``html``, ``docx`` and, unless ``unavailable``, ``pdf``.

    ``provisional`` None: judged from the verdict alone (``reports.labels.is_provisional``).
    ``synthetic``: also something that the verdict does not show is made up.
    """
    marks = judge([verdict], language, provisional=provisional, synthetic=synthetic)
    return render(view_appraisal_sheet(verdict, explanation, language, marks), "appraisal", kinds)


def render_summary(
    issuer: Unit,
    verdicts: Sequence[Verdict],
    language: Language,
    own: Verdict | None = None,
    *,
    provisional: bool | None = None,
    synthetic: bool = False,
    kinds: Collection[str] = KINDS,
) -> dict[str, bytes]:
    """The summary of ``issuer``'s units (one tier, at least one) as ``html``, ``docx`` and ``pdf``.

    ``own`` is the verdict on the issuer itself, whose ladder then opens the charts;
    ``provisional`` and ``synthetic`` as for the appraisal sheet.
    """
    marks = judge(verdicts, language, provisional=provisional, synthetic=synthetic)
    return render(view_summary(issuer, verdicts, language, own, marks), "summary", kinds)


def as_svg(drawing: Drawing) -> str:
    """A drawing as an SVG file of its own."""
    return environment().get_template("drawing.svg").render(drawing=printable(attrs.asdict(drawing)))


def explain_text(explanation: Explanation, language: Language) -> str:
    """Why a level has, or has not, been reached, as plain text that can be read aloud."""
    return render_text(view_explanation(explanation, language), "explanation")


def explain_html(explanation: Explanation, language: Language) -> str:
    """The same as a page of its own, without anything from elsewhere."""
    page = printable(attrs.asdict(view_explanation(explanation, language)))
    return environment().get_template("explanation.html").render(page, page=page)


def render_text(view: attrs.AttrsInstance, name: str) -> str:
    """A view as plain text that can be read aloud, by the template called ``name``."""
    return environment().get_template(f"{name}.txt").render(page=printable(attrs.asdict(view)))


def render(
    view: attrs.AttrsInstance, name: str, kinds: Collection[str] = KINDS, template: Path | None = None
) -> dict[str, bytes]:
    """A view as ``html``, ``docx`` and, unless ``unavailable``, ``pdf``, by the templates called ``name``.

    The view has a ``date``; its ``drawings`` and ``tables``, where it has any, become the pictures of
    the Word file and the columns of its marked tables.
    Raises ``Faulty`` where an office's own ``template`` cannot be used.
    """
    context = printable(attrs.asdict(view))
    page = environment().get_template(f"{name}.html").render(context)
    drawings: Sequence[Drawing] = getattr(view, "drawings", ())
    tables: Sequence[Table] = getattr(view, "tables", ())
    makers: dict[str, Callable[[], bytes]] = {
        "html": page.encode,
        "pdf": lambda: _pdf(page),
        "docx": lambda: _docx(template or TEMPLATES / f"{name}.docx", context, drawings, tables),
    }
    return {kind: makers[kind]() for kind in KINDS if kind in kinds and (kind != "pdf" or kind not in unavailable())}


@cache
def environment() -> Environment:
    """Jinja for our own templates: undefined names are errors, markup is escaped."""
    ours = Environment(
        loader=PackageLoader("reports"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html", "svg"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    ours.filters["whole_codes"] = _keep_codes_whole
    return ours


def _keep_codes_whole(text: str) -> Markup:
    """Criterion codes that no line end tears apart: Pango would break «III.7» after its dot."""
    return Markup(re.sub(r"\b[IVX]+(?:\.\d+)+\b", r'<span class="code">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped just here


@cache
def _weasyprint() -> Any:
    import weasyprint

    return weasyprint


def _pdf(page: str) -> bytes:
    """The page as PDF in one font family; a character that the font lacks is shown as □ and not
    taken from another font. Raises ``FontMissing`` where the font itself is not there.
    """
    content, strange = _print(page)
    if strange:
        content, strange = _print(page.translate(dict.fromkeys(map(ord, strange), "□")))
    if strange:
        raise FontMissing(f"{FONT} has no {''.join(sorted(strange))[:20]}")
    return content


def _print(page: str) -> tuple[bytes, set[str]]:
    """The page as PDF, and the characters that had to come from another font or from none."""
    weasyprint = _weasyprint()
    strange: set[str] = set()

    def look(document: Any, _: object) -> None:
        for font in document.fonts.values():
            strange.update(map(chr, font.missing))
            if font.family != FONT:
                strange.update("".join(font.to_unicode.values()))

    # A document loads nothing from elsewhere: whatever it asks for is a fatal error.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    identifier = hashlib.sha256(page.encode()).digest()[:16]
    content = weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf(
        finisher=look, pdf_identifier=identifier, pdf_tags=True
    )
    return content, {char for char in strange if not char.isspace()}


def _docx(path: Path, context: dict[str, Any], drawings: Sequence[Drawing], tables: Sequence[Table]) -> bytes:
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    pictures = [(drawing, io.BytesIO(as_png(drawing))) for drawing in drawings]
    signed = datetime.datetime.fromisoformat(f"{context['date']}T00:00:00+00:00")
    sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    sandbox.globals.clear()  # a form letter needs no range() or lipsum(), which could run for ever
    try:
        if not path.is_file() or path.stat().st_size > MAX_TEMPLATE:
            raise ValueError("not a file of at most 10 MB")
        document = DocxTemplate(path)
        context["title"] = context["title"][:MAX_PROPERTY]
        context["pictures"] = [
            {
                "title": drawing.title,
                "image": InlineImage(document, picture, width=Mm(min(drawing.width // 10, PICTURE_WIDTH))),
            }
            for drawing, picture in pictures
        ]
        document.render(context, sandbox)
        _describe_pictures(document, drawings)
        fit_tables(document.docx, tables)
        properties = document.docx.core_properties
        properties.created = properties.modified = signed
        return save(document)
    except Exception as error:  # a template from outside may fail in any way
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
