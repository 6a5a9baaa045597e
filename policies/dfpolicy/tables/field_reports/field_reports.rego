# METADATA
# title: Field reports
# description: >-
#   What users and developers of DeepFlow report about kernels that the kernel matrix supports.
package dfpolicy.tables.field_reports

# METADATA
# title: Kernels without offsets
# description: >-
#   Reports that the agent found the offsets of kernel structures neither in BTF nor by guessing:
#   the exact kernel release, the report, and the first agent releases that work
#   (`lib/agent_release`; none if nobody reports it). A kernel can have several reports.
unadapted := [
	{"release": "4.14.105-1-tlinux3-0023.1", "report": "deepflow#6331", "fixed": [[6, 4], [6, 5, 6]]},
	{"release": "4.18.0-372.9.1.15.po1.x86_64", "report": "deepflow#3093", "fixed": [[6, 3, 2]]},
	{"release": "4.18.0-372.19.1.30.po1.x86_64", "report": "deepflow#3421", "fixed": [[6, 5], [6, 6, 3]]},
	{"release": "4.18.0-372.19.1.30.po1.x86_64", "report": "deepflow#7988", "fixed": [[6, 5], [6, 6, 3]]},
	{"release": "4.19.90-2107.6.0.0192.8.oe1.bclinux.x86_64", "report": "deepflow#5127", "fixed": [[6, 4, 9]]},
	{"release": "4.19.91-013.ali4000.alios7.x86_64", "report": "deepflow#10593", "fixed": []},
	{"release": "4.19.113-300.el7.x86_64", "report": "deepflow#3674", "fixed": [[6, 3, 9]]},
	{"release": "4.19.117.business.1-amd64", "report": "deepflow#5012", "fixed": [[6, 4, 9]]},
]

# METADATA
# title: Agents that do not load
# description: >-
#   Agents whose programs the verifier of a kernel refuses: the pattern of the kernel release, the
#   agent versions that fail (at least `from`, less than `before`), the first releases that work
#   (`lib/agent_release`; none if nobody reports it), and DeepFlow's change.
unloaded := [
	{"kernel": `^4\.14\.`, "from": [7, 0, 9], "before": [7, 1], "fixed": [[7, 1, 0]], "source": _pull(9905)},
	{"kernel": `^4\.14\.`, "from": [7, 1], "before": [7, 2], "fixed": [[7, 1, 3]], "source": _pull(10561)},
	{"kernel": `^4\.14\.`, "from": [7, 1], "before": [7, 2], "fixed": [[7, 1, 8]], "source": _pull(11366)},
	{"kernel": `^5\.14\..*\.el9`, "from": [0], "before": [7, 2], "fixed": [[6, 6], [7, 0], [7, 1, 4]], "source": _pull(10650)},
	{"kernel": `^6\.8(\.|-|$)`, "from": [7, 1], "before": [7, 2], "fixed": [[7, 1, 2]], "source": _pull(10461)},
	{"kernel": `^6\.18(\.|-|$)`, "from": [7, 1], "before": [7, 2], "fixed": [], "source": "a user's report"},
]

_pull(number) := $"https://github.com/deepflowio/deepflow/pull/{number}"
