"""Faults are one line each, in two languages, and survive the way between processes."""

import errno
import pickle

import pytest

from levels.faults import Fault, Faulty, Findings, Text, reason_of

WRONG, NEEDED = Text("sai", "wrong"), Text("cần đúng", "right is expected")


def test_a_fault_is_one_line_in_the_users_language() -> None:
    fault = Fault("evidence.csv", 214, "numerator", WRONG, NEEDED)
    assert fault.line("vi") == "evidence.csv:214:numerator: sai; cần đúng"
    assert fault.line("en") == "evidence.csv:214:numerator: wrong; right is expected"


def test_a_warning_says_that_it_is_one() -> None:
    findings = Findings("f.yaml")
    findings.warn(1, 2, found=WRONG, expected=NEEDED)
    assert [fault.line("vi") for fault in findings.faults] == ["f.yaml:1:2: cảnh báo: sai; cần đúng"]
    assert [fault.line("en") for fault in findings.faults] == ["f.yaml:1:2: warning: wrong; right is expected"]
    findings.stop()  # warnings stop nothing


@pytest.mark.parametrize("junk", ["a\nb", "\x1b[31m", "a\rb", "\u2028", "\u202e", "\x00"])
def test_control_characters_of_the_input_do_not_reach_the_terminal(junk: str) -> None:
    line = Fault("f.yaml", 1, 1, Text(junk, junk), NEEDED).line("vi")
    assert line.isprintable()


def test_all_errors_are_raised_together_and_travel_between_processes() -> None:
    findings = Findings("f.yaml")
    findings.error(1, 1, found=WRONG, expected=NEEDED)
    findings.warn(2, 1, found=WRONG, expected=NEEDED)
    findings.error(3, 1, found=WRONG, expected=NEEDED)
    with pytest.raises(Faulty) as caught:
        findings.stop()
    assert [fault.row for fault in caught.value.faults] == [1, 3]
    assert str(caught.value).count("\n") == 1
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert copy.faults == caught.value.faults


def test_a_fault_s_file_and_column_do_nothing_to_a_terminal_either() -> None:
    fault = Fault("a\nb.csv", 1, "\x1b[2J", Text("x", "x"), Text("y", "y"))
    assert fault.line("vi").isprintable()


def test_the_system_s_reasons_are_told_in_both_languages() -> None:
    assert reason_of(FileNotFoundError(errno.ENOENT, "No such file or directory")).vi.startswith("không có tệp")
    assert reason_of(PermissionError(errno.EACCES, "Permission denied")).en == "permission denied"
    rare = reason_of(OSError(errno.EXDEV, "Invalid cross-device link"))
    assert rare == Text("Invalid cross-device link", "Invalid cross-device link")
    assert reason_of(TimeoutError()).vi == "TimeoutError"
