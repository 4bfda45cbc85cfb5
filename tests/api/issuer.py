"""A real OpenID provider, small: discovery, keys, codes with PKCE, and lies when told to."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.api.process import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT, SECRET = "courier", "between the two of us"


class Provider:
    def __init__(self) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.person: dict[str, Any] = {"sub": "4711", "name": "Karin", "roles": ["coordinator"]}
        self.lies: dict[str, Any] = {}
        self.sign_with: RSAKey = self.key
        self.codes: dict[str, dict[str, str]] = {}
        self.app = self._app()

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.get("/.well-known/openid-configuration")
        def discovery() -> dict[str, Any]:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorize")
        def authorize(request: Request) -> RedirectResponse:
            asked = dict(request.query_params)
            assert asked["client_id"] == CLIENT
            assert asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            assert "openid" in asked["scope"]
            code = hashlib.sha256(str(asked).encode()).hexdigest()
            self.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
            return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

        @app.post("/token")
        def token(
            request: Request,
            code: Annotated[str, Form()],
            code_verifier: Annotated[str, Form()],
            redirect_uri: Annotated[str, Form()],
        ) -> JSONResponse:
            asked = self.codes.pop(code, None)
            challenge = hashlib.sha256(code_verifier.encode()).digest()
            proof = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            if (
                asked is None
                or asked["code_challenge"] != proof
                or asked["redirect_uri"] != redirect_uri
                or request.headers.get("authorization") != f"Basic {basic}"
            ):
                return JSONResponse({"error": "invalid_grant"}, 400)
            moment = int(time.time())
            claims = {
                "iss": self.issuer,
                "aud": CLIENT,
                "iat": moment,
                "exp": moment + 300,
                "nonce": asked["nonce"],
                **self.person,
                **self.lies,
            }
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.sign_with)
            return JSONResponse(
                {"access_token": "unused", "token_type": "Bearer", "id_token": signed}
            )

        return app


@contextmanager
def provider() -> Iterator[Provider]:
    started = Provider()
    config = uvicorn.Config(started.app, port=started.port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield started
    finally:
        server.should_exit = True
        thread.join()
