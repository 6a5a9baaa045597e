package dfpolicy.requirements.upgrade.selector_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.selector
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := selector.results with input as document
}

_observed(document, id) := fixture.observed(results, id) if {
	results := selector.results with input as document
}

_selecting(selector) := object.union(shared.agent, {"spec": {"selector": selector}})

test_verdict[name] if {
	labels := {"matchLabels": {"app": "deepflow", "app.kubernetes.io/instance": "deepflow-agent"}}
	other := {"matchLabels": {"app": "deepflow", "app.kubernetes.io/instance": "deepflow"}}
	expression := {"matchExpressions": [{"key": "app", "operator": "Exists"}]}
	renamed := {"metadata": {"name": "former", "namespace": "deepflow"}}
	some name, case in {
		"kept": {"from": _selecting(labels), "new": labels, "want": "pass required"},
		"kept, with nulls": {"from": _selecting(labels), "new": object.union(labels, {"matchExpressions": null}), "want": "pass required"},
		"another release": {"from": _selecting(labels), "new": other, "want": "violation required"},
		"an expression": {"from": _selecting(labels), "new": object.union(labels, expression), "want": "violation required"},
		"null": {"from": _selecting(labels), "new": null, "want": "violation required"},
		"wrong type": {"from": _selecting(labels), "new": "app", "want": "violation required"},
		"another object": {"from": object.union(_selecting(labels), renamed), "new": other, "want": "pass required"},
	}
	_verdicts(shared.upgrade([case.from], [_selecting(case.new)]), "DF-UPG-010") == {case.want}
}

test_observed_lists_the_labels if {
	document := shared.upgrade([_selecting({"matchLabels": {"app": "a", "x": "c"}})], [_selecting({"matchLabels": {"app": "b", "y": "d"}})])
	observed := `the selector's label app changes from "a" to "b"; the selector loses the label x; the selector gets the new label y`
	_observed(document, "DF-UPG-010") == {observed}
}
