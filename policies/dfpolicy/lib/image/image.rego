# METADATA
# title: Image references
# description: Parses registry/repository:tag@digest, where any part can be missing.
package dfpolicy.lib.image

import data.dfpolicy.lib.value

# METADATA
# title: Name of the repository
# description: The last path segment, without tag and digest.
repository_name(reference) := split(_last_segment(reference), ":")[0]

# METADATA
# scope: document
# title: Image of a component
# description: >-
#   True if the name of the repository is that of the component (deepflow-agent, deepflow-server), or
#   contains it as words, as in `deepflow-agent-arm64` and `deepflow-ce_deepflow-agent`.
of_component(reference, component) if {
	contains(reference, component)
	regex.match(concat("", [`(^|[-_.])`, component, `([-_.]|$)`]), repository_name(reference))
}

# METADATA
# title: Tag of an image
# description: The tag, empty when the reference has none, and `@` when it has a digest, which overrides the tag.
tag(reference) := parts[1] if {
	not contains(reference, "@")
	parts := split(_last_segment(reference), ":")
} else := "@" if {
	contains(reference, "@")
} else := ""

# METADATA
# title: Version of an image
# description: >-
#   The version as numbers, [7, 1] for `v7.1`. Null when the reference does not show it: no tag, a
#   moving tag such as `latest`, or a digest, which the runtime pulls even when there is a tag.
version(reference) := version_of_tag(split(_last_segment(reference), ":")[1]) if {
	not contains(reference, "@")
	contains(_last_segment(reference), ":")
} else := null

# METADATA
# title: Version of a tag
# description: The leading dotted numbers of a tag such as v6.3.5. Null when there are none, and for a date.
version_of_tag(tag) := value.components(match[0][1]) if {
	match := regex.find_all_string_submatch_n(`^[vV]?([0-9]{1,2}(?:\.[0-9]{1,6})+)(?:$|[-+._])`, tag, 1)
	count(match) > 0
} else := null

# METADATA
# title: Text of a version
# description: The version as a string, for example 7.1. Null for an unknown version.
version_text(version) := concat(".", [format_int(part, 10) | some part in version]) if {
	version != null
} else := null

# METADATA
# title: Version up to another
# description: >-
#   True when both are known and the first is not later than the other. A tag without a patch
#   number, such as v7.1, means the newest release of its line.
up_to(version, other) if {
	version != null
	other != null
	_newest(version) <= _newest(other)
}

_newest(version) := array.concat(version, [1000000]) if {
	count(version) == 2
} else := version

_last_segment(reference) := segments[count(segments) - 1] if {
	segments := split(_without_digest(reference), "/")
}

_without_digest(reference) := reference if {
	not contains(reference, "@")
} else := split(reference, "@")[0]
