#!/bin/bash
# Weir beside every peer there is: CPU time per request, latencies, memory. Usage:
#   bench/run.sh --quick    the bar's cells beside HAProxy and nginx, in five minutes; writes
#                           build/bench
#   bench/run.sh            all cells beside all peers, in about three quarters of an hour; writes bench/results
# Further options: bench/compare.py --help. A release build unless WEIR_BINARY names another.
# Ends what it started. Exit codes: 0 measured, 1 not.
set -euo pipefail
given=${WEIR_BINARY-}
# shellcheck source=bench/release.sh
. "$(dirname "${BASH_SOURCE[0]}")/release.sh"

export PIP_DISABLE_PIP_VERSION_CHECK=1
commit='unknown (WEIR_BINARY)'
if [[ -z $given ]]; then
  commit=$(git rev-parse --short=10 HEAD)
  git diff --quiet HEAD -- . ':!bench/results' || commit+=-dirty
fi
[[ -x build/venv-compare/bin/python ]] || /usr/bin/python3 -m venv build/venv-compare
build/venv-compare/bin/python -m pip install --quiet -r bench/requirements.txt ||
  echo "bench: matplotlib or Envoy could not be installed; goes on without" >&2
PATH=$PWD/build/venv-compare/bin:$PATH:/usr/sbin
exec build/venv-compare/bin/python bench/compare.py --weir "$WEIR_BINARY" --commit "$commit" "$@"
