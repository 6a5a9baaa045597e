package dfpolicy.requirements.all_in_one.compose_project_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.all_in_one.all_in_one_test as shared
import data.dfpolicy.requirements.all_in_one.compose_project

_ports := ["20416:20416", "20418:20418", "20419:20419", "30417:20417", "30035:20035", "30033:20033", "3000:3000"]

_service(change) := object.union(
	object.remove(_plain_service, object.keys(change)),
	change,
)

_plain_service := {
	"image": "registry.example.com/deepflow-ce/deepflow-server:v7.1",
	"environment": {"K8S_NODE_IP_FOR_DEEPFLOW": "172.20.14.7"},
	"ports": _ports,
}

_without(port) := [entry | some entry in _ports; not startswith(entry, port)]

test_verdict[name] if {
	some name, case in {
		"good": {"service": {}, "want": "pass required"},
		"environment as a list": {"service": {"environment": ["NODE_IP_FOR_DEEPFLOW=172.20.14.7", "A"]}, "want": "pass required"},
		"ports in the long form": {
			"service": {"ports": [{"target": 1, "published": published} |
				some published in ["20416-20419", 30417, "30035", 30033, "3000"]
			]},
			"want": "pass required",
		},
		"ports as a range": {
			"service": {"ports": ["20416-20419:20416-20419", "0.0.0.0:30033-30035:20033-20035", "30417:20417/tcp", "[::]:3000:3000"]},
			"want": "pass required",
		},
		"host network": {"service": {"ports": null, "network_mode": "host"}, "want": "pass required"},
		"no address": {"service": {"environment": {"A": "B"}}, "want": "violation required"},
		"environment null": {"service": {"environment": null}, "want": "violation required"},
		"a name without a value": {"service": {"environment": ["NODE_IP_FOR_DEEPFLOW"]}, "want": "violation required"},
		"address null": {"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": null}}, "want": "violation required"},
		"empty address": {"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": ""}}, "want": "violation required"},
		"the documentation's address": {"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": "10.1.2.3"}}, "want": "violation required"},
		"the package's placeholder": {
			"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": "FIX_ME_ALLINONE_HOST_IP"}},
			"want": "violation required",
		},
		"the address in a variable": {
			"service": {"environment": {"NODE_IP_FOR_DEEPFLOW": "${NODE_IP_FOR_DEEPFLOW}"}},
			"want": "unknown required",
		},
		"the address in a file": {"service": {"environment": null, "env_file": ".env"}, "want": "unknown required"},
		"the version in a variable": {"service": {"image": "deepflow-server:$DEEPFLOW_VERSION"}, "want": "unknown required"},
		"a version by default": {"service": {"image": "deepflow-server:${DEEPFLOW_VERSION:-v7.1}"}, "want": "pass required"},
		"an empty version": {"service": {"image": "deepflow-server:"}, "want": "violation required"},
		"no data port": {"service": {"ports": _without("30033")}, "want": "violation required"},
		"the data port over UDP": {
			"service": {"ports": array.concat(_without("30033"), ["30033:20033/udp"])},
			"want": "violation required",
		},
		"no ports": {"service": {"ports": null}, "want": "violation required"},
		"ports as a string": {"service": {"ports": "30033:20033"}, "want": "violation required"},
		"ports of wrong types": {"service": {"ports": [null, 30033, [], {"published": null}]}, "want": "violation required"},
		"a port in a variable": {
			"service": {"ports": array.concat(_without("30033"), ["${DATA_PORT}:20033"])},
			"want": "unknown required",
		},
		"no Grafana port": {"service": {"ports": _without("3000")}, "want": "violation recommended"},
	}
	document := {"resources": [release.project({"server": _service(case.service)})]}
	results := compose_project.results with input as object.union(document, shared.mode)
	fixture.verdicts(results, "DF-AIO-005") == {case.want}
}

test_ports_of_other_services if {
	document := {"resources": [release.project({
		"server": _service({"ports": _without("3000")}),
		"grafana": {"image": "grafana", "ports": ["3000:3000"]},
		"odd": null,
	})]}
	results := compose_project.results with input as object.union(document, shared.mode)
	fixture.verdicts(results, "DF-AIO-005") == {"pass required"}
	{result.subject | some result in results; result.id == "DF-AIO-005"} == {{
		"apiVersion": "dfpolicy.dev/v1",
		"kind": "ComposeProject",
		"name": "deepflow",
	}}
}

test_without_a_project if {
	in_kubernetes := compose_project.results with input as object.union(release.changed([], {}), shared.mode)
	fixture.verdicts(in_kubernetes, "DF-AIO-005") == {"pass required"}
	nowhere := compose_project.results with input as object.union(shared.nothing, shared.mode)
	fixture.verdicts(nowhere, "DF-AIO-005") == {"unknown required"}
}
