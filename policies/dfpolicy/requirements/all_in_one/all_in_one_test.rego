package dfpolicy.requirements.all_in_one.all_in_one_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.all_in_one[_].results})

mode := {"mode": "all-in-one"}

on(document, specs) := object.union_n([document, mode, {"nodes": nodes}]) if {
	nodes := [fixture.node(format_int(i, 10), spec) | some i, spec in specs]
}

nothing := {"resources": [release.agent]}

composed := {"resources": [release.project({"server": {"image": "deepflow-server:v7.1"}})]}

free := {"taints": [], "labels": {}}

tainted := {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}], "labels": {}}

test_no_result_in_another_mode if {
	results := answers with input as release.changed([], {})
	results == set()
}
