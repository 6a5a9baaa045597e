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
#   The verdict on a subject, completed from the annotations of the rule and its
#   package (`rego.metadata.chain()`). Undefined where the mode does not apply.
of(chain, subject, verdict) := object.union(
	{
		"id": custom.id,
		"level": custom.level,
		"group": group.group,
		"order": group.order,
		"impact": custom.impact,
		"remediation": custom.remediation,
		"source": custom.source,
		"url": page(custom.id),
		"subject": subject,
		"title": title,
		"message": _message(title, verdict),
	},
	verdict,
) if {
	custom := chain[0].annotations.custom
	group := chain[1].annotations.custom
	title := chain[0].annotations.title
	some mode in object.get(custom, "modes", group.modes)
	settings.modes[mode]
}

_message(title, verdict) := $"{title}: {verdict.observed}; expected {verdict.expected}" if {
	verdict.expected != ""
} else := $"{title}: {verdict.observed}"
