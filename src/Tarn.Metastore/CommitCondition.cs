using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore;

/// <summary>What a commit expects to find: the compare of compare-and-swap.</summary>
public abstract record CommitCondition
{
    private CommitCondition()
    {
    }

    /// <summary>Throws when the condition does not hold: AlreadyExists, NotFound, or <see cref="CommitConflictException"/> for another state than expected.</summary>
    /// <param name="log">The state before the commit.</param>
    /// <param name="at">The catalog that the commit changes.</param>
    public virtual void Require(LogState log, CatalogAddress at) => Require(log.RequireCatalog(at));

    /// <summary>The same for conditions that look at nothing but the catalog that the commit changes.</summary>
    protected virtual void Require(CatalogState state) => throw new InvalidOperationException($"{GetType().Name} does not say what it requires.");

    /// <summary>The table's current metadata is this file; null: the name is free, also of views.</summary>
    public sealed record TableIs(TableIdentifier Table, string? MetadataLocation) : CommitCondition
    {
        /// <inheritdoc/>
        protected override void Require(CatalogState state)
        {
            if (MetadataLocation is null)
            {
                state.RequireFree(Table);
                return;
            }

            var entry = state.FindTable(Table) ?? throw TarnException.NotFound($"Table '{Table}' does not exist; it may have been dropped or renamed meanwhile.");
            if (entry.MetadataLocation != MetadataLocation)
                throw new CommitConflictException($"Table '{Table}' was changed by somebody else: its metadata is '{entry.MetadataLocation}', not '{MetadataLocation}'. Load it again and retry.");
        }
    }

    /// <summary>The view's current metadata is this file; null: the name is free, also of tables.</summary>
    public sealed record ViewIs(TableIdentifier View, string? MetadataLocation) : CommitCondition
    {
        /// <inheritdoc/>
        protected override void Require(CatalogState state)
        {
            if (MetadataLocation is null)
            {
                state.RequireFree(View);
                return;
            }

            var entry = state.FindView(View) ?? throw TarnException.NotFound($"View '{View}' does not exist; it may have been dropped or renamed meanwhile.");
            if (entry.MetadataLocation != MetadataLocation)
                throw new CommitConflictException($"View '{View}' was changed by somebody else: its metadata is '{entry.MetadataLocation}', not '{MetadataLocation}'. Load it again and retry.");
        }
    }

    /// <summary>The table of another format is in this state; null: the name is free, also of tables and views.</summary>
    public sealed record ForeignTableIs(TableIdentifier Table, long? Version) : CommitCondition
    {
        /// <inheritdoc/>
        protected override void Require(CatalogState state)
        {
            if (Version is null)
            {
                state.RequireFree(Table);
                return;
            }

            var entry = state.FindForeignTable(Table) ?? throw TarnException.NotFound($"Table '{Table}' does not exist; it may have been dropped or renamed meanwhile.");
            if (entry.Version != Version)
                throw new CommitConflictException($"Table '{Table}' was changed by somebody else: it is at version {entry.Version}, not {Version}. Load it again and retry.");
        }
    }

    /// <summary>The namespace has exactly these properties; null: there is no such namespace.</summary>
    public sealed record NamespaceIs(Namespace Namespace, ImmutableSortedDictionary<string, string>? Properties) : CommitCondition
    {
        /// <inheritdoc/>
        protected override void Require(CatalogState state)
        {
            var entry = state.FindNamespace(Namespace);
            if (Properties is null)
            {
                if (entry is not null)
                    throw TarnException.AlreadyExists($"Namespace '{Namespace}' exists already.");
                return;
            }

            if (entry is null)
                throw new MissingNamespaceException(Namespace, $"Namespace '{Namespace}' does not exist; it may have been dropped meanwhile.");
            if (!entry.Properties.SequenceEqual(Properties))
                throw new CommitConflictException($"The properties of namespace '{Namespace}' were changed by somebody else. Load them again and retry.");
        }
    }

    /// <summary>The namespace and those below it hold exactly these names.</summary>
    /// <param name="Namespace">The namespace.</param>
    /// <param name="Content">What <see cref="CatalogState"/> says of it.</param>
    public sealed record NamespaceHolds(Namespace Namespace, IReadOnlyList<NamespaceContent> Content) : CommitCondition
    {
        /// <inheritdoc/>
        protected override void Require(CatalogState state)
        {
            var present = state.ContentOf(Namespace);
            if (present.Count == 0)
                throw new MissingNamespaceException(Namespace, $"Namespace '{Namespace}' does not exist; it may have been dropped meanwhile.");
            if (present.Count != Content.Count || !present.Zip(Content).All(pair => pair.First.IsSame(pair.Second)))
                throw new CommitConflictException($"Somebody else created, dropped or renamed something in namespace '{Namespace}'. Look at it again and retry.");
        }
    }

    /// <summary>No document about identities has changed since this version.</summary>
    public sealed record AccessIs(long Version) : CommitCondition
    {
        /// <inheritdoc/>
        public override void Require(LogState log, CatalogAddress at)
        {
            if (log.Access.Version != Version)
                throw new CommitConflictException($"Identities were changed by somebody else: they are at version {log.Access.Version}, not {Version}. Read them again and retry.");
        }
    }

