# METADATA
# title: Hosts without Kubernetes
# description: What an agent on a server or a cloud host needs of its installation and of the server.
# custom:
#   group: legacy-host
#   order: 20
#   modes: [legacy-host, cloud-host]
#   zh:
#     title: 非 K8s 环境的主机
#     description: 传统服务器或云服务器上的 Agent 对自身安装和 Server 的要求。
package dfpolicy.requirements.legacy_host

import data.dfpolicy.lib.address
import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.domain
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.form
import data.dfpolicy.lib.image
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.systemd
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

_hosted := [candidate | some candidate in agent.collectors; form.host(candidate)]

# METADATA
# title: The agent on the host is given the server's addresses
# description: >-
#   The agent reads `/etc/deepflow-agent.yaml` and connects to its `controller-ips`; a
#   container reads the same file from where the service mounts it. Without an address it
#   runs and sends nothing.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-001
#   level: required
#   reads: [manifests]
#   impact: [Server connection, All features]
#   remediation: >-
#     List the server's addresses under `controller-ips` in `/etc/deepflow-agent.yaml`; in
#     Docker Compose add
#     `/etc/deepflow-agent.yaml:/etc/deepflow-agent/deepflow-agent.yaml:ro` to `volumes`.
#   source: DOC-05
#   since: "0.1.0"
#   zh:
#     title: 主机上的 Agent 已配置 Server 的地址
#     description: >-
#       Agent 读取 `/etc/deepflow-agent.yaml`，并连接其中的
#       `controller-ips`；以容器运行时，从服务所挂载的位置读取同一文件。没有配置地址时，Agent
#       虽能运行，但不会发送任何数据。
#     remediation: >-
#       在 `/etc/deepflow-agent.yaml` 的 `controller-ips` 中列出
#       Server 的地址；使用 Docker Compose 时，在 `volumes` 中添加
#       `/etc/deepflow-agent.yaml:/etc/deepflow-agent/deepflow-agent.yaml:ro`。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), workload.container_subject, _controllers(workload)) if some workload in _hosted

_controllers(workload) := _unaddressed($"nothing is mounted at {agent_config.file(workload)}") if {
	not mount.over(workload, agent_config.file(workload))
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := _unaddressed("controller-ips is empty") if {
	count(agent_config.controllers(workload)) == 0
} else := _unaddressed($"controller-ips holds the placeholder {_examples(workload)[0]}") if {
	count(_examples(workload)) > 0
} else := result.pass($"controller-ips is {concat(", ", agent_config.controllers(workload))}")

_unaddressed(observed) := result.violation(observed, "controller-ips lists at least one address of the server")

_examples(workload) := [given |
	some given in agent_config.controllers(workload)
	placeholders.found(given)
]

# METADATA
# title: The agent's group takes resources from the hosts
# description: >-
#   Without a cloud platform the server learns of a host from its agent alone, which reports
#   it when the agent's group says so. `platform_enabled` of older pages is another setting.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-002
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging, Server connection]
#   remediation: >-
#     Set `vtap-group-id-request` in `/etc/deepflow-agent.yaml` to the group's id, and
#     `inputs.resources.workload_resource_sync_enabled: true` in the group's configuration.
#   source: DOC-05
#   since: "0.1.0"
#   modes: [legacy-host]
#   zh:
#     title: Agent 所在的采集器组从主机同步资源
#     description: >-
#       没有云平台时，Server 只能通过主机上的 Agent 获知该主机，而 Agent 仅在采集器组的配置要
#       求时才会上报。旧版文档中的 `platform_enabled` 是另一个配置项。
#     remediation: >-
#       将 `/etc/deepflow-agent.yaml` 中的
#       `vtap-group-id-request` 设为采集器组的 ID，并在该采集器组的配置中设置
#       `inputs.resources.workload_resource_sync_enabled: true`。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), workload.container_subject, _group(workload)) if some workload in _hosted

