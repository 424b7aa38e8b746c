using Tarn.Core.Errors;
using Tarn.DuckDb.Types;
using Tarn.Engine.Functions;

namespace Tarn.Engine.Ingest;

/// <summary>Relations that tell the line of a record, for as long as this lives.</summary>
internal sealed class RejectedLines(RelationRegistry relations) : IDisposable
{
    /// <summary>Name of the column with the line.</summary>
    public const string LineColumn = "__tarn_line";

    private readonly List<RelationLease> leases = [];

    /// <summary>SQL of a relation with <see cref="SourceRelation.RecordColumn"/> and <see cref="LineColumn"/>.</summary>
    /// <param name="source">The source.</param>
    /// <param name="records">Ascending numbers of records.</param>
    /// <param name="misshapen">Lines of the records that are not counted.</param>
    public string Add(SourceRelation source, long[] records, long[] misshapen)
    {
        var bigint = DuckDbType.Of(DuckDbTypeId.BigInt);
        var lease = relations.Add([(SourceRelation.RecordColumn, bigint), (LineColumn, bigint)], Lines(source, records, [.. misshapen]));
        leases.Add(lease);
        return lease.Sql;
    }

    /// <inheritdoc/>
    public void Dispose() => leases.ForEach(l => l.Dispose());

    private static List<object?[]> Lines(SourceRelation source, long[] records, HashSet<long> misshapen)
    {
        var lines = new List<object?[]>(records.Length);
        long record = 0;
        foreach (long line in RecordLines.Of(source, misshapen))
        {
            if (++record != records[lines.Count])
                continue;
            lines.Add([record, line]);
            if (lines.Count == records.Length)
                return lines;
        }

        throw TarnException.Corrupted($"File '{source.File.Name}' changed while it was read: record {records[lines.Count]} is no longer there. Ingest it again when it is complete.");
    }
}
