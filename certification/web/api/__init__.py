"""The JSON API, for the systems that feed facts and read results; each call acts with one appointment of one person."""
