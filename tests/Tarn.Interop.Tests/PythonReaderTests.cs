using Tarn.Interop.Tests.Lake;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests;

/// <summary>Tables that Tarn wrote, read by PyIceberg and by DuckDB's iceberg extension.</summary>
[Collection(ForeignLakeCollection.Name)]
public sealed class PythonReaderTests(ForeignLakes lakes)
{
    // PyIceberg 0.12 reads a null list or map of structs as an empty one.
    private static readonly Gap[] PyIcebergGaps =
    [
        Gap.Differs("types.nested", EmptyForNull),
        Gap.Differs("types.nested_v3", EmptyForNull),
    ];

    private static readonly Gap[] DuckDbGaps =
    [
        Gap.Refused("types.nanos_tz", "timestamptz_ns"),
        Gap.Refused("changes.upgraded@1", "sequence_number"), // a list of manifests of version 1 in a table of version 2
    ];

    [Fact]
    public Task Lake_ReadByPyIceberg_SameRows() => CompareAsync("PyIceberg", "read_pyiceberg.py", PyIcebergGaps);

    [Fact]
    public Task Lake_ReadByDuckDbIceberg_SameRows() => CompareAsync("DuckDB", "read_duckdb.py", DuckDbGaps);

    private async Task CompareAsync(string reader, string script, Gap[] gaps)
    {
        if (await PeerCache.PythonAsync() is not { } python)
            return;
        var readings = lakes.OnFiles.Readings;
        var lines = await PeerProcess.RunAsync(python, [PeerProcess.Script(script)], readings.Select(r => PeerAnswer.Request(r, r.Location)));
        var answers = PeerAnswer.Parse(lines).ToDictionary(a => a.Key);
        var differences = new Differences(reader, gaps);
        foreach (var reading in readings)
            differences.Compare(reading, answers.GetValueOrDefault(reading.Key));
        differences.Verify();
    }

    private static string EmptyForNull(string row) => row.Replace("\"points\":null", "\"points\":[]").Replace("\"keyed\":null", "\"keyed\":[]");
}
