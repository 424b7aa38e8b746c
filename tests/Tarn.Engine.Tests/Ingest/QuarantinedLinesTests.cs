using System.Globalization;
using System.Text;
using Tarn.Engine.Ingest;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Lines of rows of delimited text that are put aside, where records and lines are not the same.</summary>
public sealed class QuarantinedLinesTests
{
    private const int Records = 3000;
    private const int Files = 4, AllFiles = 200;

    [Fact]
    public async Task Quarantine_QuotedLineBreaks_CountAsLines()
    {
        await using var lake = new IngestLake();
        await QuarantineAsync(lake, lake.Write("l.csv", "a,b\n1,2\n4,\"p\nq\"\n5\n\n6\n"));
        Assert.Equal(["5|5", "7|6"], await lake.RowsAsync("SELECT line, content FROM s.t__rejected ORDER BY 1"));
    }

    [Fact]
    public async Task Quarantine_BlankLinesOfOneColumn_AreRows()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (a INTEGER)");
        await lake.IngestAsync(lake.Write("one.csv", "a\n1\n\n\nx\n3,4\n\ny\n"), r => r with { OnError = ErrorHandling.Quarantine, Format = SourceFormat.Csv });
        Assert.Equal(["5|x", "6|3,4", "8|y"], await lake.RowsAsync("SELECT line, content FROM s.t__rejected ORDER BY 1"));
    }

    // The writer of the file knows on which line each record began: no reader of CSV is asked.
    [Fact]
    public async Task Quarantine_RandomFiles_TellTheLinesOnWhichRecordsBegan()
    {
        var random = new Random(Soak.Seed);
        for (int file = 0; file < Soak.Rounds(Files, AllFiles); file++)
        {
            await using var lake = new IngestLake();
            await lake.RunAsync("CREATE SCHEMA s");
            await lake.RunAsync("CREATE TABLE s.t (a INTEGER, b VARCHAR)");
            string lineEnd = file % 2 == 0 ? "\n" : "\r\n";
            int titles = file % 3;
            string text = Write(random, lineEnd, titles, out var bad);
            byte[] bytes = [.. random.Next(2) == 0 ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)];
            var result = await QuarantineAsync(lake, lake.Write("a.csv", bytes), titles);
            string[] lines = await lake.RowsAsync("SELECT line, content FROM s.t__rejected ORDER BY 1");
            Assert.True(bad.SequenceEqual(lines), $"Lines are told wrong; seed {Soak.Seed}, file {file}: {string.Join(", ", bad.Except(lines).Take(3))} became {string.Join(", ", lines.Except(bad).Take(3))}.");
            Assert.Equal(bad.Count, result.RejectedCount);
        }
    }

    private static string Write(Random random, string lineEnd, int titles, out List<string> bad)
    {
        var text = new StringBuilder(string.Concat(Enumerable.Repeat("A \"title, ü" + lineEnd, titles)) + "a,b" + lineEnd);
        bad = [];
        for ((int record, int line) = (0, 2 + titles); record < Records; record++, line++)
        {
            string number = random.Next(100_000).ToString(CultureInfo.InvariantCulture);
            string content = random.Next(12) switch
            {
                0 => $"{number},\"p{lineEnd}{lineEnd}q, \"\"z\"\"\"",
                1 => $"{number}, \"ü{lineEnd}\"",
                2 => "",
                3 => number,
                4 => $"{number},x,y",
                5 => $"n{number},x",
                6 => $"{number},in\"ner",
                7 => $"\"{number}\",é",
                _ => $"{number},v",
            };
            if (content.StartsWith('n') || content == number || content.EndsWith(",x,y", StringComparison.Ordinal))
                bad.Add(string.Create(CultureInfo.InvariantCulture, $"{line}|{content}"));
            text.Append(content).Append(lineEnd);
            line += content.Count(c => c == '\n');
        }

        return text.ToString();
    }

    private static Task<IngestResult> QuarantineAsync(IngestLake lake, string path, int skippedLines = 0) => lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine, SkippedLines = skippedLines });
}
