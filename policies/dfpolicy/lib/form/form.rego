# METADATA
# title: Installation forms
# description: >-
#   How an agent is installed: kubernetes, compose or systemd. The requirements are the same, but
#   the settings have other names.
package dfpolicy.lib.form

import data.dfpolicy.lib.result

# METADATA
# title: On a host
# description: True for an agent on a host without Kubernetes.
host(agent) if _hosts[agent.form]

_hosts := {"compose", "systemd"}

# METADATA
# title: Words for the form
# description: >-
#   The value for the agent's form out of {kubernetes, compose, systemd}. A missing form gets the
#   value of kubernetes. A text that a person reads is a message.
words(agent, texts) := object.get(texts, object.get(agent, "form", ""), texts.kubernetes)

# METADATA
# title: Verdict with the remediation of the form
# description: The verdict, with the remediation for the agent's form if there is one.
remedied(agent, remedies, verdict) := result.remedied(remedies[agent.form], verdict) if {
	remedies[agent.form]
} else := verdict
