# METADATA
# title: Resources that the agent watches
# description: What the agent lists and watches at the API server, by API group.
package dfpolicy.tables.rbac_resources

# METADATA
# title: API groups
# description: >-
#   For each resource the group that the agent asks for; the core group is the
#   empty text.
api_groups := {
	"configmaps": "",
	"daemonsets": "apps",
	"deployments": "apps",
	"ingresses": "networking.k8s.io",
	"namespaces": "",
	"nodes": "",
	"pods": "",
	"replicasets": "apps",
	"replicationcontrollers": "",
	"routes": "route.openshift.io",
	"services": "",
	"statefulsets": "apps",
}
