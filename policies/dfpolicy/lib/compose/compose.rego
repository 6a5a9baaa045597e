# METADATA
# title: Agents of Docker Compose
# description: >-
#   The services of Compose files that run the agent, in the shape of a Kubernetes workload, so
#   that every requirement reads them the same way. Docker's defaults, for example its seccomp
#   profile, are filled in.
package dfpolicy.lib.compose

import data.dfpolicy.lib.image
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Agent services
# description: >-
#   One entry {resource, template, form, container} for each service with the agent's image,
#   name or container name, sorted by file and service name.
workloads := [found |
	some resource in recognition.resources
	resource.kind == "ComposeProject"
	resource.apiVersion == "dfpolicy.dev/v1"
	services := value.object_at(resource, ["spec", "services"])
	some name in sort(object.keys(services))
	_evident(name, services[name])
	found := {
		"resource": resource,
		"template": _template(name, services[name]),
		"form": "compose",
		"container": name,
	}
]

_evident(_, service) if image.of_component(_expanded(value.string_at(service, "image")), "deepflow-agent")

_evident("deepflow-agent", service) if is_object(service)

_evident(_, service) if value.string_at(service, "container_name") == "deepflow-agent"

_template(name, service) := {
	"metadata": {"annotations": {}},
	"spec": {
		"hostPID": value.string_at(service, "pid") == "host",
		"hostNetwork": value.string_at(service, "network_mode") == "host",
		"hostAliases": [{"ip": ip, "hostnames": [name]} | some [name, ip] in _extra_hosts(service)],
		"volumes": [mounted.volume | some mounted in _mounts(service)],
		"containers": [_container(name, service)],
	},
}

_container(name, service) := object.union(_memory_lock(service), {
	"name": name,
	"image": _expanded(value.string_at(service, "image")),
	"args": array.concat(_words(service, "entrypoint"), _words(service, "command")),
	"env": _environment(service),
	"envFrom": _environment_files(service),
	"volumeMounts": [mounted.mount | some mounted in _mounts(service)],
	"securityContext": object.union_n([
		{
			"privileged": _true(service, "privileged"),
			"readOnlyRootFilesystem": _true(service, "read_only"),
			"capabilities": {"add": _added(service), "drop": _dropped(service)},
		},
		_user(service),
		_profile(service, "seccomp", "seccompProfile"),
		_profile(service, "apparmor", "appArmorProfile"),
	]),
})

# One number for both limits, or {soft, hard}; -1 means no limit.
_memory_lock(service) := {"memlock": "infinity"} if {
	limit := value.at(service, ["ulimits", "memlock"], 0)
	some given in [limit, value.at(limit, "hard", 0)]
	value.plain(given) == "-1"
} else := {}

# Without the variable's value, its default counts, as in `${VERSION:-v7.1}`.
_expanded(text) := replace(text, defaults[0][0], defaults[0][1]) if {
	defaults := regex.find_all_string_submatch_n(`\$\{[A-Za-z_][A-Za-z0-9_]*:?-([^{}$]*)\}`, text, 1)
	count(defaults) > 0
} else := text

# `NAME:ADDRESS`, `NAME=ADDRESS`, or an object with one address or several.
_extra_hosts(service) := [[name, _host(ip)] |
	some name, given in value.object_at(service, "extra_hosts")
	some ip in array.flatten([given])
] if {
	is_object(value.at(service, "extra_hosts", []))
} else := [[match[1], _host(match[2])] |
	some given in value.strings_at(service, "extra_hosts")
	some match in regex.find_all_string_submatch_n(`^([^:=]+)[:=](.*)$`, given, 1)
]

_host(ip) := trim(_expanded(value.plain(ip)), "[]")

# Compose accepts a string as a boolean, because variables expand to strings.
_true(service, key) if {
	value.true_at(service, key)
} else := lower(value.string_at(service, key)) == "true"

_words(service, key) := value.strings_at(service, key) if {
	is_array(value.at(service, key, ""))
} else := value.words(value.string_at(service, key))

_environment(service) := [_variable(name, given[name]) | some name in sort(object.keys(given))] if {
	given := value.at(service, "environment", [])
	is_object(given)
} else := [_setting(split(setting, "=")) | some setting in value.strings_at(service, "environment")]

# Without a value, the variable comes from the environment of Docker Compose.
_variable(name, null) := {"name": name, "valueFrom": {"shell": {}}}

