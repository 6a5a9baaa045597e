package dfpolicy.lib.server_test

import data.dfpolicy.lib.server

_labels := {"app": "deepflow", "component": "deepflow-server"}

_deployment(labels, containers) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-server", "namespace": "deepflow"},
	"spec": {"template": {"metadata": {"labels": labels}, "spec": {"containers": containers}}},
}

test_workloads[name] if {
	some name, case in {
		"image": {"labels": {}, "containers": [{"image": "r/deepflow-server:v7.1"}], "want": [[7, 1]]},
		"second container": {
			"labels": _labels,
			"containers": [{"name": "deepflow-server", "image": "a:v1.0"}, {"image": "deepflow-server:v7.0"}],
			"want": [[7, 0]],
		},
		"name of the container": {
			"labels": _labels,
			"containers": [{"name": "a", "image": "a:v1.0"}, {"name": "deepflow-server", "image": "b:v6.6.9"}],
			"want": [[6, 6, 9]],
		},
		"first container": {"labels": _labels, "containers": [{"image": "a:v6.5"}, {"image": "b:v1.0"}], "want": [[6, 5]]},
		"no container": {"labels": _labels, "containers": null, "want": [null]},
		"wrong type": {"labels": _labels, "containers": [{"image": 5}], "want": [null]},
		"another component": {"labels": {"app": "deepflow", "component": "mysql"}, "containers": [{"image": "a:v1.0"}], "want": []},
		"an agent": {"labels": {}, "containers": [{"image": "deepflow-agent:v7.1"}], "want": []},
	}
	found := server.workloads with input as {"resources": [_deployment(case.labels, case.containers)]}
	[entry.version | some entry in found] == case.want
}

test_entry if {
	found := server.workloads with input as {"resources": [_deployment({}, [{"image": "deepflow-server:v7.1"}])]}
	subject := {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "deepflow", "name": "deepflow-server"}
	found == [{"subject": subject, "image": "deepflow-server:v7.1", "version": [7, 1]}]
}

test_version[name] if {
	some name, case in {
		"none": {"servers": [], "want": null},
		"one": {"servers": [{"version": [7, 1]}], "want": [7, 1]},
		"several": {"servers": [{"version": [7, 1]}, {"version": [6, 6, 9]}], "want": [6, 6, 9]},
		"one unknown": {"servers": [{"version": [7, 1]}, {"version": null}], "want": null},
	}
	server.version(case.servers) == case.want
}

test_version_unknown if {
	servers := [{"version": [7, 1], "image": "a:v7.1"}, {"version": null, "image": "b:latest"}]
	verdict := server.version_unknown(servers)
	object.remove(verdict, ["messages"]) == {
		"outcome": "unknown",
		"observed": `not known: the server's version (image "b:latest")`,
		"expected": "",
		"collect": "docker run --rm --entrypoint deepflow-server b:latest -v",
	}
}
