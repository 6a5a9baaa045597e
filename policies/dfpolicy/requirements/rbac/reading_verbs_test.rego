package dfpolicy.requirements.rbac.reading_verbs_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.rbac_test as shared
import data.dfpolicy.requirements.rbac.reading_verbs

test_verdict[name] if {
	some name, case in {
		"all": {"input": shared.granted(shared.all_but("")), "want": "pass"},
		"one resource not granted": {"input": shared.granted(shared.all_but("routes")), "want": "pass"},
		"one without watch": {
			"input": shared.granted(array.concat(
				shared.all_but("pods"),
				[object.union(shared.reading("pods"), {"verbs": ["get", "list"]})],
			)),
			"want": "violation",
		},
		"from two rules": {
			"input": shared.granted([
				object.union(shared.reading("pods"), {"verbs": ["get", "list"]}),
				object.union(shared.reading("pods"), {"verbs": ["watch"]}),
			]),
			"want": "pass",
		},
		"nothing granted": {"input": shared.granted([]), "want": "violation"},
		"wrong type": {"input": shared.granted("*"), "want": "violation"},
		"role not in the input": {"input": access.resources([access.binding("a")]), "want": "unknown"},
		"all, together with a role that is not in the input": {
			"input": access.resources([
				access.role("a", shared.all_but("")),
				access.binding("a"),
				access.binding("b"),
			]),
			"want": "pass",
		},
		"some, together with a role that is not in the input": {
			"input": access.resources([
				access.role("a", shared.all_but("pods")),
				access.binding("a"),
				access.binding("b"),
			]),
			"want": "unknown",
		},
		"no roles at all": {"input": access.resources([]), "want": "unknown"},
	}
	results := reading_verbs.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-015") == {$"{case.want} required"}
}

test_only_list_and_watch_lose_something[name] if {
	some name, case in {
		"get": {"verbs": ["list", "watch"], "want": []},
		"watch": {"verbs": ["get", "list"], "want": ["AutoTagging"]},
	}
	rules := array.concat(shared.all_but("pods"), [object.union(shared.reading("pods"), {"verbs": case.verbs})])
	results := reading_verbs.results with input as shared.granted(rules)
	[result.impact | some result in results] == [case.want]
}

test_missing_verbs_are_listed if {
	results := reading_verbs.results with input as shared.granted([
		object.union(shared.reading("pods"), {"verbs": ["get"]}),
		object.union(shared.reading("daemonsets"), {"verbs": ["list", "watch"]}),
	])
	fixture.observed(results, "DF-RBAC-015") == {"no get on daemonsets; no list, watch on pods"}
}
