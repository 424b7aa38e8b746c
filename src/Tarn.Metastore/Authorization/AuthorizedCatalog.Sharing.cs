using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>What is told to who may not have a folder of a table because of what else has files in it. Names are for who may see them.</content>
public sealed partial class AuthorizedCatalog
{
    private async ValueTask<string> DescribeSharingAsync(
        Placement placement, TableIdentifier name, IReadOnlyList<string> folders, IReadOnlyCollection<FolderOwner> same, DataRights missing, CancellationToken cancellationToken)
    {
        string folder = await FindSharedAsync(placement, folders, same, cancellationToken).ConfigureAwait(false);
        return $"The folder '{folder}' of table '{name}' of '{warehouse}' is shared with {await NameAsync(same, cancellationToken).ConfigureAwait(false)}, and {Words(missing)} is not allowed to you there. {WayOut}";
    }

    private const string WayOut =
        $"Reading takes {CatalogActions.ReadData} on both, writing {CatalogActions.WriteData} as well; or a table with a folder of its own, into which Tarn's SQL brings the rows (CREATE TABLE … AS SELECT).";

    private static string Words(DataRights rights) => rights switch
    {
        DataRights.Read => "reading",
        DataRights.Write => "writing",
        _ => "reading and writing",
    };

    private static async ValueTask<string> FindSharedAsync(Placement placement, IReadOnlyList<string> folders, IReadOnlyCollection<FolderOwner> same, CancellationToken cancellationToken)
    {
        foreach (string folder in folders.SkipLast(1))
        {
            if ((await placement.FindOwnersAsync([folder], cancellationToken).ConfigureAwait(false)).Any(same.Contains))
                return folder;
        }

        return folders[^1];
    }

    // What was dropped has no name to go to.
    private async ValueTask<string> NameAsync(IEnumerable<FolderOwner> same, CancellationToken cancellationToken)
    {
        foreach (var owner in same.Where(o => !o.IsDropped).OrderByDescending(o => o.At.IsMain))
        {
            if (await MayAsync(owner.IsView ? CatalogActions.GetView : CatalogActions.GetTable, CatalogResource.Of(owner.At.ToString(), owner.Name), cancellationToken).ConfigureAwait(false))
                return $"{(owner.IsView ? "view" : "table")} '{owner.Name}' of '{owner.At}'";
        }

        return "another table, view or dropped table";
    }
}
