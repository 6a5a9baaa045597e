# METADATA
# title: tracefs of old kernels
# description: >-
#   Below kernel 4.17, the agent writes to files of tracefs, below debugfs. What it finds at this place
#   depends on the node and on how the agent is installed.
package dfpolicy.lib.tracefs

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.value

# METADATA
# title: Path
# description: Where the agent opens tracefs.
path := "/sys/kernel/debug/tracing"

# METADATA
# title: Old nodes
# description: >-
#   The nodes below 4.17 on which the agent finds tracefs in this state: absent, read-only, writable or unknown.
old(workload, state) := [node | some node in facts.older(workload, [4, 17]); _state(workload, node) == state]

# debugfs brings tracefs, once it is mounted. A read-only bind mount leaves what is mounted below it writable; systemd's protection does not.
_state(workload, node) := "absent" if {
	value.at(node.spec, ["paths", "/sys/kernel/debug", "mounted"], null) == false
} else := "read-only" if {
	workload.form == "systemd"
} else := "read-only" if {
	some key in ["mounted", "writable"]
	_fact(node, key) == false
} else := "writable" if {
	_fact(node, "mounted") == true
	_fact(node, "writable") == true
} else := "unknown"

_fact(node, key) := value.at(node.spec, ["paths", path, key], null)
