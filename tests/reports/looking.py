"""How the tests look into what the room makes: text, pages and fonts of HTML, PDF and Word."""

import io
import os
import re
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pytest

from reports.documents import unavailable

GOLDEN = Path(__file__).parent / "golden"


def compare_golden(name: str, text: str) -> None:
    """Compare with the file a person has read; ``GOLDEN=write`` takes the new text over."""
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def need(*tools: str) -> None:
    """Skip where this machine cannot make or look into PDF; in CI that is a failure."""
    lacking = [str(text.en) for text in unavailable().values()]
    lacking += [f"{tool} is not installed" for tool in tools if shutil.which(tool) is None]
    if lacking and os.environ.get("CI"):
        pytest.fail("; ".join(lacking))
    if lacking:
        pytest.skip("; ".join(lacking))


def pdf_tool(content: bytes, *command: str) -> str:
    """What a poppler tool says of a PDF."""
    return subprocess.run([*command], input=content, capture_output=True, check=True).stdout.decode()


def pdf_pages(content: bytes) -> list[str]:
    return pdf_tool(content, "pdftotext", "-layout", "-", "-").split("\f")[:-1]


def pdf_fonts(content: bytes) -> list[list[str]]:
    """name, type, encoding, emb, sub, uni … of each font."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:  # pdffonts reads no stream
        file.write(content)
        file.flush()
        return [row.split() for row in pdf_tool(b"", "pdffonts", file.name).splitlines()[2:]]


def docx_text(content: bytes) -> str:
    """All text of a Word document in reading order, table cells apart by tabs."""
    document = docx.Document(io.BytesIO(content))
    lines: list[str] = []
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            lines += ["\t".join(cell.text.replace("\n", " / ") for cell in _once(row.cells)) for row in item.rows]
        else:
            lines.append(item.text)
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _once(cells: Any) -> list[Any]:
    """A merged cell counts once."""
    return [cell for at, cell in enumerate(cells) if at == 0 or cell._tc is not cells[at - 1]._tc]


def docx_headers(content: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    return [
        "\n".join(paragraph.text for paragraph in header.paragraphs)
        for header in (section.header, section.first_page_header)
    ]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def html_text(page: str) -> str:
    """The visible text, with single spaces."""
    words = _Words()
    words.feed(page)
    return re.sub(r"\s+", " ", " ".join(words.words)).strip()


def html_tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    words = _Words()
    words.feed(page)
    return words.tags
