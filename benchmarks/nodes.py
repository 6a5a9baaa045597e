"""The text of one Node, as `kubectl get nodes -o yaml` prints it as an item of its List."""

from __future__ import annotations

from collections.abc import Iterator

# What `kubectl get nodes -o wide` shows: kernel, distribution, architecture.
_SYSTEMS = (
    ("Ubuntu 20.04.6 LTS", "amd64", [f"5.4.0-{build}-generic" for build in range(150, 158)]),
    ("Ubuntu 22.04.5 LTS", "amd64", [f"5.15.0-{build}-generic" for build in range(100, 108)]),
    ("Ubuntu 24.04.2 LTS", "arm64", [f"6.8.0-{build}-generic" for build in range(50, 56)]),
    (
        "CentOS Linux 7 (Core)",
        "amd64",
        [f"3.10.0-1160.{build}.1.el7.x86_64" for build in range(80, 86)],
    ),
    (
        "Rocky Linux 8.10 (Green Obsidian)",
        "amd64",
        [f"4.18.0-553.{build}.1.el8_10.x86_64" for build in range(20, 26)],
    ),
    (
        "Amazon Linux 2023",
        "arm64",
        [f"6.1.{build}-99.174.amzn2023.aarch64" for build in range(100, 106)],
    ),
)
KERNELS = tuple(
    (image, machine, kernel) for image, machine, kernels in _SYSTEMS for kernel in kernels
)


def nodes(count: int) -> Iterator[str]:
    """Yield the YAML of `count` Nodes with 40 kernels, about 1.5 KB each; the same each time.

    Their names, addresses and memory differ, as those of real nodes do.
    """
    for number in range(count):
        image, machine, kernel = KERNELS[number % len(KERNELS)]
        yield _NODE.format(
            name=f"node-{number}",
            image=image,
            machine=machine,
            kernel=kernel,
            zone=f"zone-{number % 3}",
            ip=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            hash=f"{number * 2654435761 % 4294967296:08x}",
            memory=65000000 + number,
        )


_NODE = """\
- apiVersion: v1
  kind: Node
  metadata:
    annotations:
      node.alpha.kubernetes.io/ttl: "0"
      volumes.kubernetes.io/controller-managed-attach-detach: "true"
    creationTimestamp: "2025-03-04T05:06:07Z"
    labels:
      beta.kubernetes.io/arch: {machine}
      kubernetes.io/arch: {machine}
      kubernetes.io/hostname: {name}
      kubernetes.io/os: linux
      topology.kubernetes.io/zone: {zone}
    name: {name}
    resourceVersion: "4711"
    uid: {hash}-5f0c-4d0b-9d51-0123456789ab
  spec:
    podCIDR: 10.244.0.0/24
    providerID: example://{name}
  status:
    addresses:
    - address: {ip}
      type: InternalIP
    - address: {name}
      type: Hostname
    allocatable:
      cpu: "16"
      memory: 64000000Ki
      pods: "110"
    capacity:
      cpu: "16"
      memory: {memory}Ki
      pods: "110"
    conditions:
    - lastHeartbeatTime: "2025-03-04T05:06:07Z"
      lastTransitionTime: "2025-03-04T05:06:07Z"
      message: kubelet is posting ready status
      reason: KubeletReady
      status: "True"
      type: Ready
    daemonEndpoints:
      kubeletEndpoint:
        Port: 10250
    nodeInfo:
      architecture: {machine}
      bootID: {hash}-0000-4d0b-9d51-0123456789ab
      containerRuntimeVersion: containerd://1.7.24
      kernelVersion: {kernel}
      kubeProxyVersion: v1.34.4
      kubeletVersion: v1.34.4
      machineID: {hash}5f0c4d0b9d510123456789ab
      operatingSystem: linux
      osImage: {image}
      systemUUID: {hash}-1111-4d0b-9d51-0123456789ab
"""
