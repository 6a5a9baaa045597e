package dfpolicy.main_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.multi_k8s.multi_k8s_test as cluster
import data.dfpolicy.requirements.upgrade.upgrade_test as upgrade

# The requirements that follow from each cause.
test_causes[name] if {
	some name, case in {
		"a user other than root": {
			"input": fixture.agent({}, {"securityContext": {"runAsUser": 1000, "capabilities": {"add": fixture.capabilities}}}),
			"want": {
				"DF-EBPF-006": {
					"DF-EBPF-002", "DF-EBPF-003", "DF-EBPF-004",
					"DF-K8S-003",
					"DF-NET-002", "DF-NET-003", "DF-NET-004",
				},
				"DF-EBPF-002": {"DF-K8S-002"},
			},
		},
		"a user namespace": {
			"input": fixture.agent({"hostUsers": false}, {}),
			"want": {
				"user-namespace": {
					"DF-EBPF-002", "DF-EBPF-003", "DF-EBPF-004",
					"DF-K8S-003",
					"DF-NET-002", "DF-NET-003", "DF-NET-004",
				},
				"DF-EBPF-002": {"DF-K8S-002"},
			},
		},
		"no SYS_ADMIN": {
			"input": fixture.agent({"hostNetwork": false}, fixture.without("SYS_ADMIN")),
			"want": {"DF-EBPF-002": {"DF-K8S-002", "DF-NET-001"}},
		},
		"no SYS_PTRACE": {
			"input": fixture.agent({"hostNetwork": false}, fixture.without("SYS_PTRACE")),
			"want": {"DF-K8S-003": {"DF-NET-001"}},
		},
		"neither hostPID nor SYS_PTRACE": {
			"input": fixture.agent({"hostNetwork": false, "hostPID": false}, fixture.without("SYS_PTRACE")),
			"want": {"DF-K8S-001": {"DF-NET-001"}},
		},
		"no binding": {
			"groups": ["rbac"],
			"input": access.resources([access.role("a", [])]),
			"want": {"DF-RBAC-014": {
				"DF-RBAC-001", "DF-RBAC-002", "DF-RBAC-003", "DF-RBAC-004", "DF-RBAC-005", "DF-RBAC-006", "DF-RBAC-007",
				"DF-RBAC-008", "DF-RBAC-009", "DF-RBAC-010", "DF-RBAC-011", "DF-RBAC-012", "DF-RBAC-015",
			}},
		},
		"a role that grants nothing": {
			"groups": ["rbac"],
			"input": access.resources([access.role("a", []), access.binding("a")]),
			"want": {"DF-RBAC-015": {
				"DF-RBAC-001", "DF-RBAC-002", "DF-RBAC-003", "DF-RBAC-004", "DF-RBAC-005", "DF-RBAC-006", "DF-RBAC-007",
				"DF-RBAC-008", "DF-RBAC-009", "DF-RBAC-010", "DF-RBAC-011", "DF-RBAC-012", "DF-RBAC-015",
			}},
		},
		"a role that grants some": {
			"groups": ["rbac"],
			"input": access.resources([access.role("a", [{"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}]), access.binding("a")]),
			"want": {},
		},
		"a file that the agent rejects": {
			"groups": ["agent_config", "chart", "multi_k8s"],
			"input": cluster.in_mode("multi-k8s", cluster.agent("controller-ips: [10.0.0.1/24]\nkubernetes-cluster-name: a")),
			"want": {"DF-CFG-002": {"DF-CH-001", "DF-MK-001"}},
		},
		"an example address": {
			"groups": ["chart", "multi_k8s"],
			"input": cluster.in_mode("multi-k8s", cluster.agent("controller-ips: [10.1.2.3]\nkubernetes-cluster-name: a")),
			"want": {"DF-CH-001": {"DF-MK-001"}},
		},
		"a placeholder as the ID of a cluster": {
			"groups": ["managed_k8s", "multi_k8s"],
			"input": cluster.in_mode("multi-k8s", cluster.agent("controller-ips: [10.0.0.1]\nkubernetes-cluster-id: CHANGEME\nkubernetes-cluster-name: a")),
			"want": {"DF-MK-004": {"DF-MK-002"}},
		},
		"a placeholder as the ID of a subdomain": {
			"groups": ["managed_k8s", "multi_k8s"],
			"input": cluster.in_mode("managed-k8s", cluster.agent("controller-ips: [10.0.0.1]\nkubernetes-cluster-id: CHANGEME")),
			"want": {"DF-MK-004": {"DF-MG-001"}},
		},
		"an invalid interface_regex before v6.6.6": {
			"groups": ["agent_config", "cni"],
			"input": {"resources": [
				fixture.workload("DaemonSet", {}, {"image": "deepflow-agent:v6.5.1"}),
				{"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "group"}, "spec": {"tap_interface_regex": "*a"}},
			]},
			"want": {"DF-CFG-003": {"DF-CNI-005"}},
		},
		"agents before their server, with the former variable of the watcher": {
			"groups": ["serverless_pod", "upgrade"],
			"input": upgrade.upgrade(
				[upgrade.server("v6.5")],
				[fixture.workload("DaemonSet", {}, {"env": [{"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"}]})],
			),
			"want": {"DF-SL-003": {"DF-UPG-008"}, "DF-UPG-001": {"DF-UPG-002"}},
		},
		"a kernel of the table and another": {
			"groups": ["ebpf", "kernel"],
			"input": object.union(fixture.agent({}, {}), {"nodes": [
				fixture.node("a", {"architecture": "arm64", "kernelRelease": "4.19.90-24.4.v2101.ky10.aarch64", "osImage": "Kylin V10", "btf": false}),
				fixture.node("b", {"architecture": "amd64", "kernelRelease": "6.8.0", "btf": true}),
			]}),
			"want": {"DF-KERNEL-001.A4b": {"DF-EBPF-011", "DF-KERNEL-001", "DF-KERNEL-002", "DF-KERNEL-004"}},
		},
	}
	groups := object.get(case, "groups", ["af_packet", "ebpf", "kubernetes_info"])
	results := union({found | some group in groups; found := data.dfpolicy.requirements[group][_].results}) with input as case.input
	got := {cause: ids |
		some cause in {one.cause | some one in results; one.outcome == "violation"}
		ids := {one.id | some one in results; one.cause == cause; one.outcome == "violation"}
	}
	got == case.want
}

test_what_only_the_server_answers_follows_from_its_absence if {
	results := union({found | found := data.dfpolicy.requirements.single_k8s[_].results}) with input as fixture.agent({}, {})
	{one.id | some one in results; one.cause == "no-server"} == {"DF-SK-001", "DF-SK-002", "DF-SK-003", "DF-SK-004", "DF-SK-005"}
}
