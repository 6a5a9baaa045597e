# METADATA
# title: Access to the API server
# description: >-
#   What the agent's service account can do. Evaluates the roles and bindings of the input as
#   Kubernetes does: only a bound rule grants access.
package dfpolicy.lib.rbac

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.identity
import data.dfpolicy.lib.message
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.lib.workload as pods
import data.dfpolicy.tables.builtin_roles

# METADATA
# title: Agents to check
# description: >-
#   The agents that watch the API server. When none does, the collectors: another workload, which
#   is not in the input, must watch for them.
asked := agent.watching if {
	count(agent.watching) > 0
} else := agent.managed_collectors

# METADATA
# title: Account of an agent
# description: The service account that the agent's pods run as.
account(workload) := {"namespace": workload.subject.namespace, "name": workload.service_account}

# METADATA
# title: Shown account
# description: The account as namespace/name.
shown(identity) := $"{identity.namespace}/{identity.name}"

# METADATA
# scope: document
# title: Roles are in the input
# description: True when the input has any role or binding, except of an SCC, which grants no access to the API.
default stated := false

stated if {
	some document in _objects
	not startswith(value.string_at(document, ["roleRef", "name"]), "system:openshift:scc:")
}

# METADATA
# title: Reading verbs
# description: The verbs that the agent needs on each resource.
reading := {"get", "list", "watch"}

# METADATA
# title: Missing verbs
# description: >-
#   The reading verbs that the account does not have on the resource in the whole cluster. A rule
#   with resourceNames does not count, unless it contains the empty name.
missing(identity, group, resource) := reading - {verb |
	some rule in _cluster_rules[identity]
	_covers(rule, group, resource)
	some verb in reading
	_any_name(rule, verb)
	_includes(rule.verbs, verb)
}

# METADATA
# title: Verbs on one object
# description: >-
#   Which of the verbs the account has on the object of that name in its own namespace, through
#   any binding that applies there.
on_object(identity, target, verbs) := {verb |
	some rule in _namespace_rules[identity]
	_names(rule, target.name)
	_covers(rule, target.group, target.resource)
	some verb in verbs
	_includes(rule.verbs, verb)
}

# METADATA
# scope: document
# title: URL can be read
# description: True when the account can read the non-resource URL, for example /version.
readable(identity, url) if {
	some rule in _cluster_rules[identity]
	_opens(rule, url)
}

readable(_, url) if {
	some name in builtin_roles.of_everyone
	not _objects[["ClusterRoleBinding", "", name]]
	some rule in _rules(["ClusterRole", "", name])
	_opens(rule, url)
}

# METADATA
# title: Cluster object is in the input
# description: True when the input has a ClusterRole or ClusterRoleBinding of that name.
defined(kind, name) if _objects[[kind, "", name]]

# METADATA
# title: Bindings in the whole cluster
# description: >-
#   The sorted names of the account's ClusterRoleBindings, without those that every account has.
cluster_bindings(identity) := sort({name |
	some [["ClusterRoleBinding", _, name], role] in _bound[identity]
	not role[2] in builtin_roles.of_everyone
})

# METADATA
# title: Bindings in one namespace
# description: The RoleBindings of the account as namespace/name, sorted.
role_bindings(identity) := sort({$"{namespace}/{name}" | some [["RoleBinding", namespace, name], _] in _bound[identity]})

# METADATA
# title: ClusterRoles of an account
# description: The sorted names of the ClusterRoles that apply in the account's own namespace.
cluster_roles(identity) := sort({role[2] |
	some role in _roles_in_namespace(identity)
	role[0] == "ClusterRole"
})

# METADATA
# title: Roles of an account as objects
# description: The ClusterRoles and Roles of the input that apply to the account, without aggregated ones, sorted.
roles(identity) := [found |
	some role in sort([role | some role in _roles_in_namespace(identity)])
	found := _objects[role]
	not _aggregated(found)
]

