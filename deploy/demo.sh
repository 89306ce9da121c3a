#!/bin/bash
# Shows a healthy ramp and a rollback on one machine: three blue and three green
# servers, Redis, Weir in front of them, some thousand clients. Needs Debian bookworm and
# this repository; writes only to build/ and a temporary directory; ends what it started.
#
#   deploy/demo.sh            about two minutes, plus the build the first time
#
# Exit codes: 0 every promise in the table at the end was kept, 1 one was not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONDONTWRITEBYTECODE=1

deploy/install-deps.sh build demo
[[ -x build/venv/bin/python ]] || /usr/bin/python3 -m venv build/venv
build/venv/bin/pip install --quiet --disable-pip-version-check -r deploy/app/requirements.txt
if [[ -z ${WEIR_BINARY-} ]]; then
  cmake --preset release >build/configure.log || { cat build/configure.log && exit 1; }
  cmake --build --preset release -j"$(nproc)"
  WEIR_BINARY=build/release/weir
fi
# play.py starts the servers, and ends them however it ends.
exec build/venv/bin/python deploy/demo/play.py --weir "$WEIR_BINARY" "$@"
