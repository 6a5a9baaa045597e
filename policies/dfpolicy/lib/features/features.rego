# METADATA
# title: What DeepFlow can see on a node
# description: The row of the kernel matrix that fits each node, and fentry beside it.
package dfpolicy.lib.features

import data.dfpolicy.lib.distribution
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.kernel_release
import data.dfpolicy.lib.value
import data.dfpolicy.tables.kernel_matrix

# METADATA
# title: Feature rows
# description: One row for each node of the input, in the order of their names.
rows := [object.union(_described(node), object.remove(of(node), ["row"])) | some node in facts.nodes]

_described(node) := {
	"node": node.name,
	"architecture": value.plain(value.at(node.spec, ["architecture"], "unknown")),
	"kernelRelease": value.plain(value.at(node.spec, ["kernelRelease"], "unknown")),
	"os": distribution.shown(node),
	"fentry": fentry(node),
}

# METADATA
# title: Row of a node of the input
# description: The same as `row`, worked out once for all that ask for it.
of(node) := _rows[node.name] if {
	_rows[node.name]
} else := row(node)

_rows := {node.name: row(node) | some node in facts.nodes}

# METADATA
# title: Row of a node
# description: The row of the kernel matrix, see there.
row(node) := kernel_matrix.row({
	"architecture": architecture(node),
	"version": facts.kernel(node),
	"release": value.string_at(node.spec, ["kernelRelease"]),
	"build": kernel_release.build(value.string_at(node.spec, ["kernelRelease"])),
	"distribution": distribution.of(node),
})

# METADATA
# title: Architecture of a node
# description: >-
#   x86, arm, or other; empty where neither a fact nor the kernel release tells it.
architecture(node) := _families[lower(value.string_at(node.spec, ["architecture"]))] if {
	lower(value.string_at(node.spec, ["architecture"])) in object.keys(_families)
} else := "other" if {
	value.string_at(node.spec, ["architecture"]) != ""
} else := "x86" if {
	endswith(value.string_at(node.spec, ["kernelRelease"]), ".x86_64")
} else := "arm" if {
	endswith(value.string_at(node.spec, ["kernelRelease"]), ".aarch64")
} else := ""

_families := {"x86_64": "x86", "amd64": "x86", "aarch64": "arm", "arm64": "arm"}

# METADATA
# title: fentry
# description: Whether the node's kernel can attach fentry programs; the agent has them off by default.
fentry(node) := "unknown" if {
	facts.kernel(node) == null
} else := "unknown" if {
	architecture(node) == ""
} else := "no" if {
	facts.kernel(node) < object.get(_fentry_from, architecture(node), [9999])
} else := "unknown" if {
	not facts.known(node, ["btf"])
} else := "yes" if {
	value.true_at(node.spec, ["btf"])
} else := "no"

_fentry_from := {"x86": [5, 5], "arm": [6, 0]}
