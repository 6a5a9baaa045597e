"""`python -m tools.dev`: the commands of the Makefile."""

from __future__ import annotations

import argparse
import sys

from tools.dev import check, coverage, drift, generate, krew, locale, man, new, sbom, site
from tools.dev.errors import DevError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("generate", help="write the generated files")
    command.add_argument("--check", action="store_true", help="only print stale files")
    commands.add_parser("coverage", help="run the Rego tests with coverage")
    commands.add_parser("words", help="update the list of Chinese texts from the sources")
    command = commands.add_parser("site", help="write the pages of the site into build/")
    command.add_argument("--finish", action="store_true", help="finish and check the built site")
    commands.add_parser("man", help="write the man pages into build/man")
    command = commands.add_parser("krew", help="write the kubectl plugin for krew into dist/")
    command.add_argument("--url", required=True, help="where the archive will be")
    commands.add_parser("sbom", help="write the bill of materials into dist/")
    commands.add_parser("ids", help="print the next free id of each group")
    command = commands.add_parser("drift", help="compare upstream checkouts with the tables")
    command.add_argument("--upstream", required=True, help="deepflow, deepflow-charts and docs")
    command.add_argument("--record", action="store_true", help="rewrite the records")
    command = commands.add_parser("check", help="check one requirement")
    command.add_argument("--id", required=True)
    kinds = commands.add_parser("new", help="start something").add_subparsers(required=True)
    command = kinds.add_parser("requirement", help="a rule, its test and its examples")
    for name in ("group", "id", "title"):
        command.add_argument(f"--{name}", required=True)
    command.add_argument("--reads", default="manifests")
    command.add_argument("--name", default="", help="file name; by default from the title")
    return parser


def main() -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args()
    if options.command == "generate":
        return generate.main(check=options.check)
    if options.command == "coverage":
        return coverage.main()
    if options.command == "words":
        return locale.main()
    if options.command == "site":
        return site.main(finish=options.finish)
    plain = {"man": man.main, "sbom": sbom.main}
    if options.command in plain:
        return plain[options.command]()
    if options.command == "krew":
        return krew.main(options.url)
    if options.command == "ids":
        return new.print_ids()
    if options.command == "drift":
        return drift.main(options.upstream, record=options.record)
    if options.command == "check":
        return check.main(options.id)
    return new.requirement(options.group, options.id, options.title, options.reads, options.name)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
