# METADATA
# title: The host runs the agent as root
# description: >-
#   A program whose file carries capabilities captures packets as another user too. debugfs stays
#   closed to it, so nothing of eBPF works.
# custom:
#   id: DF-LH-008
#   level: recommended
#   impact: [AutoTracing, AutoProfiling]
#   remediation: >-
#     Leave `User=` out of the unit and `user` out of the Compose service. Where another user has
#     to be, give the file `cap_sys_ptrace`, `cap_net_raw`, `cap_net_admin`, `cap_ipc_lock` and
#     `cap_sys_admin` with `setcap`.
#   source: DOC-special
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
package dfpolicy.requirements.legacy_host.root_user

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capability
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.hosted

_verdict(workload) := result.pass("the user is root") if {
	capability.user(workload) == 0
} else := result.pass("the user is the image's, which is root in the official image") if {
	capability.user(workload) == null
} else := result.violation(
	$"the user is {value.plain(capability.user(workload))}, who captures packets at most",
	"the user is root",
)
