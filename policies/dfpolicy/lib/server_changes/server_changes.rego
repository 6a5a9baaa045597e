# METADATA
# title: Changes of the server
# description: Verdicts with a change of the server's own file, in its ConfigMap or as a file.
package dfpolicy.lib.server_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

# METADATA
# title: Type of unknown agents
# description: After the change, the server treats unknown agents as type 3, agents of hosts.
unknown_agents(verdict) := result.fixed_by(
	change.manifests("unknown-agents", [operation |
		some document in deepflow_server.configurations
		some spelling in ["unkonw", "unknow", "unknown"]
		place := ["controller", "trisolaris", $"trident-type-for-{spelling}-vtap"]
		value.at(document, array.concat(["spec"], place), null) != null
		operation := _set(document, place, 3)
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# A document from a ConfigMap has its name and namespace.
_set(document, place, to) := change.inside(place, change.set(
	{"apiVersion": "v1", "kind": "ConfigMap", "namespace": document.metadata.namespace, "name": document.metadata.name},
	["data", "server.yaml"],
	to,
)) if {
	document.metadata.namespace
} else := change.set(deepflow_server.subject(document), array.concat(["spec"], place), to)
