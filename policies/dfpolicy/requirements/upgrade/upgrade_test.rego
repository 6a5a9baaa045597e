package dfpolicy.requirements.upgrade_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade

_agent := fixture.workload("DaemonSet", {}, {})

_tagged(tag) := fixture.workload("DaemonSet", {}, {"image": $"deepflow-agent:{tag}"})

_server(tag) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-server", "namespace": "deepflow"},
	"spec": {"template": {"spec": {"containers": [{"name": "deepflow-server", "image": $"deepflow-server:{tag}"}]}}},
}

# An upgrade from these resources to those.
_upgrade(from, resources) := {"mode": "upgrade", "from": {"resources": from}, "resources": resources}

# The first agent, changed, in place of the untouched one that runs.
_changed(pod, container) := _upgrade([_agent], [fixture.workload("DaemonSet", pod, container)])

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := upgrade.results with input as document
}

_observed(document, id) := fixture.observed(results, id) if {
	results := upgrade.results with input as document
}

test_only_an_upgrade_is_asked if {
	document := object.union(_upgrade([_agent], [_agent, _server("v7.1")]), {"mode": "single-k8s"})
	results := upgrade.results with input as document
	results == set()
}

test_no_subject_no_result if {
	results := upgrade.results with input as _upgrade([_agent], [_server("v7.1")])
	results == set()
}

# Without the running release what depends on it is unknown, and says how it is given.
test_without_the_running_release if {
	results := upgrade.results with input as {"mode": "upgrade", "resources": [_agent]}
	unknown := {result.id | some result in results; result.outcome == "unknown"; contains(result.observed, "--from")}
	unknown == {
		"DF-UPG-001", "DF-UPG-002", "DF-UPG-006", "DF-UPG-007",
		"DF-UPG-009", "DF-UPG-010", "DF-UPG-011",
	}
}

test_order[name] if {
	old := [_tagged("v6.5.8"), _server("v6.5.8")]
	some name, case in {
		"the server has run ahead": {"from": [_tagged("v6.5.8"), _server("v7.1")], "new": [_tagged("v7.1")], "want": "pass required"},
		"agents first": {"from": old, "new": [_tagged("v7.1")], "want": "violation required"},
		"agents first, none ran": {"from": [_server("v6.5.8")], "new": [_tagged("v7.1")], "want": "violation required"},
		"both together": {"from": old, "new": [_tagged("v7.1"), _server("v7.1")], "want": "pass required"},
		"both, the server not far enough": {"from": old, "new": [_tagged("v7.1"), _server("v7.0")], "want": "violation required"},
		"both, the server of a moving tag": {"from": old, "new": [_tagged("v7.1"), _server("latest")], "want": "unknown required"},
		"both together, nothing known to run": {"from": [], "new": [_tagged("v7.1"), _server("v7.1")], "want": "pass required"},
		"no upgrade of the agents": {"from": [_tagged("v7.1"), _server("v6.5.8")], "new": [_tagged("v7.1")], "want": "pass required"},
		"running server of a moving tag": {"from": [_tagged("v6.5.8"), _server("latest")], "new": [_tagged("v7.1")], "want": "unknown required"},
		"no server runs": {"from": [_tagged("v6.5.8")], "new": [_tagged("v7.1")], "want": "unknown required"},
		"new agents of a moving tag": {"from": old, "new": [_tagged("latest")], "want": "unknown required"},
		"running agents of a moving tag": {"from": [_tagged("latest"), _server("v6.5.8")], "new": [_tagged("v7.1")], "want": "violation required"},
	}
	_verdicts(_upgrade(case.from, case.new), "DF-UPG-001") == {case.want}
}

test_order_of_versions_alone[name] if {
	some name, case in {
		"ahead": {"from": {"version": "v6.5.8"}, "want": "violation required"},
		"not ahead": {"from": {"version": "7.1"}, "want": "pass required"},
		"no version": {"from": {"version": "stable"}, "want": "unknown required"},
		"null": {"from": {"version": null}, "want": "unknown required"},
		"wrong type": {"from": {"version": 7.1}, "want": "unknown required"},
	}
	document := {"mode": "upgrade", "from": case.from, "resources": [_tagged("v7.1")]}
	_verdicts(document, "DF-UPG-001") == {case.want}
	_verdicts(document, "DF-UPG-002") == {case.want}
}

