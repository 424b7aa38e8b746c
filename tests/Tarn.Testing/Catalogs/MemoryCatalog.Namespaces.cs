using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Testing.Catalogs;

/// <content>Namespaces and views.</content>
public sealed partial class MemoryCatalog
{
    /// <inheritdoc/>
    public ValueTask<Page<Namespace>> ListNamespacesAsync(Namespace parent, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        RequireNamespace(parent);
        return ValueTask.FromResult(Paged(namespaces.Keys.Where(n => n.Parent == parent), n => n.Levels[^1], page));
    }

    /// <inheritdoc/>
    public ValueTask CreateNamespaceAsync(Namespace @namespace, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default)
    {
        if (@namespace.IsRoot || @namespace.Levels.Any(string.IsNullOrEmpty))
            throw TarnException.Invalid($"'{@namespace}' is no name for a namespace.");
        RequireNamespace(@namespace.Parent);
        if (!namespaces.TryAdd(@namespace, properties))
            throw TarnException.AlreadyExists($"There already is a namespace '{@namespace}'.");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableSortedDictionary<string, string>?> LoadNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(namespaces.GetValueOrDefault(@namespace));

    /// <inheritdoc/>
    public ValueTask UpdateNamespaceAsync(
        Namespace @namespace, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default)
    {
        RequireNamespace(@namespace);
        namespaces[@namespace] = namespaces[@namespace].RemoveRange(removals).SetItems(updates);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        RequireNamespace(@namespace);
        if (namespaces.Keys.Any(n => n.Parent == @namespace) || tables.Keys.Concat(views.Keys).Any(t => t.Namespace == @namespace))
            throw TarnException.Invalid($"Namespace '{@namespace}' is not empty.");
        namespaces.Remove(@namespace);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Page<TableIdentifier>> ListViewsAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        RequireNamespace(@namespace);
        return ValueTask.FromResult(Paged(views.Keys.Where(t => t.Namespace == @namespace), t => t.Name, page));
    }

    /// <inheritdoc/>
    public ValueTask<ViewHandle?> LoadViewAsync(TableIdentifier view, CancellationToken cancellationToken = default) => ValueTask.FromResult(views.GetValueOrDefault(view));

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> CommitViewAsync(TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken = default)
    {
        RequireNamespace(view.Namespace);
        if (baseView is null)
            RequireFree(view);
        else if (views.GetValueOrDefault(view)?.MetadataLocation != baseView.MetadataLocation)
            throw new CommitConflictException($"View '{view}' changed since it was read.");
        string location = $"{metadata.Location}/metadata/{Guid.NewGuid()}.metadata.json";
        await store.PutAsync(location, ViewMetadataJson.Write(metadata), cancellationToken: cancellationToken);
        return views[view] = new ViewHandle(view, location, metadata);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DropViewAsync(TableIdentifier view, CancellationToken cancellationToken = default) => ValueTask.FromResult(views.Remove(view));

    /// <inheritdoc/>
    public ValueTask RenameViewAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        if (!views.TryGetValue(from, out var handle))
            throw TarnException.NotFound($"There is no view '{from}'.");
        RequireNamespace(to.Namespace);
        RequireFree(to);
        views.Remove(from);
        views[to] = handle with { Identifier = to };
        return ValueTask.CompletedTask;
    }
}
