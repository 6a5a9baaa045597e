package dfpolicy.requirements.legacy_host_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host

_file(spec) := fixture.document("AgentConfig", "deepflow-agent", spec)

_configuration := _file({"controller-ips": ["172.20.14.7"], "vtap-group-id-request": "g-1a2b3c4d5e"})

_server(controller) := fixture.document("ServerConfig", "deepflow", {"controller": controller})

_domain(name, kind, config) := fixture.document("Domain", name, {"name": name, "type": kind, "config": config})

_results(document) := results if {
	results := legacy_host.results with input as document
}

_cloud(document) := object.union(document, {"mode": "cloud-host"})

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_observed(document, id) := fixture.observed(_results(document), id)

test_controllers[name] if {
	some name, case in {
		"given": {"spec": {"controller-ips": ["10.0.0.1", "10.0.0.2"]}, "want": "pass required"},
		"a name": {"spec": {"controller-ips": ["server.example.com"]}, "want": "pass required"},
		"a text": {"spec": {"controller-ips": "10.0.0.1"}, "want": "pass required"},
		"empty": {"spec": {"controller-ips": []}, "want": "violation required"},
		"null": {"spec": {"controller-ips": null}, "want": "violation required"},
		"absent": {"spec": {"log-file": "a"}, "want": "violation required"},
		"a placeholder": {"spec": {"controller-ips": ["10.0.0.1", "10.1.2.3"]}, "want": "violation required"},
		"an object": {"spec": {"controller-ips": {"a": "b"}}, "want": "unknown required"},
		"a list in the list": {"spec": {"controller-ips": [["10.0.0.1"]]}, "want": "unknown required"},
		"no object": {"spec": ["a"], "want": "violation required"},
	}
	_verdicts(fixture.started({}, [_file(case.spec)]), "DF-LH-001") == {case.want}
	_verdicts(_cloud(fixture.composed({}, [_file(case.spec)])), "DF-LH-001") == {case.want}
}

test_controllers_without_the_file if {
	_verdicts(fixture.started({}, []), "DF-LH-001") == {"unknown required"}
	_observed(fixture.composed({}, []), "DF-LH-001") == {"not known: the agent's /etc/deepflow-agent/deepflow-agent.yaml"}
}

test_the_file_is_mounted[name] if {
	some name, case in {
		"the folder": {"volumes": ["/etc/deepflow:/etc/deepflow-agent"], "want": "pass required"},
		"elsewhere": {"volumes": ["/etc/deepflow-agent.yaml:/etc/deepflow-agent.yaml"], "want": "violation required"},
		"nothing": {"volumes": null, "want": "violation required"},
	}
	_verdicts(fixture.composed({"volumes": case.volumes}, [_configuration]), "DF-LH-001") == {case.want}
}

_synced := fixture.document("AgentGroupConfig", "g-1a2b3c4d5e", {"inputs": {"resources": {"workload_resource_sync_enabled": true}}})

_group(resources) := fixture.document("AgentGroupConfig", "g-1a2b3c4d5e", {"inputs": {"resources": resources}})

test_group[name] if {
	some name, case in {
		"synced": {"others": [_configuration, _synced], "want": "pass required"},
		"not synced": {"others": [_configuration, _group({"workload_resource_sync_enabled": false})], "want": "violation required"},
		"not set": {"others": [_configuration, _group({})], "want": "violation required"},
		"null": {"others": [_configuration, _group({"workload_resource_sync_enabled": null})], "want": "violation required"},
		"a text": {"others": [_configuration, _group({"workload_resource_sync_enabled": "true"})], "want": "violation required"},
		"the older setting": {
			"others": [_configuration, fixture.document("AgentGroupConfig", "g-1a2b3c4d5e", {"platform_enabled": 1})],
			"want": "violation required",
		},
		"its configuration unknown": {"others": [_configuration], "want": "unknown required"},
		"no group": {"others": [_file({"controller-ips": ["10.0.0.1"]}), _synced], "want": "violation required"},
		"a placeholder": {"others": [_file({"vtap-group-id-request": "g-fffffff"}), _synced], "want": "violation required"},
		"the file unknown": {"others": [_synced], "want": "unknown required"},
		"an object": {"others": [_file({"vtap-group-id-request": {"a": "b"}}), _synced], "want": "unknown required"},
	}
	_verdicts(fixture.started({}, case.others), "DF-LH-002") == {case.want}
	_verdicts(_cloud(fixture.started({}, case.others)), "DF-LH-002") == set()
}

