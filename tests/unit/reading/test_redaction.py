from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfpolicy.reading.agent_keys import AGENT_KEYS
from dfpolicy.reading.config_references import READ_VARIABLES, keys_of, referenced
from dfpolicy.reading.redacted_file import redacted_file
from dfpolicy.reading.redacted_objects import READ_ANNOTATIONS
from dfpolicy.reading.redacted_text import redacted
from dfpolicy.reading.redaction import READ_OF_SERVICES, READ_SETTINGS, without_secrets

ROOT = Path(__file__).parents[3]


def stripped(kind: str, spec: Any) -> Any:
    given = {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": "a"}, "spec": spec}
    before = repr(given)
    kept = without_secrets(given)
    assert repr(given) == before
    assert {key: item for key, item in kept.items() if key != "spec"} == {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": kind,
        "metadata": {"name": "a"},
    }
    return kept["spec"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            {"DB_PASSWORD": "hunter2", "K8S_WATCH_POLICY": "a", "DSN": 5, "PLAIN": None},
            {"DB_PASSWORD": None, "K8S_WATCH_POLICY": "a", "DSN": None, "PLAIN": None},
        ),
        (
            ["AWS_SECRET=hunter2", "NODE_IP_FOR_DEEPFLOW=b=c", "A=b", "X_TOKEN", 5, None],
            ["AWS_SECRET", "NODE_IP_FOR_DEEPFLOW=b=c", "A", "X_TOKEN", 5, None],
        ),
        ("PASSWORD=a", "PASSWORD"),
        ([{"DB": "hunter2"}], [{"DB": None}]),
        (None, None),
    ],
)
def test_environments_of_services(given: Any, kept: Any) -> None:
    spec = {"name": "x", "services": {"a": {"image": "i", "environment": given}, "b": None}}
    assert stripped("ComposeProject", spec) == {
        "name": "x",
        "services": {"a": {"image": "i", "environment": kept}, "b": None},
    }


@pytest.mark.parametrize("spec", [None, [], "a", {}, {"services": ["a"]}, {"services": {"a": []}}])
def test_compose_files_of_any_shape(spec: Any) -> None:
    assert stripped("ComposeProject", spec) == spec


def test_environments_of_units() -> None:
    lines = ["A=b", "DB_PASSWORD=hunter2", '"MY_TOKEN=hunter2 b" C=d', "X=1 A_KEY='hunter2'", None]
    kept = stripped("SystemdUnit", {"Service": {"Environment": lines, "User": ["a"]}})
    assert kept["Service"]["User"] == ["a"]
    assert kept["Service"]["Environment"] == [
        "A=",
        "DB_PASSWORD=",
        "MY_TOKEN= C=",
        "X= A_KEY=",
        None,
    ]


@pytest.mark.parametrize(
    "spec", [None, {"Service": []}, {"Service": {"Environment": None}}, {"Unit": {}}]
)
def test_units_of_any_shape(spec: Any) -> None:
    assert stripped("SystemdUnit", spec) == spec


@pytest.mark.parametrize("kind", ["Domain", "Subdomain"])
def test_a_hidden_secret_still_counts_as_present(kind: str) -> None:
    spec = {
        "type": "aws",
        "config": {
            "secret_id": "hunter2",
            "secret_key": "hunter2",
            "password": 12345,
            "token": "",
            "access_key": None,
            "region_uuid": "a",
        },
        "secrets": [{"user-password": "hunter2", "host": "a"}],
    }
    kept = stripped(kind, spec)
    assert kept == {
        "type": "aws",
        "config": {
            "secret_id": "(hidden)",
            "secret_key": "(hidden)",
            "password": "(hidden)",
            "token": "",
            "access_key": None,
            "region_uuid": "a",
        },
        "secrets": [{"user-password": "(hidden)", "host": "a"}],
    }


