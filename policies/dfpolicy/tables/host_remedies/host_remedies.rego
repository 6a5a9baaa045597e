# METADATA
# title: Remedies on hosts
# description: >-
#   What to change in a Compose file or a systemd unit, where a requirement's own remediation
#   speaks of Kubernetes, in English and in Chinese. `lib/form` puts it into the result.
package dfpolicy.tables.host_remedies

# METADATA
# title: Host's processes
# description: How an agent comes to see them.
host_pid := {"compose": {
	"en": "Set `pid: host` on the agent's service.",
	"zh": "在 Agent 的服务中设置 `pid: host`。",
}}

# METADATA
# title: Host's network
# description: How an agent comes to capture there.
host_network := {
	"compose": {
		"en": "Set `network_mode: host` on the agent's service.",
		"zh": "在 Agent 的服务中设置 `network_mode: host`。",
	},
	"systemd": {
		"en": "Leave `PrivateNetwork=` out of the unit.",
		"zh": "不要在单元中设置 `PrivateNetwork=`。",
	},
}

# METADATA
# title: Loading
# description: What lets an agent load eBPF programs.
loading := {
	"compose": {
		"en": "Add `SYS_ADMIN` to `cap_add` of the agent's service, or `BPF` and `PERFMON` where the kernel is 5.8 or later.",
		"zh": "在 Agent 服务的 `cap_add` 中添加 `SYS_ADMIN`；内核为 5.8 或更高版本时，也可添加 `BPF` 和 `PERFMON`。",
	},
	"systemd": {
		"en": "Run the unit as root and leave `CapabilityBoundingSet=` out.",
		"zh": "以 root 用户运行该单元，并且不要设置 `CapabilityBoundingSet=`。",
	},
}

# METADATA
# title: debugfs
# description: How an agent comes to read it.
debugfs := {
	"compose": {
		"en": concat(" ", [
			"Add `/sys/kernel/debug:/sys/kernel/debug:ro` to `volumes` of the agent's service, and mount debugfs there",
			"on the host (`mount -t debugfs debugfs /sys/kernel/debug`).",
		]),
		"zh": concat("", [
			"在 Agent 服务的 `volumes` 中添加 `/sys/kernel/debug:/sys/kernel/debug:ro`，",
			"并在主机的该路径上挂载 debugfs（`mount -t debugfs debugfs /sys/kernel/debug`）。",
		]),
	},
	"systemd": {
		"en": "Mount debugfs on the host (`mount -t debugfs debugfs /sys/kernel/debug`).",
		"zh": "在主机上挂载 debugfs（`mount -t debugfs debugfs /sys/kernel/debug`）。",
	},
}

# METADATA
# title: Root
# description: How an agent comes to run as root.
root := {
	"compose": {
		"en": "Leave `user` out of the agent's service, or set `user: root`.",
		"zh": "不要在 Agent 的服务中设置 `user`，或设置 `user: root`。",
	},
	"systemd": {
		"en": "Leave `User=` and `DynamicUser=` out of the unit.",
		"zh": "不要在单元中设置 `User=` 和 `DynamicUser=`。",
	},
}

# METADATA
# title: AppArmor
# description: How Docker leaves an agent unconfined.
apparmor := {"compose": {
	"en": "Add `apparmor:unconfined` to `security_opt` of the agent's service.",
	"zh": "在 Agent 服务的 `security_opt` 中添加 `apparmor:unconfined`。",
}}

# METADATA
# title: seccomp
# description: How Docker lets an agent's system calls pass.
seccomp := {"compose": {
	"en": "Add `seccomp:unconfined` to `security_opt` of the agent's service, or `SYS_ADMIN` to `cap_add`.",
	"zh": "在 Agent 服务的 `security_opt` 中添加 `seccomp:unconfined`，或在 `cap_add` 中添加 `SYS_ADMIN`。",
}}

# METADATA
# title: Writable places
# description: How an agent comes to write its files.
writable := {
	"compose": {
		"en": "Leave `read_only` out of the agent's service, or give it `tmpfs: /tmp` and a volume at `/var/log/deepflow-agent`.",
		"zh": "不要在 Agent 的服务中设置 `read_only`，或为其设置 `tmpfs: /tmp` 和挂载到 `/var/log/deepflow-agent` 的卷。",
	},
	"systemd": {
		"en": "Set `ReadWritePaths=/tmp /var/log/deepflow-agent` beside `ProtectSystem=strict`.",
		"zh": "在设置 `ProtectSystem=strict` 的同时，设置 `ReadWritePaths=/tmp /var/log/deepflow-agent`。",
	},
}

# METADATA
# title: Port
# description: How the agent's port comes to be free.
port := {
	"compose": {
		"en": "Free TCP port 38086 on the host.",
		"zh": "释放主机的 TCP 38086 端口。",
	},
	"systemd": {
		"en": "Free TCP port 38086 on the host.",
		"zh": "释放主机的 TCP 38086 端口。",
	},
}

# METADATA
# title: Capabilities
# description: How an agent comes to hold a capability, by the name without CAP_.
capability[name] := {
	"compose": {
		"en": $"Add `{name}` to `cap_add` of the agent's service.",
		"zh": $"在 Agent 服务的 `cap_add` 中添加 `{name}`。",
	},
	"systemd": {
		"en": $"Leave `User=`, `CapabilityBoundingSet=` and `ProtectKernelLogs=` out of the unit, or keep `CAP_{name}` in the set.",
		"zh": $"不要在单元中设置 `User=`、`CapabilityBoundingSet=` 和 `ProtectKernelLogs=`，或在能力集合中保留 `CAP_{name}`。",
	},
} if {
	some name in ["IPC_LOCK", "NET_ADMIN", "NET_RAW", "SYSLOG", "SYS_ADMIN", "SYS_PTRACE", "SYS_RESOURCE"]
}
