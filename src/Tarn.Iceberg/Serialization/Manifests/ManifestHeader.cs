using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>What a manifest says of itself in its file metadata; some writers leave everything out.</summary>
/// <param name="FormatVersion">Version of the manifest; 1 when it says none.</param>
/// <param name="Content">Data or deletes; data when it says none.</param>
/// <param name="PartitionSpecId">Id of its spec, or null.</param>
/// <param name="SchemaId">Id of the schema it was written with, or null.</param>
/// <param name="SchemaJson">JSON of that schema, or null.</param>
/// <param name="PartitionFieldsJson">JSON of the fields of its spec, or null.</param>
public sealed record ManifestHeader(
    int FormatVersion, ManifestContent Content, int? PartitionSpecId, int? SchemaId, string? SchemaJson, string? PartitionFieldsJson)
{
    internal const string SchemaKey = "schema";
    internal const string SchemaIdKey = "schema-id";
    internal const string PartitionSpecKey = "partition-spec";
    internal const string PartitionSpecIdKey = "partition-spec-id";
    internal const string FormatVersionKey = "format-version";
    internal const string ContentKey = "content";

    /// <summary>Reads the metadata of an open file.</summary>
    /// <exception cref="TarnException">DataCorrupted when a value makes no sense.</exception>
    public static ManifestHeader Read(AvroFile file) => new(
        Number(file, FormatVersionKey) ?? 1,
        file.MetadataText(ContentKey) switch
        {
            null or "data" => ManifestContent.Data,
            "deletes" => ManifestContent.Deletes,
            var other => throw TarnException.Corrupted($"Manifest {file.Place} says its content is '{other}'; 'data' and 'deletes' are known."),
        },
        Number(file, PartitionSpecIdKey),
        Number(file, SchemaIdKey),
        file.MetadataText(SchemaKey),
        file.MetadataText(PartitionSpecKey));

    private static int? Number(AvroFile file, string key) => file.MetadataText(key) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        var text => throw TarnException.Corrupted($"Manifest {file.Place} says its {key} is '{text}', which is no number."),
    };
}
