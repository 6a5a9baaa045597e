# METADATA
# title: Answers of the probe
# description: >-
#   What was probed on nodes corrects what follows from versions, settings and manifests. An answer
#   counts only for the privileges it was given under. What worked with some privileges works with
#   more, and what was refused is refused with fewer.
package dfpolicy.lib.probe

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.probe_attempts

# METADATA
# title: Corrected verdict on a node
# description: >-
#   The verdict on a node, corrected by the answers to a question of `tables/probe_attempts`. A
#   success under any privileges shows what the kernel can do. A refusal counts if the probe had
#   all privileges that decide; otherwise it may be about an agent.
of_node(node, question, verdict) := verdict if {
	not _probed[node.name]
} else := _corrected(verdict, _question(question), _on_nodes([node], [answer(node, question)]))

# METADATA
# title: Corrected verdict on an agent
# description: >-
#   The verdict on an agent, corrected by the answers on the nodes that it reaches. A success counts
#   if the probe had no privilege that the agent lacks, a refusal if it had all of the agent's.
of_agent(workload, question, verdict) := verdict if {
	count(_probed) == 0
} else := verdict if {
	count(facts.reached(workload)) == 0
} else := _corrected(verdict, _question(question), _on_nodes(nodes, answers)) if {
	nodes := facts.reached(workload)
	held := _held(workload)
	answers := [_answer(_comparable(workload, node, question), _question(question), held, held) | some node in nodes]
}

# METADATA
# title: Answer on a node
# description: >-
#   Whether the kernel allows all that a question asks: {allowed: yes, no or unknown, refusals}.
answer(node, question) := _answer(_documents(node), _question(question), _every, _every) if {
	not _question(question).confined
} else := _answer(own, _question(question), _every, _every) if {
	own := [document | some document in _documents(node); _for_every_agent(document, node)]
}

_question(name) := probe_attempts.questions[name]

# Computed once: most inputs have no answers.
_probed := {node.name | some node in facts.nodes; count(_documents(node)) > 0}

_documents(node) := value.objects_at(node.spec, "probe")

# Two seccomp filters cannot be compared, unless the probe ran in the place of this agent.
_comparable(workload, node, question) := [document |
	some document in _documents(node)
	_likewise(document, workload, question)
]

_likewise(document, workload, _) if _for(document, workload)

_likewise(_, workload, question) if {
	not _question(question).confined
	_holds(workload, "unconfined")
}

_likewise(document, _, question) if {
	not _question(question).confined
	_has(document, "unconfined")
}

_for_every_agent(document, node) if {
	count(facts.landing(node)) > 0
	every workload in facts.landing(node) {
		_for(document, workload)
	}
}

_for(document, workload) if {
	value.object_at(document, "for") == object.remove(workload.container_subject, ["apiVersion"])
}

_every := {name | some names in probe_attempts.privileges; some name in names}

# --- Privileges

_held(workload) := {name | some name in _every; _holds(workload, name)}

# `privileged` and ALL grant every name.
_holds(workload, name) if {
	not name in {"memlock", "root", "unconfined"}
	capability.effective(workload, name)
}

_holds(workload, name) if {
	name in {"BPF", "PERFMON"}
	capability.effective(workload, "SYS_ADMIN")
}

_holds(workload, "root") if capability.user(workload) in {null, 0}

_holds(workload, "unconfined") if value.true_at(workload.container, ["securityContext", "privileged"])

_holds(workload, "unconfined") if agent.profile(workload, "seccompProfile") in {"", "Unconfined"}

_holds(workload, "memlock") if value.string_at(workload.container, "memlock") == "infinity"

# The privileges that the probe had.
_had(document) := {name | some name in _every; _has(document, name)}

_has(document, name) if {
	_capable(document)
	name in value.strings_at(document, ["as", "effective"])
}

_has(document, name) if {
	_capable(document)
	name in {"BPF", "PERFMON"}
	"SYS_ADMIN" in value.strings_at(document, ["as", "effective"])
}

_has(document, "root") if {
	_capable(document)
	value.at(document, ["as", "uid"], null) == 0
}

_has(document, "unconfined") if value.at(document, ["as", "seccomp"], "") == "disabled"

_has(document, "memlock") if value.at(document, ["as", "memlock"], "") == "unlimited"

# In a user namespace, no privilege counts on the host.
_capable(document) if not value.true_at(document, ["as", "userNamespace"])

# --- Answers

