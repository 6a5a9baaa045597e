# METADATA
# scope: subpackages
# title: Serverless pods
# description: >-
#   Requirements for agents that run as sidecars in serverless pods, with a separate workload that
#   watches the API server.
# related_resources:
#   - description: DeepFlow documentation, serverless pods
#     ref: https://deepflow.io/docs/ce-install/serverless-pod/
# custom:
#   group: serverless-pod
#   order: 14
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
#   reads: [manifests]
#   since: "0.1.0"
package dfpolicy.requirements.serverless_pod
