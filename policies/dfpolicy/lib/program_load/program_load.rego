# METADATA
# title: Loading of the agent's programs
# description: >-
#   Whether the kernel of a node loads the programs of the agents that can run there, according to
#   reports about agent versions and kernels.
package dfpolicy.lib.program_load

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_release
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.features
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.field_reports
import data.dfpolicy.tables.kernel_matrix

# METADATA
# title: Agents that fail
# description: A message for each agent that is reported not to load on the kernel of the node.
failures(node) := sort([_message(workload, rows) |
	count(_reports(node)) > 0
	some workload in facts.landing(node)
	agent.versioned(workload)
	rows := [row | some row in _reports(node); _affected(workload.version, row)]
	count(rows) > 0
])

# METADATA
# title: Failure on a kernel
# description: The violation by the agents that are reported not to load on the kernel of the node.
failed(node) := clash(node, failures(node))

# METADATA
# title: Clash of agents and a kernel
# description: The violation by agents whose versions do not work on the kernel of the node.
clash(node, problems) := result.remedied(
	"Upgrade the agent to a release that works on this kernel. If there is none yet, use another kernel from DeepFlow's table.",
	result.violation(
		message.of("kernel {release}: {problems}", {
			"release": facts.release(node),
			"problems": message.clauses(problems),
		}),
		"an agent version that works on this kernel",
	),
)

# METADATA
# title: Agents of unknown version
# description: >-
#   An unknown verdict for each agent whose version decides, but is not known. A failure that was
#   fixed is not assumed of an agent that can be of any version.
undecided(node) := sort([agent.version_unknown(workload) |
	count([row | some row in _reports(node); count(row.fixed) == 0]) > 0
	some workload in facts.landing(node)
	not agent.versioned(workload)
])

_reports(node) := [row |
	release := facts.release(node)
	release != ""
	some row in field_reports.unloaded
	regex.match(row.kernel, release)
]

_affected(version, row) if {
	version >= row.from
	version < row.before
	not agent_release.carries(version, row.fixed)
}

_message(workload, rows) := message.of("{agent} {version} is reported to fail: {effect}", {
	"agent": workload.subject.name,
	"version": agent.shown_version(workload),
	"effect": message.text("the kernel's verifier refuses the agent's eBPF programs"),
}) if {
	some row in rows
	count(row.fixed) == 0
} else := message.of("{agent} {version} can fail to load; DeepFlow fixed this in {releases}", {
	"agent": workload.subject.name,
	"version": agent.shown_version(workload),
	"releases": message.whole([agent_release.first(row.fixed) | some row in rows]),
})

# METADATA
# title: Agents that need a later kernel
# description: >-
#   A message for each agent that does not start on the kernel of the node, although DeepFlow
#   supports the kernel with other versions.
demanding(node) := sort([message.of("{agent} {version} needs kernel 4.14 or later", {
	"agent": workload.subject.name,
	"version": agent.shown_version(workload),
}) |
	row := needed(node)
	some workload in facts.landing(node)
	agent.versioned(workload)
	not _within(workload.version, row.versions)
])

# METADATA
# title: Agents of unknown version on such a kernel
# description: An unknown verdict for each agent of the node that may need a later kernel.
unversioned(node) := sort([agent.version_unknown(workload) |
	is_object(needed(node))
	some workload in facts.landing(node)
	not agent.versioned(workload)
])

# METADATA
# title: Agents that a kernel needs
# description: The entry of the kernel matrix; undefined if every agent starts on the kernel.
needed(node) := kernel_matrix.agents[features.of(node).agents]

_within(version, spans) if {
	some span in spans
	version >= span[0]
	version < span[1]
}