# `most` are the privileges that a success may have used, `least` those that a refusal must have had.
_answer(documents, question, most, least) := {"allowed": "no", "refusals": refusals} if {
	refusals := [refusal |
		some attempt in question.refusals
		not _works(documents, attempt, most)
		refusal := _refusals(documents, attempt, least)[0]
	]
	count(refusals) > 0
} else := {"allowed": "yes", "refusals": []} if {
	every attempt in question.attempts {
		_works(documents, attempt, most)
	}
} else := {"allowed": "unknown", "refusals": []}

_works(documents, attempt, most) if {
	some document in documents
	value.string_at(document, ["results", attempt]) == "ok"
	count((_deciding(attempt) & _had(document)) - most) == 0
}

_refusals(documents, attempt, least) := [_refusal(attempt, said, value.string_at(document, ["refused", attempt])) |
	some document in documents
	said := value.string_at(document, ["results", attempt])
	not said in {"", "ok"}
	not _inconclusive(attempt, said)
	count((_deciding(attempt) & least) - _had(document)) == 0
]

_inconclusive(attempt, said) if {
	said in probe_attempts.inconclusive
	not said in object.get(probe_attempts.limits, attempt, [])
}

_deciding(attempt) := {name | some name in probe_attempts.privileges[attempt]}

_refusal(attempt, said, "") := $"{attempt}: {said}"

_refusal(attempt, said, called) := $"{attempt}: {called} {said}" if called != ""

_on_nodes(nodes, answers) := {
	"nodes": nodes,
	"allowed": count([found | some found in answers; found.allowed != "yes"]) == 0,
	"refused": [node | some number, node in nodes; answers[number].allowed == "no"],
	"refusals": sort([refusal | some refusal in {refusal | some found in answers; some refusal in found.refusals}]),
}

# --- Verdicts

_corrected(verdict, question, found) := _refused(verdict, question, found) if {
	count(found.refused) > 0
} else := _allowed(verdict, {"attempts": message.whole(question.attempts), "nodes": facts.names(found.nodes)}) if {
	found.allowed
	_settles(verdict, question)
} else := verdict

# The finding of a violation stays, with the refusals.
_refused(verdict, question, found) := object.union(verdict, _marked({"observed": message.of(
	"{finding}; on {nodes}, the kernel refused {calls}",
	object.union(_refusals_on(found), {"finding": _finding(verdict)}),
)})) if {
	verdict.outcome == "violation"
} else := _leveled(question, object.union(
	result.remedied(
		"Find out what refuses these calls on the node: kernel lockdown, SELinux or AppArmor, a seccomp profile, a sysctl, or a kernel built without the feature.",
		result.violation(_refusal_finding(verdict, found), message.of("the kernel allows {attempts}", {"attempts": message.whole(question.attempts)})),
	),
	{"probed": true},
))

_refusal_finding(verdict, found) := message.of(
	"on {nodes}, the kernel refused {calls}, although {finding}",
	object.union(_refusals_on(found), {"finding": _finding(verdict)}),
) if {
	verdict.outcome == "pass"
} else := message.of("on {nodes}, the kernel refused {calls}", _refusals_on(found))

_refusals_on(found) := {"nodes": facts.names(found.refused), "calls": message.whole(found.refusals)}

_leveled(question, verdict) := result.at(question.level, verdict) if {
	question.level
} else := verdict

_allowed(verdict, allowed) := object.union(
	result.pass(message.of("on {nodes}, the kernel allowed {attempts}, although {finding}", object.union(allowed, {"finding": _finding(verdict)}))),
	{"probed": true},
) if {
	verdict.outcome == "violation"
} else := object.union(result.pass(message.of("on {nodes}, the kernel allowed {attempts}", allowed)), {"probed": true}) if {
	verdict.outcome == "unknown"
} else := object.union(verdict, {"probed": true})

# DeepFlow's documentation, taken literally, outweighs what works.
_settles(verdict, question) if {
	object.get(question, "settles", true) == true
	not settings.strict
	verdict.outcome == "violation"
}

_settles(verdict, _) if verdict.outcome != "violation"

_finding(verdict) := {"text": verdict.observed, "message": verdict.messages.observed} if {
	verdict.messages.observed
} else := message.text(verdict.observed)

_marked(texts) := object.union(
	{key: text.text | some key, text in texts},
	{"messages": {key: text.message | some key, text in texts}, "probed": true},
)
