# METADATA
# title: Where the agent's configuration file is
# description: >-
#   Finds the file that the agent reads: by its command line, through its mounts, in a ConfigMap, a
#   Compose file or a document of the host. The host of the policies decodes the file beforehand,
#   because the agent reads YAML in its own way (`decoded` of the object that contains it).
package dfpolicy.lib.agent_file

import data.dfpolicy.lib.command
import data.dfpolicy.lib.config_map as config_maps
import data.dfpolicy.lib.form
import data.dfpolicy.lib.message
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.running
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Path of the file
# description: >-
#   The path in the agent's container or on its host. The image's command names a file that differs
#   from the default of the program.
path(agent) := _located(agent).path

# Where the file is. Computed once for each agent, since many requirements use it.
_located(agent) := _locations[agent.number] if {
	agent.number
} else := _location(agent)

_locations := {agent.number: _location(agent) | some agent in running.all_agents}

_location(agent) := object.union_n([
	{"path": path_of_file, "volume": volume, "sources": _sources(volume)},
	{"mounted": mounted | some mounted in found},
	{"place": place | some mounted in found; place := _place(path_of_file, mounted)},
]) if {
	path_of_file := _path(agent)
	found := [mounted | mounted := mount.over(agent, path_of_file)]
	volume := _volume(agent, found)
}

_volume(agent, mounts) := mount.volume(agent, mounts[0]) if {
	count(mounts) > 0
} else := {}

_path(agent) := given[count(given) - 1] if {
	given := _options(_words(agent.container))
	count(given) > 0
} else := "/etc/deepflow-agent.yaml" if {
	_own_command(agent)
} else := "/etc/deepflow-agent/deepflow-agent.yaml"

_own_command(agent) if agent.form == "systemd"

_own_command(agent) if command.program(_words(agent.container)[0]) == "deepflow-agent"

_words(container) := value.words(command.script(container)) if {
	command.script(container)
} else := command.words(container)

_options(words) := [given |
	some i, word in words
	some given in array.concat(
		[words[i + 1] | word in {"-c", "-f", "--config-file"}],
		[match[1] | some match in regex.find_all_string_submatch_n(`^(?:-[cf]=?|--config-file=)(.+)$`, word, 1)],
	)
]

# METADATA
# title: Name of the file
# description: The last part of its path.
name(agent) := command.program(path(agent))

# The environment of the agent decides the path. Its values are hidden.
_variable(path_of_file) if regex.match(`[$(]`, path_of_file)

# METADATA
# title: File that is not mounted
# description: True if no volume of the container covers the path of the file.
unmounted(agent) if {
	not _variable(path(agent))
	not _located(agent).mounted
}

# METADATA
# title: Path on the host
# description: The path of the file on the host of a Compose service or a systemd unit, as far as the input shows it.
on_host(agent) := found if {
	found := value.string_at(_located(agent).volume, ["hostPath", "path"])
	agent.form == "compose"
	found != ""
} else := found if {
	found := value.string_at(_project(agent), ["spec", "configs", _config(agent), "file"])
	found != ""
} else := path(agent)

_config(agent) := value.string_at(_located(agent).volume, ["config", "source"])

_project(agent) := _projects[agent.subject.name] if agent.form == "compose"

_projects := value.indexed([[value.string_at(resource, ["metadata", "name"]), resource] |
	some resource in settings.resources
	resource.kind == "ComposeProject"
])

# METADATA
# title: Document of the host
# description: The AgentConfig of an agent on a host. The only one of the input, or the one with the name of its file.
document(agent) := _documents[0] if {
	form.host(agent)
	count(_documents) == 1
} else := named[0] if {
	form.host(agent)
	named := [found |
		some found in _documents
		found.metadata.name == trim_suffix(command.program(on_host(agent)), ".yaml")
	]
	count(named) == 1
}

_documents := [resource |
	some resource in settings.resources
	resource.kind == "AgentConfig"
	resource.apiVersion == "dfpolicy.dev/v1"
]

# METADATA
# title: Name of the ConfigMap
# description: The name of the ConfigMap that contains the file; empty when the pod does not show it.
config_map_name(agent) := value.string_at(_source(agent), "name")

# A ConfigMap that the agent does not mount does not count. Of several in one volume, the one with
# the file counts.
_source(agent) := _sources_in_use[agent.number] if {
	agent.number
} else := _source_in_use(agent)

# Computed once for each agent, since many requirements use it.
_sources_in_use := {agent.number: _source_in_use(agent) | some agent in running.all_agents}

