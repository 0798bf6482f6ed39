"""Routes of identity: the first set-up, the session, users and API clients."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import Field, SecretStr
from starlette.requests import HTTPConnection

from ringdown.core.clock import iso
from ringdown.core.events import Value
from ringdown.core.sensitive import Sensitive
from ringdown.identity.model import COOKIE, Client, Permission, Role, User, csrf_of
from ringdown.identity.service.clients import Clients, NewSecret
from ringdown.identity.service.sessions import Opened, SessionOver, Sessions, SignedIn
from ringdown.identity.service.setup import Setup
from ringdown.identity.service.users import UserChange, Users
from ringdown.runtime.http import PUBLIC, Caller, Routes

Name = Annotated[str, Field(min_length=1, max_length=200)]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=1024)]
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_]{1,64}$")]


class SetupState(Value):
    """Whether this installation waits for its first administrator."""

    needed: bool


class SetupForm(Value):
    """The form behind a setup link; the token comes from the part of the link after `#`."""

    token: Secret
    centre_name: Name
    username: Name
    display_name: Name
    password: Secret


class LogOn(Value):
    """A user name and a password."""

    username: Name
    password: Secret


class NewPassword(Value):
    """One's own password and the one that follows it."""

    current: Secret
    new: Secret


class SelfView(Value):
    """The person who is signed in."""

    user_id: str
    username: str
    name: str
    roles: list[Role]


class CentreView(Value):
    """The centre one works in."""

    centre_id: str
    name: str


class PreviousLogOn(Value):
    """When this user signed in before, and how many log-ons failed since (CJIS AC-9)."""

    at: str | None
    failures: int


class SessionView(Value):
    """The session, as the console needs it."""

    user: SelfView
    centre: CentreView
    permissions: list[str]
    csrf_token: str
    must_change_password: bool
    expires_at: str
    previous_log_on: PreviousLogOn


class UserView(Value):
    """A user, as administrators see one."""

    user_id: str
    username: str
    display_name: str
    roles: list[Role]
    disabled: bool
    locked: bool
    must_change_password: bool
    created_at: str
    last_log_on_at: str | None


class UserPage(Value):
    """The users of the centre."""

    users: list[UserView]


class NewUser(Value):
    """A user to add; the password is by default for the first log-on alone."""

    username: Name
    display_name: Name
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    password: Secret
    must_change_password: bool = True


class UserPatch(Value):
    """What is to change; what is left out stays."""

    display_name: Name | None = None
    roles: Annotated[frozenset[Role], Field(min_length=1)] | None = None
    disabled: bool | None = None
    unlock: bool = False
    new_password: Secret | None = None


class ClientView(Value):
    """An API client."""

    client_id: str
    name: str
    scopes: list[Permission]
    disabled: bool
    created_at: str
    rotated_at: str
    last_used_at: str | None


class ClientSecretView(ClientView):
    """An API client with its new secret, shown this once."""

    client_secret: str


class ClientPage(Value):
    """The API clients of the centre."""

    clients: list[ClientView]


class NewClient(Value):
    """An API client to add."""

    name: Name
    scopes: Annotated[frozenset[Permission], Field(min_length=1)]


@dataclass(frozen=True)
class IdentityParts:
    """The use cases that the routes call."""

    sessions: Sessions
    users: Users
    clients: Clients
    setup: Setup


CheckOrigin = Callable[[HTTPConnection], None]


