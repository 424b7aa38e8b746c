using System.Text;
using System.Text.Json;

namespace Tarn.Synthetic.Tests;

/// <summary>A dataset as a reader that is not ours sees it: names to texts, null for a missing value.</summary>
internal static class Rendered
{
    public static async Task<byte[]> BytesAsync(Dataset dataset, DatasetFormat format, DatasetWriteOptions? options = null)
    {
        using var target = new MemoryStream();
        await dataset.WriteAsync(target, format, options);
        return target.ToArray();
    }

    public static async Task<List<Dictionary<string, string?>>> CsvAsync(Dataset dataset)
    {
        var lines = Encoding.UTF8.GetString(await BytesAsync(dataset, DatasetFormat.Csv)).Split('\n');
        Assert.Equal("", lines[^1]);
        var names = lines[0].Split(',');
        return [.. lines[1..^1].Select(l => names.Zip(Fields(l)).ToDictionary(p => p.First, p => p.Second.Length == 0 ? null : p.Second))];
    }

    public static List<Dictionary<string, string?>> Ndjson(ReadOnlySpan<byte> text)
        => [.. Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Object(JsonDocument.Parse(l).RootElement))];

    public static Dictionary<string, string?> Object(JsonElement json)
        => json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => p.Value.GetString(),
            _ => p.Value.GetRawText(),
        });

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '"' when quoted && i + 1 < line.Length && line[i + 1] == '"':
                    field.Append(line[++i]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                default:
                    field.Append(line[i]);
                    break;
            }
        }
        return [.. fields, field.ToString()];
    }
}
