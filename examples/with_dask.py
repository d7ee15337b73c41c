"""Fix many Dockerfiles on many machines: any executor will do, here Dask's.

``pip install dockeropt[dask]``. Only the work on the text is handed out; files are read and
written by this process.
"""

import sys

from distributed import Client

import dockeropt


def main(paths: list[str]) -> None:
    """Fix ``paths`` on a cluster; here one that lives in this process."""
    with Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as client:
        for result in dockeropt.fix_paths(paths, executor=client.get_executor()):
            print(result.diff(), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