test_order_tells_both_servers if {
	document := _upgrade([_server("v6.5.8")], [_tagged("v7.1"), _server("v7.0")])
	observed := "the agents get version 7.1, the running server has version 6.5.8 and gets version 7.0"
	_observed(document, "DF-UPG-001") == {observed}
}

test_relation[name] if {
	some name, case in {
		"equal": {"from": [_server("v7.1")], "new": [_tagged("v7.1")], "want": "pass required"},
		"older agents": {"from": [_server("v7.1")], "new": [_tagged("v6.6.9")], "want": "pass required"},
		"a patch of the server's moving line": {"from": [_server("v7.1")], "new": [_tagged("v7.1.3")], "want": "pass required"},
		"numeric, not by letters": {"from": [_server("v6.6.10")], "new": [_tagged("v6.6.9")], "want": "pass required"},
		"newer line": {"from": [_server("v7.0")], "new": [_tagged("v7.1")], "want": "violation required"},
		"newer patch": {"from": [_server("v6.6.8")], "new": [_tagged("v6.6.9")], "want": "violation required"},
		"a moving line beside its patch": {"from": [_server("v7.1.3")], "new": [_tagged("v7.1")], "want": "violation recommended"},
		"the new server counts": {"from": [_server("v6.5")], "new": [_tagged("v7.1"), _server("v7.1")], "want": "pass required"},
		"the new server counts, too old": {"from": [_server("v7.1")], "new": [_tagged("v7.1"), _server("v6.5")], "want": "violation required"},
		"agents by digest": {"from": [_server("v7.1")], "new": [_tagged("v7.1@sha256:0a")], "want": "unknown required"},
		"server stable": {"from": [_server("stable")], "new": [_tagged("v7.1")], "want": "unknown required"},
		"new server latest": {"from": [_server("v7.1")], "new": [_tagged("v7.1"), _server("latest")], "want": "unknown required"},
		"no server": {"from": [_agent], "new": [_tagged("v7.1")], "want": "unknown required"},
	}
	_verdicts(_upgrade(case.from, case.new), "DF-UPG-002") == {case.want}
}

test_unknown_servers_have_a_command[name] if {
	some name, case in {
		"new": {"from": [_server("v7.1")], "new": [_agent, _server("latest")], "want": "docker run --rm --entrypoint deepflow-server deepflow-server:latest -v"},
		"running": {"from": [_server("edge")], "new": [_agent], "want": "docker run --rm --entrypoint deepflow-server deepflow-server:edge -v"},
		"none": {"from": [_agent], "new": [_agent], "want": "dfpolicy collect cluster -o yaml=running.yaml"},
	}
	results := upgrade.results with input as _upgrade(case.from, case.new)
	{result.collect | some result in results; result.id == "DF-UPG-002"} == {case.want}
}

test_ctl[name] if {
	some name, case in {
		"same line": {"parameters": {"ctlVersion": "v7.1.3"}, "server": "v7.1", "want": "pass recommended"},
		"another line": {"parameters": {"ctlVersion": "v6.5"}, "server": "v7.1", "want": "violation recommended"},
		"not stated": {"parameters": {}, "server": "v7.1", "want": "unknown recommended"},
		"null": {"parameters": {"ctlVersion": null}, "server": "v7.1", "want": "unknown recommended"},
		"no version": {"parameters": {"ctlVersion": "latest"}, "server": "v7.1", "want": "unknown recommended"},
		"wrong type": {"parameters": {"ctlVersion": 7.1}, "server": "v7.1", "want": "unknown recommended"},
		"server of a moving tag": {"parameters": {"ctlVersion": "v7.1"}, "server": "latest", "want": "unknown recommended"},
	}
	document := object.union(_upgrade([_agent], [_agent, _server(case.server)]), {"parameters": case.parameters})
	_verdicts(document, "DF-UPG-003") == {case.want}
}

