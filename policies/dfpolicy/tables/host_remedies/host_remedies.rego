# METADATA
# title: Remediation on hosts
# description: >-
#   What to change in a Compose file or a systemd unit, when a requirement's own remediation is
#   for Kubernetes. `lib/form` puts it into the result.
package dfpolicy.tables.host_remedies

import data.dfpolicy.lib.message

# METADATA
# title: Host processes
# description: How an agent gets access to them.
host_pid := {"compose": "Set `pid: host` on the agent's service."}

# METADATA
# title: Host network
# description: How an agent captures traffic there.
host_network := {
	"compose": "Set `network_mode: host` on the agent's service.",
	"systemd": "Remove `PrivateNetwork=` from the unit.",
}

# METADATA
# title: Loading
# description: How an agent can load eBPF programs.
loading := {
	"compose": "Add `SYS_ADMIN` to `cap_add` of the agent's service, or `BPF` and `PERFMON` on kernel 5.8 or later.",
	"systemd": "Run the unit as root, and remove `CapabilityBoundingSet=` from it.",
}

# METADATA
# title: debugfs
# description: How an agent can read it.
debugfs := {
	"compose": "Mount debugfs on the host, and add `/sys/kernel/debug:/sys/kernel/debug:ro` to `volumes` of the agent's service.",
	"systemd": "Mount debugfs on the host (`mount -t debugfs debugfs /sys/kernel/debug`).",
}

# METADATA
# title: Root
# description: How an agent runs as root.
root := {
	"compose": "Remove `user` from the agent's service, or set `user: root`.",
	"systemd": "Remove `User=` and `DynamicUser=` from the unit.",
}

# METADATA
# title: AppArmor
# description: How to run an agent unconfined in Docker.
apparmor := {"compose": "Add `apparmor:unconfined` to `security_opt` of the agent's service."}

# METADATA
# title: seccomp
# description: How Docker allows the agent's system calls.
seccomp := {"compose": "Add `seccomp:unconfined` to `security_opt` of the agent's service, or `SYS_ADMIN` to `cap_add`."}

# METADATA
# title: Writable directories
# description: How an agent can write its files.
writable := {
	"compose": "Remove `read_only` from the agent's service, or add `tmpfs: /tmp` and a volume at `/var/log/deepflow-agent`.",
	"systemd": "Add `ReadWritePaths=/tmp /var/log/deepflow-agent` to the unit, or remove `ProtectSystem=strict`.",
}

# METADATA
# title: Port
# description: How to free the agent's port.
port := {
	"compose": "Free the agent's port for integration data (TCP 38086 by default) on the host.",
	"systemd": "Free the agent's port for integration data (TCP 38086 by default) on the host.",
}

# METADATA
# title: Capabilities
# description: How an agent gets a capability, by the name without CAP_.
capability[name] := {
	"compose": message.of("Add `{name}` to `cap_add` of the agent's service.", {"name": name}),
	"systemd": message.of(
		"Remove `User=`, `CapabilityBoundingSet=` and `ProtectKernelLogs=` from the unit, or add `CAP_{name}` to the set.",
		{"name": name},
	),
} if {
	some name in ["IPC_LOCK", "NET_ADMIN", "NET_RAW", "SYSLOG", "SYS_ADMIN", "SYS_PTRACE", "SYS_RESOURCE"]
}
