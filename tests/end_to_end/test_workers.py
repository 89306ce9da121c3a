"""Clients are spread over the workers, few and long connections too."""

import contextlib

from configuration import proxy, secured, service
from tls_clients import TlsClient
from waiting import eventually
from wire import RawClient

WORKERS = 4


def clients_by_worker(weir):
    return list(weir.metric("weir_worker_clients").values())


def test_no_worker_has_more_than_a_quarter_beyond_the_mean(weir, origin):
    served = origin()
    proxied = weir(proxy(service(served, served), workers=WORKERS))
    with contextlib.ExitStack() as open_ones:
        clients = [open_ones.enter_context(RawClient(proxied.port)) for _ in range(32)]
        for _ in range(3):
            assert [client.get().status for client in clients] == [200] * 32
        spread = clients_by_worker(proxied)
        assert (len(spread), sum(spread)) == (WORKERS, 32)
        assert max(spread) <= 1.25 * 32 / WORKERS
    eventually(lambda: sum(clients_by_worker(proxied)) == 0)


def test_a_client_may_be_served_elsewhere_than_it_came_in_under_tls(
    weir, origin, shop_certificate
):
    served = origin()
    listen = [secured(shop_certificate)]
    proxied = weir(proxy(service(served, served), listen=listen, workers=WORKERS))
    with contextlib.ExitStack() as open_ones:
        clients = [open_ones.enter_context(TlsClient(proxied.port)) for _ in range(16)]
        assert [client.get().status for client in clients] == [200] * 16
        assert max(clients_by_worker(proxied)) <= 1.25 * 16 / WORKERS + 1
