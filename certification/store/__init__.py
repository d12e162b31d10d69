"""The store: one installation's units, dossiers, facts, decisions and accounts in a database.

Django's models live here and are turned into the rooms' frozen values at this door (``assessments``); every
change goes through ``changes.change``: one transaction, the permission judged, its entry in the log.
"""
