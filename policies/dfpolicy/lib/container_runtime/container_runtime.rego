# METADATA
# title: Container runtimes
# description: >-
#   The runtime of a node as its Node object reports it, and from which release on it knows the
#   capabilities BPF and PERFMON.
package dfpolicy.lib.container_runtime

import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Runtime of a node
# description: >-
#   The runtime {name, version, shown} of a node of `lib/facts`, the version as numbers. The collected
#   fact takes precedence over the Node object. Undefined if neither contains a release.
of_node(node) := runtime if {
	match := regex.find_all_string_submatch_n(`^([a-z-]+)://v?([0-9]+(?:\.[0-9]+)+)`, _shown(node), 1)[0]
	runtime := {"name": match[1], "version": value.components(match[2]), "shown": _shown(node)}
}

_shown(node) := $"{name}://{version}" if {
	name := value.string_at(node.spec, ["containerRuntime", "name"])
	version := value.string_at(node.spec, ["containerRuntime", "version"])
	version != ""
} else := _reported[node.name]

_reported := value.indexed([[value.string_at(resource, ["metadata", "name"]), reported] |
	some resource in recognition.resources
	resource.kind == "Node"
	resource.apiVersion == "v1"
	reported := value.string_at(resource, ["status", "nodeInfo", "containerRuntimeVersion"])
])

# METADATA
# title: Knows the capabilities
# description: >-
#   Whether the runtime can add BPF and PERFMON to a container. An older one refuses to create the
#   container. Undefined for a runtime that is not listed.
knows_capabilities(runtime) if {
	runtime.version >= _first[runtime.name]
} else := false if {
	_first[runtime.name]
}

_first := {"containerd": [1, 5], "cri-o": [1, 20], "docker": [20, 10]}

# METADATA
# title: Filters by the capabilities
# description: >-
#   Whether the default seccomp profile of the runtime allows bpf and perf_event_open with BPF and
#   PERFMON in place of SYS_ADMIN. Measured: containerd 1.5.18, 1.6.0, 1.6.20, 1.6.36, 1.7.0 and
#   2.1.4. Undefined for releases between and for runtimes that were not measured.
filters_by_capabilities(runtime) if {
	runtime.name == "containerd"
	runtime.version >= [1, 6, 20]
} else := false if {
	runtime.name == "containerd"
	runtime.version <= [1, 6, 0]
}
