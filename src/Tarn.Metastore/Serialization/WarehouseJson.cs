using System.Text.Json;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Serialization;

/// <summary>
/// Warehouses and their branches, in checkpoints. The main branch is written whole; every other branch as what its base has other than the branch that it
/// came from, and what it has other than its base: a branch costs what it changed.
/// </summary>
internal static class WarehouseJson
{
    public static void Write(Utf8JsonWriter json, string name, WarehouseEntry warehouse)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        if (warehouse.Location is { } location)
            json.WriteString("location", location);
        CommitJson.WriteProperties(json, warehouse.Properties);
        var main = warehouse.Branches[CatalogAddress.MainBranch];
        json.WriteNumber("head", main.HeadNumber);
        WriteDifference(json, "namespaces", CatalogState.Empty, main.Catalog);
        json.WriteStartArray("branches");
        // A branch is younger than the branch it came from, so that reading finds that one.
        foreach (var (branchName, branch) in warehouse.Branches.OrderBy(b => b.Value.Origin?.CreatedNumber ?? 0))
        {
            if (branch.Origin is { } origin)
                WriteBranch(json, branchName, branch, origin, warehouse.Branches[origin.Parent].Catalog);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static KeyValuePair<string, WarehouseEntry> Read(JsonElement json)
    {
        var main = new BranchEntry(ReadDifference(json, "namespaces", CatalogState.Empty), json.GetProperty("head").GetInt64(), null);
        var branches = WarehouseEntry.Empty.Branches.SetItem(CatalogAddress.MainBranch, main);
        foreach (var branch in json.GetProperty("branches").EnumerateArray())
            branches = branches.Add(CommitJson.Text(branch, "name"), ReadBranch(branch, branches[CommitJson.Text(branch, "parent")].Catalog));
        string? location = json.TryGetProperty("location", out var text) ? text.GetString() : null;
        return KeyValuePair.Create(CommitJson.Text(json, "name"), new WarehouseEntry(location, CommitJson.ReadProperties(json), branches));
    }

    private static void WriteBranch(Utf8JsonWriter json, string name, BranchEntry branch, BranchOrigin origin, CatalogState parent)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("parent", origin.Parent);
        json.WriteNumber("head", branch.HeadNumber);
        json.WriteNumber("created", origin.CreatedNumber);
        CommitJson.WriteTime(json, "time", origin.CreatedTime);
        json.WriteNumber("base-number", origin.BaseNumber);
        WriteDifference(json, "base", parent, origin.Base);
        WriteDifference(json, "namespaces", origin.Base, branch.Catalog);
        json.WriteEndObject();
    }

    private static BranchEntry ReadBranch(JsonElement json, CatalogState parent)
    {
        var origin = new BranchOrigin(
            CommitJson.Text(json, "parent"),
            json.GetProperty("created").GetInt64(),
            CommitJson.ReadTime(json, "time"),
            json.GetProperty("base-number").GetInt64(),
            ReadDifference(json, "base", parent));
        return new BranchEntry(ReadDifference(json, "namespaces", origin.Base), json.GetProperty("head").GetInt64(), origin);
    }

    private static void WriteDifference(Utf8JsonWriter json, string field, CatalogState from, CatalogState to)
    {
        json.WriteStartArray(field);
        foreach (var (name, entry) in to.Namespaces.Where(n => !ReferenceEquals(from.FindNamespace(n.Key), n.Value)))
            NamespaceJson.Write(json, name, entry);
        json.WriteEndArray();
        Namespace[] removed = [.. from.Namespaces.Select(n => n.Key).Where(n => to.FindNamespace(n) is null)];
        if (removed.Length == 0)
            return;
        json.WriteStartArray(Removed(field));
        foreach (var name in removed)
            NamespaceJson.WriteName(json, name);
        json.WriteEndArray();
    }

    private static CatalogState ReadDifference(JsonElement json, string field, CatalogState from) => from.Restore(
        json.TryGetProperty(Removed(field), out var removed) ? removed.EnumerateArray().Select(NamespaceJson.ReadName) : [],
        json.GetProperty(field).EnumerateArray().Select(NamespaceJson.Read));

    private static string Removed(string field) => field + "-removed";
}