_group(workload) := _unsynced("vtap-group-id-request holds a placeholder") if {
	agent_group.exemplary(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "vtap-group-id-request")
} else := _unsynced("vtap-group-id-request is not set, so the agent falls into the default group") if {
	not agent_group.requested(workload)
} else := agent_group.unknown("inputs.resources.workload_resource_sync_enabled") if {
	not agent_group.configuration(workload)
} else := result.pass($"the group {agent_group.requested(workload)} takes resources from hosts") if {
	agent_group.setting(workload, "workload_resource_sync_enabled") == true
} else := _unsynced($"workload_resource_sync_enabled is {value.shown(agent_group.setting(workload, "workload_resource_sync_enabled"))}") if {
	agent_group.setting(workload, "workload_resource_sync_enabled") != null
} else := _unsynced("workload_resource_sync_enabled is not set, and off by default")

_unsynced(observed) := result.violation(
	observed,
	"a group of its own with inputs.resources.workload_resource_sync_enabled: true",
)

# METADATA
# title: The server has a domain for the hosts
# description: >-
#   The server files resources under a domain. Servers need one of the type `agent_sync` per
#   region; cloud hosts need one of their cloud, with the credentials that the server reads
#   it with.
# related_resources:
#   - description: DeepFlow documentation, cloud hosts
#     ref: https://deepflow.io/docs/ce-install/cloud-host/
# custom:
#   id: DF-LH-003
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Create the domain with `deepflow-ctl domain create -f`: for servers `type: agent_sync`,
#     once per region; for cloud hosts the cloud's type with credentials that may read and
#     its regions, from `deepflow-ctl domain example`.
#   source: DOC-06
#   since: "0.1.0"
#   zh:
#     title: Server 中有主机所属的 Domain
#     description: >-
#       Server 将资源归入 Domain。传统服务器需要在每个区域有一个类型为 `agent_sync` 的
#       Domain；云服务器需要其所属云平台的 Domain，并配置 Server 读取该云平台所用的密钥。
#     remediation: >-
#       使用 `deepflow-ctl domain create -f` 创建 Domain：传统服务器设置
#       `type: agent_sync`，每个区域创建一个；云服务器设置云平台对应的类型，并填写有读取权限的密
#       钥和云平台的区域，配置文件可由 `deepflow-ctl domain example` 生成。
#     related_resources:
#       - DeepFlow 文档：监控云服务器
results contains result.of(rego.metadata.chain(), subject, _domain) if some subject in _domain_subjects

_domain_subjects := [deepflow_server.subject(_relevant[0])] if {
	count(_hosted) > 0
	count(_relevant) > 0
} else := [candidate.container_subject | some candidate in _hosted]

default _wanted := ["agent_sync"]

_wanted := sort(object.keys(domain.clouds)) if settings.mode == "cloud-host"

_relevant := [found | some found in domain.documents; domain.type(found) in _wanted]

_domain := result.unknown("the server's domains", "deepflow-ctl domain list") if {
	count(domain.documents) == 0
} else := result.violation(
	$"the domains of the input are of the type {result.abridged([value.shown(domain.type(found)) | some found in domain.documents])}",
	$"a domain of the type {concat(" or ", _wanted)}",
) if {
	count(_relevant) == 0
} else := result.violation(concat("; ", _domain_flaws), "one agent_sync domain per region, or a cloud's domain with its credentials") if {
	count(_domain_flaws) > 0
} else := result.at("recommended", result.violation(
	$"{concat(", ", domain.everywhere(_relevant))} names no regions, so the server reads all of the account",
	"include_regions or exclude_regions is set",
)) if {
	count(domain.everywhere(_relevant)) > 0
} else := result.pass(concat(", ", [$"{found.metadata.name} is of the type {domain.type(found)}" | some found in _relevant]))

_domain_flaws := array.flatten([
	[flaw | _wanted == ["agent_sync"]; some flaw in domain.crowded(_relevant)],
	[flaw | some found in _relevant; some flaw in domain.lacking(found)],
])

