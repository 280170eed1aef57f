"""Write the violations of all mailboxes in a file or folder: dask_job.py INPUT OUTPUT.

INPUT is Parquet if its name ends in .parquet, else JSON Lines. OUTPUT is a new folder of Parquet files.
"""

import codecs
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

import dask
import dask.bag
import dask.dataframe
import pandas as pd
from check import VIOLATIONS, check
from fsspec.core import OpenFile, url_to_fs
from fsspec.utils import read_block
from pyarrow.parquet import ParquetFile

from mailbox_schema import FIELDS

BLOCK = 8 * 1024 * 1024


class Part(NamedTuple):
    """A part of a file: a block of JSON Lines, or a row group of Parquet."""

    file: OpenFile
    start: int  # the first byte of the block, or the number of the row group
    first_row: int = 0


Reader = Callable[[Part], Iterable[bytes | dict[str, object]]]


def check_part(part: Part, read: Reader) -> pd.DataFrame:
    return check(enumerate(read(part), part.first_row)).to_pandas(types_mapper=pd.ArrowDtype)


def lines(part: Part) -> list[bytes]:
    """Return the lines that begin in the block, except blank ones."""
    with part.file as stream:
        block = read_block(stream, part.start, BLOCK, b"\n")
    if part.start == 0:
        block = block.removeprefix(codecs.BOM_UTF8)
    return [line for line in block.split(b"\n") if line.strip()]


def count(part: Part) -> int:
    return len(lines(part))


def rows(part: Part) -> Iterator[dict[str, object]]:
    """Yield the rows of the row group, with the columns that the contract knows."""
    with part.file as stream:
        for batch in ParquetFile(stream).iter_batches(row_groups=[part.start], columns=list(FIELDS)):
            yield from batch.to_pylist()


def files(source: str) -> list[OpenFile]:
    """Return the file, or the files of the folder in the order of their names, but for hidden ones."""
    system, root = url_to_fs(source)
    names = [name for name in sorted(system.find(root)) if not re.search(r"/[._]", name[len(root) :])]
    if not names:
        raise FileNotFoundError(source)
    return [OpenFile(system, name) for name in names]


def blocks(source: str) -> list[Part]:
    """Return the blocks of the files, with the number of the first record of each; reads everything once."""
    starts = [(file, range(0, file.fs.size(file.path) or 1, BLOCK)) for file in files(source)]
    parts = [Part(file, start) for file, of_file in starts for start in of_file]
    counts = dask.bag.from_sequence(parts, partition_size=1).map(count).compute()
    firsts = [last - size for last, size in zip(accumulate(counts), counts, strict=True)]
    return [part._replace(first_row=first) for part, first in zip(parts, firsts, strict=True)]


def row_groups(source: str) -> list[Part]:
    """Return the row groups of the files, with the number of the first row of each; reads the footers."""
    parts, first_row = [], 0
    for file in files(source):
        with file as stream:
            footer = ParquetFile(stream).metadata
        for group in range(footer.num_row_groups):
            parts.append(Part(file, group, first_row))
            first_row += footer.row_group(group).num_rows
    return parts


def main(source: str, target: str) -> None:
    system, folder = url_to_fs(target)
    if system.exists(folder):  # Dask would write its files next to those of an earlier run
        raise FileExistsError(target)
    meta = VIOLATIONS.empty_table().to_pandas(types_mapper=pd.ArrowDtype)
    is_parquet = source.rstrip("/").endswith(".parquet")
    read: Reader = rows if is_parquet else lines
    parts = row_groups(source) if is_parquet else blocks(source)
    if parts:
        violations = dask.dataframe.from_map(check_part, parts, read=read, meta=meta)
    else:
        violations = dask.dataframe.from_pandas(meta, npartitions=1)
    violations.to_parquet(target, schema=VIOLATIONS, write_index=False)


if __name__ == "__main__":
    with dask.config.set(scheduler="processes"):  # threads would wait for one another
        main(*sys.argv[1:])
