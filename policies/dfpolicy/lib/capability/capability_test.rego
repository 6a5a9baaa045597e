package dfpolicy.lib.capability_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.fixture_test as fixture

_agent(pod, context) := {
	"pod": object.union({"containers": [{"name": "agent", "securityContext": context}]}, pod),
	"container": {"name": "agent", "securityContext": context},
}

_capabilities(add, drop) := {"capabilities": {"add": add, "drop": drop}}

_expected := "SYS_ADMIN in `securityContext.capabilities.add` of the agent's container"

test_pass[name] if {
	some name, case in {
		"privileged": {"context": {"privileged": true}, "want": "the container is privileged, which includes SYS_ADMIN"},
		"privileged, dropped too": {
			"context": object.union({"privileged": true}, _capabilities([], ["ALL"])),
			"want": "the container is privileged, which includes SYS_ADMIN",
		},
		"added": {"context": {"capabilities": {"add": ["SYS_ADMIN"]}}, "want": "capabilities.add has SYS_ADMIN"},
		"added in lower case": {"context": _capabilities(["sys_admin"], null), "want": "capabilities.add has SYS_ADMIN"},
		"dropped ALL, added by name": {
			"context": _capabilities(["SYS_ADMIN"], ["ALL"]),
			"want": "capabilities.add has SYS_ADMIN",
		},
		"dropped another": {"context": _capabilities(["SYS_ADMIN"], ["BPF"]), "want": "capabilities.add has SYS_ADMIN"},
		"added ALL": {
			"context": _capabilities(["ALL"], []),
			"want": "capabilities.add has ALL, which includes SYS_ADMIN",
		},
		"added and dropped ALL": {
			"context": _capabilities(["all"], ["ALL"]),
			"want": "capabilities.add has ALL, which includes SYS_ADMIN",
		},
		"garbage together with it": {
			"context": _capabilities([null, 3, {}, "SYS_ADMIN"], {"a": 1}),
			"want": "capabilities.add has SYS_ADMIN",
		},
		"root": {
			"context": object.union({"runAsUser": 0}, _capabilities(["SYS_ADMIN"], [])),
			"want": "capabilities.add has SYS_ADMIN",
		},
	}
	verdict := capability.verdict(_agent({}, case.context), "SYS_ADMIN")
	[verdict.outcome, verdict.observed, verdict.expected] == ["pass", case.want, ""]
}

test_violation[name] if {
	some name, case in {
		"no drop, not added": {"context": _capabilities(["BPF"], []), "want": "capabilities.add has no SYS_ADMIN"},
		"absent": {"context": {}, "want": "capabilities.add has no SYS_ADMIN"},
		"null": {"context": {"capabilities": null}, "want": "capabilities.add has no SYS_ADMIN"},
		"context null": {"context": null, "want": "capabilities.add has no SYS_ADMIN"},
		"context list": {"context": [{"privileged": true}], "want": "capabilities.add has no SYS_ADMIN"},
		"add is a string": {"context": _capabilities("SYS_ADMIN", []), "want": "capabilities.add has no SYS_ADMIN"},
		"privileged as string": {"context": {"privileged": "true"}, "want": "capabilities.add has no SYS_ADMIN"},
		"privileged false": {"context": {"privileged": false}, "want": "capabilities.add has no SYS_ADMIN"},
		"dropped ALL": {"context": _capabilities(["BPF"], ["ALL"]), "want": "capabilities.add has no SYS_ADMIN"},
		"added and dropped": {
			"context": _capabilities(["SYS_ADMIN"], ["sys_admin"]),
			"want": "SYS_ADMIN is in both capabilities.add and capabilities.drop; container runtimes differ on the result",
		},
		"added ALL, dropped by name": {
			"context": _capabilities(["ALL"], ["SYS_ADMIN"]),
			"want": "capabilities.drop removes SYS_ADMIN",
		},
		"prefix": {
			"context": _capabilities(["CAP_SYS_ADMIN"], []),
			"want": "capabilities.add has CAP_SYS_ADMIN; Kubernetes expects SYS_ADMIN, without the prefix",
		},
		"not root": {
			"context": object.union({"runAsUser": 1000}, _capabilities(["SYS_ADMIN"], [])),
			"want": "SYS_ADMIN is not effective: the process runs as user 1000, not as root",
		},
		"not root, privileged": {
			"context": {"runAsUser": 1000, "privileged": true},
			"want": "SYS_ADMIN is not effective: the process runs as user 1000, not as root",
		},
		"user as string": {
			"context": {"runAsUser": "root", "privileged": true},
			"want": "SYS_ADMIN is not effective: the process runs as user \"root\", not as root",
		},
	}
	verdict := capability.verdict(_agent({}, case.context), "SYS_ADMIN")
	[verdict.outcome, verdict.observed, verdict.expected] == ["violation", case.want, _expected]
}

