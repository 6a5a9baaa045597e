# METADATA
# title: Identity of objects
# description: The names of objects in results, with the namespace that Helm omits.
package dfpolicy.lib.identity

import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Subject
# description: The subject of results about a resource.
subject(resource) := {
	"apiVersion": value.string_at(resource, "apiVersion"),
	"kind": value.string_at(resource, "kind"),
	"namespace": namespace(resource),
	"name": _name(resource),
}

_name(resource) := name if {
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
} else := value.string_at(resource, ["metadata", "generateName"])

# METADATA
# title: Namespace of an object
# description: The object's own namespace, or that of the release when it has none.
namespace(resource) := own if {
	own := value.string_at(resource, _namespace)
	own != ""
} else := release_namespace

_namespace := ["metadata", "namespace"]

# METADATA
# scope: document
# title: Namespace of the release
# description: >-
#   Helm renders most objects without a namespace. The release's namespace is the one in the
#   input, else the only one in which the agent's own objects are, else the one that the bindings of
#   the agent's service account name, else `default`. A binding that names another namespace than
#   the other objects does not move them: it is wrong.
default release_namespace := "default"

release_namespace := _known_namespace if is_string(_known_namespace)

_known_namespace := given if {
	given := value.string_at(input, ["release", "namespace"])
	given != ""
} else := min(_own_namespaces) if {
	count(_own_namespaces) == 1
} else := min(_agent_account_namespaces) if {
	count(_agent_account_namespaces) > 0
} else := min(_account_namespaces) if {
	count(_account_namespaces) > 0
}

# METADATA
# title: Assumed namespace
# description: >-
#   Whether nothing in the input says which namespace the object is in: then `assumedNamespace` has
#   up to three namespaces of Roles and RoleBindings. Empty otherwise.
assumed(resource) := {"assumedNamespace": array.slice(_other_namespaces, 0, 3)} if {
	value.string_at(resource, ["metadata", "namespace"]) == ""
	not _known_namespace
} else := {}

_other_namespaces := sort({name |
	some other in recognition.resources
	value.at(other, "kind", "") in {"Role", "RoleBinding"}
	name := value.string_at(other, ["metadata", "namespace"])
	name != ""
})

# The account `default` is in every namespace.
_own_namespaces contains namespace if {
	some resource in recognition.resources
	value.string_at(resource, "kind") == "ServiceAccount"
	name := value.string_at(resource, ["metadata", "name"])
	recognition.service_accounts[name]
	name != "default"
	namespace := value.string_at(resource, ["metadata", "namespace"])
	namespace != ""
}

# A subject without a namespace is in that of its RoleBinding.
_own_namespaces contains namespace if {
	some resource in recognition.resources
	value.string_at(resource, "kind") == "RoleBinding"
	some subject in value.objects_at(resource, "subjects")
	value.string_at(subject, "kind") == "ServiceAccount"
	value.string_at(subject, "namespace") == ""
	recognition.service_accounts[value.string_at(subject, "name")]
	namespace := value.string_at(resource, ["metadata", "namespace"])
	namespace != ""
}

_own_namespaces contains namespace if {
	some found in recognition.workloads
	namespace := value.string_at(found.resource, ["metadata", "annotations", "meta.helm.sh/release-namespace"])
	namespace != ""
}

_bound_accounts contains subject if {
	some resource in recognition.resources
	value.at(resource, "kind", "") in {"ClusterRoleBinding", "RoleBinding"}
	some subject in value.objects_at(resource, "subjects")
	value.string_at(subject, "kind") == "ServiceAccount"
	value.string_at(subject, "namespace") != ""
}

_account_namespaces contains subject.namespace if some subject in _bound_accounts

_agent_account_namespaces contains subject.namespace if {
	some subject in _bound_accounts
	recognition.service_accounts[value.string_at(subject, "name")]
}
