package dfpolicy.lib.form_test

import data.dfpolicy.lib.form

test_host[name] if {
	some name, case in {
		"compose": {"agent": {"form": "compose"}, "want": [1]},
		"systemd": {"agent": {"form": "systemd"}, "want": [1]},
		"kubernetes": {"agent": {"form": "kubernetes"}, "want": []},
		"absent": {"agent": {}, "want": []},
		"null": {"agent": {"form": null}, "want": []},
	}
	[1 | form.host(case.agent)] == case.want
}

test_words[name] if {
	some name, case in {
		"its own": {"agent": {"form": "compose"}, "want": "b"},
		"left out": {"agent": {"form": "systemd"}, "want": "a"},
		"kubernetes": {"agent": {"form": "kubernetes"}, "want": "a"},
		"absent": {"agent": {}, "want": "a"},
		"null": {"agent": {"form": null}, "want": "a"},
	}
	form.words(case.agent, {"kubernetes": "a", "compose": "b"}) == case.want
}

test_remedied[name] if {
	some name, case in {
		"its own": {"agent": {"form": "compose"}, "want": {"outcome": "pass", "remediation": "b"}},
		"none": {"agent": {"form": "systemd"}, "want": {"outcome": "pass"}},
		"absent": {"agent": {}, "want": {"outcome": "pass"}},
	}
	form.remedied(case.agent, {"compose": "b"}, {"outcome": "pass"}) == case.want
}
