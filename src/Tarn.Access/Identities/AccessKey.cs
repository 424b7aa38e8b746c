namespace Tarn.Access.Identities;

/// <summary>A lasting key of a user. With a policy of its own it is a service account: it may do what both its owner and the policy allow.</summary>
public sealed record AccessKey
{
    /// <summary>The public half.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the owner.</summary>
    public required string User { get; init; }

    /// <summary>The secret half, sealed under the master key.</summary>
    public required string Secret { get; init; }

    /// <summary>What it is for, in the owner's words; null when nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>A policy that narrows what its owner may do; null when it may do the same.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether it does not work for now.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>From when on it does not work any more, UTC; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether it follows the environment variables of the server.</summary>
    public bool IsFromEnvironment { get; init; }

    /// <summary>Whether it was drawn for root by a start that has not shown it to anybody yet.</summary>
    public bool IsUnshown { get; init; }
}
