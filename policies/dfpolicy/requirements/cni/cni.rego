# METADATA
# scope: subpackages
# title: CNI
# description: What the cluster's network plug-in asks for, so that traffic finds its labels.
# related_resources:
#   - description: DeepFlow documentation, special environments
#     ref: https://deepflow.io/docs/ce-install/special-environment-deployment/
# custom:
#   group: cni
#   order: 6
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   reads: [manifests, nodes, cluster]
#   source: DOC-special
#   since: "0.1.0"
#   zh:
#     title: CNI
#     description: 集群的 CNI 要满足哪些条件，流量才能关联到标签。
#     related_resources:
#       - DeepFlow 文档：特殊环境 Agent 部署
package dfpolicy.requirements.cni
