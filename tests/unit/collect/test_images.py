from __future__ import annotations

from typing import Any

import pytest

from dfpolicy.collect.images import FALLBACK, Image, available, stated
from dfpolicy.errors import UsageError


def daemon_set(namespace: str, image: str, on_host: bool = False) -> dict[str, Any]:
    pod = {"containers": [{"image": image}], "hostNetwork": on_host, "hostPID": on_host}
    metadata = {"name": "a", "namespace": namespace}
    return {"kind": "DaemonSet", "metadata": metadata, "spec": {"template": {"spec": pod}}}


AGENT = daemon_set("deepflow", "r.example.com/deepflow-agent:v7", on_host=True)
NETWORK = daemon_set("kube-system", "mirror:5000/cilium/cilium:v1@sha256:ab")


@pytest.mark.parametrize(
    ("objects", "given", "image"),
    [
        ([NETWORK, AGENT], [], "r.example.com/deepflow-agent:v7"),
        ([NETWORK], [AGENT], "mirror:5000/cilium/cilium:v1@sha256:ab"),
        ([], [AGENT | {"metadata": {}}], "r.example.com/deepflow-agent:v7"),
        ([], [], FALLBACK),
        # A tenant can create these, and they would see the files of every node.
        ([daemon_set("tenant", "evil/deepflow-agent:v7")], [], FALLBACK),
        ([daemon_set("tenant", "evil/cilium:v1", on_host=True)], [], FALLBACK),
        # Its shell may lack programs.
        ([daemon_set("kube-system", "registry.k8s.io/kube-proxy:v1")], [], FALLBACK),
        ([daemon_set("deepflow", "(hidden)@r/deepflow-agent:v7", on_host=True)], [], FALLBACK),
        ([{"kind": "DaemonSet", "spec": {"template": []}}, {}], [], FALLBACK),
    ],
)
def test_the_default_image_is_one_that_the_cluster_trusts(
    objects: list[dict[str, Any]], given: list[dict[str, Any]], image: str
) -> None:
    assert available(objects, given) == image


@pytest.mark.parametrize(
    ("image", "registry", "secret", "found"),
    [
        (None, None, None, Image("")),
        ("a:1", None, "n/s.a-b", Image("a:1", "n", "s.a-b")),
        (None, "r:5000/hub/", None, Image("r:5000/hub/busybox:1.36")),
        ("docker.io/library/a:1", "r", None, Image("r/library/a:1")),
        ("localhost/a", "r", None, Image("r/a")),
        ("team/a@sha256:ab", "r", None, Image("r/team/a@sha256:ab")),
    ],
)
def test_images_that_the_options_state(
    image: str | None, registry: str | None, secret: str | None, found: Image
) -> None:
    assert stated(image, registry, secret) == found


@pytest.mark.parametrize(
    ("image", "registry", "secret", "message"),
    [
        ("", None, None, "--image: the name is empty or invalid"),
        ("a b", None, None, "--image: the name is empty or invalid"),
        (None, "a\n", None, "--registry: the name is empty or invalid"),
        (None, None, "name", "--image-pull-secret: must be NAMESPACE/NAME"),
        (None, None, "a/../b", "--image-pull-secret: must be NAMESPACE/NAME"),
        (None, None, "/b", "--image-pull-secret: must be NAMESPACE/NAME"),
    ],
)
def test_invalid_options(
    image: str | None, registry: str | None, secret: str | None, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        stated(image, registry, secret)
    assert str(caught.value).startswith(message)
