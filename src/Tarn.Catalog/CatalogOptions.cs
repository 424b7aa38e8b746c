using Tarn.Core.Errors;

namespace Tarn.Catalog;

/// <summary>What a user sets about the catalog's doors.</summary>
public sealed class CatalogOptions
{
    /// <summary>How long an access token is good. One hour by default; clients fetch a new one before.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long temporary keys for the files of a table are good. One hour by default; clients renew them before.</summary>
    public TimeSpan CredentialLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a request to plan a scan waits for its first files before the client is asked to come again. 5 seconds by default; not every client comes again.</summary>
    public TimeSpan PlanningWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request with an <c>Idempotency-Key</c> may come again. 30 minutes by default.</summary>
    public TimeSpan IdempotencyKeyLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How clients reach the files of tables; null when they have to know by themselves.</summary>
    public ClientStorage? ClientStorage { get; init; }

    /// <summary>
    /// How long an idle connection is kept. One hour by default: Java clients do not repeat a POST on a connection that the server closed while it was idle.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Checks every value.</summary>
    /// <exception cref="TarnException">InvalidRequest, naming all that is wrong.</exception>
    public void Validate()
    {
        List<string> wrong = [];
        if (TokenLifetime < TimeSpan.FromMinutes(1) || TokenLifetime > TimeSpan.FromDays(1))
            wrong.Add($"token lifetime {TokenLifetime} is not between one minute and one day");
        if (CredentialLifetime < TimeSpan.FromMinutes(15) || CredentialLifetime > TimeSpan.FromHours(12))
            wrong.Add($"credential lifetime {CredentialLifetime} is not between 15 minutes and 12 hours");
        if (IdempotencyKeyLifetime < TimeSpan.FromMinutes(1) || IdempotencyKeyLifetime > TimeSpan.FromDays(1))
            wrong.Add($"idempotency key lifetime {IdempotencyKeyLifetime} is not between one minute and one day");
        if (KeepAlive < TimeSpan.FromSeconds(1))
            wrong.Add($"keep-alive {KeepAlive} is shorter than one second");
        if (wrong.Count > 0)
            throw TarnException.Invalid($"The settings of the catalog are wrong: {string.Join("; ", wrong)}.");
    }
}
