#!/bin/bash
# CPU per request of Weir beside HAProxy, in under two minutes: wrk at 64 connections, a
# browser's request, a 1 KB response, one worker each, all on loopback. Usage:
#   bench/quick.sh [--rounds N] [--seconds N]
# Writes build/bench/quick.json; ends what it started. Exit codes: 0 measured, 1 not.
set -euo pipefail
# shellcheck source=bench/release.sh
. "$(dirname "${BASH_SOURCE[0]}")/release.sh"
exec python3 bench/quick.py --weir "$WEIR_BINARY" "$@"
