"""System checks of the settings: a missing or senseless one is named, with what to do."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

# How often lists of clouds are read again.
FRESH = tuple(f"DEPLOYER_{name}_FRESH" for name in ("MODELS", "SPECIFICATIONS", "POOLS", "WORKSPACES", "NETWORKS"))
CLOUD_HOST = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)*")  # a name, or *. and a name
WEAK = 32  # characters of a secret key below which it is guessable


def settings_make_sense(app_configs, **_) -> list[CheckMessage]:
    return [
        message
        for part in (readable, secret_key, encryption_keys, addresses, cloud_hosts, metrics)
        for message in part()
    ]


def readable():
    from deployer import settings as source

    hints = {
        "DATABASE_URL": "Like sqlite:////data/deployer.sqlite3 or postgres://user:password@host:5432/deployer.",
        "DEPLOYER_TIME_ZONE": "Like Europe/Berlin or UTC.",
        **dict.fromkeys(FRESH, "A whole number of seconds, like 300."),
        "DEPLOYER_LOG_FORMAT": "One of json, text. Without it: text on a terminal, JSON elsewhere.",
        "DEPLOYER_LOG_LEVEL": "One of debug, info, warning, error.",
        "EMAIL_URL": "Like smtp+tls://user:password@mail.example.com:587 or consolemail://.",
    }
    for name, why in source.UNREADABLE:
        yield Error(f"{name} cannot be read: {why}.", hint=hints.get(name, "Use on or off."), id="deployer.E001")


def secret_key():
    if len(settings.SECRET_KEY) < WEAK or len(set(settings.SECRET_KEY)) < 8:
        yield Error(
            "SECRET_KEY is too short or too plain to sign sessions with.",
            hint="Use 50 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'",
            id="deployer.E003",
        )


def encryption_keys():
    for place, key in enumerate(settings.ENCRYPTION_KEYS, start=1):
        try:
            Fernet(key)
        except (ValueError, TypeError):
            yield Error(
                f"Key {place} of DEPLOYER_ENCRYPTION_KEYS is not a Fernet key (32 bytes, URL-safe base64).",
                hint="Make one: head -c 32 /dev/urandom | base64 | tr '+/' '-_'",
                id="deployer.E004",
            )


def addresses():
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            yield Error(
                f"CSRF_TRUSTED_ORIGINS holds {origin[:60]!r}, which has no scheme.",
                hint="Write it as https://deployer.example.com.",
                id="deployer.E005",
            )
    for host in settings.ALLOWED_HOSTS:
        if host == "*":
            yield Warning(
                "ALLOWED_HOSTS allows every host, so links in pages can be steered from outside.",
                hint="Name the hosts people use: deployer.example.com",
                id="deployer.W002",
            )
        elif "/" in host:
            yield Error(
                f"ALLOWED_HOSTS holds {host[:60]!r}, which is an address, not a host.",
                hint="Write only the host: deployer.example.com",
                id="deployer.E006",
            )


def cloud_hosts():
    """One entry that means nothing could shut out every cloud, or let in one that nobody meant."""
    for host in settings.ALLOWED_CLOUD_HOSTS:
        if not (CLOUD_HOST.fullmatch(host.rstrip(".")) or is_ip(host)):
            yield Error(
                f"DEPLOYER_ALLOWED_CLOUD_HOSTS holds {host[:60]!r}, which is no host.",
                hint="Names only, without https:// and port: modelarts.eu-de.otc.t-systems.com or *.otc.t-systems.com",
                id="deployer.E009",
            )


def is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def metrics():
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 16:
        yield Error(
            "DEPLOYER_METRICS_TOKEN is short enough to be guessed.",
            hint="Use at least 16 random characters.",
            id="deployer.E008",
        )
