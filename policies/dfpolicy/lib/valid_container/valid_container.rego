# METADATA
# title: Containers that the API server accepts
# description: >-
#   What the validation of the API server refuses about the containers of a pod. Each rule has a
#   case in `tests/cluster/test_dry_run_oracle.py`, which queries a real server. The tables are rules
#   of their own, so that they are built once and not for each container.
package dfpolicy.lib.valid_container

import data.dfpolicy.lib.message
import data.dfpolicy.lib.valid_value
import data.dfpolicy.lib.value

# METADATA
# title: Findings on containers
# description: The findings for all containers and init containers of a pod spec.
findings(pod) := union({
	{found | some [place, container] in listed; some found in _of_container(place, container, pod)},
	{found | some [place, container] in listed; startswith(place, "spec.init"); some found in _of_init(place, container)},
	{valid_value.missing("spec.containers") | count(value.objects_at(pod, "containers")) == 0},
	valid_value.repeats("spec.containers", [container | some [_, container] in listed], "name"),
	_host_ports(pod),
}) if {
	listed := _listed(pod)
}

_listed(pod) := [[$"spec.{field}[{i}]", container] |
	some field in ["initContainers", "containers"]
	some [i, container] in valid_value.items(pod, field)
]

_of_container(place, container, pod) := union({
	_named(place, container),
	{valid_value.missing($"{place}.image") | value.at(container, "image", "") == ""},
	{valid_value.invalid($"{place}.image", image) | image := value.string_at(container, "image"); trim_space(image) != image},
	valid_value.mistyped(place, container, _types),
	valid_value.unlisted(place, container, _words),
	_texts(place, container, "command"),
	_texts(place, container, "args"),
	_environment(place, container),
	_ports(place, container, pod),
	_resources(place, container),
	_mounts(place, container, pod),
	_security(place, container),
	_probes(place, container),
})

_named(place, container) := {valid_value.missing($"{place}.name")} if {
	value.at(container, "name", "") == ""
} else := {valid_value.invalid($"{place}.name", name) |
	name := value.string_at(container, "name")
	not valid_value.label(name)
}

_types := {
	"args": "array",
	"command": "array",
	"env": "array",
	"envFrom": "array",
	"image": "string",
	"livenessProbe": "object",
	"name": "string",
	"ports": "array",
	"readinessProbe": "object",
	"resources": "object",
	"securityContext": "object",
	"stdin": "boolean",
	"tty": "boolean",
	"volumeMounts": "array",
	"workingDir": "string",
}

_words := {
	"imagePullPolicy": {"", "Always", "IfNotPresent", "Never"},
	"terminationMessagePolicy": {"", "File", "FallbackToLogsOnError"},
}

_texts(place, container, field) := {valid_value.invalid($"{place}.{field}[{i}]", text) |
	given := value.at(container, field, [])
	is_array(given)
	some i, text in given
	not type_name(text) in {"string", "null"}
}

# Sidecars keep running, so only they can have probes and handlers.
_of_init(place, container) := {valid_value.conflicting($"{place}.{field}", message.text("an init container that ends")) |
	value.at(container, "restartPolicy", "") != "Always"
	some field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
	value.at(container, field, null) != null
}

_environment(place, container) := {found |
	some [i, entry] in valid_value.items(container, "env")
	some found in _variable($"{place}.env[{i}]", entry)
}

_variable(place, entry) := union({
	{valid_value.missing($"{place}.name") | value.at(entry, "name", "") == ""},
	{valid_value.invalid($"{place}.name", name) | name := value.string_at(entry, "name"); contains(name, "=")},
	valid_value.mistyped(place, entry, _types_of_variable),
	{valid_value.conflicting($"{place}.value", "valueFrom") |
		value.at(entry, "value", "") != ""
		value.at(entry, "valueFrom", null) != null
	},
	{valid_value.missing($"{place}.valueFrom") |
		is_object(value.at(entry, "valueFrom", null))
		count(origins) == 0
	},
	{valid_value.conflicting($"{place}.valueFrom.{origins[0]}", origins[1]) | count(origins) > 1},
	{valid_value.invalid($"{place}.valueFrom.fieldRef.fieldPath", path) |
		reference := value.object_at(entry, ["valueFrom", "fieldRef"])
		count(reference) > 0
		path := value.string_at(reference, "fieldPath")
		not path in _paths
		not regex.match(`^metadata\.(labels|annotations)\['[^']+'\]$`, path)
	},
	{valid_value.missing($"{place}.valueFrom.{origin}.key") |
		some origin in origins
		origin in {"configMapKeyRef", "secretKeyRef"}
		is_object(entry.valueFrom[origin])
		value.at(entry.valueFrom[origin], "key", "") == ""
	},
}) if {
	given := value.object_at(entry, "valueFrom")
	origins := [origin | some origin in _origins; value.at(given, origin, null) != null]
}

