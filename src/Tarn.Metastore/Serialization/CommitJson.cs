using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Serialization;

/// <summary>
/// A commit as one line of JSON:
/// <c>{"number":7,"time":"…Z","principal":"ada","branch":"main","changes":[{"op":"put-table","name":["sales","orders"],"uuid":"…","metadata":"s3://…"}]}</c>.
/// A commit to another warehouse than the default one says <c>"warehouse"</c> too. No version of Tarn may skip what it does not know: a change that says more
/// than its name said before gets a new name, which older versions refuse.
/// </summary>
internal static class CommitJson
{
    public static void Write(IBufferWriter<byte> target, CommitRecord commit)
    {
        using (var json = new Utf8JsonWriter(target, PlainJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("number", commit.Number);
            WriteTime(json, "time", commit.Time);
            json.WriteString("principal", commit.Principal);
            WriteAddress(json, commit.At);
            json.WriteStartArray("changes");
            foreach (var change in commit.Changes)
                WriteChange(json, change);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        target.Write("\n"u8);
    }

    /// <exception cref="TarnException">Unsupported for a change of a newer version; DataCorrupted for anything that is not a commit.</exception>
    public static CommitRecord Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new CommitRecord(
                root.GetProperty("number").GetInt64(),
                ReadTime(root, "time"),
                Text(root, "principal"),
                ReadAddress(root),
                [.. root.GetProperty("changes").EnumerateArray().Select(ReadChange)]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw TarnException.Corrupted($"A record of the commit log is not a commit: {JsonDefect.Explain(line.Span, error)}.", error);
        }
    }

    internal static void WriteNames(Utf8JsonWriter json, string field, IEnumerable<string> names)
    {
        json.WriteStartArray(field);
        foreach (string name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    internal static void WriteProperties(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> properties, string field = "properties")
    {
        json.WriteStartObject(field);
        foreach (var (key, value) in properties)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    internal static void WriteTime(Utf8JsonWriter json, string field, DateTimeOffset time) =>
        json.WriteString(field, time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    internal static DateTimeOffset ReadTime(JsonElement element, string field) => new(element.GetProperty(field).GetDateTime(), TimeSpan.Zero);

    internal static void WriteAddress(Utf8JsonWriter json, CatalogAddress at)
    {
        json.WriteString("branch", at.Branch);
        if (at.Warehouse != CatalogAddress.DefaultWarehouse)
            json.WriteString("warehouse", at.Warehouse);
    }

    internal static CatalogAddress ReadAddress(JsonElement element) =>
        new(element.TryGetProperty("warehouse", out var warehouse) ? warehouse.GetString()! : CatalogAddress.DefaultWarehouse, Text(element, "branch"));

    internal static string Text(JsonElement element, string field) =>
        element.GetProperty(field).GetString() ?? throw new FormatException($"'{field}' is null.");

    internal static Namespace ReadNamespace(JsonElement element, string field) =>
        new([.. element.GetProperty(field).EnumerateArray().Select(n => n.GetString()!)]);

    internal static ImmutableSortedDictionary<string, string> ReadProperties(JsonElement element, string field = "properties") =>
        element.GetProperty(field).EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);

    private static void WriteChange(Utf8JsonWriter json, CatalogChange change)
    {
        json.WriteStartObject();
        switch (change)
        {
            case CatalogChange.PutNamespace put:
                WriteHead(json, "put-namespace", put.Namespace.Levels);
                WriteProperties(json, put.Properties);
                break;
            case CatalogChange.DropNamespace drop:
                WriteHead(json, "drop-namespace", drop.Namespace.Levels);
                break;
            case CatalogChange.PutTable put:
                WriteHead(json, put.IsRegistered ? "register-table" : "put-table", Parts(put.Table));
                WritePointer(json, put.Uuid, put.MetadataLocation);
                ForeignJson.WriteAnnotations(json, put.Annotations);
                FormerFoldersJson.Write(json, put.FormerFolders);
                break;
            case CatalogChange.DropTable { Retention: null } drop:
                WriteHead(json, "drop-table", Parts(drop.Table));
                break;
            case CatalogChange.RenameTable rename:
                WriteHead(json, "rename-table", Parts(rename.From));
                WriteNames(json, "to", Parts(rename.To));
                break;
            case CatalogChange.PutView put:
                WriteHead(json, put.IsRegistered ? "register-view" : "put-view", Parts(put.View));
                WritePointer(json, put.Uuid, put.MetadataLocation);
                ForeignJson.WriteAnnotations(json, put.Annotations);
                break;
            case CatalogChange.DropView { Retention: null } drop:
                WriteHead(json, "drop-view", Parts(drop.View));
                break;
            case CatalogChange.RenameView rename:
                WriteHead(json, "rename-view", Parts(rename.From));
                WriteNames(json, "to", Parts(rename.To));
                break;
            case CatalogChange.PutForeignTable put:
                WriteHead(json, "put-foreign-table", Parts(put.Table));
                ForeignJson.Write(json, put);
                break;
            case CatalogChange.DropForeignTable drop:
                WriteHead(json, "drop-foreign-table", Parts(drop.Table));
                break;
            case CatalogChange.RenameForeignTable rename:
                WriteHead(json, "rename-foreign-table", Parts(rename.From));
                WriteNames(json, "to", Parts(rename.To));
                break;
            case CatalogChange.ChangeAccess { Change: var access }:
                WriteHead(json, access.Document is null ? "drop-access" : "put-access", [access.Key.Kind, access.Key.Name]);
                AccessJson.WriteDocument(json, access.Document);
                break;
            default:
                StoreChangeJson.Write(json, change);
                break;
        }

        json.WriteEndObject();
    }

    private static CatalogChange ReadChange(JsonElement json) => Text(json, "op") switch
    {
        "put-namespace" => new CatalogChange.PutNamespace(ReadNamespace(json, "name"), ReadProperties(json)),
        "drop-namespace" => new CatalogChange.DropNamespace(ReadNamespace(json, "name")),
        "put-table" or "register-table" => new CatalogChange.PutTable(ReadIdentifier(json, "name"), ReadUuid(json), Text(json, "metadata"))
        {
            Annotations = ForeignJson.ReadAnnotations(json),
            FormerFolders = FormerFoldersJson.Read(json),
            IsRegistered = Text(json, "op") is "register-table",
        },
        "drop-table" => new CatalogChange.DropTable(ReadIdentifier(json, "name")),
        "rename-table" => new CatalogChange.RenameTable(ReadIdentifier(json, "name"), ReadIdentifier(json, "to")),
        "put-view" or "register-view" => new CatalogChange.PutView(ReadIdentifier(json, "name"), json.GetProperty("uuid").GetGuid(), Text(json, "metadata"))
        {
            Annotations = ForeignJson.ReadAnnotations(json),
            IsRegistered = Text(json, "op") is "register-view",
        },
        "drop-view" => new CatalogChange.DropView(ReadIdentifier(json, "name")),
        "rename-view" => new CatalogChange.RenameView(ReadIdentifier(json, "name"), ReadIdentifier(json, "to")),
        "put-foreign-table" => ForeignJson.Read(ReadIdentifier(json, "name"), json),
        "drop-foreign-table" => new CatalogChange.DropForeignTable(ReadIdentifier(json, "name")),
        "rename-foreign-table" => new CatalogChange.RenameForeignTable(ReadIdentifier(json, "name"), ReadIdentifier(json, "to")),
        "put-access" or "drop-access" => new CatalogChange.ChangeAccess(AccessJson.ReadChange(json)),
        var op => StoreChangeJson.Read(op, json),
    };

    internal static void WriteHead(Utf8JsonWriter json, string op, IEnumerable<string> name)
    {
        json.WriteString("op", op);
        WriteNames(json, "name", name);
    }

    private static void WritePointer(Utf8JsonWriter json, Guid? uuid, string metadataLocation)
    {
        if (uuid is { } known)
            json.WriteString("uuid", known);
        json.WriteString("metadata", metadataLocation);
    }

    internal static IEnumerable<string> Parts(TableIdentifier name) => name.Namespace.Levels.Append(name.Name);

    internal static TableIdentifier ReadIdentifier(JsonElement json, string field) =>
        TableIdentifier.Of([.. json.GetProperty(field).EnumerateArray().Select(n => n.GetString()!)]);

    private static Guid? ReadUuid(JsonElement json) => json.TryGetProperty("uuid", out var uuid) ? uuid.GetGuid() : null;
}
