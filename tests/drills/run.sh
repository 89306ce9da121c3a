#!/bin/bash
# Every drill at full length: 1,000 requests per second of mixed traffic while endpoints are
# restarted, killed, stopped and lie, while Weir reads its configuration again and drains.
# Prints a table of what clients saw. Usage:
#   tests/drills/run.sh [--rate N] [--seconds N] [NAME …]     of each drill; default 1000, 25
# Needs build/release/weir, or another in WEIR_BINARY. Writes only to build/ and a temporary
# folder. Exit codes: 0 every failure is explained by a rule of HTTP, 1 one is not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
[[ -x build/venv/bin/python ]] || /usr/bin/python3 -m venv build/venv
build/venv/bin/python -m pip install --quiet -r tests/requirements.txt
exec build/venv/bin/python tests/drills/drills.py "$@"
