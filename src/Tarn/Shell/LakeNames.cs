using Tarn.Iceberg.Catalogs;

namespace Tarn.Shell;

/// <summary>Names of schemas, tables and columns, for completion. Read when first needed, and again after each statement.</summary>
internal sealed class LakeNames(ICatalog catalog)
{
    private readonly Dictionary<TableIdentifier, IReadOnlyList<string>> _columns = [];
    private IReadOnlyList<TableIdentifier>? _tables;
    private IReadOnlyList<string> _schemas = [];

    /// <summary>Forgets everything: a statement may have changed it.</summary>
    public void Forget()
    {
        _tables = null;
        _columns.Clear();
    }

    /// <summary>All schemas, nested ones with dots.</summary>
    public async ValueTask<IReadOnlyList<string>> SchemasAsync(CancellationToken cancellationToken)
    {
        await TablesAsync(cancellationToken);
        return _schemas;
    }

    /// <summary>All tables and views.</summary>
    public async ValueTask<IReadOnlyList<TableIdentifier>> TablesAsync(CancellationToken cancellationToken)
    {
        if (_tables is not null)
            return _tables;
        var tables = new List<TableIdentifier>();
        var schemas = new List<string>();
        // Names are proposed while somebody types: those that cannot be listed are not.
        var walk = new CatalogWalk(catalog, _ => { });
        await foreach (var @namespace in walk.NamespacesAsync(cancellationToken))
        {
            schemas.Add(@namespace.ToString());
            if (await walk.ContentAsync(@namespace, cancellationToken) is { } content)
                tables.AddRange([.. content.Tables, .. content.Views]);
        }

        _schemas = schemas;
        return _tables = tables;
    }

    /// <summary>Columns of a table; empty for a view or what is not there.</summary>
    public async ValueTask<IReadOnlyList<string>> ColumnsAsync(TableIdentifier table, CancellationToken cancellationToken)
    {
        if (_columns.TryGetValue(table, out var known))
            return known;
        var handle = await catalog.LoadTableAsync(table, cancellationToken);
        return _columns[table] = handle is null ? [] : [.. handle.Metadata.CurrentSchema.Fields.Select(field => field.Name)];
    }
}
