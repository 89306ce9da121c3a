#!/bin/bash
# Everything that reads the source without running it. Usage:
#   tests/lint.sh [--quick]       --quick: without clang-tidy
# Needs a configured dev build for clang-tidy. One line per check; each check's name and
# result is also appended to the file named by WEIR_STEPS, if set.
# Exit codes: 0 all passed, 1 one failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export PYTHONDONTWRITEBYTECODE=1
python=build/venv/bin/python
[[ -x $python ]] || python=python3
quick=
[[ ${1-} == --quick ]] && quick=yes
failed=0

check() {
  local name=$1 began=$SECONDS result=pass output
  shift
  output=$("$@" </dev/null 2>&1) || result=fail
  [[ $result == pass ]] || failed=1
  [[ -z ${WEIR_STEPS-} ]] || printf '%s\t%s\n' "lint: $name" "$result" >>"$WEIR_STEPS"
  printf '%s  %s (%d s)\n' "$result" "$name" $((SECONDS - began))
  [[ $result == pass && $name != clang-tidy ]] || tail -n 200 <<<"$output"
}

mapfile -t cpp < <(find proxy tests bench -name '*.cc' -o -name '*.h' | sort)
mapfile -t shell < <(find deploy tests bench .ci -name '*.sh' | sort)
shell+=(.ci/run)

# The files to reformat, rather than each place.
format() {
  clang-format --dry-run -Werror "${cpp[@]}" 2>&1 | sed -n 's/:[0-9]*:[0-9]*: error:.*//p' | sort -u
  return "${PIPESTATUS[0]}"
}

ruff() {
  "$python" -m ruff check --no-cache --line-length 100 --select E,F,W \
    --target-version py311 deploy tests bench
}

check clang-format format
check "coroutine pitfalls" "$python" tests/lint/coroutine_pitfalls.py "${cpp[@]}"
check "unused names" "$python" tests/lint/unused_names.py "${cpp[@]}"
# SC2317 takes functions that are called by name for unreachable.
check shellcheck shellcheck -x -e SC2317 "${shell[@]}"
check ruff ruff
[[ -n $quick ]] || check clang-tidy "$python" tests/lint/tidy.py
exit "$failed"
