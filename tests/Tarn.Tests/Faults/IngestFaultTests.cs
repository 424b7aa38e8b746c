using System.Diagnostics;
using System.Globalization;
using Tarn.CommandLine;
using Tarn.Core.Files;
using Tarn.Testing;

namespace Tarn.Tests.Faults;

/// <summary>An ingest that is killed or cancelled: the table and that of its rejected rows are both as before, or both have all of the file.</summary>
public sealed class IngestFaultTests : IDisposable
{
    private const int BlockLines = 100_000;
    private static readonly TimeSpan FirstGuess = TimeSpan.FromSeconds(2);
    private const string Counts = "SELECT (SELECT count(*) FROM s.u) AS rows, (SELECT count(*) FROM s.u__rejected) AS rejected";
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Ingest_KilledAtARandomMoment_IsThereWholeOrNotAtAll()
    {
        var lake = await FaultLake.CreateAsync(Path.Join(_tarn.Folder, "lake"));
        var (first, more) = (Csv("first.csv", blocks: 0), Csv("more.csv", blocks: 3));
        Assert.Equal(ExitCode.Done, (await lake.RunAsync(Ingest(first))).ExitCode);
        int commits = 0;
        int rounds = await KillAsync(lake, Soak.Rounds(1, 200), _ => Ingest(more), async (round, acknowledged) =>
        {
            string counts = await lake.SqlAsync(Counts);
            bool landed = counts == Expected(commits + 1);
            Assert.True(landed || counts == Expected(commits), $"Round {round}: {counts} after {commits} commits, acknowledged: {acknowledged}.");
            commits += landed ? 1 : 0;
            return landed;
        });
        Console.WriteLine($"soak: kill -9 of ingest: {rounds} rounds, {commits} commits over two tables, seed {Soak.Seed}, none lost or torn");
    }

    [Fact]
    public async Task Ingest_KilledWhileItMakesItsSchema_LeavesThatWithBothTablesOrNothing()
    {
        var lake = await FaultLake.CreateAsync(Path.Join(_tarn.Folder, "lake"));
        string source = Csv("some.csv", blocks: 3);
        int made = 0;
        int rounds = await KillAsync(lake, Soak.Rounds(1, 100), round => ["ingest", source, "--table", $"made{round}.u", "--on-error", "quarantine"], async (round, _) =>
        {
            bool landed = (await lake.SqlAsync("SHOW SCHEMAS")).Contains($"made{round}\n", StringComparison.Ordinal);
            if (landed)
                Assert.Equal($"rows,rejected\n{(3 * BlockLines) + 1},1\n", await lake.SqlAsync(Counts.Replace("s.u", $"made{round}.u", StringComparison.Ordinal)));
            made += landed ? 1 : 0;
            return landed;
        });
        Console.WriteLine($"soak: kill -9 of ingest into a new schema: {rounds} rounds, {made} schemas made with both tables, seed {Soak.Seed}, none without");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Ingest_Cancelled_ChangesNothing(string signal)
    {
        var lake = await FaultLake.CreateAsync(Path.Join(_tarn.Folder, "lake"));
        var before = lake.Contents();
        // With the turn taken, it cannot be done before it is told to end, however fast it is.
        using var turn = PhysicalFileSystem.Instance.TryLock(Path.Join(lake.Folder, ".metastore", "commit.lock"), "a test");
        using var process = _tarn.Start(["--data", lake.Folder, .. Ingest(Csv("large.csv", blocks: 60))]);
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            while (lake.Staged().Count == 0 && !process.HasExited && await timer.WaitForNextTickAsync())
            {
            }
        }

        var result = await TarnProcess.EndAsync(process, signal);
        Assert.True(result.ExitCode == ExitCode.Cancelled, $"{result}");
        Assert.Equal(before, lake.Contents());
        Assert.Empty(lake.Staged());
    }

    // Of the rounds the first is killed with all files written and nothing committed, the second when it is done, all others at a random moment: both
    // states are seen however fast the machine is. What looks says whether the ingest is there.
    private async Task<int> KillAsync(FaultLake lake, int randomRounds, Func<int, string[]> command, Func<int, bool, Task<bool>> looks)
    {
        var random = new Random(Soak.Seed);
        var lifetime = FirstGuess;
        for (int round = 0; round < randomRounds + 2; round++)
        {
            bool acknowledged = false;
            if (round == 0)
            {
                await KillBeforeCommitAsync(lake, command(round));
            }
            else
            {
                using var process = _tarn.Start(["--data", lake.Folder, .. command(round)]);
                long started = Stopwatch.GetTimestamp();
                var ended = TarnProcess.FinishAsync(process, "");
                await Task.WhenAny(ended, round == 1 ? ended : Task.Delay(lifetime * (random.NextDouble() * 1.2)));
                process.Kill();
                acknowledged = (await ended).ExitCode == ExitCode.Done;

                // Every moment of a whole run, however fast the machine is just now, gets its share of the kills.
                lifetime = acknowledged ? Stopwatch.GetElapsedTime(started) : lifetime * 1.05;
            }

            bool landed = await looks(round, acknowledged);
            Assert.True(landed || !acknowledged, $"Round {round}: acknowledged, and it is not there.");
            Assert.True(round > 1 || landed == (round == 1), $"Round {round}: {(landed ? "there, and it was not committed" : "not there, and it was not killed")}.");
            Assert.Empty(lake.Staged());
        }

        return randomRounds + 2;
    }

    // With the turn taken it cannot commit; with a data file more for each of its tables, nothing else is left to do.
    private async Task KillBeforeCommitAsync(FaultLake lake, string[] command)
    {
        using var turn = PhysicalFileSystem.Instance.TryLock(Path.Join(lake.Folder, ".metastore", "commit.lock"), "a test");
        Assert.NotNull(turn);
        int before = DataFiles(lake);
        using var process = _tarn.Start(["--data", lake.Folder, .. command]);
        var ended = TarnProcess.FinishAsync(process, "");
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            while (DataFiles(lake) < before + 2 && !process.HasExited && await timer.WaitForNextTickAsync())
            {
            }
        }

        process.Kill();
        var result = await ended;
        Assert.True(DataFiles(lake) >= before + 2, $"It ended before it wrote its files: {result}");
    }

    private static int DataFiles(FaultLake lake) => Directory.EnumerateFiles(lake.Folder, "*.parquet", SearchOption.AllDirectories).Count(path => !path.Contains(".staging", StringComparison.Ordinal));

    private static string[] Ingest(string path) => ["ingest", path, "--table", "s.u", "--on-error", "quarantine"];

    // The first file has a row of each kind; every further commit adds three blocks and one bad row.
    private static string Expected(int commits) =>
        string.Create(CultureInfo.InvariantCulture, $"rows,rejected\n{1 + (commits * ((3 * BlockLines) + 1))},{1 + commits}\n");

    private string Csv(string name, int blocks)
    {
        string path = Path.Join(_tarn.Folder, name);
        string block = string.Concat(Enumerable.Range(0, BlockLines).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{i * 7L}\n")));
        using var writer = new StreamWriter(path);
        writer.Write("id,amount\n1,2\n");
        for (int i = 0; i < blocks; i++)
            writer.Write(block);
        // A row with a cell too many.
        writer.Write("3,4,5\n");
        return path;
    }
}