_types_of_variable := {"name": "string", "value": "string", "valueFrom": "object"}

_origins := ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"]

_paths := {
	"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
	"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
}

_ports(place, container, pod) := union({found |
	some [i, port] in valid_value.items(container, "ports")
	found := _port($"{place}.ports[{i}]", port, pod)
}) | valid_value.repeats($"{place}.ports", value.objects_at(container, "ports"), "name")

_port(place, port, pod) := union({
	{valid_value.missing($"{place}.containerPort") | value.at(port, "containerPort", 0) == 0},
	valid_value.mistyped(place, port, _types_of_port),
	valid_value.out_of_range(place, port, _ranges_of_port),
	valid_value.unlisted(place, port, _words_of_port),
	{valid_value.invalid($"{place}.name", name) |
		name := value.string_at(port, "name")
		name != ""
		not _port_name(name)
	},
	{valid_value.invalid($"{place}.hostPort", given) |
		value.true_at(pod, "hostNetwork")
		given := value.at(port, "hostPort", 0)
		is_number(given)
		not given in {0, value.at(port, "containerPort", 0)}
	},
})

_types_of_port := {"containerPort": "integer", "hostPort": "integer", "name": "string", "protocol": "string"}

_ranges_of_port := {"containerPort": [0, 65535], "hostPort": [0, 65535]}

_words_of_port := {"protocol": {"", "TCP", "UDP", "SCTP"}}

_port_name(name) if {
	regex.match(`^[a-z0-9]([a-z0-9]*-?[a-z0-9]+)*$`, name)
	regex.match(`[a-z]`, name)
	count(name) <= 15
}

# Init containers that end may use the port of a container.
_host_ports(pod) := {valid_value.repeated("spec.containers.ports.hostPort", uses[i][2]) |
	uses := [[value.at(port, "protocol", "TCP"), value.at(port, "hostIP", ""), _host_port(port, pod)] |
		some container in value.objects_at(pod, "containers")
		some port in value.objects_at(container, "ports")
	]
	some i, use in uses
	use[2] != 0
	some k, other in uses
	k < i
	other == use
}

# The API server fills in the container's port for a pod in the host's network.
_host_port(port, pod) := value.at(port, "hostPort", value.at(port, "containerPort", 0)) if {
	value.true_at(pod, "hostNetwork")
} else := value.at(port, "hostPort", 0)

_resources(place, container) := union({
	{valid_value.invalid($"{place}.resources.{part}.{name}", given) |
		some part in ["limits", "requests"]
		some name, given in value.object_at(container, ["resources", part])
		given != null
		not valid_value.amount(given)
	},
	{valid_value.invalid($"{place}.resources.{part} key", name) |
		some part in ["limits", "requests"]
		some name, _ in value.object_at(container, ["resources", part])
		not _resource(name)
	},
	{valid_value.invalid($"{place}.resources.requests.{name}", given) |
		some name, given in value.object_at(container, ["resources", "requests"])
		valid_value.above(given, value.at(container, ["resources", "limits", name], null))
	},
})

_resource(name) if name in {"cpu", "memory", "ephemeral-storage"}

_resource(name) if {
	contains(name, "/")
	valid_value.key(name)
}

_resource(name) if startswith(name, "hugepages-")

_mounts(place, container, pod) := union({found |
	some [i, mounted] in valid_value.items(container, "volumeMounts")
	found := _mount($"{place}.volumeMounts[{i}]", mounted, container, pod)
}) | valid_value.repeats($"{place}.volumeMounts", value.objects_at(container, "volumeMounts"), "mountPath")

