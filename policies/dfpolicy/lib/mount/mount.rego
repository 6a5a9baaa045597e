# METADATA
# title: Host paths in the agent's container
# description: >-
#   Whether the container sees a path of the host at that same path, which is
#   where the agent opens it. A volume counts by what backs it, not by its name.
package dfpolicy.lib.mount

import data.dfpolicy.lib.value

# METADATA
# title: Mount of a host path
# description: >-
#   The container's mount through which the host's path shows at the same path,
#   with `host_path`; undefined when there is none. A mount further down hides
#   one further up.
of_host(agent, path) := object.union(nearest, {"host_path": host_path}) if {
	nearest := over(agent, path)
	value.string_at(nearest, ["subPath"]) == ""
	value.string_at(nearest, ["subPathExpr"]) == ""
	host_path := _clean(value.string_at(volume(agent, nearest), ["hostPath", "path"]))
	host_path == _clean(nearest.mountPath)
}

# METADATA
# title: Mount over a path
# description: The deepest mount of the container at or above the path; undefined when there is none.
over(agent, path) := nearest[count(nearest) - 1][1] if {
	nearest := sort([[count(_clean(mounted.mountPath)), mounted] |
		some mounted in value.objects_at(agent.container, ["volumeMounts"])
		_covers(_clean(value.string_at(mounted, ["mountPath"])), _clean(path))
	])
}

# METADATA
# title: Why a host path is missing
# description: What stands at the path instead of the host's.
missing(agent, path) := $"no mount of {path}" if {
	not over(agent, path)
	not _elsewhere(agent, path)
} else := $"the host's {path} is mounted at {place}" if {
	place := _elsewhere(agent, path)
} else := $"{mounted.mountPath} is mounted with a subPath" if {
	mounted := over(agent, path)
	value.at(mounted, ["subPath"], value.at(mounted, ["subPathExpr"], "")) != ""
} else := $"{mounted.mountPath} is the host's {host_path}" if {
	mounted := over(agent, path)
	host_path := value.string_at(volume(agent, mounted), ["hostPath", "path"])
	host_path != ""
} else := $"{over(agent, path).mountPath} is backed by {_backing(volume(agent, over(agent, path)))}, not by the host"

# METADATA
# title: Writable volume over a path
# description: Holds when the path lies on a mount that the container may write to.
writable(agent, path) if {
	mounted := over(agent, path)
	not value.true_at(mounted, ["readOnly"])
	some source in ["emptyDir", "hostPath", "persistentVolumeClaim", "ephemeral", "csi", "nfs", "volume"]
	volume(agent, mounted)[source]
}

_elsewhere(agent, path) := places[0] if {
	places := [place |
		some mounted in value.objects_at(agent.container, ["volumeMounts"])
		host_path := _clean(value.string_at(volume(agent, mounted), ["hostPath", "path"]))
		host_path == _clean(path)
		place := value.string_at(mounted, ["mountPath"])
		_clean(place) != host_path
	]
}

# METADATA
# title: Volume behind a mount
# description: The pod's volume that the mount names, empty when the pod has none of that name.
volume(agent, mounted) := volumes[0] if {
	volumes := [volume |
		some volume in value.objects_at(agent.pod, ["volumes"])
		value.at(volume, ["name"], "") == value.at(mounted, ["name"], null)
	]
	count(volumes) > 0
} else := {}

_backing(volume) := sources[0] if {
	sources := sort([source | some source in object.keys(volume); source != "name"])
} else := "no volume of the pod"

# On every distribution that runs Kubernetes /var/run is a link to /run.
# So a mount of /var does not bring the host's /var/run along, one of /run does.
_clean(path) := trim_prefix(trimmed, "/var") if {
	trimmed := _trimmed(path)
	_covers("/var/run", trimmed)
} else := _trimmed(path)

_trimmed(path) := "/" if {
	path != ""
	trim_right(path, "/") == ""
} else := trim_right(path, "/")

_covers(mount_path, path) if mount_path == path

_covers(mount_path, path) if {
	mount_path != ""
	startswith(path, concat("", [trim_right(mount_path, "/"), "/"]))
}
