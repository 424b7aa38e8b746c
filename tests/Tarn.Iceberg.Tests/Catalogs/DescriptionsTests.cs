using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Transactions;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Catalogs;

public sealed class DescriptionsTests
{
    [Theory]
    [InlineData(ErrorKind.PermissionDenied)]
    [InlineData(ErrorKind.NotFound)]
    [InlineData(ErrorKind.DataCorrupted)]
    public async Task Describe_OneTableCannotBeRead_IsThereWithItsProblem(ErrorKind kind)
    {
        using var lake = await WithTwoTablesAsync();
        lake.Catalog.BeforeLoad = table => _ = table == Lake.Name ? throw new TarnException(kind, "refused here") : 0;
        var found = await ((ICatalog)lake.Catalog).DescribeAsync().ToListAsync();
        Assert.Equal([("ns", null), ("ns.t", "refused here"), ("ns.u", null)], found.Select(d => (d.ToString(), d.Facts.Problem)).Order());
        Assert.Equal(["ns.t"], await ((ICatalog)lake.Catalog).SearchAsync(new SearchWords("t")).Where(m => m.Found.Name == "t").Select(m => m.Found.ToString()).ToListAsync());
    }

    [Fact]
    public async Task Describe_OneSchemaCannotBeListed_SaysSoAndShowsTheOthers()
    {
        using var lake = await WithTwoTablesAsync();
        await lake.Catalog.CreateNamespaceAsync(Namespace.Of("closed"), ImmutableSortedDictionary<string, string>.Empty.Add("comment", "of others"));
        lake.Catalog.BeforeList = name => _ = name == Namespace.Of("closed") ? throw new TarnException(ErrorKind.PermissionDenied, "refused here") : 0;
        var found = await ((ICatalog)lake.Catalog).DescribeAsync().ToListAsync();
        Assert.Equal([("closed", "refused here"), ("ns", null), ("ns.t", null), ("ns.u", null)], found.Select(d => (d.ToString(), d.Facts.Problem)).Order());
        Assert.Equal("of others", found.Single(d => d.ToString() == "closed").Facts.Comment);
    }

    // An outage is not the problem of one table: thousands of tables with the same problem would hide it.
    [Fact]
    public async Task Describe_CatalogCannotBeReached_Fails()
    {
        using var lake = await WithTwoTablesAsync();
        lake.Catalog.BeforeLoad = _ => throw new TarnException(ErrorKind.Unavailable, "no answer");
        var error = await Assert.ThrowsAsync<TarnException>(() => ((ICatalog)lake.Catalog).DescribeAsync().ToListAsync().AsTask());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
    }

    private static async Task<Lake> WithTwoTablesAsync()
    {
        var lake = await Lake.WithTableAsync();
        var metadata = TableMetadata.New(Lake.Columns, PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/ns/u", new Dictionary<string, string>(), 2, Guid.NewGuid(), TestTable.Now);
        await Transaction.Create(lake.Context, TableIdentifier.Of("ns", "u"), metadata).CommitAsync();
        return lake;
    }
}
