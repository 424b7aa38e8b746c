namespace Tarn.Storage.Buckets;

/// <summary>How an object is deleted.</summary>
public sealed record ObjectDelete
{
    /// <summary>The version to remove for good; null to delete the key: a delete marker in a bucket with versioning, else removal.</summary>
    public string? VersionId { get; init; }

    /// <summary>Canonical id of who deletes, kept in a delete marker.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Whether governance retention may be passed over; the caller has checked the right to do so.</summary>
    public bool BypassesGovernance { get; init; }

    /// <summary>What must hold for the version (or the current one) in the moment of the deletion; null for nothing.</summary>
    public WriteCondition? Condition { get; init; }
}

/// <summary>What a deletion did. Deleting what is not there succeeds.</summary>
/// <param name="VersionId">The version that was removed, or the delete marker that was made; null when neither (no versioning, or nothing there).</param>
/// <param name="IsDeleteMarker">Whether a delete marker was made, or the removed version was one.</param>
/// <param name="HasRemoved">Whether a version was removed for good.</param>
public sealed record DeleteOutcome(string? VersionId, bool IsDeleteMarker, bool HasRemoved);
