using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore;

public sealed partial record LogState
{
    /// <summary>The state after a commit.</summary>
    /// <exception cref="TarnException">NotFound, AlreadyExists or InvalidRequest when a change does not fit this state.</exception>
    /// <exception cref="RepeatedRequestException">The request of the commit was applied before.</exception>
    public LogState Apply(CommitRecord commit) => commit.Changes.Aggregate(Before(commit), (state, change) => state.Apply(change, commit)).After(commit);

    /// <summary>The state after a commit that is decided now. What stands in the log is applied as it is, for it may have been decided by a version that allowed more.</summary>
    /// <exception cref="TarnException">As <see cref="Apply(CommitRecord)"/>; InvalidRequest when a table or view would be lost in the place of another one.</exception>
    /// <exception cref="RepeatedRequestException">The request of the commit was applied before.</exception>
    internal LogState Decide(CommitRecord commit) => commit.Changes.Aggregate(Before(commit), (state, change) =>
    {
        state.FindBranch(commit.At)?.Catalog.RequireSameIdentity(change);
        return state.Apply(change, commit);
    }).After(commit);

    private LogState Before(CommitRecord commit) => WithoutEndedRequests(commit.Time) with { Number = commit.Number, Time = commit.Time, DroppedHere = 0 };

    private LogState After(CommitRecord commit) => LeftHere.IsEmpty ? this : (this with { LeftHere = [] }).KeepLeft(LeftHere, commit);

    /// <summary>The same state at a later time: without the requests that may not come again any more.</summary>
    internal LogState WithoutEndedRequests(DateTimeOffset now) => Applied.WithoutEnded(now) is var left && ReferenceEquals(left, Applied) ? this : this with { Applied = left };

    private LogState Apply(CatalogChange change, CommitRecord commit) => change switch
    {
        CatalogChange.ChangeAccess of => this with { Access = Access.Apply(commit.Number, of.Change) },
        CatalogChange.RememberRequest of => this with { Applied = Applied.Add(new AppliedRequest(of.Request, commit.Number, of.Result), commit.Time) },
        CatalogChange.PutWarehouse put => Put(put, commit),
        CatalogChange.DropWarehouse => DropWarehouse(commit.At.Warehouse),
        CatalogChange.CreateBranch create => Create(create, commit),
        CatalogChange.DeleteBranch delete => Delete(delete, commit),
        CatalogChange.MergeBranch merge => Merge(merge, commit),
        CatalogChange.PutTable put when RequireCatalog(commit.At).FindTable(put.Table) is null => WithoutPurges(commit.At, CatalogPointer.Of(put, [])).ApplyToCatalog(change, commit),
        CatalogChange.PutView put when RequireCatalog(commit.At).FindView(put.View) is null => WithoutPurges(commit.At, CatalogPointer.Of(put)).ApplyToCatalog(change, commit),
        CatalogChange.DropTable drop => Drop(drop.Table, drop.Retention, commit).ApplyToCatalog(change, commit),
        CatalogChange.DropView drop => Drop(drop.View, drop.Retention, commit).ApplyToCatalog(change, commit),
        CatalogChange.Undrop undrop => Undrop(undrop, commit),
        CatalogChange.PurgeDropped purge => Purge(purge.Dropped),
        CatalogChange.ExpireDropped expire => Expire(expire.Dropped),
        CatalogChange.ForgetDropped forget => Forget(forget.Dropped),
        _ => ApplyToCatalog(change, commit),
    };

    private LogState ApplyToCatalog(CatalogChange change, CommitRecord commit)
    {
        var branch = RequireBranch(commit.At);
        return With(commit.At, branch with { Catalog = branch.Catalog.Apply(change, commit.Number), HeadNumber = commit.Number });
    }

    private LogState With(CatalogAddress at, BranchEntry branch)
    {
        var warehouse = RequireWarehouse(at.Warehouse);
        return this with { Warehouses = Warehouses.SetItem(at.Warehouse, warehouse with { Branches = warehouse.Branches.SetItem(at.Branch, branch) }) };
    }

