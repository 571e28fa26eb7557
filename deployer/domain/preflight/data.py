"""Where a batch job reads and writes. Whether a path exists cannot be seen from here, only whether it can be one."""

import re
from collections.abc import Iterator

from deployer.domain.places import short
from deployer.domain.preflight.facts import Facts
from deployer.domain.preflight.request import Body, Entry, entries, is_batch
from deployer.domain.preflight.results import Result, blocked, passed, warned

PATHS = {"src_path": "input path", "dest_path": "output path"}
# Names of buckets: 3 to 63 of small letters, digits, - and ., ends with a letter or digit (OBS API reference, buckets).
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The forms met: https://bucket.obs.host/dir/ (samples), obs:// and s3:// (user guide), /bucket/dir/ (SDK reference).
_HOST = re.compile(r"https?://([^/:?#@\s]+)\.obs\.[a-z0-9.-]+(?::\d{1,5})?(/.*)?", re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(r"(?:obs|s3|s3a)://([^/\s]+)(/.*)?", re.IGNORECASE | re.DOTALL)
# Which forms the cloud takes is not defined, so any address with a host and a path may be one of them.
_ADDRESS = re.compile(r"https?://[^/?#@\s]+/.*", re.IGNORECASE | re.DOTALL)
_PLAIN = re.compile(r"/([^/\s]+)(/.*)?", re.DOTALL)
_FORMS = "https://bucket.obs.region.example.com/folder/, obs://bucket/folder/ or /bucket/folder/"
LONGEST = 1023  # bytes of the name of an object: OBS API reference


def paths_are_well_formed(body: Body, facts: Facts) -> Iterator[Result]:
    """Paths name a bucket in one of the forms the documents use: error codes 3572 and 3574."""
    if not is_batch(body):
        return
    for entry in entries(body):
        found = [result for key in PATHS for result in path_is_well_formed(entry, key)]
        yield from found
        if not found:
            words = "Input and output path are well-formed. Whether they exist shows only when the job runs."
            yield passed("paths", entry.at("src_path"), words)


def path_is_well_formed(entry: Entry, key: str) -> Iterator[Result]:
    value, path, name = entry.text(key), entry.at(key), PATHS[key]
    bucket, rest, plain = taken_apart(value)
    if not bucket and _ADDRESS.fullmatch(value):
        words = f"The {name} {short(value, 60)} does not look like a path of OBS."
        yield warned("paths", path, words, f"The usual forms are {_FORMS}.")
    elif not bucket:
        words = f"The {name} {short(value, 60)} is no OBS path."
        yield blocked("paths", path, words, f"Write it as {_FORMS}.")
    elif not _BUCKET.fullmatch(bucket) or ".." in bucket:
        words = f"{short(bucket)} cannot be the name of a bucket."
        # A host of another cloud may follow other rules, so only what is no path at all blocks.
        yield warned("paths", path, words, "A bucket has 3 to 63 small letters, digits, - and dots.")
    elif "//" in rest:
        yield warned(
            "paths", path, f"The {name} has two slashes in a row.", "OBS takes that for a folder without name."
        )
    elif len(rest.encode("utf-8", "replace")) > LONGEST:
        yield warned("paths", path, f"The {name} is longer than OBS takes.", "At most 1,023 bytes fit.")
    elif plain and "." in bucket:
        words = f"The {name} begins with {short(bucket)}, which looks like a host."
        yield warned("paths", path, words, f"Write it as {_FORMS}.")


def taken_apart(value: str) -> tuple[str, str, bool]:
    """Bucket, what follows it, and whether it was the plain form; no bucket where it is no path at all."""
    for form in (_HOST, _SCHEME, _PLAIN):
        if found := form.fullmatch(value):
            return found[1], (found[2] or "")[1:], form is _PLAIN
    return "", "", False
