using Tarn.Core.Errors;
using Tarn.DuckDb;

namespace Tarn.Engine.Writing;

/// <summary>A file that COPY wrote, as <c>RETURN_STATS</c> reports it.</summary>
/// <param name="Path">Local path.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="SizeBytes">Length.</param>
/// <param name="Columns">Statistics by quoted column path.</param>
/// <param name="PartitionKeys">Values of the partition columns as text; empty without PARTITION_BY.</param>
internal sealed record CopiedFile(
    string Path, long RowCount, long SizeBytes, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Columns, IReadOnlyDictionary<string, string> PartitionKeys)
{
    /// <summary>Runs a COPY with RETURN_STATS.</summary>
    public static IReadOnlyList<CopiedFile> Run(DuckDbConnection connection, string copySql, CancellationToken cancellationToken)
    {
        try
        {
            using var result = connection.Query(copySql, cancellationToken);
            return [.. result.Rows(cancellationToken).Select(Read).Where(f => f.RowCount > 0)];
        }
        catch (DuckDbException error) when (RefusedValues.Find(error.Message) is { } refusal)
        {
            throw TarnException.Invalid(refusal, error);
        }
        catch (DuckDbException error) when (error.IsDiskFull)
        {
            throw new TarnException(ErrorKind.ResourceExhausted, $"Cannot write data files: the disk is full; free space and try again. Nothing was changed ({error.Message}).", error);
        }
    }

    private static CopiedFile Read(object?[] row) => new(
        (string)row[0]!,
        Convert.ToInt64(row[1], System.Globalization.CultureInfo.InvariantCulture),
        Convert.ToInt64(row[2], System.Globalization.CultureInfo.InvariantCulture),
        Pairs(row[4]).ToDictionary(p => (string)p.Key, p => (IReadOnlyDictionary<string, string>)Texts(p.Value)),
        Texts(row[5]));

    private static Dictionary<string, string> Texts(object? map) => Pairs(map).ToDictionary(p => (string)p.Key, p => (string)p.Value!);

    private static KeyValuePair<object, object?>[] Pairs(object? map) => (KeyValuePair<object, object?>[]?)map ?? [];
}