def identity_routes(parts: IdentityParts, check_origin: CheckOrigin) -> Routes:
    """The routes of this feature; `check_origin` guards the two that open a session."""
    routes = Routes("identity")

    @routes.get("/v1/setup", permission=PUBLIC)
    async def setup_state() -> SetupState:
        """Whether a first administrator is to be made."""
        return SetupState(needed=await parts.setup.waiting())

    @routes.post("/v1/setup", permission=PUBLIC)
    async def set_up(form: SetupForm, request: Request, response: Response) -> SessionView:
        """Use a setup link: make the administrator and sign them in."""
        check_origin(request)
        opened = await parts.setup.complete(
            _secret(form.token, "setup.token"),
            centre_name=form.centre_name,
            username=form.username,
            display_name=form.display_name,
            password=_secret(form.password, "user.password"),
            source=_source(request),
        )
        return _opened(opened, request, response)

    @routes.post("/v1/session", permission=PUBLIC)
    async def sign_in(form: LogOn, request: Request, response: Response) -> SessionView:
        """Sign in."""
        check_origin(request)
        opened = await parts.sessions.sign_in(
            Sensitive(form.username, "user.name"),
            _secret(form.password, "user.password"),
            source=_source(request),
        )
        return _opened(opened, request, response)

    @routes.get("/v1/session", permission="session:self")
    async def session(_caller: Caller, request: Request) -> SessionView:
        """The session, and with it the CSRF token."""
        token = request.cookies.get(COOKIE)
        if not token:
            raise SessionOver
        signed_in = await parts.sessions.authenticate(Sensitive(token, "session.token"))
        return _session_view(signed_in, csrf_of(token))

    @routes.delete("/v1/session", permission="session:self", status_code=204)
    async def sign_out(caller: Caller, response: Response) -> None:
        """Sign out."""
        await parts.sessions.sign_out(caller)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")

    @routes.post("/v1/session/password", permission="session:self")
    async def change_password(
        form: NewPassword, caller: Caller, request: Request, response: Response
    ) -> SessionView:
        """Change one's own password; every other session of the user ends."""
        opened = await parts.sessions.change_password(
            caller,
            _secret(form.current, "user.password"),
            _secret(form.new, "user.password"),
            source=_source(request),
        )
        return _opened(opened, request, response)

    @routes.get("/v1/users", permission="identity:manage")
    async def list_users(caller: Caller) -> UserPage:
        """The users of the centre."""
        return UserPage(users=[_user_view(user) for user in await parts.users.list(caller)])

    @routes.post("/v1/users", permission="identity:manage", status_code=201)
    async def add_user(form: NewUser, caller: Caller) -> UserView:
        """Add a user."""
        return _user_view(
            await parts.users.add(
                caller,
                username=form.username,
                display_name=form.display_name,
                roles=form.roles,
                password=_secret(form.password, "user.password"),
                must_change_password=form.must_change_password,
            )
        )

    @routes.patch("/v1/users/{user_id}", permission="identity:manage")
    async def change_user(user_id: Id, form: UserPatch, caller: Caller) -> UserView:
        """Change a user; new roles, a new password and disabling end their sessions at once."""
        password = form.new_password
        change = UserChange(
            display_name=form.display_name,
            roles=form.roles,
            disabled=form.disabled,
            unlock=form.unlock,
            new_password=None if password is None else _secret(password, "user.password"),
        )
        return _user_view(await parts.users.change(caller, user_id, change))

    @routes.get("/v1/clients", permission="identity:manage")
    async def list_clients(caller: Caller) -> ClientPage:
        """The API clients of the centre."""
        clients = await parts.clients.list(caller)
        return ClientPage(clients=[_client_view(client) for client in clients])

    @routes.post("/v1/clients", permission="identity:manage", status_code=201)
    async def add_client(form: NewClient, caller: Caller) -> ClientSecretView:
        """Add an API client; its secret is in this answer and nowhere else."""
        return _secret_view(await parts.clients.add(caller, name=form.name, scopes=form.scopes))

    @routes.post("/v1/clients/{client_id}/rotate", permission="identity:manage")
    async def rotate_client(client_id: Id, caller: Caller) -> ClientSecretView:
        """Give an API client a new secret; the old one is void at once."""
        return _secret_view(await parts.clients.rotate(caller, client_id))

    @routes.delete("/v1/clients/{client_id}", permission="identity:manage", status_code=204)
    async def disable_client(client_id: Id, caller: Caller) -> None:
        """Disable an API client for good."""
        await parts.clients.disable(caller, client_id)

    return routes


def _source(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _secret(value: SecretStr, label: str) -> Sensitive[str]:
    return Sensitive(value.get_secret_value(), label)


def _opened(opened: Opened, request: Request, response: Response) -> SessionView:
    response.set_cookie(
        COOKIE,
        opened.token.reveal("the cookie is what the browser keeps"),
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return _session_view(opened.signed_in, opened.csrf_token)


def _session_view(signed_in: SignedIn, csrf_token: str) -> SessionView:
    session, user = signed_in.session, signed_in.user
    before = session.previous_log_on_at
    return SessionView(
        user=SelfView(
            user_id=user.user_id,
            username=user.username,
            name=user.display_name,
            roles=sorted(user.roles),
        ),
        centre=CentreView(centre_id=signed_in.centre.centre_id, name=signed_in.centre.name),
        permissions=sorted(signed_in.permissions),
        csrf_token=csrf_token,
        must_change_password=session.limited,
        expires_at=iso(session.expires_at),
        previous_log_on=PreviousLogOn(
            at=None if before is None else iso(before), failures=session.failures_before
        ),
    )


def _user_view(user: User) -> UserView:
    return UserView(
        user_id=user.user_id,
        username=user.username,
        display_name=user.display_name,
        roles=sorted(user.roles),
        disabled=user.disabled,
        locked=user.locked,
        must_change_password=user.must_change_password,
        created_at=iso(user.created_at),
        last_log_on_at=None if user.last_log_on_at is None else iso(user.last_log_on_at),
    )


def _client_view(client: Client) -> ClientView:
    return ClientView.model_validate(_client_columns(client))


def _secret_view(made: NewSecret) -> ClientSecretView:
    secret = made.secret.reveal("it is shown once to the administrator who asked for it")
    return ClientSecretView.model_validate(
        {**_client_columns(made.client), "client_secret": secret}
    )


def _client_columns(client: Client) -> dict[str, object]:
    return {
        "client_id": client.client_id,
        "name": client.name,
        "scopes": sorted(client.scopes),
        "disabled": client.disabled,
        "created_at": iso(client.created_at),
        "rotated_at": iso(client.rotated_at),
        "last_used_at": None if client.last_used_at is None else iso(client.last_used_at),
    }
