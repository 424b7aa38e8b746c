using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests.Metastore;

/// <summary>The Hive Metastore door of a server with a certificate: Apache Thrift's client with TLS is served, one that does not trust it or speaks plainly is not.</summary>
public sealed class HiveTlsTests
{
    [Fact]
    public async Task Thrift_OverTls_IsServedAndPlainIsNot()
    {
        if (await PeerCache.HivePythonAsync() is not { } python)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: true);
        var address = new Uri(server.Metastore);
        var lines = await PeerProcess.RunAsync(python, [PeerProcess.Script("hive_tls.py"), address.Host, $"{address.Port}", server.Certificate], []);
        Assert.Equal(["database over_tls 100000 ä", "all default over_tls", "missing NoSuchObjectException", "untrusted refused", "plain refused"], lines);
    }
}
