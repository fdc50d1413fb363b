import subprocess
import sys
from pathlib import Path

from stageline.services.s3.model import content
from stageline.store.blobs import FolderBlobs
from stageline.store.sql import SqlStore

PUTS = """
import itertools, sys, time
from stageline.engine.announce import Announcer
from stageline.ports.api import Caller, Context
from stageline.services.s3 import buckets, objects
from stageline.store.blobs import FolderBlobs
from stageline.store.sql import SqlStore
from stageline.testing.clock import FakeClock

store, blobs = SqlStore(f"sqlite:///{sys.argv[1]}/store.db"), FolderBlobs(__import__("pathlib").Path(sys.argv[1]) / "blobs")
events = Announcer(FakeClock(), account="000000000000", region="us-east-1")
ctx = Context(Caller("root", "arn:aws:iam::000000000000:root"), "000000000000", "us-east-1", 1000, "r", "http://h")
buckets.create_bucket(ctx, {"Bucket": "bucket"}, store=store)
for number in itertools.count():
    key = f"k{number % 7}"
    body = str(number).encode() * 50_000
    print("begin", number, flush=True)
    objects.put_object(ctx, {"Bucket": "bucket", "Key": key, "Body": body}, store=store, blobs=blobs, events=events)
    print("done", number, flush=True)
"""


def test_a_killed_server_keeps_what_it_acknowledged_and_nothing_half(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PUTS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.split())
            if line == "begin 40\n":
                break
        process.kill()
        lines += [line.split() for line in process.stdout if line.endswith("\n")]
    done = [int(number) for word, number in lines if word == "done"]
    begun = {int(number) for word, number in lines if word == "begin"}
    store, blobs = SqlStore(f"sqlite:///{tmp_path}/store.db"), FolderBlobs(tmp_path / "blobs")
    try:
        content.sweep_orphans(store, blobs, 0, age=0)
        with store.read() as tx:
            stored = [doc for _, doc in tx.scan("s3.object", "bucket/")]
        assert len(stored) == 7
        for doc in stored:
            body = b"".join(blobs.read(doc["blob"]))
            number = int(body[: len(body) // 50_000])
            acknowledged = max(each for each in done if f"k{each % 7}" == doc["key"])
            assert body == str(number).encode() * 50_000
            assert number == acknowledged or (number > acknowledged and number in begun)
        assert set(blobs.ids()) == {doc["blob"] for doc in stored}
    finally:
        store.close()
