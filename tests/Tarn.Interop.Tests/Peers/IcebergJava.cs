using Tarn.Interop.Tests.Lake;
using Tarn.Testing;

namespace Tarn.Interop.Tests.Peers;

/// <summary>The reference implementation: Iceberg Java's generic reader and its view of metadata. All requests of a call go to one Java process.</summary>
internal static class IcebergJava
{
    private const string Begin = "##BEGIN\t", End = "##END\t";

    /// <summary>Rows of each state, or null (said loudly) when it cannot run here.</summary>
    public static async Task<IReadOnlyList<PeerAnswer>?> ReadAsync(ForeignLake lake)
    {
        var answers = await RunAsync(lake.Readings.Select(r => Request(lake, r, "ReadTable", r.Snapshot is { } id ? $"\t--snapshot\t{id}" : "")));
        return answers is null ? null : [.. answers.Select(a => new PeerAnswer(a.Key, [.. a.Lines.Select(CanonicalRow.Of).Order(StringComparer.Ordinal)], a.Error))];
    }

    /// <summary>What it sees in each table, every manifest entry included, as JSON; null (said loudly) when it cannot run here.</summary>
    public static async Task<IReadOnlyDictionary<string, string>?> InspectAsync(ForeignLake lake)
    {
        var answers = await RunAsync(lake.Readings.Where(r => r.Snapshot is null).Select(r => Request(lake, r, "Inspect", "")));
        return answers?.ToDictionary(a => a.Key, a => a.Error is null ? string.Join('\n', a.Lines) : throw new InvalidOperationException($"{a.Key}: {a.Error}"));
    }

    private static string Request(ForeignLake lake, Reading reading, string program, string options)
        => $"{reading.Key}\t{program}\t{reading.Metadata}\t--map\ts3://lake/={lake.PathOf("s3://lake/")}{options}";

    private static async Task<List<Answer>?> RunAsync(IEnumerable<string> requests)
    {
        if (SharedFolder.TryGet("peers", "spark", "java.sh") is not { } java)
            return null;
        try
        {
            // Janino, which the class path holds, compiles the batch: a Java without its compiler is enough.
            return Split(await PeerProcess.RunAsync(java, ["org.codehaus.janino.SimpleCompiler", PeerProcess.Script("Batch.java"), "Batch"], requests));
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            LoudSkip.Say($"Iceberg Java cannot run: {missing.Message}");
            return null;
        }
        catch (InvalidOperationException missing) when (missing.Message.Contains("java: not found", StringComparison.Ordinal))
        {
            LoudSkip.Say("Iceberg Java cannot run: no java (openjdk-17-jre-headless) is installed.");
            return null;
        }
    }

    private static List<Answer> Split(IEnumerable<string> lines)
    {
        List<Answer> answers = [];
        foreach (string line in lines)
        {
            if (line.StartsWith(Begin, StringComparison.Ordinal))
                answers.Add(new Answer(line[Begin.Length..], [], "no end"));
            else if (line.StartsWith(End, StringComparison.Ordinal))
                answers[^1] = answers[^1] with { Error = line.Split('\t') is [_, "0", ..] ? null : line[End.Length..] };
            else
                answers[^1].Lines.Add(line);
        }

        return answers;
    }

    private sealed record Answer(string Key, List<string> Lines, string? Error);
}
