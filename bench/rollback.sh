#!/bin/bash
# How long a rollback takes, by a call and by a guard, in about three minutes. Usage:
#   bench/rollback.sh [--rollbacks N] [--breaks N]
# Ends what it started. Exit codes: 0 measured, 1 not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONDONTWRITEBYTECODE=1

deploy/install-deps.sh build bench
cmake --preset release >/dev/null
cmake --build --preset release -j"$(nproc)" --target weir timed_origin
exec python3 bench/rollback.py --weir build/release/weir --programs build/release "$@"
