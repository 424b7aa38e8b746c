using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Branches;

namespace Tarn.Metastore;

public sealed partial record LogState
{
    /// <summary>The younger one of a branch and the branch that it came from; null when neither came from the other.</summary>
    public string? YoungerOf(string warehouse, string one, string other) =>
        FindBranch(new CatalogAddress(warehouse, one))?.Origin?.Parent == other ? one
        : FindBranch(new CatalogAddress(warehouse, other))?.Origin?.Parent == one ? other
        : null;

    private LogState Create(CatalogChange.CreateBranch create, CommitRecord commit)
    {
        CatalogAddress.RequireName(commit.At.Branch, "branch");
        if (FindBranch(commit.At) is not null)
            throw TarnException.AlreadyExists($"Branch '{commit.At.Branch}' of warehouse '{commit.At.Warehouse}' exists already.");
        var from = RequireBranch(commit.At with { Branch = create.From });
        return With(commit.At, new BranchEntry(from.Catalog, commit.Number, new BranchOrigin(create.From, commit.Number, commit.Time, commit.Number, from.Catalog)));
    }

    private LogState Delete(CatalogChange.DeleteBranch delete, CommitRecord commit)
    {
        var branch = RequireBranch(commit.At);
        var warehouse = RequireWarehouse(commit.At.Warehouse);
        if (branch.Origin is not { } origin)
            throw TarnException.Invalid($"Branch '{commit.At.Branch}' is always there and cannot be deleted.");
        if (warehouse.Branches.FirstOrDefault(b => b.Value.Origin?.Parent == commit.At.Branch).Key is { } child)
            throw TarnException.Invalid($"Branch '{child}' came from '{commit.At.Branch}'. Delete it first.");
        var state = delete.Retention is { } retention ? KeepOwn(branch.Catalog, RequireCatalog(commit.At with { Branch = origin.Parent }), retention, commit) : this;
        return state with { Warehouses = state.Warehouses.SetItem(commit.At.Warehouse, warehouse with { Branches = warehouse.Branches.Remove(commit.At.Branch) }) };
    }

    // What the branch it came from shows in the same state, under whatever name, needs no keeping.
    private LogState KeepOwn(CatalogState catalog, CatalogState parent, Retention retention, CommitRecord commit)
    {
        var shared = parent.Pointers.Select(p => p.MetadataLocation).ToHashSet(StringComparer.Ordinal);
        return catalog.Pointers.Where(p => !shared.Contains(p.MetadataLocation)).Aggregate(this, (state, own) => state.Keep(own, retention, commit));
    }

    private LogState Merge(CatalogChange.MergeBranch merge, CommitRecord commit)
    {
        var from = RequireBranch(commit.At with { Branch = merge.From });
        string younger = YoungerOf(commit.At.Warehouse, commit.At.Branch, merge.From)
            ?? throw TarnException.Invalid($"Neither of the branches '{merge.From}' and '{commit.At.Branch}' came from the other. Merge by way of the branch that both came from.");
        // Everything on the other branch is here now: from now on both sides tell their changes from its state.
        var state = WithCommonOf(from.Catalog, commit);
        var at = commit.At with { Branch = younger };
        var branch = state.RequireBranch(at);
        var origin = branch.Origin! with { Base = from.Catalog, BaseNumber = commit.Number };
        return state.With(at, branch with { Catalog = KeepCommon(branch.Catalog, branch.Origin!, origin, commit.Number), Origin = origin });
    }

    // What was brought to a branch is nobody's own where it is merged to either, but on main, which decides for all.
    private LogState WithCommonOf(CatalogState source, CommitRecord commit)
    {
        if (RequireBranch(commit.At) is not { Origin: not null } target)
            return this;
        var catalog = target.Catalog;
        foreach (var brought in source.Pointers.Where(p => p.Common.Count > 0))
        {
            if (catalog.Find(brought.Name) is { } here && here.MetadataLocation == brought.MetadataLocation && here.IsView == brought.IsView)
                catalog = catalog.WithCommon(here, brought.Common, commit.Number);
        }

        return ReferenceEquals(catalog, target.Catalog) ? this : With(commit.At, target with { Catalog = catalog });
    }

    // The state in which both were alike is given up. What the new one does not know, a table that was dropped above and has another name on the branch, keeps what it had in the old one.
    private static CatalogState KeepCommon(CatalogState catalog, BranchOrigin before, BranchOrigin now, long number)
    {
        foreach (var name in BranchDifference.Between(now.Base, catalog).Select(c => c.After?.Name).OfType<TableIdentifier>().ToList())
        {
            if (catalog.Find(name) is { } here && !now.FindCommon(here).Contains(here.MetadataLocation))
                catalog = catalog.WithCommon(here, before.FindCommon(here).Except(now.FindCommon(here)), number);
        }

        return catalog;
    }
}
