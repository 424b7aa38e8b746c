using System.Runtime.CompilerServices;
using Tarn.Catalog.Rest.Routing;

namespace Tarn.Catalog.Tests.Rest.Routing;

public sealed class RouteTableTests
{
    [Fact]
    public void Endpoints_OfTheTable_StandInTheProtocolsDocument()
    {
        string document = File.ReadAllText(Path.Join(RepositoryFolder(), "docs", "protocols", "iceberg-rest.md"));
        Assert.All(RouteTable.All(null!), route => Assert.Contains($"| `{route.Endpoint}` | {(route.TakesIdempotencyKey ? "K " : "")}|", document, StringComparison.Ordinal));
    }

    private static string RepositoryFolder([CallerFilePath] string source = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(source)!);
        while (!File.Exists(Path.Join(folder.FullName, "Tarn.slnx")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