@pytest.mark.parametrize("text", ["xxxxxxxx", "x", "********"])
def test_placeholders_of_examples_are_not_hidden(text: str) -> None:
    assert stripped("Domain", {"config": {"secret_key": text}}) == {"config": {"secret_key": text}}


def test_unknown_kinds_are_redacted_by_field_names() -> None:
    assert stripped("AgentConfig", {"password": "a", "b": [1, True]}) == {
        "password": "(hidden)",
        "b": [1, True],
    }
    foreign = {"apiVersion": "x/v1", "kind": "Domain", "metadata": {}, "spec": {"secret_key": "a"}}
    assert without_secrets(foreign)["spec"] == {"secret_key": "(hidden)"}
    other = {"apiVersion": "dfpolicy.dev/v1", "kind": "Other", "spec": {"password": "a"}}
    assert without_secrets(other) is other


CANARY = "tweet7canary"
URL = f"https://user:{CANARY}@host/path"
# Each way to write a secret in a text, and the redacted text.
TEXTS = {
    f"a {URL} b": "a https://(hidden)@host/path b",
    f"password: {CANARY}": "password: (hidden)",
    f"MYSQL_PWD={CANARY} b": "MYSQL_PWD=(hidden) b",
    f'"api-token": "{CANARY} b", "a": 1': '"api-token": (hidden), "a": 1',
    f"x --password={CANARY} -v": "x --password=(hidden) -v",
    f"x --password {CANARY} -v": "x --password (hidden) -v",
    f"CREATE USER a IDENTIFIED BY '{CANARY}';": "CREATE USER a IDENTIFIED BY (hidden);",
    f'identified with sha256 as "{CANARY}"': "identified with sha256 as (hidden)",
    f"--set=a.accessKey={CANARY} b": "--set=a.accessKey=(hidden) b",
    f"export DB_PASS='a'\"{CANARY}\"; b": "export DB_PASS=(hidden); b",
    f'{{\\"password\\": \\"{CANARY}\\"}}': '{\\"password\\": \\"(hidden)\\"}',
    f"https://a:b@{CANARY}@h/": "https://(hidden)@h/",
    f"root:{CANARY}@tcp(h:1)/a": "root:(hidden)@tcp(h:1)/a",
    f"Authorization: {CANARY}": "Authorization: (hidden)",
    f"Authorization: Bearer {CANARY}": "Authorization: Bearer (hidden)",
    f"mysql -uroot -p{CANARY} -h a": "mysql -uroot -p(hidden) -h a",
    f"redis-cli -a {CANARY} ping": "redis-cli -a (hidden) ping",
    f"curl -s -u admin:{CANARY} http://a": "curl -s -u (hidden) http://a",
    f"SET PASSWORD FOR 'a'@'%' = '{CANARY}';": "SET PASSWORD FOR 'a'@'%' = (hidden);",
    f"SELECT PASSWORD('{CANARY}')": "SELECT PASSWORD((hidden))",
    f"<users><password>{CANARY}</password>": "<users><password>(hidden)</password>",
    f"a:\n  password: |\n    {CANARY}\n    {CANARY}\n  b: 1": (
        "a:\n  password: |\n    (hidden)\n  b: 1"
    ),
    f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----\n": "(hidden)\n",
}


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_texts(text: str) -> None:
    assert redacted(text) == TEXTS[text]
    assert redacted(TEXTS[text]) == TEXTS[text]


@pytest.mark.parametrize(
    "text",
    ["--config-file=/etc/a.yaml", "image: a@sha256:ab", "controller-ips: [10.0.0.1]", "a b", ""],
)
def test_texts_without_secrets(text: str) -> None:
    assert redacted(text) is text


