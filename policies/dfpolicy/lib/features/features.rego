# METADATA
# title: Features that each node supports
# description: The row of the kernel matrix that matches each node, with fentry and notes.
package dfpolicy.lib.features

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.distribution
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.kernel_options
import data.dfpolicy.lib.kernel_release
import data.dfpolicy.lib.message
import data.dfpolicy.lib.probe
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule
import data.dfpolicy.lib.value
import data.dfpolicy.tables.kernel_matrix

# METADATA
# title: Feature rows
# description: One row for each node of the input, in the order of their names.
rows := [_worded(_probed(row, _answers(node))) |
	some node in facts.nodes
	row := _row(node, _usable(node, of(node)), _attaching(node))
]

# What was probed replaces what follows from the version and the settings.
_probed(row, answers) := row if {
	count(answers) == 0
} else := object.union_n([
	row,
	{column: answers[question].allowed | some column, question in _asked; answers[question]},
	{
		"certainty": _certainty(row, answers),
		"probed": sort([column | some column, question in _asked; answers[question]]),
		"notes": array.concat(row.notes, _probe_notes(row, answers)),
	},
])

# Notes with values have templates.
_worded(row) := object.union(row, {
	"notes": [message.english(note) | some note in row.notes],
	"messages": {"notes": [message.phrase(note).message | some note in row.notes]},
}) if {
	some note in row.notes
	is_object(note)
} else := row

# What is not probed still depends on DeepFlow's table.
_certainty(row, answers) := row.certainty if {
	some question in ["tracing", "profiling", "uprobes"]
	not answers[question]
} else := "probed"

_answers(node) := {question: found |
	some question in ["tracing", "profiling", "uprobes", "fentry"]
	found := probe.answer(node, question)
	found.allowed != "unknown"
	not _of_another(node, found)
}

# What SELinux allows the probe, it may refuse to the agent.
_of_another(node, found) if {
	found.allowed == "yes"
	_enforcing(node)
	probe.answer(node, "selinux").allowed != "yes"
}

_asked := {
	"fentry": "fentry", "golang_uprobe": "uprobes", "kprobe": "tracing", "openssl_uprobe": "uprobes",
	"perf": "profiling",
}

_probe_notes(row, answers) := array.flatten([
	message.of("probed on the node: {features}", {"features": message.whole([_names[question] | some question, _ in answers])}),
	[message.of("{feature}: the kernel refused {calls}", {"feature": _names[question], "calls": message.whole(found.refusals)}) |
		some question, found in answers
		found.allowed == "no"
	],
	[message.of("{feature}: the kernel's version and the node's settings suggest {value}", {
		"feature": _names[question],
		"value": message.text(row[column]),
	}) |
		some question, column in {"fentry": "fentry", "profiling": "perf", "tracing": "kprobe", "uprobes": "golang_uprobe"}
		answers[question].allowed != row[column]
	],
])

_names := {"fentry": "fentry", "profiling": "AutoProfiling", "tracing": "AutoTracing", "uprobes": "uprobe"}

# Features that the kernel supports, but the node's settings deny to this agent.
_usable(node, row) := object.union(row, {
	"kprobe": "no",
	"golang_uprobe": "no",
	"openssl_uprobe": "no",
	"perf": "no",
	"notes": array.concat(kernel_notes(node), _refusals(node)),
}) if {
	count(_refusals(node)) > 0
} else := row

# METADATA
# title: Notes on a kernel
# description: The notes of the node's row. They claim no feature if the node refuses every eBPF program.
kernel_notes(node) := [_claiming_nothing(note) | some note in of(node).notes] if {
	count(_refusals(node)) > 0
} else := of(node).notes

_claiming_nothing(note) := kernel_matrix.notes.unread_user if {
	note == kernel_matrix.notes.profiling
} else := note

_attaching(node) := "no" if {
	_enforcing(node)
} else := fentry(node)

# The default policies of distributions refuse eBPF to containers that are not privileged.
_enforcing(node) if lower(value.string_at(node.spec, ["selinux", "mode"])) == "enforcing"

_refusals(node) := array.flatten([
	[kernel_matrix.notes.confidentiality | value.string_at(node.spec, "lockdown") == "confidentiality"],
	[kernel_matrix.notes.selinux | _enforcing(node)],
	[message.of("kernel options not set: {options}", {"options": message.whole(options)}) |
		options := kernel_options.absent(node)
		count(options) > 0
	],
	[kernel_matrix.notes.paranoid |
		_by_pair[node.name]
		facts.paranoid(node) >= 3
	],
])

