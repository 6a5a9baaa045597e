# METADATA
# title: The agent can get, list and watch routes
# description: >-
#   On OpenShift, routes are what ingresses are elsewhere. In another cluster nothing is lost
#   without them.
# custom:
#   id: DF-RBAC-012
#   covers: [rbac-routes]
#   reads: [manifests, cluster]
#   remediation: >-
#     Add `routes` of the API group `route.openshift.io` with the verbs `get`, `list` and `watch`
#     in a rule without `resourceNames` to the ClusterRole that the agent's service account is
#     bound to. On OpenShift also enable `routes` in place of `ingresses` under `api_resources` of
#     the agent group's configuration.
#   zh:
#     title: Agent 具备 routes 的 get/list/watch 权限
#     description: >-
#       在 OpenShift 中，Route 的作用相当于其他集群中的 Ingress。在其他集群中，
#       没有该权限不会丢失任何信息。
#     remediation: >-
#       在 Agent 的服务账号所绑定的 ClusterRole 中，通过不含 `resourceNames`
#       的规则，授予 API 组 `route.openshift.io` 中 `routes` 的
#       `get`、`list` 和 `watch` 权限。使用 OpenShift 时，还要在采集器组配置的
#       `api_resources` 下启用 `routes`，以代替 `ingresses`。
package dfpolicy.requirements.rbac.routes

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := result.at("recommended", access.verdict(workload, "routes")) if {
	access.verdict(workload, "routes").outcome == "violation"
	not settings.strict
	not _openshift
} else := access.verdict(workload, "routes")

_openshift if value.at(settings.cluster, ["distribution"], "") == "openshift"

_openshift if {
	some name in value.strings_at(settings.cluster, ["apiGroups"])
	split(name, "/")[0] == "route.openshift.io"
}
