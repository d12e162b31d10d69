"""Production: what an installation that strangers can reach must have set; every lack is told at once."""

import ipaddress
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from certification.home import KEY
from levels.faults import Text

KEY_LENGTH = 50
"""Characters of a secret key; Django's own check asks for as many."""
_KEY_VARIETY = 10
_KNOWN = ("django-insecure", "changeme", "change-me", "secret", "example", "default", "password")


def find_unsafe(environment: Mapping[str, str], home: Path, *, workers: int, demo: bool) -> tuple[Text, ...]:
    """Everything in the settings of ``environment`` with which ``certify serve --production`` must not start."""
    return (
        *_debug(environment, demo=demo),
        *_secret(environment, home),
        *_hosts(environment),
        *_proxy(environment),
        *_database(environment, workers),
        *_mail(environment),
        *_sign_on(environment),
    )


def _debug(environment: Mapping[str, str], *, demo: bool) -> Iterator[Text]:
    if environment.get("CERTIFY_DEBUG") == "1":
        yield Text(
            vi="CERTIFY_DEBUG=1: trang lỗi sẽ để lộ mã nguồn và cấu hình; hãy bỏ biến này",
            en="CERTIFY_DEBUG=1: pages of errors would show source and settings; unset it",
        )
    if demo:
        yield Text(
            vi="--demo: dữ liệu và tài khoản mẫu không thuộc về máy chủ thật; hãy bỏ --demo",
            en="--demo: sample data and accounts do not belong on a real server; leave it out",
        )


def _secret(environment: Mapping[str, str], home: Path) -> Iterator[Text]:
    key = environment.get("CERTIFY_SECRET_KEY", "")
    kept = home / KEY
    if not key:
        if kept.is_file() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
            yield Text(
                vi=f"{kept}: người khác trên máy đọc được khóa bí mật; hãy chạy chmod 600",
                en=f"{kept}: others on this machine can read the secret key; run chmod 600",
            )
        return
    if len(key) < KEY_LENGTH or len(set(key)) < _KEY_VARIETY or key.lower().startswith(_KNOWN):
        yield Text(
            vi=f"CERTIFY_SECRET_KEY: khóa quá ngắn, quá đơn giản hoặc là khóa mẫu; cần {KEY_LENGTH} ký tự ngẫu nhiên "
            "trở lên, hoặc bỏ trống để phần mềm tự tạo",
            en=f"CERTIFY_SECRET_KEY: too short, too simple or a sample key; {KEY_LENGTH} random characters or more are "
            "needed, or none: one is then made",
        )


def _hosts(environment: Mapping[str, str]) -> Iterator[Text]:
    hosts = [host.strip() for host in environment.get("CERTIFY_HOSTS", "").split(",") if host.strip()]
    if "*" in hosts:
        yield Text(
            vi="CERTIFY_HOSTS=*: nhận mọi tên máy; hãy ghi đúng tên miền",
            en="CERTIFY_HOSTS=*: takes any host name; state the real ones",
        )
    elif not [host for host in hosts if not _is_loopback(host)]:
        yield Text(
            vi="CERTIFY_HOSTS: chưa có tên miền mà người dùng truy cập, ví dụ chuyendoiso.tinh.gov.vn",
            en="CERTIFY_HOSTS: the name under which people reach it is missing, such as levels.province.gov.vn",
        )
    for origin in filter(None, environment.get("CERTIFY_ORIGINS", "").split(",")):
        if urlsplit(origin).scheme != "https":
            yield Text(
                vi=f"CERTIFY_ORIGINS: «{origin}» không bắt đầu bằng https://",
                en=f"CERTIFY_ORIGINS: «{origin}» does not begin with https://",
            )


def _proxy(environment: Mapping[str, str]) -> Iterator[Text]:
    if not environment.get("CERTIFY_PROXY_HEADER"):
        yield Text(
            vi="CERTIFY_PROXY_HEADER: chưa có; máy chủ HTTPS đứng trước phải gửi (và tự ghi đè) một tiêu đề, thường là "
            "X-Forwarded-Proto",
            en="CERTIFY_PROXY_HEADER: missing; the HTTPS proxy in front must set (and overwrite) a header, usually "
            "X-Forwarded-Proto",
        )
    if not environment.get("CERTIFY_PROXIES", "").isdecimal() or environment.get("CERTIFY_PROXIES") == "0":
        yield Text(
            vi="CERTIFY_PROXIES: chưa có số máy chủ đứng trước (thường là 1); thiếu nó thì giới hạn đăng nhập coi mọi "
            "người là một",
            en="CERTIFY_PROXIES: the number of proxies in front (usually 1) is missing; without it the throttling of "
            "logins takes everybody for one",
        )


def _database(environment: Mapping[str, str], workers: int) -> Iterator[Text]:
    url = environment.get("DATABASE_URL", "")
    if workers > 1 and (not url or url.startswith("sqlite")):
        yield Text(
            vi=f"SQLite với {workers} tiến trình: hãy đặt DATABASE_URL=postgres://…, hoặc --workers 1",
            en=f"SQLite with {workers} processes: set DATABASE_URL=postgres://…, or --workers 1",
        )


def _mail(environment: Mapping[str, str]) -> Iterator[Text]:
    url = environment.get("CERTIFY_EMAIL_URL", "")
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme == "console":
        yield Text(
            vi="CERTIFY_EMAIL_URL=console: đường dẫn đặt mật khẩu sẽ nằm trong nhật ký máy chủ; cần smtp:// hoặc bỏ",
            en="CERTIFY_EMAIL_URL=console: links for passwords would stand in the server's log; smtp://, or none",
        )
    elif "tls=off" in parts.query and not _is_loopback(parts.hostname or ""):
        yield Text(
            vi=f"CERTIFY_EMAIL_URL: thư đến {parts.hostname} không được mã hóa; hãy bỏ tls=off",
            en=f"CERTIFY_EMAIL_URL: mail to {parts.hostname} is not encrypted; leave tls=off out",
        )
    if "@" not in environment.get("CERTIFY_EMAIL_FROM", ""):
        yield Text(
            vi="CERTIFY_EMAIL_FROM: chưa có địa chỉ người gửi", en="CERTIFY_EMAIL_FROM: the sender's address is missing"
        )


def _sign_on(environment: Mapping[str, str]) -> Iterator[Text]:
    issuer = environment.get("CERTIFY_OIDC_ISSUER", "")
    if issuer and urlsplit(issuer).scheme != "https":
        yield Text(
            vi=f"CERTIFY_OIDC_ISSUER: «{issuer}» không phải https://",
            en=f"CERTIFY_OIDC_ISSUER: «{issuer}» is not https://",
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
