"""The input document of the policies, made out of documents."""
