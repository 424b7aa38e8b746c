using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tarn.Access;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Hive.Hosting;

/// <summary>Who a connection is.</summary>
/// <param name="Caller">Who; null when the connection may do nothing.</param>
/// <param name="Source">Where from.</param>
/// <param name="ConnectionId">Names the connection in the audit trail.</param>
/// <param name="Refusal">Why it may do nothing, and what to do; empty otherwise.</param>
internal sealed record HiveSession(Caller? Caller, IPAddress? Source, string ConnectionId, string Refusal = "");

/// <summary>Says who connections are, and gives them the catalog in that name.</summary>
/// <param name="warehouses">The catalogs.</param>
/// <param name="access">Identity.</param>
/// <param name="options">Whether connections without authentication are taken.</param>
internal sealed class HiveSessions(IWarehouses warehouses, IAccessControl access, HiveOptions options)
{
    // The protocol does not tell which program calls.
    private const string ClientName = "hive metastore client";

    private const string HowTo = "use SASL PLAIN with an access key and its secret";

    /// <summary>A connection that does not authenticate: on this machine it is the role for such, unless that is switched off.</summary>
    public async ValueTask<HiveSession> BeginAsync(IPAddress? source, string connectionId, CancellationToken cancellationToken)
    {
        if (!options.AllowsAnonymous)
            return Refused($"This metastore takes no connections without authentication (hive.anonymous is false): {HowTo}.");
        if (source is null || !IsLoopback(source))
            return Refused($"Connections from other machines have to authenticate: {HowTo}.");
        return await access.FindRoleAsync(HiveOptions.LocalRole, source.ToString(), cancellationToken).ConfigureAwait(false) is { } role
            ? new HiveSession(role, source, connectionId)
            : Refused($"Connections without authentication act as the role '{HiveOptions.LocalRole}', which does not exist: restart the server, or {HowTo}.");

        HiveSession Refused(string reason) => new(null, source, connectionId, reason);
    }

    /// <summary>A connection that has given an access key and its secret.</summary>
    /// <returns>The session; or null, and what to tell the client.</returns>
    public async ValueTask<(HiveSession? Session, string Refusal)> AuthenticateAsync(PlainCredential credential, IPAddress? source, string connectionId, CancellationToken cancellationToken)
    {
        var wait = access.GetRefusal(source, credential.UserName);
        if (wait > TimeSpan.Zero)
            return (null, $"Too many wrong attempts; try again in {wait.TotalSeconds:0} s.");
        var found = await access.FindAccessKeyAsync(credential.UserName, null, cancellationToken).ConfigureAwait(false);
        bool isRight = found.Credential is { } known && IsEqual(known.Secret, credential.Password);
        access.RecordAuthentication(new AuthenticationAttempt(credential.UserName, isRight, source, isRight ? "" : "wrong access key or secret", connectionId));
        return isRight
            ? (new HiveSession(found.Credential!.Caller, source, connectionId), "")
            : (null, "The access key or its secret is wrong, or the key may not be used; 'tarn key list' shows those that may.");
    }

    /// <summary>The catalog in the name of a connection.</summary>
    /// <exception cref="TarnException">Unauthenticated: the connection may do nothing, or its access key may not be used any more.</exception>
    public async ValueTask<ICatalog> OpenAsync(HiveSession session, CancellationToken cancellationToken)
    {
        if (session.Caller is not { } caller)
            throw new TarnException(ErrorKind.Unauthenticated, session.Refusal);
        // Connections live for as long as clients; a key that is taken away must not.
        if (caller.AccessKeyId.Length > 0)
            caller = await FindAgainAsync(caller.AccessKeyId, cancellationToken).ConfigureAwait(false);
        return await warehouses.FindAsync(warehouses.DefaultWarehouse, new CatalogSession(caller, session.Source, session.ConnectionId) { Client = ClientName }, cancellationToken).ConfigureAwait(false)
            ?? throw new TarnException(ErrorKind.Unavailable, $"The warehouse '{warehouses.DefaultWarehouse}' is not there.");
    }

    private async ValueTask<Caller> FindAgainAsync(string accessKeyId, CancellationToken cancellationToken)
    {
        var found = await access.FindAccessKeyAsync(accessKeyId, null, cancellationToken).ConfigureAwait(false);
        string state = found.Status switch
        {
            AccessKeyStatus.Disabled => "is disabled, or its owner is",
            AccessKeyStatus.Expired => "has expired",
            _ => "does not exist any more",
        };
        return found.Credential?.Caller
            ?? throw new TarnException(ErrorKind.Unauthenticated, $"The access key '{accessKeyId}' of this connection {state}: connect again with another; 'tarn key list' shows those that may be used.");
    }

    private static bool IsLoopback(IPAddress source) => IPAddress.IsLoopback(source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source);

    // Hashes have one length, so that the comparison tells nothing of the secret's.
    private static bool IsEqual(string secret, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));
}
