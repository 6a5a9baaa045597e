package dfpolicy.lib.expansion_test

import data.dfpolicy.lib.expansion

_source := {
	"known": {"F": {"name": "F", "value": "6"}, "H": {"name": "H", "value": "(hidden)"}},
	"open": [{"prefix": "OPEN_", "secretRef": {"name": "s"}}],
	"links": true,
}

_secret := {"secretKeyRef": {"name": "s", "key": "k"}}

_unknown := {"name": "A", "valueFrom": {"variable": {}}}

# The last entry, after expansion.
test_entries[name] if {
	some name, case in {
		"an earlier variable": {"env": [{"name": "B", "value": "1"}, {"name": "A", "value": "$(B)"}], "want": {"name": "A", "value": "1"}},
		"the last of two": {
			"env": [{"name": "B", "value": "1"}, {"name": "B", "value": "2"}, {"name": "A", "value": "$(B)"}],
			"want": {"name": "A", "value": "2"},
		},
		"among text": {"env": [{"name": "B", "value": "1"}, {"name": "A", "value": "x$(B)y$(B)"}], "want": {"name": "A", "value": "x1y1"}},
		"a chain": {
			"env": [{"name": "B", "value": "1"}, {"name": "C", "value": "$(B)2"}, {"name": "D", "value": "$(C)"}, {"name": "A", "value": "$(D)3"}],
			"want": {"name": "A", "value": "123"},
		},
		"of a Secret": {
			"env": [{"name": "B", "valueFrom": _secret}, {"name": "A", "value": "$(B)"}],
			"want": {"name": "A", "valueFrom": _secret},
		},
		"of a Secret, among text": {"env": [{"name": "B", "valueFrom": _secret}, {"name": "A", "value": "x$(B)"}], "want": _unknown},
		"without a value": {"env": [{"name": "B"}, {"name": "A", "value": "$(B)"}], "want": {"name": "A"}},
		"of envFrom": {"env": [{"name": "A", "value": "$(F)"}], "want": {"name": "A", "value": "6"}},
		"hidden in envFrom": {"env": [{"name": "A", "value": "$(H)"}], "want": _unknown},
		"hidden": {"env": [{"name": "B", "value": "(hidden)"}, {"name": "A", "value": "$(B)"}], "want": _unknown},
		"perhaps of envFrom": {"env": [{"name": "A", "value": "$(OPEN_B)"}], "want": _unknown},
		"of a Service": {"env": [{"name": "A", "value": "$(DEEPFLOW_SERVER_SERVICE_HOST)"}], "want": _unknown},
		"of the API server": {"env": [{"name": "A", "value": "$(KUBERNETES_X)"}], "want": _unknown},
		# These stay as they are.
		"a later variable": {
			"env": [{"name": "B", "value": "$(C)"}, {"name": "C", "value": "1"}, {"name": "A", "value": "$(B)"}],
			"want": {"name": "A", "value": "$(C)"},
		},
		"no variable": {"env": [{"name": "A", "value": "x-$(B)"}], "want": {"name": "A", "value": "x-$(B)"}},
		"itself": {"env": [{"name": "A", "value": "$(A)"}], "want": {"name": "A", "value": "$(A)"}},
		"of a shell": {"env": [{"name": "A", "value": "$B ${C} $"}], "want": {"name": "A", "value": "$B ${C} $"}},
		"without an end": {"env": [{"name": "A", "value": "$(B"}], "want": {"name": "A", "value": "$(B"}},
		"escaped": {"env": [{"name": "B", "value": "1"}, {"name": "A", "value": "$$(B)"}], "want": {"name": "A", "value": "$(B)"}},
	}
	found := expansion.entries(_source, case.env)
	found[count(found) - 1] == case.want
}

test_without_variables_of_services if {
	given := [{"name": "A", "value": "$(X_SERVICE_HOST)"}]
	expansion.entries(object.union(_source, {"links": false}), given) == given
}
