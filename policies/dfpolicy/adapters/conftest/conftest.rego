# METADATA
# scope: package
# title: conftest
# description: >-
#   The decision for conftest: `conftest test -p policies -n dfpolicy.adapters.conftest`. With
#   `--combine` the documents are one deployment. Without it, each document is checked alone, as a
#   part of a deployment, and anything it cannot answer is not denied. `-d dfpolicy.yaml` loads the
#   settings: mode, profile, namespace and parameters. Without a mode, the documents decide it.
#   Informational results are not shown, because they require no change. Unknown results of a
#   single document are not shown, because another document can answer them.
# schemas:
#   - input: {}
package dfpolicy.adapters.conftest

import data.dfpolicy.adapters.documents
import data.dfpolicy.lib.value
import data.dfpolicy.main

# METADATA
# scope: document
# title: Denials
# description: >-
#   The violations of required requirements. With `--combine`, documents without an agent are
#   denied, because nothing was checked.
deny contains _shown(result) if some result in _violations.required

deny contains {
	"msg": "no DeepFlow agent in the documents, so nothing was checked",
	"outcome": "unknown",
	"unknown": [],
} if {
	not _partial
	count(_decision.agents) == 0
}

# METADATA
# scope: document
# title: Warnings
# description: >-
#   The violations of recommended requirements. With `--combine`, one more warning lists the
#   required requirements that are not checked, so that they do not look like passes.
warn contains _shown(result) if some result in _violations.recommended

warn contains {
	"msg": $"not checked: {count(_unknown_ids)} required requirements ({concat(", ", _unknown_ids)}). Run `dfpolicy eval` for the commands that answer them",
	"outcome": "unknown",
	"unknown": _unknown,
} if {
	not _partial
	count(_decision.agents) > 0
	count(_unknown) > 0
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
	{"parameters": object.union(value.object_at(_read, "parameters"), value.object_at(_settings, "parameters"))},
])

# `-d dfpolicy.yaml` loads the settings at the root of data.
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
