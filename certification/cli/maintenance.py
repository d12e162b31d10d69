"""``certify backup``, ``restore`` and ``audit …``: that nothing is lost, and that nothing was changed unseen."""

import contextlib
import datetime
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import refuse, refusing
from certification.cli.options import Plain, ReplaceOption, describe, print_json
from certification.cli.speech import say, tell

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.store.archives import Archive, Unusable

audit_app = typer.Typer(
    help=describe(
        "Nhật ký thay đổi: kiểm tra, lưu mốc, xuất.",
        "The log of changes: verify, keep, export.",
        "certify audit verify",
    ),
    no_args_is_help=True,
)
app.add_typer(audit_app, name="audit")

HeadOption = Annotated[
    list[str] | None,
    typer.Option(
        "--head",
        metavar="HASH",
        help=say(
            "Mã băm đã lưu bên ngoài («certify audit checkpoint»); nêu được nhiều lần.",
            "A hash kept outside («certify audit checkpoint»); may be given several times.",
        ),
    ),
]


@contextlib.contextmanager
def _store() -> Iterator[None]:
    """The store opened for the block; what prevents that is told in plain words."""
    from certification.store.opening import Unopened, open_store

    with refusing():
        try:
            open_store()
        except Unopened as error:
            raise refuse(tell(error.text)) from error
        yield


@audit_app.command(
    "verify",
    help=describe(
        "Kiểm tra toàn bộ chuỗi băm của nhật ký và các chốt bảo vệ của cơ sở dữ liệu.",
        "Verify the whole chain of the log's hashes, and that the guards of the database stand.",
        "certify audit verify --head sha256:…",
    ),
)
def verify_log(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help=say("Tệp nhật ký đã xuất, thay cho cơ sở dữ liệu.", "An exported log instead of the database."),
        ),
    ] = None,
    head: HeadOption = None,
    shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT,
) -> None:
    """Tell every flaw; exit 1 where there is one."""
    kept = set(head or ())
    if file is None:
        sequence, mark, flaws, missing = _verify_stored(kept)
    else:
        sequence, mark, flaws = _verify_file(file, kept)
        missing = []
    broken = bool(flaws or missing)
    if shape is Plain.JSON:
        plain = [{"entry": number, "vi": vi, "en": en} for number, vi, en in flaws]
        print_json({"entries": sequence, "head": mark, "flaws": plain, "missing_guards": missing, "whole": not broken})
    else:
        for _, vi, en in flaws:
            print(say(vi, en))
        for name in missing:
            print(say(f"thiếu chốt bảo vệ của cơ sở dữ liệu: {name}", f"a guard of the database is missing: {name}"))
        if not broken:
            print(
                say(
                    f"Nhật ký nguyên vẹn: {sequence} mục, kết thúc ở {mark}.",
                    f"The log is whole: {sequence} entries, ending at {mark}.",
                )
            )
    if broken:
        raise typer.Exit(1)


_Told = list[tuple[int, str, str]]


def _verify_stored(kept: set[str]) -> tuple[int, str, _Told, list[str]]:
    with _store():
        from certification.store import audit, guards

        flaws = [(flaw.sequence, flaw.text.vi, flaw.text.en) for flaw in audit.verify(kept)]
        end = audit.read_head()
        return end.sequence, end.hash, flaws, guards.find_missing()


def _verify_file(file: Path, kept: set[str]) -> tuple[int, str, _Told]:
    from certification.ledger import START, Entry, from_line, verify_chain

    last: list[Entry] = []

    def entries() -> Iterator[Entry]:
        with file.open(encoding="utf-8") as lines:
            for row, line in enumerate(lines, start=1):
                try:
                    entry = from_line(line)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    found = say("không phải một mục nhật ký", "this is no entry of a log")
                    expected = say(
                        "cần tệp do «certify audit export» tạo ra", "a file of «certify audit export» is expected"
                    )
                    raise refuse(f"{file}:{row}:1: {found}; {expected}") from error
                last[:] = [entry]
                yield entry

    with refusing():
        flaws = [(flaw.sequence, flaw.text.vi, flaw.text.en) for flaw in verify_chain(entries(), None, kept)]
    return (last[0].sequence, last[0].hash, flaws) if last else (0, START.hash, flaws)


@audit_app.command(
    "checkpoint",
    help=describe(
        "In mã băm cuối nhật ký để lưu ở nơi khác: sau này chứng minh được không mục nào trước đó bị sửa hay xóa.",
        "Print the hash of the log's end, to be kept elsewhere: it proves that no entry before was changed or cut.",
        "certify audit checkpoint",
    ),
)
def print_checkpoint(shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT) -> None:
    """Print the head of a log that is whole; exit 1 where it is not."""
    with _store():
        from certification.ledger import write_instant
        from certification.store import audit

        flaws = [flaw.text for flaw in audit.verify()]
        for text in flaws:
            print(tell(text), file=sys.stderr)
        if flaws:
            raise typer.Exit(1)
        head, now = audit.read_head(), write_instant(datetime.datetime.now(datetime.UTC))
    if shape is Plain.JSON:
        print_json({"sequence": head.sequence, "head": head.hash, "at": now})
    else:
        print(f"{head.hash}  {head.sequence}  {now}")


