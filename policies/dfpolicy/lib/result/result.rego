# METADATA
# title: Results
# description: >-
#   The only place that builds a result. A verdict is what a requirement says of
#   one subject; a result is that verdict with the requirement's own METADATA.
package dfpolicy.lib.result

import data.dfpolicy.lib.settings

# METADATA
# title: Pass
# description: The requirement is met.
pass(observed) := {"outcome": "pass", "observed": observed, "expected": ""}

# METADATA
# title: Violation
# description: The requirement is not met.
violation(observed, expected) := {"outcome": "violation", "observed": observed, "expected": expected}

# METADATA
# title: Unknown
# description: >-
#   A fact is missing: which one, and the command that answers it. An unknown is
#   never a pass.
unknown(fact, command) := {
	"outcome": "unknown",
	"observed": $"not known: {fact}",
	"expected": "",
	"collect": command,
}

# METADATA
# title: Verdict at another level
# description: The verdict, graded otherwise than the requirement's own level.
at(level, verdict) := object.union(verdict, {"level": level})

# METADATA
# title: Verdict with another impact
# description: The verdict, with the features that are lost in this case.
losing(impact, verdict) := object.union(verdict, {"impact": impact})

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
of(chain, subject, verdict) := object.union(
	{
		"id": own.id,
		"level": object.get(own, "level", object.get(group, "level", "")),
		"group": group.group,
		"order": group.order,
		"impact": object.get(own, "impact", object.get(group, "impact", [])),
		"remediation": _remediation(own, group),
		"source": object.get(own, "source", object.get(group, "source", "")),
		"url": page(own.id),
		"subject": subject,
		"title": title,
		"message": _message(title, verdict),
	},
	verdict,
) if {
	own := chain[1].annotations.custom
	group := chain[2].annotations.custom
	title := chain[1].annotations.title
	some mode in object.get(own, "modes", group.modes)
	settings.modes[mode]
}

# The remediation of a group is a template that its requirements fill with their `words`.
_remediation(own, group) := strings.replace_n(
	{concat("", ["{", name, "}"]): word | some name, word in own.words},
	group.remediation,
) if {
	own.words
} else := own.remediation

_message(title, verdict) := $"{title}: {verdict.observed}; expected {verdict.expected}" if {
	verdict.expected != ""
} else := $"{title}: {verdict.observed}"
