using System.Collections.Frozen;
using System.Text.Json;
using Tarn.DuckDb;
using Tarn.Engine.Ingest;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>Files of text on this machine that a query names: <c>FROM 'data/*.csv.gz'</c>, <c>read_json(['a.gz', 'b.gz'])</c>.</summary>
/// <param name="Pattern">A path or glob, as the query says it.</param>
/// <param name="StatesCompression">Whether the query says how they are packed; else the engine goes by their names.</param>
internal sealed record LocalFileReference(string Pattern, bool StatesCompression)
{
    /// <summary>True when others stand beside it in a list.</summary>
    public bool IsOfList { get; init; }

    /// <summary>True when it stands for one file and no other is read beside it.</summary>
    public bool IsOneFile => !IsOfList && !IsGlob;

    private bool IsGlob => Pattern.AsSpan().IndexOfAny("*?[{") >= 0;

    private const string CompressionArgument = "compression";

    private static readonly FrozenSet<string> s_readers = new[]
    {
        "read_csv", "read_csv_auto", "read_json", "read_json_auto", "read_json_objects", "read_json_objects_auto", "read_ndjson", "read_ndjson_auto", "read_ndjson_objects",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a call names in literal text; nothing when the function reads no such files, or its argument is worked out.</summary>
    /// <param name="call">The call of a table function, from the parse tree.</param>
    public static IEnumerable<LocalFileReference> Of(JsonElement call)
    {
        if (!call.TryGetProperty("function_name", out var name) || !s_readers.Contains(name.GetString()!) || call.GetProperty("children").GetArrayLength() == 0)
            return [];
        JsonElement[] arguments = [.. call.GetProperty("children").EnumerateArray()];
        bool statesCompression = arguments.Any(a => ArgumentName(a).Equals(CompressionArgument, StringComparison.OrdinalIgnoreCase));
        return Texts(arguments[0]).Select(pattern => new LocalFileReference(pattern, statesCompression) { IsOfList = arguments[0].GetProperty("type").GetString() != "VALUE_CONSTANT" });
    }

    /// <summary>The packed files among those that the references stand for.</summary>
    public static IReadOnlyList<PackedFile> FindPacked(IReadOnlyList<LocalFileReference> references, DuckDbConnection connection) =>
        [.. references.SelectMany(r => r.FindPacked(connection))];

    private IEnumerable<PackedFile> FindPacked(DuckDbConnection connection)
    {
        if (!IsGlob && !IsUnpacked(Pattern))
            return [];
        // The engine knows its patterns best, and what stands for the home folder.
        using var result = connection.Query($"SELECT file FROM glob({EngineSql.String(Pattern)})");
        string[] paths = [.. result.Rows().Select(row => (string)row[0]!)];
        // Pipes have no length, and what is read of them is gone.
        return paths.Where(p => IsUnpacked(p) && new FileInfo(p) is { Exists: true, Length: > 0 }).Select(p => PackedFile.Find(p, p)).OfType<PackedFile>();
    }

    // What the engine unpacks; it takes anything else as it is.
    private bool IsUnpacked(string path) =>
        StatesCompression || path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);

    // name = value, or name := value.
    private static string ArgumentName(JsonElement argument) =>
        argument.GetProperty("type").GetString() == "COMPARE_EQUAL" && argument.GetProperty("left") is var left && left.GetProperty("type").GetString() == "COLUMN_REF"
            ? left.GetProperty("column_names")[0].GetString()!
            : argument.GetProperty("alias").GetString()!;

    private static IEnumerable<string> Texts(JsonElement argument)
    {
        if (argument.GetProperty("type").GetString() == "VALUE_CONSTANT")
            return argument.GetProperty("value") is var constant && constant.TryGetProperty("value", out var text) && text.ValueKind == JsonValueKind.String ? [text.GetString()!] : [];
        return argument.TryGetProperty("function_name", out var name) && name.GetString() == "list_value" ? argument.GetProperty("children").EnumerateArray().SelectMany(Texts) : [];
    }
}
