# METADATA
# title: Pods that the API server accepts
# description: >-
#   What the validation of the API server refuses about a pod spec, except its containers. Each rule
#   has a case in `tests/cluster/test_dry_run_oracle.py`, which queries a real server.
package dfpolicy.lib.valid_pod

import data.dfpolicy.lib.address
import data.dfpolicy.lib.valid_container
import data.dfpolicy.lib.valid_value
import data.dfpolicy.lib.value

# METADATA
# title: Findings on a pod
# description: The findings for a pod spec, with those for its volumes, without those for its containers.
findings(pod) := union({
	valid_value.mistyped("spec", pod, _types),
	valid_value.unlisted("spec", pod, _words),
	_names(pod),
	_resolver(pod),
	_hosts(pod),
	_namespaces(pod),
	_tolerations(pod),
	valid_value.labels("spec.nodeSelector", value.object_at(pod, "nodeSelector")),
	valid_value.not_strings("spec.nodeSelector", value.object_at(pod, "nodeSelector")),
	_affinity(pod),
	_volumes(pod),
	_security(pod),
	_windows(pod),
})

_types := {
	"affinity": "object",
	"automountServiceAccountToken": "boolean",
	"containers": "array",
	"dnsConfig": "object",
	"dnsPolicy": "string",
	"hostIPC": "boolean",
	"hostNetwork": "boolean",
	"hostPID": "boolean",
	"hostUsers": "boolean",
	"initContainers": "array",
	"nodeName": "string",
	"nodeSelector": "object",
	"priorityClassName": "string",
	"runtimeClassName": "string",
	"securityContext": "object",
	"serviceAccountName": "string",
	"shareProcessNamespace": "boolean",
	"terminationGracePeriodSeconds": "integer",
	"tolerations": "array",
	"volumes": "array",
}

