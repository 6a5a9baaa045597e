package dfpolicy.lib.valid_workload_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.valid_workload

_labels := {"app": "deepflow", "component": "deepflow-agent"}

_valid := {
	"apiVersion": "apps/v1",
	"kind": "DaemonSet",
	"metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
	"spec": {
		"selector": {"matchLabels": _labels},
		"template": {"metadata": {"labels": _labels}, "spec": {"containers": [fixture.container], "volumes": fixture.pod.volumes}},
	},
}

_texts(workload) := [finding.text |
	some candidate in agent.workloads with input as {"resources": [workload]}
	some finding in valid_workload.findings(candidate) with input as {"resources": [workload]}
]

_spec(change) := object.union(_valid, {"spec": change})

_selecting(selector) := object.union(object.remove(_valid, ["spec"]), {"spec": object.union({"selector": selector}, {"template": _valid.spec.template})})

test_valid[name] if {
	some name, workload in {
		"a DaemonSet": _valid,
		"a Deployment": object.union(_valid, {"kind": "Deployment"}),
		"a Pod": object.union(_valid.spec.template, {"kind": "Pod", "metadata": {"name": "a"}}),
		"a generated name": object.union(_valid, {"metadata": {"name": "", "generateName": "agent-"}}),
		"another kind": object.union(_valid, {"kind": "Job", "spec": {"template": {"spec": {"restartPolicy": "Never"}}}}),
		"surge alone": _spec({"updateStrategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}),
		"In": _selecting({"matchExpressions": [{"key": "app", "operator": "In", "values": ["deepflow"]}]}),
		"NotIn": _selecting({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}),
		"Exists": _selecting({"matchExpressions": [{"key": "app", "operator": "Exists"}]}),
		"DoesNotExist": _selecting({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}),
	}
	_texts(workload) == []
}

test_finding[want] if {
	some want, workload in {
		`metadata.name is missing`: object.union(_valid, {"metadata": {"name": ""}}),
		`metadata.name is "a_b", which is not valid`: object.union(_valid, {"metadata": {"name": "a_b"}}),
		`spec.template.metadata.labels key is "a b", which is not valid`: _spec({"template": {"metadata": {"labels": {"a b": "c"}}}}),
		`spec.template.metadata.labels.a is "b c", which is not valid`: _spec({"template": {"metadata": {"labels": {"a": "b c"}}}}),
		`spec.template.metadata.labels.a is true, but its type is string`: _spec({"template": {"metadata": {"labels": {"a": true}}}}),
		`spec.template.metadata.annotations key is "a b", which is not valid`: _spec({"template": {"metadata": {"annotations": {"a b": "c"}}}}),
		`spec.selector is missing`: _selecting({}),
		`spec.selector.matchLabels.app requires spec.template.metadata.labels.app: a`: _selecting({"matchLabels": {"app": "a"}}),
		`spec.selector.matchExpressions[0] requires matching spec.template.metadata.labels`: _selecting({"matchExpressions": [{"key": "a", "operator": "Exists"}]}),
		`spec.restartPolicy is "Never", which is not valid`: _spec({"template": {"spec": {"restartPolicy": "Never"}}}),
		`spec.updateStrategy.type is "Recreate", which is not valid`: _spec({"updateStrategy": {"type": "Recreate"}}),
		`spec.updateStrategy.rollingUpdate.maxSurge cannot be combined with maxUnavailable`: _spec({"updateStrategy": {"rollingUpdate": {"maxSurge": 1}}}),
		`spec.updateStrategy.rollingUpdate.maxUnavailable 0 requires maxSurge`: _spec({"updateStrategy": {"rollingUpdate": {"maxUnavailable": 0}}}),
		`spec.strategy.type is "OnDelete", which is not valid`: object.union(_spec({"strategy": {"type": "OnDelete"}}), {"kind": "Deployment"}),
		`spec.strategy.type Recreate cannot be combined with rollingUpdate`: object.union(
			_spec({"strategy": {"type": "Recreate", "rollingUpdate": {}}}),
			{"kind": "Deployment"},
		),
		`spec.strategy.rollingUpdate.maxUnavailable 0 requires maxSurge`: object.union(
			_spec({"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": "0%"}}}),
			{"kind": "Deployment"},
		),
		`spec.replicas is -1, which is not valid`: object.union(_spec({"replicas": -1}), {"kind": "Deployment"}),
		`spec.replicas is "1", but its type is integer`: object.union(_spec({"replicas": "1"}), {"kind": "Deployment"}),
	}
	_texts(workload) == [want]
}
