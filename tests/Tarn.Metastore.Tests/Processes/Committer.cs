using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Metastore.Tests.Processes;

/// <summary>
/// A process that changes one table again and again, as ingests do. It says <c>try N</c> before and <c>done N</c> after each change,
/// so that whoever kills it knows what was acknowledged.
/// </summary>
internal static class Committer
{
    public static readonly TableIdentifier Table = TableIdentifier.Of("sales", "orders");

    /// <param name="folder">The data folder.</param>
    /// <param name="writer">Name of this writer; no two have the same.</param>
    /// <param name="count">Changes to make.</param>
    /// <param name="writesData">Whether each change brings a data file and a property of its own; else one property changes its value.</param>
    public static async Task<int> RunAsync(string folder, string writer, int count, bool writesData = true)
    {
        var data = DataFolder.OpenOrCreate(folder);
        using var store = new LocalObjectStore(data.Path);
        store.RemoveDeadStaging();
        using var log = new EmbeddedCommitLog(data.MetastoreFolder);
        var catalog = new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation, Principal = writer });
        var table = await OpenTableAsync(catalog);
        for (int i = 0; i < count; i++)
        {
            await SayAsync($"try {i}");
            string location = $"{table.Metadata.Location}/data/{writer}-{i}.parquet";
            if (writesData)
                await WriteDataAsync(store, location);
            await CommitAsync(catalog, table, writesData ? $"{writer}-{i}" : writer, location);
            await SayAsync($"done {i}");
        }

        return 0;
    }

    // As an ingest does: staged, adopted, and only then named by a commit.
    private static async Task WriteDataAsync(LocalObjectStore store, string location)
    {
        using var staged = store.Stage(".parquet");
        await File.WriteAllTextAsync(staged.Path, location);
        await store.AdoptAsync([(staged, location)]);
    }

    private static async Task CommitAsync(EmbeddedCatalog catalog, TableHandle table, string property, string value)
    {
        var commit = new TableCommit(
            Table,
            [new TableRequirement.AssertTableUuid(table.Metadata.TableUuid!.Value)],
            [new TableUpdate.SetProperties(new Dictionary<string, string> { [property] = value })]);
        for (bool isDone = false; !isDone;)
        {
            try
            {
                await catalog.CommitAsync([commit]);
                isDone = true;
            }
            catch (CommitConflictException)
            {
                // Where the disk is busy the others may be faster for as long as a commit is tried. Nothing was changed, and it is sent again, as clients do.
                await SayAsync("lost its races");
            }
        }
    }

    private static async Task<TableHandle> OpenTableAsync(EmbeddedCatalog catalog)
    {
        try
        {
            var none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
            if (await catalog.LoadNamespaceAsync(Table.Namespace) is null)
                await catalog.CreateNamespaceAsync(Table.Namespace, none);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            await SayAsync("namespace was there");
        }

        try
        {
            var metadata = TableMetadata.New(
                new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
                await catalog.NewTableLocationAsync(Table), new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UtcNow);
            return (await catalog.CommitAsync([new TableCommit(Table, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]))[0];
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            return (await catalog.LoadTableAsync(Table))!;
        }
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }
}
