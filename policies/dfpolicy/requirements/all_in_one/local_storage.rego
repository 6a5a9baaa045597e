# METADATA
# title: The server keeps its data on the machine's own disk
# description: >-
#   An all-in-one deployment has no storage class. MySQL and ClickHouse write to directories below
#   `/opt` on the only node. If they claim volumes instead, the claims stay pending and the server
#   does not start.
# custom:
#   id: DF-AIO-002
#   met: MySQL and ClickHouse keep their data in a hostPath below `/opt`, or are external
#   related: [DF-SK-001]
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `global.allInOneLocalStorage: true` in the values of the server's chart.
package dfpolicy.requirements.all_in_one.local_storage

import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := _misplaced(_remote(workload)) if {
	count(_remote(workload)) > 0
} else := result.at("recommended", _misplaced(_astray(workload))) if {
	count(_astray(workload)) > 0
} else := server.unplaced(workload) if {
	server.unplaced(workload)
} else := result.pass(message.of("the data is in {paths}", {"paths": message.list(_host_paths(workload))})) if {
	count(server.data_places(workload)) > 0
} else := result.pass("MySQL and ClickHouse are external")

_misplaced(faults) := chart_changes.values(
	"deepflow",
	"local-storage",
	[{"path": ["global", "allInOneLocalStorage"], "value": true}],
	result.violation(message.clauses(faults), "a hostPath below /opt for the data of MySQL and ClickHouse"),
)

_host_paths(workload) := sort({place.host_path | some place in server.data_places(workload)})

_remote(workload) := [_stored(place) |
	some place in server.data_places(workload)
	place.source != "hostPath"
]

_stored(place) := message.of("{part} mounts no volume at {path}", {"part": server.shown(place.part), "path": place.path}) if {
	place.source == "nothing"
} else := message.of(
	"{part} stores {path} on {source}",
	{"part": server.shown(place.part), "path": place.path, "source": place.source},
)

_astray(workload) := [message.of(
	"{part} stores {path} in {host_path} of the host",
	{"part": server.shown(place.part), "path": place.path, "host_path": value.shown(place.host_path)},
) |
	some place in server.data_places(workload)
	not regex.match(`^/opt/[^/.]`, place.host_path)
]
