# METADATA
# title: Image references
# description: Reads registry/repository:tag@digest, with any of these left out.
package dfpolicy.lib.image

import data.dfpolicy.lib.value

# METADATA
# title: Name of the repository
# description: The last path segment, without tag and digest.
repository_name(reference) := split(_last_segment(reference), ":")[0]

# METADATA
# title: Tag of an image
# description: The tag; empty where the reference has none, or a digest, which counts in its place.
tag(reference) := parts[1] if {
	not contains(reference, "@")
	parts := split(_last_segment(reference), ":")
} else := "@" if {
	contains(reference, "@")
} else := ""

# METADATA
# title: Version of an image
# description: >-
#   The version as numbers, [7, 1] for `v7.1`. Null where the reference cannot
#   tell: no tag, a moving tag such as `latest`, or a digest, which is what the
#   runtime pulls even when a tag stands beside it.
version(reference) := version_of_tag(split(_last_segment(reference), ":")[1]) if {
	not contains(reference, "@")
	contains(_last_segment(reference), ":")
} else := null

# METADATA
# title: Version of a tag
# description: The leading dotted numbers of a tag such as v6.3.5; null when there are none, or a date.
version_of_tag(tag) := value.components(match[0][1]) if {
	match := regex.find_all_string_submatch_n(`^[vV]?([0-9]{1,2}(?:\.[0-9]{1,6})+)(?:$|[-+._])`, tag, 1)
	count(match) > 0
} else := null

# METADATA
# title: Text of a version
# description: The version as it is written, such as 7.1; null for an unknown one.
version_text(version) := concat(".", [format_int(part, 10) | some part in version]) if {
	version != null
} else := null

# METADATA
# title: Version up to another
# description: >-
#   Holds when both are known and the one is not after the other. A tag without a patch, such
#   as v7.1, moves with its line and stands for the newest of it.
up_to(version, other) if {
	version != null
	other != null
	_newest(version) <= _newest(other)
}

_newest(version) := array.concat(version, [1000000]) if {
	count(version) == 2
} else := version

_last_segment(reference) := segments[count(segments) - 1] if {
	segments := split(split(reference, "@")[0], "/")
}
