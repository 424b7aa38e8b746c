using System.Collections.Immutable;
using System.Text;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Remote.Rest;

namespace Tarn.Metastore.Tests.Remote.Rest;

/// <summary>What is asked of a <see cref="ScriptedServer"/>, and what it answers.</summary>
internal static class ScriptedCatalog
{
    /// <summary>The client.</summary>
    public static RestCatalog Open(HttpClient http, TimeProvider time, string? credential) =>
        new(http, new RestCatalogOptions { Uri = new Uri("http://catalog/"), Credential = credential }, time, new Random(7));

    /// <summary>A change of a table.</summary>
    public static TableCommit Commit(TableIdentifier table) => new(table, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })]);

    /// <summary>The answer to a request for a token.</summary>
    public static string Token(string token) => $$"""{ "access_token": "{{token}}", "token_type": "bearer", "expires_in": 3600 }""";

    /// <summary>A table with a field <c>x-kept</c>, which no specification knows.</summary>
    public static string Table(string metadataLocation)
    {
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", true, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/t", ImmutableSortedDictionary<string, string>.Empty, 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        string json = Encoding.UTF8.GetString(TableMetadataJson.Write(metadata)).Insert(1, "\"x-kept\":1,");
        return $$"""{ "metadata-location": "{{metadataLocation}}", "metadata": {{json}}, "config": {} }""";
    }
}