test_domain[name] if {
	some name, case in {
		"agent_sync": {"domains": [_domain("a", "agent_sync", {})], "want": "pass required"},
		"beside another": {"domains": [_domain("b", "kubernetes", {}), _domain("a", "agent_sync", null)], "want": "pass required"},
		"two regions": {
			"domains": [_domain("a", "agent_sync", {"region_uuid": "1"}), _domain("b", "agent_sync", {"region_uuid": "2"})],
			"want": "pass required",
		},
		"two in the default region": {
			"domains": [
				_domain("a", "agent_sync", {}),
				_domain("b", "agent_sync", {"region_uuid": "ffffffff-ffff-ffff-ffff-ffffffffffff"}),
			],
			"want": "violation required",
		},
		"of a cloud": {"domains": [_domain("a", "aliyun", {})], "want": "violation required"},
		"no type": {"domains": [_domain("a", null, {})], "want": "violation required"},
		"none": {"domains": [], "want": "unknown required"},
	}
	_verdicts(fixture.started({}, case.domains), "DF-LH-003") == {case.want}
}

_secrets := {"secret_id": "(hidden)", "secret_key": "(hidden)"}

test_cloud_domain[name] if {
	some name, case in {
		"complete": {"type": "aliyun", "config": object.union(_secrets, {"include_regions": "cn-north"}), "want": "pass required"},
		"regions left out": {"type": "aws", "config": object.union(_secrets, {"exclude_regions": "us-east-1"}), "want": "pass required"},
		"no regions": {"type": "tencent", "config": _secrets, "want": "violation recommended"},
		"a cloud without regions": {"type": "qingcloud", "config": _secrets, "want": "pass required"},
		"with an endpoint": {"type": "baidu_bce", "config": object.union(_secrets, {"endpoint": "e"}), "want": "pass required"},
		"without an endpoint": {"type": "baidu_bce", "config": _secrets, "want": "violation required"},
		"a cloud that wants regions": {"type": "volcengine", "config": _secrets, "want": "violation required"},
		"no key": {"type": "aliyun", "config": {"secret_id": "(hidden)", "secret_key": null}, "want": "violation required"},
		"a placeholder": {"type": "aws", "config": {"secret_id": "xxxxxxxx", "secret_key": "(hidden)"}, "want": "violation required"},
		"a number": {"type": "aws", "config": {"secret_id": 5, "secret_key": "(hidden)"}, "want": "violation required"},
		"others in Huawei's": {"type": "huawei", "config": _secrets, "want": "violation required"},
		"no configuration": {"type": "aws", "config": null, "want": "violation required"},
		"a configuration of a wrong type": {"type": "aws", "config": "x", "want": "violation required"},
		"no cloud": {"type": "agent_sync", "config": {}, "want": "violation required"},
		"azure is none": {"type": "microsoft_azure", "config": _secrets, "want": "violation required"},
	}
	document := _cloud(fixture.started({}, [_domain("a", case.type, case.config)]))
	_verdicts(document, "DF-LH-003") == {case.want}
}

test_domain_is_the_subject if {
	results := _results(fixture.started({}, [_domain("z", "kubernetes", {}), _domain("b", "agent_sync", {})]))
	subjects := {result.subject | some result in results; result.id == "DF-LH-003"}
	subjects == {{"apiVersion": "dfpolicy.dev/v1", "kind": "Domain", "name": "b"}}
}

# A node of these addresses beside an agent and these documents.
_addressed(addresses, others) := object.union(
	fixture.started({}, others),
	{"nodes": [fixture.node("host", {"addresses": addresses})]},
)

