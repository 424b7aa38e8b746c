using Tarn.Interop.Tests.Lake;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests;

/// <summary>Tables that Tarn wrote, read by Iceberg Java.</summary>
[Collection(ForeignLakeCollection.Name)]
public sealed class IcebergJavaTests(ForeignLakes lakes)
{
    [Fact]
    public async Task Lake_ReadByIcebergJava_SameRows()
    {
        if (await IcebergJava.ReadAsync(lakes.Own) is not { } answers)
            return;
        var byKey = answers.ToDictionary(a => a.Key);
        var differences = new Differences("Iceberg Java", []);
        foreach (var reading in lakes.Own.Readings)
            differences.Compare(reading, byKey.GetValueOrDefault(reading.Key));
        differences.Verify();
    }
}
