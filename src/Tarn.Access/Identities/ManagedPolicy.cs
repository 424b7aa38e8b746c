namespace Tarn.Access.Identities;

/// <summary>A policy with a name that users, groups and roles share.</summary>
public sealed record ManagedPolicy
{
    /// <summary>Unique, as <see cref="IdentityNames"/> allows; not the name of a canned policy.</summary>
    public required string Name { get; init; }

    /// <summary>The policy, kind <see cref="Policies.PolicyKind.Identity"/>.</summary>
    public required string Document { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTimeOffset Changed { get; init; }
}
