"""What a template does not use is left out of its libraries, and nothing else."""

from __future__ import annotations

from dfpolicy.gatekeeper.unused import without_unused

OWN = "package own\nimport data.lib.a\nx := a.public(1)\n"
USED = """\
package lib.a
import data.lib.b
import data.lib.c as other
public(x) := _first(x) if {
 x
} else := b.value
_first(x) := {
 "y": x,
}
_unnamed := other.only_here
"""
CONSTANTS = "package lib.b\ndefault value := 1\nvalue := 2 if {\n input.x\n}\n"
OTHER = "package lib.c\nonly_here := 1\n"
# Private rules belong to their module, though another one has a private rule of this name.
PRIVATE = "package lib.d\n_first(x) := x\n"


def test_only_rules_that_something_names_remain() -> None:
    found = without_unused(OWN, [], [USED, CONSTANTS, OTHER, PRIVATE])
    assert found == [
        USED.replace("_unnamed := other.only_here\n", "").replace(
            "import data.lib.c as other\n", ""
        ),
        CONSTANTS,
    ]
    # What a whole module names is used too.
    whole = without_unused(OWN, ["package w\nz := data.lib.c.only_here\n"], [OTHER])
    assert whole == [OTHER]
