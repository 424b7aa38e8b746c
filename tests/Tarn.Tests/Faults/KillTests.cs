using Tarn.Testing;

namespace Tarn.Tests.Faults;

/// <summary>kill -9 at random moments: the table reads as one of its committed states, and what was acknowledged is there.</summary>
public sealed class KillTests : IDisposable
{
    private const int BatchesPerLife = 30;
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Insert_KilledAtARandomMoment_LosesNoAcknowledgedCommit()
    {
        var lake = await FaultLake.CreateAsync(Path.Join(_tarn.Folder, "lake"));
        var random = new Random(Soak.Seed);
        int rounds = Soak.Rounds(6, 300), next = 0;
        for (int round = 0; round < rounds; round++)
        {
            int acknowledged = await LiveAndDieAsync(lake, next, random);
            var batches = await lake.BatchesAsync();
            Assert.Equal(Enumerable.Range(0, batches.Count), batches);
            Assert.InRange(batches.Count, next + acknowledged, next + acknowledged + 1);
            Assert.Empty(lake.Staged());
            next = batches.Count;
        }

        Console.WriteLine($"soak: kill -9 of INSERT: {rounds} rounds, {next} commits, seed {Soak.Seed}, none lost or torn");
    }

    // Returns how many commits the process acknowledged before it died.
    private async Task<int> LiveAndDieAsync(FaultLake lake, int first, Random random)
    {
        string script = string.Join(";\n", Enumerable.Range(first, BatchesPerLife).Select(FaultLake.Insert));
        using var process = _tarn.Start("--data", lake.Folder, "sql", "-c", script);
        process.StandardInput.Close();
        int acknowledged = 0, wanted = random.Next(6);
        while (acknowledged < wanted && await process.StandardError.ReadLineAsync() is { } line)
            acknowledged += IsAcknowledgement(line) ? 1 : 0;
        // From before the first commit to the middle of one that nobody heard of.
        await Task.Delay(random.Next(wanted == 0 ? 900 : 120));
        process.Kill();
        string rest = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return acknowledged + rest.Split('\n').Count(IsAcknowledgement);
    }

    private static bool IsAcknowledgement(string line) => line.StartsWith("INSERT ", StringComparison.Ordinal);
}
