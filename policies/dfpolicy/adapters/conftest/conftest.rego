# METADATA
# scope: package
# title: conftest
# description: >-
#   The decision as conftest reads it: `conftest test -p policies -n dfpolicy.adapters.conftest`.
#   With `--combine` the documents are one deployment. Without it each is judged alone, as a part
#   of a deployment, and what it cannot answer is not denied. Settings are those of dfpolicy.yaml
#   (`-d dfpolicy.yaml`): mode, profile, namespace and parameters; the mode is told from the
#   documents where none is given. Informational results are not shown, since they ask for
#   nothing; an unknown of one document is not shown, since another document may answer it.
# schemas:
#   - input: {}
package dfpolicy.adapters.conftest

import data.dfpolicy.adapters.documents
import data.dfpolicy.lib.value
import data.dfpolicy.main

# METADATA
# title: Denied
# description: The violations of required requirements.
deny contains _shown(result) if some result in _violations.required

# METADATA
# scope: document
# title: Warned of
# description: >-
#   The violations of recommended requirements. With `--combine` also, in one warning each, the
#   required requirements that are unknown, so that they do not look like passes, or that
#   there is no agent.
warn contains _shown(result) if some result in _violations.recommended

warn contains {
	"msg": $"not known: {count(_unknown_ids)} required requirements ({concat(", ", _unknown_ids)}); `dfpolicy eval` tells which facts answer them",
	"outcome": "unknown",
	"unknown": _unknown,
} if {
	not _partial
	count(_decision.agents) > 0
	count(_unknown) > 0
}

warn contains {
	"msg": "no DeepFlow agent is among the documents",
	"outcome": "unknown",
	"unknown": [],
} if {
	not _partial
	count(_decision.agents) == 0
}

_violations[level] contains result if {
	some result in _decision.results
	result.outcome == "violation"
	level := result.level
}

_unknown := [object.filter(result, ["id", "subject", "observed", "collect"]) |
	some result in _decision.results
	result.outcome == "unknown"
	result.level == "required"
]

_unknown_ids := sort({entry.id | some entry in _unknown})

_shown(result) := object.union(
	object.filter(result, ["id", "level", "outcome", "group", "impact", "remediation", "subject", "observed", "expected"]),
	{"msg": $"{result.id} {result.message} ({_place(result.subject)})"},
)

_place(subject) := concat(" ", [subject.kind, concat("/", [part |
	some key in ["namespace", "name", "container"]
	part := object.get(subject, key, "")
	part != ""
])])

_decision := decision if {
	decision := main.decision with input as _input
}

_input := object.union_n([
	{"mode": "auto"},
	object.filter(_settings, ["mode", "profile"]),
	{"release": object.filter(_settings, ["namespace"])},
	{"partial": _partial},
	_read,
	{"parameters": object.union(value.object_at(_read, ["parameters"]), value.object_at(_settings, ["parameters"]))},
])

# What `-d dfpolicy.yaml` loads stands at the root.
_settings.mode := data.mode

_settings.profile := data.profile

_settings.namespace := data.namespace

_settings.parameters := data.parameters

_read := documents.evaluation(input) if {
	not _partial
} else := documents.evaluation([{"path": _path, "contents": input}])

default _partial := true

_partial := false if {
	is_array(input)
	every document in input {
		object.keys(document) == {"contents", "path"}
	}
}

default _path := ""

_path := data.conftest.file.name
