#!/bin/sh
# with-keychain.sh COMMAND...: runs a command under a D-Bus session of its own with an unlocked, throw-away Secret Service. Nothing of the
# user's own session or keyring is touched. Ends as the command does; with 77 when the tools are missing, 78 when the service does not come up.
set -eu

if [ -z "${EXHIBIT_KEYCHAIN_INNER:-}" ]; then
  for program in dbus-run-session dbus-send gnome-keyring-daemon; do
    command -v "$program" >/dev/null || {
      echo "with-keychain: $program is missing (Debian: dbus, gnome-keyring)" >&2
      exit 77
    }
  done
  folder=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-keychain.XXXXXX")
  trap 'rm -rf "$folder"' EXIT INT TERM
  mkdir -m 700 "$folder/run" "$folder/data"
  env -u DISPLAY -u WAYLAND_DISPLAY -u DBUS_SESSION_BUS_ADDRESS -u GNOME_KEYRING_CONTROL \
    EXHIBIT_KEYCHAIN_INNER=1 XDG_RUNTIME_DIR="$folder/run" XDG_DATA_HOME="$folder/data" \
    dbus-run-session -- "$0" "$@" && code=0 || code=$?
  exit "$code"
fi

unset EXHIBIT_KEYCHAIN_INNER
# The password is read to the end of input, and would hold a newline; with it the keyring "login" is made at first use.
eval "$(printf %s test | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null)"
export GNOME_KEYRING_CONTROL
tries=0
until dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
  org.freedesktop.DBus.Peer.Ping >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ] || {
    echo 'with-keychain: the Secret Service does not come up' >&2
    exit 78
  }
  sleep 0.1
done
exec "$@"
