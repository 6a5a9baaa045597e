package dfpolicy.lib.server_changes_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_changes

_violation := result.violation("a", "b")

_of_file := fixture.document("ServerConfig", "a", {"controller": {
	"genesis": {"local_ip_ranges": ["10.0.0.0/8"]},
	"trisolaris": {"trident-type-for-unkonw-vtap": 1},
}})

_of_map := object.union(_of_file, {"metadata": {"namespace": "deepflow"}})

_operations(verdict) := verdict.change.alternatives[0].operations

test_local_ranges if {
	verdict := server_changes.local_ranges(["172.20.1.9", "fd00::9"], _violation) with input as {"resources": [_of_file]}
	[operation] := _operations(verdict)
	operation.path == ["spec", "controller", "genesis", "local_ip_ranges"]
	operation.value == ["10.0.0.0/8", "172.20.1.9/32", "fd00::9/128"]
}

test_without_a_file_no_range_changes if {
	verdict := server_changes.local_ranges(["172.20.1.9"], _violation) with input as {"resources": []}
	verdict == _violation
}

test_unknown_agents if {
	verdict := server_changes.unknown_agents(_violation) with input as {"resources": [_of_map]}
	[operation] := _operations(verdict)
	operation.target == {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "deepflow", "name": "a"}
	[operation.path, operation.inside] == [["data", "server.yaml"], ["controller", "trisolaris", "trident-type-for-unkonw-vtap"]]
	server_changes.unknown_agents(result.pass("a")) == result.pass("a")
}

test_composed[name] if {
	some name, case in {
		"address and ports": {
			"environment": {"NODE_IP_FOR_DEEPFLOW": "10.1.2.3", "OTHER": "10.1.2.3"}, "ports": ["30033"],
			"want": [["set", "NODE_IP_FOR_DEEPFLOW", "server-address"], ["add", "ports", "30033:20033"]],
		},
		"ports": {"environment": {"NODE_IP_FOR_DEEPFLOW": "10.9.2.4"}, "ports": ["30035"], "want": [["add", "ports", "30035:20035"]]},
		"nothing": {"environment": {"NODE_IP_FOR_DEEPFLOW": "$ADDRESS"}, "ports": [], "want": []},
	}
	project := fixture.document("ComposeProject", "a", {"services": {"server": {"image": "deepflow-server:v7.1", "environment": case.environment}}})
	verdict := server_changes.composed(project, case.ports, _violation)
	got := [[operation.op, operation.path[count(operation.path) - 1], object.get(operation, "value", object.get(operation, "answer", ""))] |
		some operation in _operations(verdict)
	]
	got == case.want
}
