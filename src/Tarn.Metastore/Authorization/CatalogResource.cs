using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <summary>
/// Names of warehouses, namespaces, tables and views as resources of policies: <c>arn:tarn:catalog:::WAREHOUSE/LEVEL/LEVEL/NAME</c>. A slash or percent
/// sign inside a name is percent-encoded, so that a name never reaches into another namespace.
/// </summary>
public static class CatalogResource
{
    /// <summary>A namespace; the root stands for the warehouse itself.</summary>
    public static string Of(string warehouse, Namespace name) => $"arn:tarn:catalog:::{string.Join('/', name.Levels.Prepend(warehouse).Select(Escape))}";

    /// <summary>A table or view.</summary>
    public static string Of(string warehouse, TableIdentifier name) => $"{Of(warehouse, name.Namespace)}/{Escape(name.Name)}";

    /// <summary>The same thing on the main branch, for one on another branch; null for all else.</summary>
    internal static string? OnMain(string resource)
    {
        int slash = resource.IndexOf('/', StringComparison.Ordinal);
        int branch = resource.AsSpan(0, slash < 0 ? resource.Length : slash).IndexOf(CatalogAddress.Separator);
        return branch < 0 ? null : resource[..branch] + (slash < 0 ? "" : resource[slash..]);
    }

    private static string Escape(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}
