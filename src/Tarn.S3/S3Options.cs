using Tarn.Core.Errors;
using Tarn.S3.Notifications;

namespace Tarn.S3;

/// <summary>What a user sets about the S3 door.</summary>
public sealed class S3Options
{
    /// <summary>Domains below which a host names a bucket (<c>bucket.domain</c>); requests to any other host are path style. None by default.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>The region that GetBucketLocation and new buckets report. Signatures for any region are accepted. <c>us-east-1</c> by default.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>How far the clock of a client may be from the server's. 15 minutes by default, as Amazon S3 has it.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long an idle connection is kept. One hour by default: Java clients do not repeat a POST on a connection that the server closed while it was idle.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where buckets may send their events. None by default.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];

    /// <summary>Signs what is sent to webhooks; null for no signature.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="TarnException">InvalidRequest, naming all that is wrong.</exception>
    public void Validate()
    {
        List<string> wrong = [];
        foreach (string domain in Domains)
        {
            if (Uri.CheckHostName(domain) == UriHostNameType.Unknown)
                wrong.Add($"domain '{domain}' is not a host name");
        }

        if (Region.Length == 0 || !Region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            wrong.Add($"region '{Region}' is not made of lower-case letters, digits and hyphens");
        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromDays(1))
            wrong.Add($"clock skew {ClockSkew} is not between zero and one day");
        if (KeepAlive < TimeSpan.FromSeconds(1))
            wrong.Add($"keep-alive {KeepAlive} is shorter than one second");
        foreach (var name in Webhooks.GroupBy(w => w.Name).Where(g => g.Count() > 1 || g.Key.Length == 0 || !g.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            wrong.Add($"webhook '{name.Key}' is named twice or not made of letters, digits, hyphens and underscores");
        if (wrong.Count > 0)
            throw TarnException.Invalid($"The settings of the S3 door are wrong: {string.Join("; ", wrong)}.");
    }
}
