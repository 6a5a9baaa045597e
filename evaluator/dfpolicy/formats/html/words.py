"""The fixed words of the HTML report."""

from __future__ import annotations

from dfpolicy.formats.features import LEGEND
from dfpolicy.i18n.language import _, marked, spoken

_WORDS: dict[str, str] = {
    "heading": marked("DeepFlow deployment requirements"),
    "skip": marked("Skip to the results"),
    "sections": marked("Sections"),
    # The first screen.
    "short_blocks": marked("What blocks"),
    "short_loses": marked("What you lose"),
    "short_todo": marked("What to do"),
    "nothing_blocks": marked("Nothing blocks."),
    "nothing_loses": marked("Nothing is lost."),
    "nothing_else": marked("Nothing else is lost."),
    "nothing_todo": marked("Nothing is left to do."),
    "and_more": marked("more problems"),
    # The problems.
    "problems_heading": marked("Problems"),
    "accepted_heading": marked("Accepted"),
    "problem_found": marked("Found"),
    "problem_where": marked("Where"),
    "problem_expected": marked("Must be"),
    "problem_nodes": marked("Nodes"),
    "problem_lost": marked("You lose"),
    "problem_fix": marked("Fix"),
    "blocks": marked("blocks"),
    "loses": marked("loses"),
    "change_heading": marked("Change"),
    "questions": marked("to answer"),
    "write": marked("To check them and write files:"),
    "accept": marked("Or accept what blocks on these nodes only:"),
    # The deployment.
    "mode": marked("Mode"),
    "given": marked("given"),
    "detected": marked("detected"),
    "candidates": marked("also possible"),
    "profile": marked("Profile"),
    "configuration": marked("Configuration"),
    "agents": marked("Agents"),
    "servers": marked("Servers"),
    "version_unknown": marked("version unknown"),
    # What was not checked.
    "unknowns_heading": marked("Not checked"),
    "unknowns_caption": marked("Who knows what was not checked, and for how many requirements"),
    "check": marked("To check them:"),
    "server": marked("To answer the rest:"),
    "elsewhere": marked(
        "No cluster access here? Run this where there is, and bring facts.yaml back:"
    ),
    # The nodes.
    "nodes_heading": marked("What each node gets"),
    "kinds_caption": marked("Features by kind of node; a number names the problem"),
    "kinds_legend": marked("yes: nothing found against it. * off by default."),
    "kinds_accepted": marked("~: lost by an accepted problem."),
    "system_and_kernel": marked("System and kernel"),
    "kernels_heading": marked("What the kernels support"),
    "nodes_caption": marked("Nodes with the same capabilities share a row"),
    "nodes_none": marked("The input contains no facts about nodes."),
    "system_unknown": marked("unknown system"),
    "kernel_unknown": marked("unknown kernel"),
    "count": marked("Nodes"),
    "nodes": marked("nodes"),
    "all_nodes": marked("All nodes"),
    "system": marked("Names and systems"),
    "more_systems": marked("more systems"),
    "kprobe": marked("kprobe"),
    "perf": marked("perf"),
    "golang_uprobe": marked("Go uprobe"),
    "openssl_uprobe": marked("OpenSSL uprobe"),
    "fentry": marked("fentry"),
    "certainty": marked("certainty"),
    **{f"about_{column}": meaning for column, meaning in LEGEND.items()},
    "yes": marked("yes"),
    "no": marked("no"),
    "host-only": marked("host only"),
    "listed": marked("listed"),
    "unlisted": marked("unlisted"),
    # The results.
    "results_heading": marked("Results"),
    "outcome": marked("Outcome"),
    "level": marked("Level"),
    "group": marked("Group"),
    "all_groups": marked("All groups"),
    "subject": marked("Node or other subject"),
    "search": marked("Search"),
    "reset": marked("Clear filters"),
    "open_all": marked("Open all"),
    "close_all": marked("Close all"),
    "theme": marked("Colours"),
    "theme_auto": marked("automatic"),
    "theme_light": marked("light"),
    "theme_dark": marked("dark"),
    "keys": marked("Keys"),
    "key_search": marked("search"),
    "key_move": marked("next, previous result"),
    "key_open": marked("open, close"),
    "key_clear": marked("clear filters"),
    "violation": marked("violation"),
    "unknown": marked("unknown"),
    "waived": marked("waived"),
    "pass": marked("pass"),
    "required": marked("required"),
    "recommended": marked("recommended"),
    "informational": marked("informational"),
    "found": marked("found"),
    "expected": marked("expected"),
    "lost": marked("lost"),
    "may_be_lost": marked("may be lost"),
    "fix": marked("fix"),
    "collect": marked("run"),
    "more": marked("about this requirement"),
    "subjects": marked("subjects"),
    "shown": marked("shown"),
    "of": marked("of"),
    "nothing": marked("No result matches the filters."),
    "copy": marked("Copy"),
    "copied": marked("Copied"),
    # The end.
    "waivers_heading": marked("Waivers to review"),
    "unjudged_heading": marked("Not judged"),
    "unjudged_render": marked("To judge what it installs:"),
    "ignored_heading": marked("Documents without apiVersion and kind"),
    "bundle": marked("policies"),
    "engine": marked("engine"),
}

# What the script shows; all other words are in the page already.
SCRIPT = ("shown", "of", "copy", "copied", "theme_auto", "theme_light", "theme_dark")


def words() -> dict[str, str]:
    """Return the words in the language in force; `language` is its HTML name."""
    language = {"en": "en", "zh": "zh-CN"}[spoken()]
    return {"language": language} | {key: _(text) for key, text in _WORDS.items()}