_variable(name, given) := {"name": name, "value": _expanded(value.plain(given))} if given != null

_setting(parts) := _variable(parts[0], null) if {
	count(parts) == 1
} else := _variable(parts[0], concat("=", array.slice(parts, 1, count(parts))))

_environment_files(service) := [{"file": {}} | value.at(service, "env_file", null) != null]

# Docker accepts capabilities with and without the prefix. One that is both added and dropped
# is kept, except with ALL, from which the dropped ones are removed.
_added(service) := _capabilities(service, "cap_add")

_dropped(service) := [name | some name in _capabilities(service, "cap_drop"); name != "ALL"] if {
	"ALL" in _added(service)
} else := [name | some name in _capabilities(service, "cap_drop"); not name in _added(service)]

_capabilities(service, key) := [trim_prefix(upper(name), "CAP_") | some name in value.strings_at(service, key)]

# A user name refers to the image's /etc/passwd; only root has a known ID.
_user(service) := {} if {
	value.at(service, "user", "") == ""
} else := {"runAsUser": 0} if {
	_user_name(service) in {"root", "0"}
} else := {"runAsUser": to_number(_user_name(service))} if {
	regex.match(`^[1-9][0-9]{0,9}$`, _user_name(service))
} else := {"runAsUser": _user_name(service)}

_user_name(service) := split(value.plain(value.at(service, "user", "")), ":")[0]

# When the service sets no profile, Docker applies its own.
_profile(service, key, field) := {field: {"type": "Unconfined"}} if {
	"unconfined" in _options(service, key)
} else := {field: {"type": "Localhost", "localhostProfile": _options(service, key)[0]}} if {
	count(_options(service, key)) > 0
} else := {field: {"type": "RuntimeDefault"}}

_options(service, key) := [substring(option, count(key) + 1, -1) |
	some option in value.strings_at(service, "security_opt")
	regex.match(`^[a-z]+[:=]`, option)
	startswith(replace(option, "=", ":"), $"{key}:")
]

# What is mounted in the container: {volume, mount} with a common name.
_mounts(service) := [{
	"volume": object.union(entry.volume, {"name": name}),
	"mount": object.union(entry.mount, {"name": name}),
} |
	some i, entry in array.flatten([
		[_short(given) | some given in value.strings_at(service, "volumes")],
		[_long(given) | some given in value.objects_at(service, "volumes")],
		[_config(given) | some given in value.objects_at(service, "configs")],
		[_memory(given) | some given in _tmpfs(service)],
	])
	name := $"volume-{i}"
]

_short(given) := {
	"volume": _backing(parts[0]),
	"mount": object.union({"mountPath": parts[1], "readOnly": "ro" in options}, _propagation(options)),
} if {
	parts := split(given, ":")
	count(parts) > 1
	options := split(concat(",", array.slice(parts, 2, count(parts))), ",")
} else := {"volume": {"volume": {}}, "mount": {"mountPath": given, "readOnly": false}}

_propagation(options) := {"mountPropagation": found[0]} if {
	found := [propagation | some option in options; propagation := _propagations[option]]
	count(found) > 0
} else := {}

_propagations := {"rslave": "HostToContainer", "rshared": "Bidirectional"}

_long(given) := {
	"volume": _source(given),
	"mount": {
		"mountPath": value.string_at(given, "target"),
		"readOnly": _true(given, "read_only"),
		"subPath": value.string_at(given, ["volume", "subpath"]),
	},
}

_source(given) := {"hostPath": {"path": value.string_at(given, "source")}} if {
	value.string_at(given, "type") == "bind"
} else := {"emptyDir": {}} if {
	value.string_at(given, "type") == "tmpfs"
} else := {"volume": {}}

# A source that is a path is on the host; any other is the name of a Docker volume.
_backing(source) := {"hostPath": {"path": source}} if {
	regex.match(`^[/.~]`, source)
} else := {"volume": {}}

_config(given) := {
	"volume": {"config": {"source": value.string_at(given, "source")}},
	"mount": {"mountPath": value.at(given, "target", ""), "readOnly": true},
}

_memory(path) := {"volume": {"emptyDir": {}}, "mount": {"mountPath": split(path, ":")[0], "readOnly": false}}

_tmpfs(service) := value.strings_at(service, "tmpfs") if {
	is_array(value.at(service, "tmpfs", ""))
} else := [path | path := value.string_at(service, "tmpfs"); path != ""]
