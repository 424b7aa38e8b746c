namespace Tarn.Access.Identities;

/// <summary>Users that share policies.</summary>
public sealed record Group
{
    /// <summary>Unique, as <see cref="IdentityNames"/> allows.</summary>
    public required string Name { get; init; }

    /// <summary>Names of its users.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Names of managed and canned policies attached to it.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Policies of its own, by name.</summary>
    public IReadOnlyDictionary<string, string> InlinePolicies { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset Created { get; init; }
}