# METADATA
# title: The server takes the host's addresses for local ones
# description: >-
#   The server files only those hosts whose addresses lie in its `local_ip_ranges`, which are
#   the private networks by default; a list of one's own replaces them all.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-004
#   level: required
#   reads: [manifests, nodes]
#   impact: [AutoTagging]
#   remediation: >-
#     Add the host's network to `configmap.server.yaml.controller.genesis.local_ip_ranges` of
#     the server's chart, beside the default ranges, or to `local_ip_ranges` of the
#     `agent_sync` domain.
#   source: DOC-05
#   since: "0.1.0"
#   modes: [legacy-host]
#   zh:
#     title: Server 将主机的地址视为本地地址
#     description: >-
#       Server 只收录地址在 `local_ip_ranges` 范围内的主机，该范围默认为私有网段；自定义
#       列表会整体替换默认的网段。
#     remediation: >-
#       在 Server 的 Chart 的
#       `configmap.server.yaml.controller.genesis.local_ip_ranges`
#       中，保留默认的网段并添加主机所在的网段，或将主机所在的网段添加到 `agent_sync` Domain
#       的 `local_ip_ranges`。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), facts.subject(node), _local(node)) if some node in facts.asked

_local(node) := facts.unknown(node, "addresses", "the host's addresses", "ip -brief address") if {
	not is_array(value.at(node.spec, ["addresses"], null))
} else := _remote($"local_ip_ranges holds {_malformed}") if {
	_malformed != ""
} else := result.pass($"{count(_addresses(node))} addresses, all in local_ip_ranges") if {
	count(_outside(node)) == 0
} else := result.at(_remote_level(node), result.unknown(
	$"whether the server's local_ip_ranges holds {result.abridged(_outside(node))}, which the default does not",
	"kubectl get configmap -n deepflow deepflow -o yaml",
)) if {
	count(deepflow_server.given_ranges) == 0
	count(deepflow_server.configurations) == 0
} else := result.at(
	_remote_level(node),
	_remote($"{result.abridged(_outside(node))} lies outside {result.abridged(deepflow_server.ranges)}"),
)

# The ranges of most servers, and the default ones, name no IPv6 at all.
_remote_level(node) := "recommended" if {
	every range in deepflow_server.ranges {
		not address.version_six(range)
	}
	every given in _outside(node) {
		address.version_six(given)
	}
} else := "required"

_remote(observed) := result.violation(observed, "every address of the host lies in local_ip_ranges")

_malformed := result.abridged([value.shown(range) |
	some range in deepflow_server.ranges
	not address.range_formed(range)
])

# What only the host itself, or its own link, knows says nothing of the server's ranges.
_addresses(node) := [given |
	some given in value.strings_at(node.spec, ["addresses"])
	not address.within(given, "127.0.0.0/8")
	not address.within(given, "::1")
	not address.within(given, "fe80::/10")
]

_outside(node) := [given |
	some given in _addresses(node)
	inside := [1 | some range in deepflow_server.ranges; address.within(given, range)]
	count(inside) == 0
]

# METADATA
# title: The server takes an unknown agent for one on a host
# description: >-
#   Servers up to v7.0 give an agent that they do not know the type of their configuration;
#   3 is an agent of a host. Later servers have no such setting.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-005
#   level: required
#   reads: [manifests]
#   impact: [Server connection]
#   remediation: >-
#     Set `configmap.server.yaml.controller.trisolaris.trident-type-for-unkonw-vtap: 3` in
#     the server's chart (spelt so up to v6.5; later charts spell `unknow` and set 3).
#   source: DOC-05
#   since: "0.1.0"
#   modes: [legacy-host]
#   zh:
#     title: Server 将未知的 Agent 视为主机上的 Agent
#     description: >-
#       v7.0 及更早版本的 Server 会按自身的配置为未知的 Agent 指定类型，其中 3 表示主机上的
#       Agent。更高版本的 Server 没有该配置项。
#     remediation: >-
#       在 Server 的 Chart 中设置
#       `configmap.server.yaml.controller.trisolaris.trident-type-for-unkonw-vtap: 3`（v6.5
#       及更早版本的拼写如此；更高版本的 Chart 拼写为 `unknow`，且已设为 3）。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), subject, _unknown_type) if some subject in _server_subjects