_source_in_use(agent) := having[0] if {
	having := [source | some source in _located(agent).sources; _having(agent, source)]
	count(having) > 0
} else := _located(agent).sources[0] if {
	count(_located(agent).sources) == 1
	_only_config_maps(_located(agent).volume)
} else := {}

_sources(volume) := array.concat(
	[source | source := value.object_at(volume, "configMap"); count(source) > 0],
	[source |
		some part in value.objects_at(volume, ["projected", "sources"])
		source := value.object_at(part, "configMap")
		count(source) > 0
	],
)

_only_config_maps(volume) if {
	every part in value.objects_at(volume, ["projected", "sources"]) {
		part.configMap
	}
}

_key(agent, source) := place if {
	count(value.objects_at(source, "items")) == 0
	place := _located(agent).place
} else := keys[0] if {
	keys := [value.string_at(item, "key") |
		some item in value.objects_at(source, "items")
		_relative([value.string_at(item, "path")]) == _located(agent).place
	]
}

# The path of the file in the volume.
_place(path_of_file, mounted) := _relative([value.string_at(mounted, "subPath"), trim_prefix(mount.clean(path_of_file), directory)]) if {
	not _variable(path_of_file)
	value.string_at(mounted, "subPathExpr") == ""
	directory := mount.clean(mounted.mountPath)
	startswith(mount.clean(path_of_file), directory)
}

_relative(parts) := trim_left(mount.clean(concat("/", array.concat([""], parts))), "/")

# METADATA
# title: ConfigMap of the file
# description: The ConfigMap that contains the file, when it is in the input. A running agent reads a running ConfigMap.
config_map(agent) := _config_map(agent, _source(agent))

_config_map(agent, source) := config_maps.of(agent, agent.subject.namespace, value.string_at(source, "name"))

# METADATA
# title: Path of the text
# description: Where the ConfigMap of the input has the text of the file. Undefined when it does not.
text_path(agent) := ["data", _key(agent, source)] if {
	source := _source(agent)
	is_string(_config_map(agent, source).data[_key(agent, source)])
}

_having(agent, source) if is_string(_text(agent, source))

_text(agent, source) := found if {
	some field in ["data", "binaryData"]
	found := _config_map(agent, source)[field][_key(agent, source)]
}

# METADATA
# title: Missing file
# description: The finding that the ConfigMap is in the input and does not contain the file. Undefined otherwise.
missing(agent) := _missing_files[agent.number] if {
	agent.number
} else := _missing(agent) if {
	not agent.number
}

# Decided once for each agent, since many requirements use it.
_missing_files := {agent.number: found | some agent in running.all_agents; found := _missing(agent)}

_missing(agent) := message.of("the ConfigMap has no key {key}", {"key": name}) if {
	source := _source(agent)
	_config_map(agent, source)
	not _having(agent, source)
	name := _key(agent, source)
} else := message.of("the volume has no file {file}", {"file": _located(agent).place}) if {
	source := _source(agent)
	count(value.objects_at(source, "items")) > 0
	not _key(agent, source)
}

# METADATA
# title: Decoded file
# description: >-
#   The file as {root, entries}, or {problem}: see `agent_decoder`. Undefined when the input does not
#   have it.
decoded(agent) := _decoded_files[agent.number] if {
	agent.number
} else := _decoded(agent) if {
	not agent.number
}

# Decided once for each agent, since many requirements use it.
_decoded_files := {agent.number: file | some agent in running.all_agents; file := _decoded(agent)}

_decoded(agent) := found if {
	source := _source(agent)
	found := _config_map(agent, source).decoded[_key(agent, source)]
} else := {"root": "empty", "entries": []} if {
	_text(agent, _source(agent)) == ""
} else := found if {
	found := _project(agent).decoded[_config(agent)]
} else := found if {
	found := document(agent).decoded
} else := of_values(value.object_at(document(agent), "spec")) if {
	document(agent)
}

# METADATA
# title: Decoded file of plain values
# description: The same for a file that a YAML decoder without positions decoded to this object.
of_values(given) := {"root": "mapping", "entries": [{"key": name, "value": _part(given[name])} | some name in sort(object.keys(given))]}

_part(given) := [_item(item) | some item in given] if {
	is_array(given)
} else := _item(given)

_item(given) := given if {
	is_string(given)
} else := {"nested": true} if {
	type_name(given) in {"array", "object"}
} else := {"plain": ""} if {
	given == null
} else := {"plain": json.marshal(given)}
