# METADATA
# title: The server's databases have persistent volumes
# description: >-
#   MySQL and ClickHouse claim volumes of the default storage class or the class in
#   `global.storageClass`. If it does not exist, the claims stay pending. Data in a directory of a
#   node is lost when the pod moves to another node.
# custom:
#   id: DF-SK-001
#   met: each volume claim of MySQL and ClickHouse has an existing storage class
#   level: recommended
#   reads: [manifests, cluster]
#   impact: [Server connection, All features]
#   remediation: >-
#     Mark a StorageClass as default, or set `global.storageClass` to an existing one.
#   modes: [single-k8s]
package dfpolicy.requirements.single_k8s.database_storage

import data.dfpolicy.lib.chart_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.storage_class
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in server.asked

_verdict(workload) := server.missing if {
	server.absent(workload)
} else := chart_changes.storage_class(server.data_places(workload), result.violation(
	message.clauses(_faults(workload)),
	"a volume claim with an existing storage class",
)) if {
	count(_faults(workload)) > 0
} else := result.unknown(
	settings.refused(message.list(_undecided(workload)), "storageclasses"),
	"kubectl get storageclass,pvc -A -o yaml",
) if {
	count(_undecided(workload)) > 0
} else := result.pass(message.list(sort({_provision(place) | some place in server.data_places(workload)}))) if {
	count(server.data_places(workload)) > 0
} else := result.pass("MySQL and ClickHouse are external")

_faults(workload) := [_fault(place, {"part": server.shown(place.part), "path": place.path}) | some place in server.data_places(workload)]

_fault(place, named) := message.of("{part} mounts no volume at {path}", named) if {
	place.source == "nothing"
} else := message.of("{part} stores {path} on {source}, which is lost with the pod", object.union(named, {"source": place.source})) if {
	not place.source in {"persistentVolumeClaim", "hostPath", "nfs", "csi", "iscsi", "cephfs", "rbd", "fc"}
} else := message.of(
	"{part} stores {path} in {host_path} of the host, but the pod can move to another node",
	object.union(named, {"host_path": value.shown(place.host_path)}),
) if {
	place.source == "hostPath"
	not server.pinned(place.part)
} else := message.of("storage class {class} of {part} ({path}) does not exist", object.union(named, {"class": _class(place)})) if {
	storage_class.absent(_class(place))
} else := message.of("{part} claims the default storage class for {path}, but there is none", named) if {
	_uses_default(place)
	storage_class.none_by_default
}

# The storage class of a claim; empty if it has none or is not known.
_class(place) := value.plain(value.at(place.claim, "storageClassName", "")) if {
	place.claim != null
} else := ""

_uses_default(place) if {
	place.claim != null
	value.at(place.claim, "storageClassName", null) == null
}

_undecided(workload) := array.concat(
	[message.of("where the data of {roles} is stored", {"roles": role}) |
		some role in ["mysql", "clickhouse"]
		count(server.parts(workload, role)) == 0
		not server.elsewhere(workload, role)
	],
	sort({question |
		some place in server.data_places(workload)
		question := _question(place)
	}),
)

_question(place) := message.of("the volume claim of {part}", {"part": server.shown(place.part)}) if {
	place.source == "persistentVolumeClaim"
	place.claim == null
} else := message.of("whether storage class {class} exists", {"class": _class(place)}) if {
	_class(place) != ""
	not storage_class.names[_class(place)]
} else := message.text("whether the cluster has a default storage class") if {
	_uses_default(place)
	count(storage_class.defaults) == 0
} else := message.of(
	"whether a volume exists for {part}, whose claim has an empty storage class",
	{"part": server.shown(place.part)},
) if {
	place.claim != null
	value.at(place.claim, "storageClassName", null) == ""
}

_provision(place) := message.of("{part} claims storage class {class}", {"part": server.shown(place.part), "class": _class(place)}) if {
	_class(place) != ""
} else := message.of(
	"{part} claims the default storage class {class}",
	{"part": server.shown(place.part), "class": storage_class.defaults[0]},
) if {
	_uses_default(place)
} else := message.of("{part} stores data on {source}", {"part": server.shown(place.part), "source": place.source})
