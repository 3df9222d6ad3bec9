"""A small OpenID Connect provider over real HTTP, which signs in whoever comes: discovery, code flow with PKCE, signed tokens."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "zhengshen", "a secret of the client"


@dataclass
class Given:
    """What the provider says next, and what it was asked for; `claims` are laid over the right ones."""

    sub: str = "u-1"
    name: str = "林屯昌"
    username: str = "lin.tunchang"
    claims: dict[str, Any] = field(default_factory=dict)
    refuses: bool = False
    signs_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)


@contextmanager
def provider() -> Iterator[tuple[str, Given]]:
    given, key = Given(), RSAKey.generate_key(2048, auto_kid=True)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
                self.say({"issuer": issuer, **{name: issuer + path for name, path in places.items()}})
            elif parts.path == "/keys":
                self.say({"keys": [key.as_dict(private=False)]})
            elif parts.path == "/authorize":
                assert asked["client_id"] == CLIENT
                assert asked["response_type"] == "code"
                assert asked["code_challenge_method"] == "S256"
                assert "openid" in asked["scope"].split()
                code = secrets.token_urlsafe(16)
                given.codes[code] = asked
                answer = {"error": "access_denied"} if given.refuses else {"code": code}
                self.send_response(302)
                self.send_header(
                    "Location", f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"
                )
                self.end_headers()
            else:
                self.say({}, 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            asked = given.codes.pop(sent.get("code", ""), None)
            scheme, _, credentials = self.headers.get("authorization", "").partition(" ")
            known = scheme == "Basic" and base64.b64decode(credentials).decode().split(":", 1) == [CLIENT, SECRET]
            if asked is None or not known or asked["redirect_uri"] != sent["redirect_uri"]:
                return self.say({"error": "invalid_grant"}, 400)
            digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
                return self.say({"error": "invalid_grant"}, 400)
            now = int(time.time())
            claims = {
                "iss": issuer,
                "aud": CLIENT,
                "sub": given.sub,
                "nonce": asked["nonce"],
                "iat": now,
                "exp": now + 300,
                "name": given.name,
                "preferred_username": given.username,
                **given.claims,
            }
            signed = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, given.signs_with or key)
            return self.say({"access_token": "x", "token_type": "Bearer", "id_token": signed})

        def say(self, value: object, status: int = 200) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield issuer, given
    server.shutdown()
    server.server_close()
    thread.join(10)
