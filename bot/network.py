"""How Kith goes out: by the environment's proxy, but never to an address on this machine."""

import ssl
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx


def on_this_machine(address: str) -> bool:
    """Whether a URL leads to this very machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def by_proxy(address: str) -> bool:
    """Whether the environment's proxy may be asked for this URL: httpx's `trust_env`."""
    return not on_this_machine(address)


@cache
def trusted() -> ssl.SSLContext:
    """Whom to believe that they are who they say: httpx's `verify`. To read all certificates takes
    a tenth of a second, and each client would do it again."""
    return httpx.create_ssl_context()
