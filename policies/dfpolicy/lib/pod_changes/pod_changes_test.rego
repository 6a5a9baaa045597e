package dfpolicy.lib.pod_changes_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.pod_changes
import data.dfpolicy.lib.result

_violation := result.violation("a", "b")

_agent(pod_change, container_change) := found if {
	[found] := agent.workloads with input as fixture.agent(pod_change, container_change)
}

# The last part of each path, and the value that it gets.
_changes(verdict) := {[operation.op, path[count(path) - 1], object.get(operation, "value", "")] |
	some operation in verdict.change.alternatives[0].operations
	path := operation.path
}

test_accepted[name] if {
	some name, case in {
		"nothing": {"pod": {}, "container": {}, "want": set()},
		"shared processes": {"pod": {"shareProcessNamespace": true}, "container": {}, "want": {["remove", "shareProcessNamespace", ""]}},
		"a user namespace": {"pod": {"hostUsers": false}, "container": {}, "want": {["remove", "hostUsers", ""]}},
		"no escalation, privileged": {
			"pod": {},
			"container": {"securityContext": {"privileged": true, "allowPrivilegeEscalation": false}},
			"want": {["remove", "allowPrivilegeEscalation", ""]},
		},
		"no escalation, with CAP_SYS_ADMIN": {
			"pod": {},
			"container": {"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"add": ["CAP_SYS_ADMIN"]}}},
			"want": {["remove", "allowPrivilegeEscalation", ""]},
		},
		"a profile of the node": {
			"pod": {},
			"container": {"securityContext": {"seccompProfile": {"type": "Unconfined", "localhostProfile": "a"}}},
			"want": {["remove", "localhostProfile", ""]},
		},
		"propagation": {
			"pod": {},
			"container": {"volumeMounts": [{"name": "debug", "mountPath": "/sys/kernel/debug", "mountPropagation": "Bidirectional"}]},
			"want": {["set", "mountPropagation", "HostToContainer"]},
		},
		"two mounts at one path": {
			"pod": {},
			"container": {"volumeMounts": [{"name": "a", "mountPath": "/c"}, {"name": "b", "mountPath": "/c"}]},
			"want": {["remove", {"name": "b"}, ""]},
		},
		"a volume at two paths, one of them twice": {
			"pod": {},
			"container": {"volumeMounts": [{"name": "a", "mountPath": "/c"}, {"name": "a", "mountPath": "/d"}, {"name": "a", "mountPath": "/c"}]},
			"want": set(),
		},
	}
	verdict := pod_changes.accepted(_agent(case.pod, case.container), _violation)
	_changes(verdict) == case.want
}

test_started[name] if {
	some name, case in {
		"nothing": {"pod": {}, "container": {}, "want": set()},
		"idle": {"pod": {}, "container": {"command": ["sleep"], "args": ["infinity"]}, "want": {["remove", "command", ""], ["remove", "args", ""]}},
		"an option": {"pod": {}, "container": {"command": ["deepflow-agent", "--help"]}, "want": {["discard", "command", "--help"]}},
		"another system": {
			"pod": {"nodeSelector": {"kubernetes.io/os": "windows"}},
			"container": {},
			"want": {["set", "kubernetes.io/os", "linux"]},
		},
		"no root": {
			"pod": {"securityContext": {"runAsNonRoot": true}},
			"container": {"securityContext": {"runAsUser": 0}},
			"want": {["set", "runAsNonRoot", false]},
		},
	}
	verdict := pod_changes.started(_agent(case.pod, case.container), _violation)
	_changes(verdict) == case.want
}

test_a_verdict_that_nothing_has_to_fix_stays if {
	idle := _agent({}, {"command": ["sleep"], "args": ["infinity"]})
	pod_changes.started(idle, {"outcome": "pass"}) == {"outcome": "pass"}
}
