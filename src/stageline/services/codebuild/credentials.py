"""The tokens with which builds clone private repositories of other servers: one a server type, sealed, never shown again."""

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import ReadTx, Store
from stageline.ports.vault import Vault
from stageline.services.codebuild.shapes import invalid

KIND = "codebuild.credential"

# Whom a hosted service's token may be shown to; a server of one's own is wherever the project's repository is.
_HOSTS = {"GITHUB": "github.com", "BITBUCKET": "bitbucket.org", "GITLAB": "gitlab.com"}
_USERS = {"BITBUCKET": "x-token-auth", "GITLAB": "oauth2", "GITLAB_SELF_MANAGED": "oauth2"}


def import_source_credentials(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """ImportSourceCredentials."""
    server, kind = request["serverType"], request["authType"]
    if kind not in ("PERSONAL_ACCESS_TOKEN", "BASIC_AUTH"):
        raise invalid(f"Invalid authType: this server takes PERSONAL_ACCESS_TOKEN and BASIC_AUTH, not {kind}")
    if kind == "BASIC_AUTH" and not request.get("username"):
        raise invalid("Invalid credentials: BASIC_AUTH needs a username")
    if any(ord(char) < 33 for char in request["token"]) or ":" in request.get("username", ""):
        raise invalid("Invalid credentials: a token has no blanks and a username no colon")
    arn = ctx.arn("codebuild", f"token/{server.lower()}")
    document = {
        "arn": arn,
        "serverType": server,
        "authType": kind,
        "username": request.get("username", ""),
        "token": vault.seal(request["token"], context=f"{KIND}/{server}"),
    }
    with store.write() as tx:
        if request.get("shouldOverwrite", True):
            tx.put(KIND, server, document)
        elif not tx.insert(KIND, server, document):
            raise ApiError("ResourceAlreadyExistsException", f"Credentials for {server} exist already: {arn}")
    return {"arn": arn}


def list_source_credentials(ctx: Context, request: Request, *, store: Store) -> Response:
    """ListSourceCredentials; tokens stay hidden."""
    with store.read() as tx:
        found = [document for _, document in tx.scan(KIND)]
    members = ("arn", "serverType", "authType")
    return {"sourceCredentialsInfos": [{member: document[member] for member in members} for document in found]}


def delete_source_credentials(ctx: Context, request: Request, *, store: Store) -> Response:
    """DeleteSourceCredentials."""
    with store.write() as tx:
        for server, document in tx.scan(KIND):
            if document["arn"] == request["arn"]:
                tx.delete(KIND, server)
                return {"arn": request["arn"]}
    raise ApiError("ResourceNotFoundException", f"There are no source credentials {request['arn']}")


def login(tx: ReadTx, vault: Vault, server: str, scheme: str, host: str) -> tuple[str, str] | None:
    """The user and password for a repository, None where there is none or it would be told to somebody else."""
    document = tx.get(KIND, server)
    if document is None or host != _HOSTS.get(server, host):
        return None
    if scheme != "https" and host not in ("127.0.0.1", "::1", "localhost"):
        return None
    user = document["username"] or _USERS.get(server, "x-access-token")
    return user, vault.open(document["token"], context=f"{KIND}/{server}").decode()
