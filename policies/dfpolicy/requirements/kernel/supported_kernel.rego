# METADATA
# title: The agent supports the kernel
# description: >-
#   DeepFlow's kernel table decides what eBPF programs can attach to, by architecture, kernel
#   release and distribution. On other kernels, the agent still captures packets and Kubernetes
#   information.
# custom:
#   id: DF-KERNEL-001
#   met: the kernel of each node is in DeepFlow's table
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

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.kernel_options
import data.dfpolicy.lib.message
import data.dfpolicy.lib.program_load
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.tables.kernel_matrix

results contains result.of(rego.metadata.chain(), facts.subject(node), features.following(node, _verdict(node))) if some node in facts.asked

_verdict(node) := result.unknown("architecture, kernel release and distribution of the node", "uname -rm; cat /etc/os-release") if {
	features.of(node).certainty == "unknown"
} else := result.losing(["AutoTracing"], _unsupported(node)) if {
	features.of(node).kprobe == "no"
	features.of(node).perf == "yes"
} else := _unsupported(node) if {
	features.of(node).kprobe == "no"
} else := result.at(program_load.needed(node).level, program_load.clash(node, program_load.demanding(node))) if {
	count(program_load.demanding(node)) > 0
} else := result.at("recommended", program_load.unversioned(node)[0]) if {
	count(program_load.unversioned(node)) > 0
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
	"notes": message.clauses([message.text(note) | some note in features.kernel_notes(node)]),
}

# A few listed kernels work only with some versions of the agent.
_agreed(node) := _reported(node, result.at("recommended", program_load.failed(node))) if {
	count(program_load.failures(node)) > 0
} else := result.at("recommended", program_load.undecided(node)[0]) if {
	count(program_load.undecided(node)) > 0
} else := result.pass("DeepFlow lists this kernel")

# DF-EBPF-015 reports the same, unless options of the kernel are not set, which is another problem.
_reported(node, verdict) := result.following("DF-EBPF-015", verdict) if {
	count(kernel_options.absent(node)) == 0
} else := verdict
