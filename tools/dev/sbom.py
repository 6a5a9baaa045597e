"""Writes the SBOM of the wheel as CycloneDX: its dependencies and its content.

The packages are those of the environment, which is installed from the lock file. The SBOM contains
no time and no random value, so that the same lock file gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.dev import opa
from tools.dev.paths import BUNDLE, ROOT

from dfpolicy.version import VERSION

if TYPE_CHECKING:
    from cyclonedx.model.component import Component
    from cyclonedx.model.license import License

# Extras that users install; packages that only extras need are optional.
EXTRAS = ("sign",)
# `opa build` adds these to each module, from wasm/src/ of its sources.
_IN_OPA = {
    "libmpdec": ("Decimal arithmetic, compiled into policy.wasm", "BSD-2-Clause"),
    "re2": ("Regular expressions, compiled into policy.wasm", "BSD-3-Clause"),
}


def bill() -> str:
    """Return the SBOM as JSON text."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion

    bom = Bom()
    packages = {name: _package(name, optional) for name, optional in _needed().items()}
    bom.metadata.component = product = packages.pop("dfpolicy")
    bom.components.update(packages.values())
    for name, component in [("dfpolicy", product), *packages.items()]:
        wanted = [packages[one] for one in _wanted(name) if one in packages]
        bom.register_dependency(component, wanted)
    module, compiler = _module(), _opa()
    bom.components.update((module, compiler))
    bom.register_dependency(product, [module])
    bom.register_dependency(module, [compiler])
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    content = json.loads(text)
    # Both would differ in each run.
    del content["serialNumber"], content["metadata"]["timestamp"]
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _needed() -> dict[str, bool]:
    """The packages that the wheel needs, including itself, and whether only an extra needs them."""
    found: dict[str, bool] = {}
    for extras in ((), EXTRAS):
        left = [("dfpolicy", extras)]
        while left:
            name, chosen = left.pop()
            for one in _wanted(name, chosen):
                if one not in found and (one, ()) not in left:
                    left.append((one, ()))
            found.setdefault(name, bool(extras))
    return found


def _wanted(name: str, extras: tuple[str, ...] = EXTRAS) -> Iterator[str]:
    """The requirements of a package in this environment, with some of its extras."""
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(requirement.name)


def _package(name: str, optional: bool) -> Component:
    from cyclonedx.model.component import Component, ComponentScope, ComponentType
    from packageurl import PackageURL

    found = distribution(name)
    own = name == "dfpolicy"
    # The tree's own version: the environment may have been made before it changed.
    version = VERSION if own else found.version
    url = PackageURL("pypi", name=name, version=version)
    return Component(
        bom_ref=str(url),
        type=ComponentType.APPLICATION if own else ComponentType.LIBRARY,
        name=name,
        version=version,
        description=found.metadata["Summary"],
        scope=ComponentScope.OPTIONAL if optional else ComponentScope.REQUIRED,
        licenses=_licenses(found),
        purl=url,
    )


def _licenses(found: Distribution) -> list[License]:
    """The license as the package names it: an expression, a name, or its classifiers."""
    from cyclonedx.factory.license import LicenseFactory

    told: Any = found.metadata
    short = told.get("License-Expression") or told.get("License")
    if short and "\n" not in short:
        return [LicenseFactory().make_from_string(short)]
    classified = [
        re.sub(r".*:: ", "", text)
        for text in told.get_all("Classifier", ())
        if text.startswith("License :: ")
    ]
    return [LicenseFactory().make_from_string(text) for text in classified]


def _module() -> Component:
    """The policy module, which is not a package of any registry."""
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType

    path = BUNDLE / "policy.wasm"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Component(
        bom_ref="policy.wasm",
        type=ComponentType.FILE,
        name=path.relative_to(ROOT / "evaluator").as_posix(),
        description="The policies of policies/dfpolicy, compiled by `opa build -t wasm`",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )


def _opa() -> Component:
    from cyclonedx.factory.license import LicenseFactory
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    version = f"v{opa.pinned()['OPA_VERSION']}"
    license_of = LicenseFactory().make_from_string
    url = PackageURL("golang", "github.com/open-policy-agent", "opa", version)
    return Component(
        bom_ref=str(url),
        type=ComponentType.LIBRARY,
        name="opa",
        group="github.com/open-policy-agent",
        version=version,
        description="Compiled policy.wasm; its runtime is part of it",
        licenses=[license_of("Apache-2.0")],
        purl=url,
        components=[
            Component(
                bom_ref=f"{url}#wasm/src/{name}",
                name=name,
                description=description,
                licenses=[license_of(text)],
            )
            for name, (description, text) in _IN_OPA.items()
        ],
    )


def main() -> int:
    """Write dist/dfpolicy-VERSION.cdx.json."""
    path = Path("dist") / f"dfpolicy-{VERSION}.cdx.json"
    (ROOT / path).parent.mkdir(exist_ok=True)
    (ROOT / path).write_text(bill(), "utf-8")
    print(f"wrote {path}")
    return 0