@pytest.mark.parametrize(
    "part",
    [
        *("passw", "password ", "://", "--token", "-----BEGIN PRIVATE KEY-----", "mysql "),
        *("a: |\n ", "curl ", "set password ", "password( ", "<password>", "<password"),
    ],
)
def test_hostile_texts_take_linear_time(part: str) -> None:
    # A quadratic search would take minutes.
    assert redacted("password" + part * (300_000 // len(part)))


def pod(image: str) -> dict[str, Any]:
    action = {
        "exec": {"command": ["sh", CANARY]},
        "httpGet": {
            "host": "a",
            "path": f"/?t={CANARY}",
            "httpHeaders": [{"name": "X", "value": CANARY}],
        },
    }
    container = {
        "name": "a",
        "image": image,
        "command": [f"--password={CANARY}"],
        "args": ["--token", CANARY, URL],
        "env": [
            {"name": "ANY", "value": CANARY},
            {"name": "K8S_WATCH_POLICY", "value": "watch-only"},
            {"name": "B", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}},
        ],
        "livenessProbe": action,
        "readinessProbe": action,
        "startupProbe": action,
        "lifecycle": {"postStart": action, "preStop": action},
    }
    annotations = {
        "kubectl.kubernetes.io/last-applied-configuration": CANARY,
        "example.com/any": CANARY,
        "prometheus.io/scheme": CANARY,
        "nginx.ingress.kubernetes.io/server-snippet": CANARY,
        "container.apparmor.security.beta.kubernetes.io/my-secret": "unconfined",
    }
    annotated = {"annotations": annotations}
    return {
        "metadata": annotated,
        "spec": {
            "initContainers": [container],
            "containers": [container],
            "hostPID": True,
            "volumes": [
                {"name": "a", "secret": {"secretName": "kept-name"}},
                {"name": "b", "csi": {"driver": "d", "volumeAttributes": {"any": CANARY}}},
                {"name": "c", "flexVolume": {"options": {"any": CANARY}}},
                {"name": "d", "ephemeral": {"volumeClaimTemplate": {"metadata": annotated}}},
            ],
        },
    }


KINDS: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "Pod": ("v1", lambda template: template),
    "DaemonSet": ("apps/v1", lambda template: {"spec": {"template": template}}),
    "CloneSet": ("apps.kruise.io/v1alpha1", lambda template: {"spec": {"template": template}}),
    "StatefulSet": (
        "apps/v1",
        lambda template: {
            "spec": {
                "template": template,
                "volumeClaimTemplates": [{"metadata": template["metadata"]}],
            }
        },
    ),
    # An operator has pods anywhere in its objects.
    "ClickHouseInstallation": (
        "example.com/v1",
        lambda template: {"spec": {"templates": {"podTemplates": [template]}}},
    ),
    "PodTemplate": ("v1", lambda template: {"template": template}),
    "CronJob": (
        "batch/v1",
        lambda template: {"spec": {"jobTemplate": {"spec": {"template": template}}}},
    ),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("image", [f"u:{CANARY}@r/deepflow-agent:v7", "r:5000/mysql@sha256:ab"])
def test_pods(kind: str, image: str) -> None:
    version, wrap = KINDS[kind]
    given = {"apiVersion": version, "kind": kind, **wrap(pod(image))}
    before = json.dumps(given)
    kept = json.dumps(without_secrets(given))
    assert json.dumps(given) == before
    assert CANARY not in kept
    for left in (
        "kept-name",
        "watch-only",
        "unconfined",
        '"host": "a"',
        '"key": "b"',
        '"hostPID": true',
    ):
        assert left in kept
    if "agent" in image:
        assert "(hidden)@r/deepflow-agent:v7" in kept
        assert '"--password=(hidden)"' in kept
    else:
        assert image in kept
        assert "password" not in kept


@pytest.mark.parametrize(
    ("version", "kind", "body"),
    [
        (
            "storage.k8s.io/v1",
            "StorageClass",
            {"parameters": {"restuserkey": "a", "b_key": CANARY}},
        ),
        ("admissionregistration.k8s.io/v1", "Webhook", {"webhooks": [{"url": URL}]}),
        ("v1", "Event", {"message": f"pulling with token {URL}"}),
        ("example.com/v1", "Database", {"spec": {"password": CANARY, "size": 3}}),
        ("example.com/v1", "Job", {"spec": {"env": [{"name": "DB_PASSWORD", "value": CANARY}]}}),
    ],
)
def test_objects_without_pods(version: str, kind: str, body: dict[str, Any]) -> None:
    given = {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, **body}
    kept = without_secrets(given)
    assert CANARY not in json.dumps(kept)
    assert list(kept) == list(given)
    assert "(hidden)" in json.dumps(kept)


def test_objects_without_secrets_are_not_copied() -> None:
    plain = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "a", "annotations": {"meta.helm.sh/release-name": "a"}},
        "spec": {
            "template": {"spec": {"containers": [{"image": "deepflow-agent", "args": ["-f"]}]}}
        },
    }
    assert without_secrets(plain) is plain


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        (
            "any",
            {"a.sql": CANARY, "b": "", "c": f"password: {CANARY}"},
            {"a.sql": "(hidden)", "b": ""},
        ),
        (
            "deepflow",
            {
                "password": CANARY,
                "init.sql": f"IDENTIFIED BY '{CANARY}'\n",
                "grafana.ini": f"[a]\nsecretly = {CANARY}\n",
                "b.yaml": f"any: {CANARY}\n",
            },
            {"init.sql": "(hidden)", "b.yaml": "(hidden)"},
        ),
        (
            "any",
            {"a": f"controller-ips: [b]\ntoken: {CANARY}\n"},
            {"a": "controller-ips: [b]\ntoken: (hidden)\n"},
        ),
        (
            "any",
            {"server.yaml": f"controller:\n  a: {CANARY}\n  mysql:\n    host: {URL}\n"},
            {"server.yaml": "controller:\n  mysql:\n    host: https://(hidden)@host/path\n"},
        ),
        (
            "any",
            {"deepflow-agent.yaml": f"# {CANARY}\nteam-id: b # {CANARY}\nany:\n- {CANARY}\n"},
            {"deepflow-agent.yaml": "\nteam-id: b\nany: (hidden)\n\n"},
        ),
        # It has an error.
        (
            "any",
            {"deepflow-agent.yaml": f"team-id: [\npassword: {CANARY}\n"},
            {"deepflow-agent.yaml": "team-id: [\n(hidden)\n"},
        ),
    ],
)
def test_config_maps(name: str, data: dict[str, str], kept: dict[str, str]) -> None:
    given = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
    found = without_secrets({**given, "data": data, "binaryData": {"x": CANARY}})
    assert CANARY not in json.dumps(found)
    assert found["data"].keys() == data.keys()
    assert found["data"].items() >= kept.items()