    private LogState Put(CatalogChange.PutWarehouse put, CommitRecord commit)
    {
        string name = commit.At.Warehouse;
        CatalogAddress.RequireName(name, "warehouse");
        if (FindWarehouse(name) is not { } present)
            present = WarehouseEntry.Empty with { Location = put.Location ?? throw TarnException.Invalid($"Warehouse '{name}' needs a location.") };
        else if (present.Location != put.Location)
            throw TarnException.Invalid($"Warehouse '{name}' lies at '{present.Location}', and its tables with it: it cannot move to '{put.Location}'.");
        return this with { Warehouses = Warehouses.SetItem(name, present with { Properties = put.Properties }) };
    }

    private LogState DropWarehouse(string name)
    {
        var warehouse = RequireWarehouse(name);
        if (name == CatalogAddress.DefaultWarehouse)
            throw TarnException.Invalid($"Warehouse '{name}' is always there and cannot be dropped.");
        if (warehouse.Branches.Count > 1)
            throw TarnException.Invalid($"Warehouse '{name}' has branches: {string.Join(", ", warehouse.Branches.Keys.Where(b => b != CatalogAddress.MainBranch))}. Delete them first.");
        if (warehouse.Branches[CatalogAddress.MainBranch].Catalog.Namespaces.FirstOrDefault().Key is { } inside)
            throw TarnException.Invalid($"Warehouse '{name}' is not empty: it holds namespace '{inside}'. Drop what is inside first.");
        return this with { Warehouses = Warehouses.Remove(name) };
    }

    private LogState Keep(CatalogPointer dropped, Retention retention, CommitRecord commit) =>
        Keep(new DroppedEntry(commit.At, dropped.Name, dropped.IsView, dropped.Uuid, dropped.MetadataLocation, commit.Time, commit.Principal, retention)
        {
            Annotations = dropped.Annotations,
            FormerFolders = dropped.FormerFolders,
            Common = RequireBranch(commit.At).Origin?.FindCommon(dropped) ?? [],
        });

    private LogState Keep(DroppedEntry entry)
    {
        var key = new DroppedKey(Number, DroppedHere);
        return this with { Dropped = Dropped.Add(key, entry), Purges = entry.Retention.IsPurged ? Purges.Add(key) : Purges, DroppedHere = DroppedHere + 1 };
    }

    private LogState Undrop(CatalogChange.Undrop undrop, CommitRecord commit)
    {
        var entry = RequireDropped(undrop.Dropped);
        if (entry.IsExpiring)
            throw TarnException.NotFound($"'{entry.Name}' was dropped on {entry.Time:u} and kept until {entry.Retention.Until:u}: its files are being deleted.");
        if (entry.At.Warehouse != commit.At.Warehouse)
            throw TarnException.Invalid($"'{entry.Name}' was dropped in warehouse '{entry.At.Warehouse}' and can only come back there.");
        RequireCatalog(commit.At).RequireFree(undrop.Name);
        IReadOnlyList<string> common = entry.At == commit.At ? entry.Common : [.. entry.Common, entry.MetadataLocation];
        CatalogChange put = entry.IsView
            ? new CatalogChange.PutView(undrop.Name, entry.Uuid!.Value, entry.MetadataLocation) { Annotations = entry.Annotations, Common = common }
            : new CatalogChange.PutTable(undrop.Name, entry.Uuid, entry.MetadataLocation) { Annotations = entry.Annotations, FormerFolders = entry.FormerFolders, Common = common };
        return Forget(undrop.Dropped).Apply(put, commit);
    }

    private LogState Expire(DroppedKey key) => this with { Dropped = Dropped.SetItem(key, RequireDropped(key) with { IsExpiring = true }) };

    private LogState Forget(DroppedKey key)
    {
        RequireDropped(key);
        return this with { Dropped = Dropped.Remove(key), Purges = Purges.Remove(key), Kept = Kept.Remove(key) };
    }

    private DroppedEntry RequireDropped(DroppedKey key) =>
        Dropped.GetValueOrDefault(key) ?? throw TarnException.NotFound($"Commit {key.Number} dropped nothing that is still kept; 'tarn catalog dropped' lists what is.");
}
