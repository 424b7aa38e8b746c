using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Inspection;

namespace Tarn.Engine.Planning;

/// <summary>Rows of a metadata table (<c>"orders$files"</c>) as a relation of the engine.</summary>
internal static class MetadataRelation
{
    public static async ValueTask<RelationLease> AddAsync(EngineServices services, ScanReference scan, CancellationToken cancellationToken)
    {
        var table = MetadataTable.Create(MetadataTableNames.Parse(scan.Table.MetadataTable!), scan.Table.Handle, services.Store, scan.Scan);
        var rows = new List<object?[]>();
        await foreach (object?[] row in table.Rows.WithCancellation(cancellationToken).ConfigureAwait(false))
            rows.Add([.. table.Schema.Fields.Select((f, i) => EngineValue.Of(f.Type, row[i]))]);
        return services.Relations.Add([.. table.Schema.Fields.Select(f => (f.Name, EngineType.ToDuckDb(f.Type)))], rows);
    }
}
