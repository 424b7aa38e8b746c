using System.Globalization;
using Tarn.CommandLine;
using Tarn.Commands;
using Tarn.Composition;
using Tarn.Metastore.Lineage;
using Tarn.Terminal;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Faults;

/// <summary>
/// A small lake that things happen to: the table <c>s.t(id BIGINT, batch BIGINT)</c>, of which every commit adds one batch of <see cref="BatchRows"/> rows
/// with the ids from 0.
/// </summary>
internal sealed class FaultLake(string folder)
{
    /// <summary>Rows of one INSERT.</summary>
    public const int BatchRows = 1_000;

    private const int BatchSum = BatchRows * (BatchRows - 1) / 2;

    /// <summary>The data folder.</summary>
    public string Folder => folder;

    /// <summary>The statement that adds a batch.</summary>
    public static string Insert(int batch) => string.Create(CultureInfo.InvariantCulture, $"INSERT INTO s.t SELECT i, {batch} FROM range({BatchRows}) r(i)");

    /// <summary>Makes the lake with these batches in it.</summary>
    public static async Task<FaultLake> CreateAsync(string folder, int batches = 0)
    {
        var lake = new FaultLake(folder);
        string inserts = string.Concat(Enumerable.Range(0, batches).Select(batch => "; " + Insert(batch)));
        await lake.SqlAsync("CREATE SCHEMA s; CREATE TABLE s.t (id BIGINT, batch BIGINT)" + inserts);
        return lake;
    }

    /// <summary>Runs a command line in this process, as the program would.</summary>
    public async Task<ProcessResult> RunAsync(params string[] words)
    {
        var streams = new MemoryStreams(showsProgress: false);
        using var cancellation = new Cancellation();
        int code = await new TarnProgram(CommandTable.All, streams.Streams, cancellation, Lake.Open).RunAsync(["--data", folder, .. words]);
        return new ProcessResult(code, streams.Out, streams.Error);
    }

    /// <summary>Runs statements that must succeed.</summary>
    /// <returns>Their results as CSV.</returns>
    public async Task<string> SqlAsync(string sql)
    {
        var result = await RunAsync("sql", "--format", "csv", "-c", sql);
        Assert.True(result.ExitCode == ExitCode.Done, $"{sql}\n{result}");
        return result.Out;
    }

    /// <summary>The batches of the table, in order; each must be there whole and once, and be one snapshot.</summary>
    public async Task<IReadOnlyList<int>> BatchesAsync()
    {
        string csv = await SqlAsync("SELECT batch, count(*) AS n, sum(id) AS s FROM s.t GROUP BY batch ORDER BY batch");
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',').Select(cell => long.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.All(rows, row => Assert.Equal(((long)BatchRows, (long)BatchSum), (row[1], row[2])));
        string snapshots = await SqlAsync("SELECT count(*) AS n FROM s.\"t$snapshots\"");
        Assert.Equal($"n\n{rows.Count}\n", snapshots);
        return [.. rows.Select(row => (int)row[0])];
    }

    /// <summary>Folders in the staging area: one for each process that lives, or died there.</summary>
    public IReadOnlyList<string> Staged()
    {
        string staging = Path.Join(folder, ".staging");
        return Directory.Exists(staging) ? Directory.GetDirectories(staging) : [];
    }

    /// <summary>Every file of tables and of the log with its content, to compare before and after. The record of lineage also tells of what was cancelled.</summary>
    public IReadOnlyDictionary<string, string> Contents() =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith("commit.", StringComparison.Ordinal) && !path.Contains(".staging", StringComparison.Ordinal)
                && !path.Contains(LineageOptions.FolderName, StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(folder, path), path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));
}
