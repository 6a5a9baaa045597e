package dfpolicy.lib.chart_changes_test

import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.result

_violation := result.violation("a", "b")

_agent(change) := object.union({"subject": {"kind": "DaemonSet", "name": "a"}, "origin": {"chart": "deepflow-agent 7.1.002"}}, change)

test_agent_name[name] if {
	some name, case in {
		"chart": {"change": {}, "want": ["agentFullnameOverride"]},
		"no chart": {"change": {"origin": {"chart": "other 1.0"}}, "want": []},
		"its name": {"change": {"subject": {"name": "deepflow-agent"}}, "want": []},
		"a Deployment": {"change": {"subject": {"kind": "Deployment"}}, "want": []},
	}
	verdict := chart_changes.agent_name(_agent(case.change), _violation)
	[operation.path[0] | some operation in verdict.change.alternatives[0].operations] == case.want
}

test_storage_class[name] if {
	some name, case in {
		"claims": {"sources": ["persistentVolumeClaim"], "want": ["storage-class"]},
		"a directory": {"sources": ["persistentVolumeClaim", "hostPath"], "want": []},
	}
	verdict := chart_changes.storage_class([{"source": source} | some source in case.sources], _violation)
	[question.key | some question in verdict.change.questions] == case.want
}

test_a_pass_needs_no_value if {
	chart_changes.asked("a", ["b"], {"key": "c", "text": "D", "type": "text"}, result.pass("a")) == result.pass("a")
}