_server_subjects := [deepflow_server.subject(deepflow_server.configurations[0])] if {
	count(_hosted) > 0
	count(deepflow_server.configurations) > 0
} else := [candidate.container_subject | some candidate in _hosted]

_unknown_type := result.violation($"the type is {result.abridged(_other_types)}", "the type is 3") if {
	count(_other_types) > 0
} else := result.pass("the type is 3") if {
	count(deepflow_server.unknown_agent_types) > 0
} else := result.pass("the server's configuration does not set another type") if {
	count(deepflow_server.configurations) > 0
} else := result.pass("servers from v7.1 on have no such setting") if {
	every candidate in _hosted {
		agent.at_least(candidate, [7, 1])
	}
} else := result.unknown("the server's type for unknown agents", "kubectl get configmap -n deepflow deepflow -o yaml")

_other_types := [value.shown(given) | some given in deepflow_server.unknown_agent_types; given != 3]

# METADATA
# title: The systemd unit keeps the agent running
# description: >-
#   The unit starts the agent at boot when the network is there, starts it again when it
#   ends, and gives it enough open files. With `Delegate=true` the limits that the agent sets
#   on itself outlive a reload of systemd.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-006
#   level: required
#   reads: [manifests]
#   impact: [Agent start, Agent configuration]
#   remediation: >-
#     Set `ExecStart=/usr/sbin/deepflow-agent`, `Restart=always`,
#     `After=network-online.target`, `LimitNOFILE=1024:4096`, `Delegate=true` and
#     `WantedBy=multi-user.target`, and run `systemctl enable deepflow-agent`.
#   source: DOC-05
#   since: "0.1.0"
#   zh:
#     title: systemd 单元确保 Agent 持续运行
#     description: >-
#       该单元在开机且网络就绪后启动 Agent，在 Agent 退出后重新启动，并允许其打开足够多的文件。设置
#       `Delegate=true` 后，Agent 为自身设置的资源限制在 systemd 重新加载后依然有
#       效。
#     remediation: >-
#       设置
#       `ExecStart=/usr/sbin/deepflow-agent`、`Restart=always`
#       和 `After=network-online.target`，以及
#       `LimitNOFILE=1024:4096`、`Delegate=true` 和
#       `WantedBy=multi-user.target`，并执行
#       `systemctl enable deepflow-agent`。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), workload.subject, _unit(workload)) if {
	some workload in _hosted
	workload.form == "systemd"
}

_unit(workload) := result.violation(concat("; ", _unit_flaws(workload)), "a unit as the documentation has it") if {
	count(_unit_flaws(workload)) > 0
} else := result.at("recommended", result.losing(["Agent configuration"], result.violation(
	"Delegate= is not set, so a reload of systemd takes the agent's limits back",
	"Delegate=true",
))) if {
	lower(systemd.setting(workload, "Service", "Delegate")) in {"", "0", "no", "n", "false", "f", "off"}
} else := result.pass("the unit starts the agent again, at boot too, and delegates its cgroup")

_unit_flaws(workload) := array.flatten([
	[$"ExecStart= starts {program}, which is no absolute path" |
		program := workload.container.args[0]
		not startswith(program, "/")
	],
	[$"Restart= is {value.shown(restart)}, not always" |
		restart := systemd.setting(workload, "Service", "Restart")
		restart != "always"
	],
	["After= does not name network-online.target" |
		not "network-online.target" in _words(workload, "Unit", ["After"])
	],
	["LimitNOFILE= is not set" | systemd.setting(workload, "Service", "LimitNOFILE") == ""],
	["[Install] names no target, so the unit is not started at boot" |
		count(_words(workload, "Install", ["WantedBy", "RequiredBy", "UpheldBy"])) == 0
	],
])

