using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Branches;

/// <summary>A table, view or table of another format under its name, as branches compare and merge it. Protection is no part of it: that belongs to the branch.</summary>
internal abstract record CatalogObject(TableIdentifier Name)
{
    /// <summary>The word for what it is.</summary>
    public abstract string Kind { get; }

    /// <summary>Identity, where it has one.</summary>
    public virtual Guid? Uuid => null;

    /// <summary>The metadata file that describes it, where it has one.</summary>
    public virtual string? MetadataLocation => null;

    /// <summary>Whether it is a view.</summary>
    public virtual bool IsView => false;

    /// <summary>The object of this name, or null.</summary>
    public static CatalogObject? Find(CatalogState catalog, TableIdentifier name) =>
        catalog.FindNamespace(name.Namespace) is { } entry ? In(entry, name) : null;

    /// <summary>Everything in a namespace that two states of it do not share, by name.</summary>
    public static IEnumerable<string> NamesApart(NamespaceEntry? one, NamespaceEntry? other)
    {
        IEnumerable<string> names = (one?.Tables.Keys ?? []).Concat(one?.Views.Keys ?? []).Concat(one?.ForeignTables.Keys ?? [])
            .Concat(other?.Tables.Keys ?? []).Concat(other?.Views.Keys ?? []).Concat(other?.ForeignTables.Keys ?? []);
        return names.Distinct(StringComparer.Ordinal);
    }

    /// <summary>Whether it leads to the same as another one, under whatever name.</summary>
    public abstract bool IsSame(CatalogObject other);

    /// <summary>Whether it is not what another one was before or became, but took its name: then the other one is gone.</summary>
    public virtual bool IsAnother(CatalogObject other) => other.Kind != Kind;

    /// <summary>The change that puts it in the place of what a catalog has under its name.</summary>
    public abstract CatalogChange Put(CatalogState target);

    /// <summary>The change that drops it.</summary>
    public abstract CatalogChange Drop(Retention? retention);

    /// <summary>The change that gives it another name.</summary>
    public abstract CatalogChange Rename(TableIdentifier name);

    /// <summary>The condition that it is still there as it is.</summary>
    public abstract CommitCondition IsThere();

    private static CatalogObject? In(NamespaceEntry entry, TableIdentifier name) =>
        entry.Tables.GetValueOrDefault(name.Name) is { } table ? new OfTable(name, table)
        : entry.Views.GetValueOrDefault(name.Name) is { } view ? new OfView(name, view)
        : entry.ForeignTables.GetValueOrDefault(name.Name) is { } foreign ? new OfForeignTable(name, foreign)
        : null;

    private static bool AreSame(ImmutableSortedDictionary<string, string> one, ImmutableSortedDictionary<string, string> other) =>
        ReferenceEquals(one, other) || one.SequenceEqual(other);

    /// <summary>What a metadata file describes.</summary>
    private abstract record OfMetadata(TableIdentifier Name, Guid? Identity, string Location, ImmutableSortedDictionary<string, string> Annotations) : CatalogObject(Name)
    {
        public override Guid? Uuid => Identity;

        public override string? MetadataLocation => Location;

        public override bool IsSame(CatalogObject other) =>
            other is OfMetadata same && same.Kind == Kind && same.Identity == Identity && same.Location == Location && AreSame(same.Annotations, Annotations);

        // Version 1 may leave the uuid out: then the folder of its metadata tells one table from another.
        public override bool IsAnother(CatalogObject other) =>
            other is not OfMetadata found || found.Kind != Kind || (Identity is { } one && found.Identity is { } two ? one != two : TableFolders.FolderOf(Location) != TableFolders.FolderOf(found.Location));
    }

    private sealed record OfTable(TableIdentifier Name, TableEntry Entry) : OfMetadata(Name, Entry.Uuid, Entry.MetadataLocation, Entry.Annotations)
    {
        public override string Kind => "table";

        public override CatalogChange Put(CatalogState target) => new CatalogChange.PutTable(Name, Identity, Location) { Annotations = Annotations, FormerFolders = Entry.FormerFolders };

        public override CatalogChange Drop(Retention? retention) => new CatalogChange.DropTable(Name) { Retention = retention };

        public override CatalogChange Rename(TableIdentifier name) => new CatalogChange.RenameTable(Name, name);

        public override CommitCondition IsThere() => new CommitCondition.TableIs(Name, Location);
    }

    private sealed record OfView(TableIdentifier Name, ViewEntry Entry) : OfMetadata(Name, Entry.Uuid, Entry.MetadataLocation, Entry.Annotations)
    {
        public override string Kind => "view";

        public override bool IsView => true;

        public override CatalogChange Put(CatalogState target) => new CatalogChange.PutView(Name, Entry.Uuid, Location) { Annotations = Annotations };

        public override CatalogChange Drop(Retention? retention) => new CatalogChange.DropView(Name) { Retention = retention };

        public override CatalogChange Rename(TableIdentifier name) => new CatalogChange.RenameView(Name, name);

        public override CommitCondition IsThere() => new CommitCondition.ViewIs(Name, Location);
    }

    private sealed record OfForeignTable(TableIdentifier Name, ForeignEntry Entry) : CatalogObject(Name)
    {
        public override string Kind => "table of another format";

        // The version says when it was changed, not what it is.
        public override bool IsSame(CatalogObject other) => other is OfForeignTable { Entry: var entry }
            && AreSame(entry.Properties, Entry.Properties)
            && (ReferenceEquals(entry.Partitions, Entry.Partitions)
                || (entry.Partitions.Count == Entry.Partitions.Count && entry.Partitions.All(p => Entry.Partitions.TryGetValue(p.Key, out var mine) && AreSame(p.Value, mine))));

        public override CatalogChange Put(CatalogState target) => new CatalogChange.PutForeignTable(
            Name, Entry.Properties, Entry.Partitions,
            [.. target.FindForeignTable(Name)?.Partitions.Keys.Where(p => !Entry.Partitions.ContainsKey(p)) ?? []]);

        public override CatalogChange Drop(Retention? retention) => new CatalogChange.DropForeignTable(Name);

        public override CatalogChange Rename(TableIdentifier name) => new CatalogChange.RenameForeignTable(Name, name);

        public override CommitCondition IsThere() => new CommitCondition.ForeignTableIs(Name, Entry.Version);
    }
}
