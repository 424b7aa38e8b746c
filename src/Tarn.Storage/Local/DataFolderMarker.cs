using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Storage.Local;

/// <summary>The content of <c>tarn.json</c>: <c>{"format-version":1,"warehouse-location":"s3://lake"}</c>. Unknown fields are allowed.</summary>
internal static class DataFolderMarker
{
    private const string VersionField = "format-version", WarehouseField = "warehouse-location";

    public static byte[] Write(string warehouse)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber(VersionField, DataFolder.FormatVersion);
            json.WriteString(WarehouseField, warehouse);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    public static string Read(ReadOnlyMemory<byte> content, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            int version = json.RootElement.GetProperty(VersionField).GetInt32();
            if (version > DataFolder.FormatVersion)
                throw TarnException.Unsupported($"The data folder has format version {version} ('{path}'), and this program knows versions up to {DataFolder.FormatVersion}: run it with the newer Tarn that wrote it, or choose another folder with --data.");
            if (version < 1)
                throw TarnException.Corrupted($"'{path}' says format version {version}, which never was; restore the file.");
            return json.RootElement.GetProperty(WarehouseField).GetString() ?? throw Damaged(path, null);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(path, error);
        }
    }

    private static TarnException Damaged(string path, Exception? cause) =>
        TarnException.Corrupted($"'{path}' is damaged: it must be a JSON object with '{VersionField}' and '{WarehouseField}'. Restore it; the tables themselves are untouched.", cause);
}
