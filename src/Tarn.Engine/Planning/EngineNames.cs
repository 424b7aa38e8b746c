namespace Tarn.Engine.Planning;

/// <summary>Which names the embedded engine itself may know: files, its own schemas, temporary tables.</summary>
internal static class EngineNames
{
    private static readonly string[] Schemas = ["main", "temp", "information_schema", "pg_catalog"];

    /// <summary>False for a name in a schema that can only be a catalog's.</summary>
    public static bool MayKnow(IReadOnlyList<string> name) => name.Count == 1 || Schemas.Contains(name[^2], StringComparer.OrdinalIgnoreCase);
}
