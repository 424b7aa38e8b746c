using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Branches;

/// <summary>What became of something on a branch.</summary>
public enum BranchChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It was there, and is another now.</summary>
    Changed,

    /// <summary>It is there no more. A renamed table was dropped under one name and added under another.</summary>
    Dropped,
}

/// <summary>Something that one state of a catalog has other than an earlier one.</summary>
public sealed record BranchChange
{
    /// <summary>The namespace, or the one that it is in.</summary>
    public required Namespace Namespace { get; init; }

    /// <summary>Name of the table or view; null for the namespace itself.</summary>
    public string? Name { get; init; }

    /// <summary>What happened.</summary>
    public required BranchChangeKind Change { get; init; }

    /// <summary>What it is, or was: <c>namespace</c>, <c>table</c>, <c>view</c> or <c>table of another format</c>.</summary>
    public string Kind => (After ?? Before)?.Kind ?? "namespace";

    /// <summary>Namespace and name, joined by dots.</summary>
    public string FullName => Name is null ? Namespace.ToString() : $"{Namespace}.{Name}";

    /// <summary>The object before, if there was one.</summary>
    internal CatalogObject? Before { get; init; }

    /// <summary>The object after, if there is one.</summary>
    internal CatalogObject? After { get; init; }

    /// <summary>Of a namespace: its properties after, if it is there.</summary>
    internal ImmutableSortedDictionary<string, string>? Properties { get; init; }

    internal (Namespace Namespace, string? Name) Key => (Namespace, Name);

    /// <summary>Whether two sides, coming from the same state, did the same.</summary>
    internal bool IsSame(BranchChange other) => (After, other.After) switch
    {
        ({ } one, { } two) => one.IsSame(two),
        (null, null) => Properties is null ? other.Properties is null : other.Properties is not null && Properties.SequenceEqual(other.Properties),
        _ => false,
    };
}
