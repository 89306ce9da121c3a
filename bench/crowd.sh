#!/bin/bash
# The 99th percentile of normal traffic with 500 clients of a byte a second and 5,000 idle
# connections, and without them; and the memory of an idle connection. Under four minutes, all
# on loopback. Usage:
#   bench/crowd.sh [--rounds N] [--seconds N] [--rate N]
# Needs build/release/weir, or another in WEIR_BINARY. Ends what it started.
# Exit codes: 0 measured, 1 not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
[[ -x build/venv/bin/python ]] || /usr/bin/python3 -m venv build/venv
build/venv/bin/python -m pip install --quiet -r tests/requirements.txt
exec build/venv/bin/python bench/crowd.py "$@"
