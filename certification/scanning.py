"""Scanning: what a virus scanner says of a file before it is taken; one that cannot be asked has said no.

``CERTIFY_SCANNER`` names it: ``clamd:/run/clamav/clamd.ctl`` or ``clamd:HOST:PORT`` speak with the daemon of ClamAV;
anything else is a command, called with the file as its last argument (``clamdscan --fdpass --no-summary``): 0 is
clean, 1 is infected, any other exit status a failure.
"""

import shlex
import socket
import struct
import subprocess
from pathlib import Path

from levels.faults import Text

PATIENCE = 60
"""Seconds until a scanner that says nothing counts as unreachable."""

_CHUNK = 2**16
_LONGEST_ANSWER = 4096


class Infected(Exception):
    """The scanner has found something; ``name`` is what it calls it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.text = Text(
            vi=f"phần mềm diệt vi-rút từ chối tệp này ({name})", en=f"the virus scanner refuses this file ({name})"
        )


class Unreachable(Exception):
    """The scanner could not be asked, so nothing is taken."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.text = Text(
            vi="chưa kiểm tra được vi-rút nên tệp chưa được nhận; hãy thử lại sau hoặc báo quản trị hệ thống",
            en="the virus scanner cannot be reached, so the file was not taken; try again later",
        )


def scan(scanner: str, path: Path) -> None:
    """Have ``scanner`` look at the file at ``path``; returns where it is clean.

    Raises ``Infected`` and ``Unreachable``.
    """
    if scanner.startswith("clamd:"):
        _ask_daemon(scanner.removeprefix("clamd:"), path)
    else:
        _call(scanner, path)


def _call(command: str, path: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command; the file's place is ours
            [*shlex.split(command), str(path)],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Unreachable(str(error)) from error
    if done.returncode == 1:
        raise Infected(_name_of(done.stdout.decode("utf-8", "replace"), path))
    if done.returncode != 0:
        raise Unreachable(f"exit status {done.returncode}: {done.stderr[:200]!r}")


def _ask_daemon(address: str, path: Path) -> None:
    """Stream the file to clamd (INSTREAM), so that the daemon needs no right to read it."""
    try:
        with _connect(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            with path.open("rb") as stream:
                while piece := stream.read(_CHUNK):
                    connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
            answer = b""
            while len(answer) < _LONGEST_ANSWER and not answer.endswith(b"\0"):
                received = connection.recv(_LONGEST_ANSWER)
                if not received:
                    break
                answer += received
    except (OSError, ValueError) as error:
        raise Unreachable(str(error)) from error
    said = answer.rstrip(b"\0").decode("utf-8", "replace").strip()
    if said.endswith("FOUND"):
        raise Infected(said.removeprefix("stream:").removesuffix("FOUND").strip())
    if not said.endswith("OK"):
        raise Unreachable(said[:200] or "no answer")


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def _name_of(output: str, path: Path) -> str:
    """The name that ClamAV's programs print: ``/path: Eicar-Test-Signature FOUND``."""
    for line in output.splitlines():
        if line.rstrip().endswith("FOUND"):
            return line.removeprefix(f"{path}:").rstrip().removesuffix("FOUND").strip()[:80]
    return "?"
