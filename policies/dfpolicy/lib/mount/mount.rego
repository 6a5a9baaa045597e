# METADATA
# title: Host paths in the agent's container
# description: >-
#   Whether the container sees a path of the host at the same path, where the agent opens it. A
#   volume counts by its source, not by its name.
package dfpolicy.lib.mount

import data.dfpolicy.lib.message
import data.dfpolicy.lib.value

# METADATA
# title: Mount of a host path
# description: >-
#   The container's mount that shows the host's path at the same path, with `host_path`;
#   undefined when there is none. A deeper mount hides the mounts above it.
of_host(agent, path) := object.union(nearest, {"host_path": host_path}) if {
	nearest := over(agent, path)
	value.string_at(nearest, "subPath") == ""
	value.string_at(nearest, "subPathExpr") == ""
	host_path := _clean(value.string_at(volume(agent, nearest), ["hostPath", "path"]))
	host_path == _clean(nearest.mountPath)
}

# METADATA
# title: Mount over a path
# description: The deepest mount of the container at or above the path; undefined when there is none.
over(agent, path) := nearest[count(nearest) - 1][1] if {
	cleaned := _clean(path)
	nearest := sort([[count(place), mounted] |
		some mounted in value.objects_at(agent.container, "volumeMounts")
		place := _clean(value.string_at(mounted, "mountPath"))
		_covers(place, cleaned)
	])
}

# METADATA
# title: Mount that hides tracefs
# description: >-
#   The path of the container's first mount at or below `/sys/kernel/debug/tracing` that does not show
#   the host's tracefs; undefined when there is none.
over_tracefs(agent) := hiding[0] if {
	hiding := [mounted.mountPath |
		some mounted in value.objects_at(agent.container, "volumeMounts")
		path := _clean(value.string_at(mounted, "mountPath"))
		_covers(_tracefs, path)
		not _shows_tracefs(agent, mounted, path)
	]
	count(hiding) > 0
}

_tracefs := "/sys/kernel/debug/tracing"

# The host has the same file system in two places.
_shows_tracefs(agent, mounted, path) if {
	value.string_at(mounted, "subPath") == ""
	value.string_at(mounted, "subPathExpr") == ""
	host_path := _clean(value.string_at(volume(agent, mounted), ["hostPath", "path"]))
	host_path in {path, replace(path, _tracefs, "/sys/kernel/tracing")}
}

# METADATA
# title: Why a host path is missing
# description: What is at the path instead of the host's, as a message.
why_missing(agent, path) := message.of("{path} is not mounted", {"path": path}) if {
	not over(agent, path)
	not _elsewhere(agent, path)
} else := message.of("the host's {path} is mounted at {place}", {"path": path, "place": place}) if {
	place := _elsewhere(agent, path)
} else := message.of("{path} is mounted with a subPath", {"path": mounted.mountPath}) if {
	mounted := over(agent, path)
	value.at(mounted, "subPath", value.at(mounted, "subPathExpr", "")) != ""
} else := message.of("{path} is the host's {host_path}", {"path": mounted.mountPath, "host_path": host_path}) if {
	mounted := over(agent, path)
	host_path := value.string_at(volume(agent, mounted), ["hostPath", "path"])
	host_path != ""
} else := message.of("the hostPath volume at {path} has no path", {"path": mounted.mountPath}) if {
	mounted := over(agent, path)
	_source(volume(agent, mounted)) == "hostPath"
} else := message.of("the volume at {path} is of type {source}, not hostPath", {"path": mounted.mountPath, "source": source}) if {
	mounted := over(agent, path)
	source := _source(volume(agent, mounted))
} else := message.of("the pod has no volume for the mount at {path}", {"path": over(agent, path).mountPath})

# METADATA
# title: Writable volume over a path
# description: True when the path is on a mount that the container may write to.
writable(agent, path) if {
	mounted := over(agent, path)
	not value.true_at(mounted, "readOnly")
	some source in ["emptyDir", "hostPath", "persistentVolumeClaim", "ephemeral", "csi", "nfs", "volume"]
	volume(agent, mounted)[source]
}

_elsewhere(agent, path) := places[0] if {
	places := [place |
		some mounted in value.objects_at(agent.container, "volumeMounts")
		host_path := _clean(value.string_at(volume(agent, mounted), ["hostPath", "path"]))
		host_path == _clean(path)
		place := value.string_at(mounted, "mountPath")
		_clean(place) != host_path
	]
}

# METADATA
# title: Path without detours
# description: The path without empty parts, parts `.` and a slash at its end, as the kernel reads it.
clean(path) := path if {
	# Almost every path, without a copy of it.
	startswith(path, "/")
	not contains(path, "//")
	not contains(path, "/.")
	not endswith(path, "/")
} else := concat("", ["/", concat("/", [part | some part in split(path, "/"); not part in {"", "."}])]) if {
	startswith(path, "/")
} else := trim_right(path, "/")

# METADATA
# title: Volume behind a mount
# description: The pod's volume that the mount names; empty when the pod has no volume of that name.
volume(agent, mounted) := volumes[0] if {
	volumes := [volume |
		some volume in value.objects_at(agent.pod, "volumes")
		value.at(volume, "name", "") == value.at(mounted, "name", null)
	]
	count(volumes) > 0
} else := {}

_source(volume) := sort([source | some source in object.keys(volume); source != "name"])[0]

# On every distribution that runs Kubernetes, /var/run is a link to /run. A mount of /var
# therefore does not include the host's /var/run; a mount of /run does.
_clean(path) := _short(clean(path))

_short(path) := trim_prefix(path, "/var") if {
	startswith(path, "/var/run")
	_covers("/var/run", path)
} else := path

_covers(mount_path, path) if mount_path == path

_covers(mount_path, path) if {
	mount_path != ""
	startswith(path, mount_path)
	startswith(path, concat("", [trim_right(mount_path, "/"), "/"]))
}
