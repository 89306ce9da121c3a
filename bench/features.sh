#!/bin/bash
# What each feature costs per request: access log, guards, scrapes, many services; saturated,
# 1 KB, one worker, in under four minutes. Usage:
#   bench/features.sh [--rounds N] [--seconds N]
# Ends what it started. Exit codes: 0 measured, 1 not, or more than the bar.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONDONTWRITEBYTECODE=1

deploy/install-deps.sh bench
if [[ -z ${WEIR_BINARY-} ]]; then
  deploy/install-deps.sh build
  cmake --preset release >/dev/null
  cmake --build --preset release -j"$(nproc)"
  WEIR_BINARY=build/release/weir
fi
exec python3 bench/features.py --weir "$WEIR_BINARY" "$@"
