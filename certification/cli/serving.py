"""``certify serve``: the web application on this machine, from nothing to the first page; a rescue for accounts."""

import errno
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import refuse, refusing
from certification.cli.options import describe
from certification.cli.speech import say, tell
from certification.home import find_home, make_home
from levels.faults import reason_of

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.store.demonstration.loading import Entrance
    from certification.store.links import Link

account_app = typer.Typer(
    help=describe(
        "Tài khoản, từ chính máy chủ: mời quản trị hệ thống khi không còn ai đăng nhập được.",
        "Accounts, from the server itself: invite an administrator when nobody can log in.",
        "certify account invite-admin nguyen.van.a --name «Nguyễn Văn A»",
    ),
    no_args_is_help=True,
)
app.add_typer(account_app, name="account")

_BACKLOG = 512


@app.command(
    "serve",
    help=describe(
        "Mở ứng dụng web; lần đầu tự tạo thư mục dữ liệu, khóa, cơ sở dữ liệu và lời mời cho quản trị hệ thống.",
        "Open the web application; the first time it makes its folder, key, database and an invitation.",
        "certify serve --demo",
    ),
)
def serve(
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help=say(
                "Nạp tỉnh mẫu, mỗi vai trò một tài khoản; mật khẩu chỉ in ra một lần.",
                "Load the sample province, with one account per role; the passwords are printed once.",
            ),
        ),
    ] = False,
    production: Annotated[
        bool,
        typer.Option(
            "--production",
            help=say(
                "Máy chủ thật sau HTTPS: từ chối mọi cấu hình không an toàn.",
                "A real server behind HTTPS: refuses every unsafe setting.",
            ),
        ),
    ] = False,
    host: Annotated[
        str, typer.Option("--host", help=say("Địa chỉ lắng nghe.", "The address to listen on."))
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help=say("Cổng; 0: cổng trống bất kỳ.", "The port; 0: any."))
    ] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help=say("Số tiến trình.", "How many processes."))
    ] = 2,
    threads: Annotated[
        int, typer.Option("--threads", min=1, max=64, help=say("Số luồng mỗi tiến trình.", "Threads of each process."))
    ] = 4,
) -> None:
    """Prepare the installation, print where it is, and become the web server."""
    home = find_home(os.environ)
    os.environ["CERTIFY_HOME"] = str(home)  # whatever folder the workers are started from
    if production:
        _refuse_unsafe(home, workers=workers, demo=demo)
        os.environ["CERTIFY_PRODUCTION"] = "1"
    with refusing():
        listener = _listen(host, port)
        address = _address(host, listener)
        _allow(host)
        os.environ["CERTIFY_SERVED"] = "1"
        entrances, link = _prepare(home, demo=demo)
        _announce(address, entrances, link, production=production)
        _become_server(listener, workers, threads)


@account_app.command(
    "invite-admin",
    help=describe(
        "Tạo một quản trị hệ thống mới và in đường dẫn đặt mật khẩu dùng một lần; việc này được ghi vào nhật ký.",
        "Make another administrator and print the one-time link for the password; the log tells of it.",
        "certify account invite-admin nguyen.van.a --name «Nguyễn Văn A»",
    ),
)
def invite_admin(
    username: Annotated[str, typer.Argument(metavar="USERNAME", help=say("Tên đăng nhập mới.", "The new user name."))],
    name: Annotated[str, typer.Option("--name", help=say("Họ và tên.", "The person's name."))],
    address: Annotated[
        str, typer.Option("--address", help=say("Địa chỉ của ứng dụng.", "Where the application is."))
    ] = "http://127.0.0.1:8000",
) -> None:
    """Print the link; exit 2 where the name is taken or malformed."""
    from certification.store.opening import Unopened, open_store

    with refusing():
        try:
            open_store()
        except Unopened as error:
            raise refuse(tell(error.text)) from error
        from certification.store.accounts import Person, invite_administrator
        from certification.store.unfit import Unfit

        try:
            link = invite_administrator(Person(username, name))
        except Unfit as error:
            raise refuse(tell(error.text)) from error
    print(_link_address(address, link))


def _refuse_unsafe(home: Path, *, workers: int, demo: bool) -> None:
    from certification.production import find_unsafe

    unsafe = find_unsafe(os.environ, home, workers=workers, demo=demo)
    if unsafe:
        head = say("Chưa đủ an toàn để mở cho người dùng:", "Not safe enough to be opened to people:")
        raise refuse("\n".join([head, *(f"- {tell(text)}" for text in unsafe)]))


