"""A backup: one file with the index, the library, what readers said, the runs, the settings and who may read.

::

    tar
        index/...          manifest.json, the generation that it names, and the files whose pages can be shown
        library/...        uploads, removed reports, notes
        feedback/...       what readers said; SQLite is copied by SQLite itself
        runs/...           runs of the evaluation
        rapportsvar.toml   the settings
        access.toml        who may read and do what, whatever the file is called
        contents.json      size and SHA-256 of each of these; last, so that a backup that was cut off is known

Not in it: the reports outside the library, the prepared model and secrets; nor ``views/`` of the index, which
holds copies of parts of it and is made anew when it is asked for: what somebody may see is never taken from a
file that was handed to us.
"""

from rapportsvar.engine.backup.making import back_up
from rapportsvar.engine.backup.places import BackupSummary, Places
from rapportsvar.engine.backup.restoring import restore, saved_settings

__all__ = ["BackupSummary", "Places", "back_up", "restore", "saved_settings"]
