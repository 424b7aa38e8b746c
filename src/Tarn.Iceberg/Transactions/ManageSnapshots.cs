using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>Moves the current snapshot and changes branches and tags. Operations are applied in order, each to the result of the one before.</summary>
public sealed class ManageSnapshots : MetadataUpdate
{
    private readonly List<Action<Draft>> operations = [];

    /// <summary>Makes an ancestor of the current snapshot current again.</summary>
    public ManageSnapshots RollbackTo(long snapshotId) => Then(d =>
    {
        Known(d, snapshotId);
        if (!d.Table.IsAncestor(snapshotId, d.Main))
            throw TarnException.Invalid($"The table cannot be rolled back to snapshot {snapshotId}: it is not an ancestor of the current one. Set it as current instead: EXECUTE set_current_snapshot({snapshotId}).");
        d.SetMain(snapshotId);
    });

    /// <summary>Makes the newest ancestor of the current snapshot that is older than the time current again.</summary>
    public ManageSnapshots RollbackToTime(DateTimeOffset time) => Then(d =>
    {
        var found = d.Table.Ancestors(d.Main).FirstOrDefault(s => s.TimestampMs < time.ToUnixTimeMilliseconds())
            ?? throw TarnException.Invalid($"The table cannot be rolled back to {time:O}: no snapshot in its history is older.");
        d.SetMain(found.SnapshotId);
    });

    /// <summary>Makes any known snapshot current.</summary>
    public ManageSnapshots SetCurrent(long snapshotId) => Then(d =>
    {
        Known(d, snapshotId);
        d.SetMain(snapshotId);
    });

    /// <summary>Creates a branch at a snapshot, by default the current one.</summary>
    public ManageSnapshots CreateBranch(string name, long? snapshotId = null) => Then(d => Create(d, name, snapshotId, SnapshotRefType.Branch));

    /// <summary>Creates a tag at a snapshot, by default the current one.</summary>
    public ManageSnapshots CreateTag(string name, long? snapshotId = null) => Then(d => Create(d, name, snapshotId, SnapshotRefType.Tag));

    /// <summary>Moves a branch to a snapshot, keeping its retention.</summary>
    public ManageSnapshots ReplaceBranch(string name, long snapshotId) => Then(d => Replace(d, name, snapshotId, SnapshotRefType.Branch));

    /// <summary>Moves a tag to a snapshot, keeping its retention.</summary>
    public ManageSnapshots ReplaceTag(string name, long snapshotId) => Then(d => Replace(d, name, snapshotId, SnapshotRefType.Tag));

    /// <summary>Creates a branch, or moves it when there is one.</summary>
    public ManageSnapshots CreateOrReplaceBranch(string name, long? snapshotId = null) => Then(d => CreateOrReplace(d, name, snapshotId, SnapshotRefType.Branch));

    /// <summary>Creates a tag, or moves it when there is one.</summary>
    public ManageSnapshots CreateOrReplaceTag(string name, long? snapshotId = null) => Then(d => CreateOrReplace(d, name, snapshotId, SnapshotRefType.Tag));

    /// <summary>Removes a branch; not <c>main</c>.</summary>
    public ManageSnapshots RemoveBranch(string name) => Then(d =>
    {
        if (name == Snapshot.MainBranch)
            throw TarnException.Invalid("Branch 'main' cannot be removed: it is the table.");
        Existing(d, name, SnapshotRefType.Branch);
        d.Refs.Remove(name);
    });

    /// <summary>Removes a tag.</summary>
    public ManageSnapshots RemoveTag(string name) => Then(d =>
    {
        Existing(d, name, SnapshotRefType.Tag);
        d.Refs.Remove(name);
    });

    /// <summary>Renames a branch; not <c>main</c>.</summary>
    public ManageSnapshots RenameBranch(string name, string newName) => Then(d =>
    {
        if (name == Snapshot.MainBranch)
            throw TarnException.Invalid("Branch 'main' cannot be renamed: it is the table.");
        var reference = Existing(d, name, SnapshotRefType.Branch);
        Free(d, newName);
        d.Refs.Remove(name);
        d.Refs[newName] = reference;
    });

    /// <summary>Moves a branch forward to where another branch or tag is; refused when the branch has snapshots of its own. A missing branch is created.</summary>
    public ManageSnapshots FastForward(string branch, string to) => Then(d =>
    {
        if (!d.Refs.TryGetValue(to, out var target))
            throw TarnException.Invalid($"Branch '{branch}' cannot be moved to '{to}': the table has no such branch or tag.");
        if (!d.Refs.TryGetValue(branch, out var present))
        {
            d.Refs[branch] = new SnapshotRef(target.SnapshotId, SnapshotRefType.Branch);
            return;
        }

        Existing(d, branch, SnapshotRefType.Branch);
        if (!d.Table.IsAncestor(present.SnapshotId, target.SnapshotId))
            throw TarnException.Invalid($"Branch '{branch}' cannot be fast-forwarded to '{to}': its snapshot {present.SnapshotId} is not an ancestor of {target.SnapshotId}.");
        d.Refs[branch] = present with { SnapshotId = target.SnapshotId };
    });