_words(workload, section, keys) := {word |
	some key in keys
	some line in systemd.settings(workload, section, key)
	some word in value.words(line)
}

# METADATA
# title: The Compose service gives the container what the agent needs
# description: >-
#   The documentation's service has seven capabilities, the host's network and processes and
#   its debugfs. Docker before 20.10.10 blocks system calls of the agent's image with its
#   default seccomp profile.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-007
#   level: required
#   reads: [manifests, nodes]
#   impact: [Agent start, AutoMetrics, AutoTracing, AutoProfiling]
#   remediation: >-
#     Set `network_mode: host`, `pid: host`, `cap_add` with `SYS_ADMIN`, `SYS_RESOURCE`,
#     `SYS_PTRACE`, `NET_ADMIN`, `NET_RAW`, `IPC_LOCK` and `SYSLOG`, and the volume
#     `/sys/kernel/debug:/sys/kernel/debug:ro`. With Docker before 20.10.10 set
#     `privileged: true`.
#   source: DOC-05
#   since: "0.1.0"
#   zh:
#     title: Compose 服务为容器提供 Agent 所需的运行条件
#     description: >-
#       文档中的服务具备 7 项内核权限，并使用主机的网络、进程和 debugfs。20.10.10 之前的
#       Docker 在默认的 seccomp 配置下，会拦截 Agent 镜像所用的系统调用。
#     remediation: >-
#       设置 `network_mode: host` 和 `pid: host`，在 `cap_add` 中添加
#       `SYS_ADMIN`、`SYS_RESOURCE`、`SYS_PTRACE`，以及
#       `NET_ADMIN`、`NET_RAW`、`IPC_LOCK` 和 `SYSLOG`，并添加卷
#       `/sys/kernel/debug:/sys/kernel/debug:ro`。使用 20.10.10
#       之前的 Docker 时，设置 `privileged: true`。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), workload.container_subject, _service(workload)) if {
	some workload in _hosted
	workload.form == "compose"
}

_service(workload) := result.violation(concat("; ", _service_flaws(workload)), "a service as the documentation has it") if {
	count(_service_flaws(workload)) > 0
} else := result.pass("the container is privileged, on the host's network and among its processes") if {
	value.true_at(workload.container, ["securityContext", "privileged"])
} else := result.pass("seccomp is unconfined, which serves Docker of every version") if {
	_without_seccomp(workload)
} else := result.unknown("whether Docker is 20.10.10 or later", "docker version --format '{{.Server.Version}}'") if {
	some node in facts.asked
	_docker(node) == null
} else := result.pass("seven capabilities, the host's network, processes and debugfs, and Docker from 20.10.10 on")

_service_flaws(workload) := array.flatten([
	[capability.missing(workload, name) |
		some name in ["SYS_ADMIN", "SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"]
		not capability.effective(workload, name)
	],
	["network_mode is not host" |
		not value.true_at(workload.pod, ["hostNetwork"])
		not _enters(workload)
	],
	["pid is not host" | not value.true_at(workload.pod, ["hostPID"])],
	[mount.missing(workload, "/sys/kernel/debug") | not mount.of_host(workload, "/sys/kernel/debug")],
	[$"Docker on {node.name} is {node.spec.dockerVersion}, and the container is not privileged" |
		not value.true_at(workload.container, ["securityContext", "privileged"])
		not _without_seccomp(workload)
		some node in facts.asked
		_docker(node) != null
		_docker(node) < [20, 10, 10]
	],
])

