package dfpolicy.lib.image_test

import data.dfpolicy.lib.image

test_reference[name] if {
	some name, case in {
		"registry with port, no tag": {"in": "localhost:5000/ce/deepflow-agent", "want": ["deepflow-agent", null]},
		"registry with port and tag": {"in": "localhost:5000/deepflow-agent:v7.1", "want": ["deepflow-agent", [7, 1]]},
		"digest": {"in": "r.io/deepflow-agent@sha256:0a1b", "want": ["deepflow-agent", null]},
		"tag and digest": {"in": "r.io/deepflow-agent:v7.1@sha256:0a1b", "want": ["deepflow-agent", null]},
		"v6.3.5": {"in": "deepflow-agent:v6.3.5", "want": ["deepflow-agent", [6, 3, 5]]},
		"architecture": {"in": "deepflow-agent:v7.1-arm64", "want": ["deepflow-agent", [7, 1]]},
		"leading zeros": {"in": "deepflow-agent:7.1.002", "want": ["deepflow-agent", [7, 1, 2]]},
		"four parts": {"in": "deepflow-agent:v6.6.9.2504", "want": ["deepflow-agent", [6, 6, 9, 2504]]},
		"latest": {"in": "deepflow-agent:latest", "want": ["deepflow-agent", null]},
		"main": {"in": "deepflow-agent:main", "want": ["deepflow-agent", null]},
		"major alone": {"in": "deepflow-agent:v7", "want": ["deepflow-agent", null]},
		"uppercase": {"in": "R.io/Deepflow-Agent:V7.1", "want": ["Deepflow-Agent", [7, 1]]},
		"another name": {"in": "r.io/deepflow-agent/sidecar:v7.1", "want": ["sidecar", [7, 1]]},
		"empty tag": {"in": "deepflow-agent:", "want": ["deepflow-agent", null]},
		"empty": {"in": "", "want": ["", null]},
		"slash at the end": {"in": "r.io/", "want": ["", null]},
		"only a digest": {"in": "@sha256:0a1b", "want": ["", null]},
	}
	[image.repository_name(case.in), image.version(case.in)] == case.want
}

test_version_of_tag[name] if {
	some name, case in {
		"v7.1": {"tag": "v7.1", "want": [7, 1]},
		"V7.1": {"tag": "V7.1", "want": [7, 1]},
		"no v": {"tag": "7.1", "want": [7, 1]},
		"date": {"tag": "2024.01.05", "want": null},
		"build": {"tag": "v7.1.3+build", "want": [7, 1, 3]},
		"underscore": {"tag": "v7.1_2", "want": [7, 1]},
		"word after a dot": {"tag": "v7.1.rc1", "want": [7, 1]},
		"letters at once": {"tag": "v7.1beta", "want": null},
		"text before": {"tag": "release-v7.1", "want": null},
		"empty": {"tag": "", "want": null},
		"null": {"tag": null, "want": null},
		"number": {"tag": 7.1, "want": null},
	}
	image.version_of_tag(case.tag) == case.want
}

test_version_of_a_value_of_another_type[name] if {
	some name, reference in {"null": null, "number": 5, "object": {"a": 1}}
	image.version(reference) == null
}

test_tag[reference] if {
	some reference, want in {
		"deepflow-agent:v7.1": "v7.1",
		"r:5000/a/deepflow-agent": "",
		"r:5000/a/deepflow-agent:latest": "latest",
		"a:v7.1@sha256:0a": "@",
		"": "",
	}
	image.tag(reference) == want
}

test_version_text[name] if {
	some name, case in {
		"known": {"version": [6, 5, 8], "want": "6.5.8"},
		"unknown": {"version": null, "want": null},
	}
	image.version_text(case.version) == case.want
}

test_up_to[name] if {
	some name, case in {
		"equal": {"versions": [[7, 1], [7, 1]], "want": true},
		"numeric, not by letters": {"versions": [[6, 6, 9], [6, 6, 10]], "want": true},
		"older line": {"versions": [[6, 6], [7, 0]], "want": true},
		"a patch of a moving line": {"versions": [[6, 6, 9], [6, 6]], "want": true},
		"a moving line together with its patch": {"versions": [[6, 6], [6, 6, 9]], "want": false},
		"longer": {"versions": [[6, 6, 9, 2504], [6, 6, 9]], "want": false},
		"newer": {"versions": [[7, 0], [6, 6, 9]], "want": false},
		"unknown": {"versions": [null, [7, 1]], "want": false},
		"together with an unknown": {"versions": [[7, 1], null], "want": false},
	}
	found := {true | image.up_to(case.versions[0], case.versions[1])}
	found == {true | case.want}
}
