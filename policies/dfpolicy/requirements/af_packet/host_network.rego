# METADATA
# title: The agent captures in the host's network namespace
# description: >-
#   AF_PACKET sees the interfaces of the network namespace where it is opened. DeepFlow's
#   documentation requires the host network. An agent from v6.3 can also enter the host's
#   namespace with `hostPID`, SYS_ADMIN and SYS_PTRACE.
# custom:
#   id: DF-NET-001
#   met: >-
#     `hostNetwork` is true; or, for an agent from v6.3, `hostPID` is true and the container has
#     SYS_ADMIN and SYS_PTRACE (not with `--profile strict`)
#   related: [DF-K8S-003, DF-NET-005, DF-UPG-007]
#   level: required
#   covers: [capture-host-net]
#   impact: [AutoMetrics]
#   remediation: >-
#     Set `hostNetwork: true` and `dnsPolicy: ClusterFirstWithHostNet`. In the chart's
#     values.yaml, quote the first: `hostNetwork: "true"`. For an agent from v6.3, `hostPID:
#     true`, `SYS_ADMIN` and `SYS_PTRACE` also work.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
package dfpolicy.requirements.af_packet.host_network

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := agent_changes.host_network(workload, form.remedied(workload, host_remedies.host_network, _captures(workload)))

_captures(workload) := result.pass(_on_host_network(workload)) if {
	value.true_at(workload.pod, "hostNetwork")
} else := result.following(_cause(workload), _no_start(workload, message.clauses(array.concat(
	[_off_host_network(workload) | value.true_at(workload.pod, "hostPID")],
	_unmet(workload),
)))) if {
	count(_unmet(workload)) > 0
} else := result.violation(
	form.words(workload, {
		"kubernetes": message.text("hostNetwork is false; the strict profile does not accept hostPID, SYS_ADMIN and SYS_PTRACE instead"),
		"compose": message.text("network_mode is not host; the strict profile does not accept pid: host, SYS_ADMIN and SYS_PTRACE instead"),
		"systemd": message.text("PrivateNetwork= is set; the strict profile does not accept SYS_ADMIN and SYS_PTRACE instead"),
	}),
	_on_host_network(workload),
) if {
	settings.strict
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := _no_start(workload, message.clauses([
	_off_host_network(workload),
	message.of("agents before v6.3 cannot enter the host's namespace ({image})", {"image": workload.image}),
])) if {
	not agent.at_least(workload, [6, 3])
} else := result.at("recommended", result.losing([], result.violation(
	form.words(workload, {
		"kubernetes": message.text("hostNetwork is false; the agent uses hostPID, SYS_ADMIN and SYS_PTRACE instead. Nothing is lost"),
		"compose": message.text("network_mode is not host; the agent uses pid: host, SYS_ADMIN and SYS_PTRACE instead. Nothing is lost"),
		"systemd": message.text("PrivateNetwork= is set; the agent uses SYS_ADMIN and SYS_PTRACE instead. Nothing is lost"),
	}),
	_on_host_network(workload),
)))

_on_host_network(workload) := form.words(workload, {
	"kubernetes": message.text("hostNetwork is true"),
	"compose": message.text("network_mode is host"),
	"systemd": message.text("the unit is in the host's network"),
})

_off_host_network(workload) := form.words(workload, {
	"kubernetes": message.text("hostNetwork is false"),
	"compose": message.text("network_mode is not host"),
	"systemd": message.text("PrivateNetwork= is set"),
})

_no_start(workload, observed) := result.losing(["Agent start", "AutoMetrics"], result.violation(observed, form.words(workload, {
	"kubernetes": message.text("hostNetwork is true; or hostPID, SYS_ADMIN and SYS_PTRACE with an agent from v6.3"),
	"compose": message.text("network_mode is host; or pid: host, SYS_ADMIN and SYS_PTRACE with an agent from v6.3"),
	"systemd": message.text("the unit is in the host's network; or SYS_ADMIN and SYS_PTRACE with an agent from v6.3"),
})))

# The requirement that is not met, of those that replace hostNetwork.
_cause(workload) := "DF-K8S-001" if {
	not value.true_at(workload.pod, "hostPID")
} else := "DF-EBPF-002" if {
	not capability.effective(workload, "SYS_ADMIN")
} else := "DF-K8S-003"

_unmet(workload) := array.concat(
	[form.words(workload, {
		"kubernetes": message.text("without hostPID and hostNetwork, the agent captures its own pod's traffic only"),
		"compose": message.text("without pid: host and network_mode: host, the agent captures its own container's traffic only"),
	}) |
		not value.true_at(workload.pod, "hostPID")
	],
	[capability.why_missing(workload, name) |
		some name in ["SYS_ADMIN", "SYS_PTRACE"]
		not capability.effective(workload, name)
	],
)
