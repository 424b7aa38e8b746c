using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Testing.Catalogs;

/// <summary>What transactions need of a catalog, in memory, with hooks to disturb commits; metadata files lie in an object store. Not a full catalog: purge, names and paging are simple.</summary>
public sealed partial class MemoryCatalog(IObjectStore store, string warehouse = "s3://lake", TimeProvider? time = null) : ICatalog
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly TimeProvider clock = time ?? TimeProvider.System;
    private readonly Dictionary<Namespace, ImmutableSortedDictionary<string, string>> namespaces = [];
    private readonly Dictionary<TableIdentifier, TableHandle> tables = [];
    private readonly Dictionary<TableIdentifier, ViewHandle> views = [];

    /// <summary>Called before each commit is applied; may throw, and so stand for a competitor or a failure.</summary>
    public Func<IReadOnlyList<TableCommit>, ValueTask> BeforeCommit { get; set; } = _ => ValueTask.CompletedTask;

    /// <summary>Called after each commit was applied; throwing stands for a lost reply.</summary>
    public Action AfterCommit { get; set; } = () => { };

    /// <summary>Called before each table is loaded; may throw, and so stand for metadata that cannot be read.</summary>
    public Action<TableIdentifier> BeforeLoad { get; set; } = _ => { };

    /// <summary>Called before the tables of a namespace are listed; may throw.</summary>
    public Action<Namespace> BeforeList { get; set; } = _ => { };

    /// <summary>Commits applied so far.</summary>
    public int Commits { get; private set; }

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        BeforeList(@namespace);
        RequireNamespace(@namespace);
        return ValueTask.FromResult(Paged(tables.Keys.Where(t => t.Namespace == @namespace), t => t.Name, page));
    }

    /// <inheritdoc/>
    public ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        BeforeLoad(table);
        lock (tables)
            return ValueTask.FromResult(tables.GetValueOrDefault(table));
    }

    /// <inheritdoc/>
    public ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult($"{warehouse}/{string.Join('/', table.Namespace.Levels)}/{table.Name}-{Guid.NewGuid():N}");

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        await BeforeCommit(commits);
        await gate.WaitAsync(cancellationToken);
        try
        {
            var handles = new List<TableHandle>();
            foreach (var commit in commits)
                handles.Add(await PrepareAsync(commit, cancellationToken));
            lock (tables)
            {
                foreach (var handle in handles)
                    tables[handle.Identifier] = handle;
            }

            Commits++;
            AfterCommit();
            return handles;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default)
    {
        RequireNamespace(table.Namespace);
        if (replaced is null)
            RequireFree(table);
        else if (tables.GetValueOrDefault(table)?.MetadataLocation != replaced.MetadataLocation)
            throw new CommitConflictException($"Table '{table}' has changed.");
        var metadata = TableMetadataJson.Read(await store.ReadAsync(metadataLocation, cancellationToken), metadataLocation);
        return tables[table] = new TableHandle(table, metadataLocation, metadata);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default)
    {
        if (!tables.Remove(table, out var handle))
            return false;
        if (!purge)
            return true;
        List<string> locations = [];
        await foreach (var stat in store.ListAsync(handle.Metadata.Location + "/", cancellationToken))
            locations.Add(stat.Location);
        foreach (string location in locations)
            await store.DeleteAsync(location, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(tables.Remove(table, out var handle) ? handle : null);

    /// <inheritdoc/>
    public ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        if (!tables.TryGetValue(from, out var handle))
            throw TarnException.NotFound($"There is no table '{from}'.");
        RequireNamespace(to.Namespace);
        RequireFree(to);
        tables.Remove(from);
        tables[to] = handle with { Identifier = to };
        return ValueTask.CompletedTask;
    }

    private async ValueTask<TableHandle> PrepareAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        RequireNamespace(commit.Table.Namespace);
        bool creates = commit.Requirements.Any(r => r is TableRequirement.AssertCreate);
        var origin = tables.GetValueOrDefault(commit.Table);
        if (creates)
            RequireFree(commit.Table);
        else if (origin is null)
            throw TarnException.NotFound($"There is no table '{commit.Table}'.");
        foreach (var requirement in commit.Requirements)
            requirement.Validate(origin?.Metadata);
        var metadata = TableMetadataBuilder.Apply(origin?.Metadata, commit.Updates, clock.GetUtcNow(), origin?.MetadataLocation);
        if (ReferenceEquals(metadata, origin?.Metadata))
            return origin!;
        var (content, suffix) = TableMetadataJson.WriteFile(metadata);
        string location = $"{metadata.Location}/metadata/{Commits:00000}-{Guid.NewGuid()}{suffix}";
        await store.PutAsync(location, content, PutCondition.IfAbsent, cancellationToken);
        return new TableHandle(commit.Table, location, metadata);
    }

    private void RequireNamespace(Namespace @namespace)
    {
        if (!@namespace.IsRoot && !namespaces.ContainsKey(@namespace))
            throw new MissingNamespaceException(@namespace, $"There is no namespace '{@namespace}'.");
    }

    private void RequireFree(TableIdentifier name)
    {
        if (tables.ContainsKey(name))
            throw TarnException.AlreadyExists($"There already is a table '{name}'.");
        if (views.ContainsKey(name))
            throw TarnException.AlreadyExists($"There already is a view '{name}'.");
    }

    private static Page<T> Paged<T>(IEnumerable<T> all, Func<T, string> key, PageRequest page)
    {
        T[] rest = [.. all.OrderBy(key, StringComparer.Ordinal).Where(i => page.Token is null || string.CompareOrdinal(key(i), page.Token) > 0)];
        T[] items = page.Size > 0 ? [.. rest.Take(page.Size)] : rest;
        return new Page<T>(items, items.Length < rest.Length ? key(items[^1]) : null);
    }
}