test_pod_context[name] if {
	added := _capabilities(["SYS_ADMIN"], [])
	ignored := "SYS_ADMIN is in the pod's securityContext, where Kubernetes ignores capabilities"
	some name, case in {
		"capabilities of the pod": {"pod": {"securityContext": added}, "context": {}, "want": ignored},
		"with the prefix": {
			"pod": {"securityContext": _capabilities(["CAP_SYS_ADMIN"], [])},
			"context": {},
			"want": ignored,
		},
		"ALL": {"pod": {"securityContext": _capabilities(["ALL"], [])}, "context": {}, "want": ignored},
		"privileged pod": {"pod": {"securityContext": {"privileged": true}}, "context": {}, "want": ignored},
		"user of the pod": {
			"pod": {"securityContext": {"runAsUser": 1000}},
			"context": added,
			"want": "SYS_ADMIN is not effective: the process runs as user 1000, not as root",
		},
		"user of the container wins": {
			"pod": {"securityContext": {"runAsUser": 1000}},
			"context": object.union({"runAsUser": 0}, added),
			"want": "capabilities.add has SYS_ADMIN",
		},
		"user of the container null": {
			"pod": {"securityContext": {"runAsUser": 1000}},
			"context": object.union({"runAsUser": null}, added),
			"want": "SYS_ADMIN is not effective: the process runs as user 1000, not as root",
		},
		"user namespace": {
			"pod": {"hostUsers": false},
			"context": {"privileged": true},
			"want": "SYS_ADMIN is not effective: hostUsers is false, so it counts only in the pod's user namespace",
		},
		"user namespace and user": {
			"pod": {"hostUsers": false, "securityContext": {"runAsUser": 5}},
			"context": added,
			"want": concat("; ", [
				"SYS_ADMIN is not effective: hostUsers is false, so it counts only in the pod's user namespace",
				"the process runs as user 5, not as root",
			]),
		},
		"hostUsers true": {"pod": {"hostUsers": true}, "context": added, "want": "capabilities.add has SYS_ADMIN"},
		"hostUsers null": {"pod": {"hostUsers": null}, "context": added, "want": "capabilities.add has SYS_ADMIN"},
		"pod context list": {
			"pod": {"securityContext": [added]},
			"context": {},
			"want": "capabilities.add has no SYS_ADMIN",
		},
	}
	capability.verdict(_agent(case.pod, case.context), "SYS_ADMIN").observed == case.want
}

test_other_containers[name] if {
	privileged := {"privileged": true}
	some name, case in {
		"init container": {
			"pod": {"initContainers": [{"name": "init", "securityContext": privileged}]},
			"want": "SYS_ADMIN is on the init container init only; the agent's container needs it",
		},
		"side container": {
			"pod": {"containers": [{"name": "agent"}, {"name": "side", "securityContext": _capabilities(["SYS_ADMIN"], [])}]},
			"want": "SYS_ADMIN is on the container side only; the agent's container needs it",
		},
		"side container with ALL": {
			"pod": {"containers": [{"name": "side", "securityContext": _capabilities(["ALL"], [])}]},
			"want": "SYS_ADMIN is on the container side only; the agent's container needs it",
		},
		"ephemeral container without a name": {
			"pod": {"ephemeralContainers": [null, {"securityContext": privileged}]},
			"want": "SYS_ADMIN is on the container  only; the agent's container needs it",
		},
		"containers an object": {
			"pod": {"initContainers": {"a": 1}, "containers": 5},
			"want": "capabilities.add has no SYS_ADMIN",
		},
	}
	capability.why_missing({"pod": case.pod, "container": {"name": "agent"}}, "SYS_ADMIN").text == case.want
}

