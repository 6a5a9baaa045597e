# METADATA
# title: The agent captures in the host's network namespace
# description: >-
#   AF_PACKET sees the interfaces of the network namespace that it is opened in. An agent from
#   v6.3 on can enter the host's namespace by itself when `hostPID`, SYS_ADMIN and SYS_PTRACE
#   allow it; the overview page asks for the host network.
# custom:
#   id: DF-NET-001
#   level: required
#   covers: [capture-host-net]
#   impact: [AutoMetrics]
#   remediation: >-
#     Set `hostNetwork: true` together with `dnsPolicy: ClusterFirstWithHostNet`; in the chart
#     both are values and the first wants a text: `hostNetwork: "true"`. An agent from v6.3 on
#     also works with `hostPID: true`, `SYS_ADMIN` and `SYS_PTRACE`.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, legacy-host, cloud-host, upgrade]
package dfpolicy.requirements.af_packet.host_network

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.form
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.host_remedies

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := form.remedied(workload, host_remedies.host_network, _captures(workload))

_captures(workload) := result.pass(_said(workload, true)) if {
	value.true_at(workload.pod, ["hostNetwork"])
} else := _no_start(workload, concat("; ", _unmet(workload))) if {
	count(_unmet(workload)) > 0
} else := result.violation(
	$"{_said(workload, false)}; {_equivalent(workload)} are an equivalent that the strict profile does not accept",
	_said(workload, true),
) if {
	settings.strict
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := _no_start(
	workload,
	$"{_said(workload, false)} and agents before v6.3 do not enter the host's namespace ({workload.image})",
) if {
	not agent.at_least(workload, [6, 3])
} else := result.at("recommended", result.losing([], result.violation(
	$"{_said(workload, false)}; met by an equivalent: {_equivalent(workload)} let the agent enter the host's namespace",
	_said(workload, true),
)))

_said(workload, true) := form.words(workload, {
	"kubernetes": "hostNetwork is true",
	"compose": "network_mode is host",
	"systemd": "the unit is in the host's network",
})

_said(workload, false) := form.words(workload, {
	"kubernetes": "hostNetwork is false",
	"compose": "network_mode is not host",
	"systemd": "PrivateNetwork= is set",
})

_equivalent(workload) := form.words(workload, {
	"kubernetes": "hostPID, SYS_ADMIN and SYS_PTRACE",
	"compose": "pid: host, SYS_ADMIN and SYS_PTRACE",
	"systemd": "SYS_ADMIN and SYS_PTRACE",
})

_no_start(workload, observed) := result.losing(["Agent start", "AutoMetrics"], result.violation(observed, concat("", [
	_said(workload, true),
	form.words(workload, {"kubernetes": ", or hostPID with", "compose": ", or pid: host with", "systemd": ", or"}),
	" SYS_ADMIN and SYS_PTRACE on an agent from v6.3 on",
])))

_unmet(workload) := array.concat(
	[form.words(workload, {
		"kubernetes": "hostNetwork and hostPID are false: the agent takes the pod's network namespace for the host's",
		"compose": "neither network_mode nor pid is host: the agent takes the container's network namespace for the host's",
	}) |
		not value.true_at(workload.pod, ["hostPID"])
	],
	[$"{_said(workload, false)} and {capability.missing(workload, name)}" |
		some name in ["SYS_ADMIN", "SYS_PTRACE"]
		not capability.effective(workload, name)
	],
)
