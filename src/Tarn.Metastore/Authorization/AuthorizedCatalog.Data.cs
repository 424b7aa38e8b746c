using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Files of tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public async ValueTask RequireCreationAsync(TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateTable, name, cancellationToken).ConfigureAwait(false);
        await PlacedAsync(new TableCommit(name, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata)), isCreation: true, cancellationToken).ConfigureAwait(false);
        if (places is not null)
            await (await places.ReadAsync(cancellationToken).ConfigureAwait(false)).RequireApartAsync(name, metadata.TableUuid?.ToString() ?? "", TableFolders.Of(metadata), isView: false, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsTakenAsync(TableIdentifier name, CancellationToken cancellationToken = default)
    {
        if (!await MayAsync(CatalogActions.CreateTable, CatalogResource.Of(warehouse, name), cancellationToken).ConfigureAwait(false))
            await RequireAsync(CatalogActions.GetTable, name, cancellationToken).ConfigureAwait(false);
        return places is null
            ? await inner.LoadTableAsync(name, cancellationToken).ConfigureAwait(false) is not null || await inner.LoadViewAsync(name, cancellationToken).ConfigureAwait(false) is not null
            : (await places.ReadAsync(cancellationToken).ConfigureAwait(false)).IsTaken(name);
    }

    /// <inheritdoc/>
    public ValueTask<DataRights> FindRightsAsync(TableIdentifier name, CancellationToken cancellationToken = default) =>
        RightsAsync(CatalogResource.Of(warehouse, name), AllRights, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<FileRights> FindFileRightsAsync(TableIdentifier name, IReadOnlyList<string> folders, CancellationToken cancellationToken = default)
    {
        var rights = await FindRightsAsync(name, cancellationToken).ConfigureAwait(false);
        if (places is null || rights == DataRights.None)
            return new FileRights(rights, folders) { OnTable = rights, CanReplace = rights.HasFlag(DataRights.Write) };
        var onTable = rights;
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        folders = [.. folders.Where(f => places.IsAllowed(placement, f))];
        var others = await placement.FindOwnersAsync(folders, cancellationToken).ConfigureAwait(false);
        bool canReplace = true;
        string? limit = null;
        foreach (var same in FolderOwner.ByTable(others))
        {
            var left = same.Any(o => IsSelf(o, name)) ? rights : await RightsAsync(same, rights, cancellationToken).ConfigureAwait(false);
            if (left != rights)
                limit = await DescribeSharingAsync(placement, name, folders, [.. same], rights & ~left, cancellationToken).ConfigureAwait(false);
            rights = left;
            canReplace = canReplace && rights.HasFlag(DataRights.Write) && await MayReplaceAsync(same, cancellationToken).ConfigureAwait(false);
        }

        if (await FindRoofAsync(placement, folders, cancellationToken).ConfigureAwait(false) is { } roof)
            return new FileRights(DataRights.None, folders) { OnTable = onTable, Limit = $"The folder '{roof}' of table '{name}' of '{warehouse}' is one that tables of a namespace go to, or lies above one, and changing that namespace is not allowed to you." };
        return new FileRights(rights, folders) { OnTable = onTable, CanReplace = canReplace && rights.HasFlag(DataRights.Write), Limit = limit };
    }

    /// <inheritdoc/>
    public async ValueTask<FileRights> FindFileRightsAsync(TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken = default)
    {
        var named = await FindFileRightsAsync(name, TableFolders.Of(metadata), cancellationToken).ConfigureAwait(false);
        if (places is null || named.Rights == DataRights.None)
            return named;
        List<string> folders = [.. named.Folders];
        foreach (string former in (await places.ReadAsync(cancellationToken).ConfigureAwait(false)).FormerFoldersOf(name).Where(f => !folders.Contains(f)))
        {
            var there = await FindFileRightsAsync(name, [former], cancellationToken).ConfigureAwait(false);
            if (there.Rights.HasFlag(named.Rights) && (there.CanReplace || !named.CanReplace))
                folders.AddRange(there.Folders);
        }

        return named with { Folders = folders };
    }

    // The files are those of the table on the main branch; of a table that is not there, those of every branch that has it or can bring it back.
    private async ValueTask<bool> MayReplaceAsync(IEnumerable<FolderOwner> same, CancellationToken cancellationToken)
    {
        var main = same.Where(o => o.At.IsMain && !o.IsDropped).ToList();
        foreach (var owner in main.Count > 0 ? main : same.Where(o => !o.IsDropped || o.CanComeBack))
        {
            bool mayWrite = await RightsAsync(CatalogResource.Of(owner.At.ToString(), owner.Name), DataRights.Write, cancellationToken).ConfigureAwait(false) != DataRights.None;
            if (mayWrite == main.Count > 0)
                return mayWrite;
        }

        return main.Count == 0;
    }

    /// <inheritdoc/>
    public async ValueTask RequireReadableAsync(TableIdentifier name, TableMetadata metadata, IEnumerable<string> files, CancellationToken cancellationToken = default)
    {
        if (places is null)
            return;
        // Hardly any table has files elsewhere; where one has many, they are in few folders.
        var own = TableFolders.Of(metadata);
        string[] elsewhere = [.. files.Where(f => !own.Any(folder => TableFolders.HasFile(folder, f))).Select(TableFolders.FolderOf).Distinct(StringComparer.Ordinal).Select(TableFolders.Normalize)];
        if (elsewhere.Length == 0)
            return;
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        // What lies where no table may be put belongs to nobody who could be asked.
        if (Array.Find(elsewhere, f => !places.IsAllowed(placement, f) && !TableFolders.IsIn(f, placement.WarehouseLocation)) is { } outside)
            throw Refused(name, places.Refusal(placement, outside, $"{name} leads to files in a folder that is not its own:"));
        var others = await placement.FindOwnersAsync(elsewhere, cancellationToken).ConfigureAwait(false);
        foreach (var same in FolderOwner.ByTable(others).Where(same => !same.Any(o => IsSelf(o, name))))
        {
            if (await RightsAsync(same, DataRights.Read, cancellationToken).ConfigureAwait(false) == DataRights.None)
                throw Refused(name, new TarnException(ErrorKind.PermissionDenied, $"{name} leads to files in folders of another table, and reading that is not allowed to you ({string.Join(", ", elsewhere.Take(3))})."));
        }
    }

    /// <inheritdoc/>
    public string DescribeMissing(TableIdentifier name, DataRights wanted) => DescribeMissing(ActionOf(wanted), CatalogResource.Of(warehouse, name));

    /// <inheritdoc/>
    public void RecordRefusal(TableIdentifier name, DataRights wanted, string reason) =>
        access.RecordRefusal(Request(ActionOf(wanted), CatalogResource.Of(warehouse, name)), reason);

    private static string ActionOf(DataRights wanted) => wanted.HasFlag(DataRights.Write) ? CatalogActions.WriteData : CatalogActions.ReadData;

    // One table under several names and on several branches: whoever may have its files under one of them may have them.
    private async ValueTask<DataRights> RightsAsync(IEnumerable<FolderOwner> same, DataRights wanted, CancellationToken cancellationToken)
    {
        var rights = DataRights.None;
        foreach (var owner in same)
            rights |= await RightsAsync(CatalogResource.Of(owner.At.ToString(), owner.Name), wanted & ~rights, cancellationToken).ConfigureAwait(false);
        return rights;
    }

    private async ValueTask<DataRights> RightsAsync(string resource, DataRights wanted, CancellationToken cancellationToken)
    {
        var rights = DataRights.None;
        if (wanted.HasFlag(DataRights.Read) && (await DecideAsync(CatalogActions.ReadData, resource, cancellationToken).ConfigureAwait(false)).IsAllowed)
            rights |= DataRights.Read;
        if (wanted.HasFlag(DataRights.Write) && (await DecideAsync(CatalogActions.WriteData, resource, cancellationToken).ConfigureAwait(false)).IsAllowed)
            rights |= DataRights.Write;
        return rights;
    }
}