test_local[name] if {
	ranged := _server({"genesis": {"local_ip_ranges": ["10.0.0.0/8", "7.8.0.0/16", "fd00::/8"]}})
	some name, case in {
		"default ranges": {"addresses": ["10.1.2.9", "192.168.0.4"], "others": [], "want": "pass required"},
		"default ranges of a server": {"addresses": ["10.1.2.9"], "others": [_server({})], "want": "pass required"},
		"loopback and link": {"addresses": ["127.0.0.1", "::1", "fe80::1%eth0", "10.0.0.9"], "others": [], "want": "pass required"},
		"none": {"addresses": [], "others": [], "want": "pass required"},
		"outside, server unknown": {"addresses": ["7.8.9.10"], "others": [], "want": "unknown required"},
		"outside the default": {"addresses": ["10.0.0.1", "7.8.9.10"], "others": [_server({})], "want": "violation required"},
		"in a range of its own": {"addresses": ["7.8.9.10", "fd00::5"], "others": [ranged], "want": "pass required"},
		"the default was replaced": {"addresses": ["192.168.0.4"], "others": [ranged], "want": "violation required"},
		"IPv6 outside": {"addresses": ["2001:db8::1"], "others": [ranged], "want": "violation required"},
		"IPv6 beside ranges of IPv4": {
			"addresses": ["10.0.0.1", "2001:db8::1"],
			"others": [_server({})],
			"want": "violation recommended",
		},
		"IPv6, server unknown": {"addresses": ["2001:db8::1"], "others": [], "want": "unknown recommended"},
		"both outside": {"addresses": ["7.8.9.10", "2001:db8::1"], "others": [_server({})], "want": "violation required"},
		"two ends": {
			"addresses": ["240.0.0.1"],
			"others": [_server({"genesis": {"local_ip_ranges": ["224.0.0.0-240.255.255.255"]}})],
			"want": "pass required",
		},
		"from the domain": {
			"addresses": ["7.8.9.10"],
			"others": [_domain("a", "agent_sync", {"local_ip_ranges": "10.0.0.0/8, 7.8.0.0/16"})],
			"want": "pass required",
		},
		"of another domain": {
			"addresses": ["7.8.9.10"],
			"others": [_domain("a", "aws", {"local_ip_ranges": "7.8.0.0/16"})],
			"want": "unknown required",
		},
		"malformed": {
			"addresses": ["10.0.0.1"],
			"others": [_server({"genesis": {"local_ip_ranges": ["10.0.0.0/8", 5, null]}})],
			"want": "violation required",
		},
		"an object": {"addresses": ["10.0.0.1"], "others": [_server({"genesis": {"local_ip_ranges": {"a": 1}}})], "want": "violation required"},
		"no ranges": {"addresses": ["10.0.0.1"], "others": [_server({"genesis": null})], "want": "pass required"},
		"garbage": {"addresses": [null, 5, "x"], "others": [_server({})], "want": "violation required"},
		"not collected": {"addresses": null, "others": [], "want": "unknown required"},
		"a text": {"addresses": "10.0.0.1", "others": [], "want": "unknown required"},
	}
	_verdicts(_addressed(case.addresses, case.others), "DF-LH-004") == {case.want}
}

test_local_without_a_node if {
	_verdicts(fixture.started({}, []), "DF-LH-004") == {"unknown required"}
	_verdicts(_cloud(fixture.started({}, [])), "DF-LH-004") == set()
}

test_unknown_type[name] if {
	some name, case in {
		"3": {"trisolaris": {"trident-type-for-unkonw-vtap": 3}, "want": "pass required"},
		"3 in the chart's spelling": {"trisolaris": {"trident-type-for-unknow-vtap": 3}, "want": "pass required"},
		"another": {"trisolaris": {"trident-type-for-unknow-vtap": 0}, "want": "violation required"},
		"two that differ": {
			"trisolaris": {"trident-type-for-unkonw-vtap": 3, "trident-type-for-unknown-vtap": 1},
			"want": "violation required",
		},
		"a text": {"trisolaris": {"trident-type-for-unkonw-vtap": "3"}, "want": "violation required"},
		"null": {"trisolaris": {"trident-type-for-unkonw-vtap": null}, "want": "pass required"},
		"absent": {"trisolaris": {}, "want": "pass required"},
		"wrong type": {"trisolaris": [3], "want": "pass required"},
	}
	_verdicts(fixture.started({}, [_server({"trisolaris": case.trisolaris})]), "DF-LH-005") == {case.want}
}

