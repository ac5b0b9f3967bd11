"""A run on a Ray cluster of two nodes on this machine, one of which is lost in mid-run: archive, results."""

import sys
import threading
import time
from pathlib import Path

from odd_documents import Odd

from offtext.jobs.ray import RayEngine
from offtext.jobs.run import analyze_archive


def lose_a_node(cluster, node, output):
    """Take a node away once the first shards are finished."""
    while len(list((output / "shards").glob("*.json"))) < 2:
        time.sleep(0.05)
    cluster.remove_node(node, allow_graceful=False)
    print("node lost", flush=True)  # noqa: T201


def main(archive, output):
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    node = cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    ray_engine, entered = RayEngine(cluster.address), []
    print("cores", ray_engine.cores(), flush=True)  # noqa: T201

    def engine(*arguments, **options):
        entered.append(ray_engine(*arguments, **options))
        return entered[-1]

    threading.Thread(target=lose_a_node, args=(cluster, node, output), daemon=True).start()
    try:
        summary = analyze_archive(
            [archive], output, model=None, workers=2, shard_size=4, factory=Odd(pause_s=0.2), engine=engine, timeout_s=5
        )
    finally:
        ray.shutdown()
        cluster.shutdown()
    print("lost", entered[0].lost, flush=True)  # noqa: T201
    print("documents", summary.documents, "failed", summary.failed, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
