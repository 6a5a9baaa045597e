"""Picks, of whatever YAML files a repository has, those that can tell of DeepFlow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dfpolicy.errors import InputError
from dfpolicy.reading.documents import Document, split
from dfpolicy.reading.host_documents import wrap
from dfpolicy.reading.sources import Source, decode, paths_of, read_file, read_standard_input

# Each mark that an agent is known by, label, image or program, holds this word.
_AGENT = b"deepflow-agent"
# What else may belong to an agent, with facts.
_NAMES = (b"deepflow", b"dfpolicy.dev/")
# What kustomize reads itself; it need have no name.
_KUSTOMIZE = "kustomize.config.k8s.io/"
_NAMED = 3


@dataclass
class Found:
    """The documents that can tell of an agent, the files that name DeepFlow, and how many in all.

    There are no documents where none of the files can hold an agent.
    """

    documents: list[Document] = field(default_factory=list)
    naming: list[str] = field(default_factory=list)
    files: int = 0

    def account(self) -> str:
        """Return what was found where there is no agent, as text."""
        files = f"{self.files} file{'' if self.files == 1 else 's'}"
        if not self.naming:
            return f"no DeepFlow agent in {files}"
        more = ", …" if len(self.naming) > _NAMED else ""
        names = ", ".join(self.naming[:_NAMED]) + more
        return f"no DeepFlow agent in {files}, though {len(self.naming)} name DeepFlow: {names}"


def find(arguments: Sequence[str]) -> Found:
    """Read the files, directories, globs and `-`, and keep what can tell of an agent.

    Files that do not name DeepFlow need be no YAML, and none where no file names its agent.
    Raises InputError for what cannot be read, and for one of the others that is no YAML.
    """
    found = Found()
    telling: list[tuple[str, bytes]] = []
    agent = False
    for name, content in _contents(arguments):
        found.files += 1
        # UTF-16 has a NUL beside each letter.
        text = (Path(name).name.encode(errors="replace") + content.replace(b"\0", b"")).lower()
        if any(word in text for word in _NAMES):
            found.naming.append(name)
            telling.append((name, content))
        agent = agent or _AGENT in text
    if agent:
        for name, content in telling:
            found.documents += _documents(Source(name, decode(content, name)))
    return found


def _contents(arguments: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for argument in arguments:
        if argument == "-":
            yield "stdin", read_standard_input()
        else:
            for path in paths_of(argument):
                yield path, read_file(path)


def _documents(source: Source) -> list[Document]:
    try:
        return [document for document in split(source) if _counts(document)]
    except InputError as error:
        if "{{" not in source.text:
            raise
        hint = "leave templates out, and evaluate the chart with --helm"
        raise InputError(f"a template, no YAML: {error.message}", error.where, hint) from error


def _counts(document: Document) -> bool:
    value = document.value
    if isinstance(value, dict) and "kind" in value and "apiVersion" in value:
        # The files of other programs are typed too, such as a kubeconfig or a stored report.
        in_cluster = not value.keys().isdisjoint({"metadata", "spec", "items"})
        return in_cluster and not str(value["apiVersion"]).startswith(_KUSTOMIZE)
    return wrap(document) is not None