_grafana(init) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-grafana"},
	"spec": {"template": {"spec": {"initContainers": init, "containers": [{"name": "grafana", "image": "grafana:10"}]}}},
}

test_dashboards[name] if {
	image := "r/deepflowio-init-grafana"
	some name, case in {
		"latest, always": {
			"init": [{"name": "init-grafana-ds-dh", "image": $"{image}:latest", "imagePullPolicy": "Always"}],
			"want": {"pass recommended"},
		},
		"latest, the default": {"init": [{"name": "a", "image": $"{image}:latest"}], "want": {"pass recommended"}},
		"no tag": {"init": [{"name": "a", "image": image, "imagePullPolicy": null}], "want": {"pass recommended"}},
		"a version": {"init": [{"name": "init-grafana-ds-dh", "image": $"{image}:v6.5"}], "want": {"violation recommended"}},
		"a digest": {"init": [{"name": "init-grafana-ds-dh", "image": $"{image}:latest@sha256:0a"}], "want": {"violation recommended"}},
		"pulled once": {
			"init": [{"name": "a"}, {"name": "b", "image": $"{image}:latest", "imagePullPolicy": "IfNotPresent"}],
			"want": {"violation recommended"},
		},
		"wrong types": {"init": [{"name": "init-grafana-ds-dh", "image": 5, "imagePullPolicy": 5}], "want": {"violation recommended"}},
		"another init container": {"init": [{"name": "a", "image": "busybox"}], "want": set()},
		"none": {"init": null, "want": set()},
	}
	_verdicts(_upgrade([_agent], [_agent, _grafana(case.init)]), "DF-UPG-004") == case.want
}

test_dashboards_tell_both if {
	init := [{"name": "init-grafana-ds-dh", "image": "a:v6.5", "imagePullPolicy": "Never"}]
	observed := `the image is "a:v6.5"; imagePullPolicy is "Never"`
	_observed(_upgrade([], [_agent, _grafana(init)]), "DF-UPG-004") == {observed}
}

_role(rules) := {
	"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
	"metadata": {"name": "deepflow-agent-update", "namespace": "deepflow"},
	"rules": rules,
}

_binding := {
	"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
	"metadata": {"name": "deepflow-agent-update", "namespace": "deepflow"},
	"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deepflow-agent-update"},
	"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent"}],
}

_rule(names) := {
	"apiGroups": [""],
	"resources": ["configmaps"],
	"resourceNames": names,
	"verbs": ["get", "list", "watch", "update", "patch"],
}

test_own_config_map[name] if {
	some name, case in {
		"granted": {"more": [_role([_rule(["deepflow-agent"])]), _binding], "want": "pass recommended"},
		"any name": {"more": [_role([object.remove(_rule([]), ["resourceNames"])]), _binding], "want": "pass recommended"},
		"the chart's name": {"more": [_role([_rule(["deepflow-agent-config"])]), _binding], "want": "violation recommended"},
		"nothing bound": {"more": [_role([_rule(["deepflow-agent"])])], "want": "violation recommended"},
		"null": {"more": [_role(null), _binding], "want": "violation recommended"},
		"wrong type": {"more": [_role("all"), _binding], "want": "violation recommended"},
		"role not in the input": {"more": [_binding], "want": "unknown recommended"},
		"no roles": {"more": [], "want": "unknown recommended"},
	}
	document := _upgrade([], array.concat([_agent], case.more))
	_verdicts(document, "DF-UPG-005") == {case.want}
}

test_own_config_map_of_no_mount if {
	document := _upgrade([], [fixture.workload("DaemonSet", {"volumes": null}, {})])
	_verdicts(document, "DF-UPG-005") == {"unknown recommended"}
}

_configured(old, new) := _upgrade([_agent, fixture.configuration(old)], [_agent, fixture.configuration(new)])

