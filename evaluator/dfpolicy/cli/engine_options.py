"""The options for the policy engine."""

from __future__ import annotations

from math import isnan
from typing import Any

import click

from dfpolicy.model import ENGINES
from dfpolicy.settings.resolution import LONGEST_TIMEOUT, MOST_RETRIES


class _Seconds(click.FloatRange):
    """A number of seconds. NaN, which is in every range for click, is refused."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds = float(super().convert(value, param, ctx))
        if isnan(seconds):
            self.fail(str(value), param, ctx)
        return seconds


_SECONDS = _Seconds(0, LONGEST_TIMEOUT, min_open=True)

policy_option = click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="DIR",
    help="Directory with your own requirements; repeatable.",
)
opa_option = click.option(
    "--opa",
    metavar="PATH",
    help="OPA binary for the engine opa.  [default: opa on PATH]",
)
# None means that a flag is not given; `resolve` then decides.
ENGINE_SETTINGS = [
    click.option(
        "--engine",
        type=click.Choice(("auto", *ENGINES)),
        help="Policy engine; auto uses server when --opa-url is given, opa when --policy is given,"
        " otherwise wasm.  [default: auto]",
    ),
    policy_option,
    opa_option,
    click.option(
        "--opa-url",
        "opaUrl",
        metavar="URL",
        help="Address of the OPA server for the engine server.",
    ),
    click.option(
        "--opa-token-file",
        "opaTokenFile",
        metavar="FILE",
        help="File with the bearer token for the server.  [default: $DFPOLICY_OPA_TOKEN]",
    ),
    click.option(
        "--opa-ca",
        "opaCa",
        metavar="FILE",
        help="CA certificates for the server, in PEM.  [default: certifi's CA bundle]",
    ),
    click.option(
        "--opa-certificate",
        "opaCertificate",
        metavar="FILE",
        help="Client certificate, in PEM.",
    ),
    click.option(
        "--opa-key",
        "opaKey",
        metavar="FILE",
        help="Key of the client certificate, in PEM.  [default: the file of the certificate]",
    ),
    click.option(
        "--opa-connect-timeout",
        "opaConnectTimeout",
        type=_SECONDS,
        metavar="SECONDS",
        help="Time limit for a connection, in seconds.  [default: 5]",
    ),
    click.option(
        "--opa-timeout",
        "opaTimeout",
        type=_SECONDS,
        metavar="SECONDS",
        help="Time limit for opa or server, all attempts together, in seconds.  [default: 60]",
    ),
    click.option(
        "--opa-retries",
        "opaRetries",
        type=click.IntRange(0, MOST_RETRIES),
        metavar="N",
        help="How often to retry without a connection, or after status 429 or 5xx.  [default: 2]",
    ),
    click.option(
        "--opa-any-revision/--opa-same-revision",
        "opaAnyRevision",
        default=None,
        help="Accept decisions of a server that has other policies than this dfpolicy."
        "  [default: opa-same-revision]",
    ),
]
