"""The one account of the sandbox, the same on every machine (CONTRACT: not a secret)."""

from __future__ import annotations

USER = DOMAIN = "demo"
PASSWORD = "demo"  # noqa: S105  the published password of a cloud that exists on loopback alone
USER_ID = "0a1b2c3d4e5f40718293a4b5c6d7e8f9"
DOMAIN_ID = "d0a1b2c3d4e5f60718293a4b5c6d7e8f"
REGION = "region-1"
PROJECTS = {
    "5a0d80b5c0de4c0fa11ab1e5eed00001": "region-1",
    "5a0d80b5c0de4c0fa11ab1e5eed00002": "region-1_prod",
}
ACCESS_KEY = "SANDBOXACCESSKEY"
SECRET_KEY = "sandbox-secret-key"  # noqa: S105  as published as the password
# Temporary keys, which IAM hands out with a token that each signed request must carry: X-Security-Token.
TEMPORARY_ACCESS_KEY = "SANDBOXTEMPORARYKEY"
TEMPORARY_SECRET_KEY = "sandbox-temporary-secret-key"  # noqa: S105
SECURITY_TOKEN = "sandbox-security-token"  # noqa: S105