test_values[name] if {
	full := "controller-ips: [172.20.1.1]\nkubernetes-cluster-id: d-1a2b\nvtap-group-id-request: g-1a2b\n"
	some name, case in {
		"kept": {"old": full, "new": full, "want": "pass recommended"},
		"the chart's then and now": {"old": "controller-ips: [deepflow-server]", "new": "controller-ips: [deepflow-server]", "want": "pass recommended"},
		"other addresses": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips: [172.20.1.2]", "want": "pass recommended"},
		"an address of several": {"old": "controller-ips: [172.20.1.1, 172.20.1.2]", "new": "controller-ips: [172.20.1.2]", "want": "pass recommended"},
		"new values": {"old": "controller-ips: [deepflow-server]", "new": full, "want": "pass recommended"},
		"addresses to the chart's": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips: [deepflow-server]", "want": "violation required"},
		"addresses to a placeholder": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips: [10.1.2.3]", "want": "violation required"},
		"addresses to none": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips:", "want": "violation required"},
		"cluster id lost": {
			"old": full,
			"new": "controller-ips: [172.20.1.1]\nvtap-group-id-request: g-1a2b",
			"want": "violation recommended",
		},
		"group to a placeholder": {
			"old": full,
			"new": replace(full, "g-1a2b", "g-xxxxxxxxxx"),
			"want": "violation recommended",
		},
		"default port": {"old": "controller-port: 30035", "new": "", "want": "pass recommended"},
		"other port": {"old": "controller-port: 20035", "new": "", "want": "violation recommended"},
		"opaque then": {"old": "controller-ips:\n  a: b", "new": "controller-ips: [deepflow-server]", "want": "violation required"},
		"opaque now": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips:\n  a: b", "want": "pass recommended"},
		"unreadable then": {"old": "just words", "new": full, "want": "unknown recommended"},
		"unreadable now": {"old": full, "new": "just words", "want": "unknown recommended"},
		"no file then": {"old": null, "new": full, "want": "pass recommended"},
		"no file now": {"old": full, "new": null, "want": "violation required"},
		"wrong types": {"old": 5, "new": ["a"], "want": "pass recommended"},
	}
	_verdicts(_configured(case.old, case.new), "DF-UPG-006") == {case.want}
}

test_values_tell_what_is_lost if {
	document := _configured("kubernetes-cluster-id: d-1a2b\nteam-id: t", "log-file: /a")
	_observed(document, "DF-UPG-006") == {"kubernetes-cluster-id d-1a2b is lost; team-id t is lost"}
}

test_values_of_config_maps_that_are_not_given[name] if {
	some name, case in {
		"running": {"from": [_agent], "new": [_agent, fixture.configuration("team-id: t")]},
		"new": {"from": [_agent, fixture.configuration("team-id: t")], "new": [_agent]},
	}
	results := upgrade.results with input as _upgrade(case.from, case.new)
	{result.collect | some result in results; result.id == "DF-UPG-006"} == {"kubectl get configmap -n deepflow deepflow-agent -o yaml"}
}

test_network[name] if {
	some name, case in {
		"kept": {"old": {}, "new": {}, "want": "pass recommended"},
		"left": {"old": {}, "new": {"hostNetwork": false, "dnsPolicy": "ClusterFirst"}, "want": "violation recommended"},
		"null": {"old": {}, "new": {"hostNetwork": null}, "want": "violation recommended"},
		"a text": {"old": {}, "new": {"hostNetwork": "true"}, "want": "violation recommended"},
		"entered": {"old": {"hostNetwork": false}, "new": {}, "want": "pass recommended"},
		"never on it": {"old": {"hostNetwork": false}, "new": {"hostNetwork": false, "dnsPolicy": null}, "want": "pass recommended"},
		"DNS left": {"old": {}, "new": {"dnsPolicy": "ClusterFirst"}, "want": "violation recommended"},
		"DNS null": {"old": {}, "new": {"dnsPolicy": null}, "want": "violation recommended"},
		"DNS of a wrong type": {"old": {}, "new": {"dnsPolicy": 5}, "want": "violation recommended"},
		"DNS never": {"old": {"dnsPolicy": "Default"}, "new": {"dnsPolicy": "ClusterFirst"}, "want": "pass recommended"},
	}
	document := _upgrade(
		[fixture.workload("DaemonSet", case.old, {})],
		[fixture.workload("DaemonSet", case.new, {})],
	)
	_verdicts(document, "DF-UPG-007") == {case.want}
}

