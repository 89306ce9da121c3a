#!/bin/bash
# Sourced by the benches: goes to the project's root, installs what they need, and leaves in
# WEIR_BINARY what is measured: a release built now, unless it names another.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
export PYTHONDONTWRITEBYTECODE=1

deploy/install-deps.sh bench
if [[ -z ${WEIR_BINARY-} ]]; then
  deploy/install-deps.sh build
  cmake --preset release >/dev/null
  cmake --build --preset release -j"$(nproc)"
  WEIR_BINARY=build/release/weir
fi
