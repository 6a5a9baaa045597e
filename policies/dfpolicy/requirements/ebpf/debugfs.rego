# METADATA
# title: The host's debugfs is readable by the agent
# description: >-
#   The agent finds the tracepoints of system calls below `/sys/kernel/debug/tracing`. Read-only is
#   enough from kernel 4.17. On older kernels, the agent writes to `kprobe_events`, which works if
#   tracefs is mounted there. debugfs must also be mounted on the host itself.
# custom:
#   id: DF-EBPF-005
#   met: >-
#     hostPath `/sys/kernel/debug` is mounted at the same path in the agent's container, writable if
#     a node has a kernel below 4.17 without tracefs mounted there, and debugfs is mounted there on
#     each node
#   related: [DF-EBPF-006, DF-KERNEL-001]
#   level: required
#   covers: [ebpf-debugfs, ebpf-debugfs-absent]
#   reads: [manifests, nodes]
#   impact: [AutoTracing]
#   remediation: >-
#     Mount the hostPath `/sys/kernel/debug` at the same path in the agent's container; `readOnly:
#     true` is enough from kernel 4.17. Mount debugfs there on each node too: `mount -t debugfs
#     debugfs /sys/kernel/debug`.
package dfpolicy.requirements.ebpf.debugfs

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.change
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.tracefs
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), subject, verdict) if some [subject, verdict] in _verdicts

_verdicts := array.concat(
	[[workload.container_subject, _verdict(workload)] | some workload in agent.collectors],
	[[facts.subject(node), _verdict_on(node)] | some node in facts.asked],
)

# What the kernel refuses because debugfs is not mounted on a node is not the agent's fault.
_verdict(workload) := _stated(workload) if {
	some node in facts.reached(workload)
	_without_debugfs[node.name]
} else := probe.of_agent(workload, "debugfs", _stated(workload))

_stated(workload) := form.remedied(workload, host_remedies.debugfs, _readable(workload))

_verdict_on(node) := probe.of_node(node, "debugfs", _mount_on(node))

_mount_on(node) := facts.unknown(node, $"paths.{_path}.mounted", "debugfs mount at /sys/kernel/debug", "mount -t debugfs") if {
	not is_boolean(value.at(node.spec, ["paths", _path, "mounted"], null))
} else := result.pass("debugfs is mounted at /sys/kernel/debug") if {
	value.true_at(node.spec, ["paths", _path, "mounted"])
} else := result.remedied("Mount debugfs on the node: `mount -t debugfs debugfs /sys/kernel/debug`.", _unmounted)

_unmounted := result.fixed_by(change.debugfs, result.violation("debugfs is not mounted at /sys/kernel/debug", "debugfs is mounted at /sys/kernel/debug"))

_readable(workload) := agent_changes.host_path(workload, _mount(true), result.violation(mount.why_missing(workload, _path), form.words(workload, {
	"kubernetes": message.text("hostPath /sys/kernel/debug is mounted at the same path"),
	"compose": message.text("`volumes` mounts the host's /sys/kernel/debug at the same path"),
	"systemd": message.text("the unit sees the host's /sys/kernel/debug"),
}))) if {
	not _mounted(workload)
} else := agent_changes.unmounted(workload, mount.over_tracefs(workload), result.violation(
	message.of("the mount at {path} hides the host's tracefs", {"path": mount.over_tracefs(workload)}),
	"nothing is mounted over the host's tracefs",
)) if {
	mount.over_tracefs(workload)
} else := result.at("recommended", agent_changes.host_path(workload, _mount(false), result.violation(
	message.counted(
		"/sys/kernel/debug is read-only; 1 node below kernel 4.17 must write to it: {nodes}",
		"/sys/kernel/debug is read-only; {count} nodes below kernel 4.17 must write to it: {nodes}",
		{"count": facts.number(tracefs.old(workload, "read-only")), "nodes": facts.names(tracefs.old(workload, "read-only"))},
	),
	"below kernel 4.17, /sys/kernel/debug is mounted with `readOnly: false`",
))) if {
	_read_only(workload)
	count(tracefs.old(workload, "read-only")) > 0
} else := result.at("recommended", result.unknown(
	message.of("tracefs mount at /sys/kernel/debug/tracing on {nodes}", {"nodes": facts.names(tracefs.old(workload, "unknown"))}),
	"findmnt /sys/kernel/debug/tracing",
)) if {
	_read_only(workload)
	count(tracefs.old(workload, "unknown")) > 0
} else := result.unknown("kernel release", facts.kernel_command(workload)) if {
	_read_only(workload)
	count([node | some node in facts.asked_of(workload); facts.kernel(node) == null]) > 0
} else := result.pass("the unit sees the host's /sys/kernel/debug") if {
	workload.form == "systemd"
} else := result.pass(message.of("the host's {path} is mounted read-only", {"path": _mounted(workload).host_path})) if {
	_read_only(workload)
} else := result.pass(message.of("the host's {path} is mounted read-write", {"path": _mounted(workload).host_path}))

_path := "/sys/kernel/debug"

_mount(read_only) := {"path": _path, "settings": {"readOnly": read_only}}

_mounted(workload) := mount.of_host(workload, _path)

_read_only(workload) if {
	_mounted(workload).readOnly == true
	not mount.writable(workload, tracefs.path)
}

_without_debugfs := {node.name | some node in facts.asked; _verdict_on(node).outcome == "violation"}
