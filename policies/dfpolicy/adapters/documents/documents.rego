# METADATA
# title: Input from documents
# description: >-
#   Builds the input of the policies from decoded documents, in the same way as the evaluator
#   builds it from files. It expands lists, and wraps documents of hosts and of the server.
package dfpolicy.adapters.documents

import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.value

# METADATA
# title: Input
# description: >-
#   The input from documents [{path, contents}], without mode and profile. Documents of an
#   unknown shape are left out. A document without a name gets its name from the path, which can
#   be empty.
evaluation(documents) := object.union_n([
	{
		"resources": [found | some found in own; not _collected(found)],
		"nodes": [found | some found in facts; found.kind == "NodeFacts"],
	},
	{"cluster": found | some found in _last(facts, "ClusterFacts")},
	{"parameters": found | some found in _stated(releases)},
	{"from": found | some found in _running(releases, former)},
]) if {
	found := [item | some document in documents; some item in _objects(document.path, document.contents)]
	releases := [item | some item in found; _ours(item, "RunningRelease")]
	former := [item |
		some release in releases
		some member in value.objects_at(release, ["spec", "resources"])
		some item in _objects("", member)
	]

	# Facts about nodes and cluster in the running release count as facts of the input.
	own := array.concat(
		[item | some item in found; not _ours(item, "RunningRelease")],
		[item | some item in former; _fact(item)],
	)
	facts := [item | some item in own; _collected(item)]
}

_collected(item) if {
	some kind in ["NodeFacts", "ClusterFacts"]
	_ours(item, kind)
}

_fact(item) if _collected(item)

_fact(item) if {
	item.kind == "Node"
	item.apiVersion == "v1"
}

_ours(item, kind) if {
	item.kind == kind
	item.apiVersion == _version
}

_last(facts, kind) := array.slice(found, count(found) - 1, count(found)) if {
	found := [item | some item in facts; item.kind == kind]
}

# At most one, as for the other parts of the input.
_stated(releases) := [{"ctlVersion": version} |
	some release in array.slice(releases, 0, 1)
	version := value.string_at(release, ["spec", "ctlVersion"])
	version != ""
]

_running(releases, former) := [object.union(
	{"resources": [item | some item in former; not _fact(item)]},
	object.filter(value.object_at(release, "spec"), ["version"]),
) |
	some release in array.slice(releases, 0, 1)
]

_objects(path, contents) := [item |
	some member in _members(contents)
	some item in _with_server_file(_with_agent_files(member))
] if {
	_typed(contents)
} else := [{
	"apiVersion": _version,
	"kind": shape.kind,
	"metadata": {"name": _name(path, contents, shape.key)},
	"spec": contents,
}] if {
	shape := _shapes(path, contents)[0]
} else := []

_version := "dfpolicy.dev/v1"

_typed(contents) if {
	is_string(contents.kind)
	is_string(contents.apiVersion)
}

_members(contents) := [member | some member in value.objects_at(contents, "items"); _typed(member)] if {
	contents.kind == "List"
} else := [object.union({"apiVersion": contents.apiVersion, "kind": trim_suffix(contents.kind, "List")}, member) |
	# The API server omits kind and apiVersion in the items of a typed list.
	some member in value.objects_at(contents, "items")
] if {
	endswith(contents.kind, "List")
	contents.items
} else := [contents]

_with_agent_files(item) := object.union(item, {"decoded": files}) if {
	item.kind == "ConfigMap"
	files := {key: decoded(text) |
		some key, text in value.object_at(item, "data")
		is_string(text)
		_agent_text(key, text)
	}
	count(files) > 0
} else := item

_agent_text(key, _) if _stem(key) == "deepflow-agent"

_agent_text(_, text) if regex.match(`controller-|kubernetes-cluster-|vtap-group-id-request`, text)

# METADATA
# title: Decoded agent's file
# description: >-
#   The text as `lib/agent_file` reads it. OPA's decoder gives neither lines nor repeated keys, so
#   this is less strict than the agent.
decoded(text) := {"root": "empty", "entries": []} if {
	text == ""
} else := {"problem": {"reason": "yaml", "detail": ""}} if {
	not yaml.is_valid(text)
} else := agent_file.of_values(contents) if {
	contents := yaml.unmarshal(text)
	is_object(contents)
} else := {"root": "nothing", "entries": []} if {
	yaml.unmarshal(text) == null
} else := {"root": "scalar", "entries": []}

# The server's ConfigMap contains its configuration as a string.
_with_server_file(item) := [item, {
	"apiVersion": _version,
	"kind": "ServerConfig",
	"metadata": object.filter(value.object_at(item, "metadata"), ["name", "namespace"]),
	"spec": configuration,
}] if {
	item.kind == "ConfigMap"
	configuration := yaml.unmarshal(value.string_at(item, ["data", "server.yaml"]))
	is_object(configuration.controller)
} else := [item]

# The first match wins; `key` is the field with the name of the document.
_shapes(path, contents) := array.flatten([
	[{"kind": "ComposeProject", "key": "name"} | is_object(contents.services)],
	[{"kind": "AgentConfig", "key": ""} | _agent_configuration(path, contents)],
	[{"kind": "AgentGroupConfig", "key": "vtap_group_id"} | _group_configuration(contents)],
	[{"kind": "ServerConfig", "key": ""} | _server_configuration(path, contents)],
	[{"kind": "Subdomain", "key": "name"} | _subdomain(contents)],
	[{"kind": "Domain", "key": "name"} | _domain(contents)],
])

_agent_configuration(_, contents) if "controller-ips" in object.keys(contents)

_agent_configuration(path, contents) if {
	_stem(path) == "deepflow-agent"
	object.keys(contents) & {"apiVersion", "kind"} == set()
}

_group_configuration(contents) if {
	object.keys(contents) & {"vtap_group_id", "tap_interface_regex", "tap_mode"} != set()
}

_group_configuration(contents) if {
	some key, known in {
		"inputs": {"cbpf", "ebpf", "integration", "proc", "resources", "vector"},
		"global": {"alerts", "circuit_breakers", "communication", "limits", "self_monitoring"},
	}
	object.keys(value.object_at(contents, key)) & known != set()
}

_server_configuration(path, contents) if {
	is_object(contents.controller)
	_file(path) == "server.yaml"
}

_server_configuration(_, contents) if {
	object.keys(value.object_at(contents, "controller")) & {"genesis", "trisolaris"} != set()
}

_subdomain(contents) if {
	is_string(contents.domain_name)
	"config" in object.keys(contents)
}

_domain(contents) if {
	contents.type != null
	object.keys(contents) & {"config", "name"} != set()
	_meant_as_domain(contents)
}

_meant_as_domain(contents) if "icon_id" in object.keys(contents)

_meant_as_domain(contents) if "region_uuid" in object.keys(value.object_at(contents, "config"))

_meant_as_domain(contents) if {
	contents.type in {
		"agent_sync",
		"aliyun",
		"aws",
		"baidu_bce",
		"filereader",
		"huawei",
		"kubernetes",
		"microsoft_azure",
		"qingcloud",
		"tencent",
		"volcengine",
	}
	object.keys(contents) - {"config", "controller_ip", "icon_id", "name", "team", "team_id", "type"} == set()
}

_name(path, contents, key) := name if {
	name := value.string_at(contents, key)
	name != ""
} else := _stem(path) if {
	path != ""
} else := "document"

_stem(path) := regex.replace(_file(path), `\.[^.]*$`, "")

_file(path) := regex.replace(path, `^.*/`, "")
