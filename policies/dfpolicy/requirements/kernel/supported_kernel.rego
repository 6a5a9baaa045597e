# METADATA
# title: The agent supports the kernel
# description: >-
#   DeepFlow's kernel table decides what eBPF programs can attach to, by architecture, kernel
#   release and distribution. On other kernels, the agent still captures packets and Kubernetes
#   information.
# custom:
#   id: DF-KERNEL-001
#   level: required
#   covers: [
#     kernel-x86-centos-7-9, kernel-x86-redhat-7-6, kernel-x86-4-14, kernel-x86-4-15,
#     kernel-x86-4-16, kernel-x86-4-17, kernel-x86-suse-12-sp5, kernel-arm-centos-8,
#     kernel-arm-euleros, kernel-arm-kylin-v10-sp1, kernel-arm-kylin-v10-sp2,
#     kernel-arm-kylin-v10-sp3, kernel-arm-others, note-2-el7-builds, note-5-suse,
#     note-6-euleros, note-7-kylin-sp1, note-8-kylin-sp2
#   ]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Use a kernel from DeepFlow's table: 4.14 or later on x86, 5.8 or later on ARM, or a listed
#     kernel of CentOS, EulerOS, Kylin or SUSE.
package dfpolicy.requirements.kernel.supported_kernel

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.tables.field_reports
import data.dfpolicy.tables.kernel_matrix

results contains result.of(rego.metadata.chain(), facts.subject(node), features.following(node, _verdict(node))) if some node in facts.asked

_verdict(node) := result.unknown("architecture, kernel release and distribution of the node", "uname -rm; cat /etc/os-release") if {
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

_unsupported(node) := result.remedied(kernel_matrix.remedies[features.of(node).row], _refused(node)) if {
	kernel_matrix.remedies[features.of(node).row]
} else := _refused(node)

_refused(node) := result.violation(
	message.of("the agent does not support kernel {release}: {notes}", _values(node)),
	"a kernel in DeepFlow's table",
)

_unlisted(node) := result.violation(
	message.of("kernel {release} is close to one in DeepFlow's table, but not listed: {notes}", _values(node)),
	"a kernel in DeepFlow's table",
)

_values(node) := {
	"release": facts.release(node),
	"notes": message.clauses([message.text(note) | some note in features.of(node).notes]),
}

# A few listed kernels work only with some versions of the agent.
_agreed(node) := result.pass("DeepFlow lists this kernel") if {
	not _version_decides(node)
} else := result.at("recommended", result.violation(
	message.of("DeepFlow lists kernel {release}, but {problems}", {
		"release": facts.release(node),
		"problems": message.clauses(_clashes(node)),
	}),
	"an agent version that works on this kernel",
)) if {
	count(_clashes(node)) > 0
} else := result.at("recommended", sort([agent.version_unknown(workload) | some workload in _undated(node)])[0]) if {
	count(_undated(node)) > 0
} else := result.pass("DeepFlow lists this kernel")

_clashes(node) := sort(array.flatten([
	[message.of("{agent} {version} needs kernel 4.14 or later", _agent(workload)) |
		features.of(node).row == "X2"
		some workload in _dated(node)
		not _lowered(workload)
	],
	[message.of("{agent} {version} is reported to fail: {effect}", object.union(_agent(workload), {"effect": message.text(effect)})) |
		some workload in _dated(node)
		some effect in field_reports.failures(workload.version, facts.kernel(node))
	],
]))

_agent(workload) := {"agent": workload.subject.name, "version": agent.shown_version(workload)}

_dated(node) := [workload | some workload in facts.landing(node); agent.versioned(workload)]

_undated(node) := [workload | some workload in facts.landing(node); not agent.versioned(workload)]

_version_decides(node) if features.of(node).row == "X2"

_version_decides(node) if field_reports.suspect(facts.kernel(node))

# The agents that start on kernel 4.12: branch v6.5 and a few later builds.
_lowered(workload) if {
	agent.at_least(workload, [6, 5])
	not agent.at_least(workload, [6, 6])
}

_lowered(workload) if workload.version in [[6, 6, 9, 2504], [7, 0, 5], [7, 0, 6], [7, 0, 7]]