def test_values_of_config_maps_that_set_read_variables() -> None:
    """Only what sets a variable that requirements read, and only for DeepFlow's containers."""
    names = {"A": CANARY, "K8S_WATCH_POLICY": "watch-only", "policy": "normal", "IN_CONTAINER": [1]}
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": names}
    source = {"configMapRef": {"name": "c"}}
    key = {"configMapKeyRef": {"name": "c", "key": "policy"}}

    def shown(
        image: str, workload: str = "a", labels: dict[str, str] | None = None, **container: Any
    ) -> set[str]:
        template = {"spec": {"containers": [{"image": image, **container}]}}
        metadata = {"name": workload, "labels": labels or {}}
        resource = {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": metadata,
            "spec": {"template": template},
        }
        # The policies follow the same references.
        assert referenced([without_secrets(resource)]) == referenced([resource])
        keys = keys_of(config_map, referenced([config_map, resource]))
        data = without_secrets(config_map, keys)["data"]
        assert data.keys() == names.keys()
        return {name for name, text in data.items() if text == names[name]}

    assert shown("deepflow-agent", envFrom=[source]) == {"K8S_WATCH_POLICY"}
    assert shown("deepflow-agent", envFrom=[{"prefix": "K8S", **source}]) == set()
    variable = {"name": "K8S_WATCH_POLICY", "valueFrom": key}
    assert shown("deepflow-agent", env=[variable]) == {"policy"}
    assert shown("deepflow-agent", env=[variable | {"name": "OTHER"}]) == set()
    assert shown("other", env=[variable], envFrom=[source]) == set()
    assert shown("other", "deepflow-agent", env=[variable]) == {"policy"}
    assert shown("other", labels={"app": "deepflow"}, env=[variable]) == {"policy"}
    assert shown("other", labels={"deepflow.io/managed": "true"}, env=[variable]) == set()


