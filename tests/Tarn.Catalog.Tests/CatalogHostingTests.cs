using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tarn.Catalog.Tests;

public sealed class CatalogHostingTests
{
    /// <summary>Twenty thousand slow readers hold little more than a gibibyte together.</summary>
    [Fact]
    public void ApplyTarnCatalog_AnswersThatWaitForTheirReaders_AreBoundedForEachConnection()
    {
        var limits = new KestrelServerLimits();
        limits.ApplyTarnCatalog(new CatalogOptions());
        Assert.InRange(limits.MaxResponseBufferSize!.Value, 1, 64 * 1024);
    }
}
