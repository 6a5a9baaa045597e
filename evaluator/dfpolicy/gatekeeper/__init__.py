"""The export to Gatekeeper: the same Rego as ConstraintTemplates."""
