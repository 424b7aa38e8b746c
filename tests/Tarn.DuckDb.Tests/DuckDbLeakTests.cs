using System.Diagnostics;

namespace Tarn.DuckDb.Tests;

/// <summary>Measures the memory of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(DuckDbLeakTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(DuckDbLeakTests))]
public sealed class DuckDbLeakTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public void Query_TenThousandResults_DoNotLeak()
    {
        using var connection = fixture.Database.Connect();
        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var result = connection.Query("SELECT range AS a, [range, 1] AS b, {'x': 'some longer text than inline'} AS c FROM range(10)");
                Assert.Equal(3, result.Columns.Count);
                while (result.NextChunk() is { } chunk)
                    chunk.GetRow(9);
                using var statement = connection.Prepare("SELECT ?");
                statement.Bind(1, "another text that is not inlined");
            }
        }
        Run(1_000);
        var before = ResidentBytes();
        Run(10_000);
        // 10,000 leaked results of some KB each would be tens of MB.
        Assert.InRange(ResidentBytes() - before, long.MinValue, 32 << 20);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
