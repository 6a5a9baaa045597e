# shellcheck shell=busybox
# DEBUGFS KIND COMMAND…: runs it in this mount namespace, with the mounts of a case.
# shellcheck source=tests/kernels/lab/mounts.sh
. /mounts.sh
[ "$1" = rw ] || [ ! -e "$debug/tracing" ] || mounts_as "$1"
if [ "$2" = container ]; then
  mount -o bind /proc/sys /proc/sys
  mount -o remount,bind,ro /proc/sys
fi
shift 2
exec "$@"
