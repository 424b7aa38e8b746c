using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of <see cref="ViewUpdate"/> and <see cref="AssertViewUuid"/> (REST specification, <c>ViewUpdate</c>, <c>ViewRequirement</c>).</summary>
public static class ViewUpdateJson
{
    /// <summary>Reads an update.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static ViewUpdate Read(JsonElement json, string document, ErrorKind kind = ErrorKind.InvalidRequest) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Reads a requirement.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static AssertViewUuid ReadRequirement(JsonElement json, string document, ErrorKind kind = ErrorKind.InvalidRequest)
    {
        var cursor = JsonText.Cursor(json, document, kind).AsObject();
        return cursor.String("type").Equals("assert-view-uuid", StringComparison.OrdinalIgnoreCase)
            ? new AssertViewUuid(cursor.Guid("uuid"))
            : throw cursor.Required("type").Expected("'assert-view-uuid'");
    }

    /// <summary>Writes a requirement as an object.</summary>
    public static void WriteRequirement(Utf8JsonWriter writer, AssertViewUuid requirement)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "assert-view-uuid");
        writer.WriteString("uuid", requirement.Uuid);
        writer.WriteEndObject();
    }

    /// <summary>Writes an update as an object.</summary>
    public static void Write(Utf8JsonWriter writer, ViewUpdate update)
    {
        writer.WriteStartObject();
        switch (update)
        {
            case ViewUpdate.AssignUuid u:
                writer.WriteString("action", "assign-uuid");
                writer.WriteString("uuid", u.Uuid);
                break;
            case ViewUpdate.UpgradeFormatVersion u:
                writer.WriteString("action", "upgrade-format-version");
                writer.WriteNumber("format-version", u.FormatVersion);
                break;
            case ViewUpdate.AddSchema u:
                writer.WriteString("action", "add-schema");
                writer.WritePropertyName("schema");
                SchemaJson.Write(writer, u.Schema);
                writer.WriteNumber("last-column-id", u.Schema.HighestFieldId);
                break;
            case ViewUpdate.SetLocation u:
                writer.WriteString("action", "set-location");
                writer.WriteString("location", u.Location);
                break;
            case ViewUpdate.SetProperties u:
                writer.WriteString("action", "set-properties");
                writer.WriteStringMap("updates", u.Updates.OrderBy(p => p.Key, StringComparer.Ordinal));
                break;
            case ViewUpdate.RemoveProperties u:
                writer.WriteString("action", "remove-properties");
                writer.WriteList("removals", u.Removals, (w, name) => w.WriteStringValue(name));
                break;
            case ViewUpdate.AddViewVersion u:
                writer.WriteString("action", "add-view-version");
                writer.WritePropertyName("view-version");
                ViewMetadataJson.WriteVersion(writer, u.ViewVersion);
                break;
            case ViewUpdate.SetCurrentViewVersion u:
                writer.WriteString("action", "set-current-view-version");
                writer.WriteNumber("view-version-id", u.ViewVersionId);
                break;
        }

        writer.WriteEndObject();
    }

    internal static ViewUpdate Read(JsonCursor json) => json.AsObject().String("action").ToLowerInvariant() switch
    {
        "assign-uuid" => new ViewUpdate.AssignUuid(json.Guid("uuid")),
        "upgrade-format-version" => new ViewUpdate.UpgradeFormatVersion(json.Int("format-version")),
        "add-schema" => new ViewUpdate.AddSchema(SchemaJson.Read(json.Required("schema"))),
        "set-location" => new ViewUpdate.SetLocation(json.String("location")),
        "set-properties" => new ViewUpdate.SetProperties(TableUpdateJson.Either(json, "updates", "updated").AsStringMap()),
        "remove-properties" => new ViewUpdate.RemoveProperties(TableUpdateJson.Either(json, "removals", "removed").AsList(name => name.AsString())),
        "add-view-version" => new ViewUpdate.AddViewVersion(ViewMetadataJson.ReadVersion(json.Required("view-version"))),
        "set-current-view-version" => new ViewUpdate.SetCurrentViewVersion(json.Int("view-version-id")),
        _ => throw json.Required("action").Expected("the name of a view update"),
    };
}
