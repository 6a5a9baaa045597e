# METADATA
# title: Facts of nodes
# description: >-
#   Which facts of a node the requirements read. Where one node represents its kind, other facts do
#   not reach them. A test evaluates every example so, and fails if a fact is missing here.
package dfpolicy.tables.node_facts

# METADATA
# title: Facts that are read in every mode
# description: The keys of `spec` in NodeFacts.
always := [
	"architecture", "btf", "cni", "containerRuntime", "cpus", "interfaces", "kernelConfig",
	"kernelRelease", "labels", "lockdown", "operatingSystem", "os", "osImage", "paths",
	"portsInUse", "probe", "processes", "selinux", "sysctls", "taints", "unschedulable", "uprobePmu",
]

# METADATA
# title: Facts that are read in some modes
# description: The modes by fact.
in_modes := {
	"addresses": ["legacy-host"],
	"cgroup": ["legacy-host", "cloud-host"],
	"dockerVersion": ["legacy-host", "cloud-host"],
	"memoryBytes": ["all-in-one"],
}

# METADATA
# title: Unread facts
# description: The facts that no requirement reads.
never := ["capabilities"]
