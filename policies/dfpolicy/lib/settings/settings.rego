# METADATA
# title: Settings
# description: >-
#   Mode, profile and facts of this evaluation. Defaults apply if the host of the policies
#   (conftest, an admission webhook) sets none.
package dfpolicy.lib.settings

import data.dfpolicy.lib.message
import data.dfpolicy.lib.mode as choice
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Mode
# description: The deployment mode of the input.
mode := choice.chosen.name

# METADATA
# title: Modes
# description: The modes whose requirements apply.
modes := choice.applied

# METADATA
# title: Modes of a requirement apply
# description: True if the requirement with these modes applies.
applies(modes) if choice.applies(modes)

# METADATA
# title: Strict profile
# description: >-
#   True if the results follow DeepFlow's documentation literally and accept no equivalents.
strict if value.at(input, "profile", "default") == "strict"

# METADATA
# title: Partial input
# description: >-
#   True if the deployment has objects outside the input. An object that is not in the input is
#   then unknown, not missing.
partial if value.true_at(input, "partial")

# METADATA
# title: Resources
# description: The Kubernetes objects of the input; other items are skipped.
resources := recognition.resources

# METADATA
# title: Cluster facts
# description: The collected facts of the cluster; empty if there are none.
cluster := value.object_at(input, ["cluster", "spec"])

# METADATA
# title: Unread
# description: The kinds that dfpolicy could not read from the API server, for example `clusterroles`, each with the reason.
unread := value.indexed([[fact, value.string_at(entry, "reason")] |
	some entry in value.objects_at(input, ["cluster", "status", "unread"])
	fact := value.string_at(entry, "fact")
])

# METADATA
# title: Refused fact
# description: The missing fact, with the reason if dfpolicy could not read the kind.
refused(fact, plural) := message.of("{fact} ({reason})", {"fact": message.phrase(fact), "reason": unread[plural]}) if {
	unread[plural]
} else := fact

# METADATA
# title: Parameters
# description: What the user sets with `--assume`.
parameters := value.object_at(input, "parameters")
