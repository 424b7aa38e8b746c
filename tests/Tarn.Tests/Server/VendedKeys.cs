using System.Text.Json;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>Temporary keys that came with a table.</summary>
internal static class VendedKeys
{
    /// <summary>Key, secret and session token in the answer to loading, creating or staging a table.</summary>
    public static (string Id, string Secret, string Session) PropertiesOf(JsonElement table)
    {
        var credential = table.GetProperty("storage-credentials")[0].GetProperty("config");
        return (credential.GetProperty("s3.access-key-id").GetString()!, credential.GetProperty("s3.secret-access-key").GetString()!, credential.GetProperty("s3.session-token").GetString()!);
    }

    /// <summary>A client that uses them.</summary>
    public static S3Client Of(RunningServer server, JsonElement table)
    {
        var (id, secret, session) = PropertiesOf(table);
        return new S3Client(server.Listeners["s3"], id, secret, session);
    }
}
