# METADATA
# title: The kernel is one that the agent supports
# description: >-
#   DeepFlow's table of kernels decides by architecture, release and distribution what eBPF
#   programs can attach to. Below it packets and Kubernetes information are still captured.
# custom:
#   id: DF-KERNEL-001
#   level: required
#   covers:
#     - kernel-x86-centos-7-9
#     - kernel-x86-redhat-7-6
#     - kernel-x86-4-14
#     - kernel-x86-4-15
#     - kernel-x86-4-16
#     - kernel-x86-4-17
#     - kernel-x86-suse-12-sp5
#     - kernel-arm-centos-8
#     - kernel-arm-euleros
#     - kernel-arm-kylin-v10-sp1
#     - kernel-arm-kylin-v10-sp2
#     - kernel-arm-kylin-v10-sp3
#     - kernel-arm-others
#     - note-2-el7-builds
#     - note-5-suse
#     - note-6-euleros
#     - note-7-kylin-sp1
#     - note-8-kylin-sp2
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel of the table: on x86 from 4.14 on, on ARM from 5.8 on, or a listed one of
#     CentOS, EulerOS, Kylin or SUSE.
package dfpolicy.requirements.kernel.supported_kernel

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.tables.field_reports

results contains result.of(rego.metadata.chain(), facts.subject(node), _verdict(node)) if some node in facts.asked

_verdict(node) := result.unknown("the node's architecture, kernel release and distribution", "uname -rm; cat /etc/os-release") if {
	features.of(node).certainty == "unknown"
} else := result.losing(["AutoTracing"], _unsupported(node)) if {
	features.of(node).kprobe == "no"
	features.of(node).perf == "yes"
} else := _unsupported(node) if {
	features.of(node).kprobe == "no"
} else := _agreed(node) if {
	features.of(node).certainty == "listed"
} else := _unlisted(node) if {
	settings.strict
} else := result.at("recommended", _unlisted(node))

_unsupported(node) := result.violation(
	$"kernel {facts.release(node)} is not supported: {concat("; ", features.of(node).notes)}",
	"a kernel of the table",
)

_unlisted(node) := result.violation(
	$"kernel {facts.release(node)} stands close to a listed one: {concat("; ", features.of(node).notes)}",
	"a listed kernel",
)

# What a listed kernel still asks of the agents that land there, for the few kernels where
# that hangs on their version.
_agreed(node) := result.pass($"kernel {facts.release(node)} is listed") if {
	not _version_decides(node)
} else := result.at("recommended", result.violation(
	$"kernel {facts.release(node)} is listed, but {concat("; ", _clashes(node))}",
	"agents that work on the kernel",
)) if {
	count(_clashes(node)) > 0
} else := result.at("recommended", sort([agent.version_unknown(workload) | some workload in _undated(node)])[0]) if {
	count(_undated(node)) > 0
} else := result.pass($"kernel {facts.release(node)} is listed")

_clashes(node) := sort(array.flatten([
	[$"{workload.subject.name} {agent.shown_version(workload)} needs 4.14" |
		features.of(node).row == "X2"
		some workload in _dated(node)
		not _lowered(workload)
	],
	[$"{workload.subject.name} {agent.shown_version(workload)} was reported to fail: {effect}" |
		some workload in _dated(node)
		some effect in field_reports.failures(workload.version, facts.kernel(node))
	],
]))

_dated(node) := [workload | some workload in facts.landing(node); agent.versioned(workload)]

_undated(node) := [workload | some workload in facts.landing(node); not agent.versioned(workload)]

_version_decides(node) if features.of(node).row == "X2"

_version_decides(node) if field_reports.suspect(facts.kernel(node))

# The agents whose floor was 4.12: the branch v6.5, and a few builds after it.
_lowered(workload) if {
	agent.at_least(workload, [6, 5])
	not agent.at_least(workload, [6, 6])
}

_lowered(workload) if workload.version in [[6, 6, 9, 2504], [7, 0, 5], [7, 0, 6], [7, 0, 7]]
