using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Branches;

/// <summary>
/// The three-way merge of two states that came from one. What only one side changed is taken from it, what both changed alike is left as it is, and anything else
/// is a conflict. Metadata of tables is never looked into: pointers move, and a table that both sides wrote to is a conflict.
/// </summary>
/// <param name="common">The state that both came from.</param>
/// <param name="source">The state whose changes are taken.</param>
/// <param name="target">The state that gets them.</param>
/// <param name="sourceName">Name of the source, for messages.</param>
/// <param name="targetName">Name of the target, for messages.</param>
internal sealed class BranchMerge(CatalogState common, CatalogState source, CatalogState target, string sourceName, string targetName)
{
    private readonly List<BranchChange> _taken = [];
    private readonly List<BranchConflict> _conflicts = [];

    /// <summary>Changes of the source.</summary>
    public IReadOnlyList<BranchChange> OfSource { get; } = [.. BranchDifference.Between(common, source)];

    /// <summary>Changes of the target.</summary>
    public IReadOnlyList<BranchChange> OfTarget { get; } = [.. BranchDifference.Between(common, target)];

    /// <summary>Changes of the source that the target does not have yet.</summary>
    public IReadOnlyList<BranchChange> Taken => _taken;

    /// <summary>What cannot be merged; empty when all can.</summary>
    public IReadOnlyList<BranchConflict> Conflicts => _conflicts;

    /// <summary>Compares the two sides.</summary>
    public BranchMerge Run()
    {
        var here = OfTarget.ToDictionary(c => c.Key);
        foreach (var change in OfSource)
        {
            if (!here.TryGetValue(change.Key, out var other))
                _taken.Add(change);
            else if (!change.IsSame(other))
                _conflicts.Add(new BranchConflict(change, other, $"{change.Kind} '{change.FullName}' was {Word(change)} on {sourceName} and {Word(other)} on {targetName}"));
        }

        foreach (var change in _taken)
            FindStructural(change, here);
        return this;
    }

    /// <summary>The changes of one commit to the target.</summary>
    /// <param name="retention">How long what they drop under a name can be brought back, and what becomes of its files.</param>
    public IReadOnlyList<CatalogChange> Changes(Func<TableIdentifier, Retention?> retention)
    {
        var renamed = Renames();
        var objects = _taken.Where(c => c.Name is not null).ToList();
        return
        [
            .. _taken.Where(c => c.Name is null && c.Properties is not null).Select(c => new CatalogChange.PutNamespace(c.Namespace, c.Properties!)),
            .. renamed.Select(r => r.From.Before!.Rename(r.To.After!.Name)),
            .. objects.Where(c => IsGone(Before(c), c) && renamed.TrueForAll(r => r.From != c)).Select(c => Before(c)!.Drop(IsElsewhere(c) ? null : retention(Before(c)!.Name))),
            .. objects.Where(c => c.After is not null && !renamed.Exists(r => r.To == c && r.From.Before!.IsSame(c.After))).Select(c => c.After!.Put(target)),
            .. _taken.Where(c => c.Name is null && c.Properties is null).Reverse().Select(c => new CatalogChange.DropNamespace(c.Namespace)),
        ];
    }

    /// <summary>What must still hold of the target for these changes. A namespace that is not there has nothing in it: that it still is not says all of its tables.</summary>
    public IEnumerable<CommitCondition> Conditions() =>
        from change in _taken
        where change.Name is null || target.FindNamespace(change.Namespace) is not null
        select change.Name is null
            ? new CommitCondition.NamespaceIs(change.Namespace, target.FindNamespace(change.Namespace)?.Properties)
            : Before(change)?.IsThere() ?? new CommitCondition.TableIs(new TableIdentifier(change.Namespace, change.Name), null);

    /// <summary>What the target gets by another metadata file than it has now; a name that only moves keeps its own.</summary>
    public IEnumerable<CatalogObject> Moved()
    {
        var present = _taken.Where(c => c.Name is not null).Select(c => Before(c)?.MetadataLocation).ToHashSet(StringComparer.Ordinal);
        return _taken.Select(c => c.After).OfType<CatalogObject>().Where(o => o.MetadataLocation is not null && !present.Contains(o.MetadataLocation));
    }

    private static string Word(BranchChange change) => change.Change switch
    {
        BranchChangeKind.Added => "added",
        BranchChangeKind.Changed => "changed",
        _ => "dropped",
    };

    private CatalogObject? Before(BranchChange change) => CatalogObject.Find(target, new TableIdentifier(change.Namespace, change.Name!));

    // Dropped, or something else has its name now: another table, or a view in the place of a table.
    private static bool IsGone(CatalogObject? before, BranchChange change) => before is not null && (change.After is null || change.After.IsAnother(before));

    // What is dropped under one name and put under another is not gone.
    private bool IsElsewhere(BranchChange change) => Before(change)?.Uuid is { } uuid && _taken.Exists(c => c.Key != change.Key && c.After?.Uuid == uuid);

    // A table that has only got another name keeps what the target knows of it. One name may take the place of another that moved: then it is dropped and put.
    private List<(BranchChange From, BranchChange To)> Renames() =>
    [
        .. from gone in _taken
           where gone.Before?.Uuid is not null && IsGone(gone.Before, gone)
           let found = _taken.Where(c => c.Change == BranchChangeKind.Added && c.After?.Uuid == gone.Before!.Uuid && c.After!.Kind == gone.Before.Kind).ToList()
           where found.Count == 1 && Before(found[0]) is null
           select (gone, found[0]),
    ];

    private void FindStructural(BranchChange change, Dictionary<(Namespace Namespace, string? Name), BranchChange> here)
    {
        if (change is { Name: null, Properties: null })
        {
            if (here.Values.FirstOrDefault(c => c.Change != BranchChangeKind.Dropped && IsInside(c, change.Namespace)) is { } inside)
                _conflicts.Add(new BranchConflict(change, inside, $"namespace '{change.Namespace}' was dropped on {sourceName}, and {inside.Kind} '{inside.FullName}' in it was {Word(inside)} on {targetName}"));
            return;
        }

        if (change.Change == BranchChangeKind.Dropped)
            return;
        for (var above = change.Name is null ? change.Namespace.Parent : change.Namespace; !above.IsRoot; above = above.Parent)
        {
            if (here.TryGetValue((above, null), out var gone) && gone.Change == BranchChangeKind.Dropped)
            {
                _conflicts.Add(new BranchConflict(change, gone, $"{change.Kind} '{change.FullName}' was {Word(change)} on {sourceName}, and its namespace '{above}' was dropped on {targetName}"));
                return;
            }
        }

        // The same table under two new names: which one is it called?
        if (change.After?.Uuid is { } uuid && here.Values.FirstOrDefault(c => c.Change == BranchChangeKind.Added && c.After?.Uuid == uuid && c.Key != change.Key && c.Kind == change.Kind) is { } twin)
            _conflicts.Add(new BranchConflict(change, twin, $"{change.Kind} '{change.FullName}' of {sourceName} is called '{twin.FullName}' on {targetName}"));
    }

    private static bool IsInside(BranchChange change, Namespace name) =>
        change.Namespace.Levels.Count >= name.Levels.Count + (change.Name is null ? 1 : 0) && change.Namespace.Levels.Take(name.Levels.Count).SequenceEqual(name.Levels, StringComparer.Ordinal);
}

/// <summary>Something that two branches did not do alike.</summary>
/// <param name="Source">What the source did.</param>
/// <param name="Target">What the target did.</param>
/// <param name="Description">Both in words, without a full stop.</param>
public sealed record BranchConflict(BranchChange Source, BranchChange Target, string Description);
