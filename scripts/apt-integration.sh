#!/bin/sh
# Installs what the extended tests need from Debian, by group: scripts/apt-integration.sh [group…], default all groups.
# The tests start these programs themselves, on loopback. Debian would start some of them as services on public ports
# while it installs them: a policy forbids that.
set -eu

groups='browser glewlwyd http keyring keystone proxy'

packages() {
  case $1 in
    browser) echo chromium fonts-dejavu-core ;;
    glewlwyd) echo glewlwyd ;;
    http) echo apache2 lighttpd python3-httpbin ;;
    keyring) echo dbus-daemon gnome-keyring ;;
    keystone) echo python3-keystone ;;
    proxy) echo squid ;;
    *) echo "unknown group '$1'; there are: $groups" >&2; return 2 ;;
  esac
}

# shellcheck disable=SC2086 # a list of names
[ $# -gt 0 ] || set -- $groups
missing=
for group in "$@"; do
  names=$(packages "$group")
  for name in $names; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing="$missing $name"
  done
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
  echo "to be installed by root:$missing ($0 $*)" >&2
  exit 1
fi

# https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt: 101 forbids the action.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
fi
for name in $missing; do
  allowed=0
  $policy "$name" start || allowed=$?
  if [ "$allowed" != 101 ]; then
    echo "$policy would let $name start as a service: make it exit with 101" >&2
    exit 1
  fi
done

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of names
apt-get install -y -q --no-install-recommends $missing
