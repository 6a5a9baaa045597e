# METADATA
# title: The server's configuration files
# description: What the server configurations and images of the input say about the DeepFlow server.
package dfpolicy.lib.deepflow_server

import data.dfpolicy.lib.compose_server
import data.dfpolicy.lib.image
import data.dfpolicy.lib.server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Documents
# description: The dfpolicy documents of a kind, sorted by name.
documents(kind) := [row[1] |
	some row in sort([[resource.metadata.name, resource] |
		some resource in settings.resources
		resource.kind == kind
		resource.apiVersion == "dfpolicy.dev/v1"
	])
]

# METADATA
# title: Subject
# description: The subject of a document in results. Only a document from a ConfigMap has a namespace.
subject(document) := object.union(
	{"apiVersion": document.apiVersion, "kind": document.kind, "name": document.metadata.name},
	{"namespace": namespace |
		namespace := value.string_at(document, ["metadata", "namespace"])
		namespace != ""
	},
)

# METADATA
# title: Configurations
# description: The server.yaml of each server.
configurations := documents("ServerConfig")

# METADATA
# scope: document
# title: Configured ranges
# description: >-
#   The local_ip_ranges of the input that the server reads: up to v7.1 those of its own file, later
#   those of the domain of type agent_sync. If the version is unknown, those of the file, else those of
#   the domain.
default given_ranges := []

given_ranges := array.flatten(_ranges_of_domains) if {
	reads_domains
} else := array.flatten(_ranges_of_files) if {
	count(array.flatten(_ranges_of_files)) > 0
} else := array.flatten(_ranges_of_domains) if {
	version == null
}

# METADATA
# scope: document
# title: Ranges of domains
# description: True if the server is known to be later than v7.1, and reads local_ip_ranges of its domains only.
reads_domains if {
	version != null
	array.slice(version, 0, 2) > [7, 1]
}

# METADATA
# scope: document
# title: Undecided ranges
# description: True if only a server after v7.1 reads the ranges of the input, and the version is unknown.
doubtful_ranges if {
	version == null
	count(array.flatten(_ranges_of_files)) == 0
	count(given_ranges) > 0
}

_ranges_of_files := [_listed(value.at(document, ["spec", "controller", "genesis", "local_ip_ranges"], [])) |
	some document in configurations
]

_ranges_of_domains := [_listed(value.at(document, ["spec", "config", "local_ip_ranges"], [])) |
	some document in documents("Domain")
	value.string_at(document, ["spec", "type"]) == "agent_sync"
]

_listed(given) := [trim_space(value.plain(item)) | some item in given] if {
	is_array(given)
} else := [trim_space(item) | some item in split(value.plain(given), ","); trim_space(item) != ""]

# METADATA
# scope: document
# title: Effective ranges
# description: The configured ranges, else the default ranges of the server.
default ranges := ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/15", "224.0.0.0-240.255.255.255"]

ranges := given_ranges if count(given_ranges) > 0

# METADATA
# title: Types of unknown agents
# description: The types that the server configurations set for unknown agents.
unknown_agent_types := [given |
	some document in configurations
	some spelling in ["unkonw", "unknow", "unknown"]
	given := value.at(document, ["spec", "controller", "trisolaris", $"trident-type-for-{spelling}-vtap"], null)
	given != null
]

# METADATA
# title: Version
# description: The oldest server version of the input; null if there is no server or one of the versions is unknown.
version := server.version(array.concat(server.workloads, _composed))

_composed := [{"version": image.version(value.string_at(service, "image"))} |
	some document in documents("ComposeProject")
	some service in compose_server.services(document)
]
