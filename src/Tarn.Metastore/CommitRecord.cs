namespace Tarn.Metastore;

/// <summary>A commit as it stands in the log; it never changes.</summary>
/// <param name="Number">Position in the log, from 1, without gaps.</param>
/// <param name="Time">When it was made, UTC; never earlier than the commit before.</param>
/// <param name="Principal">Who made it.</param>
/// <param name="Branch">Branch of the whole catalog that it changes; <c>main</c> is the only one so far.</param>
/// <param name="Changes">What it changes, all at once, in order.</param>
public sealed record CommitRecord(long Number, DateTimeOffset Time, string Principal, string Branch, IReadOnlyList<CatalogChange> Changes);

/// <summary>A commit to be made.</summary>
/// <param name="Principal">Who makes it.</param>
/// <param name="Conditions">What must hold in the state that it changes, checked in the same step.</param>
/// <param name="Changes">What to change; at least one.</param>
public sealed record CommitRequest(string Principal, IReadOnlyList<CommitCondition> Conditions, IReadOnlyList<CatalogChange> Changes)
{
    /// <summary>The branch that everything is on so far.</summary>
    public const string MainBranch = "main";

    /// <summary>Branch of the whole catalog to change.</summary>
    public string Branch { get; init; } = MainBranch;
}
