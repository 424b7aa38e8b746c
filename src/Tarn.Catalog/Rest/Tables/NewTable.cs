using System.Text.Json;
using Tarn.Catalog.Rest.Namespaces;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Catalog.Rest.Tables;

/// <summary>A table that a client wants (<c>CreateTableRequest</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">Where it is to lie; null where the catalog wants.</param>
/// <param name="Schema">Columns; their ids are assigned anew.</param>
/// <param name="Spec">Partitioning.</param>
/// <param name="SortOrder">Sort order.</param>
/// <param name="Properties">Properties.</param>
/// <param name="IsStaged">Whether a later commit creates it.</param>
internal sealed record NewTable(TableIdentifier Name, string? Location, Schema Schema, PartitionSpec Spec, SortOrder SortOrder, IReadOnlyDictionary<string, string> Properties, bool IsStaged)
{
    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="Core.Errors.TarnException">It is wrong.</exception>
    public static NewTable Read(RestCall call, RestBody body)
    {
        return new NewTable(
            new TableIdentifier(call.Namespace, body.Text("name")),
            body.Optional("location")?.AsText().TrimEnd('/') is { Length: > 0 } location ? location : null,
            SchemaJson.Read(body.Required("schema").Json, "schema", Core.Errors.ErrorKind.InvalidRequest),
            body.Optional("partition-spec") is { } spec ? PartitionSpecJson.ReadUnassigned(spec.Json, "partition-spec") : PartitionSpec.Unpartitioned,
            body.Optional("write-order") is { } order ? SortOrderJson.Read(order.Json, "write-order", Core.Errors.ErrorKind.InvalidRequest) : SortOrder.Unsorted,
            body.Optional("properties")?.AsStringMap() ?? NamespaceProperties.None,
            body.Flag("stage-create"));
    }

    /// <summary>The metadata that it begins with.</summary>
    /// <param name="location">Where it lies.</param>
    /// <param name="now">Time of creation.</param>
    /// <exception cref="Core.Errors.TarnException">InvalidRequest: the parts do not fit together.</exception>
    public TableMetadata ToMetadata(string location, DateTimeOffset now) =>
        TableMetadata.New(Schema, Spec, SortOrder, location, Properties, TableMetadata.FormatVersionOf(Properties), Guid.NewGuid(), now);
}
