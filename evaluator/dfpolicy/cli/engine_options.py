"""The options of the policy engine."""

from __future__ import annotations

import click

from dfpolicy.model import ENGINES
from dfpolicy.settings.resolution import LONGEST_TIMEOUT, MOST_RETRIES

_SECONDS = click.FloatRange(0, LONGEST_TIMEOUT, min_open=True)

policy_option = click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="DIR",
    help="A folder of your own requirements, evaluated beside dfpolicy's; repeatable.",
)
opa_option = click.option(
    "--opa",
    metavar="PATH",
    help="The OPA binary of the engine opa.  [default: opa on PATH]",
)
# None must mean that a flag is not given; `resolve` then finds the value.
ENGINE_SETTINGS = [
    click.option(
        "--engine",
        type=click.Choice(("auto", *ENGINES)),
        help="What evaluates; auto takes server with --opa-url, opa with --policy, else wasm."
        "  [default: auto]",
    ),
    policy_option,
    opa_option,
    click.option("--opa-url", "opaUrl", metavar="URL", help="The OPA of the engine server."),
    click.option(
        "--opa-token-file",
        "opaTokenFile",
        metavar="FILE",
        help="The file of its bearer token.  [default: the token in $DFPOLICY_OPA_TOKEN]",
    ),
    click.option(
        "--opa-ca",
        "opaCa",
        metavar="FILE",
        help="The authorities that its certificate is checked against, in PEM.",
    ),
    click.option(
        "--opa-certificate",
        "opaCertificate",
        metavar="FILE",
        help="The certificate to show it, in PEM.",
    ),
    click.option(
        "--opa-key",
        "opaKey",
        metavar="FILE",
        help="The key of that certificate, in PEM.  [default: the file of the certificate]",
    ),
    click.option(
        "--opa-connect-timeout",
        "opaConnectTimeout",
        type=_SECONDS,
        metavar="SECONDS",
        help="Time for a connection.  [default: 5]",
    ),
    click.option(
        "--opa-timeout",
        "opaTimeout",
        type=_SECONDS,
        metavar="SECONDS",
        help="Time for the evaluation by opa or server, all attempts together.  [default: 60]",
    ),
    click.option(
        "--opa-retries",
        "opaRetries",
        type=click.IntRange(0, MOST_RETRIES),
        metavar="N",
        help="How often to ask again without a connection or after a 429 or 5xx.  [default: 2]",
    ),
    click.option(
        "--opa-any-revision/--opa-same-revision",
        "opaAnyRevision",
        default=None,
        help="Take decisions of a server whose policies are not this dfpolicy's."
        "  [default: opa-same-revision]",
    ),
]
