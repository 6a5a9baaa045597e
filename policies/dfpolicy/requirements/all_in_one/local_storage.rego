# METADATA
# title: The server keeps its data on the machine's own disk
# description: >-
#   The all-in-one installation has no storage class to rely on: MySQL and ClickHouse write to
#   directories below `/opt` of the one node. A claim stays pending where nothing provides for it,
#   and the server does not start.
# custom:
#   id: DF-AIO-002
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `global.allInOneLocalStorage: true` in the values of the server's chart.
package dfpolicy.requirements.all_in_one.local_storage

import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := result.violation(result.abridged(_remote(workload)), _expected_storage) if {
	count(_remote(workload)) > 0
} else := result.at("recommended", result.violation(result.abridged(_astray(workload)), _expected_storage)) if {
	count(_astray(workload)) > 0
} else := result.unknown(
	$"where {concat(" and ", _unplaced(workload))} keep their data",
	$"kubectl get deployment,statefulset -n {workload.subject.namespace} -o yaml",
) if {
	count(_unplaced(workload)) > 0
} else := result.pass($"data lies at {concat(", ", sort({place.host_path | some place in server.data_places(workload)}))}") if {
	count(server.data_places(workload)) > 0
} else := result.pass("mysql and clickhouse are external")

_expected_storage := "a hostPath below /opt for the data of mysql and clickhouse"

_remote(workload) := [$"{place.path} of {server.shown(place.part)} is backed by {place.source}" |
	some place in server.data_places(workload)
	place.source != "hostPath"
]

_astray(workload) := [$"{place.path} of {server.shown(place.part)} is the host's {value.shown(place.host_path)}" |
	some place in server.data_places(workload)
	not regex.match(`^/opt/[^/.]`, place.host_path)
]

_unplaced(workload) := [role |
	some role in ["mysql", "clickhouse"]
	count(server.parts(workload, role)) == 0
	not server.external(workload, role)
]
