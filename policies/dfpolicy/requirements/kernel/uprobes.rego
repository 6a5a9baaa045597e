# METADATA
# title: Uprobes reach Go and OpenSSL processes in containers
# description: >-
#   On old kernels, uprobes attach to processes on the host only, or not at all. TLS and Go
#   traffic of pods is then not traced. Uprobes are off by default.
# custom:
#   id: DF-KERNEL-002
#   met: >-
#     Go and OpenSSL uprobes reach containers on each node: kernel 4.17 or later, and a uprobe PMU
#     for agents from v7.1.4
#   related: [DF-KERNEL-001]
#   level: recommended
#   covers:
#     - kernel-x86-centos-7-9
#     - kernel-x86-redhat-7-6
#     - kernel-x86-4-14
#     - kernel-x86-4-15
#     - kernel-x86-4-16
#     - kernel-x86-suse-12-sp5
#     - note-3-containers
#   impact: [AutoTracing of Go and OpenSSL]
#   remediation: To trace encrypted or Go traffic of pods, use kernel 4.17 or later.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
package dfpolicy.requirements.kernel.uprobes

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := probe.of_node(node, "uprobes", features.following(node, _stated(node)))

_stated(node) := result.unknown("architecture, kernel release and distribution of the node", "uname -rm; cat /etc/os-release") if {
	features.of(node).certainty == "unknown"
} else := _reach(node, _shortfalls(node))

_reach(_, []) := result.pass("Go and OpenSSL uprobes reach containers")

_reach(node, shortfalls) := result.violation(
	message.of("kernel {release}: {problems}", {"release": facts.release(node), "problems": message.clauses(shortfalls)}),
	"Go and OpenSSL uprobes reach containers",
) if {
	count(shortfalls) > 0
}

_shortfalls(node) := array.concat(_attached(features.of(node)), _unattached(node))

_attached(row) := [text | text := _both[row.golang_uprobe]] if {
	row.golang_uprobe == row.openssl_uprobe
} else := array.concat(
	[text | text := _go[row.golang_uprobe]],
	[text | text := _openssl[row.openssl_uprobe]],
)

_unattached(node) := sort([_without_pmu(workload) |
	features.of(node).golang_uprobe != "no"
	features.without_pmu(node)
	some workload in _pmu_agents
	facts.runs_on(workload, node)
])

_both := {
	"host-only": message.text("Go and OpenSSL uprobes reach processes on the host only"),
	"no": message.text("Go and OpenSSL uprobes do not attach"),
}

_go := {
	"host-only": message.text("Go uprobes reach processes on the host only"),
	"no": message.text("Go uprobes do not attach"),
}

_openssl := {
	"host-only": message.text("OpenSSL uprobes reach processes on the host only"),
	"no": message.text("OpenSSL uprobes do not attach"),
}

_without_pmu(workload) := message.of(
	"{agent} {version} cannot attach Go and TLS probes: no uprobe PMU",
	{"agent": workload.subject.name, "version": agent.shown_version(workload)},
) if {
	agent.versioned(workload)
} else := message.of(
	"{agent} from v7.1.4 on cannot attach Go and TLS probes: no uprobe PMU",
	{"agent": workload.subject.name},
)

_pmu_agents := [workload | some workload in agent.collectors; _by_pmu(workload)]

# From v7.1.4. A tag of two numbers moves with its branch.
_by_pmu(workload) if agent.at_least(workload, [7, 1, 4])

_by_pmu(workload) if workload.version in [[6, 6], [7, 0], [7, 1]]

_by_pmu(workload) if not agent.versioned(workload)
