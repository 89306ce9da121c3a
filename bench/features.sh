#!/bin/bash
# What each feature costs per request: access log, guards, scrapes, many services; saturated,
# 1 KB, one worker, in under four minutes. Usage:
#   bench/features.sh [--rounds N] [--seconds N]
# Ends what it started. Exit codes: 0 measured, 1 not, or more than the bar.
set -euo pipefail
# shellcheck source=bench/release.sh
. "$(dirname "${BASH_SOURCE[0]}")/release.sh"
exec python3 bench/features.py --weir "$WEIR_BINARY" "$@"
