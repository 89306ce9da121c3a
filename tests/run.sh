#!/bin/bash
# All tests, from a fresh clone to one last line: `N passed, N failed`. Usage:
#   tests/run.sh               everything, as CI runs it
#   tests/run.sh --quick       one build, no fuzzing, no clang-tidy, no tests marked slow
#   tests/run.sh --sanitize    C++ and end-to-end tests under asan-ubsan and tsan
# Options add up; --sanitize alone runs only the sanitized tests. Writes only to build/.
# Exit codes: 0 something ran and nothing failed, 1 otherwise, 2 wrong use.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
results=$PWD/build/results
export WEIR_STEPS=$results/steps
quick=
sanitize=

for option in "$@"; do
  case $option in
    --quick) quick=yes ;;
    --sanitize) sanitize=yes ;;
    *) echo "tests/run.sh: unknown option $option" >&2 && exit 2 ;;
  esac
done

say() { printf '\n-- %s (%d s)\n' "$1" "$SECONDS"; }

# A step that is no test framework's counts as one case.
step() {
  local name=$1 result=pass
  shift
  say "$name"
  "$@" </dev/null || result=fail
  printf '%s\t%s\n' "$name" "$result" >>"$WEIR_STEPS"
  [[ $result == pass ]]
}

finish() {
  say "results"
  command -v python3 >/dev/null || { echo "0 passed, 1 failed" && exit 1; }
  python3 tests/results.py "$results"
  exit
}

environment() {
  [[ -x build/venv/bin/python ]] || /usr/bin/python3 -m venv build/venv || return
  build/venv/bin/python -m pip install --quiet -r tests/requirements.txt
}

build() {
  local preset=$1 launcher=()
  command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  cmake --preset "$preset" "${launcher[@]}" >"$results/configure-$preset.log" 2>&1 ||
    { cat "$results/configure-$preset.log" && return 1; }
  cmake --build --preset "$preset" -j"$(nproc)"
}

# A runner that failed without naming a failed case, or that left no file, is one failure.
junit_names_a_failure() {
  [[ -s $1 ]] && grep -qE '<(failure|error)[ >/]|status="(notrun|disabled)"' "$1"
}

runner() {
  local name=$1 file=$2
  shift 2
  say "$name"
  "$@" </dev/null && [[ -s $file ]] && return
  junit_names_a_failure "$file" || printf '%s\tfail\n' "$name did not run" >>"$WEIR_STEPS"
}

cpp_tests() {
  local preset=$1 file=$results/cpp-$1.xml
  runner "C++ tests ($preset)" "$file" "${unshuffled[@]}" ctest --preset "$preset" \
    -j"$(nproc)" --timeout 120 --output-junit "$file" --quiet
}

python_tests() {
  local name=$1 file=$results/python-$1.xml
  shift
  [[ -z $quick ]] || set -- "$@" -m "not slow"
  runner "Python tests ($name)" "$file" "${unshuffled[@]}" build/venv/bin/python -m pytest -q \
    -c tests/pytest.ini --junitxml "$file" "$@"
}

instructions() {
  cmake --build --preset release -j"$(nproc)" --target exchange &&
    build/venv/bin/python bench/micro/instructions.py
}

# Few runs tell gross mistakes only: the whole benchmark takes half an hour.
decisions() {
  cmake --build --preset release -j"$(nproc)" --target decisions &&
    build/release/decisions --runs 100 --loose >"$results/decisions.md" 2>"$results/decisions.log"
}

# clang-tidy needs the dev build configured, nothing more. It has what builds and tests leave of
# the cores: whatever else wakes up goes first.
lint_meanwhile() {
  chrt --idle 0 setsid tests/lint.sh "$@" </dev/null >"$results/lint.log" 2>&1 &
  lint=$!
}

lint_results() {
  say "lint"
  wait "$lint"
  lint=
  cat "$results/lint.log"
}

plain() {
  local release=release
  [[ -z $quick ]] || release=dev
  step "build dev" build dev && cpp_tests dev
  lint_meanwhile ${quick:+--quick}
  step "layering" build/venv/bin/python tests/layering/check.py
  step "function length" build/venv/bin/python tests/layering/functions.py
  python_tests sources tests/layering tests/lint tests/app tests/demo tests/bench
  [[ -n $quick ]] || step "build release" build release
  [[ -n $quick ]] || step "instructions per exchange" instructions
  [[ -n $quick ]] || step "decisions" decisions
  WEIR_BINARY=$PWD/build/$release/weir python_tests end-to-end tests/end_to_end
  WEIR_BINARY=$PWD/build/$release/weir python_tests wire tests/wire
  WEIR_BINARY=$PWD/build/$release/weir python_tests clients tests/clients
  WEIR_BINARY=$PWD/build/$release/weir python_tests drills tests/drills
  [[ -n $quick ]] || step "fuzz" tests/fuzz/run.sh
  lint_results
}

# Each report of a sanitizer is one failure, whichever process wrote it.
count_reports() {
  local report
  for report in "$results/$1".report.*; do
    [[ -e $report ]] || continue
    head -n 60 "$report"
    printf '%s\tfail\n' "sanitizer report ${report##*/}" >>"$WEIR_STEPS"
  done
}

sanitized() {
  local preset=$1 log=log_path=$results/$1.report
  export ASAN_OPTIONS=$log:detect_stack_use_after_return=1:strict_string_checks=1
  export UBSAN_OPTIONS=$log:print_stacktrace=1
  export TSAN_OPTIONS=$log:halt_on_error=0:second_deadlock_stack=1
  export WEIR_TEST_SLOWDOWN=10
  step "build $preset" build "$preset" || return
  cpp_tests "$preset"
  WEIR_BINARY=$PWD/build/$preset/weir python_tests "end-to-end-$preset" tests/end_to_end
  WEIR_BINARY=$PWD/build/$preset/weir python_tests "wire-$preset" tests/wire
  count_reports "$preset"
}

# ThreadSanitizer of g++ 12 cannot map its shadow under the address randomisation of newer
# kernels; where the kernel allows it, sanitized programs run without.
unshuffled=()
if [[ -n $sanitize ]] && setarch "$(uname -m)" -R true 2>/dev/null; then
  unshuffled=(setarch "$(uname -m)" -R)
fi

lint=
trap '[[ -z $lint ]] || kill -- "-$lint"' EXIT
rm -rf "$results" && mkdir -p "$results" || exit 1
step "packages" deploy/install-deps.sh build test clients || finish
step "Python environment" environment || finish
if [[ -z $sanitize || -n $quick ]]; then plain; fi
if [[ -n $sanitize ]]; then sanitized asan-ubsan; sanitized tsan; fi
finish
