"""Calls of the Hive Metastore by Apache Thrift's own client over TLS. Usage: HOST PORT AUTHORITY; prints one line per fact."""
import ssl
import sys

from hive_metastore import ThriftHiveMetastore
from hive_metastore.ttypes import Database, NoSuchObjectException
from thrift.protocol import TBinaryProtocol
from thrift.transport import TSocket, TSSLSocket, TTransport

host, port, authority = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def client(socket):
    socket.setTimeout(20_000)
    transport = TTransport.TBufferedTransport(socket)
    transport.open()
    return ThriftHiveMetastore.Client(TBinaryProtocol.TBinaryProtocol(transport)), transport


metastore, transport = client(TSSLSocket.TSSLSocket(host, port, ssl_context=ssl.create_default_context(cafile=authority)))
metastore.create_database(Database(name="over_tls", description="x" * 100_000, parameters={"owner": "\u00e4"}))
database = metastore.get_database("over_tls")
print("database", database.name, len(database.description), database.parameters["owner"])
print("all", " ".join(metastore.get_all_databases()))
metastore.drop_database("over_tls", False, False)
try:
    metastore.get_database("over_tls")
except NoSuchObjectException as error:
    print("missing", type(error).__name__)
transport.close()

for name, context in (("untrusted", ssl.create_default_context()), ("plain", None)):
    try:
        metastore, transport = client(TSSLSocket.TSSLSocket(host, port, ssl_context=context) if context else TSocket.TSocket(host, port))
        metastore.get_all_databases()
        print(name, "was answered")
    except Exception as error:
        print(name, "refused")
