namespace Tarn.Access.Identities;

/// <summary>The installation's own account.</summary>
public sealed record Account
{
    /// <summary>12 digits, drawn at first start.</summary>
    public required string Id { get; init; }

    /// <summary>The key that seals session tokens, itself sealed under the master key.</summary>
    public required string SessionKey { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset Created { get; init; }
}