_words := {"dnsPolicy": {"", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"}}

_names(pod) := {valid_value.invalid($"spec.{field}", name) |
	some field in ["nodeName", "priorityClassName", "runtimeClassName", "serviceAccountName"]
	name := value.string_at(pod, field)
	name != ""
	not valid_value.subdomain(name)
}

_resolver(pod) := union({
	{valid_value.dependent("spec.dnsPolicy None", "dnsConfig.nameservers") |
		value.at(pod, "dnsPolicy", "") == "None"
		count(value.at(pod, ["dnsConfig", "nameservers"], [])) == 0
	},
	{valid_value.invalid($"spec.dnsConfig.nameservers[{i}]", server) |
		some i, server in value.strings_at(pod, ["dnsConfig", "nameservers"])
		not address.key(server)
	},
	{valid_value.invalid("spec.dnsConfig.nameservers", servers) |
		servers := value.strings_at(pod, ["dnsConfig", "nameservers"])
		count(servers) > 3
	},
})

_hosts(pod) := {found |
	some [i, alias] in valid_value.items(pod, "hostAliases")
	some found in ({valid_value.invalid($"spec.hostAliases[{i}].ip", given) |
		given := value.string_at(alias, "ip")
		not address.key(given)
	} | {valid_value.invalid($"spec.hostAliases[{i}].hostnames", name) |
		some name in value.strings_at(alias, "hostnames")
		not valid_value.subdomain(name)
	})
}

_namespaces(pod) := {valid_value.conflicting("spec.hostUsers: false", $"{field}: true") |
	value.at(pod, "hostUsers", true) == false
	some field in ["hostIPC", "hostNetwork", "hostPID"]
	value.true_at(pod, field)
} | {valid_value.conflicting("spec.shareProcessNamespace: true", "hostPID: true") |
	value.true_at(pod, "shareProcessNamespace")
	value.true_at(pod, "hostPID")
}

_tolerations(pod) := {found |
	some [i, toleration] in valid_value.items(pod, "tolerations")
	some found in _toleration($"spec.tolerations[{i}]", toleration)
}

_toleration(place, toleration) := union({
	valid_value.unlisted(place, toleration, _words_of_toleration),
	valid_value.mistyped(place, toleration, _types_of_toleration),
	{valid_value.invalid($"{place}.key", given) |
		given := value.string_at(toleration, "key")
		given != ""
		not valid_value.key(given)
	},
	{valid_value.dependent($"{place} without key", "operator: Exists") |
		value.at(toleration, "key", "") == ""
		value.at(toleration, "operator", "") != "Exists"
	},
	{valid_value.conflicting($"{place}.value", "operator: Exists") |
		value.at(toleration, "operator", "") == "Exists"
		value.at(toleration, "value", "") != ""
	},
	{valid_value.dependent($"{place}.tolerationSeconds", "effect: NoExecute") |
		value.at(toleration, "tolerationSeconds", null) != null
		value.at(toleration, "effect", "") != "NoExecute"
	},
})

_words_of_toleration := {
	"effect": {"", "NoSchedule", "PreferNoSchedule", "NoExecute"},
	"operator": {"", "Equal", "Exists"},
}

_types_of_toleration := {"key": "string", "tolerationSeconds": "integer", "value": "string"}

_required := ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

_affinity(pod) := {valid_value.missing("spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms") |
	is_object(value.at(pod, _required, null))
	count(value.at(pod, array.concat(_required, ["nodeSelectorTerms"]), [])) == 0
} | {found |
	some term in value.objects_at(pod, array.concat(_required, ["nodeSelectorTerms"]))
	some [i, expression] in valid_value.items(term, "matchExpressions")
	some found in _expression($"spec.affinity.nodeAffinity.matchExpressions[{i}]", expression)
}

_expression(place, expression) := union({
	{valid_value.invalid($"{place}.operator", operator) |
		operator := value.at(expression, "operator", "")
		not operator in {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"}
	},
	{valid_value.dependent($"{place}.operator {operator}", "values") |
		operator := value.at(expression, "operator", "")
		operator in {"In", "NotIn"}
		count(value.at(expression, "values", [])) == 0
	},
	{valid_value.conflicting($"{place}.operator {operator}", "values") |
		operator := value.at(expression, "operator", "")
		operator in {"Exists", "DoesNotExist"}
		count(value.at(expression, "values", [])) > 0
	},
	{valid_value.invalid($"{place}.key", given) |
		given := value.string_at(expression, "key")
		not valid_value.key(given)
	},
})

_volumes(pod) := {found |
	some [i, volume] in valid_value.items(pod, "volumes")
	some found in _volume($"spec.volumes[{i}]", volume)
} | valid_value.repeats("spec.volumes", value.objects_at(pod, "volumes"), "name")

_volume(place, volume) := union({
	{valid_value.missing($"{place}.name") | value.at(volume, "name", "") == ""},
	{valid_value.invalid($"{place}.name", name) |
		name := value.string_at(volume, "name")
		name != ""
		not valid_value.label(name)
	},
	{valid_value.conflicting($"{place}.{_sources(volume)[0]}", _sources(volume)[1]) | count(_sources(volume)) > 1},
	_host_path(place, volume),
	_items(place, volume),
	{valid_value.missing($"{place}.{source}.{field}") |
		some source, field in _names_of_sources
		is_object(value.at(volume, source, null))
		value.at(volume, [source, field], "") == ""
	},
	{valid_value.invalid($"{place}.{source}.defaultMode", given) |
		some source in _with_mode
		given := value.at(volume, [source, "defaultMode"], 0)
		is_number(given)
		not _file_mode(given)
	},
})

_names_of_sources := {"secret": "secretName", "configMap": "name", "persistentVolumeClaim": "claimName"}

_with_mode := ["configMap", "secret", "projected", "downwardAPI"]

_file_mode(given) if {
	given >= 0
	given <= 511
	floor(given) == given
}

_sources(volume) := sort([source | some source in _kinds; value.at(volume, source, null) != null])

_kinds := {
	"awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI",
	"emptyDir", "ephemeral", "fc", "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs",
	"hostPath", "image", "iscsi", "nfs", "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume",
	"projected", "quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume",
}

_host_path(place, volume) := union({
	{valid_value.missing($"{place}.hostPath.path") | value.at(host_path, "path", "") == ""},
	{valid_value.invalid($"{place}.hostPath.path", path) |
		path := value.string_at(host_path, "path")
		".." in split(path, "/")
	},
	valid_value.unlisted($"{place}.hostPath", host_path, _words_of_host_path),
}) if {
	host_path := value.at(volume, "hostPath", null)
	is_object(host_path)
} else := set()

_words_of_host_path := {"type": {
	"", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice",
}}

_items(place, volume) := {found |
	some source in ["configMap", "secret"]
	some [i, item] in valid_value.items(volume, [source, "items"])
	some found in ({valid_value.missing($"{place}.{source}.items[{i}].{field}") |
		some field in ["key", "path"]
		value.at(item, field, "") == ""
	} | {valid_value.invalid($"{place}.{source}.items[{i}].path", path) |
		path := value.string_at(item, "path")
		_outside(path)
	})
}

_outside(path) if startswith(path, "/")

_outside(path) if ".." in split(path, "/")

_security(pod) := union({
	valid_value.mistyped("spec.securityContext", context, _types_of_context),
	valid_value.out_of_range("spec.securityContext", context, _ranges_of_context),
	valid_container.profiles("spec.securityContext", context),
	valid_value.repeats("spec.securityContext.sysctls", value.objects_at(context, "sysctls"), "name"),
	{valid_value.conflicting($"spec.securityContext.sysctls {name}", "hostNetwork: true") |
		value.true_at(pod, "hostNetwork")
		some entry in value.objects_at(context, "sysctls")
		name := value.string_at(entry, "name")
		regex.match(`^net[./]`, name)
	},
	{valid_value.invalid($"spec.securityContext.sysctls[{i}].name", name) |
		some i, entry in value.objects_at(context, "sysctls")
		name := value.at(entry, "name", "")
		not regex.match(`^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$`, name)
	},
}) if {
	context := value.object_at(pod, "securityContext")
}

_types_of_context := {"fsGroup": "integer", "runAsGroup": "integer", "runAsNonRoot": "boolean", "runAsUser": "integer"}

_ranges_of_context := {"fsGroup": [0, 2147483647], "runAsUser": [0, 2147483647], "runAsGroup": [0, 2147483647]}

_windows(pod) := ({valid_value.invalid("spec.os.name", name) |
	name := value.string_at(pod, ["os", "name"])
	not name in {"", "linux", "windows"}
} | {valid_value.conflicting("spec.os.name windows", $"{field}: true") |
	value.at(pod, ["os", "name"], "") == "windows"
	some field in ["hostIPC", "hostPID", "shareProcessNamespace"]
	value.true_at(pod, field)
}) | {valid_value.conflicting("spec.os.name windows", $"securityContext.{field}") |
	value.at(pod, ["os", "name"], "") == "windows"
	some container in array.concat(value.objects_at(pod, "containers"), value.objects_at(pod, "initContainers"))
	some field in _of_linux
	value.at(container, ["securityContext", field], null) != null
}

# The fields of a container's securityContext that Windows does not have.
_of_linux := {
	"allowPrivilegeEscalation", "appArmorProfile", "capabilities", "privileged", "procMount",
	"readOnlyRootFilesystem", "runAsGroup", "runAsUser", "seLinuxOptions", "seccompProfile",
}
