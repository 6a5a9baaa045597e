# METADATA
# title: ConfigMaps
# description: The ConfigMaps of the input and of the running release, by namespace and name.
package dfpolicy.lib.config_map

import data.dfpolicy.lib.identity
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: ConfigMap of a workload
# description: >-
#   The ConfigMap with this namespace and name. A workload of the running release reads a ConfigMap
#   of the running release. Undefined when the input does not have it.
of(workload, namespace, name) := _running[[namespace, name]] if {
	workload.running
} else := _new[[namespace, name]] if {
	not workload.running
}

_new := _by_name(recognition.resources)

_running := _by_name(value.objects_at(input, ["from", "resources"]))

_by_name(resources) := value.indexed([[[identity.namespace(resource), name], resource] |
	some resource in resources
	resource.kind == "ConfigMap"
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
])
