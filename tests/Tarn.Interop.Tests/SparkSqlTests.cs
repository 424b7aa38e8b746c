using Tarn.Interop.Tests.Lake;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing;

namespace Tarn.Interop.Tests;

/// <summary>Tables that Tarn wrote, read by Spark SQL.</summary>
[Collection(ForeignLakeCollection.Name)]
public sealed class SparkSqlTests(ForeignLakes lakes)
{
    // Spark 3.5 has no time of day and no nanoseconds; Iceberg 1.11.0's connector cannot fill in a decimal that is a long in the file.
    private static readonly Gap[] Gaps =
    [
        .. ((string[])["types.v1", "types.v2", "types.v3", "parts.source", $"parts.identity_{LakeScript.Clock}", $"parts.bucket_{LakeScript.Clock}"])
            .Select(table => Gap.Refused(table, "Spark does not support time fields")),
        Gap.Refused("types.nanos", "timestamp_ns"),
        Gap.Refused("types.nanos_tz", "timestamptz_ns"),
        Gap.Refused("types.defaults", "Cannot cast default value to long: 12.50"),
    ];

    [Fact]
    public async Task Lake_ReadBySparkSql_SameRows()
    {
        var readings = Slice(lakes.OnFiles.Readings);
        if (await SparkSql.ReadAsync(readings) is not { } answers)
            return;
        var byKey = answers.ToDictionary(a => a.Key);
        var differences = new Differences($"Spark SQL (seed {Soak.Seed})", Gaps);
        foreach (var reading in readings)
            differences.Compare(reading, byKey.GetValueOrDefault(reading.Key));
        differences.Verify();
    }

    /// <summary>All states in a soak; else the demo's tables, and a few others by chance, because every statement takes Spark most of a second.</summary>
    private static IReadOnlyList<Reading> Slice(IReadOnlyList<Reading> readings)
    {
        if (Soak.Factor > 0)
            return readings;
        var kinds = readings.GroupBy(r => (Schema: r.Table[..r.Table.IndexOf('.', StringComparison.Ordinal)], IsOld: r.Snapshot is not null));
        var random = new Random(Soak.Seed);
        return [.. kinds.SelectMany(kind => kind.Key switch
        {
            ("bronze" or "silver" or "gold", false) => [.. kind],
            ("types", false) => Some(kind, 8),
            ("changes", false) => Some(kind, 4),
            _ => Some(kind, 2),
        })];

        Reading[] Some(IEnumerable<Reading> all, int count)
        {
            Reading[] shuffled = [.. all];
            random.Shuffle(shuffled);
            return shuffled[..Math.Min(count, shuffled.Length)];
        }
    }
}
