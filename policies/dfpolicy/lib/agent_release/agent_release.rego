# METADATA
# title: Releases of the agent
# description: >-
#   Which releases of the agent have a change. DeepFlow maintains several branches, so a change has
#   a first release in each: [6, 5, 6] is v6.5.6, the later builds of v6.5, and the tag v6.5, which
#   moves with its branch. [6, 5] is that moving tag alone. Later branches have the change too.
package dfpolicy.lib.agent_release

# METADATA
# scope: document
# title: Release has a change
# description: True when the version, a list of numbers, has the change of these first releases.
carries(version, since) if {
	some first in since
	_branch(version) == _branch(first)
	_reached(version, first)
}

carries(version, since) if _branch(version) > _branch(max(since))

_branch(version) := array.slice(version, 0, 2)

_reached(version, _) if count(version) == 2

_reached(version, first) if {
	count(first) > 2
	version >= first
}

# METADATA
# title: Every release
# description: The first releases of what every known release of the agent has.
every_release := [[0, 0, 0]]

# METADATA
# title: First release
# description: The first numbered release with the change, for example v6.5.6.
first(since) := $"v{concat(".", [format_int(part, 10) | some part in numbered[0]])}" if {
	numbered := [release | some release in since; count(release) > 2]
}