# METADATA
# title: Powerful bindings
# description: The bindings of the account to the built-in roles of administrators, sorted.
powerful_bindings(identity) := [found |
	some binding in sort({binding | some [binding, role] in _bound[identity]; role[2] in {"admin", "cluster-admin", "edit"}})
	found := _objects[binding]
]

# METADATA
# title: Missing roles, cluster-wide
# description: >-
#   The unknown verdict when a ClusterRole that is bound in the whole cluster is neither in the
#   input nor built in, or when the API server refused to list such roles or bindings. Undefined
#   otherwise.
unresolved(identity) := _unknown(_gaps(_roles_in_cluster(identity)) | _refused(_of_cluster))

# METADATA
# title: Roles and bindings that were refused
# description: >-
#   The unknown verdict when the API server refused to list ClusterRoles or their bindings.
#   Undefined otherwise.
refused := _unknown(_refused(_of_cluster))

# METADATA
# title: Missing roles in the namespace
# description: The same for the roles that are bound in the account's namespace.
unresolved_in_namespace(identity) := _unknown(_gaps(_roles_in_namespace(identity)) | _refused(_of_namespace))

# METADATA
# title: Why access is missing
# description: Why the account cannot read the resource, as a message.
why(identity, group, resource) := unbound(identity) if {
	count(cluster_bindings(identity)) == 0
} else := message.of("a rule grants it only for the resourceNames {names}", {"names": message.whole(names)}) if {
	names := sort({name |
		some rule in _near_rules(identity, group, resource)
		_covers(rule, group, resource)
		some name in value.strings_at(rule, "names")
	})
	count(names) > 0
} else := message.of("only the subresource {subresources} is granted", {"subresources": message.whole(parts)}) if {
	parts := sort({part |
		some rule in _near_rules(identity, group, resource)
		_includes(rule.groups, group)
		some part in rule.resources
		startswith(part, $"{resource}/")
	})
	count(parts) > 0
} else := message.of("it is granted only in the API group {groups}", {"groups": message.whole(groups)}) if {
	groups := sort({_named(other) |
		some rule in _near_rules(identity, group, resource)
		resource in rule.resources
		some other in rule.groups
		other != group
	})
	count(groups) > 0
} else := message.of(
	"no rule of the ClusterRole {roles} grants it",
	{"roles": message.whole(sort({role[2] | some role in _roles_in_cluster(identity)}))},
)

_named(group) := "core" if {
	group == ""
} else := group

# METADATA
# title: Why nothing is bound
# description: Which bindings exist instead of a ClusterRoleBinding of the account, as a message.
unbound(identity) := message.of(
	"the account is bound only by the RoleBinding {bindings}, which applies to one namespace",
	{"bindings": message.whole(role_bindings(identity))},
) if {
	count(role_bindings(identity)) > 0
} else := message.clauses(sort(_namesakes[identity.name])) if {
	_namesakes[identity.name]
} else := message.text("no ClusterRoleBinding names the account")

_near_rules(identity, group, resource) := {rule |
	some rule in _cluster_rules[identity]
	rule.verbs & ({"*"} | missing(identity, group, resource)) != set()
}

_namesakes[name] contains _misdirected(binding, subject) if {
	some ["ClusterRoleBinding", _, binding], document in _objects
	some subject in value.objects_at(document, "subjects")
	value.string_at(subject, "kind") == "ServiceAccount"
	name := value.string_at(subject, "name")
}

_misdirected(binding, subject) := message.of(
	"the ClusterRoleBinding {binding} names the service account {account}",
	{"binding": binding, "account": shown(subject)},
) if {
	value.string_at(subject, "namespace") != ""
} else := message.of(
	"the ClusterRoleBinding {binding} names the service account {account} without a namespace, which is invalid",
	{"binding": binding, "account": subject.name},
)

# A rule grants each of its verbs on each of its resources in each of its groups. A subresource is a
# separate resource, and `*` does not match a part of a name.
_covers(rule, group, resource) if {
	_includes(rule.groups, group)
	_includes(rule.resources, resource)
}

# Without a set of the two, which would cost memory for each agent and each resource.
_includes(listed, _) if listed["*"]

_includes(listed, item) if listed[item]

