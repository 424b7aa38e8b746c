using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tarn.Testing.Files;

namespace Tarn.Tests;

/// <summary>What <c>dotnet publish</c> makes, moved to another place and run without anything of this machine.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task PublishedFolder_MovedAwayWithAnEmptyEnvironment_RunsAlone()
    {
        await PublishAsync(_folder["made"]);
        Directory.CreateDirectory(_folder["home"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        string program = Path.Join(_folder["elsewhere"], "tarn");
        Directory.Move(_folder["made"], program);
        await File.WriteAllTextAsync(_folder["orders.csv"], "id,name\n007,Bond\n008,Bill\n");

        await RunAsync(program, "demo", "--rows", "5000");
        string regions = await RunAsync(program, "sql", "--format", "csv", "-c", "SELECT count(DISTINCT region) > 1 AS several FROM gold.sales_by_month");
        await RunAsync(program, "ingest", "orders.csv", "--table", "sales.orders");
        string rows = await RunAsync(program, "read", "sales.orders", "--format", "csv");

        Assert.Equal("several\ntrue\n", regions);
        Assert.Equal("id,name\n007,Bond\n008,Bill\n", rows);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["home"]));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Publishes from the sources of this test.</summary>
    private static async Task PublishAsync(string target)
    {
        var start = new ProcessStartInfo("dotnet", ["publish", Path.Join(Root(), "src", "Tarn"), "-c", "Release", "-o", target, "-v", "q", "-nologo", "-nodeReuse:false"]);

        // The test host hands on where its own MSBuild lies, which is another one than the command's.
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        await FinishAsync(start);
    }

    private Task<string> RunAsync(string program, params string[] words)
    {
        var start = new ProcessStartInfo(Path.Join(program, Path.GetFileName(TarnProcess.Program)), words) { WorkingDirectory = _folder.Path };
        start.Environment.Clear();
        start.Environment["HOME"] = _folder["home"];
        return FinishAsync(start);
    }

    private static async Task<string> FinishAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        var result = await TarnProcess.FinishAsync(process, "");
        Assert.True(result.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}: {result}");
        return result.Out;
    }

    private static string Root([CallerFilePath] string source = "") => Path.GetFullPath(Path.Join(source, "..", "..", ".."));
}
