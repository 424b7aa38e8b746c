using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tarn.Access;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>The table that keys are given for, as the keys carry it: so that the same question can be asked again when they are used.</summary>
/// <param name="Warehouse">The warehouse or branch, as the client named it.</param>
/// <param name="Namespace">Levels of the namespace.</param>
/// <param name="Name">Name of the table, which need not exist yet.</param>
/// <param name="Source">Address that the keys were asked for from; null when unknown. Whoever works for the client may use them from elsewhere.</param>
internal sealed record GrantedTable(string Warehouse, IReadOnlyList<string> Namespace, string Name, string? Source)
{
    /// <summary>Locations of the folders that the keys open.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The table.</summary>
    [JsonIgnore]
    public TableIdentifier Identifier => new(Iceberg.Catalogs.Namespace.Of([.. Namespace]), Name);

    /// <summary>The table of a request.</summary>
    public static GrantedTable Of(string warehouse, TableIdentifier table, IPAddress? source) => new(warehouse, [.. table.Namespace.Levels], table.Name, source?.ToString());

    /// <summary>In whose name it is asked about. The storage tells the audit trail what comes of it.</summary>
    public CatalogSession SessionOf(Caller holder) => new(holder, Source is null ? null : IPAddress.Parse(Source)) { IsAudited = false };

    /// <summary>As the keys carry it.</summary>
    public string ToText() => JsonSerializer.Serialize(this, GrantedTableJson.Default.GrantedTable);

    /// <summary>Reads <see cref="ToText"/>.</summary>
    public static GrantedTable Parse(string text) => JsonSerializer.Deserialize(text, GrantedTableJson.Default.GrantedTable) ?? throw new JsonException("There is no table.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GrantedTable))]
internal sealed partial class GrantedTableJson : JsonSerializerContext;
