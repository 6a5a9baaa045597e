package dfpolicy.lib.scope_test

import data.dfpolicy.lib.scope

_object(kind, namespace, name, rest) := object.union(
	{"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace, "labels": {"a": "b"}}},
	rest,
)

_pod(containers) := {"spec": {"containers": containers}}

_agent := _object("Pod", "deepflow", "x", _pod([{"image": "a/deepflow-agent:v7.1"}]))

_identity(item) := {
	"apiVersion": item.apiVersion,
	"kind": item.kind,
	"metadata": {"name": item.metadata.name, "namespace": item.metadata.namespace},
}

test_objects_in_scope_are_whole[name] if {
	some name, item in {
		"in a namespace with an agent": _object("ConfigMap", "deepflow", "a", {"data": {"a": "b"}}),
		"the agent": _agent,
		"a role anywhere": _object("Role", "other", "a", {"rules": []}),
		"a DaemonSet anywhere": _object("DaemonSet", "other", "a", {"spec": {}}),
		"a class with a namespace": _object("StorageClass", "other", "a", {"provisioner": "b"}),
		"a document of dfpolicy": object.union(
			_object("Domain", "other", "a", {"spec": {}}),
			{"apiVersion": "dfpolicy.dev/v1"},
		),
		"one without a namespace": {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {}},
		"one without anything": {},
		"a namespace that is no text": {"kind": "Service", "metadata": {"namespace": 5}, "spec": {}},
	}
	resources := scope.resources with input as {"resources": [_agent, item]}
	resources == [_agent, item]
}

test_objects_out_of_scope_are_reduced[name] if {
	service := _object("Service", "other", "a", {"spec": {"ports": [], "selector": {"a": "b"}}})
	stateful := _object("StatefulSet", "other", "a", {"spec": {"replicas": 1}})
	operator := _object("Deployment", "other", "a", {"spec": {"template": _pod([{"image": "calico/node:v3"}])}})
	network := _object("CustomResourceDefinition", "", "a", {"spec": {"group": "crd.projectcalico.org"}})
	some name, case in {
		"a service": {"item": service, "kept": [object.union(_identity(service), {"spec": {"selector": {"a": "b"}}})]},
		"an account": {"item": _object("ServiceAccount", "other", "a", {"secrets": []}), "kept": [_identity(_object("ServiceAccount", "other", "a", {}))]},
		"a StatefulSet": {"item": stateful, "kept": [_identity(stateful)]},
		"a network's operator": {"item": operator, "kept": [operator]},
		"a network's kind": {"item": network, "kept": [network]},
		"a pod": {"item": _object("Pod", "other", "a", _pod([{"image": "b"}])), "kept": []},
		"a Deployment": {"item": _object("Deployment", "other", "a", {"spec": {}}), "kept": []},
		"a secret in scope": {"item": _object("Secret", "deepflow", "a", {"data": {}}), "kept": []},
		"a definition": {"item": _object("CustomResourceDefinition", "", "a", {"spec": {"group": "c.io"}}), "kept": []},
	}
	resources := scope.resources with input as {"resources": [_agent, case.item]}
	resources == array.concat([_agent], case.kept)
	again := scope.resources with input as {"resources": resources}
	again == resources
}

test_facts_of_a_node_are_kept if {
	node := {
		"apiVersion": "v1",
		"kind": "Node",
		"metadata": {"name": "a", "labels": {"b": "c"}, "annotations": {"d": "e"}},
		"spec": {"taints": [], "podCIDR": "f"},
		"status": {"nodeInfo": {"kernelVersion": "5"}, "capacity": {"cpu": "1"}, "images": []},
	}
	resources := scope.resources with input as {"resources": [node, {"kind": "Node"}]}
	resources == [
		{
			"apiVersion": "v1",
			"kind": "Node",
			"metadata": {"name": "a", "labels": {"b": "c"}},
			"spec": {"taints": []},
			"status": {"nodeInfo": {"kernelVersion": "5"}, "capacity": {"cpu": "1"}},
		},
		{"kind": "Node", "metadata": {}, "spec": {}, "status": {}},
	]
}

test_everything_is_kept_on_request[name] if {
	some name in ["whole", "partial"]
	item := _object("Service", "other", "a", {"spec": {}})
	resources := scope.resources with input as {"resources": [item], name: true}
	resources == [item]
}

test_namespace_of_an_object_that_names_deepflow[name] if {
	some name, item in {
		"a name": _object("Service", "other", "deepflow-server", {}),
		"a selector": _object("Service", "other", "a", {"spec": {"selector": {"component": "deepflow-server"}}}),
		"a label": _object("Service", "other", "a", {"metadata": {"labels": {"app": "deepflow"}}}),
		"a label of the pod": _object("Deployment", "other", "a", {"spec": {"template": {"metadata": {"labels": {"app": "deepflow"}}}}}),
		"an image": _object("Pod", "other", "a", _pod([{"image": "deepflow-server"}])),
		"an image before the start": _object("Pod", "other", "a", {"spec": {"initContainers": [{"image": "deepflow-server"}]}}),
		"a container": _object("Pod", "other", "a", _pod([{"name": "deepflow-agent", "image": "b"}])),
		"dashboards": _object("Pod", "other", "a", _pod([{"name": "init-grafana-ds-dh"}])),
		"the agent's file": _object("ConfigMap", "other", "a", {"data": {"deepflow-agent.yaml": ""}}),
	}
	part := scope.part with input as {"resources": [item]}
	places := scope.places([part.sighting]) with input as {}
	"other" in places
}

_binding(subjects) := {"kind": "RoleBinding", "metadata": {"name": "a", "namespace": "z"}, "subjects": subjects}

_account(namespace, name) := {"kind": "ServiceAccount", "namespace": namespace, "name": name}

test_places[name] if {
	agent := {"kind": "Pod", "metadata": {"name": "deepflow-agent"}, "spec": {"serviceAccountName": "agent"}}
	some name, case in {
		"none": {"resources": [], "want": {"", "default"}},
		"another pod": {"resources": [_object("Pod", "other", "a", _pod([]))], "want": {"", "default"}},
		"the agent's": {"resources": [_agent], "want": {"", "deepflow", "default"}},
		"that of an account": {
			"resources": [agent, _binding([_account("c", "agent"), _account("d", "b")]), _binding([_account("b", "a")])],
			"want": {"", "b", "c"},
		},
		"that of no account": {"resources": [agent, _binding([{"kind": "User", "namespace": "c", "name": "agent"}])], "want": {"", "default"}},
		"without a namespace": {"resources": [agent, _binding([{"kind": "ServiceAccount", "name": "agent"}])], "want": {"", "default", "z"}},
		"that of a ServiceAccount": {"resources": [agent, _object("ServiceAccount", "c", "agent", {})], "want": {"", "c", "default"}},
	}
	part := scope.part with input as {"resources": case.resources}
	places := scope.places([part.sighting]) with input as {}
	places == case.want
	parts := [found | some resource in case.resources; found := _sighting(resource)]
	apart := scope.places(parts) with input as {"release": {"namespace": "given"}}
	apart == case.want | {"given"}
}

_sighting(resource) := part.sighting if {
	part := scope.part with input as {"resources": [resource]}
}

test_part if {
	secret := _object("Secret", "deepflow", "a", {"data": {}})
	service := _object("Service", "other", "b", {"spec": {}})
	bare := object.union(_identity(service), {"spec": {}})
	part := scope.part with input as {"resources": [_object("Role", "c", "c", {}), service, bare, secret]}
	part.kept == [true, bare, true, false]
	part.unread == [3]
}

test_what_installs_deepflow_is_in_scope if {
	application := {
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
		"metadata": {"name": "observability", "namespace": "argocd"},
		"spec": {"source": {"chart": "deepflow-agent"}},
	}
	scope.resources == [application] with input as {"resources": [application]}
}
