using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Inspection;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>Rows of a metadata table (<c>"orders$files"</c>) or of a table about the catalog as a relation of the engine.</summary>
internal static class MetadataRelation
{
    public static async ValueTask<RelationLease> AddAsync(EngineServices services, ScanReference scan, CancellationToken cancellationToken)
    {
        var (schema, values) = scan.Table.System is { } system ? (system.Schema, system.ReadAsync(cancellationToken)) : OfTable(services, scan);
        var rows = new List<object?[]>();
        await foreach (object?[] row in values.WithCancellation(cancellationToken).ConfigureAwait(false))
            rows.Add([.. schema.Fields.Select((f, i) => EngineValue.Of(f.Type, row[i]))]);
        return services.Relations.Add([.. schema.Fields.Select(f => (f.Name, EngineType.ToDuckDb(f.Type)))], rows);
    }

    /// <summary>Its columns.</summary>
    public static Schema SchemaOf(EngineServices services, ScanReference scan) => scan.Table.System?.Schema ?? OfTable(services, scan).Schema;

    private static (Schema Schema, IAsyncEnumerable<object?[]> Rows) OfTable(EngineServices services, ScanReference scan)
    {
        var table = MetadataTable.Create(MetadataTableNames.Parse(scan.Table.MetadataTable!), scan.Table.Handle, services.Store, scan.Scan);
        return (table.Schema, table.Rows);
    }
}