# An agent that can enter the host's network by itself is DF-NET-001's to grade.
_enters(workload) if {
	not settings.strict
	value.true_at(workload.pod, ["hostPID"])
	capability.effective(workload, "SYS_ADMIN")
	capability.effective(workload, "SYS_PTRACE")
}

_without_seccomp(workload) if {
	value.string_at(workload.container, ["securityContext", "seccompProfile", "type"]) == "Unconfined"
}

_docker(node) := image.version_of_tag(value.string_at(node.spec, ["dockerVersion"]))

# METADATA
# title: The host runs the agent as root
# description: >-
#   A program whose file carries capabilities captures packets as another user too. debugfs
#   stays closed to it, so nothing of eBPF works.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-008
#   level: recommended
#   reads: [manifests]
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Leave `User=` out of the unit and `user` out of the Compose service. Where another user
#     has to be, give the file `cap_sys_ptrace`, `cap_net_raw`, `cap_net_admin`,
#     `cap_ipc_lock` and `cap_sys_admin` with `setcap`.
#   source: DOC-special
#   since: "0.1.0"
#   zh:
#     title: 主机以 root 用户运行 Agent
#     description: >-
#       如果程序文件带有内核权限，以其他用户运行时也能采集报文，但仍无法访问 debugfs，因此所有 eBPF
#       功能都不可用。
#     remediation: >-
#       不要在单元中设置 `User=`，也不要在 Compose 服务中设置 `user`。如果必须使用其他用
#       户，则通过 `setcap` 为程序文件添加
#       `cap_sys_ptrace`、`cap_net_raw`、`cap_net_admin`，以及
#       `cap_ipc_lock` 和 `cap_sys_admin`。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), workload.container_subject, _user(workload)) if some workload in _hosted

_user(workload) := result.pass("the user is root") if {
	capability.user(workload) == 0
} else := result.pass("the user is the image's, which is root in the official image") if {
	capability.user(workload) == null
} else := result.violation(
	$"the user is {value.plain(capability.user(workload))}, who captures packets at most",
	"the user is root",
)

# METADATA
# title: The agent on the host is not newer than its server
# description: >-
#   A server does not understand agents that are newer than itself. A tag of two numbers, such
#   as v7.1, moves with the latest build of its line.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-009
#   level: required
#   reads: [manifests]
#   impact: [Server connection, Agent upgrade]
#   remediation: >-
#     Upgrade the server first, or install the agent in the server's version.
#   source: DOC-05
#   since: "0.1.0"
#   zh:
#     title: 主机上的 Agent 版本不高于 Server
#     description: >-
#       Server 不兼容版本高于自身的 Agent。由两个数字组成的 Tag（例如 v7.1）会随所在版本系列
#       的最新构建而变化。
#     remediation: >-
#       先升级 Server，或安装与 Server 版本相同的 Agent。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), workload.container_subject, _version(workload)) if some workload in _hosted

