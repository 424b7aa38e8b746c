using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Testing.Catalogs;

/// <summary>Creates a view of one row, for tests of names.</summary>
public static class NewView
{
    /// <summary>Creates it.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="name">Its name; the namespace is there.</param>
    public static async Task<ViewHandle> CreateAsync(ICatalog catalog, TableIdentifier name)
    {
        const long made = 1_700_000_000_000;
        return await catalog.CommitViewAsync(name, null, new ViewMetadata
        {
            ViewUuid = Guid.NewGuid(),
            FormatVersion = 1,
            Location = await catalog.NewViewLocationAsync(name),
            Schemas = [new Schema(0, [new NestedField(1, "one", false, SimpleType.Int)])],
            CurrentVersionId = 1,
            Versions = [new ViewVersion { VersionId = 1, SchemaId = 0, TimestampMs = made, Representations = [new ViewRepresentation("sql", "SELECT 1 AS one", "tarn")], DefaultNamespace = name.Namespace.Levels }],
            VersionLog = [new ViewHistoryEntry(made, 1)],
        });
    }
}
