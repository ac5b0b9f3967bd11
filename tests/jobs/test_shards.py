"""The work list makes the same shards every time, and small changes of it change few of them."""

import random
from dataclasses import replace

import pyarrow as pa
import pytest

from offtext.jobs.batch import Note, Result, Shape
from offtext.jobs.shards import BATCH_BYTES, BATCH_DOCUMENTS, OpenShard, Shard, plan
from offtext.jobs.sources import Origin


def origins(count):
    return [Origin(f"arkiv/{n:05d}.txt", f"arkiv/{n:05d}.txt", size=n, fingerprint=f"{n:x}") for n in range(count)]


def test_shards_follow_one_another_and_have_about_the_size():
    shards = list(plan(origins(5000), 100))
    assert [shard.start for shard in shards] == [0, *(shard.stop for shard in shards[:-1])]
    assert shards[-1].stop == 5000
    assert [shard.number for shard in shards] == list(range(len(shards)))
    assert all(50 <= shard.stop - shard.start <= 200 for shard in shards[:-1])
    assert 40 <= len(shards) <= 60


@pytest.mark.parametrize("at", [0, 777, 4999])
def test_one_file_more_changes_the_shards_about_it(at):
    whole = origins(5000)
    before = {shard.digest for shard in plan(whole[:at] + whole[at + 1 :], 100)}
    after = {shard.digest for shard in plan(whole, 100)}
    assert 1 <= len(after - before) <= 4


@pytest.mark.parametrize("field", ["fingerprint", "columns", "duplicate_of", "error"])
def test_what_a_row_depends_on_is_in_the_digest(field):
    [shard] = plan(origins(3), 100)
    first, *others = origins(3)
    [other] = plan([replace(first, **{field: "other"}), *others], 100)
    assert other.digest != shard.digest


def test_what_no_row_depends_on_is_not():
    [shard] = plan(origins(3), 100)
    [touched] = plan([replace(origin, modified=5) for origin in origins(3)], 100)
    assert touched == shard


def test_no_documents_no_shards():
    assert list(plan([], 100)) == []


def opened(members):
    return OpenShard(Shard(0, 0, len(members), "0" * 16), members, Shape())


def test_batches_hold_files_of_like_size_and_large_ones_alone():
    sizes = [10, 2 * BATCH_BYTES, *range(100, 140)]
    batches = list(
        opened([replace(origin, size=size) for origin, size in zip(origins(42), sizes, strict=True)]).batches()
    )
    assert [item[0] for item in batches[0].items] == [1]
    assert sorted(position for batch in batches for position, _ in batch.items) == list(range(42))
    assert max(len(batch.items) for batch in batches) == BATCH_DOCUMENTS
    of_batch = [[origin.size for _, origin in batch.items] for batch in batches]
    assert of_batch == sorted(of_batch, reverse=True)


def test_rows_and_members_stay_in_their_order():
    rows = [replace(origin, row=n, place=n, size=n * 7 % 5) for n, origin in enumerate(origins(10))]
    [batch] = opened(rows).batches()
    assert [position for position, _ in batch.items] == list(range(10))


def test_duplicates_and_what_could_not_be_listed_need_no_work():
    good, same, bad = origins(3)
    held = opened([good, replace(same, duplicate_of=good.id), replace(bad, error="no such thing")])
    held.add(held.without_work())
    assert not held.complete
    assert [[position for position, _ in batch.items] for batch in held.batches()] == [[0]]
    tables = held.tables()
    assert tables["documents"].select(["id", "duplicate_of"]).to_pylist() == [{"id": same.id, "duplicate_of": good.id}]
    assert tables["errors"].column("stage").to_pylist() == ["list"]


def test_the_order_in_which_rows_come_is_not_seen():
    def rows(positions):
        found = {n: Result({"themes": [{"document_id": str(n), "theme": "trust", "score": k} for k in range(n % 3)]}, Note("news", layers=(0,) * 5)) for n in positions}  # fmt: skip
        return Shape().pack(0, found)

    order = list(range(20))
    random.Random(1).shuffle(order)
    together, apart = opened(origins(20)), opened(origins(20))
    together.add(rows(range(20)))
    for n in order:
        apart.add(rows([n]))
    assert apart.complete
    assert apart.tables()["themes"].equals(together.tables()["themes"])
    assert all(isinstance(table, pa.Table) and len(table.column(0).chunks) <= 1 for table in apart.tables().values())
    assert apart.tally() == together.tally()
