"""An OpenID Connect provider as the service sees it: where it sends people, and whom it says they are (code flow with PKCE)."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from api.settings import Settings
from models.errors import InputError, ReviewError

_SECONDS = 10.0
_LEEWAY = 60
_KNOWN_FOR = 600.0
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class ProviderAway(ReviewError):
    """统一身份认证服务暂时不可用，请稍后再试，或用密码登录。

    The identity provider is away for the moment; try again later, or sign in with a password.
    """

    code = "provider_away"


class NotVouchedFor(InputError):
    """统一身份认证未能确认身份，请重新登录。 The identity provider did not confirm who you are; please sign in again."""

    code = "not_vouched_for"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for: `subject` is its issuer and its own name for the person, `login` and `name` are what it calls them."""

    subject: str
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Journey:
    """What is remembered while somebody is at the provider; only their browser has it."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider that the settings name. What it publishes of itself is kept for ten minutes."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client_id, self._secret = settings.oidc_client, settings.oidc_secret
        self._published: tuple[float, Mapping[str, Any]] | None = None
        self._trusted = ssl.create_default_context()  # made once: it reads every certificate of the machine
        parts = urlsplit(self._issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise InputError("ZHENGSHEN_OIDC_ISSUER 应为 https 地址。 ZHENGSHEN_OIDC_ISSUER must be an https address.")

    def address(self, journey: Journey, redirect_uri: str) -> str:
        """Where to send the browser. ProviderAway."""
        with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                self._metadata("authorization_endpoint"),
                state=journey.state,
                code_verifier=journey.verifier,
                nonce=journey.nonce,
            )
        return str(address)

    def identity(self, code: str, journey: Journey, redirect_uri: str) -> Identity:
        """Whom the provider vouches for with this code. NotVouchedFor, ProviderAway."""
        from authlib.integrations.base_client import OAuthError

        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    self._metadata("token_endpoint"),
                    code=code,
                    code_verifier=journey.verifier,
                    grant_type="authorization_code",
                )
        except OAuthError as error:
            raise NotVouchedFor from error
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderAway from error
        claims = self._claims(token.get("id_token"), journey.nonce)
        login = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        return Identity(f"{self._issuer}|{claims['sub']}", login, str(claims.get("name") or login))

    def _claims(self, id_token: object, nonce: str) -> Mapping[str, Any]:
        """The claims of a token that the provider signed, for us, now, for this journey."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        if not isinstance(id_token, str):
            raise NotVouchedFor
        demanded = jwt.JWTClaimsRegistry(
            now=lambda: int(time.time()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._metadata("issuer")},
            aud={"essential": True, "value": self._client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            keys = KeySet.import_key_set(self._get(self._metadata("jwks_uri")))
            token = jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
            demanded.validate(token.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotVouchedFor from error
        if token.claims.get("azp", self._client_id) != self._client_id:
            raise NotVouchedFor
        return token.claims

    def _metadata(self, name: str) -> str:
        now = time.monotonic()
        if self._published is None or now - self._published[0] > _KNOWN_FOR:
            published = self._get(f"{self._issuer}/.well-known/openid-configuration")
            if str(published.get("issuer", "")).rstrip("/") != self._issuer:
                raise ProviderAway
            self._published = (now, published)
        value = self._published[1].get(name)
        if not isinstance(value, str):
            raise ProviderAway
        return value

    def _get(self, address: str) -> Any:
        try:
            answer = httpx.get(address, timeout=_SECONDS, verify=self._trusted)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderAway from error
        if not isinstance(found, dict):
            raise ProviderAway
        return found

    def _client(self, redirect_uri: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._client_id,
            self._secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope="openid profile email",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=_SECONDS,
            verify=self._trusted,
        )
