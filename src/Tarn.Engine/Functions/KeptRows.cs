using System.Collections.Concurrent;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Functions;

/// <summary>
/// The condition that no equality delete concerns a row, as SQL, for deletes that compare one whole number: <c>__tarn_kept(keys, sequence, value)</c>, and
/// <c>__tarn_kept(keys, value)</c> where all deletes are newer than all rows. Every argument costs: the engine spreads constants over all rows.
/// </summary>
internal sealed class KeptRows
{
    /// <summary>Name of the function.</summary>
    public const string FunctionName = "__tarn_kept";

    /// <summary>Most deletes that are held so: a table of them takes 128 MiB at most, its filter 8, and 64 more while it is made.</summary>
    public const long MaxKeys = 4 << 20;

    private static readonly DuckDbType BigInt = DuckDbType.Of(DuckDbTypeId.BigInt);
    private readonly ConcurrentDictionary<long, KeyLoading> tables = new();
    private long lastKey;

    /// <summary>The scalar functions.</summary>
    public IReadOnlyList<DuckDbScalarFunction> Functions => [Function(BigInt, BigInt), Function(BigInt, BigInt, BigInt)];

    /// <summary>Adds deleted keys until the result is disposed.</summary>
    /// <param name="read">Reads them, once; see <see cref="Read"/>. What it throws is the error of the query that asks for them.</param>
    /// <param name="atOnce">Begins to read at once, beside what the caller does; else when a row is asked for.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public LiveRowsLease Add(Func<CancellationToken, DeletedKeys> read, bool atOnce, CancellationToken cancellationToken)
    {
        long key = Interlocked.Increment(ref lastKey);
        var loading = tables[key] = new KeyLoading(read, cancellationToken);
        if (atOnce)
            loading.Begin();
        return new LiveRowsLease(key, () =>
        {
            tables.TryRemove(key, out _);
            loading.Dispose();
        });
    }

    /// <summary>Reads deleted keys.</summary>
    /// <param name="result">Key and data sequence number of each delete; the key alone where every delete concerns every row.</param>
    /// <param name="files">The delete files that they are read from, with at most <see cref="MaxKeys"/> rows as their manifests state.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <exception cref="TarnException">DataCorrupted: there are more rows than <see cref="MaxKeys"/>, and so than the manifests state.</exception>
    public static DeletedKeys Read(DuckDbResult result, IReadOnlyList<DataFile> files, CancellationToken cancellationToken)
    {
        bool bySequence = result.Columns.Count > 1;
        var keys = new DeletedKeys(bySequence, (int)Math.Clamp(files.Sum(f => f.RecordCount), 0, MaxKeys));
        long rows = 0;
        foreach (var chunk in result.Chunks(cancellationToken))
        {
            rows += chunk.RowCount;
            if (rows > MaxKeys)
                throw TooMany(files);
            var values = chunk[0].Values<long>();
            var sequences = bySequence ? chunk[1].Values<long>() : default;
            if (!bySequence && !chunk[0].MayHaveNulls)
                keys.Add(values[..chunk.RowCount]);
            else
                AddRows(keys, chunk[0], values, sequences);
        }

        keys.Complete();
        return keys;
    }

    private static TarnException TooMany(IReadOnlyList<DataFile> files)
    {
        string names = files.Count == 1 ? $"Equality delete file '{files[0].FilePath}' holds" : $"{files.Count} equality delete files, e.g. '{files[0].FilePath}', hold";
        return TarnException.Corrupted(string.Create(CultureInfo.InvariantCulture, $"{names} more than {MaxKeys} rows, where manifests state a record_count of {files.Sum(f => f.RecordCount)} in all. Restore the files that were committed, or roll the table back to a snapshot that does not need them."));
    }

    private static void AddRows(DeletedKeys keys, DuckDbVector column, ReadOnlySpan<long> values, ReadOnlySpan<long> sequences)
    {
        for (int row = 0; row < column.Count; row++)
            keys.Add(column.IsValid(row) ? values[row] : null, sequences.IsEmpty ? 0 : sequences[row]);
    }

    private DuckDbScalarFunction Function(params DuckDbType[] parameters) => new()
    {
        Name = FunctionName,
        Parameters = parameters,
        ReturnType = DuckDbType.Of(DuckDbTypeId.Boolean),
        HandlesNulls = true,
        Body = Test,
    };

    private void Test(DuckDbChunk chunk, DuckDbVectorWriter output)
    {
        if (chunk.RowCount == 0)
            return;
        if (!tables.TryGetValue(chunk[0].Values<long>()[0], out var loading))
            throw TarnException.Invalid($"{FunctionName} is for Tarn's own use.");
        var keys = loading.Keys;
        var kept = output.Values<bool>()[..chunk.RowCount];
        var values = chunk[chunk.ColumnCount - 1];
        var sequences = chunk.ColumnCount > 2 ? chunk[1].Values<long>() : default;
        keys.Test(values.Values<long>(), sequences, kept);
        if (!values.MayHaveNulls)
            return;
        for (int row = 0; row < kept.Length; row++)
        {
            if (!values.IsValid(row))
                kept[row] = keys.NewestOfNull <= (sequences.IsEmpty ? -1 : sequences[row]);
        }
    }
}