def test_sources_of_variables() -> None:
    """What names a ConfigMap or a Secret, and the start of a variable that requirements read."""
    sources: list[Any] = [
        {"prefix": "K8S_", "configMapRef": {"name": "c", "optional": True}},
        {"secretRef": {"name": "s", "other": CANARY}},
        {"prefix": CANARY, "other": CANARY},
    ]
    template = {"spec": {"containers": [{"image": "deepflow-agent", "envFrom": sources}]}}
    workload = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a"}}
    kept = without_secrets({**workload, "spec": {"template": template}})
    found = kept["spec"]["template"]["spec"]["containers"][0]["envFrom"]
    assert CANARY not in json.dumps(found)
    assert found[0] == sources[0]
    assert found[1]["secretRef"]["name"] == "s"


def test_services_of_hosts() -> None:
    service = {
        "image": f"u:{CANARY}@r/a",
        "command": ["a", CANARY],
        "entrypoint": f"a {CANARY}",
        "healthcheck": {"test": ["CMD", CANARY]},
        "labels": {"a": CANARY},
        "build": {"args": {"TOKEN": CANARY}},
        "ports": ["80:80"],
    }
    agent = {"image": "deepflow-agent", "command": ["-f", "/a", "--token", CANARY]}
    kept = stripped(
        "ComposeProject",
        {"services": {"a": service, "b": agent}, "configs": {"x": {"content": f"token={CANARY}"}}},
    )
    assert CANARY not in json.dumps(kept)
    assert kept["services"]["b"]["command"] == ["-f", "/a", "--token", "(hidden)"]
    assert kept["services"]["a"]["ports"] == ["80:80"]
    unit = stripped("SystemdUnit", {"Service": {"ExecStart": [f"/bin/a --token {CANARY} -f /b"]}})
    assert unit["Service"]["ExecStart"] == ["/bin/a --token (hidden) -f /b"]


def test_variables_that_requirements_read_are_not_hidden() -> None:
    """A requirement that reads another variable must add it."""
    texts = [
        path.read_text("utf-8")
        for path in (ROOT / "policies" / "dfpolicy").rglob("*.rego")
        if not path.name.endswith("_test.rego")
    ]
    pattern = (
        r'(?:_variable := |(?:present|text|field|unknown|_set)\([^()]+, )"([A-Z][A-Z0-9_]{4,})'
    )
    read = {name for text in texts for name in re.findall(pattern, text)}
    assert {"K8S_NAMESPACE_FOR_DEEPFLOW", "IN_CONTAINER"} <= read <= READ_VARIABLES


def _read_by(pattern: str) -> set[str]:
    texts = [
        path.read_text("utf-8")
        for path in (ROOT / "policies" / "dfpolicy").rglob("*.rego")
        if not path.name.endswith("_test.rego")
    ]
    return {name for text in texts for name in re.findall(pattern, text)}


