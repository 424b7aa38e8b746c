using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests.RestCatalog;

/// <summary>Apache Spark with Iceberg, unmodified, on the Iceberg REST door of <c>tarn up</c>, with the keys that the catalog hands out.</summary>
public sealed class SparkRestTests
{
    [Fact]
    public async Task Spark_AndTarnInTurn_WriteOneTable()
    {
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        await SparkInTurn.RunAsync(
            server, "--rest", server.Catalog, "--warehouse", "lake", "--credential", $"{ObjectStoreServer.AccessKey}:{ObjectStoreServer.Secret}", "--vended", "--s3-endpoint", server.Endpoint);
    }

    /// <summary>Also for tables that are staged, whose files are written before they are there.</summary>
    [Fact]
    public async Task Spark_WhoseRequestsAreSignedAndWhoseScansArePlanned_NeedsNoKeys()
    {
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        await SparkInTurn.MakeAndDropAsync(
            server, "--rest", server.Catalog, "--warehouse", "lake", "--credential", $"{ObjectStoreServer.AccessKey}:{ObjectStoreServer.Secret}", "--s3-endpoint", server.Endpoint,
            "--set", "header.X-Iceberg-Access-Delegation=remote-signing", "--set", "scan-planning-mode=server");
    }
}
