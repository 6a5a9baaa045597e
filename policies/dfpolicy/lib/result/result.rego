# METADATA
# title: Results
# description: >-
#   The only place that builds a result. A verdict is what a requirement says about one subject; a
#   result is that verdict with the requirement's own METADATA.
#
#   Each text is a constant string or a message (`lib/message`). The result has it in English. For a
#   message, its template and values are under `messages`.
package dfpolicy.lib.result

import data.dfpolicy.lib.message
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

# METADATA
# title: Pass
# description: The requirement is met.
pass(observed) := {"outcome": "pass", "observed": observed, "expected": ""} if {
	is_string(observed)
} else := {
	"outcome": "pass",
	"observed": observed.text,
	"expected": "",
	"messages": {"observed": observed.message},
}

# METADATA
# title: Violation
# description: The requirement is not met.
violation(observed, expected) := {"outcome": "violation", "observed": observed, "expected": expected} if {
	is_string(observed)
	is_string(expected)
} else := _spoken({"outcome": "violation"}, {"observed": observed, "expected": expected})

# METADATA
# title: Unknown
# description: >-
#   A fact is missing: which one, and the command that answers it. An unknown is
#   never a pass.
unknown(fact, command) := {
	"outcome": "unknown",
	"observed": concat("", ["not known: ", message.english(fact)]),
	"expected": "",
	"collect": command,
	"messages": {"observed": {"template": "not known: {fact}", "values": {"fact": message.phrase(fact).message}}},
}

# METADATA
# title: Word of a command
# description: >-
#   A text of the input as one word of a shell's command, in quotes if it needs them. Names in the
#   input can contain anything, and people copy commands.
word(text) := value.plain(text) if {
	regex.match(`^[A-Za-z0-9_./:@%+=,-]+$`, value.plain(text))
} else := concat("", ["'", replace(value.plain(text), "'", `'\''`), "'"])

# METADATA
# title: Verdict at another level
# description: The verdict with another level than the requirement's own.
at(level, verdict) := object.union(verdict, {"level": level})

# METADATA
# title: Verdict with another impact
# description: The verdict, with the features that are lost in this case.
losing(impact, verdict) := object.union(verdict, {"impact": impact})

# METADATA
# title: Verdict with another remediation
# description: The verdict, with what to change in this case.
remedied(remediation, verdict) := object.union(verdict, _spoken({}, {"remediation": remediation}))

# METADATA
# title: Verdict that follows from a cause
# description: >-
#   The verdict, with the cause that it follows from: the id of the requirement that states it, or
#   the name of a cause that several requirements share, such as `no-server`. An id may be followed
#   by a dot and a part, such as a row of a table. The report shows all that follows from one cause
#   as one problem. A pass has no cause.
following(cause, verdict) := verdict if {
	verdict.outcome == "pass"
} else := object.union(verdict, {"cause": cause})

# METADATA
# title: Verdict with a change
# description: The verdict, with what fixes it (`lib/change`).
fixed_by(change, verdict) := object.union(verdict, {"change": change})

# METADATA
# title: To be fixed
# description: True for a violation that costs something. Where nothing is lost, nothing needs to change.
fixable(verdict) if {
	verdict.outcome == "violation"
	object.get(verdict, "impact", null) != []
}

# The object with the texts in English, and the templates of those that have one.
_spoken(given, texts) := object.union_n([
	given,
	{key: message.english(text) | some key, text in texts},
	_messages({key: message.templates(text) | some key, text in texts}),
])

_messages(templates) := {"messages": templates} if {
	count(templates) > 0
} else := {}

# METADATA
# title: Result
# description: >-
#   The verdict on a subject, completed from the METADATA of the requirement and, for missing keys,
#   of its group (`rego.metadata.chain()`: the rule, the requirement's package, the group,
#   dfpolicy). Undefined if the mode does not apply.
of(chain, subject, verdict) := object.union(
	{
		"id": own.id,
		"level": object.get(own, "level", object.get(group, "level", "")),
		"group": group.group,
		"order": group.order,
		"impact": object.get(own, "impact", object.get(group, "impact", [])),
		"remediation": message.english(remedy),
		"subject": subject,
		"title": title,
		"message": _message(title, verdict),
	},
	_with_messages({"remediation": remedy}, verdict),
) if {
	own := chain[1].annotations.custom
	group := chain[2].annotations.custom
	settings.applies(object.get(own, "modes", group.modes))
	remedy := _remediation(own, group)
	title := chain[1].annotations.title
}

# The remediation of a group is a template that its requirements fill with their `words`.
_remediation(own, _) := own.remediation

_remediation(own, group) := message.of(group.remediation, {name: _word(word) | some name, word in own.words}) if {
	not own.remediation
}

# A single word, such as a resource of the API, is a name: it has no translation.
_word(word) := message.text(word) if {
	contains(word, " ")
} else := word

# A verdict may have its own remediation.
_with_messages(texts, verdict) := verdict if {
	is_string(texts.remediation)
} else := verdict if {
	verdict.remediation
} else := object.union(_messages({key: message.templates(text) | some key, text in texts}), verdict)

# By `concat`, because there is one for each result, and a template string needs twice the memory.
_message(title, verdict) := concat("", [title, ": ", verdict.observed, "; expected ", verdict.expected]) if {
	verdict.expected != ""
} else := concat(": ", [title, verdict.observed])