_row(node, row, attaching) := object.union(object.remove(row, ["row", "agents"]), {
	"node": node.name,
	"architecture": value.plain(value.at(node.spec, "architecture", "unknown")),
	"kernelRelease": value.plain(value.at(node.spec, "kernelRelease", "unknown")),
	"os": distribution.shown(node),
	"golang_uprobe": _uprobe(node, row.golang_uprobe),
	"openssl_uprobe": _uprobe(node, row.openssl_uprobe),
	"fentry": attaching,
	"notes": array.flatten([row.notes, _pair_notes(node, row), _pmu_notes(node, row), _fentry_notes(node, attaching)]),
})

# The kernel supports uprobes, but the agent may lack the permission.
_uprobe(node, ability) := "unknown" if {
	ability != "no"
	_by_pair[node.name]
} else := ability

# Nodes on which an agent has BPF and PERFMON in place of SYS_ADMIN.
_by_pair := {node.name | some workload in _paired; some node in facts.reached(workload)}

_paired := [workload | some workload in agent.collectors; capability.paired(workload)]

_pair_notes(node, row) := [kernel_matrix.notes.pair] if {
	row.golang_uprobe != "no"
	_by_pair[node.name]
} else := []

_pmu_notes(node, row) := [kernel_matrix.notes.no_pmu] if {
	row.golang_uprobe in {"yes", "host-only"}
	without_pmu(node)
} else := []

_fentry_notes(node, "yes") := [kernel_matrix.notes.fentry_crash] if {
	facts.kernel(node) < [5, 10, 28]
} else := [kernel_matrix.notes.fentry]

_fentry_notes(_, attaching) := [] if attaching != "yes"

# METADATA
# scope: document
# title: No uprobe PMU
# description: >-
#   True if the node has no uprobe PMU, or if this was not collected and the kernel is before 4.17.
#   The upstream kernel has the uprobe PMU from 4.17.
without_pmu(node) if value.at(node.spec, "uprobePmu", null) == false

without_pmu(node) if {
	not facts.known(node, ["uprobePmu"])
	facts.kernel(node) != null
	facts.kernel(node) < [4, 17]
}

# METADATA
# title: Row of a node of the input
# description: The same as `row`, computed once for each node.
of(node) := _rows[node.name] if {
	_rows[node.name]
} else := row(node)

_rows := {node.name: row(node) | some node in facts.nodes}

# METADATA
# title: Verdict with its cause
# description: >-
#   The verdict on a node's kernel. A violation without another cause follows from the kernel, by
#   its row in the kernel matrix: other rows need other changes.
following(node, verdict) := result.following($"DF-KERNEL-001.{of(node).row}", verdict) if {
	verdict.outcome == "violation"
	not verdict.cause
} else := verdict

# METADATA
# title: Row of a node
# description: >-
#   The first row of the kernel matrix that matches the node, if its release is that of a Linux
#   kernel.
row(node) := kernel_matrix.unreal.foreign if {
	schedule.foreign(node)
} else := kernel_matrix.unreal.sandbox if {
	kernel_release.emulated(facts.release(node))
} else := kernel_matrix.unreal.virtual if {
	facts.virtual_kernel(node)
} else := kernel_matrix.row({
	"architecture": architecture(node),
	"version": facts.kernel(node),
	"release": value.string_at(node.spec, "kernelRelease"),
	"build": kernel_release.build(value.string_at(node.spec, "kernelRelease")),
	"distribution": distribution.of(node),
})

# METADATA
# title: Architecture of a node
# description: >-
#   x86, arm, or other; empty if neither a fact nor the kernel release shows it.
architecture(node) := _families[lower(value.string_at(node.spec, "architecture"))] if {
	lower(value.string_at(node.spec, "architecture")) in object.keys(_families)
} else := "other" if {
	value.string_at(node.spec, "architecture") != ""
} else := "x86" if {
	endswith(value.string_at(node.spec, "kernelRelease"), ".x86_64")
} else := "arm" if {
	endswith(value.string_at(node.spec, "kernelRelease"), ".aarch64")
} else := ""

_families := {"x86_64": "x86", "amd64": "x86", "aarch64": "arm", "arm64": "arm"}

# METADATA
# title: fentry
# description: >-
#   Whether the node's kernel can attach fentry programs. They are off by default. DeepFlow's page
#   names 6.0 for ARM; measured, 6.1 refuses them.
fentry(node) := "no" if {
	of(node).row in {"foreign", "sandbox"}
} else := "no" if {
	value.string_at(node.spec, "lockdown") == "confidentiality"
} else := "unknown" if {
	of(node).row == "virtual"
} else := "unknown" if {
	facts.kernel(node) == null
} else := "unknown" if {
	architecture(node) == ""
} else := "no" if {
	facts.kernel(node) < object.get(_fentry_from, architecture(node), [9999])
} else := "unknown" if {
	not facts.known(node, ["btf"])
} else := "yes" if {
	value.true_at(node.spec, "btf")
} else := "no"

_fentry_from := {"x86": [5, 5], "arm": [6, 4]}
