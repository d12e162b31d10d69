"""What is printed on a narrow terminal: prose wrapped under its mark, tables folded, nothing cut off."""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.cli.wrapping import wrap_lines

WIDTH = 80


def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns that shows no styles."""
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


def test_an_item_hangs_under_its_mark_and_long_words_stay_whole() -> None:
    text = (
        "Kế hoạch\n  12. Tiêu chí I.2: từ 74/104 lên 84/104, thêm 10 hồ sơ\n- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y\n"
    )
    assert wrap_lines(text, 24).split("\n") == [
        "Kế hoạch",
        "  12. Tiêu chí I.2: từ",
        "      74/104 lên 84/104,",
        "      thêm 10 hồ sơ",
        "- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "  y",
        "",
    ]


@given(st.text(st.sampled_from("ab 1.-\n"), max_size=120), st.integers(40, 60))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    wrapped = wrap_lines(text, width)
    assert wrapped.split() == text.split()
    assert all(len(line) <= width or " " not in line.strip() or len(max(line.split(), key=len)) > width - 20
               for line in wrapped.split("\n"))  # fmt: skip


def test_a_plan_is_wrapped_on_a_terminal_and_whole_in_a_pipe(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow(monkeypatch)
    _, wrapped, _ = run("plan", "23344", "--level", 2, "--sample")
    assert max(map(len, wrapped.split("\n"))) <= WIDTH
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    _, whole, _ = run("plan", "23344", "--level", 2, "--sample")
    assert max(map(len, whole.split("\n"))) > WIDTH
    assert wrapped.split() == whole.split()


def test_a_table_wider_than_the_terminal_is_folded_not_cut(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(monkeypatch)
    for name, value in (("a", "84/104"), ("b", "90/104")):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\nset: {{23281: {{I.2: {value}}}}}\n", encoding="utf-8")
    words = ("--set", "23281:I.2=80/104", "--compare", tmp_path / "a.yaml", "--compare", tmp_path / "b.yaml")
    code, out, _ = run("what-if", "--sample", *words)
    assert code == 0
    assert "…" not in out
    assert max(map(len, out.split("\n"))) <= WIDTH
