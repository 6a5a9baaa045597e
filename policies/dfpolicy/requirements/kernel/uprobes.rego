# METADATA
# title: Uprobes reach Go and OpenSSL processes in containers
# description: >-
#   On old kernels uprobes attach to processes of the host only, or not at all, so that TLS and Go
#   traffic of pods stays opaque. They are off by default.
# custom:
#   id: DF-KERNEL-002
#   level: recommended
#   covers:
#     - kernel-x86-centos-7-9
#     - kernel-x86-redhat-7-6
#     - kernel-x86-4-14
#     - kernel-x86-4-15
#     - kernel-x86-4-16
#     - kernel-x86-suse-12-sp5
#     - note-3-containers
#   impact: [AutoTracing]
#   remediation: Use a kernel from 4.17 on where encrypted or Go traffic of pods is to be traced.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
package dfpolicy.requirements.kernel.uprobes

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.unknown("the node's architecture, kernel release and distribution", "uname -rm; cat /etc/os-release") if {
	features.of(node).certainty == "unknown"
} else := _reach(node, _shortfalls(node))

_reach(_, []) := result.pass("Go and OpenSSL uprobes reach containers")

_reach(node, shortfalls) := result.violation(
	$"kernel {facts.release(node)}: {concat("; ", shortfalls)}",
	"Go and OpenSSL uprobes that reach containers",
) if {
	count(shortfalls) > 0
}

_shortfalls(node) := array.flatten([
	[$"Go uprobes {ability}" | ability := features.of(node).golang_uprobe; ability != "yes"],
	[$"OpenSSL uprobes {ability}" | ability := features.of(node).openssl_uprobe; ability != "yes"],
	sort([$"no uprobe PMU, through which alone {workload.subject.name} {agent.shown_version(workload)} attaches" |
		features.of(node).golang_uprobe != "no"
		features.without_pmu(node)
		some workload in _pmu_agents
		facts.runs_on(workload, node)
	]),
])

_pmu_agents := [workload | some workload in agent.collectors; _by_pmu(workload)]

# From v7.1.4 on; a tag of two numbers moves, and follows its branch.
_by_pmu(workload) if agent.at_least(workload, [7, 1, 4])

_by_pmu(workload) if workload.version in [[6, 6], [7, 0], [7, 1]]

_by_pmu(workload) if not agent.versioned(workload)
