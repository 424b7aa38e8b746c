namespace Tarn.Access.Identities;

/// <summary>Rights that others may take on for a while.</summary>
public sealed record Role
{
    /// <summary>How long a session lasts at most unless the role says otherwise, as in AWS.</summary>
    public static readonly TimeSpan DefaultMaxSession = TimeSpan.FromHours(1);

    /// <summary>Unique, as <see cref="IdentityNames"/> allows.</summary>
    public required string Name { get; init; }

    /// <summary>64 hexadecimal digits; a role of the same name created later has others.</summary>
    public required string CanonicalId { get; init; }

    /// <summary>12 digits.</summary>
    public required string AccountId { get; init; }

    /// <summary>Who may assume it.</summary>
    public required string TrustPolicy { get; init; }

    /// <summary>Names of managed and canned policies attached to it.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Policies of its own, by name.</summary>
    public IReadOnlyDictionary<string, string> InlinePolicies { get; init; } = new Dictionary<string, string>();

    /// <summary>The longest session.</summary>
    public TimeSpan MaxSession { get; init; } = DefaultMaxSession;

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Sessions issued before are void; null when none were revoked.</summary>
    public DateTimeOffset? SessionsValidFrom { get; init; }

    /// <summary>Its ARN.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Arn => $"arn:aws:iam::{AccountId}:role/{Name}";
}
