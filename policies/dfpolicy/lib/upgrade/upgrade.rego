# METADATA
# title: Upgrade
# description: The versions before and after an upgrade.
package dfpolicy.lib.upgrade

import data.dfpolicy.lib.change
import data.dfpolicy.lib.image
import data.dfpolicy.lib.result
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

# METADATA
# title: Installed deepflow-ctl
# description: The violation with the documented command that installs the deepflow-ctl of the server's release line.
ctl_installed(verdict) := result.fixed_by(
	change.server("deepflow-ctl", concat("", [
		"curl -fo /usr/bin/deepflow-ctl https://deepflow-ce.oss-cn-beijing.aliyuncs.com/bin/ctl/v",
		image.version_text(line(served)),
		"/linux/$(uname -m | sed 's|x86_64|amd64|; s|aarch64|arm64|')/deepflow-ctl && chmod a+x /usr/bin/deepflow-ctl",
	])),
	verdict,
)
