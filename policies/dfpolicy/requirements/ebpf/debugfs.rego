# METADATA
# title: The host's debugfs is readable by the agent
# description: >-
#   Probes are attached through the tracing files below `/sys/kernel/debug`. Without them no eBPF
#   program runs. A read-only mount is enough, except below kernel 4.17, where attaching writes
#   `kprobe_events`; the host itself must have debugfs mounted there.
# custom:
#   id: DF-EBPF-005
#   level: required
#   covers: [ebpf-debugfs, ebpf-debugfs-absent]
#   reads: [manifests, nodes]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Mount the hostPath `/sys/kernel/debug` at the same path of the agent's container (`readOnly:
#     true` is enough from kernel 4.17 on), and debugfs there on each node (`mount -t debugfs
#     debugfs /sys/kernel/debug`).
package dfpolicy.requirements.ebpf.debugfs

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload, "/sys/kernel/debug")) if some workload in agent.collectors

_verdict(workload, path) := form.remedied(workload, host_remedies.debugfs, _readable(workload, path))

_readable(workload, path) := result.violation(mount.missing(workload, path), form.words(workload, {
	"kubernetes": $"hostPath {path} mounted at {path}",
	"compose": $"the host's {path} in `volumes` at {path}",
	"systemd": $"the host's {path}",
})) if {
	not mount.of_host(workload, path)
} else := result.violation(
	$"no debugfs is mounted at {path} on {result.abridged(_without_debugfs(workload, path))}",
	$"debugfs is mounted at {path} on each node",
) if {
	count(_without_debugfs(workload, path)) > 0
} else := result.at("recommended", result.violation(
	$"{path} is read-only, and {result.abridged(facts.older(workload, [4, 17]))} attaches kprobes by writing to it",
	$"{path} is mounted with `readOnly: false` below kernel 4.17",
)) if {
	mount.of_host(workload, path).readOnly == true
	count(facts.older(workload, [4, 17])) > 0
} else := result.unknown($"whether debugfs is mounted at {path} on each node", "mount -t debugfs") if {
	some node in facts.asked_of(workload)
	not facts.known(node, ["paths", path, "mounted"])
} else := result.unknown("whether each node has kernel 4.17, below which a read-only debugfs is not enough", facts.kernel_command(workload)) if {
	mount.of_host(workload, path).readOnly == true
	some node in facts.asked_of(workload)
	facts.kernel(node) == null
} else := result.pass($"debugfs is mounted at {path} on the host") if {
	workload.form == "systemd"
} else := result.pass($"the host's {mount.of_host(workload, path).host_path} is mounted{_manner(workload, path)}")

_manner(workload, path) := " read-only" if {
	mount.of_host(workload, path).readOnly == true
} else := " read-write"

_without_debugfs(workload, path) := [node.name |
	some node in facts.reached(workload)
	value.at(node.spec, ["paths", path, "mounted"], null) == false
]
