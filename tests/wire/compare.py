"""The cases of the wire suite against Weir and its peers; writes a page of what differs.

    compare.py OUTPUT.md      exit codes: 0 Weir passed every case, 1 it did not
"""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]

import classes  # noqa: E402
from comparison_page import page  # noqa: E402
from front import Front, Observation  # noqa: E402
from proxies import all_present  # noqa: E402
from recording_origin import RecordingOrigin  # noqa: E402

WEIR_PATIENCE_SECONDS = 5
PEER_PATIENCE_SECONDS = 1.25


def observe(front, case):
    """A proxy that stops serving does not stop the comparison."""
    try:
        if not front.proxy.is_alive():
            front.proxy.restart()
        return front.run(case)
    except (AssertionError, OSError) as problem:
        front.close_barrier()
        return Observation("none", [str(problem)[:200]])


def run_all(name):
    """What each case came to, by class and case. In a process of its own."""
    loaded, (make, _) = classes.load(), all_present()[name]
    origin = RecordingOrigin()
    with tempfile.TemporaryDirectory(prefix="weir-wire-") as folder:
        proxy = make(folder, origin)
        is_weir = name == "Weir"
        patience = WEIR_PATIENCE_SECONDS if is_weir else PEER_PATIENCE_SECONDS
        front = Front(origin, proxy, patience, by_policy=is_weir)
        seen = {}
        for key, module in loaded.items():
            for case in module.CASES:
                seen[key, case.name] = observe(front, case)
            print(f"{name}: {module.TITLE}", flush=True)
        front.close_barrier()
        proxy.finish()
        origin.close()
    return seen


def main():
    loaded, proxies = classes.load(), all_present()
    with ProcessPoolExecutor(len(proxies)) as beside:
        seen = dict(zip(proxies, beside.map(run_all, proxies), strict=True))
    versions = {name: version for name, (_, version) in proxies.items()}
    Path(sys.argv[1]).write_text(page(loaded, versions, seen))
    cases = [(key, each) for key, module in loaded.items() for each in module.CASES]
    return 0 if all(seen["Weir"][key, c.name].meets_policy(c) for key, c in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
