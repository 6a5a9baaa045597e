package dfpolicy.requirements.chart_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.chart

test_controllers[name] if {
	some name, case in {
		"a name": {"text": "controller-ips:\n- deepflow-server\n", "want": "pass required"},
		"empty list": {"text": "controller-ips: []", "want": "violation required"},
		"null": {"text": "controller-ips:", "want": "violation required"},
		"no key": {"text": "log-file: /a", "want": "violation required"},
		"empty file": {"text": "", "want": "violation required"},
		"placeholder": {"text": "controller-ips:\n- 10.1.2.3 # FIXME", "want": "violation required"},
		"one placeholder among others": {"text": "controller-ips: [172.20.1.1, FIXME]", "want": "violation required"},
		"nested": {"text": "controller-ips:\n  a: b", "want": "unknown required"},
		"no mapping": {"text": "just words", "want": "unknown required"},
	}
	results := chart.results with input as fixture.configured({}, case.text)
	fixture.verdicts(results, "DF-CH-001") == {case.want}
}

test_controllers_without_the_config_map if {
	results := chart.results with input as fixture.agent({}, {})
	fixture.verdicts(results, "DF-CH-001") == {"unknown required"}
}

test_controllers_of_a_config_map_without_the_file if {
	resources := [
		fixture.workload("DaemonSet", {}, {}),
		object.union(fixture.configuration(null), {"data": {"other.yaml": ""}}),
	]
	results := chart.results with input as {"resources": resources}
	fixture.verdicts(results, "DF-CH-001") == {"violation required"}
}

namespace(labels) := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "deepflow", "labels": labels}}

test_pod_security[name] if {
	key := "pod-security.kubernetes.io/enforce"
	some name, case in {
		"restricted": {"resource": namespace({key: "restricted"}), "want": "violation required"},
		"baseline": {"resource": namespace({key: "baseline"}), "want": "violation required"},
		"privileged": {"resource": namespace({key: "privileged"}), "want": "pass recommended"},
		"no label": {"resource": namespace(null), "want": "pass recommended"},
		"no known level": {"resource": namespace({key: "Baseline"}), "want": "violation required"},
		"another namespace": {
			"resource": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}},
			"want": "unknown recommended",
		},
	}
	document := {"resources": [fixture.workload("DaemonSet", {}, {}), case.resource]}
	results := chart.results with input as document
	fixture.verdicts(results, "DF-CH-003") == {case.want}
}

test_pod_security_of_a_pod_that_is_admitted if {
	bare := {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "deepflow-agent", "namespace": "deepflow"}, "spec": {"template": {
		"metadata": {"labels": {"app": "deepflow-agent"}},
		"spec": {"containers": [{"name": "a"}]},
	}}}
	labels := {"pod-security.kubernetes.io/enforce": "baseline"}
	results := chart.results with input as {"resources": [bare, namespace(labels)]}
	fixture.verdicts(results, "DF-CH-003") == {"pass recommended"}
}

test_pod_security_by_version[version] if {
	some version, want in {"v1.33": "pass recommended", "v1.34": "violation required", "latest": "violation required"}
	probe := {"httpGet": {"host": "10.0.0.1", "port": 80}}
	agent := {
		"apiVersion": "v1", "kind": "Pod",
		"metadata": {"name": "a", "namespace": "deepflow", "labels": {"app": "deepflow-agent"}},
		"spec": {"containers": [{"name": "a", "livenessProbe": probe}]},
	}
	labels := {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/enforce-version": version}
	results := chart.results with input as {"resources": [agent, namespace(labels)]}
	fixture.verdicts(results, "DF-CH-003") == {want}
}

test_pod_security_of_the_last_namespace if {
	key := "pod-security.kubernetes.io/enforce"
	document := {"resources": [fixture.workload("DaemonSet", {}, {}), namespace({key: "baseline"}), namespace({})]}
	results := chart.results with input as document
	fixture.verdicts(results, "DF-CH-003") == {"pass recommended"}
}

test_pod_security_from_cluster_facts if {
	facts := {"cluster": {"spec": {"podSecurity": {"deepflow": {"enforce": "baseline"}}}}}
	results := chart.results with input as object.union(fixture.agent({}, {}), facts)
	fixture.verdicts(results, "DF-CH-003") == {"violation required"}
}

test_coverage[name] if {
	taint := {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}], "labels": {}}
	free := {"taints": [], "labels": {"a": "b"}}
	some name, case in {
		"no taint": {"kind": "DaemonSet", "pod": {}, "nodes": [free], "want": "pass recommended"},
		"tainted": {"kind": "DaemonSet", "pod": {}, "nodes": [free, taint], "want": "violation recommended"},
		"tolerated": {
			"kind": "DaemonSet",
			"pod": {"tolerations": [{"operator": "Exists"}]},
			"nodes": [free, taint],
			"want": "pass recommended",
		},
		"unknown": {"kind": "DaemonSet", "pod": {}, "nodes": [], "want": "unknown recommended"},
		"Deployment": {"kind": "Deployment", "pod": {}, "nodes": [free], "want": "violation recommended"},
	}
	nodes := [fixture.node(format_int(i, 10), spec) | some i, spec in case.nodes]
	document := {"resources": [fixture.workload(case.kind, case.pod, {})], "nodes": nodes}
	results := chart.results with input as document
	fixture.verdicts(results, "DF-CH-005") == {case.want}
}

test_coverage_names_the_nodes if {
	node := fixture.node("gpu-1", {"taints": [{"key": "gpu", "effect": "NoExecute"}]})
	results := chart.results with input as object.union(fixture.agent({}, {}), {"nodes": [node]})
	fixture.observed(results, "DF-CH-005") == {"no agent on gpu-1"}
}