test_unknown_type_without_the_server[name] if {
	some name, case in {
		"from v7.1 on": {"image": "deepflow-agent:v7.1.3", "want": "pass required"},
		"before": {"image": "deepflow-agent:v6.6", "want": "unknown required"},
		"unknown": {"image": "deepflow-agent:latest", "want": "unknown required"},
	}
	_verdicts(fixture.composed({"image": case.image}, []), "DF-LH-005") == {case.want}
}

test_server_is_the_subject if {
	map := object.union(_server({}), {"metadata": {"namespace": "deepflow"}})
	results := _results(fixture.started({}, [map]))
	subjects := {result.subject | some result in results; result.id == "DF-LH-005"}
	subjects == {{"apiVersion": "dfpolicy.dev/v1", "kind": "ServerConfig", "namespace": "deepflow", "name": "deepflow"}}
}

test_unit[name] if {
	some name, case in {
		"complete": {"change": {}, "want": "pass required"},
		"delegated controllers": {"change": {"Service": {"Delegate": ["cpu memory"]}}, "want": "pass required"},
		"not delegated": {"change": {"Service": {"Delegate": null}}, "want": "violation recommended"},
		"delegation off": {"change": {"Service": {"Delegate": ["no"]}}, "want": "violation recommended"},
		"started again only after a failure": {"change": {"Service": {"Restart": ["on-failure"]}}, "want": "violation required"},
		"not started again": {"change": {"Service": {"Restart": null}}, "want": "violation required"},
		"relative": {"change": {"Service": {"ExecStart": ["deepflow-agent"]}}, "want": "violation required"},
		"before the network": {"change": {"Unit": {"After": ["network.target"]}}, "want": "violation required"},
		"after more": {"change": {"Unit": {"After": ["syslog.target network-online.target"]}}, "want": "pass required"},
		"few files": {"change": {"Service": {"LimitNOFILE": [""]}}, "want": "violation required"},
		"not at boot": {"change": {"Install": null}, "want": "violation required"},
		"required at boot": {"change": {"Install": {"WantedBy": [], "RequiredBy": ["multi-user.target"]}}, "want": "pass required"},
		"wrong types": {"change": {"Unit": [], "Install": "x"}, "want": "violation required"},
	}
	unit := fixture.document("SystemdUnit", "a.service", object.union(fixture.unit, case.change))
	_verdicts({"mode": "cloud-host", "resources": [unit]}, "DF-LH-006") == {case.want}
}

test_unit_names_every_flaw if {
	unit := fixture.document("SystemdUnit", "a.service", {"Service": {"ExecStart": ["deepflow-agent"]}})
	_observed({"mode": "legacy-host", "resources": [unit]}, "DF-LH-006") == {concat("; ", [
		"ExecStart= starts deepflow-agent, which is no absolute path",
		`Restart= is "", not always`,
		"After= does not name network-online.target",
		"LimitNOFILE= is not set",
		"[Install] names no target, so the unit is not started at boot",
	])}
}

_with_docker(service_change, version) := object.union(
	fixture.composed(service_change, []),
	{"nodes": [fixture.node("host", {"dockerVersion": version})]},
)

