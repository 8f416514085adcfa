#!/usr/bin/env bash
# Installs the real servers that test/servers puts behind the gate: from npm, from PyPI, and a browser from Debian.
# They come to TOOLGATE_REAL_SERVERS, or else to the user's cache; what is there already is kept.
# Ends with 3 where only PyPI is out of reach, with 1 where anything else is missing.
set -euo pipefail
wanted="$(cd "$(dirname "$0")/../test/servers/install" && pwd)"
folder="${TOOLGATE_REAL_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/toolgate-real-servers}"
PATH="$(cd "$(dirname "$0")/.." && pwd)/node_modules/.bin:$PATH"
mkdir -p "$folder/bin" "$folder/npm"
# One at a time: two runs may share the folder.
exec 9>"$folder/lock"
if command -v flock >/dev/null; then flock 9; fi

say() { printf 'real servers: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Runs a command as root: directly, or with sudo where that asks for no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_updated=no
from_debian() {
  if [ "$apt_updated" = no ]; then
    as_root apt-get update -qq >&2
    apt_updated=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

from_npm() {
  cmp -s "$wanted/package-lock.json" "$folder/npm/installed" && return
  say 'npm ci'
  cp "$wanted/package.json" "$wanted/package-lock.json" "$folder/npm/"
  (cd "$folder/npm" && npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error) >&2
  cp "$wanted/package-lock.json" "$folder/npm/installed"
}

browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome-stable || command -v google-chrome
}

link_browser() {
  if ! browser >/dev/null; then
    say 'apt-get install chromium'
    from_debian chromium || fail 'no chromium: install chromium or Google Chrome, so that it is on the PATH'
  fi
  ln -sfn "$(browser)" "$folder/bin/chromium"
}

# Only a name that is not resolved, a refused connection or silence mean that PyPI is out of reach; whatever else is wrong is told by pip.
is_pypi_out_of_reach() {
  local status=0 index="${PIP_INDEX_URL:-https://pypi.org/simple}"
  command -v curl >/dev/null || return 1
  # The page of one package; that of the index itself lists all there are.
  curl --silent --location --head --retry 2 --max-time 30 --output /dev/null "${index%/}/mitmproxy-mcp/" || status=$?
  case "$status" in
  5 | 6 | 7 | 28) return 0 ;;
  *) return 1 ;;
  esac
}

is_fit() {
  "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' 2>/dev/null
}

# A Python that the Mitmproxy server can run on: one of pyenv's, or one on the PATH.
fit_python() {
  local one
  for one in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[23].*/bin/python3 "$(command -v python3.13)" "$(command -v python3.12)" "$(command -v python3)"; do
    if [ -x "$one" ] && is_fit "$one"; then
      printf '%s\n' "$one"
      return
    fi
  done
  return 1
}

# pip_install PIP... -- OPTION...
pip_install() {
  local pip=()
  while [ "$1" != -- ]; do
    pip+=("$1")
    shift
  done
  shift
  "${pip[@]}" install --quiet --disable-pip-version-check --root-user-action ignore --only-binary :all: -r "$wanted/requirements.txt" "$@" >&2
}

into_venv() {
  "$1" -m venv "$folder/venv"
  pip_install "$folder/venv/bin/python" -m pip --
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$folder/venv/bin/python" >"$folder/bin/python"
}

# Debian 13 in a folder, of which only Python is used, in place: its loader is called by name, so nothing runs in a chroot later.
into_trixie() {
  local root="$folder/trixie" libraries
  say 'no Python 3.12 or 3.13 here: one from Debian 13 (debootstrap)'
  command -v debootstrap >/dev/null || from_debian debootstrap || fail 'no debootstrap: install Python 3.12 or 3.13'
  as_root rm -rf "$root"
  as_root "$(command -v debootstrap)" --variant=minbase --include=python3,python3-venv,ca-certificates trixie "$root" >"$folder/debootstrap.log" 2>&1 ||
    fail "debootstrap failed; see $folder/debootstrap.log, or install Python 3.12 or 3.13"
  libraries="$(echo "$root"/usr/lib/*-linux-gnu*)"
  printf '#!/bin/sh\nPYTHONHOME="%s" PYTHONPATH="%s" exec "%s" --library-path "%s" "%s" "$@"\n' \
    "$root/usr" "$folder/packages" "$(echo "$libraries"/ld-linux-*.so.*)" "$libraries" "$root/usr/bin/python3" >"$folder/bin/python"
  chmod +x "$folder/bin/python"
  rm -rf "$folder/packages"
  pip_install "$folder/bin/python" "$(echo "$root"/usr/share/python-wheels/pip-*.whl)/pip" -- --target "$folder/packages"
}

from_pypi() {
  local python
  if cmp -s "$wanted/requirements.txt" "$folder/python-installed" && "$folder/bin/python" -c 'import mitmproxy_mcp' 2>/dev/null; then return; fi
  if is_pypi_out_of_reach; then
    say 'PyPI CANNOT BE REACHED: the servers written in Python are not installed, and their tests cannot run.'
    return 3
  fi
  rm -rf "$folder/venv" "$folder/python-installed"
  python="$(fit_python || true)"
  say "pip install, on ${python:-Python of Debian 13}"
  if [ -n "$python" ]; then into_venv "$python"; else into_trixie; fi
  chmod +x "$folder/bin/python"
  cp "$wanted/requirements.txt" "$folder/python-installed"
}

from_npm
link_browser
from_pypi
say "all installed in $folder"
