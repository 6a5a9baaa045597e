# METADATA
# title: Results
# description: >-
#   The only place that builds a result. A verdict is what a requirement says of one subject; a
#   result is that verdict with the requirement's own METADATA.
#
#   Each text is a constant string or a message (`lib/message`). It is in the result as English,
#   and, where it is a message, its template and values are under `messages`.
package dfpolicy.lib.result

import data.dfpolicy.lib.message
import data.dfpolicy.lib.settings

# METADATA
# title: Pass
# description: The requirement is met.
pass(observed) := _spoken({"outcome": "pass", "expected": ""}, {"observed": observed})

# METADATA
# title: Violation
# description: The requirement is not met.
violation(observed, expected) := _spoken({"outcome": "violation"}, {"observed": observed, "expected": expected})

# METADATA
# title: Unknown
# description: >-
#   A fact is missing: which one, and the command that answers it. An unknown is
#   never a pass.
unknown(fact, command) := _spoken(
	{"outcome": "unknown", "expected": "", "collect": command},
	{"observed": message.of("not known: {fact}", {"fact": _translated(fact)})},
)

# A constant among the values of a message is data, unless it says that it is a text.
_translated(part) := message.text(part) if {
	is_string(part)
} else := part

# METADATA
# title: Verdict at another level
# description: The verdict, graded otherwise than the requirement's own level.
at(level, verdict) := object.union(verdict, {"level": level})

# METADATA
# title: Verdict with another impact
# description: The verdict, with the features that are lost in this case.
losing(impact, verdict) := object.union(verdict, {"impact": impact})

# METADATA
# title: Verdict with another remediation
# description: The verdict, with what to change in this case.
remedied(remediation, verdict) := object.union(verdict, _spoken({}, {"remediation": remediation}))

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
# title: Page
# description: The address of the page that documents the requirement of this id.
page(id) := $"https://dfpolicy.dev/requirements/{id}"

# METADATA
# title: Abridged list
# description: The first five of the texts, and how many there are beyond.
abridged(texts) := concat(", ", texts) if {
	count(texts) <= 5
} else := $"{concat(", ", array.slice(texts, 0, 5))} and {count(texts) - 5} more"

# METADATA
# title: Result
# description: >-
#   The verdict on a subject, completed from the METADATA of the requirement and, for what that
#   leaves out, of its group (`rego.metadata.chain()`: the rule, the requirement's package, the
#   group, dfpolicy). Undefined where the mode does not apply.
of(chain, subject, verdict) := object.union_n([
	{
		"id": custom.id,
		"level": custom.level,
		"group": custom.group,
		"order": custom.order,
		"impact": custom.impact,
		"source": custom.source,
		"url": page(custom.id),
		"subject": subject,
		"title": title,
		"message": _message(title, verdict),
	},
	_remedy(custom, verdict),
	verdict,
]) if {
	# As one object: a single key that neither of the two has would make the result vanish.
	custom := object.union(chain[2].annotations.custom, chain[1].annotations.custom)
	title := chain[1].annotations.title
	some mode in custom.modes
	settings.modes[mode]
}

# A verdict may bring its own.
_remedy(custom, verdict) := _spoken({}, {"remediation": _filled(custom)}) if {
	not verdict.remediation
} else := {}

# The remediation of a group is a template that its requirements fill with their `words`.
_filled(custom) := message.of(custom.remediation, {name: message.text(word) | some name, word in custom.words}) if {
	custom.words
} else := custom.remediation

_message(title, verdict) := $"{title}: {verdict.observed}; expected {verdict.expected}" if {
	verdict.expected != ""
} else := $"{title}: {verdict.observed}"