_version(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.unknown("the server's version", "kubectl get deployment -n deepflow deepflow-server -o yaml") if {
	deepflow_server.version == null
} else := result.violation(_pair(workload), "an agent that is not newer than the server") if {
	workload.version > _newest(deepflow_server.version)
} else := result.pass(_pair(workload)) if {
	_newest(workload.version) <= _newest(deepflow_server.version)
} else := result.unknown(
	$"which build of its line each is: {_pair(workload)}",
	"kubectl get deployment -n deepflow deepflow-server -o yaml",
)

_pair(workload) := concat("", [
	$"the agent is {agent.shown_version(workload)}, ",
	$"the server {agent.shown_version({"version": deepflow_server.version})}",
])

# A tag of two numbers stands for any build of its line.
_newest(version) := array.concat(version, [999999]) if {
	count(version) < 3
} else := version

# METADATA
# title: The agent of a cluster's node names the cluster
# description: >-
#   Where nobody may create a DaemonSet, agents run as processes of the nodes and one watcher
#   in the cluster reads the API server. Both have to name the cluster by its id.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-010
#   level: required
#   reads: [manifests]
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` in `/etc/deepflow-agent.yaml` to the id of the cluster's
#     domain, and deploy the watcher with the same id.
#   source: DOC-special
#   since: "0.1.0"
#   zh:
#     title: 集群节点上的 Agent 指明所属的集群
#     description: >-
#       没有创建 DaemonSet 的权限时，Agent 以进程方式运行在节点上，并由集群中的一个
#       watcher 读取 apiserver。二者都必须通过 ID 指明所属的集群。
#     remediation: >-
#       将 `/etc/deepflow-agent.yaml` 中的
#       `kubernetes-cluster-id` 设为该集群的 Domain 的 ID，并使用相同的 ID
#       部署 watcher。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), workload.container_subject, _cluster(workload)) if {
	some workload in _hosted
	_of_cluster(workload)
}

# An agent of a host that belongs to no cluster is not asked.
_of_cluster(_) if count(_watchers) > 0

_of_cluster(workload) if count(_cluster_ids(workload)) > 0

_watchers := [candidate | some candidate in agent.workloads; candidate.role == "watcher"]

_cluster_ids(workload) := [given | some given in agent_config.values(workload, "kubernetes-cluster-id"); given != null]

_cluster(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := result.violation("kubernetes-cluster-id is not set, and the cluster has a watcher", _identified) if {
	count(_meant(workload)) == 0
	count(_cluster_ids(workload)) == 0
} else := result.violation($"kubernetes-cluster-id is the placeholder {value.shown(_cluster_ids(workload)[0])}", _identified) if {
	count(_meant(workload)) == 0
} else := result.unknown("whether the cluster has a watcher", "kubectl get deployments -A -l component=deepflow-agent -o yaml") if {
	count(_watchers) == 0
} else := result.pass($"kubernetes-cluster-id is {_meant(workload)[0]}, and the cluster has a watcher")

_identified := "the id of the cluster in kubernetes-cluster-id"

_meant(workload) := [given |
	some given in _cluster_ids(workload)
	is_string(given)
	not placeholders.found(given)
]

# METADATA
# title: The host can limit the agent by cgroup
# description: >-
#   With the controllers cpu and memory the kernel holds the agent to its limits. Without them
#   the agent only looks at its own use from time to time.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   id: DF-LH-011
#   level: recommended
#   reads: [nodes]
#   impact: [Agent configuration]
#   remediation: >-
#     Enable the cgroup controllers `cpu` and `memory`; on some systems the kernel's command
#     line needs `cgroup_enable=memory`.
#   source: SRC
#   since: "0.1.0"
#   zh:
#     title: 主机可以通过 cgroup 限制 Agent
#     description: >-
#       有 cpu 和 memory 控制器时，由内核将 Agent 约束在资源限制之内；没有时，Agent 只会
#       每隔一段时间检查自身的用量。
#     remediation: >-
#       启用 cgroup 控制器 `cpu` 和 `memory`；某些系统需要在内核启动参数中添加
#       `cgroup_enable=memory`。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
results contains result.of(rego.metadata.chain(), facts.subject(node), _controllers_of(node)) if some node in facts.asked

_controllers_of(node) := facts.unknown(node, "cgroup.controllers", "the cgroup controllers", "cat /sys/fs/cgroup/cgroup.controllers") if {
	not is_array(value.at(node.spec, ["cgroup", "controllers"], null))
} else := result.pass("cpu and memory are there") if {
	count(_uncontrolled(node)) == 0
} else := result.violation($"no cgroup controller for {concat(" and ", _uncontrolled(node))}", "the cgroup controllers cpu and memory")

# cgroup v1 mounts cpu together with cpuacct, under names of either order.
_uncontrolled(node) := [wanted |
	some wanted in ["cpu", "memory"]
	there := [1 |
		some name in value.strings_at(node.spec, ["cgroup", "controllers"])
		wanted in split(name, ",")
	]
	count(there) == 0
]
