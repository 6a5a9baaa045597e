package dfpolicy.lib.container_runtime_test

import data.dfpolicy.lib.container_runtime

_node(version) := {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": "a"},
	"status": {"nodeInfo": {"containerRuntimeVersion": version}},
}

test_releases[version] if {
	some version, want in {
		"containerd://1.4.13": [false, false],
		"containerd://1.5.18": [true, false],
		"containerd://1.6.0": [true, false],
		"containerd://1.6.9": [true, "unknown"],
		"containerd://1.6.20": [true, true],
		"containerd://1.7.11-k3s2": [true, true],
		"containerd://2.1.4": [true, true],
		"docker://19.3.15": [false, "unknown"],
		"docker://20.10.0": [true, "unknown"],
		"cri-o://1.19.0": [false, "unknown"],
		"cri-o://1.20.1": [true, "unknown"],
		"mirantis://1.0": ["unknown", "unknown"],
		"containerd": ["unknown", "unknown"],
	}
	runtimes := [runtime | runtime := container_runtime.of_node({"name": "a", "spec": {}})] with input as {"resources": [_node(version)]}
	knows := [known | some runtime in runtimes; known := container_runtime.knows_capabilities(runtime)]
	filters := [known | some runtime in runtimes; known := container_runtime.filters_by_capabilities(runtime)]
	[array.concat(knows, ["unknown"])[0], array.concat(filters, ["unknown"])[0]] == want
}

test_sources[name] if {
	some name, case in {
		"the collected fact first": {"spec": {"containerRuntime": {"name": "containerd", "version": "1.7.0"}}, "want": "containerd://1.7.0"},
		"no version collected": {"spec": {"containerRuntime": {"name": "containerd"}}, "want": "docker://19.3.15"},
		"nothing collected": {"spec": {}, "want": "docker://19.3.15"},
	}
	found := container_runtime.of_node({"name": "a", "spec": case.spec}) with input as {"resources": [_node("docker://19.3.15")]}
	found.shown == case.want
}

test_no_node if {
	not container_runtime.of_node({"name": "b", "spec": {}}) with input as {"resources": [_node(5)]}
}
