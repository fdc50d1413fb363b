"""Servers that share a database write one chain at the same time, and each one's anchor vouches for all of it."""

import json
import threading
import time
from pathlib import Path

from stageline.ports.api import Caller, Context
from stageline.ports.audit.trail import Happening, Nature
from stageline.runners.systemclock import SystemClock
from stageline.store.audit import segments
from stageline.store.audit.anchor import Anchor
from stageline.store.audit.trail import StoredTrail
from stageline.store.audit.verify import verify
from stageline.store.sql import SqlStore

SERVERS, THREADS, CALLS = 3, 4, 25


def test_servers_that_write_at_once_keep_one_chain(url: str, tmp_path: Path) -> None:
    stores = [SqlStore(url) for _ in range(SERVERS)]
    anchors = []
    for number in range(SERVERS):
        (tmp_path / str(number)).mkdir()
        anchors.append(Anchor(tmp_path / str(number)))
    place = {"account": "000000000000", "region": "us-east-1"}
    trails = [StoredTrail(store, SystemClock(), anchor, **place) for store, anchor in zip(stores, anchors, strict=True)]

    def act(server: int, thread: int) -> None:
        for number in range(CALLS):
            caller = Caller("user", "arn:aws:iam::000000000000:user/ann", "AIDA", "000000000000")
            now = int(time.time() * 1000)
            ctx = Context(caller, "000000000000", "us-east-1", now, f"{server}-{thread}-{number}", "http://127.0.0.1:1")
            trails[server].record(Happening(ctx, "codepipeline", "Act", Nature()))

    threads = [threading.Thread(target=act, args=(one, two)) for one in range(SERVERS) for two in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for trail in trails:
        trail.close()
    with stores[0].read() as tx:
        lines = [line for each in segments.segments(tx) for line in segments.lines_of(tx, each.number)]
        verdicts = [verify(tx, anchor.held()) for anchor in anchors]
    for store in stores:
        store.close()
    wanted = {f"{one}-{two}-{three}" for one in range(SERVERS) for two in range(THREADS) for three in range(CALLS)}
    assert {json.loads(line)["event"]["requestID"] for line in lines} == wanted
    assert len(lines) == len(wanted), "each once"
    assert [verdict.problems for verdict in verdicts] == [()] * SERVERS
    assert all(verdict.anchored for verdict in verdicts)