test_effective if {
	capability.effective(_agent({}, {"privileged": true}), "BPF")
	not capability.effective(_agent({"hostUsers": false}, {"privileged": true}), "BPF")
	not capability.effective(_agent({}, {}), "BPF")
}

# Each function with an empty agent.
test_empty_agent if {
	empty := {"pod": {}, "container": {}}
	capability.user(empty) == null
	capability.why_missing(empty, "BPF").text == "capabilities.add has no BPF"
	not capability.effective(empty, "BPF")
	not capability.granted_by({}, "BPF")
}

test_user[name] if {
	some name, case in {
		"container": {"pod": 1, "container": 2, "want": 2},
		"root": {"pod": 1, "container": 0, "want": 0},
		"pod": {"pod": 1, "container": null, "want": 1},
		"image": {"pod": null, "container": null, "want": null},
		"wrong type": {"pod": 1, "container": "a", "want": "a"},
	}
	capability.user({
		"pod": {"securityContext": {"runAsUser": case.pod}},
		"container": {"securityContext": {"runAsUser": case.container}},
	}) == case.want
}

# The verdict on a capability of the only agent of the input, which runs on a host.
_hosted(document, name) := verdict if {
	[found] := agent.collectors with input as document
	verdict := capability.verdict(found, name)
}

test_compose[name] if {
	some name, case in {
		"added": {"change": {}, "want": ["pass", "cap_add has SYSLOG"]},
		"with the prefix": {"change": {"cap_add": ["CAP_SYSLOG"]}, "want": ["pass", "cap_add has SYSLOG"]},
		"all": {"change": {"cap_add": ["ALL"]}, "want": ["pass", "cap_add has ALL, which includes SYSLOG"]},
		"privileged": {"change": {"privileged": true}, "want": ["pass", "the container is privileged, which includes SYSLOG"]},
		"added and dropped": {"change": {"cap_drop": ["SYSLOG"]}, "want": ["pass", "cap_add has SYSLOG"]},
		"missing": {"change": {"cap_add": ["BPF"]}, "want": ["violation", "cap_add has no SYSLOG"]},
		"all but this": {"change": {"cap_add": ["ALL"], "cap_drop": ["SYSLOG"]}, "want": ["violation", "cap_drop removes SYSLOG"]},
		"another user": {
			"change": {"user": "1000"},
			"want": ["violation", "SYSLOG is not effective: the process runs as user 1000, not as root"],
		},
	}
	verdict := _hosted(fixture.composed(case.change, []), "SYSLOG")
	[verdict.outcome, verdict.observed] == case.want
	verdict.remediation == "Add `SYSLOG` to `cap_add` of the agent's service."
}

test_systemd[name] if {
	some name, case in {
		"root": {"change": {}, "want": ["pass", "the unit runs as root and keeps every capability"]},
		"kept": {"change": {"CapabilityBoundingSet": ["CAP_SYSLOG"]}, "want": ["pass", "the unit keeps SYSLOG"]},
		"taken": {"change": {"CapabilityBoundingSet": ["CAP_BPF"]}, "want": ["violation", "the unit's settings remove SYSLOG"]},
		"ambient": {"change": {"User": ["a"], "AmbientCapabilities": ["CAP_SYSLOG"]}, "want": ["pass", "the unit keeps SYSLOG"]},
		"ambient, not bounded": {
			"change": {"User": ["a"], "AmbientCapabilities": ["CAP_SYSLOG"], "CapabilityBoundingSet": ["~CAP_SYSLOG"]},
			"want": ["violation", `SYSLOG is not effective: the process runs as user "a", not as root`],
		},
		"another user": {
			"change": {"User": ["a"]},
			"want": ["unknown", "not known: file capabilities of the agent's program; the unit runs as user a, without SYSLOG"],
		},
		"its own users": {
			"change": {"PrivateUsers": ["yes"]},
			"want": [
				"violation",
				"SYSLOG is not effective: PrivateUsers= is set, so it counts only in the unit's user namespace",
			],
		},
	}
	verdict := _hosted(fixture.started(case.change, []), "SYSLOG")
	[verdict.outcome, verdict.observed] == case.want
}
