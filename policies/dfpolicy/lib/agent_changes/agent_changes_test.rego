package dfpolicy.lib.agent_changes_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.group_changes
import data.dfpolicy.lib.host_changes
import data.dfpolicy.lib.placement_changes
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result

_violation := result.violation("a", "b")

_pass := result.pass("a")

_agent(document) := found if {
	[found] := agent.workloads with input as document
}

_pod := _agent(fixture.agent({}, {}))

# Each operation as [op, last part of the path, value].
_operations(verdict) := {[operation.op, operation.path[count(operation.path) - 1], object.get(operation, "value", "")] |
	some operation in verdict.change.alternatives[0].operations
}

test_a_pass_has_no_change if {
	verdicts := {
		agent_changes.capability(_pod, "SYSLOG", _pass),
		agent_changes.entering(_pod, _pass),
		agent_changes.host_path(_pod, {"path": "/a", "settings": {}}, _pass),
		agent_changes.image(_pod, _pass),
		agent_changes.loading(_pod, _pass),
		agent_changes.pod_field(_pod, {"cause": "a", "path": ["a"], "value": 1}, _pass),
		agent_changes.sys_admin_only(_pod, _pass),
		agent_changes.unconfined(_pod, "seccompProfile", _pass),
		agent_changes.unmounted(_pod, "/a", _pass),
		agent_changes.user_namespace(_pod, _pass),
		agent_changes.variable(_pod, {"name": "A", "value": "b"}, _pass),
		agent_changes.watching_only(_pod, _pass),
		agent_changes.without_command(_pod, _pass),
		agent_changes.without_container_field(_pod, {"cause": "a", "path": ["a"]}, _pass),
		agent_changes.without_field(_pod, {"cause": "a", "path": ["a"]}, _pass),
		agent_changes.writable(_pod, ["/tmp"], _pass),
		host_changes.service(_pod, _pass),
		host_changes.unit(_pod, _pass),
		placement_changes.placed(_pod, [], _pass),
		placement_changes.placed_as(_pod, {}, _pass),
		rbac_changes.discovery(_pod, _pass),
		rbac_changes.electing({"namespace": "a", "name": "b"}, _pass),
		rbac_changes.privileged_scc(_pod, _pass),
	}
	verdicts == {_pass}
}

test_capability[name] if {
	some name, case in {
		"added": {"capabilities": {}, "want": {["add", "add", "SYSLOG"]}},
		"with a prefix": {"capabilities": {"add": ["CAP_SYSLOG"]}, "want": {["add", "add", "SYSLOG"], ["discard", "add", "CAP_SYSLOG"]}},
		"dropped": {"capabilities": {"drop": ["syslog", "MKNOD"]}, "want": {["add", "add", "SYSLOG"], ["discard", "drop", "syslog"]}},
	}
	found := _agent(fixture.agent({}, {"securityContext": {"capabilities": case.capabilities}}))
	_operations(agent_changes.capability(found, "SYSLOG", _violation)) == case.want
}

test_services_of_compose if {
	found := _agent(fixture.composed({"volumes": ["/a:/sys/kernel/debug/tracing", "/b:/c"]}, []))
	_operations(agent_changes.user_namespace(found, _violation)) == {["set", "userns_mode", "host"]}
	_operations(agent_changes.writable(found, ["/tmp"], _violation)) == {["add", "tmpfs", "/tmp"]}
	_operations(agent_changes.host_path(found, {"path": "/d", "settings": {}}, _violation)) == {["add", "volumes", "/d:/d:rw"]}
	_operations(agent_changes.unmounted(found, "/sys/kernel/debug/tracing", _violation)) == {["discard", "volumes", "/a:/sys/kernel/debug/tracing"]}
	agent_changes.unmounted(found, "/e", _violation) == _violation
}

test_loading_by_a_pair_of_capabilities[name] if {
	some name, case in {
		"new kernel": {"facts": {"kernelRelease": "6.1.0"}, "add": [], "want": ["sys-admin", "host-network"]},
		"old kernel": {"facts": {"kernelRelease": "5.4.0"}, "add": [], "want": ["sys-admin"]},
		"strict kernel": {"facts": {"kernelRelease": "6.1.0", "sysctls": {"kernel.perf_event_paranoid": 3}}, "add": [], "want": ["sys-admin"]},
		"it has the pair": {"facts": {"kernelRelease": "6.1.0"}, "add": ["BPF", "PERFMON"], "want": ["sys-admin"]},
	}
	document := object.union(fixture.agent({}, fixture.only(case.add)), {"nodes": [fixture.node("a", case.facts)]})
	[found] := agent.workloads with input as document
	verdict := agent_changes.loading(found, _violation) with input as document
	[way.name | some way in verdict.change.alternatives] == case.want
}

test_an_init_container_that_keeps_running if {
	container := object.union(fixture.container, {"restartPolicy": "Always"})
	found := _agent(fixture.agent({"containers": [{"name": "other", "image": "other:1"}], "initContainers": [container]}, {}))
	verdict := agent_changes.image(found, _violation)
	verdict.change.alternatives[0].operations[0].path == ["spec", "template", "spec", "initContainers", {"name": "deepflow-agent"}, "image"]
}

test_without_a_group_no_setting_changes if {
	document := fixture.agent({}, {})
	verdict := group_changes.collecting(_agent(document), _violation) with input as document
	verdict == _violation
}