_mount(place, mounted, container, pod) := union({
	{valid_value.missing($"{place}.{field}") | some field in ["mountPath", "name"]; value.at(mounted, field, "") == ""},
	valid_value.mistyped(place, mounted, _types_of_mount),
	valid_value.unlisted(place, mounted, _words_of_mount),
	{valid_value.undeclared(place, name) |
		name := value.string_at(mounted, "name")
		name != ""
		not name in {value.at(volume, "name", "") | some volume in value.objects_at(pod, "volumes")}
	},
	{valid_value.invalid($"{place}.subPath", path) |
		path := value.string_at(mounted, "subPath")
		_outside(path)
	},
	{valid_value.dependent($"{place}.mountPropagation Bidirectional", "privileged: true") |
		value.at(mounted, "mountPropagation", "") == "Bidirectional"
		not value.true_at(container, ["securityContext", "privileged"])
	},
})

_types_of_mount := {"mountPath": "string", "name": "string", "readOnly": "boolean", "subPath": "string"}

_words_of_mount := {"mountPropagation": {"None", "HostToContainer", "Bidirectional"}}

_outside(path) if startswith(path, "/")

_outside(path) if ".." in split(path, "/")

_security(place, container) := union({
	valid_value.mistyped(context_place, context, _types_of_context),
	valid_value.out_of_range(context_place, context, _ranges_of_context),
	{valid_value.conflicting($"{context_place}.allowPrivilegeEscalation: false", privilege) |
		value.at(context, "allowPrivilegeEscalation", true) == false
		some privilege in _privileges(context)
	},
	valid_value.mistyped($"{context_place}.capabilities", value.object_at(context, "capabilities"), _types_of_capabilities),
	profiles(context_place, context),
}) if {
	context_place := $"{place}.securityContext"
	context := value.object_at(container, "securityContext")
}

_types_of_context := {
	"allowPrivilegeEscalation": "boolean",
	"capabilities": "object",
	"privileged": "boolean",
	"readOnlyRootFilesystem": "boolean",
	"runAsGroup": "integer",
	"runAsNonRoot": "boolean",
	"runAsUser": "integer",
}

_ranges_of_context := {"runAsUser": [0, 2147483647], "runAsGroup": [0, 2147483647]}

_types_of_capabilities := {"add": "array", "drop": "array"}

_privileges(context) := {"privileged: true" | value.true_at(context, "privileged")} | {"CAP_SYS_ADMIN" |
	"CAP_SYS_ADMIN" in value.strings_at(context, ["capabilities", "add"])
}

# METADATA
# title: Findings on security profiles
# description: The findings for the seccomp and AppArmor profiles of a securityContext, of a container or of the pod.
profiles(place, context) := {found |
	some field in ["seccompProfile", "appArmorProfile"]
	profile := value.at(context, field, null)
	is_object(profile)
	some found in _profile($"{place}.{field}", profile)
}

_profile(place, profile) := union({
	{valid_value.missing($"{place}.type") | value.at(profile, "type", "") == ""},
	valid_value.unlisted(place, profile, {"type": {"", "Unconfined", "RuntimeDefault", "Localhost"}}),
	{valid_value.missing($"{place}.localhostProfile") |
		value.at(profile, "type", "") == "Localhost"
		value.at(profile, "localhostProfile", "") == ""
	},
	{valid_value.conflicting($"{place}.localhostProfile", $"type {kind}") |
		kind := value.string_at(profile, "type")
		kind in {"Unconfined", "RuntimeDefault"}
		value.at(profile, "localhostProfile", null) != null
	},
})

_probes(place, container) := {found |
	some field in ["livenessProbe", "readinessProbe", "startupProbe"]
	probe := value.at(container, field, null)
	is_object(probe)
	some found in _probe($"{place}.{field}", field, probe)
}

_probe(place, field, probe) := union({
	{valid_value.dependent(place, message.text("exec, grpc, httpGet or tcpSocket")) | count(_handlers(probe)) == 0},
	{valid_value.conflicting($"{place}.{_handlers(probe)[0]}", _handlers(probe)[1]) | count(_handlers(probe)) > 1},
	valid_value.out_of_range(place, probe, {
		"failureThreshold": [0, 2147483647],
		"initialDelaySeconds": [0, 2147483647],
		"periodSeconds": [0, 2147483647],
		"successThreshold": [0, 2147483647],
		"timeoutSeconds": [0, 2147483647],
	}),
	{valid_value.invalid($"{place}.successThreshold", given) |
		field != "readinessProbe"
		given := value.at(probe, "successThreshold", 1)
		given > 1
	},
})

_handlers(probe) := [handler |
	some handler in ["exec", "grpc", "httpGet", "tcpSocket"]
	value.at(probe, handler, null) != null
]
