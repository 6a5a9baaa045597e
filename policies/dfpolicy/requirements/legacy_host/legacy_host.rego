# METADATA
# scope: subpackages
# title: Hosts without Kubernetes
# description: What an agent on a server or a cloud host needs of its installation and of the server.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   group: legacy-host
#   order: 20
#   modes: [legacy-host, cloud-host]
#   reads: [manifests]
#   source: DOC-05
#   since: "0.1.0"
#   zh:
#     title: 非 K8s 环境的主机
#     description: 传统服务器或云服务器上的 Agent 对自身安装和 Server 的要求。
#     related_resources:
#       - DeepFlow 文档：监控传统服务器
package dfpolicy.requirements.legacy_host
