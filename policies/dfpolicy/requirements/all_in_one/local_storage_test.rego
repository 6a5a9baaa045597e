package dfpolicy.requirements.all_in_one.local_storage_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.server_fixture_test as release
import data.dfpolicy.requirements.all_in_one.all_in_one_test as shared
import data.dfpolicy.requirements.all_in_one.local_storage

test_verdict[name] if {
	some name, case in {
		"below /opt": {"document": release.changed([], {}), "want": "pass required"},
		"elsewhere on the host": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.host("/data/mysql"))}),
			"want": "violation recommended",
		},
		"path out of /opt": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.host("/opt/../tmp"))}),
			"want": "violation recommended",
		},
		"a claim": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.claim("data"))}),
			"want": "violation required",
		},
		"emptyDir": {
			"document": release.changed(["clickhouse"], {"clickhouse": release.clickhouse({"emptyDir": {}})}),
			"want": "violation required",
		},
		"no volume": {
			"document": release.changed(["mysql"], {"mysql": release.part("Deployment", "mysql", {}, {})}),
			"want": "violation required",
		},
		"no path": {
			"document": release.changed(["mysql"], {"mysql": release.mysql(release.host(null))}),
			"want": "violation recommended",
		},
		"no mysql": {"document": release.changed(["mysql"], {}), "want": "unknown required"},
		"external": {
			"document": release.changed(["server", "mysql", "clickhouse"], {
				"server": release.configured,
				"map": release.configuration("controller:\n  mysql:\n    host: 172.20.1.9\ningester:\n  ckdb:\n    external: true\n"),
			}),
			"want": "pass required",
		},
		"no server": {"document": shared.nothing, "want": "unknown required"},
		"under Docker Compose": {"document": shared.composed, "want": "pass required"},
	}
	results := local_storage.results with input as object.union(case.document, shared.mode)
	fixture.verdicts(results, "DF-AIO-002") == {case.want}
}
