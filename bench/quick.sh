#!/bin/bash
# CPU per request of Weir beside HAProxy, in under two minutes: wrk at 64 connections, a
# browser's request, a 1 KB response, one worker each, all on loopback. Usage:
#   bench/quick.sh [--rounds N] [--seconds N]
# Writes build/bench/quick.json; ends what it started. Exit codes: 0 measured, 1 not.
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
exec python3 bench/quick.py --weir "$WEIR_BINARY" "$@"
