"""Log in through OpenID Connect: authorization code with PKCE, as Entra ID and ADFS speak it.

OpenID Connect Core 1.0, section 3.1; RFC 7636 for PKCE; RFC 9207 is honoured where the issuer
sends ``iss``.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlmodel import Session, col, select

from api.problems import ProblemError
from api.security.accounts import create_account
from api.settings import Settings
from logistics.errors import UnavailableError
from logistics.storage.tables import UserRow

# Symmetric algorithms and "none" are left out: the keys are public.
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_KNOWN_SECONDS = 3_600
_CLOCK_SKEW_SECONDS = 60
#: The widest first: a person with several roles gets the widest.
_ROLES = ("admin", "coordinator", "management", "branch", "driver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    A log-in on its way through the issuer, kept in a signed cookie meanwhile.

    Attributes
    ----------
    state, nonce, verifier
        Random texts that tie answer, token and code to this browser and this attempt.
    path
        Where the person wanted to go.
    """

    state: str
    nonce: str
    verifier: str
    path: str


class Issuer:
    """
    The issuer that staff log in with.

    Parameters
    ----------
    settings
        Its address, and who we are to it.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any], KeySet] | None = None

    @property
    def redirect_uri(self) -> str:
        """Where the issuer sends the browser back to."""
        return f"{self.settings.public_url.rstrip('/')}/v1/session/oidc/callback"

    def begin(self, path: str) -> tuple[str, Attempt]:
        """
        Begin a log-in.

        Parameters
        ----------
        path
            Where to go afterwards.

        Returns
        -------
        tuple[str, Attempt]
            Address at the issuer to send the browser to, and what to remember meanwhile.

        Raises
        ------
        UnavailableError
            The issuer does not answer.
        """
        attempt = Attempt(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            path=path,
        )
        endpoint = self._discovered()[0]["authorization_endpoint"]
        with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint,
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
            )
        return url, attempt

    def finish(self, attempt: Attempt, answer: Mapping[str, str]) -> dict[str, Any]:
        """
        Turn the issuer's answer into what it says of a person.

        Parameters
        ----------
        attempt
            What was remembered.
        answer
            Query parameters that the browser came back with.

        Returns
        -------
        dict
            The claims of a token that is genuine, fresh, ours, and of this attempt.

        Raises
        ------
        ProblemError
            Anything about it is not.
        UnavailableError
            The issuer does not answer.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise _refused("the answer belongs to another log-in")
        if answer.get("iss", self.settings.oidc_issuer) != self.settings.oidc_issuer:
            raise _refused("the answer comes from another issuer")
        if "code" not in answer:
            raise _refused("the issuer refused")
        metadata, keys = self._discovered()
        try:
            with self._client() as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    code=answer["code"],
                    code_verifier=attempt.verifier,
                    grant_type="authorization_code",
                )
        except httpx2.HTTPError as error:
            raise UnavailableError("the OpenID issuer does not answer; try again") from error
        except AuthlibBaseError:
            raise _refused("the issuer does not know the code") from None
        return self._claims(str(token.get("id_token", "")), keys, attempt)

    def _claims(self, token: str, keys: KeySet, attempt: Attempt) -> dict[str, Any]:
        rules = jwt.JWTClaimsRegistry(
            leeway=_CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": self.settings.oidc_issuer},
            aud={"essential": True, "value": self.settings.oidc_client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, ValueError):
            self._known = None  # its keys may have changed: look again next time
            raise _refused("the issuer's token is not valid here") from None
        return dict(claims)

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            client_id=self.settings.oidc_client_id,
            client_secret=self.settings.oidc_client_secret.get_secret_value(),
            scope="openid profile",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=10,
        )

    def _discovered(self) -> tuple[dict[str, Any], KeySet]:
        with self._lock:
            if self._known is None or self._known[0] < time.monotonic():
                metadata, keys = self._discover()
                self._known = (time.monotonic() + _KNOWN_SECONDS, metadata, keys)
            return self._known[1], self._known[2]

    def _discover(self) -> tuple[dict[str, Any], KeySet]:
        issuer = self.settings.oidc_issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            with httpx2.Client(timeout=10) as client:
                metadata: dict[str, Any] = client.get(address).raise_for_status().json()
                if metadata.get("issuer") != issuer:
                    raise UnavailableError(
                        f"OpenID issuer {issuer}: it calls itself {metadata.get('issuer')!r}; "
                        "LOGISTICS_OIDC_ISSUER must be the same to the letter"
                    )
                keys = client.get(metadata["jwks_uri"]).raise_for_status().json()
        except (httpx2.HTTPError, ValueError, KeyError) as error:
            raise UnavailableError(f"OpenID issuer {issuer}: no answer; try again") from error
        return metadata, KeySet.import_key_set(keys)


def account_of(session: Session, settings: Settings, claims: Mapping[str, Any]) -> UserRow:
    """
    Find or make the account of a person that the issuer vouches for.

    Role and branch follow the issuer at each log-in. An account of the same name with a password
    is somebody else's until an administrator says otherwise.

    Parameters
    ----------
    session
        Committed by the caller.
    settings
        Which claims hold role and branch.
    claims
        What the issuer says.

    Returns
    -------
    UserRow
        The account.

    Raises
    ------
    ProblemError
        The issuer gives the person no role here, or the account is closed.
    """
    subject = f"{claims['iss']}|{claims['sub']}"
    given = claims.get(settings.oidc_role_claim, ())
    roles = {given} if isinstance(given, str) else set(map(str, given))
    role = next((one for one in _ROLES if one in roles), None)
    branch = claims.get(settings.oidc_branch_claim) if role == "branch" else None
    if role is None or (role == "branch" and not branch):
        raise ProblemError("not-allowed", "the issuer gives this person no role here")
    row = session.exec(select(UserRow).where(col(UserRow.oidc_subject) == subject)).one_or_none()
    if row is None:
        login = f"oidc:{claims['sub']}"[:200]
        name = str(claims.get("name", ""))[:200]
        row = create_account(
            session, login=login, role=role, name=name, branch=branch, oidc_subject=subject
        )
    if not row.active:
        raise ProblemError("not-allowed", "this account is closed")
    row.role, row.branch_id = role, branch
    return row


def _refused(reason: str) -> ProblemError:
    return ProblemError("not-authenticated", f"log-in refused: {reason}; start again")
