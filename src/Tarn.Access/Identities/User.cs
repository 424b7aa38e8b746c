namespace Tarn.Access.Identities;

/// <summary>A user: a person or a program that owns keys.</summary>
public sealed record User
{
    /// <summary>Name of the user that may do everything.</summary>
    public const string RootName = "root";

    /// <summary>Unique, as <see cref="IdentityNames"/> allows.</summary>
    public required string Name { get; init; }

    /// <summary>64 hexadecimal digits; a user of the same name created later has others.</summary>
    public required string CanonicalId { get; init; }

    /// <summary>12 digits. Users of another account than the installation's own reach only what is theirs or granted by a resource policy.</summary>
    public required string AccountId { get; init; }

    /// <summary>Name for people; null for <see cref="Name"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether none of its keys works for now.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Names of managed and canned policies attached to it.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Policies of its own, by name.</summary>
    public IReadOnlyDictionary<string, string> InlinePolicies { get; init; } = new Dictionary<string, string>();

    /// <summary>Sealed verifier of its password (<see cref="Secrets.PasswordVerifier"/>); null when it has none.</summary>
    public string? Password { get; init; }

    /// <summary>Temporary credentials issued before are void; null when none were revoked.</summary>
    public DateTimeOffset? SessionsValidFrom { get; init; }

    /// <summary>Its ARN.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Arn => IsRoot ? $"arn:aws:iam::{AccountId}:root" : $"arn:aws:iam::{AccountId}:user/{Name}";

    /// <summary>Whether it is the root of the installation.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsRoot => Name == RootName;
}
