using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Tables;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>
/// A table as answer (<c>LoadTableResult</c>, <c>CommitTableResponse</c>): the bytes of its metadata file stand between what the catalog adds, so that
/// nothing is lost of what another writer put there, and nothing is written twice.
/// </summary>
internal static class TableAnswer
{
    private const int TagBytes = 12;

    private static readonly ReadOnlyMemory<byte> s_null = "null"u8.ToArray();

    /// <summary>A table of the catalog.</summary>
    /// <param name="table">The table.</param>
    /// <param name="access">What the client is told about its files.</param>
    /// <param name="snapshots">Which snapshots its content shows.</param>
    public static RestAnswer Of(TableHandle table, TableAccess access, SnapshotMode snapshots = SnapshotMode.All)
    {
        var content = table.Content.IsEmpty ? TableMetadataJson.Write(table.Metadata) : table.Content;
        var head = Head(table.MetadataLocation);
        var tail = Tail(access);
        return new RestAnswer(StatusCodes.Status200OK, [head, content, tail])
        {
            EntityTag = Tag(table.MetadataLocation, snapshots, tail),
        };
    }

    /// <summary>A table that a commit is yet to create: it has no metadata file.</summary>
    public static RestAnswer Staged(TableMetadata metadata, TableAccess access) =>
        new(StatusCodes.Status200OK, [Head(null), TableMetadataJson.Write(metadata), Tail(access)]);

    /// <summary>The entity tag that a table has for this request.</summary>
    public static string TagOf(TableHandle table, TableAccess access, SnapshotMode snapshots) => Tag(table.MetadataLocation, snapshots, Tail(access));

    private static ReadOnlyMemory<byte> Head(string? metadataLocation)
    {
        ReadOnlyMemory<byte> location = metadataLocation is null ? s_null : JsonSerializer.SerializeToUtf8Bytes(metadataLocation, StringJson.Default.String);
        return (byte[])[.. "{\"metadata-location\":"u8, .. location.Span, .. ",\"metadata\":"u8];
    }

    // Everything behind the metadata: what clients need to reach the files.
    private static ReadOnlyMemory<byte> Tail(TableAccess access) => (byte[])[.. ","u8, .. RestAnswer.WriteObject(access.Write).Span[1..]];

    // Two answers have one tag only when all their bytes are equal (REST specification, "ETag").
    private static string Tag(string metadataLocation, SnapshotMode snapshots, ReadOnlyMemory<byte> tail)
    {
        byte[] hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(metadataLocation), (byte)snapshots, .. tail.Span]);
        return $"\"{Convert.ToHexStringLower(hash.AsSpan(0, TagBytes))}\"";
    }
}