    /// <summary>Sets how many snapshots of a branch expiry keeps at least; null removes the rule.</summary>
    public ManageSnapshots SetMinSnapshotsToKeep(string branch, int? count) => Then(d => d.Refs[branch] = Existing(d, branch, SnapshotRefType.Branch) with { MinSnapshotsToKeep = count });

    /// <summary>Sets up to which age expiry keeps snapshots of a branch; null removes the rule.</summary>
    public ManageSnapshots SetMaxSnapshotAge(string branch, TimeSpan? age) =>
        Then(d => d.Refs[branch] = Existing(d, branch, SnapshotRefType.Branch) with { MaxSnapshotAgeMs = (long?)age?.TotalMilliseconds });

    /// <summary>Sets up to which age expiry keeps a branch or tag itself; null removes the rule.</summary>
    public ManageSnapshots SetMaxRefAge(string name, TimeSpan? age) => Then(d => d.Refs[name] = Existing(d, name, null) with { MaxRefAgeMs = (long?)age?.TotalMilliseconds });

    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current)
    {
        var draft = new Draft(current);
        foreach (var operation in operations)
            operation(draft);
        return
        [
            .. current.Refs.Keys.Where(name => !draft.Refs.ContainsKey(name)).Select(name => new TableUpdate.RemoveSnapshotRef(name)),
            .. draft.Refs.Where(r => current.Refs.GetValueOrDefault(r.Key) != r.Value).Select(r => new TableUpdate.SetSnapshotRef(r.Key, r.Value)),
        ];
    }

    private static void Known(Draft draft, long snapshotId)
    {
        if (draft.Table.FindSnapshot(snapshotId) is null)
            throw TarnException.Invalid($"The table has no snapshot {snapshotId}. It may have expired.");
    }

    private static SnapshotRef Existing(Draft draft, string name, SnapshotRefType? type)
    {
        if (!draft.Refs.TryGetValue(name, out var reference))
            throw TarnException.NotFound($"The table has no branch or tag '{name}'.");
        return type is null || reference.Type == type ? reference : throw TarnException.Invalid($"'{name}' is a {(reference.Type == SnapshotRefType.Tag ? "tag, not a branch" : "branch, not a tag")}.");
    }

    private static void Free(Draft draft, string name)
    {
        if (draft.Refs.TryGetValue(name, out var existing))
            throw TarnException.AlreadyExists($"The table already has a {(existing.Type == SnapshotRefType.Tag ? "tag" : "branch")} '{name}'.");
    }

    private static void Create(Draft draft, string name, long? snapshotId, SnapshotRefType type)
    {
        Free(draft, name);
        long id = snapshotId ?? draft.Main ?? throw TarnException.Invalid($"'{name}' cannot be created: the table has no snapshot yet.");
        Known(draft, id);
        draft.Refs[name] = new SnapshotRef(id, type);
    }

    private static void Replace(Draft draft, string name, long snapshotId, SnapshotRefType type)
    {
        var reference = Existing(draft, name, type);
        Known(draft, snapshotId);
        draft.Refs[name] = reference with { SnapshotId = snapshotId };
    }

    private static void CreateOrReplace(Draft draft, string name, long? snapshotId, SnapshotRefType type)
    {
        if (!draft.Refs.ContainsKey(name))
            Create(draft, name, snapshotId, type);
        else
            Replace(draft, name, snapshotId ?? draft.Main ?? throw TarnException.Invalid($"'{name}' cannot be moved: the table has no current snapshot."), type);
    }

    private ManageSnapshots Then(Action<Draft> operation)
    {
        operations.Add(operation);
        return this;
    }

    private sealed class Draft(TableMetadata table)
    {
        public TableMetadata Table { get; } = table;

        public SortedDictionary<string, SnapshotRef> Refs { get; } = new(table.Refs.ToDictionary(), StringComparer.Ordinal);

        public long? Main => Refs.TryGetValue(Snapshot.MainBranch, out var main) ? main.SnapshotId : null;

        public void SetMain(long snapshotId) => Refs[Snapshot.MainBranch] =
            Refs.TryGetValue(Snapshot.MainBranch, out var main) ? main with { SnapshotId = snapshotId } : new SnapshotRef(snapshotId, SnapshotRefType.Branch);
    }
}
