using System.Globalization;
using System.Text.Json;
using Tarn.Access.Sessions;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Spec;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>What a client is told about reaching the files of a table.</summary>
/// <param name="Config">Client properties.</param>
/// <param name="Grant">What the temporary keys in <paramref name="Config"/> open; null when there are none.</param>
internal sealed record TableAccess(IReadOnlyList<KeyValuePair<string, string>> Config, TableGrant? Grant = null)
{
    /// <summary>Nothing: the client knows by itself.</summary>
    public static TableAccess None { get; } = new([]);

    /// <summary>Where the storage is; nothing for files that are in no bucket.</summary>
    public static TableAccess ToStorage(RestCall call, TableMetadata metadata) =>
        call.Services.Options.ClientStorage is { } storage && metadata.Location.StartsWith("s3", StringComparison.Ordinal) ? new([.. storage.Properties(call.Request.Host)]) : None;

    // S3FileIO of Iceberg 1.9 refuses several entries ("only one S3 credential should exist"); before there were none, and later ones choose by prefix.
    private const string ClientOfOneEntry = "Apache Iceberg 1.9.";

    private bool TakesOneEntry { get; init; }

    /// <summary>With temporary keys.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="grant">What they open.</param>
    /// <param name="credential">The keys.</param>
    /// <param name="endpoint">Where they are renewed, relative to the address of the catalog.</param>
    public TableAccess With(RestCall call, TableGrant grant, TemporaryCredential credential, string endpoint) => new(
    [
        .. Config,
        new("s3.access-key-id", credential.AccessKeyId),
        new("s3.secret-access-key", credential.SecretAccessKey),
        new("s3.session-token", credential.SessionToken),
        new("s3.session-token-expires-at-ms", credential.Expiration.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
        new("client.refresh-credentials-endpoint", endpoint),
    ], grant) { TakesOneEntry = call.Request.Header("X-Client-Version")?.StartsWith(ClientOfOneEntry, StringComparison.Ordinal) == true };

    /// <summary>With requests that the catalog signs: under the names of the specification and those that clients of before 2026 know.</summary>
    /// <param name="catalog">Address under which the client reached the catalog.</param>
    /// <param name="endpoint">Where requests are signed, relative to it.</param>
    /// <param name="properties">What clients of the newer form, which know the address by themselves, send along with each request.</param>
    public TableAccess WithSigning(string catalog, string endpoint, IReadOnlyList<KeyValuePair<string, string>> properties) => new(
    [
        .. Config,
        new("s3.remote-signing-enabled", "true"),
        new("signer.uri", catalog),
        new("signer.endpoint", endpoint),
        new("s3.signer", "S3V4RestSigner"),
        new("s3.signer.uri", catalog),
        new("s3.signer.endpoint", endpoint),
    ]) { Signing = properties };

    /// <summary>What clients send along with each request that is to be signed (<c>RemoteSigningConfig</c>); null when none is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Signing { get; private init; }

    /// <summary>Writes <c>config</c>, <c>remote-signing-config</c> and <c>storage-credentials</c> (<c>LoadTableResult</c>).</summary>
    public void Write(Utf8JsonWriter json)
    {
        WriteProperties(json, "config", Config);
        if (Signing is not null)
        {
            json.WriteStartObject("remote-signing-config");
            WriteProperties(json, "properties", Signing);
            WriteProperties(json, "headers", []);
            json.WriteEndObject();
        }

        if (Grant is not null)
            WriteCredentials(json);
    }

    /// <summary>
    /// Writes <c>storage-credentials</c>: an entry for each folder, with the same keys, or one for all where the client takes no more; an empty list without keys. DuckDB uses one that stands alone for the location
    /// of the table and nothing else.
    /// </summary>
    public void WriteCredentials(Utf8JsonWriter json)
    {
        if (TakesOneEntry)
            WriteRenewed(json);
        else
            WriteCredentials(json, Grant?.Folders.Select(f => f.Prefix) ?? []);
    }

    /// <summary>The same for keys that are renewed: one entry for all folders. Java's clients refuse several, and take it for all that they were given before, as DuckDB does.</summary>
    public void WriteRenewed(Utf8JsonWriter json) => WriteCredentials(json, Grant is null ? [] : [Grant.Prefix]);

    private void WriteCredentials(Utf8JsonWriter json, IEnumerable<string> prefixes)
    {
        json.WriteStartArray("storage-credentials");
        foreach (string prefix in prefixes)
        {
            json.WriteStartObject();
            json.WriteString("prefix", prefix);
            WriteProperties(json, "config", Config);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, string>> properties)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in properties)
            json.WriteString(key, value);
        json.WriteEndObject();
    }
}