test_former_variable[name] if {
	variable := [{"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"}]
	some name, case in {
		"not set": {"container": {}, "want": "pass required"},
		"null": {"container": {"env": null}, "want": "pass required"},
		"set, v7.1": {"container": {"env": variable}, "want": "violation required"},
		"set, v6.6": {"container": {"env": variable, "image": "deepflow-agent:v6.6"}, "want": "violation required"},
		"set without a value": {"container": {"env": [{"name": "ONLY_WATCH_K8S_RESOURCE"}]}, "want": "violation required"},
		"set, v6.5": {"container": {"env": variable, "image": "deepflow-agent:v6.5.8"}, "want": "pass required"},
		"set, latest": {"container": {"env": variable, "image": "deepflow-agent:latest"}, "want": "unknown required"},
		"wrong type": {"container": {"env": "ONLY_WATCH_K8S_RESOURCE"}, "want": "pass required"},
	}
	_verdicts(_changed({}, case.container), "DF-UPG-008") == {case.want}
}

test_limits[name] if {
	own := {"resources": {"limits": {"cpu": "2", "memory": "2Gi"}}, "image": "deepflow-agent:v6.3.9"}
	some name, case in {
		"none": {"old": {}, "new": {}, "want": "pass recommended"},
		"the default's": {
			"old": {"resources": {"limits": {"cpu": "1000m", "memory": "768Mi"}}, "image": "deepflow-agent:v6.3"},
			"new": {"resources": null},
			"want": "pass recommended",
		},
		"kept": {"old": own, "new": {"resources": own.resources}, "want": "pass recommended"},
		"others": {"old": own, "new": {"resources": {"limits": {"cpu": "3", "memory": "3Gi"}}}, "want": "pass recommended"},
		"lost": {"old": own, "new": {"resources": null}, "want": "violation recommended"},
		"one lost": {"old": own, "new": {"resources": {"limits": {"cpu": 2}}}, "want": "violation recommended"},
		"of the group": {"old": object.union(own, {"image": "deepflow-agent:v6.5.8"}), "new": {}, "want": "pass recommended"},
		"not told whether of the group": {"old": object.union(own, {"image": "deepflow-agent:latest"}), "new": {}, "want": "unknown recommended"},
		"null": {"old": object.union(own, {"resources": {"limits": null}}), "new": {}, "want": "pass recommended"},
		"wrong type": {"old": object.union(own, {"resources": "2"}), "new": {"resources": 5}, "want": "pass recommended"},
	}
	document := _upgrade(
		[fixture.workload("DaemonSet", {}, case.old)],
		[fixture.workload("DaemonSet", {}, case.new)],
	)
	_verdicts(document, "DF-UPG-009") == {case.want}
}

_selecting(selector) := object.union(_agent, {"spec": {"selector": selector}})

test_selector[name] if {
	labels := {"matchLabels": {"app": "deepflow", "app.kubernetes.io/instance": "deepflow-agent"}}
	other := {"matchLabels": {"app": "deepflow", "app.kubernetes.io/instance": "deepflow"}}
	expression := {"matchExpressions": [{"key": "app", "operator": "Exists"}]}
	renamed := {"metadata": {"name": "former", "namespace": "deepflow"}}
	some name, case in {
		"kept": {"from": _selecting(labels), "new": labels, "want": "pass required"},
		"kept, with nulls": {"from": _selecting(labels), "new": object.union(labels, {"matchExpressions": null}), "want": "pass required"},
		"another release": {"from": _selecting(labels), "new": other, "want": "violation required"},
		"an expression": {"from": _selecting(labels), "new": object.union(labels, expression), "want": "violation required"},
		"null": {"from": _selecting(labels), "new": null, "want": "violation required"},
		"wrong type": {"from": _selecting(labels), "new": "app", "want": "violation required"},
		"another object": {"from": object.union(_selecting(labels), renamed), "new": other, "want": "pass required"},
	}
	_verdicts(_upgrade([case.from], [_selecting(case.new)]), "DF-UPG-010") == {case.want}
}

