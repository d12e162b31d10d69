"""Archives: a backup is one ZIP file with the database, the documents and a manifest of their hashes.

The manifest names every file with its hash, the migrations the database has seen and the end of its log, so that
an archive can be judged before anything is restored from it.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from attrs import asdict, define, field, frozen

from certification.ledger import Flaw, Head, from_line, verify_chain
from levels.faults import Text, reason_of

FORMAT = "certify-backup/1"
MANIFEST = "manifest.json"
LOG = "audit.jsonl"
CONFIGURATION = "configuration.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
DOCUMENTS = "proofs/"
_CHUNK = 2**20


class Unusable(Exception):
    """A backup that cannot be made, or an archive that cannot be restored; ``texts`` say why, each by itself."""

    def __init__(self, *texts: Text) -> None:
        super().__init__("\n".join(text.en for text in texts))
        self.texts = texts


@frozen
class Stored:
    """One file of an archive."""

    sha256: str
    size: int


@frozen
class Manifest:
    """What an archive says of itself."""

    made_at: str
    software: str
    vendor: str
    migrations: tuple[str, ...]
    head: Head
    files: dict[str, Stored]
    format: str = FORMAT


@define
class Writing:
    """An archive being written; ``files`` gathers what is in it."""

    zip: zipfile.ZipFile
    files: dict[str, Stored] = field(factory=dict)

    def add(self, name: str, content: IO[bytes] | Iterable[bytes], *, pack: bool = False) -> Stored:
        """Put ``content`` in as ``name``; what was stored."""
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
        sha, size = hashlib.sha256(), 0
        with self.zip.open(entry, "w", force_zip64=True) as target:
            for chunk in _chunks(content):
                sha.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.files[name] = Stored(sha.hexdigest(), size)
        return self.files[name]

    def finish(self, manifest: Manifest) -> None:
        """Put the manifest in: last, since only now the hashes are known."""
        self.zip.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True))


def _chunks(content: IO[bytes] | Iterable[bytes]) -> Iterator[bytes]:
    if hasattr(content, "read"):
        while chunk := content.read(_CHUNK):
            yield chunk
    else:
        yield from content


@frozen
class Archive:
    """An archive opened for reading, whose manifest could be read; ``flaws`` tells whether it is whole."""

    zip: zipfile.ZipFile
    manifest: Manifest

    @property
    def database(self) -> str:
        """The name of the file with the database."""
        return DATABASES[self.manifest.vendor]

    @property
    def documents(self) -> list[str]:
        """The names of the files that are stored documents."""
        return [name for name in self.manifest.files if name.startswith(DOCUMENTS)]

    def open(self, name: str) -> IO[bytes]:
        """One of its files."""
        return self.zip.open(name)

    def flaws(self) -> Iterator[Text]:
        """Whatever is not as the manifest says: files that are missing, changed or added."""
        there = {entry.filename for entry in self.zip.infolist()} - {MANIFEST}
        for name in sorted(there - self.manifest.files.keys()):
            yield Text(vi=f"{name}: không có trong danh mục", en=f"{name}: not in the manifest")
        for name, stored in self.manifest.files.items():
            if name not in there:
                yield Text(vi=f"{name}: thiếu trong tệp sao lưu", en=f"{name}: missing from the archive")
            elif self.zip.getinfo(name).file_size != stored.size or self._hash(name) != stored.sha256:
                yield Text(
                    vi=f"{name}: nội dung khác với mã băm trong danh mục",
                    en=f"{name}: not what its hash in the manifest says",
                )

    def _hash(self, name: str) -> str:
        sha = hashlib.sha256()
        try:
            with self.open(name) as stream:
                for chunk in _chunks(stream):
                    sha.update(chunk)
        except (zipfile.BadZipFile, OSError, EOFError):  # damaged within: the check sum of the ZIP itself fails
            return ""
        return sha.hexdigest()

    def log_flaws(self) -> Iterator[Flaw]:
        """Every flaw of the log that is in the archive."""
        with self.open(LOG) as stream:
            try:
                yield from verify_chain((from_line(line.decode("utf-8")) for line in stream), self.manifest.head)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                found = Text(vi=f"nhật ký không đọc được: {error!r}", en=f"the log cannot be read: {error!r}")
                yield Flaw(0, found)


def read_archive(path: Path) -> Archive:
    """The archive in ``path`` with its manifest. Raises ``Unusable`` where it is none."""
    try:
        opened = zipfile.ZipFile(path)
    except OSError as error:
        why = reason_of(error)
        raise Unusable(
            Text(vi=f"{path}: không đọc được tệp ({why.vi})", en=f"{path}: the file cannot be read ({why.en})")
        ) from error
    except zipfile.BadZipFile as error:
        raise Unusable(_none(path)) from error
    try:
        plain = json.loads(opened.read(MANIFEST))
        if plain.pop("format") != FORMAT:
            raise ValueError("another format")
        manifest = _read(plain)
    except Exception as error:  # whatever is wrong in a hostile file, it is no backup
        opened.close()
        raise Unusable(_none(path)) from error
    return Archive(opened, manifest)


def _read(plain: dict[str, Any]) -> Manifest:
    files = {str(name): Stored(**stored) for name, stored in plain.pop("files").items()}
    for name in files:
        plainly = PurePosixPath(name)
        # ``proofs//etc/x`` is no absolute path until the folder is cut off: only one way to write a name is taken.
        if plainly.is_absolute() or ".." in plainly.parts or "\\" in name or str(plainly) != name:
            raise ValueError(f"{name} leads out of the archive")
    head = Head(**plain.pop("head"))
    manifest = Manifest(**{**plain, "migrations": tuple(plain["migrations"])}, head=head, files=files)
    if DATABASES[manifest.vendor] not in files or LOG not in files:
        raise ValueError("no database")
    return manifest


def _none(path: Path) -> Text:
    return Text(
        vi=f"{path}: không phải tệp sao lưu; cần tệp do «certify backup» tạo ra",
        en=f"{path}: this is no backup; a file made by «certify backup» is expected",
    )
