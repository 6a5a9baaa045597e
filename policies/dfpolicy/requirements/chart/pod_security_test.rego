package dfpolicy.requirements.chart.pod_security_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.chart_test as shared
import data.dfpolicy.requirements.chart.pod_security

test_verdict[name] if {
	key := "pod-security.kubernetes.io/enforce"
	some name, case in {
		"restricted": {"resource": shared.namespace({key: "restricted"}), "want": "violation required"},
		"baseline": {"resource": shared.namespace({key: "baseline"}), "want": "violation required"},
		"privileged": {"resource": shared.namespace({key: "privileged"}), "want": "pass recommended"},
		"no label": {"resource": shared.namespace(null), "want": "pass recommended"},
		"no known level": {"resource": shared.namespace({key: "Baseline"}), "want": "violation required"},
		"another namespace": {
			"resource": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}},
			"want": "unknown recommended",
		},
	}
	document := {"resources": [fixture.workload("DaemonSet", {}, {}), case.resource]}
	results := pod_security.results with input as document
	fixture.verdicts(results, "DF-CH-003") == {case.want}
}

test_default_of_the_platform[name] if {
	some name, case in {
		"Talos": {"info": {"osImage": "Talos (v1.10.5)"}, "want": "unknown recommended"},
		"Talos with a label": {"info": {"osImage": "Talos (v1.10.5)"}, "labels": {"pod-security.kubernetes.io/enforce": "privileged"}, "want": "pass recommended"},
		"Tanzu": {"info": {"kubeletVersion": "v1.26.5+vmware.2-fips.1"}, "want": "unknown recommended"},
		"Tanzu that only warns": {"info": {"kubeletVersion": "v1.25.7+vmware.3"}, "want": "pass recommended"},
		"another": {"info": {"osImage": "Ubuntu 24.04", "kubeletVersion": "v1.33.1"}, "want": "pass recommended"},
	}
	node := {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}, "status": {"nodeInfo": case.info}}
	namespace := shared.namespace(object.get(case, "labels", {}))
	results := pod_security.results with input as {"resources": [fixture.workload("DaemonSet", {}, {}), namespace, node]}
	fixture.verdicts(results, "DF-CH-003") == {case.want}
}

test_admitted_pod if {
	bare := {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "deepflow-agent", "namespace": "deepflow"}, "spec": {"template": {
		"metadata": {"labels": {"app": "deepflow-agent"}},
		"spec": {"containers": [{"name": "a"}]},
	}}}
	labels := {"pod-security.kubernetes.io/enforce": "baseline"}
	results := pod_security.results with input as {"resources": [bare, shared.namespace(labels)]}
	fixture.verdicts(results, "DF-CH-003") == {"pass recommended"}
}

test_by_version[version] if {
	some version, want in {"v1.33": "pass recommended", "v1.34": "violation required", "latest": "violation required"}
	probe := {"httpGet": {"host": "10.0.0.1", "port": 80}}
	agent := {
		"apiVersion": "v1", "kind": "Pod",
		"metadata": {"name": "a", "namespace": "deepflow", "labels": {"app": "deepflow-agent"}},
		"spec": {"containers": [{"name": "a", "livenessProbe": probe}]},
	}
	labels := {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/enforce-version": version}
	results := pod_security.results with input as {"resources": [agent, shared.namespace(labels)]}
	fixture.verdicts(results, "DF-CH-003") == {want}
}

test_last_namespace_document_counts if {
	key := "pod-security.kubernetes.io/enforce"
	document := {"resources": [fixture.workload("DaemonSet", {}, {}), shared.namespace({key: "baseline"}), shared.namespace({})]}
	results := pod_security.results with input as document
	fixture.verdicts(results, "DF-CH-003") == {"pass recommended"}
}

test_level_from_cluster_facts if {
	facts := {"cluster": {"spec": {"podSecurity": {"deepflow": {"enforce": "baseline"}}}}}
	results := pod_security.results with input as object.union(fixture.agent({}, {}), facts)
	fixture.verdicts(results, "DF-CH-003") == {"violation required"}
}
