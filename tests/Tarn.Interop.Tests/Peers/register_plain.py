"""Registers a folder with partitions as a plain table of a Hive Metastore, with the Thrift client that PyIceberg brings.

register_plain.py HOST:PORT DATABASE TABLE FORMAT FOLDER COLUMNS KEYS     COLUMNS and KEYS: name:type, separated by ";"
"""
import os
import sys
from urllib.parse import unquote

from hive_metastore.ThriftHiveMetastore import Client
from hive_metastore.ttypes import Database, AlreadyExistsException, FieldSchema, Partition, SerDeInfo, StorageDescriptor, Table
from thrift.protocol import TBinaryProtocol
from thrift.transport import TSocket, TTransport

FORMATS = {
    "parquet": ("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", {}),
    "text": ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
             "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", {"field.delim": "|"}),
    "json": ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat", "org.apache.hive.hcatalog.data.JsonSerDe", {}),
}

address, database, table, form, folder, columns, keys = sys.argv[1:]
host, port = address.rsplit(":", 1)
transport = TTransport.TBufferedTransport(TSocket.TSocket(host, int(port)))
client = Client(TBinaryProtocol.TBinaryProtocol(transport))
transport.open()


def fields(text):
    return [FieldSchema(name=c.split(":", 1)[0], type=c.split(":", 1)[1]) for c in text.split(";") if c]


def storage(location):
    reads, writes, serde, options = FORMATS[form]
    return StorageDescriptor(cols=fields(columns), location=location, inputFormat=reads, outputFormat=writes, compressed=False, numBuckets=-1,
                             serdeInfo=SerDeInfo(name=table, serializationLib=serde, parameters=options), bucketCols=[], sortCols=[], parameters={})


def leaves(path, values):
    names = sorted(n for n in os.listdir(path) if "=" in n)
    for name in names:
        yield from leaves(os.path.join(path, name), values + [unquote(name.split("=", 1)[1])])
    if not names:
        yield path, values


try:
    client.create_database(Database(name=database, locationUri="file:" + os.path.dirname(folder), parameters={}))
except AlreadyExistsException:
    pass
client.create_table(Table(tableName=table, dbName=database, owner="judge", createTime=0, lastAccessTime=0, retention=0, sd=storage("file:" + folder), partitionKeys=fields(keys),
                          parameters={"EXTERNAL": "TRUE"}, tableType="EXTERNAL_TABLE"))
partitions = [Partition(values=values, dbName=database, tableName=table, createTime=0, lastAccessTime=0, sd=storage("file:" + path), parameters={}) for path, values in leaves(folder, [])]
if keys:
    print(client.add_partitions(partitions))
transport.close()