_any_name(rule, _) if rule.names == []

# The authorizer checks a list against the empty name.
_any_name(rule, verb) if {
	verb != "get"
	"" in rule.names
}

_names(rule, _) if rule.names == []

_names(rule, name) if name in rule.names

_opens(rule, url) if {
	_includes(rule.verbs, "get")
	some pattern in rule.urls
	_matches(pattern, url)
}

_matches(pattern, url) if pattern == url

_matches(pattern, url) if {
	endswith(pattern, "*")
	startswith(url, trim_right(pattern, "*"))
}

_group := "rbac.authorization.k8s.io"

# For a repeated name the last document counts, as it does for `kubectl apply`.
_objects := value.indexed([[[resource.kind, _scope(resource), _name(resource, i)], resource] |
	some i, resource in settings.resources
	startswith(value.string_at(resource, "apiVersion"), $"{_group}/")
])

_name(resource, i) := name if {
	name := value.string_at(resource, ["metadata", "name"])
	name != ""
} else := i

_scope(resource) := "" if {
	resource.kind in {"ClusterRole", "ClusterRoleBinding"}
} else := identity.namespace(resource) if {
	resource.kind in {"Role", "RoleBinding"}
}

_accounts contains account(workload) if some workload in agent.workloads

_accounts contains {"namespace": identity.namespace(server.resource), "name": pods.service_account(server.template)} if {
	some server in recognition.servers
}

_grants[key] contains [binding, role] if {
	some binding, document in _objects
	role := _role(binding, value.object_at(document, "roleRef"))
	some subject in value.objects_at(document, "subjects")
	key := _subject(subject, binding[1])
}

# A complete rule: OPA evaluates a partial rule again for each key that is read.
_granted := {key: pairs | some key, pairs in _grants}

_role(binding, reference) := ["ClusterRole", "", name] if {
	name := _referred(reference, "ClusterRole")
	binding[0] in {"ClusterRoleBinding", "RoleBinding"}
} else := ["Role", binding[1], name] if {
	name := _referred(reference, "Role")
	binding[0] == "RoleBinding"
}

_referred(reference, kind) := name if {
	value.at(reference, "apiGroup", "") in {"", _group}
	value.at(reference, "kind", "") == kind
	name := value.string_at(reference, "name")
	name != ""
}

_subject(subject, namespace) := ["ServiceAccount", own, value.string_at(subject, "name")] if {
	value.at(subject, "kind", "") == "ServiceAccount"
	value.at(subject, "apiGroup", "") == ""
	own := [place | some place in [value.at(subject, "namespace", ""), namespace]; place != ""][0]
} else := [subject.kind, "", value.string_at(subject, "name")] if {
	value.at(subject, "kind", "") in {"User", "Group"}
	value.at(subject, "apiGroup", "") in {"", _group}
}

_subjects(identity) := {
	["ServiceAccount", identity.namespace, identity.name],
	["User", "", $"system:serviceaccount:{identity.namespace}:{identity.name}"],
	["Group", "", $"system:serviceaccounts:{identity.namespace}"],
	["Group", "", "system:serviceaccounts"],
	["Group", "", "system:authenticated"],
}

_bound[identity] := references if {
	some identity in _accounts
	references := {pair | some key in _subjects(identity); some pair in _granted[key]}
}

_roles_in_cluster(identity) := {role | some [["ClusterRoleBinding", _, _], role] in _bound[identity]}

_roles_in_namespace(identity) := _roles_in_cluster(identity) | {role |
	some [binding, role] in _bound[identity]
	binding[1] == identity.namespace
}

_cluster_rules[identity] := rules if {
	some identity in _accounts
	rules := union({_rules(role) | some role in _roles_in_cluster(identity)})
}

_namespace_rules[identity] := rules if {
	some identity in _accounts
	rules := union({_rules(role) | some role in _roles_in_namespace(identity)})
}

_rules(role) := {rule |
	some name in graph.reachable(_sources, {role[2]})
	some rule in _own_rules(_cluster_roles[name])
} if {
	role[0] == "ClusterRole"
} else := _read(_objects[role])

