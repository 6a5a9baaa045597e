# METADATA
# title: Resources that the agent watches
# description: The resources that the agent lists and watches, with their API groups.
package dfpolicy.tables.rbac_resources

# METADATA
# title: API groups
# description: >-
#   The API group in which the agent requests each resource. The core group is the empty string.
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
