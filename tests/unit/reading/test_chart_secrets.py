from __future__ import annotations

from pathlib import Path

import pytest

from dfpolicy.reading.chart_secrets import hide, secrets_of


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("password: alpha", {"alpha"}),
        ("a: {b: [{mysqlPassword: alpha}]}", {"alpha"}),
        ("credentials: {user: alpha, pin: 1234}", {"alpha", "1234"}),
        ("tokens: [alpha, beta]", {"alpha", "beta"}),
        ("apiKey: alpha\nprivate_key: beta", {"alpha", "beta"}),
        ("env: [{name: DB_PASSWORD, value: alpha}]", {"alpha"}),
        ("env: [{name: MODE, value: alpha}]", set()),
        ("env: [{name: MODE, value: alphabet}]", {"alphabet"}),
        ("tolerations: [{key: alpha, operator: Exists}]", set()),
        ("password: true\ntoken:\nsecret: ''", {""}),
        ("key: |\n  alpha\napi_key: |\n  alpha\n  beta\n", {"alpha\nbeta\n", "alpha", "beta"}),
        ('{"password": "alpha"}', {"alpha"}),
        ("---\na: 1\n---\npassword: alpha", {"alpha"}),
        ("a: [\n  password: 'alpha'\n", {"alpha"}),
        ("\0", set()),
    ],
)
def test_secrets_of_values(tmp_path: Path, content: str, found: set[str]) -> None:
    (tmp_path / "v.yaml").write_text(content, "utf-8")
    assert secrets_of([str(tmp_path / "v.yaml")], [], []) == found
    assert secrets_of([], [content.encode()], []) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("password=alpha", {"alpha"}),
        ("a=b,c.token=alpha,d=e", {"alpha"}),
        (r"password=al\,pha,a=b", {r"al\,pha", "al,pha"}),
        ("a=b", set()),
        ("password", {""}),
        ("--password=alpha", {"alpha"}),
        ("--set-string=a.password=alpha", {"alpha"}),
        ("--kube-version=1.30", set()),
        ("--debug", set()),
        ("env[0].name=DB_PASSWORD,env[0].value=alphabet", {"alphabet"}),
    ],
)
def test_secrets_of_assignments(text: str, found: set[str]) -> None:
    assert secrets_of([], [], [text]) == found


def test_unreadable_values_give_no_secrets(tmp_path: Path) -> None:
    assert (
        secrets_of([str(tmp_path), str(tmp_path / "gone"), "https://example.com/v"], [], [])
        == set()
    )


@pytest.mark.parametrize(
    ("text", "secrets", "hidden"),
    [
        ("not alpha", ["alpha"], "not (hidden)"),
        ('not "a\\"lpha"', ['a"lpha'], 'not "(hidden)"'),
        ("alphabet", ["alpha", "alphabet"], "(hidden)"),
        ("ab is not cab", ["ab"], "(hidden) is not cab"),
        ("nothing", [""], "nothing"),
        ("a.c abc", ["a.c"], "(hidden) abc"),
        ("not YWxwaGE=", ["alpha"], "not (hidden)"),
        (
            "at (x/secret.yaml:1:3): my-token: alpha",
            [],
            "at (x/secret.yaml:1:3): my-token: (hidden)",
        ),
        ("password: |\n  alpha\nb: c", [], "password: (hidden)\n\nb: c"),
    ],
)
def test_secrets_are_replaced_in_text(text: str, secrets: list[str], hidden: str) -> None:
    assert hide(text, secrets) == hidden
