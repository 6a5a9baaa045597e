# METADATA
# scope: subpackages
# title: Hosts without Kubernetes
# description: What an agent on a server or a cloud host requires from its installation and from the server.
# related_resources:
#   - description: DeepFlow documentation, traditional servers
#     ref: https://deepflow.io/docs/ce-install/legacy-host/
# custom:
#   group: legacy-host
#   order: 20
#   modes: [legacy-host, cloud-host]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.legacy_host
