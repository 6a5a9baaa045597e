"""The fixed words of the HTML report."""

from __future__ import annotations

from dfpolicy.formats.features import LEGEND
from dfpolicy.i18n.language import _, marked, spoken

_WORDS: dict[str, str] = {
    "heading": marked("DeepFlow deployment requirements"),
    "skip": marked("Skip to the results"),
    # The verdict, and what it means with its exit code.
    "verdict": marked("Verdict"),
    "exit_code": marked("exit code"),
    "violation_0": marked("There are violations, but none counts."),
    "violation_1": marked("At least one violation counts against this deployment."),
    "unknown_0": marked("No violation counts, but required requirements are unknown."),
    "unknown_1": marked("Required requirements are unknown; --strict counts them."),
    "pass_0": marked("No violation counts, and no required requirement is unknown."),
    "pass_1": marked("No violation counts."),
    "counts": marked("Results by outcome"),
    "count_required": marked("required violations"),
    "count_required_1": marked("required violation"),
    "count_recommended": marked("recommended violations"),
    "count_recommended_1": marked("recommended violation"),
    "count_informational": marked("informational violations"),
    "count_informational_1": marked("informational violation"),
    "count_unknown": marked("unknown"),
    "count_waived": marked("waived"),
    "count_pass": marked("pass"),
    # The deployment.
    "mode": marked("Mode"),
    "given": marked("given"),
    "detected": marked("detected"),
    "candidates": marked("also possible"),
    "profile": marked("Profile"),
    "configuration": marked("Configuration"),
    "agents": marked("Agents"),
    "version_unknown": marked("version unknown"),
    # What is lost.
    "lost_heading": marked("What is lost"),
    "lost_nothing": marked("No feature is lost."),
    "lost_caption": marked("Features, and the violations because of which they are lost"),
    "feature": marked("Feature"),
    "taken_by": marked("Lost because of"),
    "may_be_taken_by": marked("May be lost because of"),
    "unaffected": marked("Not affected"),
    # What is not known.
    "unknowns_heading": marked("Not checked"),
    "collect_caption": marked("Commands that check what is unknown"),
    "command": marked("Command"),
    "run_on": marked("About"),
    "answers": marked("Checks"),
    "collect_hint": marked(
        "Put the answers for nodes into NodeFacts documents in the same input; "
        "see dfpolicy schema node-facts."
    ),
    # The nodes.
    "nodes_heading": marked("What DeepFlow can see on each node"),
    "nodes_caption": marked("Nodes with the same capabilities share a row"),
    "nodes_none": marked("The input contains no facts about nodes."),
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
    "waivers_heading": marked("Waivers that cover nothing"),
    "waiver_expired": marked("expired, covers nothing"),
    "waiver_unused": marked("covers no violation and no unknown"),
    "ignored_heading": marked("Documents without apiVersion and kind"),
    "bundle": marked("policies"),
    "engine": marked("engine"),
}

# What the script shows; the rest is on the page already.
SCRIPT = ("shown", "of", "copy", "copied", "theme_auto", "theme_light", "theme_dark")


def words() -> dict[str, str]:
    """Return the words in the language in force, `language` as HTML names it."""
    language = {"en": "en", "zh": "zh-CN"}[spoken()]
    return {"language": language} | {key: _(text) for key, text in _WORDS.items()}
