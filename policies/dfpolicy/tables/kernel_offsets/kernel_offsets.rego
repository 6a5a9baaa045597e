# METADATA
# title: Kernels with known structure offsets
# description: >-
#   Kernels that the agent was adapted to, because it does not find the offsets of their structures
#   without BTF. Each row has the pattern of the kernel release, the first releases of the agent
#   with the offsets (`lib/agent_release`), and where DeepFlow states it. The first row that
#   matches counts.
package dfpolicy.tables.kernel_offsets

import data.dfpolicy.lib.agent_release

# METADATA
# title: First releases
# description: The first agent releases with the offsets of this kernel; undefined for other kernels.
since(release) := [row.since | some row in rows; regex.match(row.release, release)][0]

# METADATA
# title: Rows
# description: Entries {release, since, source}.
rows := [
	# The stock kernels of el7, and Kylin on ARM as DeepFlow's page lists it.
	{"release": `^3\.10\.0-[0-9.]+\.el7(\.centos)?\.x86_64$`, "since": [[6, 4], [6, 5, 1]], "source": _socket},
	{"release": `^4\.19\.90-25\.24\.[^ ]*ky10\.aarch64$`, "since": [[6, 4], [6, 5], [6, 6, 9]], "source": _task},
	{"release": `^4\.19\.90-(23\.48|25\.(2[5-9]|[3-9][0-9]|[1-9][0-9]{2}))\.[^ ]*ky10\.aarch64$`, "since": agent_release.every_release, "source": _page},
	{
		"release": `^4\.19\.90-(52\.(2[4-9]|[3-9][0-9]|[1-9][0-9]{2})|(5[3-9]|[6-9][0-9])\.[0-9]+)\.[^ ]*ky10\.aarch64$`,
		"since": agent_release.every_release,
		"source": _page,
	},
	# Kylin on x86.
	{"release": `^4\.19\.90-23\.15\.v2101\.ky10\.x86_64$`, "since": [[6, 2, 2]], "source": _socket},
	{"release": `^4\.19\.90-23\.54\.v2101\.ky10\.x86_64$`, "since": [[6, 6], [7, 0], [7, 1, 6]], "source": _socket},
	# Alibaba Cloud Linux 2.
	{"release": `^4\.19\.91-26\.6\.al7\.x86_64$`, "since": [[6, 2, 6]], "source": _task},
	{"release": `^4\.19\.91-(21|23|24\.1|25\.6|26|26\.1|27\.1)\.al7\.x86_64$`, "since": [[6, 3], [6, 4, 2]], "source": _task},
	# TencentOS.
	{"release": `^4\.14\.105-1-tlinux3-0023\.1$`, "since": [[6, 4], [6, 5, 6]], "source": _pull(6335)},
	{"release": `^4\.14\.105-19-0019`, "since": [[6, 5], [6, 6, 9]], "source": _pull(9014)},
	{"release": `^5\.4\.119-19-0008`, "since": [[6, 6, 9]], "source": _task},
	# EulerOS, BC-Linux, UnionTech, openEuler and others.
	{"release": `^4\.18\.0-147\..*eulerosv`, "since": [[6, 1, 5]], "source": _socket},
	{"release": `^4\.18\.0-372\.9\.1\.15\.po1\.x86_64$`, "since": [[6, 3, 2]], "source": _pull(3108)},
	{"release": `^4\.18\.0-372\.19\.1\.30\.po1\.x86_64$`, "since": [[6, 5], [6, 6, 3]], "source": _issue(7988)},
	{"release": `^4\.19\.90-2107\.6\.0\.0100\..*bclinux`, "since": [[6, 3, 2]], "source": _socket},
	{"release": `^4\.19\.90-2107\.6\.0\.0192\.8\..*bclinux`, "since": [[6, 4, 9]], "source": _pull(5237)},
	{"release": `^4\.19\.0-91\.(77\.112|82\.65|82\.132)\.uelc20\.x86_64$`, "since": [[6, 4], [6, 5, 2]], "source": _socket},
	{"release": `^4\.19\.90-2211\.5\.0\.0178\.22\.uel20\.x86_64$`, "since": [[6, 4], [6, 5], [6, 6, 9]], "source": _user},
	{"release": `^4\.19\.113-300\.el7\.x86_64$`, "since": [[6, 3, 9]], "source": _issue(3674)},
	{"release": `^4\.19\.117\.business\.1-amd64$`, "since": [[6, 4, 9]], "source": _issue(5012)},
	{"release": `^5\.4\.17-.*uek`, "since": [[6, 3, 0]], "source": _pull(2908)},
	{"release": `^5\.10\.0-60\.18\.0\.50\.h322_1\.hce2\.aarch64$`, "since": [[6, 2, 6]], "source": _pull(2736)},
	{"release": `^5\.10\.0-106\.18\.0\.68\.oe2209\.x86_64$`, "since": [[6, 3, 3]], "source": _task},
	# Debian and Ubuntu.
	{"release": `^4\.19\.0-25-amd64$`, "since": [[6, 3], [6, 4, 1]], "source": _task},
	{"release": `^4\.15\.0-[0-9]+-generic$`, "since": [[6, 5], [6, 6], [7, 0], [7, 1, 6]], "source": _pull(11002)},
]

_agent := "https://github.com/deepflowio/deepflow/blob/main/agent/src/ebpf"

_socket := $"{_agent}/kernel/socket_trace.bpf.c"

_task := $"{_agent}/kernel/include/task_struct_utils.h"

_user := $"{_agent}/user/socket.c"

_page := "https://deepflow.io/docs/ce-install/overview/"

_pull(number) := $"https://github.com/deepflowio/deepflow/pull/{number}"

_issue(number) := $"https://github.com/deepflowio/deepflow/issues/{number}"