test_names[name] if {
	literal := {"name": "K8S_NAMESPACE_FOR_DEEPFLOW", "value": "deepflow"}
	some name, case in {
		"kept": {"container": {}, "want": "pass recommended"},
		"a literal namespace": {"container": {"env": [literal]}, "want": "pass recommended"},
		"another namespace": {
			"container": {"env": [object.union(literal, {"value": "a"})]},
			"want": "violation recommended",
		},
		"no variable": {"container": {"env": null}, "want": "violation recommended"},
		"renamed container": {"container": {"name": "agent"}, "want": "violation recommended"},
	}
	results := chart.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-CH-006") == {case.want}
}

test_renamed_workload if {
	workload := object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"name": "observer"}})
	results := chart.results with input as {"resources": [workload]}
	fixture.observed(results, "DF-CH-006") == {"the workload is the DaemonSet observer"}
}

_kubelet(name, version) := {
	"apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
	"status": {"nodeInfo": {"kubeletVersion": version}},
}

test_kubernetes[name] if {
	some name, case in {
		"new": {"cluster": {"version": "v1.31.4"}, "nodes": [], "want": "pass required"},
		"least": {"cluster": {"version": "v1.16.0-aliyun.1"}, "nodes": [], "want": "pass required"},
		"without a patch": {"cluster": {"version": "1.16"}, "nodes": [], "want": "pass required"},
		"old": {"cluster": {"version": "v1.15.12"}, "nodes": [], "want": "violation required"},
		"old by its number, not its text": {"cluster": {"version": "v1.9.1"}, "nodes": [], "want": "violation required"},
		"another major version": {"cluster": {"version": "v2.0.0"}, "nodes": [], "want": "pass required"},
		"by the kubelet": {"cluster": {}, "nodes": ["v1.9.0", "v1.16.3"], "want": "pass required"},
		"by old kubelets": {"cluster": {}, "nodes": ["v1.15.3"], "want": "unknown required"},
		"old, whatever the kubelets": {"cluster": {"version": "v1.15.12"}, "nodes": ["v1.20.0"], "want": "violation required"},
		"unknown": {"cluster": {}, "nodes": [], "want": "unknown required"},
		"null": {"cluster": {"version": null}, "nodes": [null], "want": "unknown required"},
		"number": {"cluster": {"version": 1.31}, "nodes": [], "want": "pass required"},
		"no version": {"cluster": {"version": "latest"}, "nodes": [5], "want": "unknown required"},
	}
	nodes := [_kubelet(format_int(i, 10), version) | some i, version in case.nodes]
	document := {"resources": array.concat([fixture.workload("DaemonSet", {}, {})], nodes), "cluster": {"spec": case.cluster}}
	results := chart.results with input as document
	fixture.verdicts(results, "DF-CH-002") == {case.want}
}

test_kubernetes_of_the_server[version] if {
	some version, want in {"v1.17.9": "violation required", "v1.18.0": "pass required"}
	document := object.union(release.changed([], {}), {"cluster": {"spec": {"version": version}}})
	results := chart.results with input as document
	fixture.verdicts(results, "DF-CH-002") == {want}
}

_granting(role) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRoleBinding",
	"metadata": {"name": role},
	"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent", "namespace": "deepflow"}],
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
}

test_constraints[name] if {
	some name, case in {
		"no facts": {"cluster": {}, "roles": [], "want": "unknown informational"},
		"null": {"cluster": {"distribution": null, "apiGroups": null}, "roles": [], "want": "unknown informational"},
		"wrong type": {"cluster": {"distribution": 5}, "roles": [], "want": "unknown informational"},
		"another distribution": {"cluster": {"distribution": "tke"}, "roles": [], "want": "pass required"},
		"no API group of OpenShift": {"cluster": {"apiGroups": ["apps"]}, "roles": [], "want": "pass required"},
		"nothing granted": {"cluster": {"distribution": "openshift"}, "roles": [], "want": "violation required"},
		"granted": {
			"cluster": {"apiGroups": ["config.openshift.io"]},
			"roles": ["system:openshift:scc:privileged"],
			"want": "pass required",
		},
		"too little granted": {
			"cluster": {"distribution": "openshift"},
			"roles": ["system:openshift:scc:anyuid"],
			"want": "violation required",
		},
		"others granted": {
			"cluster": {"distribution": "openshift"},
			"roles": ["system:openshift:scc:own"],
			"want": "unknown required",
		},
		"enough granted beside others": {
			"cluster": {"distribution": "openshift"},
			"roles": ["system:openshift:scc:own", "system:openshift:scc:privileged"],
			"want": "pass required",
		},
		"a role that is not known": {"cluster": {"distribution": "openshift"}, "roles": ["own"], "want": "unknown required"},
	}
	resources := array.concat([fixture.workload("DaemonSet", {}, {})], [_granting(role) | some role in case.roles])
	results := chart.results with input as {"resources": resources, "cluster": {"spec": case.cluster}}
	fixture.verdicts(results, "DF-CH-004") == {case.want}
}

test_constraints_name_the_command if {
	resources := [fixture.workload("DaemonSet", {}, {}), _granting("system:openshift:scc:own")]
	results := chart.results with input as {"resources": resources, "cluster": {"spec": {"distribution": "openshift"}}}
	{result.collect | some result in results; result.id == "DF-CH-004"} == {"oc get scc own -o yaml"}
}

test_no_subject_no_result if {
	results := chart.results with input as {"resources": [namespace({})]}
	results == set()
}
