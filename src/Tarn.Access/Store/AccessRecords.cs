using System.Collections.Immutable;

namespace Tarn.Access.Store;

/// <summary>Name of a document.</summary>
/// <param name="Kind">What it describes: <c>user</c>, <c>key</c>, <c>policy</c> …</param>
/// <param name="Name">Unique within its kind; compared ordinally.</param>
public sealed record AccessRecordKey(string Kind, string Name) : IComparable<AccessRecordKey>
{
    /// <summary>Ordinal, by kind, then by name.</summary>
    public int CompareTo(AccessRecordKey? other) => other is null ? 1 : string.CompareOrdinal(Kind, other.Kind) is var order && order != 0 ? order : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} '{Name}'";
}

/// <summary>All documents at one moment. Immutable; a document that did not change stays the same object from version to version.</summary>
/// <param name="Version">Grows with every change of any document; 0 before the first.</param>
/// <param name="Documents">JSON objects by name.</param>
public sealed record AccessRecords(long Version, ImmutableSortedDictionary<AccessRecordKey, string> Documents)
{
    /// <summary>Before the first change.</summary>
    public static AccessRecords Empty { get; } = new(0, ImmutableSortedDictionary<AccessRecordKey, string>.Empty);

    /// <summary>After some changes.</summary>
    public AccessRecords Apply(long version, AccessRecordChange change) => new(
        version,
        change.Document is null ? Documents.Remove(change.Key) : Documents.SetItem(change.Key, change.Document));
}

/// <summary>A change of one document.</summary>
/// <param name="Key">Which.</param>
/// <param name="Document">A JSON object in one line: what it is from now on; null removes it. Removing a document that is not there is no error.</param>
public sealed record AccessRecordChange(AccessRecordKey Key, string? Document);
