package dfpolicy.requirements.all_in_one.single_node_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.all_in_one.all_in_one_test as shared
import data.dfpolicy.requirements.all_in_one.single_node

test_verdict[name] if {
	some name, case in {
		"one": {"document": release.changed([], {}), "nodes": [shared.free], "want": "pass recommended"},
		"one, without the server": {"document": shared.nothing, "nodes": [shared.free], "want": "pass recommended"},
		"two": {"document": release.changed([], {}), "nodes": [shared.free, shared.free], "want": "violation recommended"},
		"a second one that is tainted": {"document": release.changed([], {}), "nodes": [shared.free, shared.tainted], "want": "pass recommended"},
		"one of Linux": {
			"document": release.changed([], {}),
			"nodes": [shared.free, {"operatingSystem": "windows"}],
			"want": "pass recommended",
		},
		"two, and data elsewhere": {
			"document": release.changed(["mysql", "clickhouse"], {
				"mysql": release.mysql(release.claim("data")),
				"clickhouse": release.clickhouse(release.claim("data")),
			}),
			"nodes": [shared.free, shared.free],
			"want": "pass recommended",
		},
		"two, and no clickhouse": {
			"document": release.changed(["mysql", "clickhouse"], {"mysql": release.mysql(release.claim("data"))}),
			"nodes": [shared.free, shared.free],
			"want": "unknown recommended",
		},
		"two, without the server": {"document": shared.nothing, "nodes": [shared.free, shared.free], "want": "unknown recommended"},
		"none": {"document": release.changed([], {}), "nodes": [], "want": "unknown recommended"},
		"under Docker Compose": {"document": shared.composed, "nodes": [], "want": "pass recommended"},
	}
	results := single_node.results with input as shared.on(case.document, case.nodes)
	fixture.verdicts(results, "DF-AIO-004") == {case.want}
}
