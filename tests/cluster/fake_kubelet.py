"""Replaces the DaemonSet controller and the kubelets: runs the collecting pods for real.

A pod's command runs as a process of this machine, with the script of its ConfigMap and with a tree
of files instead of the host's.
"""

from __future__ import annotations

import http.server
import re
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cluster.api_server import HOST, ApiServer, node
from dfpolicy.model import JsonObject

_DAEMON_SETS = "/apis/apps/v1/daemonsets?labelSelector=app.kubernetes.io/name=dfpolicy-collect"
_LOG = re.compile(r"/containerLogs/[^/]+/(?P<pod>[^/?]+)/collect")


class FakeKubelet:
    """Runs one pod for each node in `trees`; `seen` stores the DaemonSets that were created.

    The pods of the nodes in `garbled` print invalid NodeFacts.
    """

    def __init__(self, server: ApiServer, trees: dict[str, Path], scratch: Path) -> None:
        self.seen: list[JsonObject] = []
        self.trees = trees
        self.garbled: set[str] = set()
        self._server = server
        self._scratch = scratch
        self._logs: dict[str, str] = {}
        self._stop = threading.Event()

    def register(self, port: int) -> None:
        """Create the nodes, whose kubelet listens on the port."""
        for number, name in enumerate(self.trees):
            made = node(number)
            made["metadata"]["name"] = name
            made["status"]["addresses"] = [{"type": "InternalIP", "address": HOST}]
            made["status"]["daemonEndpoints"] = {"kubeletEndpoint": {"Port": port}}
            assert self._server.create(made).ok

    def log(self, pod: str) -> str | None:
        return self._logs.get(pod)

    def control(self) -> None:
        """Create the pods of each DaemonSet until stopped."""
        while not self._stop.wait(0.1):
            for found in self._server.request("GET", _DAEMON_SETS).body.get("items", []):
                identity = found["metadata"]["uid"]
                if identity not in [one["metadata"]["uid"] for one in self.seen]:
                    self.seen.append(found)
                    for name in self.trees:
                        self._run(found, name)

    def stop(self) -> None:
        self._stop.set()

    def _run(self, daemon_set: JsonObject, name: str) -> None:
        namespace = daemon_set["metadata"]["namespace"]
        template: JsonObject = daemon_set["spec"]["template"]
        spec: JsonObject = template["spec"] | {"nodeName": name}
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": f"collect-{name}",
                "namespace": namespace,
                "labels": template["metadata"]["labels"],
            },
            "spec": spec,
        }
        answer = self._server.create(pod)
        assert answer.ok, answer.message
        config_map = self._server.get(
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {
                    "name": spec["volumes"][0]["configMap"]["name"],
                    "namespace": namespace,
                },
            }
        )
        folder = self._scratch / name
        folder.mkdir(parents=True, exist_ok=True)
        for key, text in config_map.body["data"].items():
            (folder / key).write_text(text, "utf-8")
        command: str = spec["containers"][0]["command"][2]
        command = command.replace("/collect/", f"{folder}/").replace("/host", str(self.trees[name]))
        done = subprocess.run(
            ["sh", "-c", command.replace("exec sleep 3600", "true")],
            capture_output=True,
            text=True,
            env={"NODE_NAME": name, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
            check=True,
        )
        told = done.stdout
        if name in self.garbled:
            told = told.replace("kind: NodeFacts", "kind: Facts")
        self._logs[f"collect-{name}"] = told


@contextmanager
def running(server: ApiServer, trees: dict[str, Path], scratch: Path) -> Iterator[FakeKubelet]:
    """Run the kubelet and the controller until the end of the block, then remove the nodes."""
    kubelet = FakeKubelet(server, trees, scratch)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match = _LOG.match(self.path)
            log = kubelet.log(match["pod"]) if match else None
            self.send_response(404 if log is None else 200)
            self.end_headers()
            self.wfile.write((log or "").encode())

        def log_message(self, *_: Any) -> None:
            pass

    web = http.server.ThreadingHTTPServer((HOST, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The API server does not verify the certificate of a kubelet.
    context.load_cert_chain(server.ca_file, server.ca_file.with_suffix(".key"))
    web.socket = context.wrap_socket(web.socket, server_side=True)
    threads = [
        threading.Thread(target=web.serve_forever),
        threading.Thread(target=kubelet.control),
    ]
    kubelet.register(web.server_address[1])
    for thread in threads:
        thread.start()
    try:
        yield kubelet
    finally:
        kubelet.stop()
        web.shutdown()
        for thread in threads:
            thread.join()
        web.server_close()
        server.delete_nodes()
