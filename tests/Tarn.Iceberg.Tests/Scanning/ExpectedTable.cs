using System.Text.Json;

namespace Tarn.Iceberg.Tests.Scanning;

/// <summary>What the shared fixtures expect of a table.</summary>
internal sealed class ExpectedTable(string folder, string name)
{
    public string Name { get; } = name;

    public JsonElement Json { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected", name + ".json"))).RootElement;

    public string MetadataFile => Json.GetProperty("metadata_file").GetString()!;

    public IReadOnlyList<JsonElement> Files => Json.TryGetProperty("files", out var files) ? [.. files.EnumerateArray()] : [];

    /// <summary>Rows of metadata tables as another engine shows them; null when there are none.</summary>
    public JsonElement? Inspect
    {
        get
        {
            string file = Path.Combine(folder, "expected", Name + ".inspect.json");
            return File.Exists(file) ? JsonDocument.Parse(File.ReadAllBytes(file)).RootElement : null;
        }
    }

    public static IEnumerable<ExpectedTable> All(FixtureStore store) =>
        from file in Directory.EnumerateFiles(Path.Combine(store.Folder, "expected"), "*.json").Order(StringComparer.Ordinal)
        where !file.EndsWith(".inspect.json", StringComparison.Ordinal)
        let table = new ExpectedTable(store.Folder, Path.GetFileNameWithoutExtension(file))
        where table.Json.TryGetProperty("current_schema_id", out _)
        select table;

    /// <summary>Path of a data file in the short form of pruning lists: below the table's location.</summary>
    public string Shorten(string path)
    {
        string location = Json.GetProperty("location").GetString()!.TrimEnd('/') + "/";
        return path.StartsWith(location, StringComparison.Ordinal) ? path[location.Length..] : path;
    }
}
