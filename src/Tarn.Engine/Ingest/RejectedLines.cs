using Tarn.Core.Errors;
using Tarn.DuckDb.Types;
using Tarn.Engine.Functions;

namespace Tarn.Engine.Ingest;

/// <summary>Relations that tell the line of a record, for as long as this lives.</summary>
internal sealed class RejectedLines(RelationRegistry relations) : IDisposable
{
    /// <summary>Name of the column with the line.</summary>
    public const string LineColumn = "__tarn_line";

    /// <summary>Name of the column with a place as the engine tells it.</summary>
    public const string PlaceColumn = "__tarn_place";

    private readonly List<RelationLease> leases = [];

    /// <summary>SQL of a relation with <see cref="SourceRelation.RecordColumn"/> and <see cref="LineColumn"/>.</summary>
    /// <param name="source">The source.</param>
    /// <param name="records">Ascending numbers of records.</param>
    /// <param name="misshapen">Where records begin that are not counted, ascending.</param>
    public string Add(SourceRelation source, long[] records, IReadOnlyList<TextPosition> misshapen) => Add(SourceRelation.RecordColumn, Lines(source, records, misshapen));

    /// <summary>SQL of a relation with <see cref="PlaceColumn"/> and <see cref="LineColumn"/>.</summary>
    /// <param name="places">Places as the engine tells them.</param>
    /// <param name="positions">Where they are.</param>
    public string Add(long[] places, IReadOnlyList<TextPosition> positions) => Add(PlaceColumn, [.. places.Zip(positions, (p, t) => new object?[] { p, t.Line })]);

    /// <inheritdoc/>
    public void Dispose() => leases.ForEach(l => l.Dispose());

    private string Add(string key, List<object?[]> rows)
    {
        var bigint = DuckDbType.Of(DuckDbTypeId.BigInt);
        var lease = relations.Add([(key, bigint), (LineColumn, bigint)], rows);
        leases.Add(lease);
        return lease.Sql;
    }

    private static List<object?[]> Lines(SourceRelation source, long[] records, IReadOnlyList<TextPosition> misshapen)
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

        // Where quotes are broken the engine may divide the text otherwise: the row counts, its line is not known.
        if (source.Dialect is not null)
            return [.. lines, .. records.Skip(lines.Count).Select(r => new object?[] { r, null })];
        throw TarnException.Corrupted($"File '{source.File.Name}' changed while it was read: record {records[lines.Count]} is no longer there. Ingest it again when it is complete.");
    }
}
