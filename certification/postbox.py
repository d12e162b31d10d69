"""The postbox: through which server mail goes out, as Django's settings name it."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_BACKENDS = "django.core.mail.backends"
_PORTS = {"smtp": 587, "smtps": 465}


class UnknownPostbox(ValueError):
    """A ``CERTIFY_EMAIL_URL`` that names no way to send mail."""


def read_postbox(url: str, sender: str) -> dict[str, Any]:
    """Django's settings for mail; empty: no mail is sent, and pages that would need it say so.

    ``smtp://user:password@host:587`` (STARTTLS; ``?tls=off`` for a server on this machine), ``smtps://host`` (TLS from
    the start), ``console:`` (prints every mail, for trying out). Raises ``UnknownPostbox``.
    """
    common = {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, "EMAIL_TIMEOUT": 20}
    if not url:
        return common | {"EMAIL_BACKEND": f"{_BACKENDS}.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme == "console":
        return common | {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UnknownPostbox(
            f"CERTIFY_EMAIL_URL: «{parts.scheme}:…» names no mail server; expected smtp://USER:PASSWORD@HOST:587, "
            "smtps://USER:PASSWORD@HOST or console:"
        )
    plain = dict(parse_qsl(parts.query)).get("tls") == "off"
    return common | {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not plain,
    }
