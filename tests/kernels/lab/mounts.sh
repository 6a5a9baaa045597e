# shellcheck shell=busybox
# How a process sees debugfs and tracefs.
debug=/sys/kernel/debug
# shellcheck disable=SC2034
trace=/sys/kernel/tracing

# AT HOW: makes a mount read-only, or removes it.
as() {
  case $2 in
    ro) mount -o remount,bind,ro "$1" ;;
    none) umount "$1" ;;
  esac
}

# HOW: debugfs, and the tracefs that mounts itself below it.
mounts_as() {
  ls "$debug/tracing" >/dev/null
  as "$debug/tracing" "$1" 2>/dev/null
  as "$debug" "$1"
}
