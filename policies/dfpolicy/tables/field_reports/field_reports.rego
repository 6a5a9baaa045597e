# METADATA
# title: Field reports
# description: >-
#   What users of DeepFlow report about kernels that the kernel matrix supports. Each entry names
#   the report in DeepFlow's issue tracker, if there is one.
package dfpolicy.tables.field_reports

# METADATA
# title: Reports of kernels without offsets
# description: >-
#   The reports about this kernel release. The agent found the offsets of kernel structures
#   neither in BTF nor by guessing.
unadapted(release) := object.get(_unadapted, release, [])

_unadapted := {
	"4.14.105-1-tlinux3-0023.1": ["deepflow#6331"],
	"4.18.0-372.9.1.15.po1.x86_64": ["deepflow#3093"],
	"4.18.0-372.19.1.30.po1.x86_64": ["deepflow#3421"],
	"4.19.90-2107.6.0.0192.8.oe1.bclinux.x86_64": ["deepflow#5127"],
	"4.19.91-013.ali4000.alios7.x86_64": ["deepflow#10593"],
	"4.19.113-300.el7.x86_64": ["deepflow#3674"],
	"4.19.117.business.1-amd64": ["deepflow#5012"],
}

# METADATA
# title: Reports of agents that fail on a kernel
# description: >-
#   What happens with an agent and a kernel of these versions, both as numbers. A span includes
#   its first version and excludes its second.
failures(agent, kernel) := [pair.effect |
	some pair in pairs
	_within(agent, pair.agents)
	_within(kernel, pair.kernels)
]

# METADATA
# title: Kernels of such reports
# description: Holds for a kernel version on which some agent fails.
suspect(kernel) if {
	some pair in pairs
	_within(kernel, pair.kernels)
}

_within(version, span) if {
	version >= span[0]
	version < span[1]
}

# METADATA
# title: Pairs of agents and kernels
# description: Entries {agents, kernels, effect}, each span as [from, to).
pairs := [{
	"agents": [[7, 1], [7, 2]],
	"kernels": [[6, 18], [6, 19]],
	"effect": "the kernel's verifier refuses the agent's eBPF programs",
}]
