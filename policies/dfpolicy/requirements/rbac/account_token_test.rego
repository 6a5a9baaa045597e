package dfpolicy.requirements.rbac.account_token_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.account_token

test_verdict[name] if {
	account := {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "deepflow-agent"}}
	silent := {"automountServiceAccountToken": false}
	mounted := {"volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount/"}]}
	token := {"serviceAccountToken": {"path": "token"}}
	some name, case in {
		"mounted": {"documents": [account], "pod": {}, "container": {}, "want": "pass"},
		"null": {
			"documents": [object.union(account, {"automountServiceAccountToken": null})],
			"pod": {"automountServiceAccountToken": null},
			"container": {},
			"want": "pass",
		},
		"account not in the input": {"documents": [], "pod": {}, "container": {}, "want": "unknown"},
		"account of another namespace": {
			"documents": [object.union(account, {"metadata": {"namespace": "default"}})],
			"pod": {},
			"container": {},
			"want": "violation",
		},
		"default account of another namespace": {
			"documents": [object.union(account, {"metadata": {"name": "default", "namespace": "other"}})],
			"pod": {"serviceAccountName": null},
			"container": {},
			"want": "pass",
		},
		"object of another API": {
			"documents": [object.union(account, {"apiVersion": "example.com/v1"})],
			"pod": {},
			"container": {},
			"want": "unknown",
		},
		"default account": {
			"documents": [],
			"pod": {"serviceAccountName": null},
			"container": {},
			"want": "pass",
		},
		"the pod refuses": {"documents": [account], "pod": silent, "container": {}, "want": "violation"},
		"the pod refuses, account not in the input": {
			"documents": [],
			"pod": silent,
			"container": {},
			"want": "violation",
		},
		"the account refuses": {
			"documents": [object.union(account, silent)],
			"pod": {},
			"container": {},
			"want": "violation",
		},
		"the pod beats the account": {
			"documents": [object.union(account, silent)],
			"pod": {"automountServiceAccountToken": true},
			"container": {},
			"want": "pass",
		},
		"the pod beats the account the other way": {
			"documents": [object.union(account, {"automountServiceAccountToken": true})],
			"pod": silent,
			"container": {},
			"want": "violation",
		},
		"wrong type": {
			"documents": [account],
			"pod": {"automountServiceAccountToken": "false"},
			"container": {},
			"want": "violation",
		},
		"projected": {
			"documents": [account],
			"pod": object.union(silent, {"volumes": [{"name": "token", "projected": {"sources": [token]}}]}),
			"container": mounted,
			"want": "pass",
		},
		"projected, not mounted": {
			"documents": [account],
			"pod": object.union(silent, {"volumes": [{"name": "token", "projected": {"sources": [token]}}]}),
			"container": {},
			"want": "violation",
		},
		"projected without a token": {
			"documents": [account],
			"pod": object.union(silent, {"volumes": [{"name": "token", "projected": {"sources": null}}]}),
			"container": mounted,
			"want": "violation",
		},
	}
	results := account_token.results with input as {"resources": array.flatten([
		fixture.workload("DaemonSet", case.pod, case.container),
		case.documents,
		access.binding("a"),
	])}
	fixture.verdicts(results, "DF-RBAC-013") == {$"{case.want} required"}
}