test_selector_tells_the_label if {
	document := _upgrade([_selecting({"matchLabels": {"app": "a", "x": "c"}})], [_selecting({"matchLabels": {"app": "b"}})])
	_observed(document, "DF-UPG-010") == {`the running selector has "a" for app, the new one "b"; the running selector has "c" for x, the new one nothing`}
}

test_placement[name] if {
	gpu := {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}
	affinity := {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{}]}}}
	unset := {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": null}}
	some name, case in {
		"nothing": {"old": {}, "new": {}, "want": "pass recommended"},
		"tolerations kept": {"old": {"tolerations": [gpu]}, "new": {"tolerations": [gpu]}, "want": "pass recommended"},
		"every taint tolerated": {"old": {"tolerations": [gpu]}, "new": {"tolerations": [{"operator": "Exists"}]}, "want": "pass recommended"},
		"every effect tolerated": {
			"old": {"tolerations": [{"key": "gpu", "value": "a", "effect": "NoExecute"}]},
			"new": {"tolerations": [{"key": "gpu", "operator": "Exists"}]},
			"want": "pass recommended",
		},
		"tolerations lost": {"old": {"tolerations": [gpu]}, "new": {"tolerations": null}, "want": "violation recommended"},
		"another effect": {
			"old": {"tolerations": [gpu]},
			"new": {"tolerations": [object.union(gpu, {"effect": "NoExecute"})]},
			"want": "violation recommended",
		},
		"another value": {
			"old": {"tolerations": [{"key": "gpu", "value": "a"}]},
			"new": {"tolerations": [{"key": "gpu", "value": "b"}]},
			"want": "violation recommended",
		},
		"every taint no longer": {"old": {"tolerations": [{"operator": "Exists"}]}, "new": {"tolerations": [gpu]}, "want": "violation recommended"},
		"node selector kept": {"old": {"nodeSelector": {"a": "b"}}, "new": {"nodeSelector": {"a": "c"}}, "want": "pass recommended"},
		"node selector lost": {"old": {"nodeSelector": {"a": "b"}}, "new": {"nodeSelector": null}, "want": "violation recommended"},
		"affinity kept": {"old": {"affinity": affinity}, "new": {"affinity": affinity}, "want": "pass recommended"},
		"affinity lost": {"old": {"affinity": affinity}, "new": {"affinity": unset}, "want": "violation recommended"},
		"no affinity": {"old": {"affinity": unset}, "new": {}, "want": "pass recommended"},
		"pull secret lost": {"old": {"imagePullSecrets": [{"name": "mirror"}]}, "new": {}, "want": "violation recommended"},
		"wrong types": {"old": {"tolerations": "a", "nodeSelector": 5, "affinity": [], "imagePullSecrets": {}}, "new": {}, "want": "pass recommended"},
	}
	document := _upgrade(
		[fixture.workload("DaemonSet", case.old, {})],
		[fixture.workload("DaemonSet", case.new, {})],
	)
	_verdicts(document, "DF-UPG-011") == {case.want}
}

test_placement_tells_what_is_lost if {
	old := fixture.workload(
		"DaemonSet",
		{"tolerations": [{"operator": "Exists"}, {"key": "gpu", "effect": "NoSchedule"}], "nodeSelector": {"a": "b"}},
		{},
	)
	observed := "the toleration of every taint is lost; the toleration gpu:NoSchedule is lost; the nodeSelector a is lost"
	_observed(_upgrade([old], [_agent]), "DF-UPG-011") == {observed}
}
