# METADATA
# title: Roles that every cluster has
# description: >-
#   The ClusterRoles that the API server creates, with the rules that matter to the agent, in the
#   form of the objects.
package dfpolicy.tables.builtin_roles

# METADATA
# title: Cluster roles
# description: >-
#   By name. As in the cluster, `admin`, `edit` and `view` are aggregated: roles of the input with
#   the right labels add to them.
cluster_roles := {name: object.union(role, {"metadata": {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}}) |
	some name, role in _roles
}

_roles := {
	"admin": {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": _to_admin}]}},
	"cluster-admin": {"rules": [
		{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
		{"nonResourceURLs": ["*"], "verbs": ["*"]},
	]},
	"edit": {
		"metadata": {"labels": _to_admin},
		"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": _to_edit}]},
	},
	"view": {
		"metadata": {"labels": _to_edit},
		"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": _to_view}]},
	},
	"system:aggregate-to-edit": {
		"metadata": {"labels": _to_edit},
		"rules": _workloads(["create", "delete", "deletecollection", "patch", "update"]),
	},
	"system:aggregate-to-view": {
		"metadata": {"labels": _to_view},
		"rules": array.concat(_workloads(["get", "list", "watch"]), [{
			"apiGroups": [""],
			"resources": ["namespaces"],
			"verbs": ["get", "list", "watch"],
		}]),
	},
	"system:basic-user": {},
	"system:discovery": {"rules": [{
		"nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/version", "/version/"],
		"verbs": ["get"],
	}]},
	"system:public-info-viewer": {"rules": [{
		"nonResourceURLs": ["/healthz", "/version", "/version/"],
		"verbs": ["get"],
	}]},
	"system:service-account-issuer-discovery": {},
}

# METADATA
# title: Roles that every account has
# description: >-
#   The cluster binds these to all accounts with a ClusterRoleBinding of the same name. Such a
#   binding does not show that an account is the agent's.
of_everyone := {
	"system:basic-user",
	"system:discovery",
	"system:public-info-viewer",
	"system:service-account-issuer-discovery",
}

_to_admin := {"rbac.authorization.k8s.io/aggregate-to-admin": "true"}

_to_edit := {"rbac.authorization.k8s.io/aggregate-to-edit": "true"}

_to_view := {"rbac.authorization.k8s.io/aggregate-to-view": "true"}

_workloads(verbs) := [
	{"apiGroups": [""], "resources": ["configmaps", "pods", "replicationcontrollers", "services"], "verbs": verbs},
	{"apiGroups": ["apps"], "resources": ["daemonsets", "deployments", "replicasets", "statefulsets"], "verbs": verbs},
	{"apiGroups": ["extensions", "networking.k8s.io"], "resources": ["ingresses"], "verbs": verbs},
]
