#!/bin/bash
# How often Weir and others decide wrongly, and how soon rightly. Usage:
#   bench/decisions/run.sh            10,000 runs of each cell, half an hour on one core; writes
#                                     bench/decisions/results
#   bench/decisions/run.sh --quick    100 runs, seconds; writes build/bench/decisions
# Further options: decisions --help. Exit codes: 0 all gates met, 1 one was missed, 2 not measured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

into=bench/decisions/results
options=("$@")
if [[ ${1-} == --quick ]]; then
  into=build/bench/decisions
  options=(--runs 100 --loose "${@:2}")
fi
mkdir -p "$into"
cmake --preset release >/dev/null
cmake --build --preset release --target decisions
missed=0
nice build/release/decisions --json "$into/results.json" "${options[@]}" >"$into/results.md" ||
  missed=$?
[[ -x build/venv-compare/bin/python ]] || /usr/bin/python3 -m venv build/venv-compare
build/venv-compare/bin/python -m pip install --quiet -r bench/requirements.txt &&
  build/venv-compare/bin/python bench/decisions/plots.py "$into/results.json" "$into" ||
  echo "decisions: matplotlib could not be installed; goes on without plots" >&2
sed -n '/^| gate/,$p' "$into/results.md"
exit "$missed"
