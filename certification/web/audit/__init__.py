"""The log for the auditor: every change, entry by entry, and whether the chain is whole."""
