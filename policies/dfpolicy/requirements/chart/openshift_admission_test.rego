package dfpolicy.requirements.chart.openshift_admission_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.openshift_admission

_granting(role) := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRoleBinding",
	"metadata": {"name": role},
	"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent", "namespace": "deepflow"}],
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
}

test_verdict[name] if {
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
		"enough granted together with others": {
			"cluster": {"distribution": "openshift"},
			"roles": ["system:openshift:scc:own", "system:openshift:scc:privileged"],
			"want": "pass required",
		},
		"a role that is not known": {"cluster": {"distribution": "openshift"}, "roles": ["own"], "want": "unknown required"},
	}
	resources := array.concat([fixture.workload("DaemonSet", {}, {})], [_granting(role) | some role in case.roles])
	results := openshift_admission.results with input as {"resources": resources, "cluster": {"spec": case.cluster}}
	fixture.verdicts(results, "DF-CH-004") == {case.want}
}

test_command_names_the_scc if {
	resources := [fixture.workload("DaemonSet", {}, {}), _granting("system:openshift:scc:own")]
	results := openshift_admission.results with input as {"resources": resources, "cluster": {"spec": {"distribution": "openshift"}}}
	{result.collect | some result in results; result.id == "DF-CH-004"} == {"oc get scc own -o yaml"}
}
