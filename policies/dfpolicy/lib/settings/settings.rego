# METADATA
# title: Settings
# description: >-
#   Mode, profile and release of this evaluation, with the values that hold when
#   a host of the policies (conftest, an admission webhook) gives none.
package dfpolicy.lib.settings

import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Mode
# description: The deployment mode that is judged.
mode := value.at(input, ["mode"], "single-k8s")

# METADATA
# title: Strict profile
# description: >-
#   Holds when the results are graded by the words of the DeepFlow overview page
#   alone, so that no equivalent is accepted.
strict if value.at(input, ["profile"], "default") == "strict"

# METADATA
# title: Resources
# description: The Kubernetes objects of the input; what is no object is passed over.
resources := recognition.resources

# METADATA
# title: Cluster facts
# description: What was collected about the cluster, empty when nothing was.
cluster := value.object_at(input, ["cluster", "spec"])

# METADATA
# title: Parameters
# description: What the user said of the deployment beside the manifests.
parameters := value.object_at(input, ["parameters"])

# METADATA
# title: Namespace of an object
# description: Its own namespace, or that of the release when it names none.
namespace(resource) := own if {
	own := value.string_at(resource, ["metadata", "namespace"])
	own != ""
} else := release_namespace

# METADATA
# title: Namespace of the release
# description: >-
#   Helm prints most objects without a namespace. It is the one given, else the
#   one that the bindings of the agent's service account name, else `default`.
release_namespace := given if {
	given := value.string_at(input, ["release", "namespace"])
	given != ""
} else := min(_agent_account_namespaces) if {
	count(_agent_account_namespaces) > 0
} else := min(_account_namespaces) if {
	count(_account_namespaces) > 0
} else := "default"

_bound_accounts contains subject if {
	some resource in resources
	value.at(resource, ["kind"], "") in {"ClusterRoleBinding", "RoleBinding"}
	some subject in value.objects_at(resource, ["subjects"])
	value.string_at(subject, ["kind"]) == "ServiceAccount"
	value.string_at(subject, ["namespace"]) != ""
}

_account_namespaces contains subject.namespace if some subject in _bound_accounts

_agent_account_namespaces contains subject.namespace if {
	some subject in _bound_accounts
	value.string_at(subject, ["name"]) in recognition.service_accounts
}
