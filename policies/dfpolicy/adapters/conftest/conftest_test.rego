package dfpolicy.adapters.conftest_test

import data.dfpolicy.adapters.conftest
import data.dfpolicy.lib.fixture_test as fixture

_agent(pod_change) := fixture.workload("DaemonSet", pod_change, {})

_combined(documents) := [{"path": "a.yaml", "contents": document} | some document in documents]

_service := {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}

_ids(results) := {result.id | some result in results}

_outcomes(results) := {result.outcome | some result in results}

test_deny_has_the_fields_of_the_report if {
	denied := conftest.deny with input as _agent({"hostPID": false})
	some result in denied
	result.id == "DF-K8S-001"
	result.msg == concat("", [
		"DF-K8S-001 The agent shares the host's process namespace: hostPID is false; expected hostPID is true",
		" (DaemonSet deepflow/deepflow-agent)",
	])
	result.level == "required"
	result.outcome == "violation"
	result.impact == ["AutoTagging", "AutoTracing", "AutoProfiling", "AutoMetrics"]
	contains(result.remediation, "hostPID: true")
	result.subject == {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"}
	object.keys(result) & {"observed", "expected", "group"} == {"observed", "expected", "group"}
}

test_a_recommended_violation_is_a_warning if {
	change := {"volumes": [volume | some volume in fixture.pod.volumes; volume.name != "netns"]}
	warned := conftest.warn with input as _agent(change)
	"DF-K8S-004" in _ids(warned)
	denied := conftest.deny with input as _agent(change)
	not "DF-K8S-004" in _ids(denied)
}

# Its roles and nodes can be in other documents.
test_one_document_is_not_denied_for_missing_documents[name] if {
	some name, document in {
		"agent": _agent({}),
		"service": _service,
		"not a Kubernetes object": {"a": 1},
		"string": "a",
		"null": null,
		"list": ["a"],
	}
	denied := conftest.deny with input as document
	denied == set()
	warned := conftest.warn with input as document
	not "unknown" in _outcomes(warned)
}

test_combined_documents_are_one_deployment if {
	documents := [
		_agent({}),
		{
			"apiVersion": "rbac.authorization.k8s.io/v1",
			"kind": "ClusterRole",
			"metadata": {"name": "deepflow-agent"},
			"rules": [],
		},
	]
	denied := conftest.deny with input as _combined(documents)
	"DF-RBAC-001" in _ids(denied)
	apart := conftest.deny with input as documents[0]
	not "DF-RBAC-001" in _ids(apart)
}

test_combined_documents_warn_of_unknown_requirements if {
	warned := conftest.warn with input as _combined([_agent({})])
	some result in warned
	result.outcome == "unknown"
	some entry in result.unknown
	entry.id == "DF-RBAC-001"
	contains(result.msg, "DF-RBAC-001, ")
}

test_combined_documents_without_an_agent[name] if {
	some name, documents in {"service": [_service], "none": []}
	denied := conftest.deny with input as _combined(documents)
	{result.msg | some result in denied} == {"no DeepFlow agent in the documents, so nothing was checked"}
	warned := conftest.warn with input as _combined(documents)
	warned == set()
}

test_settings_come_from_the_configuration[name] if {
	some name, case in {
		"default": {"mode": "auto", "want": set()},
		"serverless": {"mode": "serverless-pod", "want": {"DF-SL-002"}},
	}
	denied := conftest.deny with input as _agent({})
		with data.mode as case.mode
		with data.profile as "default"
		with data.namespace as "other"
		with data.parameters as {"agentVersion": "v7.1"}
	_ids(denied) & {"DF-SL-002"} == case.want
}

test_a_host_document_gets_the_name_of_its_file if {
	denied := conftest.deny with input as {"services": {"deepflow-agent": {"image": "deepflow-agent:v7.1"}}}
		with data.conftest.file.name as "hosts/a.yaml"
	"a" in {result.subject.name | some result in denied}
}
