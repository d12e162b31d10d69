"""The virus scanner: a clean answer lets a file in; infection, silence and nonsense do not."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from certification.scanning import Infected, Unreachable, scan


def receive(connection: socket.socket) -> bytes:
    """What a client streams to clamd."""
    stream = connection.makefile("rb")
    assert stream.read(10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack("!L", stream.read(4))[0]:
        content += stream.read(size)
    stream.close()
    return content


@contextmanager
def daemon(answer: bytes, listener: socket.socket) -> Iterator[list[bytes]]:
    seen: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            seen.append(receive(connection))
            connection.sendall(answer)

    listener.listen(1)
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield seen
    finally:
        thread.join(timeout=10)
        listener.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "incoming"
    path.write_bytes(b"x" * 200_000)
    return path


def local(folder: Path) -> tuple[socket.socket, str]:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "clamd.ctl"))
    return listener, f"clamd:{folder / 'clamd.ctl'}"


def test_the_daemon_is_given_the_whole_file(tmp_path: Path, file: Path) -> None:
    listener, scanner = local(tmp_path)
    with daemon(b"stream: OK\0", listener) as seen:
        scan(scanner, file)
    assert seen == [file.read_bytes()]


def test_the_daemon_on_another_machine_is_asked_over_the_network(file: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with daemon(b"stream: OK\0", listener) as seen:
        scan(f"clamd:127.0.0.1:{listener.getsockname()[1]}", file)
    assert seen == [file.read_bytes()]


def test_what_the_daemon_finds_is_named(tmp_path: Path, file: Path) -> None:
    listener, scanner = local(tmp_path)
    with daemon(b"stream: Win.Test.EICAR_HDB-1 FOUND\0", listener), pytest.raises(Infected) as raised:
        scan(scanner, file)
    assert "Win.Test.EICAR_HDB-1" in raised.value.text.vi


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: what?\0"])
def test_a_daemon_that_does_not_say_clean_lets_nothing_in(tmp_path: Path, file: Path, answer: bytes) -> None:
    listener, scanner = local(tmp_path)
    with daemon(answer, listener), pytest.raises(Unreachable):
        scan(scanner, file)


def test_a_command_decides_by_its_exit_status(tmp_path: Path, file: Path) -> None:
    scan("sh -c 'exit 0'", file)
    with pytest.raises(Infected):
        scan("sh -c 'exit 1'", file)
    for broken in ("sh -c 'exit 2'", "/there/is/none", "sh -c 'unclosed"):
        with pytest.raises(Unreachable):
            scan(broken, file)
    printing = tmp_path / "scanner"
    printing.write_text('#!/bin/sh\necho "$2: Eicar FOUND"\necho summary\nexit 1\n')
    printing.chmod(0o755)
    with pytest.raises(Infected) as raised:
        scan(f"{printing} --quick", file)
    assert "(Eicar)" in raised.value.text.en


def test_a_scanner_that_hangs_is_given_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certification.scanning.PATIENCE", 0.2)
    with pytest.raises(Unreachable):
        scan("sh -c 'sleep 5'", file)
