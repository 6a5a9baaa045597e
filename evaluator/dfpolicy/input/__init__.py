"""The input document of the policies, built from documents."""