def _listen(host: str, port: int) -> socket.socket:
    """The socket, taken before anything slow is done: a port that is taken is told at once."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(_BACKLOG)
    except OSError as error:
        if isinstance(error, socket.gaierror):
            why = say("không có địa chỉ này", "there is no such address")
        elif error.errno == errno.EADDRINUSE:
            why = say(
                f"cổng {port} đang có chương trình khác dùng; hãy chọn cổng khác bằng --port",
                f"another program uses port {port}; choose another one with --port",
            )
        else:
            why = tell(reason_of(error))
        raise refuse(f"{host}:{port}: {why}") from error
    return listener


def _address(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - shown
    return f"http://{shown}:{port}"


def _allow(host: str) -> None:
    """Let the name that it listens on be asked for, where no names are stated."""
    if not os.environ.get("CERTIFY_HOSTS") and host not in ("0.0.0.0", "::"):  # noqa: S104 - every address is no name
        shown = f"[{host}]" if ":" in host else host
        os.environ["CERTIFY_HOSTS"] = ",".join(dict.fromkeys([shown, "localhost", "127.0.0.1", "[::1]"]))


def _prepare(home: Path, *, demo: bool) -> "tuple[tuple[Entrance, ...], Link | None]":
    from certification.store.opening import Unopened, set_up

    try:
        make_home(home)
    except OSError as error:
        raise refuse(f"{home}: {tell(reason_of(error))}") from error
    try:
        set_up()
        from certification.store import installation

        with installation.reached():
            with _step(say("Cơ sở dữ liệu", "Database")):
                installation.bring_up_to_date()
                installation.forget_sessions()
            with _step(say("Giao diện", "Pages")):
                installation.collect_static()
            with _step(say("Bộ tiêu chí", "Rulebooks")):
                installation.keep_rulebooks()
            entrances = _load_demonstration() if demo else ()
            link = None if entrances else installation.first_link()
            installation.close()
    except Unopened as error:
        raise refuse(tell(error.text)) from error
    return entrances, link


def _load_demonstration() -> "tuple[Entrance, ...]":
    from certification.store import installation
    from certification.store.demonstration.loading import load_demonstration

    if not installation.is_empty():
        print(
            say(
                "Đã có tài khoản và dữ liệu ở đây: tỉnh mẫu không được nạp lại, mật khẩu không in lại.",
                "There are accounts and data already: the sample is not loaded again, no passwords are printed.",
            ),
            flush=True,
        )
        return ()
    return load_demonstration(_step)


@contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"  {name} …", end="", flush=True)
    began = time.monotonic()
    yield
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def _announce(address: str, entrances: "tuple[Entrance, ...]", link: "Link | None", *, production: bool) -> None:
    if entrances:
        print(
            say("\nTài khoản của tỉnh mẫu (mật khẩu chỉ in lần này):", "\nThe sample's accounts (printed this once):")
        )
        wide = max(len(each.username) for each in entrances)
        for each in entrances:
            print(f"  {each.username:<{wide}}  {each.password}  {tell(each.told)}")
    if link is not None:
        print(say("\nLời mời cho quản trị hệ thống (dùng một lần):", "\nThe administrator's invitation (works once):"))
        print(f"  {_link_address(_public_address() if production else address, link)}")
    print(say(f"\nMở {address}  (Ctrl-C để dừng)", f"\nOpen {address}  (Ctrl-C ends it)"), flush=True)


def _public_address() -> str:
    hosts = [host for host in os.environ["CERTIFY_HOSTS"].split(",") if host]
    return f"https://{hosts[0].removeprefix('.')}"


def _link_address(address: str, link: "Link") -> str:
    return f"{address.rstrip('/')}/invitation/{link.token}/"


def _become_server(listener: socket.socket, workers: int, threads: int) -> None:
    """Turn this process into gunicorn, on the socket that is open already.

    Nothing that was computed here lives on in the workers: each builds its own rule engine, as it must.
    """
    listener.set_inheritable(True)
    sys.stdout.flush()
    sys.stderr.flush()
    arguments = [
        *(sys.executable, "-m", "gunicorn", "certification.web.wsgi:application"),
        *("--bind", f"fd://{listener.fileno()}"),
        *("--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads)),
        *("--timeout", "120", "--graceful-timeout", "20", "--keep-alive", "5"),
        *("--config", "python:certification.web.processes", "--log-level", "warning"),
    ]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter, our own arguments
