using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Output;

namespace Tarn.Commands;

/// <summary>What <c>tarn describe</c> says of a view.</summary>
internal static class ViewFacts
{
    private const string None = "none";

    /// <summary>The columns of a view.</summary>
    /// <exception cref="TarnException">DataCorrupted: its metadata does not hold its schema.</exception>
    public static IReadOnlyList<NestedField> ColumnsOf(ViewHandle view) => view.Metadata.Schemas.Find(schema => schema.SchemaId == view.Metadata.CurrentVersion.SchemaId)?.Fields
        ?? throw TarnException.Corrupted($"View '{view.Identifier}' refers to schema {view.Metadata.CurrentVersion.SchemaId}, which its metadata does not hold.");

    /// <summary>Names and values, in the order in which they are shown.</summary>
    public static List<(string Name, string Value)> Of(ViewHandle view, TableName name)
    {
        var metadata = view.Metadata;
        var version = metadata.CurrentVersion;
        string tags = string.Join(", ", GovernanceProperties.TagsOf(metadata.Properties));
        return
        [
            ("view", name.ToString()),
            ("description", metadata.Properties.GetValueOrDefault(GovernanceProperties.Comment, None)),
            ("owner", GovernanceProperties.OwnerOf(metadata.Properties.GetValueOrDefault(GovernanceProperties.Owner), view.Annotations) ?? "not recorded"),
            ("tags", tags.Length == 0 ? None : tags),
            ("location", metadata.Location),
            ("metadata", view.MetadataLocation),
            ("default catalog", version.DefaultCatalog ?? "its own"),
            ("default schema", version.DefaultNamespace.Count == 0 ? None : string.Join('.', version.DefaultNamespace)),
            ("versions", metadata.Versions.Count.ToString(CultureInfo.InvariantCulture)),
            ("last change", TemporalText.Short(TemporalText.Timestamp(RowsResult.InstantOf(version.TimestampMs), ' '))),
            .. version.Representations.Select(representation => ($"sql ({representation.Dialect ?? representation.Type})", representation.Sql ?? "")),
        ];
    }
}
