import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]

from binary_suite import pytest_collection_modifyitems, pytest_configure  # noqa: E402, F401
from certificates import Authority  # noqa: E402
from chromium import Browser  # noqa: E402
from configuration import proxy, secured, service  # noqa: E402
from event_server import EventServer  # noqa: E402
from site_pages import site  # noqa: E402
from websocket_servers import EchoServer  # noqa: E402
from weir_process import Weir  # noqa: E402

@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def certificate(authority):
    return authority.issue("shop", "DNS:localhost,IP:127.0.0.1")


class Front:
    """One proxy for all clients, in the clear and under TLS: the site in two colours, a
    WebSocket server below /ws and a stream of events below /events."""

    def __init__(self, folder, certificate):
        self.colours = [site("blue"), site("green")]
        self.echo, self.events = EchoServer(), EventServer()
        settings = proxy(
            service(*self.colours),
            service(self.echo, self.echo, "chat", path_prefix="/ws"),
            service(self.events, self.events, "news", path_prefix="/events"),
            listen=["127.0.0.1:0", secured(certificate)],
        )
        self.weir = Weir(folder, settings).start()

    def base(self, transport):
        scheme, port = {"plain": "http", "tls": "https"}[transport], self.weir.ports
        return f"{scheme}://localhost:{port[transport == 'tls']}"

    def accepted(self):
        """Connections of clients so far."""
        return int(self.weir.metric("weir_client_connections_accepted_total")[""])

    def waited(self):
        """Of each request with Expect so far: whether its body came only after the 100."""
        return [each for colour in self.colours for each in colour.expected]

    def close(self):
        try:
            self.weir.finish()
        finally:
            for server in (*self.colours, self.echo, self.events):
                server.close()


@pytest.fixture(scope="session")
def front(tmp_path_factory, certificate):
    made = Front(tmp_path_factory.mktemp("weir"), certificate)
    yield made
    made.close()


@pytest.fixture(params=["plain", "tls"])
def transport(request):
    return request.param


@pytest.fixture
def base(front, transport):
    return front.base(transport)


@pytest.fixture(scope="session")
def browser(certificate):
    made = Browser(certificate)
    yield made
    made.close()
