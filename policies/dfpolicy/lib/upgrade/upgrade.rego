# METADATA
# title: Upgrade
# description: The versions before and after an upgrade.
package dfpolicy.lib.upgrade

import data.dfpolicy.lib.running
import data.dfpolicy.lib.server

# METADATA
# title: Version of the server
# description: The server's version in the manifests, else that of the running server.
served := server.version(server.workloads) if {
	count(server.workloads) > 0
} else := running.server_version

# METADATA
# title: Server version not known
# description: The unknown verdict when the server's version is missing.
server_unknown := server.version_unknown(server.workloads) if {
	count(server.workloads) > 0
	served == null
} else := running.server_unknown

# METADATA
# title: Release line
# description: The first two numbers of a version.
line(version) := array.slice(version, 0, 2)
