#!/bin/busybox sh
# The guest's first process: sets up each case of /cases.sh, and prints facts and answers between
# marks that the host reads. Settings of the node are those of `setting`; privileges those of `answers`.

/bin/busybox --install -s /bin
export PATH=/bin
mkdir -p /dev /proc /sys /run /tmp /var/tmp /etc
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t securityfs securityfs /sys/kernel/security
mount -t selinuxfs selinuxfs /sys/fs/selinux 2>/dev/null
echo 'root:x:0:0::/:/bin/sh' >/etc/passwd
ip link set lo up
dmesg -n 1

# shellcheck source=tests/kernels/lab/mounts.sh
. /mounts.sh

write() { echo "$1" >"$2" || echo "lab: cannot write $1 to $2"; }

# KEY=VALUE…: the settings of the node; those not named have these values.
setting() {
  debugfs=rw tracefs=rw kptr=1 paranoid=2 unprivileged=2 jit=1 selinux='' policy=''
  for pair; do eval "${pair%%=*}=\${pair#*=}"; done
  umount "$debug/tracing" 2>/dev/null
  umount "$debug" 2>/dev/null
  umount "$trace" 2>/dev/null
  mount -t tracefs tracefs "$trace"
  mount -t debugfs debugfs "$debug"
  as "$trace" "$tracefs"
  mounts_as "$debugfs"
  write "$kptr" /proc/sys/kernel/kptr_restrict
  write "$paranoid" /proc/sys/kernel/perf_event_paranoid
  write "$unprivileged" /proc/sys/kernel/unprivileged_bpf_disabled
  write "$jit" /proc/sys/net/core/bpf_jit_enable
  [ -z "$policy" ] || cat "$policy" >/sys/fs/selinux/load
  [ -z "$selinux" ] || write "$selinux" /sys/fs/selinux/enforce
}

# NAME COMMAND…: prints what the command prints, as the part `NAME`.
part() {
  name=$1
  shift
  printf '\n@begin %s\n' "$name"
  "$@"
  printf '\n@end %s %s\n' "$name" $?
}

# NAME: the facts of the node, without the probe.
facts() { part "facts $1" sh /collect.sh --name node; }

# NAME DEBUGFS KIND CONFINEMENT…: the answers of the probe. DEBUGFS is how it sees that: rw, ro or none.
# In a container, it sees a read-only /proc/sys, as without `privileged`.
answers() {
  case=$1 view=$2 kind=$3
  shift 3
  part "answers $case" unshare -m /bin/sh /inside.sh "$view" "$kind" /confine "$@" /probe
}

# NAME CONFINEMENT… COMMAND…: what the command prints with these privileges, as `confine` takes them.
confined() {
  case=$1
  shift
  part "$case" /confine "$@" 2>/dev/null
}

# shellcheck source=/dev/null
. /cases.sh
printf '\n@done\n'
poweroff -f
