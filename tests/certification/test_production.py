"""What ``certify serve --production`` refuses: every unsafe setting, all of them at once."""

from pathlib import Path

import pytest

from certification.home import find_home, make_home, read_key
from certification.postbox import UnknownPostbox, read_postbox
from certification.production import find_unsafe
from certification.single_sign_on import origins_of, provider_id, read_providers

SAFE = {
    "CERTIFY_SECRET_KEY": "Zq7-vT3kLm9_xWp2Rs8yBn4Gd6Hf1Jc5Ka0Eo-Iu_Tt7Mn2Vb8Xc",
    "CERTIFY_HOSTS": "chuyendoiso.tinh.gov.vn",
    "CERTIFY_PROXY_HEADER": "X-Forwarded-Proto",
    "CERTIFY_PROXIES": "1",
    "DATABASE_URL": "postgres://certify@/certify?host=/run/postgresql",
}


def unsafe(tmp_path: Path, workers: int = 2, demo: bool = False, **changed: str) -> list[str]:
    environment = {name: value for name, value in (SAFE | changed).items() if value}
    return [text.en for text in find_unsafe(environment, tmp_path, workers=workers, demo=demo)]


def test_a_complete_configuration_is_accepted(tmp_path: Path) -> None:
    assert unsafe(tmp_path) == []
    mailing = {"CERTIFY_EMAIL_URL": "smtp://u:p@mail.tinh.gov.vn", "CERTIFY_EMAIL_FROM": "cds@tinh.gov.vn"}
    assert unsafe(tmp_path, **mailing) == []
    assert unsafe(tmp_path, 1, DATABASE_URL="") == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"CERTIFY_DEBUG": "1"}, "CERTIFY_DEBUG"),
        ({"CERTIFY_SECRET_KEY": "ngan"}, "CERTIFY_SECRET_KEY"),
        ({"CERTIFY_SECRET_KEY": "django-insecure-Zq7-vT3kLm9_xWp2Rs8yBn4Gd6Hf1Jc5Ka0Eo"}, "CERTIFY_SECRET_KEY"),
        ({"CERTIFY_SECRET_KEY": "ab" * 40}, "CERTIFY_SECRET_KEY"),
        ({"CERTIFY_HOSTS": ""}, "CERTIFY_HOSTS"),
        ({"CERTIFY_HOSTS": "localhost,127.0.0.1"}, "CERTIFY_HOSTS"),
        ({"CERTIFY_HOSTS": "*"}, "CERTIFY_HOSTS"),
        ({"CERTIFY_ORIGINS": "http://tinh.gov.vn"}, "CERTIFY_ORIGINS"),
        ({"CERTIFY_PROXY_HEADER": ""}, "CERTIFY_PROXY_HEADER"),
        ({"CERTIFY_PROXIES": ""}, "CERTIFY_PROXIES"),
        ({"CERTIFY_PROXIES": "0"}, "CERTIFY_PROXIES"),
        ({"DATABASE_URL": ""}, "SQLite"),
        ({"CERTIFY_EMAIL_URL": "console:", "CERTIFY_EMAIL_FROM": "a@b.vn"}, "CERTIFY_EMAIL_URL=console"),
        ({"CERTIFY_EMAIL_URL": "smtp://mail.vn?tls=off", "CERTIFY_EMAIL_FROM": "a@b.vn"}, "not encrypted"),
        ({"CERTIFY_EMAIL_URL": "smtp://mail.vn"}, "CERTIFY_EMAIL_FROM"),
        ({"CERTIFY_OIDC_ISSUER": "http://id.vn"}, "CERTIFY_OIDC_ISSUER"),
    ],
)
def test_each_unsafe_setting_is_named(tmp_path: Path, changed: dict[str, str], told: str) -> None:
    (only,) = unsafe(tmp_path, **changed)
    assert told in only


def test_all_lacks_are_told_at_once(tmp_path: Path) -> None:
    told = find_unsafe({"CERTIFY_DEBUG": "1"}, tmp_path, workers=2, demo=True)
    assert len(told) == 6
    assert all(text.vi != text.en for text in told)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make_home(tmp_path)
    assert unsafe(tmp_path, CERTIFY_SECRET_KEY="") == []
    (tmp_path / "secret-key").chmod(0o644)
    (only,) = unsafe(tmp_path, CERTIFY_SECRET_KEY="")
    assert "chmod 600" in only


def test_the_key_of_an_installation_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    home = find_home({"CERTIFY_HOME": str(tmp_path / "neu")})
    make_home(home)
    key = read_key({}, home)
    assert len(key) > 60
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    make_home(home)
    assert read_key({}, home) == key
    assert read_key({"CERTIFY_SECRET_KEY": "own"}, home) == "own"
    assert read_key({}, tmp_path) != read_key({}, tmp_path)  # nothing fixed to guess


def test_a_postbox_is_read_from_one_address() -> None:
    read = read_postbox("smtp://u%40x:p%2F@mail.vn:2525", "a@b.vn")
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_USE_TLS"]) == ("mail.vn", 2525, True)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("u@x", "p/")
    assert read_postbox("smtps://mail.vn", "")["EMAIL_USE_SSL"]
    assert read_postbox("", "")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    with pytest.raises(UnknownPostbox, match="names no mail server"):
        read_postbox("pop3://mail.vn", "")


def test_two_providers_never_pass_for_each_other() -> None:
    assert provider_id("https://id.vn/realms/a") != provider_id("https://id.vn/realms/b")
    environment = {
        "CERTIFY_OIDC_ISSUER": "https://id.tinh.gov.vn/realms/can-bo",
        "CERTIFY_OIDC_CLIENT_ID": "certify",
        "CERTIFY_OIDC_CLIENT_SECRET": "x",
    }
    (provider,) = read_providers(environment)
    assert provider["provider_id"] == "id-tinh-gov-vn-realms-can-bo"
    assert origins_of([provider], "https://login.vn") == ["https://id.tinh.gov.vn", "https://login.vn"]
