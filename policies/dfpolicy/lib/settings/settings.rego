# METADATA
# title: Settings
# description: >-
#   Mode, profile and release of this evaluation, with the values that hold when
#   a host of the policies (conftest, an admission webhook) gives none.
package dfpolicy.lib.settings

import data.dfpolicy.lib.message
import data.dfpolicy.lib.mode as choice
import data.dfpolicy.lib.recognition
import data.dfpolicy.lib.value

# METADATA
# title: Mode
# description: The deployment mode that is judged.
mode := choice.chosen.name

# METADATA
# title: Modes
# description: The modes whose requirements are asked.
modes := choice.applied

# METADATA
# title: Strict profile
# description: >-
#   Holds when the results are graded by the words of the DeepFlow overview page
#   alone, so that no equivalent is accepted.
strict if value.at(input, ["profile"], "default") == "strict"

# METADATA
# title: A part of a deployment
# description: >-
#   Holds when other objects of the deployment exist beside the input. An object that is not in
#   the input is then unknown, not missing.
partial if value.true_at(input, ["partial"])

# METADATA
# title: Resources
# description: The Kubernetes objects of the input; what is no object is passed over.
resources := recognition.resources

# METADATA
# title: Cluster facts
# description: What was collected about the cluster, empty when nothing was.
cluster := value.object_at(input, ["cluster", "spec"])

# METADATA
# title: Unread
# description: What the API server refused to the collector, such as `clusterroles`, with the reason.
unread := value.indexed([[fact, value.string_at(entry, ["reason"])] |
	some entry in value.objects_at(input, ["cluster", "status", "unread"])
	fact := value.string_at(entry, ["fact"])
])

# METADATA
# title: Refusal
# description: Why the collector could not read a kind, in brackets; empty where it was not refused.
refusal(plural) := $" ({unread[plural]})" if {
	unread[plural]
} else := ""

# METADATA
# title: Refused fact
# description: The missing fact, with the reason where the collector could not read the kind.
refused(fact, plural) := message.of("{fact} ({reason})", {"fact": message.phrase(fact), "reason": unread[plural]}) if {
	unread[plural]
} else := fact

# METADATA
# title: Parameters
# description: What the user said of the deployment beside the manifests.
parameters := value.object_at(input, ["parameters"])
