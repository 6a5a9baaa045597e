# METADATA
# title: Storage classes
# description: The storage classes of the cluster, from StorageClass objects and ClusterFacts.
package dfpolicy.lib.storage_class

import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

_class_objects := [resource |
	some resource in settings.resources
	resource.kind == "StorageClass"
]

# METADATA
# title: Names
# description: The names of the known storage classes.
names := {name |
	some name in array.concat(
		[value.string_at(resource, ["metadata", "name"]) | some resource in _class_objects],
		value.strings_at(settings.cluster, "storageClasses"),
	)
}

# `kubectl get storageclass` returns all of them.
_classes_known if count(_class_objects) > 0

_classes_known if is_array(value.at(settings.cluster, "storageClasses", null))

# METADATA
# title: Absent class
# description: True if the cluster certainly has no storage class of this name.
absent(name) if {
	name != ""
	_classes_known
	not names[name]
}

# METADATA
# scope: document
# title: No default class
# description: True if the cluster certainly has no default storage class.
none_by_default if {
	_classes_known
	count(names) == 0
}

none_by_default if {
	count(_class_objects) > 0
	count(defaults) == 0
}

# METADATA
# title: Default classes
# description: The names of the default storage classes, sorted.
defaults := sort({name |
	some resource in _class_objects
	some key in [
		"storageclass.kubernetes.io/is-default-class",
		"storageclass.beta.kubernetes.io/is-default-class",
	]
	value.at(resource, ["metadata", "annotations", key], "") == "true"
	name := value.string_at(resource, ["metadata", "name"])
})
