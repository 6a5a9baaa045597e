"""The text of one NodeFacts document, as `dfpolicy collect node` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.nodes import KERNELS

# What the network plug-in creates on each node, with names of their own.
_PODS = 30


def facts(count: int) -> Iterator[str]:
    """Yield the YAML of `count` NodeFacts of 40 kinds, about 1.4 KB each; the same each time.

    Their names, addresses, memory, ports and the interfaces of their pods differ.
    """
    for number in range(count):
        image, machine, kernel = KERNELS[number % len(KERNELS)]
        pods = (
            f'"veth{(number * _PODS + pod) * 2654435761 % 4294967296:08x}"' for pod in range(_PODS)
        )
        yield _FACTS.format(
            number=number,
            image=image,
            machine=machine,
            kernel=kernel,
            ip=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            interfaces=", ".join(['"eth0"', '"lo"', *pods]),
            memory=64000000000 + number * 4096,
            port=30000 + number % 10000,
        )


_FACTS = """\
apiVersion: dfpolicy.dev/v1
kind: NodeFacts
metadata:
  name: "node-{number}"
spec:
  architecture: "{machine}"
  os:
    id: "example"
    prettyName: "{image}"
  kernelRelease: "{kernel}"
  kernelConfig:
    CONFIG_BPF: "y"
    CONFIG_BPF_SYSCALL: "y"
    CONFIG_BPF_JIT: "y"
    CONFIG_BPF_EVENTS: "y"
    CONFIG_FTRACE_SYSCALLS: "y"
    CONFIG_KPROBES: "y"
    CONFIG_KPROBE_EVENTS: "y"
    CONFIG_UPROBES: "y"
    CONFIG_UPROBE_EVENTS: "y"
  btf: true
  uprobePmu: true
  selinux: {{enabled: false, mode: "disabled"}}
  sysctls:
    kernel.kptr_restrict: 1
    net.core.bpf_jit_enable: 1
    kernel.perf_event_paranoid: 2
  paths:
    "/sys/kernel/debug": {{exists: true, readable: true, mounted: true}}
    "/var/run/netns": {{exists: true}}
  cgroup: {{version: 2, controllers: ["cpuset", "cpu", "io", "memory", "pids"]}}
  interfaces: [{interfaces}]
  addresses: ["{ip}"]
  cpus: 16
  memoryBytes: {memory}
  processes: {{deepflowAgents: 0}}
  portsInUse: [22, 10250, {port}]
"""
