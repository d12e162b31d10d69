"""Single sign-on with an identity provider that stands on this machine for the test."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client, override_settings

from certification.single_sign_on import Incomplete, provider_id, read_providers
from certification.store.accounts import Person, invite_administrator
from certification.store.links import Link
from certification.store.models import Account, AuditEntry

GOOD = "trời hôm nay mưa to quá"


class Provider(ThreadingHTTPServer):
    """As much of OpenID Connect as a login takes; ``subject`` is who has just proved himself to it."""

    subject = "can-bo-17"

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        issuer = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            names = ("authorization", "token", "userinfo")
            self.answer(
                {f"{name}_endpoint": f"{issuer}/{name}" for name in names}
                | {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
            )
        elif self.path == "/userinfo":
            self.answer({"sub": self.server.subject, "email": "a.quan@tinh.gov.vn", "email_verified": True})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        claims = {
            "iss": self.server.issuer,
            "aud": "certify",
            "sub": self.server.subject,
            "exp": 4_000_000_000,
            "iat": 0,
        }
        self.answer(
            {
                "access_token": "x",
                "token_type": "Bearer",
                "id_token": jwt.encode(claims, "k" * 32, headers={"kid": "1"}),
            }
        )

    def answer(self, what: dict[str, object]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        environment = {
            "CERTIFY_OIDC_ISSUER": server.issuer,
            "CERTIFY_OIDC_CLIENT_ID": "certify",
            "CERTIFY_OIDC_CLIENT_SECRET": "s3cret",
            "CERTIFY_OIDC_NAME": "Cổng của tỉnh",
        }
        with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": read_providers(environment)}}):
            yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def link(db: None) -> Link:
    return invite_administrator(Person("a.quan", "Nguyễn Thị Quản", "a.quan@tinh.gov.vn"))


def come_back(client: Client, away: str, provider: Provider) -> object:
    """The way through the provider: it sends the browser back with a code."""
    parts = urlsplit(away)
    assert f"{parts.scheme}://{parts.netloc}" == provider.issuer
    asked = parse_qs(parts.query)
    assert asked["code_challenge_method"] == ["S256"]
    name = provider_id(provider.issuer)
    return client.get(f"/account/oidc/{name}/login/callback/", {"code": "c", "state": asked["state"][0]}, follow=True)


def test_an_identity_that_nobody_linked_opens_nothing_even_with_a_known_address(
    client: Client, link: Link, provider: Provider
) -> None:
    assert "Đăng nhập bằng Cổng của tỉnh" in client.get("/account/login/").text
    away = client.post(f"/account/oidc/{provider_id(provider.issuer)}/login/")
    page = come_back(client, away.url, provider)
    assert "chưa liên kết" in page.text
    assert "_auth_user_id" not in client.session
    assert Account.objects.count() == 1


def test_an_invitation_is_accepted_by_sign_on_and_the_identity_opens_the_account_from_then_on(
    client: Client, link: Link, provider: Provider
) -> None:
    name = provider_id(provider.issuer)
    away = client.post(f"/invitation/{link.token}/sign-on/", {"provider": name})
    come_back(client, away.url, provider)
    assert client.session["_auth_user_id"] == str(link.account.pk)
    assert AuditEntry.objects.filter(action="link_identity", account=str(link.account.pk)).exists()
    assert client.get(f"/invitation/{link.token}/").status_code == 410

    again = Client()
    come_back(again, again.post(f"/account/oidc/{name}/login/").url, provider)
    assert again.session["_auth_user_id"] == str(link.account.pk)

    provider.subject = "nguoi-khac"
    stranger = Client()
    come_back(stranger, stranger.post(f"/account/oidc/{name}/login/").url, provider)
    assert "_auth_user_id" not in stranger.session


def test_the_holder_of_an_account_links_and_unlinks_it(client: Client, link: Link, provider: Provider) -> None:
    link.account.set_password(GOOD)
    link.account.save()
    client.post("/account/login/", {"login": "a.quan", "password": GOOD})
    client.post("/account/reauthenticate/", {"password": GOOD})
    name = provider_id(provider.issuer)
    away = client.post(f"/account/oidc/{name}/login/?process=connect")
    page = come_back(client, away.url, provider)
    assert "Đã liên kết" in page.text
    linked = link.account.socialaccount_set.get()
    assert client.post("/account/sign-on/", {"account": linked.pk}).status_code == 303
    assert not link.account.socialaccount_set.exists()
    assert AuditEntry.objects.filter(action="unlink_identity").exists()


def test_a_provider_that_is_named_in_part_is_refused() -> None:
    with pytest.raises(Incomplete, match="CERTIFY_OIDC_CLIENT_SECRET"):
        read_providers({"CERTIFY_OIDC_ISSUER": "https://id.tinh.gov.vn", "CERTIFY_OIDC_CLIENT_ID": "x"})
    assert read_providers({}) == []
