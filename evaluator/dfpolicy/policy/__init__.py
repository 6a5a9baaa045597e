"""The policies as data: their Rego, catalogue, bundle and signature."""
