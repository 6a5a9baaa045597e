# METADATA
# title: Remedies on hosts
# description: >-
#   What to change in a Compose file or a systemd unit, where a requirement's own remediation
#   speaks of Kubernetes. `lib/form` puts it into the result.
package dfpolicy.tables.host_remedies

import data.dfpolicy.lib.message

# METADATA
# title: Host's processes
# description: How an agent comes to see them.
host_pid := {"compose": "Set `pid: host` on the agent's service."}

# METADATA
# title: Host's network
# description: How an agent comes to capture there.
host_network := {
	"compose": "Set `network_mode: host` on the agent's service.",
	"systemd": "Leave `PrivateNetwork=` out of the unit.",
}

# METADATA
# title: Loading
# description: What lets an agent load eBPF programs.
loading := {
	"compose": "Add `SYS_ADMIN` to `cap_add` of the agent's service, or `BPF` and `PERFMON` where the kernel is 5.8 or later.",
	"systemd": "Run the unit as root and leave `CapabilityBoundingSet=` out.",
}

# METADATA
# title: debugfs
# description: How an agent comes to read it.
debugfs := {
	"compose": concat(" ", [
		"Add `/sys/kernel/debug:/sys/kernel/debug:ro` to `volumes` of the agent's service, and mount debugfs there",
		"on the host (`mount -t debugfs debugfs /sys/kernel/debug`).",
	]),
	"systemd": "Mount debugfs on the host (`mount -t debugfs debugfs /sys/kernel/debug`).",
}

# METADATA
# title: Root
# description: How an agent comes to run as root.
root := {
	"compose": "Leave `user` out of the agent's service, or set `user: root`.",
	"systemd": "Leave `User=` and `DynamicUser=` out of the unit.",
}

# METADATA
# title: AppArmor
# description: How Docker leaves an agent unconfined.
apparmor := {"compose": "Add `apparmor:unconfined` to `security_opt` of the agent's service."}

# METADATA
# title: seccomp
# description: How Docker lets an agent's system calls pass.
seccomp := {"compose": "Add `seccomp:unconfined` to `security_opt` of the agent's service, or `SYS_ADMIN` to `cap_add`."}

# METADATA
# title: Writable places
# description: How an agent comes to write its files.
writable := {
	"compose": "Leave `read_only` out of the agent's service, or give it `tmpfs: /tmp` and a volume at `/var/log/deepflow-agent`.",
	"systemd": "Set `ReadWritePaths=/tmp /var/log/deepflow-agent` beside `ProtectSystem=strict`.",
}

# METADATA
# title: Port
# description: How the agent's port comes to be free.
port := {
	"compose": "Free TCP port 38086 on the host.",
	"systemd": "Free TCP port 38086 on the host.",
}

# METADATA
# title: Capabilities
# description: How an agent comes to hold a capability, by the name without CAP_.
capability[name] := {
	"compose": message.of("Add `{name}` to `cap_add` of the agent's service.", {"name": name}),
	"systemd": message.of(
		"Remove `User=`, `CapabilityBoundingSet=` and `ProtectKernelLogs=` from the unit, or keep `CAP_{name}` in the set.",
		{"name": name},
	),
} if {
	some name in ["IPC_LOCK", "NET_ADMIN", "NET_RAW", "SYSLOG", "SYS_ADMIN", "SYS_PTRACE", "SYS_RESOURCE"]
}
