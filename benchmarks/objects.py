"""The text of one object of a cluster, as `kubectl get -o yaml` prints it.

The proportions are those of a cluster with many small services: mostly Pods, then ReplicaSets of
old revisions, ConfigMaps, Secrets and Services. No object names DeepFlow.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

# The number of objects of each kind in a hundred.
SHARES = {
    "Pod": 40,
    "ReplicaSet": 15,
    "ConfigMap": 12,
    "Secret": 8,
    "Service": 8,
    "Deployment": 7,
    "ServiceAccount": 4,
    "RoleBinding": 3,
    "Role": 2,
    "ClusterRoleBinding": 1,
}
# Coprime to a hundred, so that kinds are mixed and each hundred has the right proportions.
_STEP = 37


def objects(count: int) -> Iterator[str]:
    """Yield the YAML of `count` objects, about 1.3 KB each; the same ones each time."""
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    order = [kinds[position * _STEP % len(kinds)] for position in range(len(kinds))]
    for number, kind in zip(range(count), cycle(order)):
        yield _text(kind, number)


def _text(kind: str, number: int) -> str:
    version, body = _KINDS[kind]
    name = f"{_SERVICES[number % len(_SERVICES)]}-{number}"
    fields = {
        "name": name,
        "app": name,
        "team": f"team-{number % 40}",
        "node": f"node-{number % 500}",
        "hash": f"{number * 2654435761 % 4294967296:08x}",
        "ip": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        "number": number,
    }
    scope = "" if kind.startswith("Cluster") else f"\n  namespace: {fields['team']}"
    return (_HEAD + body).format(kind=kind, version=version, scope=scope, **fields)


_SERVICES = ("cart", "checkout", "ledger", "mailer", "orders", "search", "session", "stock")

_HEAD = """\
apiVersion: {version}
kind: {kind}
metadata:
  annotations:
    example.com/change: "{hash}"
  creationTimestamp: "2025-03-04T05:06:07Z"
  labels:
    app.kubernetes.io/instance: {app}
    app.kubernetes.io/managed-by: Helm
    app.kubernetes.io/name: {app}
    app.kubernetes.io/version: 1.{number}.0
    example.com/team: {team}
  name: {name}{scope}
  resourceVersion: "{number}4711"
  uid: {hash}-5f0c-4d0b-9d51-0123456789ab
"""

_CONTAINERS = """\
{indent}containers:
{indent}- args:
{indent}  - --listen=:8080
{indent}  - --metrics=:9090
{indent}  env:
{indent}  - name: POD_NAME
{indent}    valueFrom:
{indent}      fieldRef:
{indent}        apiVersion: v1
{indent}        fieldPath: metadata.name
{indent}  - name: LOG_LEVEL
{indent}    value: info
{indent}  image: registry.example.com/shop/{{app}}:1.{{number}}.0
{indent}  imagePullPolicy: IfNotPresent
{indent}  livenessProbe:
{indent}    failureThreshold: 3
{indent}    httpGet:
{indent}      path: /healthz
{indent}      port: http
{indent}      scheme: HTTP
{indent}    periodSeconds: 10
{indent}  name: server
{indent}  ports:
{indent}  - containerPort: 8080
{indent}    name: http
{indent}    protocol: TCP
{indent}  resources:
{indent}    limits:
{indent}      memory: 512Mi
{indent}    requests:
{indent}      cpu: 100m
{indent}      memory: 256Mi
{indent}  volumeMounts:
{indent}  - mountPath: /etc/server
{indent}    name: config
{indent}    readOnly: true
{indent}dnsPolicy: ClusterFirst
{indent}restartPolicy: Always
{indent}securityContext: {{{{}}}}
{indent}serviceAccountName: {{app}}
{indent}volumes:
{indent}- configMap:
{indent}    defaultMode: 420
{indent}    name: {{app}}
{indent}  name: config
"""


def _containers(indent: int) -> str:
    return _CONTAINERS.format(indent=" " * indent)


_TEMPLATE = f"""\
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: {{app}}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{app}}
    spec:
{_containers(6)}"""

_POD = f"""\
spec:
{_containers(2)}\
  nodeName: {{node}}
  tolerations:
  - effect: NoExecute
    key: node.kubernetes.io/not-ready
    operator: Exists
    tolerationSeconds: 300
status:
  conditions:
  - lastProbeTime: null
    lastTransitionTime: "2025-03-04T05:06:09Z"
    status: "True"
    type: Ready
  phase: Running
  podIP: {{ip}}
  startTime: "2025-03-04T05:06:07Z"
"""

_SERVICE = """\
spec:
  clusterIP: {ip}
  clusterIPs:
  - {ip}
  internalTrafficPolicy: Cluster
  ipFamilies:
  - IPv4
  ports:
  - name: http
    port: 80
    protocol: TCP
    targetPort: http
  selector:
    app.kubernetes.io/name: {app}
  sessionAffinity: None
  type: ClusterIP
status:
  loadBalancer: {{}}
"""

_CONFIG = """\
data:
  server.conf: |
    listen 0.0.0.0:8080;
    upstream {app} {{
        server {ip}:8080 weight=5;
        keepalive 32;
    }}
    # {hash}
    log_format main '$remote_addr - $request - $status';
    access_log /dev/stdout main;
  timeout: "30"
  debug: "false"
"""

# Not real secrets: the strings are made from the object's number.
_SECRET = """\
data:
  password: bm90LWEtc2VjcmV0LW9m-{number}=
  username: {hash}aGVsbG8gd29ybGQ=
type: Opaque
"""

_ROLE = """\
rules:
- apiGroups:
  - ""
  resources:
  - configmaps
  - endpoints
  verbs:
  - get
  - list
  - watch
- apiGroups:
  - coordination.k8s.io
  resources:
  - leases
  verbs:
  - create
  - get
  - update
"""

_BINDING = """\
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {role}
  name: {{app}}
subjects:
- kind: ServiceAccount
  name: {{app}}
  namespace: {{team}}
"""

# The apiVersion, and the part after the metadata.
_KINDS = {
    "Pod": ("v1", _POD),
    "ReplicaSet": ("apps/v1", f"spec:\n{_TEMPLATE}status:\n  replicas: 0\n"),
    "ConfigMap": ("v1", _CONFIG),
    "Secret": ("v1", _SECRET),
    "Service": ("v1", _SERVICE),
    "Deployment": ("apps/v1", f"spec:\n{_TEMPLATE}status:\n  availableReplicas: 2\n"),
    "ServiceAccount": ("v1", ""),
    "RoleBinding": ("rbac.authorization.k8s.io/v1", _BINDING.format(role="Role")),
    "Role": ("rbac.authorization.k8s.io/v1", _ROLE),
    "ClusterRoleBinding": (
        "rbac.authorization.k8s.io/v1",
        _BINDING.format(role="ClusterRole"),
    ),
}
