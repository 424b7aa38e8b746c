using System.Text.Json.Nodes;
using Tarn.Interop.Tests.Lake;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Interop.Tests.Peers;

/// <summary>
/// Apache Spark with Iceberg's own connector, by SQL: it registers the tables in a catalog of its own and reads them. All statements of a call go to one process.
/// </summary>
internal static class SparkSql
{
    /// <summary>Rows of each state, or null (said loudly) when it cannot run here. The lake must have <c>file:</c> locations.</summary>
    public static async Task<IReadOnlyList<PeerAnswer>?> ReadAsync(IReadOnlyList<Reading> readings)
    {
        if (SharedFolder.TryGet("peers", "spark", "run.sh") is not { } run)
            return null;
        using var warehouse = new TemporaryFolder();
        try
        {
            var statements = Statements(readings);
            string[] arguments = ["--hadoop", warehouse["spark"], "--headers", "--keep-going", "-f", "-"];
            return Split(await PeerProcess.RunAsync(run, arguments, statements.Select(s => $"{s.Sql};"), exitCodes: [0, 1]), statements);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            LoudSkip.Say($"Spark cannot run: {missing.Message}");
            return null;
        }
        catch (InvalidOperationException missing) when (missing.Message.Contains("java: not found", StringComparison.Ordinal))
        {
            LoudSkip.Say("Spark cannot run: no java (openjdk-17-jre-headless) is installed.");
            return null;
        }
    }

    /// <summary>Statements, and the state that each reads; the key of a statement that prepares is null.</summary>
    private static List<(string? Key, string Sql)> Statements(IReadOnlyList<Reading> readings)
    {
        var tables = readings.DistinctBy(r => r.Table).ToArray();
        var schemas = tables.Select(r => r.Table[..r.Table.IndexOf('.', StringComparison.Ordinal)]).Distinct();
        return
        [
            .. schemas.Select(schema => ((string?)null, $"CREATE NAMESPACE lake.{schema}")),
            .. tables.Select(r => ((string?)null, $"CALL lake.system.register_table(table => '{r.Table}', metadata_file => '{r.Location}')")),
            .. readings.Select(r => ((string?)r.Key, $"SELECT * FROM lake.{r.Table}{(r.Snapshot is { } id ? $" VERSION AS OF {id}" : "")}")),
        ];
    }

    /// <summary>A line with the number of a statement begins its answer: rows follow, or it names the error.</summary>
    private static List<PeerAnswer> Split(IEnumerable<string> lines, List<(string? Key, string Sql)> statements)
    {
        List<(string Key, List<string> Rows, string? Error)> answers = [];
        bool reads = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("{\"#\":", StringComparison.Ordinal))
            {
                var header = JsonNode.Parse(line)!;
                string? key = statements[header["#"]!.GetValue<int>() - 1].Key;
                reads = key is not null;
                if (reads)
                    answers.Add((key!, [], header["error"] is { } error ? $"{error}: {header["message"]} {header["causes"]?.ToJsonString()}" : null));
            }
            else if (reads)
            {
                answers[^1].Rows.Add(CanonicalRow.Of(line));
            }
        }

        return [.. answers.Select(a => new PeerAnswer(a.Key, [.. a.Rows.Order(StringComparer.Ordinal)], a.Error))];
    }
}
