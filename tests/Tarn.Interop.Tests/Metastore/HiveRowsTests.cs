using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tarn.Iceberg.Catalogs;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Interop.Tests.Metastore;

/// <summary>Random lines, as Hive's own LazySimpleSerDe (3.1.3) cuts them into columns and as Tarn's SQL does.</summary>
public sealed class HiveRowsTests
{
    // Debian's package libjoda-time-java; the SerDe does not start without it.
    private const string Joda = "/usr/share/java/joda-time.jar";

    private const string Columns = "id,a,b,c,d,e,f,g,h,i,s,l,m,r";
    private const string Types = "int:tinyint:smallint:int:bigint:boolean:double:decimal(8,2):date:timestamp:string:array<string>:map<string,int>:struct<n:int,t:string>";
    private const string Sql = "SELECT id, a, b, c, d, e, f, g, date_diff('day', DATE '1970-01-01', h), epoch_us(i), s, to_json(l), to_json(m), CASE WHEN r IS NOT NULL THEN to_json([to_json(r.n), to_json(r.t)]) END FROM plain.t ORDER BY id";

    private static readonly string[] s_tokens =
    [
        "", "\\N", "0", "-1", "+5", "127", "128", "-129", "32768", "2147483648", "9223372036854775807", "9223372036854775808", "1.5", "1.", "1.x", ".5", "-.5", "-", "1e3", "1E-2", "123456.785", "-0.005", "1234567",
        "NaN", "Infinity", "-Infinity", "inf", "true", "TRUE", "t", "yes", " 7", "7 ", "abc", "2026-01-31", "2026-1-2", "1969-12-31", "2026-01-31 10:11:12", "2026-01-31 10:11:12.5", "1969-12-31 23:59:59.123456789", "10:11",
        "a;b;\\N", "k:1;l:x;k:2", "k:\\N;:3;n", "5;x", "5;x;y", "\\N;", "ü€😀", "1;2;3", ";", ":", "k", "x\\;y", "x\\|y", "a\\nb", "back\\\\", "\\N\\N", "\\",
    ];

    private static readonly int s_lines = Soak.Rounds(600, 50_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LazySimpleSerDe_RandomLines_GiveTheSameRows(bool isEscaped)
    {
        if (SharedFolder.TryGet("peers", "java", "unpack.sh") is not { } unpack)
            return;
        if (!File.Exists(Joda))
        {
            LoudSkip.Say($"Hive's SerDe cannot run: there is no {Joda} (libjoda-time-java).");
            return;
        }

        int seed = Random.Shared.Next();
        string[] lines = Lines(new Random(seed));
        Dictionary<string, string> options = new() { ["field.delim"] = "|", ["collection.delim"] = ";", ["mapkey.delim"] = ":" };
        if (isEscaped)
            options["escape.delim"] = "\\";
        var hive = await HiveAsync(unpack, options, lines);
        var tarn = await TarnAsync(options, lines);
        Assert.Equal(hive.Count, tarn.Count);
        foreach (var (line, ofHive, ofTarn) in lines.Zip(hive, tarn))
            Assert.True(ofHive.SequenceEqual(ofTarn), $"seed {seed}, line '{line}':\nHive {string.Join(" ¦ ", ofHive)}\nTarn {string.Join(" ¦ ", ofTarn)}");
    }

    private static string[] Lines(Random random)
    {
        string[] lines = new string[s_lines];
        for (int i = 0; i < lines.Length; i++)
            lines[i] = string.Join('|', Enumerable.Range(0, random.Next(16)).Select(_ => s_tokens[random.Next(s_tokens.Length)]).Prepend(i.ToString(CultureInfo.InvariantCulture)));
        return lines;
    }

    private static async Task<List<string[]>> HiveAsync(string unpack, Dictionary<string, string> options, string[] lines)
    {
        string jars = (await PeerProcess.RunAsync(unpack, [], []))[^1].Trim();
        string[] arguments = ["org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", $"columns={Columns}", $"columns.types={Types}", .. options.Select(o => $"{o.Key}={o.Value}")];
        var rows = await PeerProcess.RunAsync(
            "java", ["-cp", $"{jars}/hive/*:{jars}/rck/*:{Joda}", PeerProcess.Script("HiveRows.java"), .. arguments], lines.Select(l => Convert.ToBase64String(Encoding.UTF8.GetBytes(l))));
        return [.. rows.Select(r => r.Split('\t').Select((c, i) => c == "-" ? "∅" : Canonical(i, Encoding.UTF8.GetString(Convert.FromBase64String(c[..^1])))).ToArray())];
    }

    private static async Task<List<string[]>> TarnAsync(Dictionary<string, string> options, string[] lines)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["t"]);
        await File.WriteAllTextAsync(Path.Join(folder["t"], "f"), string.Join('\n', lines));
        await using var lake = LocalLake.Open(folder["lake"]);
        await lake.RunAsync("CREATE SCHEMA plain");
        var columns = Columns.Split(',').Zip(Types.Split(':', Columns.Split(',').Length)).Select(c => new { name = c.First, type = c.Second });
        var properties = new Dictionary<string, string>
        {
            ["tableType"] = "EXTERNAL_TABLE",
            ["sd.cols"] = JsonSerializer.Serialize(columns),
            ["sd.location"] = folder["t"],
            ["sd.inputFormat"] = "org.apache.hadoop.mapred.TextInputFormat",
            ["sd.serdeInfo.serializationLib"] = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        };
        foreach (var (key, value) in options)
            properties[$"sd.serdeInfo.parameters.{key}"] = value;
        var none = ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
        await lake.Catalog.CommitForeignTableAsync(TableIdentifier.Of("plain", "t"), null, new ForeignTable(properties.ToImmutableSortedDictionary(StringComparer.Ordinal), none));
        var rows = await lake.RunAsync($"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({Sql}) AS q");
        return [.. rows.Select(r => r.Select((v, i) => v is null ? "∅" : Canonical(i, (string)v)).ToArray())];
    }

    // Floating-point numbers are printed in several ways.
    private static string Canonical(int column, string text) => column != 6 ? text : text.ToLowerInvariant() switch
    {
        "nan" => "NaN",
        "infinity" or "inf" => "∞",
        "-infinity" or "-inf" => "-∞",
        _ => double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
    };
}
