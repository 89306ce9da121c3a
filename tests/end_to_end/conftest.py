import pytest

from app_servers import AppPool
from binary_suite import pytest_collection_modifyitems, pytest_configure  # noqa: F401
from certificates import Authority
from configuration import proxy, secured, service
from hook_receiver import Receiver
from origins import Origin
from weir_process import Weir

@pytest.fixture(scope="session")
def session_pool(tmp_path_factory):
    pool = AppPool(tmp_path_factory.mktemp("app"))
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Issues the certificates of servers."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def shop_certificate(authority):
    return authority.issue("shop", "DNS:shop.test,DNS:localhost,IP:127.0.0.1")


@pytest.fixture
def app_pool(session_pool):
    """The sample application, blue and green, without faults."""
    session_pool.heal()
    yield session_pool
    session_pool.heal()


@pytest.fixture
def origin():
    """Makes scripted origins."""
    made = []

    def make(converse=None):
        made.append(Origin(converse))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def receiver():
    """Makes servers that hooks and webhooks are sent to."""
    made = []

    def make(*script, **more):
        made.append(Receiver(*script, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def weir(tmp_path):
    """Makes proxies that serve; each must end in order and without a sanitizer's report."""
    made = []

    def make(settings, start=True, token=None):
        folder = tmp_path / f"weir-{len(made)}"
        folder.mkdir()
        made.append(Weir(folder, settings))
        if token:
            made[-1].write_token(token)
        return made[-1].start() if start else made[-1]

    yield make
    problems = []
    for each in made:
        try:
            each.finish()
        except AssertionError as problem:
            problems.append(str(problem))
    assert not problems, "\n".join(problems)


@pytest.fixture
def front(weir, origin):
    """A proxy in front of one scripted origin."""

    def make(converse, **more):
        served = origin(converse)
        return weir(proxy(service(served, served), workers=1, **more)), served

    return make


@pytest.fixture
def server(origin):
    return origin()


@pytest.fixture
def shop(weir, server, shop_certificate):
    """Plain on its first port, TLS on `tls_port`."""

    def make(*certificates, listener=None, **more):
        listener = listener or {}
        certificates = certificates or (shop_certificate,)
        listen = ["127.0.0.1:0", secured(*certificates, **listener)]
        made = weir(proxy(service(server, server), listen=listen, **more))
        made.tls_port = made.ports[1]
        return made

    return make
