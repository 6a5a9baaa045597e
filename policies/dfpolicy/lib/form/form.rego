# METADATA
# title: Install forms
# description: >-
#   How an agent is installed: kubernetes, compose or systemd. The requirements are the
#   same; the words in which a user finds and changes a setting are not.
package dfpolicy.lib.form

import data.dfpolicy.lib.result

# METADATA
# title: On a host
# description: Holds for an agent that a host runs without Kubernetes.
host(agent) if agent.form in {"compose", "systemd"}

# METADATA
# title: Words
# description: The text for the agent's form out of {kubernetes, compose, systemd}; a form may be left out.
words(agent, texts) := object.get(texts, object.get(agent, "form", ""), texts.kubernetes)

# METADATA
# title: Verdict with another remedy
# description: The verdict, with the remediation for the agent's form, where there is another one.
remedied(agent, remedies, verdict) := result.remedied(remedies[agent.form], verdict) if {
	remedies[agent.form]
} else := verdict