def test_annotations_and_settings_that_requirements_read_are_not_hidden() -> None:
    """A requirement that reads another one must add it."""
    annotations = _read_by(r'"([a-z0-9.-]+\.(?:io|sh|com)/[a-z-]*hook|[a-z.-]+/is-default-class)"')
    assert {"helm.sh/hook", "storageclass.kubernetes.io/is-default-class"} <= annotations
    assert all(name.startswith(READ_ANNOTATIONS) for name in annotations)
    settings = _read_by(
        r'(?:"Service", |_true_setting\(resource, |_paths\(resource, |_capabilities\(resource, '
        r'|_unset\(resource, )"([A-Z]\w+)"'
    )
    assert {"User", "PrivateTmp", "ReadWritePaths"} <= settings
    assert settings - {"ExecStart"} <= READ_SETTINGS["Service"]


def test_parts_of_services_that_requirements_read_are_not_hidden() -> None:
    """A requirement on agents in Docker Compose that reads another part must add it."""
    compose = ROOT / "policies" / "dfpolicy" / "lib" / "compose" / "compose.rego"
    pattern = r'value\.\w+\(service, \[?"([a-z_]+)"|\(service, "([a-z_]+)"\)'
    read = {"".join(names) for names in re.findall(pattern, compose.read_text("utf-8"))}
    apart = {"command", "entrypoint", "env_file", "environment", "image"}
    assert apart <= read
    assert read - apart <= READ_OF_SERVICES


def test_the_known_keys_of_the_agents_file_are_those_of_the_table() -> None:
    table = ROOT / "policies" / "dfpolicy" / "tables" / "config_keys" / "config_keys.rego"
    keys = re.findall(r'^\t"([a-z-]+)": \{"type"', table.read_text("utf-8"), re.MULTILINE)
    assert set(keys) == AGENT_KEYS


# What Kubernetes refuses, or does not know, still reaches the policies.
MALFORMED: dict[str, dict[str, Any]] = {
    "container": {
        "env": {"ANY": CANARY},
        "args": {"any": CANARY},
        "command": [{"any": CANARY}],
        "livenessProbe": {
            "exec": [CANARY],
            "httpGet": {"Path": CANARY},
            "grpc": {"service": CANARY},
        },
        "startupProbe": CANARY,
        "lifecycle": [{"exec": {"command": [CANARY]}}],
        "x-options": {"password": CANARY},
    },
    "variables": {
        "env": [f"ANY={CANARY}", {"name": "A", "Value": CANARY}, {"name": "A", "value": [CANARY]}]
    },
    "pod": {
        "initContainers": {"name": "a", "args": [CANARY]},
        "volumes": [{"name": "a", "csi": [CANARY]}, {"name": "b", "gitRepo": {"repository": URL}}],
        "x-token": [CANARY],
    },
    "ConfigMap": {"data": [CANARY], "stringData": {"a": CANARY}},
    "files": {"data": {"a": {"b": CANARY}, "c": [CANARY]}},
    "Secret": {"stringdata": {"a": CANARY}, "spec": CANARY},
    "ExternalSecret": {"data": [{"any": CANARY}], "spec": {"stringData": {"a": CANARY}}},
    "Service": {"metadata": {"annotations": {"a.deepflow.io/api-token": CANARY, "a": [CANARY]}}},
    "Custom": {"spec": {"tokens": [CANARY], "password": {"value": CANARY}, "accessKey": CANARY}},
}


@pytest.mark.parametrize("place", sorted(MALFORMED))
def test_values_of_other_types_and_in_unknown_fields(place: str) -> None:
    body = MALFORMED[place]
    kind = {"container": "Pod", "variables": "Pod", "pod": "Pod", "files": "ConfigMap"}.get(place)
    if place in ("container", "variables"):
        body = {"spec": {"containers": [{"name": "a", "image": "deepflow-agent", **body}]}}
    if place == "pod":
        body = {"spec": {"containers": [{"image": "a"}], **body}}
    found = without_secrets({"apiVersion": "v1", "kind": kind or place, **body})
    assert CANARY in json.dumps(body)
    assert CANARY not in json.dumps(found)


