"""TLS as clients speak it: Python's own, and openssl s_client."""

import re
import socket
import ssl
import subprocess

from waiting import scaled
from wire import Incomplete, RawClient, Stream


def context(authority=None, client=None, versions=None, protocols=None):
    made = ssl.create_default_context(cafile=authority and authority.certificate)
    made.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # Python sets it: an end unsaid is an error
    if authority is None:
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if client:
        made.load_cert_chain(client.certificate, client.key)
    if versions:
        made.minimum_version = made.maximum_version = versions
    if protocols:
        made.set_alpn_protocols(protocols)
    return made


class TlsClient(RawClient):
    """One connection to the proxy under TLS. `first`: bytes sent before TLS."""

    def __init__(self, port, tls=None, name="shop.test", session=None, first=b"", seconds=10):
        plain = socket.create_connection(("127.0.0.1", port), scaled(seconds))
        try:
            plain.sendall(first)
            wrapped = (tls or context()).wrap_socket(
                plain, server_hostname=name, session=session, suppress_ragged_eofs=False
            )
        except BaseException:
            plain.close()
            raise
        Stream.__init__(self, wrapped)


def failure_of(*arguments, **options):
    """Why no request can be made, as the client is told."""
    try:
        with TlsClient(*arguments, **options) as client:
            client.get()
    except (ssl.SSLError, ConnectionError, Incomplete) as error:
        return str(error)
    raise AssertionError("the handshake went well")


def s_client(port, *options, send=b""):
    """What openssl s_client printed."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *map(str, options)],
        input=send,
        capture_output=True,
        timeout=scaled(20),
    )
    return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")


def subject_of(text):
    return re.search(r"^subject=(.*)$", text, re.M)[1]
