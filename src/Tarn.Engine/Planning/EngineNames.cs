namespace Tarn.Engine.Planning;

/// <summary>Which names the embedded engine itself may know: files, its own schemas, temporary tables.</summary>
internal static class EngineNames
{
    private static readonly string[] Schemas = ["main", "temp", "information_schema", "pg_catalog"];

    // What the engine opens by the end of its name, also packed.
    private static readonly string[] Extensions = [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet"];
    private static readonly string[] Packed = [".gz", ".zst"];

    /// <summary>True for a name that can only mean a file of this machine when no table has exactly this name: a path, or one with a file's extension.</summary>
    public static bool IsFile(string name)
    {
        string unpacked = Packed.FirstOrDefault(p => name.EndsWith(p, StringComparison.OrdinalIgnoreCase)) is { } packed ? name[..^packed.Length] : name;
        return name.Contains('/', StringComparison.Ordinal) || Extensions.Any(e => unpacked.EndsWith(e, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>False for a name in a schema that can only be a catalog's.</summary>
    public static bool MayKnow(IReadOnlyList<string> name) => name.Count == 1 || Schemas.Contains(name[^2], StringComparer.OrdinalIgnoreCase);
}