FILES = {
    f"password: my {CANARY}\na: b": "password: (hidden)\na: b",
    f"- token: a,{CANARY} # c\n  a: b": "- token: (hidden)\n  a: b",
    f"x:\n  password: |\n\n    {CANARY}\n  a: b": "x:\n  password: (hidden)\n\n\n  a: b",
    f"password: &a {CANARY}": "password: (hidden)",
    f"password: !!str {CANARY}": "password: (hidden)",
    f"password: 'it''s\n{CANARY}'\na: b": "password: (hidden)\n\na: b",
    f"tokens:\n- {CANARY}\na: b": "tokens:\n\na: b",
    f"secret:\n  value: {CANARY}\na: b": "secret:\n\na: b",
    f"? password\n: {CANARY}": "? password\n: (hidden)",
    f"x: {{password: my {CANARY}, b: [c]}}": "x: {password: (hidden), b: [c]}",
    f"x: {{tokens: [a, {CANARY}]}}": "x: {tokens: (hidden)}",
}


@pytest.mark.parametrize("text", sorted(FILES))
def test_files_keep_their_lines(text: str) -> None:
    assert redacted_file(text) == FILES[text]
    assert redacted_file(FILES[text]) == FILES[text]
    assert FILES[text].count("\n") == text.count("\n")


@pytest.mark.parametrize("part", ["{a: [", "{a: '", "- - ", "token: ", "? token\n", 'a: "\n'])
def test_hostile_files_take_linear_time(part: str) -> None:
    assert redacted_file("token: a\n" + part * (200_000 // len(part)))


def test_compose_keeps_only_what_is_read() -> None:
    hidden = {
        "x-common": {"ANY": CANARY},
        "configs": {"a": {"content": CANARY}},
        "volumes": {"a": {"driver_opts": {"o": CANARY}}},
        "models": {"m": {"runtime_flags": ["--key", CANARY]}},
    }
    service = {
        "image": "deepflow-agent",
        "environment": [{"ANY": CANARY}, "K8S_WATCH_POLICY=a"],
        "build": {"args": {"ANY": CANARY}},
        "post_start": [{"command": ["run", CANARY], "environment": [f"ANY={CANARY}"]}],
        "deploy": {"labels": {"a": CANARY}},
        "pid": "host",
    }
    kept = stripped("ComposeProject", {"services": {"a": service, "b": [CANARY]}, **hidden})
    assert CANARY not in json.dumps(kept)
    assert (kept["services"]["a"]["pid"], kept["services"]["a"]["environment"]) == (
        "host",
        [{"ANY": None}, "K8S_WATCH_POLICY=a"],
    )


def test_credentials_in_any_section_of_a_unit() -> None:
    sections = {
        "Unit": {"Environment": [f"ANY={CANARY}"]},
        "Service": {"SetCredential": [f"a:{CANARY}"], "environment": [f"ANY={CANARY}"]},
        "X-Any": {"Any": [CANARY]},
    }
    assert CANARY not in json.dumps(stripped("SystemdUnit", sections))


_NAMES = """
    spec template jobTemplate containers initContainers metadata annotations labels name image env
    value command args livenessProbe lifecycle preStop exec httpGet path httpHeaders data binaryData
    services environment healthcheck Service Environment ExecStart password
"""
_MEMBERS = st.sampled_from(_NAMES.split())
_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_MEMBERS, inner, max_size=4),
    max_leaves=25,
)


@given(
    st.dictionaries(_MEMBERS, _TREES, max_size=4),
    st.sampled_from(["apps/v1", "dfpolicy.dev/v1", "x/v1"]),
    st.sampled_from(["Pod", "Secret", "ConfigMap", "ComposeProject", "SystemdUnit", "Domain", "X"]),
)
def test_objects_of_any_shape(body: dict[str, Any], version: str, kind: str) -> None:
    value = {**body, "apiVersion": version, "kind": kind}
    before = json.dumps(value)
    kept = without_secrets(value)
    assert json.dumps(value) == before
    assert json.dumps(without_secrets(kept)) == json.dumps(kept)