    /// <summary>A branch has not changed since this commit; null: there is no such branch.</summary>
    public sealed record BranchIs(CatalogAddress Branch, long? HeadNumber) : CommitCondition
    {
        /// <inheritdoc/>
        public override void Require(LogState log, CatalogAddress at)
        {
            if (HeadNumber is { } head)
            {
                if (log.RequireBranch(Branch).HeadNumber is var present && present != head)
                    throw new CommitConflictException($"Branch '{Branch}' was changed by somebody else: it is at commit {present}, not {head}. Read it again and retry.");
            }
            else if (log.RequireWarehouse(Branch.Warehouse).Branches.ContainsKey(Branch.Branch))
            {
                throw TarnException.AlreadyExists($"Branch '{Branch.Branch}' of warehouse '{Branch.Warehouse}' exists already.");
            }
        }
    }

    /// <summary>The warehouse of the commit has exactly these properties; null: there is no such warehouse.</summary>
    public sealed record WarehouseIs(ImmutableSortedDictionary<string, string>? Properties) : CommitCondition
    {
        /// <inheritdoc/>
        public override void Require(LogState log, CatalogAddress at)
        {
            if (Properties is null)
            {
                if (log.FindWarehouse(at.Warehouse) is not null)
                    throw TarnException.AlreadyExists($"Warehouse '{at.Warehouse}' exists already.");
            }
            else if (!log.RequireWarehouse(at.Warehouse).Properties.SequenceEqual(Properties))
            {
                throw new CommitConflictException($"The properties of warehouse '{at.Warehouse}' were changed by somebody else. Load them again and retry.");
            }
        }
    }

    /// <summary>No warehouse, namespace, table or view came, and none has moved, since it was looked where all of them lie.</summary>
    /// <param name="Since">The state that was looked at.</param>
    /// <param name="AreSame">Whether two metadata files of one table or view name the same folders; false where that is not known.</param>
    public sealed record PlacesAre(LogState Since, Func<string, string, bool> AreSame) : CommitCondition
    {
        /// <inheritdoc/>
        public override void Require(LogState log, CatalogAddress at)
        {
            if (log.Warehouses.Keys.FirstOrDefault(w => Since.FindWarehouse(w) is null) is { } warehouse)
                throw new PlacesChangedException($"Somebody else made warehouse '{warehouse}' meanwhile. Look again where things may lie, and retry.");
            foreach (var (address, catalog) in log.Catalogs)
            {
                var before = Since.FindBranch(address)?.Catalog;
                foreach (var (name, entry) in catalog.Namespaces)
                {
                    if (before?.FindNamespace(name) is var known && !ReferenceEquals(known, entry) && HasNew(known, entry))
                        throw new PlacesChangedException($"Somebody else put something somewhere meanwhile, in namespace '{name}' of {address}. Look again where it may lie, and retry.");
                }
            }
        }

        private bool HasNew(NamespaceEntry? known, NamespaceEntry entry) =>
            known is null || known.Properties.GetValueOrDefault(NamespaceEntry.LocationProperty) != entry.Properties.GetValueOrDefault(NamespaceEntry.LocationProperty)
            || entry.Tables.Any(t => known.Tables.GetValueOrDefault(t.Key) is not { } old || old.Uuid != t.Value.Uuid || !AreSame(old.MetadataLocation, t.Value.MetadataLocation))
            || entry.Views.Any(v => known.Views.GetValueOrDefault(v.Key) is not { } old || old.Uuid != v.Value.Uuid || !AreSame(old.MetadataLocation, v.Value.MetadataLocation));
    }

    /// <summary>There is room to remember requests.</summary>
    /// <param name="Keys">Their keys.</param>
    /// <param name="MaxCount">Most that are remembered at once.</param>
    public sealed record RoomForRequests(IReadOnlyCollection<RequestKey> Keys, int MaxCount) : CommitCondition
    {
        /// <inheritdoc/>
        public override void Require(LogState log, CatalogAddress at) => log.Applied.RequireRoom(Keys, MaxCount);
    }

    /// <summary>The files of this table or view are not being deleted.</summary>
    /// <param name="Uuid">Identity of the table, if it has one; null for a view, which is its file.</param>
    /// <param name="MetadataLocation">Its metadata file.</param>
    public sealed record NotExpiring(Guid? Uuid, string MetadataLocation) : CommitCondition
    {
        /// <inheritdoc/>
        public override void Require(LogState log, CatalogAddress at)
        {
            if (log.Dropped.Values.Where(d => d.IsExpiring && d.Is(Uuid, MetadataLocation)).MaxBy(d => d.Retention.IsPurged) is { } expiring)
                throw new TarnException(ErrorKind.Unavailable, $"{What(expiring)}, and '{MetadataLocation}' may need them. {WayOut(expiring)} Try again then; nothing was changed.");
        }

        private static string What(DroppedEntry expiring) =>
            $"The files of {(expiring.IsView ? "view" : "table")} '{expiring.Name}', dropped on {expiring.Time:u}, {(expiring.Retention.IsPurged ? "are being deleted" : "are kept after all, but deleting them had begun")}";

        // A run that had looked before they were wanted again may be at it still; the next one finds nothing to do.
        private static string WayOut(DroppedEntry expiring) => expiring.Retention.IsPurged
            ? "'tarn catalog dropped' lists it until they are gone."
            : "The next run forgets it: that of the server within the hour, or 'tarn catalog expire' now.";
    }
}
