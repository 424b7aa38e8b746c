using System.Runtime.CompilerServices;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>The commits of a store as people read them, one line for each change. Changes of identities are no part of it, they are in the audit trail; nor are the ids of requests.</summary>
public static class CatalogHistory
{
    /// <summary>All changes, the oldest first.</summary>
    public static async IAsyncEnumerable<CatalogHistoryEntry> ReadAsync(ICommitLog log, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var commit in log.ReadHistoryAsync(1, cancellationToken).ConfigureAwait(false))
        {
            foreach (var change in commit.Changes)
            {
                if (Describe(change) is var (word, name, metadata))
                    yield return new CatalogHistoryEntry(commit.Number, commit.Time, commit.Principal, commit.At, word, name, metadata);
            }
        }
    }

    private static (string Word, string? Name, string? Metadata)? Describe(CatalogChange change) => change switch
    {
        CatalogChange.ChangeAccess or CatalogChange.RememberRequest => null,
        CatalogChange.PutNamespace put => ("put namespace", put.Namespace.ToString(), null),
        CatalogChange.DropNamespace drop => ("drop namespace", drop.Namespace.ToString(), null),
        CatalogChange.PutTable put => ("put table", put.Table.ToString(), put.MetadataLocation),
        CatalogChange.DropTable drop => (drop.Retention is { IsPurged: true } ? "purge table" : "drop table", drop.Table.ToString(), null),
        CatalogChange.RenameTable rename => ("rename table", Renamed(rename.From, rename.To), null),
        CatalogChange.PutView put => ("put view", put.View.ToString(), put.MetadataLocation),
        CatalogChange.DropView drop => ("drop view", drop.View.ToString(), null),
        CatalogChange.RenameView rename => ("rename view", Renamed(rename.From, rename.To), null),
        CatalogChange.PutForeignTable put => ("put table of another format", put.Table.ToString(), null),
        CatalogChange.DropForeignTable drop => ("drop table of another format", drop.Table.ToString(), null),
        CatalogChange.RenameForeignTable rename => ("rename table of another format", Renamed(rename.From, rename.To), null),
        CatalogChange.ProtectNamespace protect => (Protecting(protect.IsProtected, "namespace"), protect.Namespace.ToString(), null),
        CatalogChange.ProtectTable protect => (Protecting(protect.IsProtected, "table"), protect.Table.ToString(), null),
        CatalogChange.ProtectView protect => (Protecting(protect.IsProtected, "view"), protect.View.ToString(), null),
        CatalogChange.Undrop undrop => ("undrop", undrop.Name.ToString(), null),
        CatalogChange.PurgeDropped => ("purge dropped", null, null),
        CatalogChange.ExpireDropped => ("delete files of dropped", null, null),
        CatalogChange.ForgetDropped => ("forget dropped", null, null),
        CatalogChange.CreateBranch create => ("create branch", $"from {create.From}", null),
        CatalogChange.DeleteBranch => ("delete branch", null, null),
        CatalogChange.MergeBranch merge => ("merge branch", $"from {merge.From}", null),
        CatalogChange.PutWarehouse put => ("put warehouse", null, put.Location),
        CatalogChange.DropWarehouse => ("drop warehouse", null, null),
        _ => throw new ArgumentException($"Change '{change.GetType().Name}' has no words.", nameof(change)),
    };

    private static string Renamed(TableIdentifier from, TableIdentifier to) => $"{from} to {to}";

    private static string Protecting(bool isProtected, string kind) => $"{(isProtected ? "protect" : "unprotect")} {kind}";
}

/// <summary>One change of the history.</summary>
/// <param name="Number">Number of the commit.</param>
/// <param name="Time">When it was made, UTC.</param>
/// <param name="Principal">Who made it.</param>
/// <param name="At">In which warehouse, on which branch.</param>
/// <param name="Change">What was done, in words.</param>
/// <param name="Name">To what; null where the change has no name of its own.</param>
/// <param name="MetadataLocation">The metadata file that became current, or the location of a warehouse; null for others.</param>
public sealed record CatalogHistoryEntry(long Number, DateTimeOffset Time, string Principal, CatalogAddress At, string Change, string? Name, string? MetadataLocation);
