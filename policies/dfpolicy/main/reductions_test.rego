package dfpolicy.main_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.main

_decision(parameters) := decision if {
	decision := main.decision with input as object.union(fixture.agent({}, {"volumeMounts": []}), {"parameters": parameters})
}

test_features_are_asked_for if {
	decision := _decision({"want": ["AutoMetrics"]})
	count(decision.reductions) == 1
	[found] := [result | some result in decision.results; result.id == "DF-EBPF-005"; result.outcome == "violation"]
	found.wanted == false
	{result.outcome | some result in decision.results; not is_boolean(object.get(result, "wanted", null))} == {"pass"}
}

test_no_feature_is_asked_for if {
	decision := _decision({})
	not decision.reductions
	[result | some result in decision.results; is_boolean(object.get(result, "wanted", null))] == []
}

# AppArmor stays as it is where a wanted feature needs it.
test_only_what_no_feature_needs_is_taken_away[name] if {
	some name, case in {
		"metrics": {"want": ["AutoMetrics"], "annotations": 1},
		"profiling": {"want": ["AutoProfiling"], "annotations": 0},
	}
	decision := _decision({"want": case.want})
	count([operation | some operation in decision.reductions[0].operations; "annotations" in operation.path]) == case.annotations
}
