# METADATA
# title: Kernel releases
# description: Reads the output of `uname -r`. Components compare as numbers, not as strings.
package dfpolicy.lib.kernel_release

import data.dfpolicy.lib.value

# METADATA
# title: Version of a release
# description: >-
#   [major, minor] or [major, minor, patch] of a release such as
#   `5.15.0-91-generic` or `6.8`; null for an invalid release.
version(release) := value.components(match[0][1]) if {
	is_string(release)
	match := regex.find_all_string_submatch_n(`(?s)^([0-9]{1,4}\.[0-9]{1,6}(?:\.[0-9]{1,6})?)(?:[^0-9].*)?$`, release, 1)
	count(match) > 0
} else := null

# METADATA
# scope: document
# title: Emulated kernel
# description: >-
#   True for the releases that gVisor and the first version of the Windows Subsystem for Linux
#   report. They are programs that answer system calls, not kernels.
emulated(release) if regex.match(`^4\.4\.0$|gvisor|^4\.4\.0-[0-9]+-Microsoft$`, release)

# METADATA
# title: Build of a release
# description: >-
#   The numbers directly after the first dash: [1160, 119, 1] of `3.10.0-1160.119.1.el7.x86_64`;
#   empty if there are none.
build(release) := value.components(match[0][1]) if {
	is_string(release)
	match := regex.find_all_string_submatch_n(`(?s)^[^-]*-([0-9]{1,9}(?:\.[0-9]{1,9})*)(?:[^0-9A-Za-z].*)?$`, release, 1)
	count(match) > 0
} else := []
