using System.Collections.Concurrent;
using System.Text;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Iceberg.Deletes;

namespace Tarn.Engine.Functions;

/// <summary>
/// The condition that a row is not deleted by its position, as SQL: <c>__tarn_live(key, file, position)</c>. Rows of one file that stand beside each other
/// are asked for at once, so that the cost is that of the deletes and not that of the rows.
/// </summary>
internal sealed class LiveRows
{
    /// <summary>Name of the function.</summary>
    public const string FunctionName = "__tarn_live";

    // How many positions are looked at beside each other, and for how many of them one row must be wanted.
    private const int WindowRows = 2048;
    private const int MaxRowsForOne = 256;

    private readonly ConcurrentDictionary<long, Dictionary<string, PositionBitmap>> scans = new();
    private long lastKey;

    /// <summary>The scalar function.</summary>
    public DuckDbScalarFunction Function => new()
    {
        Name = FunctionName,
        Parameters = [DuckDbType.Of(DuckDbTypeId.BigInt), DuckDbType.Of(DuckDbTypeId.Varchar), DuckDbType.Of(DuckDbTypeId.BigInt)],
        ReturnType = DuckDbType.Of(DuckDbTypeId.Boolean),
        Body = Test,
    };

    /// <summary>Adds the deleted positions of files until the result is disposed.</summary>
    /// <param name="deleted">By the path under which the engine reads the data file.</param>
    public LiveRowsLease Add(IEnumerable<KeyValuePair<string, PositionBitmap>> deleted)
    {
        long key = Interlocked.Increment(ref lastKey);
        scans[key] = new Dictionary<string, PositionBitmap>(deleted, StringComparer.Ordinal);
        return new LiveRowsLease(key, () => scans.TryRemove(key, out _));
    }

    private void Test(DuckDbChunk chunk, DuckDbVectorWriter output)
    {
        if (chunk.RowCount == 0)
            return;
        var live = output.Values<bool>()[..chunk.RowCount];
        live.Fill(true);
        if (!scans.TryGetValue(chunk[0].Values<long>()[0], out var scan))
            throw TarnException.Invalid($"{FunctionName} is for Tarn's own use.");
        var positions = chunk[2].Values<long>();
        for (int row = 0; row < chunk.RowCount;)
        {
            int end = SameFile(chunk[1], row);
            string path = Encoding.UTF8.GetString(chunk[1].Bytes(row));
            if (!scan.TryGetValue(path, out var deleted))
                throw new TarnException(ErrorKind.Internal, $"Deletes of '{path}' were not read.");
            Test(deleted, positions[row..end], live[row..end]);
            row = end;
        }
    }

    private static void Test(PositionBitmap deleted, ReadOnlySpan<long> positions, Span<bool> live)
    {
        if (IsRange(positions))
        {
            deleted.Clear(positions[0], live);
            return;
        }

        Span<bool> window = stackalloc bool[WindowRows];
        for (int row = 0; row < positions.Length;)
        {
            int end = SameWindow(positions, row);
            if (end - row < WindowRows / MaxRowsForOne)
            {
                live[row] = !deleted.Contains(positions[row]);
                row++;
                continue;
            }

            window.Fill(true);
            deleted.Clear(positions[row], window);
            for (long first = positions[row]; row < end; row++)
                live[row] = window[(int)(positions[row] - first)];
        }
    }

    // Rows that another filter left over: those that lie near each other are asked for at once too.
    private static int SameWindow(ReadOnlySpan<long> positions, int start)
    {
        int row = start + 1;
        while (row < positions.Length && positions[row] > positions[row - 1] && positions[row] - positions[start] < WindowRows)
            row++;
        return row;
    }

    private static bool IsRange(ReadOnlySpan<long> positions)
    {
        for (int row = 1; row < positions.Length; row++)
        {
            if (positions[row] != positions[0] + row)
                return false;
        }

        return true;
    }

    // The path is one value for all rows of a file: stored strings, pointer and all, are compared before texts are.
    private static int SameFile(DuckDbVector paths, int start)
    {
        var stored = paths.Values<UInt128>();
        int row = start + 1;
        while (row < paths.Count && (stored[row] == stored[start] || paths.Bytes(row).SequenceEqual(paths.Bytes(start))))
            row++;
        return row;
    }
}

/// <summary>Deleted positions that SQL may ask for until this is disposed.</summary>
/// <param name="Key">First argument of the function.</param>
/// <param name="Release">Forgets them.</param>
internal sealed record LiveRowsLease(long Key, Action Release) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Release();
}