_cluster_roles := object.union(
	{name: document | some ["ClusterRole", _, name], document in _objects},
	{name: document |
		some name, document in builtin_roles.cluster_roles
		not _objects[["ClusterRole", "", name]]
	},
)

# The controller overwrites the rules that an aggregated role contains itself.
_own_rules(document) := set() if {
	_aggregated(document)
} else := _read(document)

# With resourceNames of a wrong type the rule grants nothing; without resourceNames it is unrestricted.
_read(document) := {rule |
	some stated_rule in value.objects_at(document, "rules")
	rule := {
		"groups": {item | some item in value.strings_at(stated_rule, "apiGroups")},
		"resources": {item | some item in value.strings_at(stated_rule, "resources")},
		"verbs": {item | some item in value.strings_at(stated_rule, "verbs")},
		"urls": {item | some item in value.strings_at(stated_rule, "nonResourceURLs")},
		"names": value.at(stated_rule, "resourceNames", []),
	}
}

_aggregated(document) if value.at(document, "aggregationRule", null) != null

# The roles whose rules each role aggregates.
_sources := {name: parts |
	some name, document in _cluster_roles
	selected := {_selected(selector) |
		some selector in value.objects_at(document, ["aggregationRule", "clusterRoleSelectors"])
	}
	parts := union(selected) - {name}
}

_selected(selector) := intersection((({_every_role} | labelled) | expressed)) if {
	labels := value.at(selector, "matchLabels", {})
	is_object(labels)
	expressions := value.at(selector, "matchExpressions", [])
	is_array(expressions)
	labelled := {_bearing(label, [text]) | some label, text in labels}
	expressed := {_matching(expression) | some expression in expressions}
} else := set()

_matching(expression) := _bearing(expression.key, expression.values) if {
	expression.operator == "In"
} else := _every_role - _bearing(expression.key, expression.values) if {
	expression.operator == "NotIn"
	count(value.strings_at(expression, "values")) > 0
} else := _labelled(expression.key) if {
	expression.operator == "Exists"
} else := _every_role - _labelled(expression.key) if {
	expression.operator == "DoesNotExist"
} else := set()

_every_role := object.keys(_cluster_roles)

_bearing(label, texts) := {name |
	some name in _labelled(label)
	_cluster_roles[name].metadata.labels[label] in texts
}

_labelled(label) := {name |
	some name, document in _cluster_roles
	value.at(document, ["metadata", "labels", label], null) != null
}

_gaps(roles) := {gap | some role in roles; gap := _absent(role)} | {gap |
	some role in roles
	role[0] == "ClusterRole"
	some name in graph.reachable(_sources, {role[2]})
	_aggregated(_cluster_roles[name])
	count(_sources[name]) == 0
	gap := [message.of("the roles that the ClusterRole {name} aggregates", {"name": name}), "kubectl get clusterroles -o yaml"]
}

# Grants add up: objects that could not be read can only grant more.
_refused(plurals) := {[fact, $"kubectl get {plural} -A -o yaml"] |
	some plural in plurals
	fact := message.of("the {kind} of the cluster ({reason})", {"kind": plural, "reason": settings.unread[plural]})
}

_of_cluster := {"clusterroles", "clusterrolebindings"}

_of_namespace := _of_cluster | {"roles", "rolebindings"}

_absent(["ClusterRole", _, name]) := [
	message.of("the rules of the ClusterRole {name}", {"name": name}),
	$"kubectl get clusterrole {result.word(name)} -o yaml",
] if {
	not _cluster_roles[name]
}

_absent(["Role", namespace, name]) := [
	message.of("the rules of the Role {name}", {"name": $"{namespace}/{name}"}),
	$"kubectl get role -n {result.word(namespace)} {result.word(name)} -o yaml",
] if {
	not _objects[["Role", namespace, name]]
}

_unknown(gaps) := result.unknown(
	message.clauses(sort({gap[0] | some gap in gaps})),
	concat("; ", sort({gap[1] | some gap in gaps})),
) if {
	count(gaps) > 0
}
