namespace Tarn.Access.Administration;

/// <summary>Kind of identity that policies are attached to.</summary>
public enum PolicyHolderKind
{
    /// <summary>A user.</summary>
    User,

    /// <summary>A group.</summary>
    Group,

    /// <summary>A role.</summary>
    Role,
}

/// <summary>An identity that policies are attached to.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
public readonly record struct PolicyHolder(PolicyHolderKind Kind, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}/{Name}";
}
