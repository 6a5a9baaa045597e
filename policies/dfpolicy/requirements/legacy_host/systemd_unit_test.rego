package dfpolicy.requirements.legacy_host.systemd_unit_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.systemd_unit

_results(document) := results if {
	results := systemd_unit.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_observed(document, id) := fixture.observed(_results(document), id)

test_verdict[name] if {
	some name, case in {
		"complete": {"change": {}, "want": "pass required"},
		"delegated controllers": {"change": {"Service": {"Delegate": ["cpu memory"]}}, "want": "pass required"},
		"not delegated": {"change": {"Service": {"Delegate": null}}, "want": "violation recommended"},
		"delegation off": {"change": {"Service": {"Delegate": ["no"]}}, "want": "violation recommended"},
		"restarted after failures only": {"change": {"Service": {"Restart": ["on-failure"]}}, "want": "violation required"},
		"not restarted": {"change": {"Service": {"Restart": null}}, "want": "violation required"},
		"relative": {"change": {"Service": {"ExecStart": ["deepflow-agent"]}}, "want": "violation required"},
		"before the network": {"change": {"Unit": {"After": ["network.target"]}}, "want": "violation required"},
		"after more": {"change": {"Unit": {"After": ["syslog.target network-online.target"]}}, "want": "pass required"},
		"no limit of open files": {"change": {"Service": {"LimitNOFILE": [""]}}, "want": "violation required"},
		"not at boot": {"change": {"Install": null}, "want": "violation required"},
		"required at boot": {"change": {"Install": {"WantedBy": [], "RequiredBy": ["multi-user.target"]}}, "want": "pass required"},
		"wrong types": {"change": {"Unit": [], "Install": "x"}, "want": "violation required"},
	}
	unit := fixture.document("SystemdUnit", "a.service", object.union(fixture.unit, case.change))
	_verdicts({"mode": "cloud-host", "resources": [unit]}, "DF-LH-006") == {case.want}
}

test_observed_lists_every_flaw if {
	unit := fixture.document("SystemdUnit", "a.service", {"Service": {"ExecStart": ["deepflow-agent"]}})
	_observed({"mode": "legacy-host", "resources": [unit]}, "DF-LH-006") == {concat("; ", [
		"ExecStart= starts deepflow-agent, which is not an absolute path",
		`Restart= is "", not always`,
		"After= does not list network-online.target",
		"LimitNOFILE= is not set",
		"[Install] has no target, so the unit does not start at boot",
	])}
}
