package dfpolicy.requirements.ebpf.writable_directories_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.ebpf.writable_directories

test_verdict[name] if {
	read_only := {"securityContext": {"readOnlyRootFilesystem": true}}
	volumes := {"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "log", "emptyDir": {}}]}
	tmp := {"name": "tmp", "mountPath": "/tmp"}
	log := {"name": "log", "mountPath": "/var/log"}
	some name, case in {
		"writable": {"container": {}, "want": "pass recommended"},
		"read-only": {"container": read_only, "want": "violation recommended"},
		"read-only with volumes": {
			"container": object.union(read_only, {"volumeMounts": [tmp, log]}),
			"want": "pass recommended",
		},
		"read-only with a read-only volume": {
			"container": object.union(read_only, {"volumeMounts": [tmp, object.union(log, {"readOnly": true})]}),
			"want": "violation recommended",
		},
	}
	results := writable_directories.results with input as fixture.agent(volumes, case.container)
	fixture.verdicts(results, "DF-EBPF-013") == {case.want}
}
