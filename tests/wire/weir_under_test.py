"""Weir as the wire suite runs it: one worker, a pool that is never ejected."""

from configuration import milliseconds, pool, proxy, service
from weir_process import Weir


class WeirUnderTest:
    def __init__(self, folder, origin):
        served = pool(origin, ejection={"consecutive_failures": 0})
        settings = proxy(
            service(served, served, key={"none": True}),
            workers=1,
            timeouts={"response": milliseconds(1)},
        )
        self.weir = Weir(folder, settings).start()

    @property
    def port(self):
        return self.weir.port

    def is_alive(self):
        return self.weir.process.poll() is None

    def restart(self):
        self.weir.start()

    def finish(self):
        self.weir.finish()
