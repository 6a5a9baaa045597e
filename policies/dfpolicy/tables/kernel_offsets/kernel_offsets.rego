# METADATA
# title: Kernels with known structure offsets
# description: >-
#   Kernels before 5.2 without BTF that the agent supports nevertheless: the stock kernels of el7,
#   and the builds of Kylin in DeepFlow's documentation.
package dfpolicy.tables.kernel_offsets

# METADATA
# title: Offsets are known
# description: Holds for a release (as `uname -r` prints it) of one of these kernels.
known(release) if {
	some pattern in _patterns
	regex.match(pattern, release)
}

_patterns := [
	`^3\.10\.0-[0-9.]+\.el7(\.centos)?\.x86_64$`,
	`^4\.19\.90-(23\.48|25\.(2[4-9]|[3-9][0-9]|[1-9][0-9]{2})|52\.(2[4-9]|[3-9][0-9]|[1-9][0-9]{2})|(5[3-9]|[6-9][0-9])\.[0-9]+)\.[^ ]*ky10\.aarch64$`,
]
