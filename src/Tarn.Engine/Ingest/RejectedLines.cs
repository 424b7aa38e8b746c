using Tarn.DuckDb.Types;
using Tarn.Engine.Functions;

namespace Tarn.Engine.Ingest;

/// <summary>Relations that tell the line of a record, for as long as this lives.</summary>
internal sealed class RejectedLines(RelationRegistry relations) : IDisposable
{
    private readonly List<RelationLease> leases = [];

    /// <summary>SQL of a relation with <c>__tarn_record</c> and <c>__tarn_line</c>.</summary>
    /// <param name="source">Delimited text.</param>
    /// <param name="records">Ascending numbers of records, from 1, counted without header and without misshapen ones.</param>
    /// <param name="misshapen">Lines of the records that are not counted.</param>
    public string Add(SourceRelation source, long[] records, long[] misshapen)
    {
        var bigint = DuckDbType.Of(DuckDbTypeId.BigInt);
        var lease = relations.Add([("__tarn_record", bigint), ("__tarn_line", bigint)], [.. Lines(source, records, [.. misshapen])]);
        leases.Add(lease);
        return lease.Sql;
    }

    /// <inheritdoc/>
    public void Dispose() => leases.ForEach(l => l.Dispose());

    private static IEnumerable<object?[]> Lines(SourceRelation source, long[] records, HashSet<long> misshapen)
    {
        int next = 0;
        long record = 0;
        foreach (var (line, _) in CsvRecords.Read(source.File, source.Dialect!).Skip(source.Dialect!.HasHeader ? 1 : 0))
        {
            if (misshapen.Contains(line) || ++record != records[next])
                continue;
            yield return [record, line];
            if (++next == records.Length)
                yield break;
        }

        // Compressed in a way that is not read here: the number of the record is what is known.
        for (; next < records.Length; next++)
            yield return [records[next], null];
    }
}
