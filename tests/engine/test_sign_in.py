"""Sign-in is wholly on or wholly off."""

import pytest

from rapportsvar.config import AccessSettings, settings_from
from rapportsvar.engine import sign_in
from rapportsvar.engine.sign_in import check_at_start, check_sign_in
from rapportsvar.errors import ExtraMissing, SettingsError

PROVIDER = {
    "client_id": "rapportsvar",
    "client_secret": "x",
    "server_metadata_url": "https://inlogg.lindsjo.se/.well-known/openid-configuration",
}
SHARED = {"redirect_uri": "https://svar.lindsjo.se/oauth2callback", "cookie_secret": "c" * 32}
WHOLE = {**SHARED, **PROVIDER}


@pytest.fixture
def on(tmp_path):
    file = tmp_path / "access.toml"
    file.write_text('[roles]\n"läsare" = ["*"]\n', encoding="utf-8")
    return AccessSettings(on=True, file=str(file))


def test_off_without_secrets_and_on_with_them_are_both_right(on):
    check_sign_in(AccessSettings(), {})
    check_sign_in(on, WHOLE)
    check_sign_in(
        AccessSettings(on=True, file=on.file, provider="kommunen"), {**SHARED, "kommunen": PROVIDER}
    )
    own = {**WHOLE, "redirect_uri": "http://localhost:8501/oauth2callback"}
    check_sign_in(on, own)


def test_secrets_without_the_setting_are_refused():
    with pytest.raises(SettingsError, match="inte på"):
        check_sign_in(AccessSettings(), WHOLE)


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        ({}, "ingen del"),
        *[({k: v for k, v in WHOLE.items() if k != key}, f"{key} saknas") for key in WHOLE],
        ({**WHOLE, "client_secret": ""}, "client_secret saknas"),
        ({**WHOLE, "cookie_secret": "hemlig"}, "kortare"),
        ({**WHOLE, "redirect_uri": "https://svar.lindsjo.se/"}, "slutar inte"),
        ({**WHOLE, "redirect_uri": "http://svar.lindsjo.se/oauth2callback"}, "inte https"),
        ({**WHOLE, "server_metadata_url": "http://inlogg.lindsjo.se/x"}, "inte https"),
    ],
)
def test_the_setting_without_whole_secrets_is_refused(on, secrets, told):
    with pytest.raises(SettingsError, match=told) as refused:
        check_sign_in(on, secrets)
    assert "c" * 32 not in str(refused.value)


@pytest.mark.parametrize("provider", ["kommunen", "default", "med_streck"])
def test_a_provider_that_the_secrets_do_not_have_is_refused(on, provider):
    with pytest.raises(SettingsError, match="ingen del"):
        check_sign_in(AccessSettings(on=True, file=on.file, provider=provider), WHOLE)


def test_a_file_of_access_that_is_missing_or_a_package_that_is_not_there_is_refused(
    on, tmp_path, monkeypatch
):
    with pytest.raises(SettingsError, match="finns inte"):
        check_sign_in(AccessSettings(on=True, file=str(tmp_path / "annan.toml")), WHOLE)
    monkeypatch.setattr(sign_in, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissing, match="Authlib"):
        check_sign_in(on, WHOLE)


def test_at_the_start_the_secrets_are_those_of_the_working_folder(on, tmp_path, monkeypatch):
    monkeypatch.delenv(sign_in.ELSEWHERE, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="ingen del"):
        check_at_start(on)
    with pytest.raises(SettingsError, match="den gäller inte"):
        check_at_start(AccessSettings())
    check_at_start(AccessSettings(file="none.toml"))
    (tmp_path / ".streamlit").mkdir()
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.write_text("[auth]\n" + "\n".join(f'{k} = "{v}"' for k, v in WHOLE.items()), encoding="utf-8")
    check_at_start(on)
    with pytest.raises(SettingsError, match="inte på"):
        check_at_start(AccessSettings())
    secrets.write_text('[auth]\nclient_secret = "hemligt" oj', encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        check_at_start(on)
    assert "hemligt" not in str(refused.value)


def test_settings_of_access_are_bounded_and_off():
    assert not settings_from({}).access.on
    assert settings_from({"access": {"on": True, "session_minutes": 60}}).access.session_minutes == 60
    for bad in ({"session_minutes": 0}, {"on": "ja"}, {"rolles": 1}):
        with pytest.raises(SettingsError):
            settings_from({"access": bad})