test_service[name] if {
	some name, case in {
		"complete": {"change": {}, "docker": "24.0.7", "want": "pass required"},
		"the first good Docker": {"change": {}, "docker": "20.10.10", "want": "pass required"},
		"an old Docker": {"change": {}, "docker": "20.10.9", "want": "violation required"},
		"an old Docker, privileged": {"change": {"privileged": true}, "docker": "19.03.1", "want": "pass required"},
		"an old Docker, unconfined": {"change": {"security_opt": ["seccomp:unconfined"]}, "docker": "19.03.1", "want": "pass required"},
		"Docker unknown": {"change": {}, "docker": null, "want": "unknown required"},
		"no version": {"change": {}, "docker": "podman", "want": "unknown required"},
		"a number": {"change": {}, "docker": 24, "want": "unknown required"},
		"a capability is missing": {"change": {"cap_add": ["SYS_ADMIN"]}, "docker": "24.0.7", "want": "violation required"},
		"the network is entered": {"change": {"network_mode": "bridge"}, "docker": "24.0.7", "want": "pass required"},
		"the network is out of reach": {"change": {"network_mode": null, "pid": null}, "docker": "24.0.7", "want": "violation required"},
		"its own processes": {"change": {"pid": null}, "docker": "24.0.7", "want": "violation required"},
		"no debugfs": {"change": {"volumes": []}, "docker": "24.0.7", "want": "violation required"},
		"wrong types": {"change": {"cap_add": "ALL", "volumes": "a", "pid": 1}, "docker": "24.0.7", "want": "violation required"},
	}
	_verdicts(_with_docker(case.change, case.docker), "DF-LH-007") == {case.want}
}

test_service_in_the_strict_profile if {
	document := object.union(_with_docker({"network_mode": "bridge"}, "24.0.7"), {"profile": "strict"})
	_observed(document, "DF-LH-007") == {"network_mode is not host"}
}

test_service_tells_the_version_of_docker if {
	_observed(_with_docker({}, "19.03.1"), "DF-LH-007") == {"Docker on host is 19.03.1, and the container is not privileged"}
}

test_each_form_is_asked_its_own if {
	started := {result.id | some result in _results(fixture.started({}, []))}
	composed := {result.id | some result in _results(fixture.composed({}, []))}
	started - composed == {"DF-LH-006"}
	composed - started == {"DF-LH-007"}
}

test_user[name] if {
	some name, case in {
		"root": {"user": "root", "want": "pass recommended"},
		"none": {"user": null, "want": "pass recommended"},
		"another": {"user": "deepflow", "want": "violation recommended"},
		"a number": {"user": 1000, "want": "violation recommended"},
		"wrong type": {"user": {"a": "b"}, "want": "violation recommended"},
	}
	_verdicts(fixture.composed({"user": case.user}, []), "DF-LH-008") == {case.want}
}

test_user_of_a_unit if {
	_verdicts(fixture.started({}, []), "DF-LH-008") == {"pass recommended"}
	_observed(fixture.started({"User": ["deepflow"]}, []), "DF-LH-008") == {"the user is deepflow, who captures packets at most"}
}

_server_image(tag) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "deepflow-server"},
	"spec": {"template": {"spec": {"containers": [{"name": "server", "image": $"r/deepflow-server:{tag}"}]}}},
}

test_version[name] if {
	some name, case in {
		"the same": {"agent": "v7.1", "servers": ["v7.1"], "want": "pass required"},
		"older": {"agent": "v6.6.9", "servers": ["v7.0"], "want": "pass required"},
		"older, not as texts": {"agent": "v6.6", "servers": ["v6.10"], "want": "pass required"},
		"a build of the moving line": {"agent": "v7.1.2", "servers": ["v7.1"], "want": "pass required"},
		"newer": {"agent": "v7.1", "servers": ["v6.6.9"], "want": "violation required"},
		"a newer build": {"agent": "v7.1.3", "servers": ["v7.1.2"], "want": "violation required"},
		"a moving tag in the server's line": {"agent": "v7.1", "servers": ["v7.1.2"], "want": "unknown required"},
		"the oldest of two counts": {"agent": "v7.1.2", "servers": ["v7.1.3", "v7.1.1"], "want": "violation required"},
		"one of two is unknown": {"agent": "v7.1.2", "servers": ["latest", "v7.1.3"], "want": "unknown required"},
		"no server": {"agent": "v7.1", "servers": [], "want": "unknown required"},
		"no version": {"agent": "latest", "servers": ["v7.1"], "want": "unknown required"},
	}
	servers := [_server_image(tag) | some tag in case.servers]
	document := fixture.composed({"image": $"r/deepflow-agent:{case.agent}"}, servers)
	_verdicts(document, "DF-LH-009") == {case.want}
}

