namespace Tarn.Metastore;

/// <summary>A commit as it stands in the log; it never changes.</summary>
/// <param name="Number">Position in the log, from 1, without gaps.</param>
/// <param name="Time">When it was made, UTC; never earlier than the commit before.</param>
/// <param name="Principal">Who made it.</param>
/// <param name="At">The catalog that it changes.</param>
/// <param name="Changes">What it changes, all at once, in order.</param>
public sealed record CommitRecord(long Number, DateTimeOffset Time, string Principal, CatalogAddress At, IReadOnlyList<CatalogChange> Changes);

/// <summary>A commit to be made.</summary>
/// <param name="Principal">Who makes it.</param>
/// <param name="Conditions">What must hold in the state that it changes, checked in the same step.</param>
/// <param name="Changes">What to change; at least one.</param>
public sealed record CommitRequest(string Principal, IReadOnlyList<CommitCondition> Conditions, IReadOnlyList<CatalogChange> Changes)
{
    /// <summary>The catalog to change.</summary>
    public CatalogAddress At { get; init; } = CatalogAddress.Default;
}
