"""`make bench`: measures everything, prints it, writes results.json; fails when a budget does not hold."""

import sys

from benchmarks import live, mails, queue, webhook
from benchmarks.result import Result, write


def main() -> int:
    """Run the named benchmarks, or all; only a whole run is written down."""
    named = sys.argv[1:]
    results: list[Result] = []
    for part in (webhook, mails, queue, live):
        if named and part.__name__.rpartition(".")[2] not in named:
            continue
        for result in part.measure():
            print(result.line(), flush=True)
            results.append(result)
    if not named:
        write(results)
    return 0 if all(result.holds for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
