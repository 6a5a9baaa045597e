package dfpolicy.lib.features_test

import data.dfpolicy.lib.features
import data.dfpolicy.lib.fixture_test as fixture

test_architecture[name] if {
	some name, case in {
		"x86_64": {"spec": {"architecture": "x86_64"}, "want": "x86"},
		"amd64": {"spec": {"architecture": "amd64"}, "want": "x86"},
		"capitals": {"spec": {"architecture": "AMD64"}, "want": "x86"},
		"aarch64": {"spec": {"architecture": "aarch64"}, "want": "arm"},
		"arm64": {"spec": {"architecture": "arm64"}, "want": "arm"},
		"riscv64": {"spec": {"architecture": "riscv64"}, "want": "other"},
		"x86 of the release": {"spec": {"kernelRelease": "3.10.0-957.el7.x86_64"}, "want": "x86"},
		"arm of the release": {"spec": {"kernelRelease": "4.18.0-348.el8.aarch64"}, "want": "arm"},
		"nothing": {"spec": {"kernelRelease": "6.8"}, "want": ""},
		"null": {"spec": {"architecture": null}, "want": ""},
		"wrong type": {"spec": {"architecture": 64}, "want": ""},
	}
	features.architecture({"name": "a", "spec": case.spec}) == case.want
}

test_fentry[name] if {
	some name, case in {
		"x86 5.5": {"spec": {"architecture": "amd64", "kernelRelease": "5.5.0", "btf": true}, "want": "yes"},
		"x86 5.4": {"spec": {"architecture": "amd64", "kernelRelease": "5.4.0", "btf": true}, "want": "no"},
		"arm 5.15": {"spec": {"architecture": "arm64", "kernelRelease": "5.15.0", "btf": true}, "want": "no"},
		"arm 6.0": {"spec": {"architecture": "arm64", "kernelRelease": "6.0.0", "btf": true}, "want": "yes"},
		"no BTF": {"spec": {"architecture": "amd64", "kernelRelease": "6.8.0", "btf": false}, "want": "no"},
		"BTF unknown": {"spec": {"architecture": "amd64", "kernelRelease": "6.8.0"}, "want": "unknown"},
		"release unknown": {"spec": {"architecture": "amd64", "btf": true}, "want": "unknown"},
		"architecture unknown": {"spec": {"kernelRelease": "6.8.0", "btf": true}, "want": "unknown"},
		"another architecture": {"spec": {"architecture": "s390x", "kernelRelease": "6.8.0", "btf": true}, "want": "no"},
	}
	features.fentry({"name": "a", "spec": case.spec}) == case.want
}

test_rows_are_whole if {
	nodes := [
		fixture.node("b", {"architecture": "arm64", "kernelRelease": "6.8.0-31-generic", "btf": true, "osImage": "Ubuntu 24.04"}),
		fixture.node("a", {}),
	]
	rows := features.rows with input as {"nodes": nodes}
	rows == [
		{
			"node": "a",
			"architecture": "unknown",
			"kernelRelease": "unknown",
			"os": "unknown",
			"kprobe": "unknown",
			"golang_uprobe": "unknown",
			"openssl_uprobe": "unknown",
			"perf": "unknown",
			"fentry": "unknown",
			"certainty": "unknown",
			"notes": ["architecture, kernel release or distribution is not known"],
		},
		{
			"node": "b",
			"architecture": "arm64",
			"kernelRelease": "6.8.0-31-generic",
			"os": "Ubuntu 24.04",
			"kprobe": "yes",
			"golang_uprobe": "yes",
			"openssl_uprobe": "yes",
			"perf": "yes",
			"fentry": "yes",
			"certainty": "listed",
			"notes": [],
		},
	]
}

test_nodes_have_rows_beside_a_watcher_alone if {
	environment := {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-only"}]}
	document := {
		"resources": [fixture.workload("Deployment", {}, environment)],
		"nodes": [fixture.node("a", {}), fixture.node("b", {})],
	}
	rows := features.rows with input as document
	[row.node | some row in rows] == ["a", "b"]
}
