"""Which addresses we may speak to: a target must not turn us into a messenger inside our own network.

Checked twice: when a target is saved (no DNS), and at each connection, on the very address that is then used, so that
a name which resolves differently the second time gains nothing. Behind a proxy only the first check holds, since the
proxy resolves the name: there a list of allowed hosts stands in for the second.
"""

import ipaddress
import socket
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from deployer.modelarts.errors import BadAddress

__all__ = ["BadAddress", "check_endpoint", "check_ip", "check_proxied", "is_listed", "is_loopback"]

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses where clouds hand out credentials to whoever asks. Never a target, not even where local ones are allowed.
# 168.63.129.16 is Azure's, 192.0.0.192 Oracle's, fd00:ec2::254 Amazon's, fd20:ce::254 Google's, as they document them.
_METADATA = frozenset(
    {"169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"}
)
ALLOWED_HOSTS = "DEPLOYER_ALLOWED_CLOUD_HOSTS"  # The setting, named in what a person reads; it is read elsewhere.
# The IPv4 address stands in the last 32 bits: NAT64 (RFC 6052), IPv4-compatible (RFC 4291, 2.5.5.1), IPv4-translated
# (RFC 2765). In the NAT64 of a network's own (RFC 8215) it stands where that network wants: none of those is called.
_ENDS_WITH_IPV4 = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")))
_OWN_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")


@lru_cache(maxsize=256)  # asked before each call; what is refused is not kept
def check_endpoint(url: str, *, local_allowed: bool, allowed_hosts: tuple[str, ...] = ()) -> None:
    """Refuse an endpoint that must not be called, by what is written in it; asks no DNS.

    `allowed_hosts`, when there are any, are the only ones: exact names, or `*.example.com` for all names below one.
    Raises BadAddress with a sentence for the person who typed it.
    """
    if any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in url):
        raise BadAddress("The address holds a space, a backslash or a character that cannot be seen.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress("This is not an address. It looks like https://modelarts.eu-de.otc.t-systems.com.") from None
    if parts.scheme not in ({"https", "http"} if local_allowed else {"https"}):
        raise BadAddress("The address must begin with https://.")
    if not host or port == 0:
        raise BadAddress("The address names no host, or an impossible port.")
    if "@" in parts.netloc:
        raise BadAddress("The address must hold no user and no password.")
    if "?" in url or "#" in url:
        raise BadAddress("The address must hold no question mark and no #.")
    _check_host(host, local_allowed=local_allowed)
    if allowed_hosts and not is_listed(host, allowed_hosts):
        raise BadAddress(f"{host} is not among the hosts of {ALLOWED_HOSTS}. Add it there, or change the target.")


def check_proxied(host: str, *, allowed_hosts: tuple[str, ...]) -> None:
    """Refuse a host behind a proxy unless it is listed: where its name leads, only the proxy knows."""
    if not is_listed(host, allowed_hosts):
        raise BadAddress(
            f"A proxy stands before {host}, so its address cannot be checked here. Add it to {ALLOWED_HOSTS}."
        )


def is_listed(host: str, allowed_hosts: tuple[str, ...]) -> bool:
    """Whether a host is one of the names given, or below one that begins with `*.`; upper case counts for nothing."""
    name = _plain(host)
    for listed in map(_plain, allowed_hosts):
        if listed.startswith("*.") and len(listed) > 2:
            if name.endswith(listed[1:]) and name != listed[1:]:
                return True
        elif name and name == listed:
            return True
    return False


def _plain(host: str) -> str:
    """A name for comparing. Other alphabets stay as typed: two ways to write them in ASCII would let a twin pass."""
    return host.strip().rstrip(".").lower()


def _check_host(host: str, *, local_allowed: bool) -> None:
    literal = _literal(host)
    if literal is not None:
        check_ip(literal, local_allowed=local_allowed)
    elif is_loopback(host) and not local_allowed:
        raise BadAddress(f"{host} is this machine itself. Local targets are not allowed here.")


@lru_cache(maxsize=256)
def check_ip(address: str | IP, *, local_allowed: bool) -> None:
    """Refuse an address inside our own network, whatever it is wrapped in. Raises BadAddress."""
    ip = _unwrapped(ipaddress.ip_address(str(address).partition("%")[0]))
    if str(ip) in _METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified or _is_of_a_site(ip):
        raise BadAddress(f"{ip} is no place for a cloud. Such addresses are never called.")
    if not ip.is_global and not local_allowed:
        raise BadAddress(f"{ip} is an address inside our own network. Local targets are not allowed here.")


def _is_of_a_site(ip: IP) -> bool:
    """Of one site by a rule of its own: site-local (fec0::/10, RFC 3879), or a network's own NAT64."""
    return isinstance(ip, ipaddress.IPv6Address) and (ip.is_site_local or ip in _OWN_NAT64)


def is_loopback(host: str) -> bool:
    """Whether a host as written means this machine."""
    name = _looked_up(host).rstrip(".").lower()
    literal = _literal(name)
    if literal is not None:
        return _unwrapped(literal).is_loopback
    return name == "localhost" or name.endswith(".localhost")


def _looked_up(host: str) -> str:
    """A host as the resolver gets it: wide letters and digits made plain, and the full stops of other scripts."""
    return unicodedata.normalize("NFKC", host).replace("\u3002", ".")


def _literal(host: str) -> IP | None:
    """The address a host is when it is no name; also the odd forms (127.1, 0x7f000001) that resolvers understand."""
    bare = _looked_up(host).rstrip(".").partition("%")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except (OSError, ValueError):
        return None


def _unwrapped(ip: IP) -> IP:
    """The IPv4 address that an IPv6 one carries inside, if it does; a gateway would deliver it there."""
    if isinstance(ip, ipaddress.IPv4Address) or ip.is_loopback or ip.is_unspecified:
        return ip
    if any(ip in network for network in _ENDS_WITH_IPV4):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip
