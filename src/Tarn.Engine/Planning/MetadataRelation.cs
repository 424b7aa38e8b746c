using Tarn.Core.Errors;
using Tarn.Engine.Functions;

namespace Tarn.Engine.Planning;

/// <summary>Rows of a metadata table as a relation of the engine.</summary>
internal static class MetadataRelation
{
    public static ValueTask<RelationLease> AddAsync(EngineServices services, ScanReference scan, CancellationToken cancellationToken) =>
        throw TarnException.Unsupported($"There is no metadata table ${scan.Table.MetadataTable}.");
}
