package dfpolicy.requirements.single_k8s.leader_election_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.lib.server_fixture_test as server
import data.dfpolicy.requirements.single_k8s.leader_election

_rule := {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["*"]}

_bound := access.document("RoleBinding", "server", {
	"subjects": [{"kind": "ServiceAccount", "name": "deepflow-server"}],
	"roleRef": {"kind": "Role", "name": "server"},
})

_granted(change) := [access.document("Role", "server", {"rules": [object.union(_rule, change)]}), _bound]

test_verdict[name] if {
	some name, case in {
		"granted": {"documents": _granted({}), "want": "pass"},
		"the three verbs": {"documents": _granted({"verbs": ["get", "create", "update"]}), "want": "pass"},
		"no update": {"documents": _granted({"verbs": ["get", "create"]}), "want": "violation"},
		"create cannot be restricted by name": {"documents": _granted({"resourceNames": ["deepflow-server"]}), "want": "violation"},
		"another group": {"documents": _granted({"apiGroups": [""]}), "want": "violation"},
		"wrong type": {"documents": _granted({"verbs": "*"}), "want": "violation"},
		"role not in the input": {"documents": [_bound], "want": "unknown"},
		"no binding": {"documents": [access.role("a", [])], "want": "unknown"},
	}
	results := leader_election.results with input as {
		"mode": "single-k8s",
		"resources": array.concat([server.server({"serviceAccountName": "deepflow-server"}, {})], case.documents),
	}
	fixture.verdicts(results, "DF-SK-005") == {$"{case.want} required"}
}

# The leader election is new in v6.1.2. A tag without a patch number is the newest of its line.
test_early_servers_elect_no_leader[name] if {
	some name, case in {"v6.1.1": "pass required", "v6.1.2": "violation required", "v6.1": "violation required", "latest": "violation required"}
	early := {"serviceAccountName": "deepflow-server", "containers": [{"name": "a", "image": $"deepflow-server:{name}"}]}
	results := leader_election.results with input as {
		"mode": "single-k8s",
		"resources": array.concat([server.server(early, {})], _granted({"verbs": []})),
	}
	fixture.verdicts(results, "DF-SK-005") == {case}
}

test_no_server_is_unknown if {
	results := leader_election.results with input as object.union({"mode": "single-k8s"}, fixture.agent({}, {}))
	fixture.verdicts(results, "DF-SK-005") == {"unknown required"}
}
