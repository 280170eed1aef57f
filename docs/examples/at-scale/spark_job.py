"""Write the violations of all mailboxes in a file or folder: spark_job.py INPUT OUTPUT.

INPUT is Parquet if its name ends in .parquet, else JSON Lines. OUTPUT is a new folder of Parquet files.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from check import check
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  # as everyone calls it

from mailbox_schema import FIELDS

VIOLATIONS = "row bigint, index int, field string, rule string, message string, hint string"


def check_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield check(zip(batch["row"].to_pylist(), batch["record"].to_pylist(), strict=True))


def read(spark: SparkSession, source: str) -> DataFrame:
    """Return the records of the input, each with the file and the block of the file it comes from."""
    partition, place_in_it = F.spark_partition_id(), F.monotonically_increasing_id()
    file = ("_metadata.file_path", "_metadata.file_block_start")
    place = (*file, partition.alias("partition"), place_in_it.alias("id"))
    if source.rstrip("/").endswith(".parquet"):
        table = spark.read.parquet(source)
        columns = [name for name in FIELDS if name in table.columns]
        return table.select(F.struct(*columns).alias("record"), *place)
    lines = spark.read.text(source, lineSep="\n").where(F.col("value").rlike(r"\S"))
    return lines.select(F.col("value").cast("binary").alias("record"), *place)


def number(spark: SparkSession, records: DataFrame) -> DataFrame:
    """Number the records from 0, in the order of the files' names and of the lines or rows in each file."""
    block = ["file_path", "file_block_start", "partition"]
    counts = records.groupBy(block).agg(F.min("id").alias("first_id"), F.count("id").alias("size"))
    shifts, total = [], 0
    in_order = sorted(counts.collect(), key=lambda row: (unquote(row.file_path), row.file_block_start))
    for path, start, partition, first_id, size in in_order:
        shifts.append((path, start, partition, total - first_id))
        total += size
    columns = "file_path string, file_block_start bigint, partition int, shift bigint"
    shift = F.broadcast(spark.createDataFrame(shifts, columns))
    numbered = records.join(shift, block, "left")
    return numbered.select((F.col("id") + F.col("shift")).alias("row"), "record")


def main(source: str, target: str) -> None:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("mailbox_schema").getOrCreate()
    spark.sparkContext.addPyFile(str(Path(__file__).with_name("check.py")))
    # The input is read twice, to number the records and to check them: both times in the same blocks.
    spark.conf.set("spark.sql.files.minPartitionNum", spark.sparkContext.defaultParallelism)
    records = number(spark, read(spark, source))
    records.mapInArrow(check_batches, VIOLATIONS).write.parquet(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
