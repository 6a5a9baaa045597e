package dfpolicy.requirements.rbac.nodes_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.nodes
import data.dfpolicy.requirements.rbac.rbac_test as shared

test_result_is_whole if {
	results := nodes.results with input as shared.granted(shared.all_but("nodes"))
	{object.remove(result, ["messages", "change"]) | some result in results; result.id == "DF-RBAC-001"} == {{
		"id": "DF-RBAC-001",
		"title": "The agent can get, list and watch nodes",
		"level": "required",
		"group": "rbac",
		"order": 5,
		"outcome": "violation",
		"subject": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"},
		"observed": "deepflow/deepflow-agent cannot get, list, watch nodes: no rule of the ClusterRole a grants it",
		"expected": "get, list and watch on nodes in the whole cluster",
		"message": concat("", [
			"The agent can get, list and watch nodes: deepflow/deepflow-agent cannot get, list, watch nodes: ",
			"no rule of the ClusterRole a grants it; expected get, list and watch on nodes in the whole cluster",
		]),
		"impact": ["AutoTagging"],
		"remediation": concat(" ", [
			"Add a rule for `nodes` of the core API group (`\"\"`) to the ClusterRole that the agent's service",
			"account is bound to. It needs the verbs `get`, `list` and `watch`, and no `resourceNames`.",
		]),
	}}
}

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("nodes")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("nodes")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "nodes"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := nodes.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-001") == {case.want}
}
