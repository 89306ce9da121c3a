#!/bin/bash
# The one list of Debian bookworm packages. Usage:
#   deploy/install-deps.sh [build] [test] [clients] [demo] [bench] [run]   installs (default: build)
#   deploy/install-deps.sh --print build                         prints a group's packages
# Exit codes: 0 everything is there, 1 it is not, and the message says why, 2 wrong use.
set -euo pipefail

build=(ca-certificates cmake ninja-build g++ libboost1.81-dev libboost-json1.81-dev libssl-dev
  libyaml-cpp-dev libabsl-dev prometheus-cpp-dev libspdlog-dev libmimalloc-dev libcli11-dev
  libgtest-dev libgmock-dev tzdata)
test=(ca-certificates binutils clang clang-format clang-tidy libclang-rt-14-dev shellcheck valgrind
  python3 python3-venv redis-server curl openssl git)
# What the tests with real clients run. COMMAND:PACKAGE is there where the command is, whoever
# installed it.
clients=(curl:curl wget:wget go:golang-go node:nodejs npm:npm javac:default-jdk-headless
  chromium:chromium)
demo=(ca-certificates python3 python3-venv redis-server)
bench=(wrk nghttp2-client haproxy nginx-light varnish h2o python3 python3-venv openssl git curl
  libbenchmark-dev)
run=(ca-certificates libboost-json1.81.0 libssl3 libyaml-cpp0.7 libprometheus-cpp-core1.0
  libabsl20220623 libspdlog1.10 libmimalloc2.0 tzdata)

fail() {
  echo "install-deps: $1" >&2
  exit "${2:-1}"
}

packages_of() {
  case $1 in
    build) printf '%s\n' "${build[@]}" ;;
    test) printf '%s\n' "${test[@]}" ;;
    clients) printf '%s\n' "${clients[@]}" ;;
    demo) printf '%s\n' "${demo[@]}" ;;
    bench) printf '%s\n' "${bench[@]}" ;;
    run) printf '%s\n' "${run[@]}" ;;
    *) fail "unknown group '$1'; there are: build test clients demo bench run" 2 ;;
  esac
}

packages_of_all() {
  local group
  for group in "$@"; do packages_of "$group" || return; done | sort -u
}

missing_of() {
  local package
  for package in "$@"; do
    [[ $package != *:* ]] || ! command -v "${package%%:*}" >/dev/null || continue
    package=${package##*:}
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done
}

require_bookworm() {
  local codename
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release 2>/dev/null && echo "${ID-}:${VERSION_CODENAME-}") || codename=unknown
  [[ $codename == debian:bookworm ]] || fail "needs Debian bookworm, this is '$codename'"
  command -v apt-get >/dev/null || fail "needs apt-get"
}

# Debian starts redis, nginx, haproxy, varnish and h2o as they are installed, which would leave
# daemons behind and take their ports: forbid it for as long as the installation lasts.
policy=/usr/sbin/policy-rc.d
policy_is_ours=

forbid_daemons() {
  [[ -e $policy ]] && return
  policy_is_ours=yes
  printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
  "${root[@]}" chmod 755 "$policy"
}

allow_daemons() {
  [[ -z $policy_is_ours ]] || "${root[@]}" rm -f "$policy"
}

# Nor shall they start with the machine's next boot.
disable_daemons() {
  local package unit
  command -v systemctl >/dev/null || return 0
  for package in "$@"; do
    case $package in
      redis-server | haproxy | varnish | h2o) unit=$package ;;
      nginx-light) unit=nginx ;;
      *) continue ;;
    esac
    "${root[@]}" systemctl disable --quiet "$unit" 2>/dev/null || true
  done
}

become_root() {
  if [[ $EUID -eq 0 ]]; then
    root=(env)
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
    root=(sudo)
  else
    fail "not root and no usable sudo; ask an administrator to run: apt-get install $*"
  fi
}

apt() {
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

install_packages() {
  become_root "$@"
  trap allow_daemons EXIT
  forbid_daemons
  apt update || fail "apt-get update failed; still missing: $*"
  apt install -y --no-install-recommends "$@" || fail "apt-get install failed; still missing: $*"
  disable_daemons "$@"
}

if [[ ${1-} == --print ]]; then
  shift
  [[ $# -gt 0 ]] || fail "--print needs a group" 2
  packages_of_all "$@" | sed 's/.*://'
  exit
fi
wanted=$(packages_of_all "${@:-build}")
require_bookworm
mapfile -t packages <<<"$wanted"
mapfile -t missing < <(missing_of "${packages[@]}")
[[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
