"""Single sign-on: the province's own identity provider (OpenID Connect), as allauth's settings name it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

NEEDED = ("CERTIFY_OIDC_ISSUER", "CERTIFY_OIDC_CLIENT_ID", "CERTIFY_OIDC_CLIENT_SECRET")


class Incomplete(ValueError):
    """An identity provider that is named in part only."""


def read_providers(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """The providers of the environment: none or one.

    ``CERTIFY_OIDC_ISSUER`` (its address without ``/.well-known/…``), ``CERTIFY_OIDC_CLIENT_ID``,
    ``CERTIFY_OIDC_CLIENT_SECRET`` and optionally ``CERTIFY_OIDC_NAME``, its name on the button. Raises ``Incomplete``.
    """
    given = [name for name in NEEDED if environment.get(name)]
    if not given:
        return []
    if missing := [name for name in NEEDED if name not in given]:
        raise Incomplete(f"{', '.join(given)} without {', '.join(missing)}: all three are needed for single sign-on")
    issuer, client, secret = (environment[name] for name in NEEDED)
    if urlsplit(issuer).scheme not in ("https", "http") or not urlsplit(issuer).hostname:
        raise Incomplete(f"CERTIFY_OIDC_ISSUER: «{issuer}» is no address; expected https://HOST/…")
    return [
        {
            "provider_id": provider_id(issuer),
            "name": environment.get("CERTIFY_OIDC_NAME") or urlsplit(issuer).hostname,
            "client_id": client,
            "secret": secret,
            "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
        }
    ]


def provider_id(issuer: str) -> str:
    """How the addresses and the store name the provider: ``/oidc/ID/login/callback/`` is to be registered with it.

    Made of its whole address: an identity of one provider must never pass for the same identity of another.
    """
    parts = urlsplit(issuer)
    return re.sub(r"[^a-z0-9]+", "-", f"{parts.netloc}{parts.path}".lower()).strip("-")


def origins_of(providers: list[dict[str, Any]], further: str = "") -> list[str]:
    """Where a form may lead to for signing in: the providers' origins, and ``further`` ones, separated by commas."""
    addresses = [urlsplit(provider["settings"]["server_url"]) for provider in providers]
    return [f"{each.scheme}://{each.netloc}" for each in addresses] + [each for each in further.split(",") if each]
