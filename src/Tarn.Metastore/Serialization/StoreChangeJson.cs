using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Serialization;

/// <summary>Changes beyond single names, as <see cref="CommitJson"/> writes them: warehouses, branches, dropped and protected things, requests.</summary>
internal static class StoreChangeJson
{
    public static void Write(Utf8JsonWriter json, CatalogChange change)
    {
        switch (change)
        {
            case CatalogChange.PutWarehouse put:
                json.WriteString("op", "put-warehouse");
                if (put.Location is not null)
                    json.WriteString("location", put.Location);
                CommitJson.WriteProperties(json, put.Properties);
                break;
            case CatalogChange.DropWarehouse:
                json.WriteString("op", "drop-warehouse");
                break;
            case CatalogChange.CreateBranch create:
                json.WriteString("op", "create-branch");
                json.WriteString("from", create.From);
                break;
            case CatalogChange.DeleteBranch delete:
                json.WriteString("op", "delete-branch");
                WriteRetention(json, delete.Retention);
                break;
            case CatalogChange.MergeBranch merge:
                json.WriteString("op", "merge-branch");
                json.WriteString("from", merge.From);
                break;
            case CatalogChange.RememberRequest remember:
                RequestJson.Write(json, remember);
                break;
            default:
                WriteOfName(json, change);
                break;
        }
    }

    /// <exception cref="TarnException">Unsupported for a change that nobody knows.</exception>
    public static CatalogChange Read(string op, JsonElement json) => op switch
    {
        "put-warehouse" => new CatalogChange.PutWarehouse(json.TryGetProperty("location", out var location) ? location.GetString() : null, CommitJson.ReadProperties(json)),
        "drop-warehouse" => new CatalogChange.DropWarehouse(),
        "create-branch" => new CatalogChange.CreateBranch(CommitJson.Text(json, "from")),
        "delete-branch" => new CatalogChange.DeleteBranch(ReadRetention(json)),
        "merge-branch" => new CatalogChange.MergeBranch(CommitJson.Text(json, "from")),
        RequestJson.Operation => RequestJson.ReadChange(json),
        "retire-table" => new CatalogChange.DropTable(CommitJson.ReadIdentifier(json, "name")) { Retention = ReadRetention(json) },
        "retire-view" => new CatalogChange.DropView(CommitJson.ReadIdentifier(json, "name")) { Retention = ReadRetention(json) },
        "undrop" => new CatalogChange.Undrop(ReadKey(json), CommitJson.ReadIdentifier(json, "name")),
        "purge-dropped" => new CatalogChange.PurgeDropped(ReadKey(json)),
        "expire-dropped" => new CatalogChange.ExpireDropped(ReadKey(json)),
        "forget-dropped" => new CatalogChange.ForgetDropped(ReadKey(json)),
        "protect-namespace" or "unprotect-namespace" => new CatalogChange.ProtectNamespace(CommitJson.ReadNamespace(json, "name"), IsProtecting(op)),
        "protect-table" or "unprotect-table" => new CatalogChange.ProtectTable(CommitJson.ReadIdentifier(json, "name"), IsProtecting(op)),
        "protect-view" or "unprotect-view" => new CatalogChange.ProtectView(CommitJson.ReadIdentifier(json, "name"), IsProtecting(op)),
        _ => throw TarnException.Unsupported($"The commit log holds a change '{op}', which a newer Tarn wrote; use that version or a newer one."),
    };

    internal static void WriteKey(Utf8JsonWriter json, DroppedKey key)
    {
        json.WriteStartArray("dropped");
        json.WriteNumberValue(key.Number);
        json.WriteNumberValue(key.Ordinal);
        json.WriteEndArray();
    }

    internal static DroppedKey ReadKey(JsonElement json)
    {
        var key = json.GetProperty("dropped");
        return new DroppedKey(key[0].GetInt64(), key[1].GetInt32());
    }

    internal static void WriteRetention(Utf8JsonWriter json, Retention? retention)
    {
        if (retention is null)
            return;
        CommitJson.WriteTime(json, "until", retention.Until);
        json.WriteBoolean("purge", retention.IsPurged);
    }

    internal static Retention? ReadRetention(JsonElement json) =>
        json.TryGetProperty("until", out _) ? new Retention(CommitJson.ReadTime(json, "until"), json.GetProperty("purge").GetBoolean()) : null;

    private static void WriteOfName(Utf8JsonWriter json, CatalogChange change)
    {
        switch (change)
        {
            case CatalogChange.DropTable drop:
                CommitJson.WriteHead(json, "retire-table", CommitJson.Parts(drop.Table));
                WriteRetention(json, drop.Retention);
                break;
            case CatalogChange.DropView drop:
                CommitJson.WriteHead(json, "retire-view", CommitJson.Parts(drop.View));
                WriteRetention(json, drop.Retention);
                break;
            case CatalogChange.Undrop undrop:
                CommitJson.WriteHead(json, "undrop", CommitJson.Parts(undrop.Name));
                WriteKey(json, undrop.Dropped);
                break;
            case CatalogChange.PurgeDropped purge:
                json.WriteString("op", "purge-dropped");
                WriteKey(json, purge.Dropped);
                break;
            case CatalogChange.ExpireDropped expire:
                json.WriteString("op", "expire-dropped");
                WriteKey(json, expire.Dropped);
                break;
            case CatalogChange.ForgetDropped forget:
                json.WriteString("op", "forget-dropped");
                WriteKey(json, forget.Dropped);
                break;
            case CatalogChange.ProtectNamespace protect:
                CommitJson.WriteHead(json, Protecting(protect.IsProtected, "namespace"), protect.Namespace.Levels);
                break;
            case CatalogChange.ProtectTable protect:
                CommitJson.WriteHead(json, Protecting(protect.IsProtected, "table"), CommitJson.Parts(protect.Table));
                break;
            case CatalogChange.ProtectView protect:
                CommitJson.WriteHead(json, Protecting(protect.IsProtected, "view"), CommitJson.Parts(protect.View));
                break;
            default:
                throw new ArgumentException($"Change '{change.GetType().Name}' has no form in the log.", nameof(change));
        }
    }

    private static string Protecting(bool isProtected, string kind) => $"{(isProtected ? "" : "un")}protect-{kind}";

    private static bool IsProtecting(string op) => op.StartsWith("protect-", StringComparison.Ordinal);
}