test_version_of_a_server_in_compose if {
	server := fixture.document("ComposeProject", "server", {"services": {
		"server": {"image": "r/deepflow-server:v6.6"},
		"app": {"image": 5},
		"other": null,
	}})
	_observed(fixture.composed({}, [server]), "DF-LH-009") == {"the agent is 7.1, the server 6.6"}
}

_watcher := object.union(
	fixture.workload("Deployment", {}, {}),
	{"metadata": {"name": "deepflow-agent-watcher"}},
)

test_cluster[name] if {
	some name, case in {
		"both": {"spec": {"kubernetes-cluster-id": "d-1a2b3c"}, "others": [_watcher], "want": {"pass required"}},
		"no watcher": {"spec": {"kubernetes-cluster-id": "d-1a2b3c"}, "others": [], "want": {"unknown required"}},
		"no id": {"spec": {}, "others": [_watcher], "want": {"violation required"}},
		"null": {"spec": {"kubernetes-cluster-id": null}, "others": [_watcher], "want": {"violation required"}},
		"a placeholder": {"spec": {"kubernetes-cluster-id": "d-xxxx"}, "others": [_watcher], "want": {"violation required"}},
		"a list": {"spec": {"kubernetes-cluster-id": ["a"]}, "others": [_watcher], "want": {"violation required"}},
		"an object": {"spec": {"kubernetes-cluster-id": {"a": "b"}}, "others": [_watcher], "want": {"unknown required"}},
		"neither": {"spec": {}, "others": [], "want": set()},
		"a collector is no watcher": {"spec": {}, "others": [fixture.workload("DaemonSet", {}, {})], "want": set()},
	}
	_verdicts(fixture.started({}, array.concat([_file(case.spec)], case.others)), "DF-LH-010") == case.want
}

test_cluster_without_the_file if {
	_verdicts(fixture.started({}, [_watcher]), "DF-LH-010") == {"unknown required"}
}

test_controllers_of_the_host[name] if {
	some name, case in {
		"both": {"cgroup": {"version": 2, "controllers": ["cpuset", "cpu", "io", "memory"]}, "want": "pass recommended"},
		"version 1": {"cgroup": {"version": 1, "controllers": ["cpu,cpuacct", "memory"]}, "want": "pass recommended"},
		"no memory": {"cgroup": {"controllers": ["cpu"]}, "want": "violation recommended"},
		"none": {"cgroup": {"controllers": []}, "want": "violation recommended"},
		"a part of a name": {"cgroup": {"controllers": ["cpuset", "memory"]}, "want": "violation recommended"},
		"not collected": {"cgroup": {"version": 2}, "want": "unknown recommended"},
		"null": {"cgroup": null, "want": "unknown recommended"},
		"wrong type": {"cgroup": {"controllers": "cpu memory"}, "want": "unknown recommended"},
	}
	document := object.union(fixture.started({}, []), {"nodes": [fixture.node("host", {"cgroup": case.cgroup})]})
	_verdicts(document, "DF-LH-011") == {case.want}
}

test_no_subject_no_result[name] if {
	some name, resources in {
		"nothing": [],
		"configuration alone": [_configuration, _domain("a", "agent_sync", {}), _server({})],
		"a cluster's agent": [fixture.workload("DaemonSet", {}, {})],
	}
	some mode in ["legacy-host", "cloud-host"]
	results := legacy_host.results with input as {"mode": mode, "resources": resources}
	{result.subject.kind | some result in results} == {"Node"}
}

test_no_result_in_clusters if {
	results := legacy_host.results with input as object.union(fixture.composed({}, [_configuration]), {"mode": "single-k8s"})
	results == set()
}