@audit_app.command(
    "export",
    help=describe(
        "Xuất nhật ký ra tệp JSON lines (mỗi dòng một mục), kiểm tra được ở nơi khác.",
        "Export the log as JSON lines (one entry each), which can be verified elsewhere.",
        "certify audit export nhat-ky.jsonl",
    ),
)
def export_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("Tệp nhận nhật ký.", "The file for the log."))],
    replace: ReplaceOption = False,
) -> None:
    """Write every entry in its sequence."""
    from certification.cli.outputs import Outputs

    with _store():
        from certification.ledger import as_line
        from certification.store import audit
        from evidence.files import replace_file

        Outputs(named={"log": str(file)}, read=(), replace=replace).check()
        count = 0
        with replace_file(file) as stream:
            for entry in audit.read_entries(audit.read_head().sequence):
                stream.write(f"{as_line(entry)}\n".encode())
                count += 1
    print(say(f"{file}: {count} mục", f"{file}: {count} entries"))


@app.command(
    "backup",
    help=describe(
        "Sao lưu khi mọi người vẫn đang làm việc: cơ sở dữ liệu, tài liệu, cấu hình (không kèm mật khẩu, khóa).",
        "Back up while everybody goes on working: the database, the proofs, the settings (no passwords, no keys).",
        "certify backup sao-luu.zip",
    ),
)
def back_up_all(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("Tệp sao lưu.", "The file of the backup."))],
    replace: ReplaceOption = False,
) -> None:
    """Write one archive; exit 1 where it is made but something in it needs looking at."""
    from certification.cli.outputs import Outputs

    with _store(), _usable():
        from certification.store.backup import back_up

        Outputs(named={"backup": str(file)}, read=(), replace=replace).check()
        made = back_up(file)
    vendor, end = made.manifest.vendor, made.manifest.head
    print(
        say(
            f"{file}: cơ sở dữ liệu {vendor}, {made.documents} tài liệu, nhật ký đến mục {end.sequence} ({end.hash})",
            f"{file}: database {vendor}, {made.documents} documents, the log up to entry {end.sequence} ({end.hash})",
        )
    )
    for doubt in made.doubts:
        print(tell(doubt), file=sys.stderr)
    if made.doubts:
        raise typer.Exit(1)


@app.command(
    "restore",
    help=describe(
        "Khôi phục từ bản sao lưu, sau khi kiểm tra mọi mã băm và chuỗi nhật ký; chỉ thay dữ liệu cũ khi có --replace.",
        "Restore a backup after its hashes and its log were verified; data that are there give way only to --replace.",
        "certify restore sao-luu.zip --into /srv/certify",
    ),
)
def restore_all(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("Tệp sao lưu.", "The file of the backup."))],
    into: Annotated[
        str | None,
        typer.Option(
            "--into",
            metavar="DIR|URL",
            help=say(
                "Thư mục dữ liệu (CERTIFY_HOME) hoặc DATABASE_URL; bỏ trống: nơi đang cấu hình.",
                "The folder of the data (CERTIFY_HOME) or a DATABASE_URL; left out: where it is configured.",
            ),
        ),
    ] = None,
    replace: ReplaceOption = False,
    check: Annotated[
        bool, typer.Option("--check", help=say("Chỉ kiểm tra, không khôi phục.", "Only verify, restore nothing."))
    ] = False,
    accept_broken_log: Annotated[
        bool,
        typer.Option(
            "--accept-broken-log",
            help=say(
                "Vẫn khôi phục dù nhật ký trong bản sao lưu không nguyên vẹn.",
                "Restore although the log in the backup is not whole.",
            ),
        ),
    ] = False,
) -> None:
    """Judge the archive, then restore it; exit 1 where it does not verify, 2 where it cannot be restored."""
    if into is not None and "://" in into:
        os.environ["DATABASE_URL"] = into
    elif into is not None:
        os.environ["CERTIFY_HOME"], os.environ["DATABASE_URL"] = into, ""
    from certification.store.opening import Unopened, set_up

    with refusing(), _usable():
        try:
            set_up()
        except Unopened as error:
            raise refuse(tell(error.text)) from error
        from certification.store.archives import read_archive

        archive = read_archive(file)
        with archive.zip:
            _judge(file, archive, accept_broken_log=accept_broken_log)
            if check:
                return
            from certification.store.restoring import restore

            done = restore(archive, replace=replace, accept_broken_log=accept_broken_log)
    print(
        say(
            f"Đã khôi phục vào {done.where}: {done.documents} tài liệu.",
            f"Restored into {done.where}: {done.documents} documents.",
        )
    )
    if done.kept:
        print(say(f"Dữ liệu cũ được giữ tại {done.kept}.", f"The old data are kept as {done.kept}."))


def _judge(file: Path, archive: "Archive", *, accept_broken_log: bool) -> None:
    from certification.store.restoring import judge

    flaws, log = judge(archive)
    for text in (*flaws, *log):
        print(f"{file}: {tell(text)}", file=sys.stderr)
    if flaws or (log and not accept_broken_log):
        nothing = say(
            "Bản sao lưu không nguyên vẹn, không khôi phục gì.", "The backup is not whole, nothing is restored."
        )
        raise refuse(nothing, 1)
    count, end = len(archive.manifest.files), archive.manifest.head
    print(
        say(
            f"{file}: {count} tệp đúng mã băm, nhật ký {end.sequence} mục, kết thúc ở {end.hash}",
            f"{file}: {count} files as hashed, {end.sequence} entries of the log up to {end.hash}",
        )
    )


@contextlib.contextmanager
def _usable() -> Iterator[None]:
    from certification.store.archives import Unusable

    try:
        yield
    except Unusable as error:
        raise refuse(_lines(error)) from error


def _lines(error: "Unusable") -> str:
    return "\n".join(tell(text) for text in error.texts)
