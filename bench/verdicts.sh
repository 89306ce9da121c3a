#!/bin/bash
# What becomes of a canary that is worse, of one that is as good, and of an outage of both, with
# real processes at 2,000 requests a second, in about a quarter of an hour. Usage:
#   bench/verdicts.sh [--runs N] [--equal-seconds N] [--outage-seconds N]
# Ends what it started. Exit codes: 0 every bar is met, 1 one is not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONDONTWRITEBYTECODE=1

deploy/install-deps.sh build bench
cmake --preset release >/dev/null
cmake --build --preset release -j"$(nproc)" --target weir timed_origin decisions
exec python3 bench/verdicts.py --weir build/release/weir --programs build/release "$@"
