#!/bin/bash
# Builds the fuzz targets and runs each over its corpus, then over inputs of its own making.
#   tests/fuzz/run.sh                      20,000 runs of each, always the same ones: for CI
#   tests/fuzz/run.sh SECONDS [TARGET...]  each for that long, from where the last run ended
# Writes only to build/fuzz: what was found, a file each, to build/fuzz/findings; inputs that
# reach new code to build/fuzz/corpus. One line per target: runs, edges reached, features.
# Exit codes: 0 no finding, 1 one or no build, 2 wrong use.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
build=build/fuzz
seconds=${1-}
shift $(($# > 0 ? 1 : 0))
[[ $seconds =~ ^[0-9]*$ ]] ||
  { echo "usage: tests/fuzz/run.sh [SECONDS [TARGET...]]" >&2 && exit 2; }
targets=("$@")
[[ $# -gt 0 ]] || mapfile -t targets < <(cd tests/fuzz/corpus && printf '%s\n' *)

build() {
  local launcher=()
  command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  mkdir -p "$build/findings"
  cmake --preset fuzz "${launcher[@]}" >"$build/configure.log" 2>&1 ||
    { cat "$build/configure.log" && return 1; }
  cmake --build --preset fuzz -j"$(nproc)"
}

# A dictionary of tokens is named after the target, or after the family it belongs to.
dictionary_of() {
  case $1 in
    request_head | response_head | chunk_reader) echo tests/fuzz/dictionaries/http.dict ;;
    *) echo "tests/fuzz/dictionaries/$1.dict" ;;
  esac
}

fuzz() {
  local target=$1 grown log=$build/$1.log dictionary
  local options=(-max_len=2048 -timeout=20 -rss_limit_mb=1500 -print_final_stats=1
    "-artifact_prefix=$build/findings/$1-")
  dictionary=$(dictionary_of "$target")
  [[ -f $dictionary ]] && options+=("-dict=$dictionary")
  if [[ -n $seconds ]]; then
    grown=$build/corpus/$target
    options+=("-max_total_time=$seconds")
  else
    grown=$(mktemp -d "$build/seed-run.XXXXXX")
    options+=(-runs=20000 -seed=1)
  fi
  mkdir -p "$grown"
  "$build/fuzz_$target" "${options[@]}" "$grown" "tests/fuzz/corpus/$target" >"$log" 2>&1
  local result=$?
  [[ -n $seconds ]] || rm -r "$grown"
  report "$target" "$log" "$result"
}

report() {
  local runs reached
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$2")
  reached=$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$2" | tail -n 1)
  printf '%s: %s runs, %s\n' "$1" "${runs:-few}" "${reached:-nothing reached}"
  [[ $3 -eq 0 ]] || { echo "FAILED $1" && tail -n 60 "$2"; }
  return "$3"
}

build || exit 1
failed=0
for target in "${targets[@]}"; do
  fuzz "$target" || failed=1
done
exit $failed
